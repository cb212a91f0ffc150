import Crypto
import EventLog
import Foundation
import ServiceKit

/// The archive's own key for signing checkpoints (Ed25519), in the folder of keys: `checkpoint.key` for its owner only,
/// `checkpoint.pub` for everybody who wants to check.
package struct CheckpointKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// Name of its files, which no peer may have.
    package static let name = "checkpoint"

    /// Reads the key of a folder. It is never made here: another signer is a change that people have to want, and others
    /// notice.
    /// - Throws: `HouseKeyError` or `KeyFileError`; a retry does not help.
    package init(folder: String) throws {
        let path = "\(folder)/\(Self.name).key"
        guard let bytes = Self.half("secret", of: try HouseKeyFile.read(path, .checkpoint)),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw HouseKeyError.noSigningKey(path: path) }
        self.key = key
    }

    /// Makes the key of a folder unless there is one, and writes down its public half where that is missing.
    /// - Throws: `HouseKeyError` or `KeyFileError`; a retry does not help.
    package static func makeIfAbsent(folder: String) throws -> CheckpointKey {
        let fresh = Curve25519.Signing.PrivateKey()
        do throws(KeyFileError) {
            try NewFile.write(
                text("secret", Array(fresh.rawRepresentation), note: "SECRET key: never hand this file out"),
                to: "\(folder)/\(name).key", mode: 0o600)
        } catch {
            // There was one, or somebody else made it a moment ago: that one counts.
            guard case .exists = error else { throw error }
        }
        let key = try CheckpointKey(folder: folder)
        let publicPath = "\(folder)/\(name).pub"
        if !FileManager.default.fileExists(atPath: publicPath) {
            try? NewFile.write(
                text("public", key.publicKey, note: "public key: give it to whoever keeps checkpoints"),
                to: publicPath, mode: 0o644)
        }
        return key
    }

    /// The public half, 32 bytes.
    package var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    /// Signs a checkpoint.
    package func sign(_ checkpoint: Checkpoint) throws -> SignedCheckpoint {
        let signature = try key.signature(for: Data(checkpoint.text.utf8))
        return SignedCheckpoint(checkpoint: checkpoint, signer: publicKey, signature: Array(signature))
    }

    /// Whether the signer named in a checkpoint signed it. Who the signer is, is for the caller to know.
    package static func isSigned(_ signed: SignedCheckpoint) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: signed.signer) else { return false }
        return key.isValidSignature(Data(signed.signature), for: Data(signed.checkpoint.text.utf8))
    }

    /// A public key as typed: its text, or the path of a file that holds it.
    package static func publicKey(_ typed: String) -> [UInt8]? {
        if let bytes = Base64.bytes(typed), bytes.count == 32 { return bytes }
        guard let data = FileManager.default.contents(atPath: typed), data.count < 4096 else { return nil }
        return half("public", of: Array(data))
    }

    private static func text(_ half: String, _ bytes: [UInt8], note: String) -> [UInt8] {
        Array("#   guanhuai checkpoints, Ed25519 \(note)\n\(half)-key \(Base64.text(bytes))\n".utf8)
    }

    private static func half(_ half: String, of bytes: [UInt8]) -> [UInt8]? {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(half + "-key ") }),
            let bytes = Base64.bytes(line.dropFirst(half.count + 5)), bytes.count == 32
        else { return nil }
        return bytes
    }
}

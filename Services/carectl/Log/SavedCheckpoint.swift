import EventLog
import Foundation
import ServiceKit
import ServiceWiring

/// Signed checkpoints in files.
enum SavedCheckpoint {
    /// Reads a checkpoint that somebody kept and checks who signed it.
    /// - Parameter signer: the public key that must have signed it.
    static func read(_ path: String, signer: [UInt8]) throws -> SignedCheckpoint {
        guard let signed = SignedCheckpoint(text: try text(of: path)) else {
            throw Failure(
                6210, UserText(zh: "\(path) 不是签名检查点", en: "\(path) is no signed checkpoint"), exit: .badData)
        }
        try check(signed, signer: signer)
        return signed
    }

    /// - Throws: `Failure` when the checkpoint is signed by somebody else, or by nobody.
    static func check(_ signed: SignedCheckpoint, signer: [UInt8]) throws {
        guard signed.signer == signer else {
            throw Failure(
                6211,
                UserText(
                    zh: "检查点的签名人是 \(Base64.text(signed.signer))，不是所要求的",
                    en: "the checkpoint is signed by \(Base64.text(signed.signer)), not by the one asked for"),
                exit: .problemsFound)
        }
        guard CheckpointKey.isSigned(signed) else {
            throw Failure(
                6212, UserText(zh: "检查点的签名不对，内容被改过", en: "the signature is wrong: the checkpoint was changed"),
                exit: .problemsFound)
        }
    }

    /// Those that the archive left beside a log's folder.
    static func stored(beside folder: String) -> StoredCheckpoints {
        let parent = URL(fileURLWithPath: folder).standardizedFileURL.deletingLastPathComponent().path
        let places = ["\(parent)/checkpoints", "\(folder)/checkpoints"]
        return StoredCheckpoints(folder: places.first { FileManager.default.fileExists(atPath: $0) } ?? places[0])
    }

    /// What is wrong with a stored one, and what to do.
    static func failure(_ flaw: StoredCheckpoints.Flaw) -> Failure {
        let advice = UserText(
            zh: "与别的部门保存的检查点核对：carectl log verify --checkpoint 文件",
            en: "compare with a checkpoint that others keep: carectl log verify --checkpoint FILE")
        switch flaw {
        case .damaged(let name):
            return Failure(
                6329,
                UserText(
                    zh: "存着的检查点 \(name) 损坏或被改过，签名不对",
                    en: "the stored checkpoint \(name) is damaged or was changed: its signature does not hold"),
                advice: advice, exit: .problemsFound)
        case .newestMissing:
            return Failure(
                6330,
                UserText(
                    zh: "检查点 newest 不见了，每日的还在", en: "the checkpoint newest is gone, those of the days are there"),
                advice: advice, exit: .problemsFound)
        case .newestOlder(let name):
            return Failure(
                6331,
                UserText(
                    zh: "检查点 newest 比 \(name) 还旧：被换成了从前的",
                    en: "the checkpoint newest is older than \(name): an earlier one was put back"),
                advice: advice, exit: .problemsFound)
        }
    }

    /// The public key that was typed, or the one in the key folder.
    static func signer(_ typed: String?, _ desk: Desk) async throws -> [UInt8] {
        let source: String
        if let typed {
            source = typed
        } else {
            source = "\(try await desk.configuration().keyFolder)/\(CheckpointKey.name).pub"
        }
        guard let key = CheckpointKey.publicKey(source) else {
            throw Failure(
                6213, UserText(zh: "\(source) 不是签名人的公钥", en: "\(source) is no public key of a signer"),
                advice: UserText(zh: "公钥在密钥目录的 checkpoint.pub 里", en: "it stands in checkpoint.pub of the key folder"),
                exit: .usage)
        }
        return key
    }

    /// A whole text file; - is standard input.
    static func text(of path: String) throws -> String {
        let data =
            path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: path)
        guard let data else {
            throw Failure(6214, UserText(zh: "读不到 \(path)", en: "cannot read \(path)"), exit: .usage)
        }
        return String(decoding: data, as: UTF8.self)
    }
}

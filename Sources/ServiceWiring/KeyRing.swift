import MessageBus
import ServiceKit
import ZeroMQ

/// A service's own key pair and the public keys of the services it talks to, from the folder of keys.
package struct KeyRing: Sendable {
    private let directory: String

    /// - Parameter directory: Where `<name>.key` (secret, for its owner only) and `<name>.pub` are.
    package init(directory: String) { self.directory = directory }

    /// The key pair of a peer.
    /// - Throws: `KeyFileError`; a retry does not help.
    package func pair(of name: String) throws -> CurveKeyPair {
        let path = "\(directory)/\(name).key"
        let stored = try CurveKeyFile.readPair(path)
        guard let secretKey = stored.secretKey.flatMap({ CurveSecretKey($0.text) })
        else { throw KeyFileError.malformed(path: path, line: 1) }
        return try CurveKeyPair(secretKey: secretKey)
    }

    /// The public key of a service.
    /// - Throws: `KeyFileError`; a retry does not help.
    package func publicKey(of name: String) throws -> CurvePublicKey {
        let path = "\(directory)/\(name).pub"
        guard let key = CurvePublicKey(try CurveKeyFile.readPublic(path).text) else {
            throw KeyFileError.malformed(path: path, line: 1)
        }
        return key
    }

    /// A service to connect to.
    package func endpoint(_ name: String, at address: String) throws -> ReactorConfiguration.Endpoint {
        ReactorConfiguration.Endpoint(address: address, serverKey: try publicKey(of: name))
    }
}

import CZeroMQ

/// How a socket protects its connections.
package enum SocketSecurity: Sendable {
    /// No encryption, no identity: in-process sockets and the ZAP handler only.
    case clear
    /// CURVE server: peers must know our public key, and their key must be on the list of the ZAP handler for `domain`.
    case curveServer(keys: CurveKeyPair, domain: String)
    /// CURVE client: talks only to the holder of `serverKey`.
    case curveClient(keys: CurveKeyPair, serverKey: CurvePublicKey)

    var isServer: Bool {
        if case .curveServer = self { true } else { false }
    }

    func apply(to socket: NativeSocket) throws(ZMQError) {
        switch self {
        case .clear:
            break
        case .curveServer(let keys, let domain):
            guard !domain.isEmpty else { throw .invalid("curveServer domain") }
            try socket.set(ZMQ_CURVE_SERVER, 1 as Int32, "curveServer")
            try socket.set(ZMQ_CURVE_SECRETKEY, bytes: keys.secretKey.z85, "curve secret key")
            try socket.set(ZMQ_ZAP_DOMAIN, bytes: Array(domain.utf8), "ZAP domain")
        case .curveClient(let keys, let serverKey):
            try socket.set(ZMQ_CURVE_SERVERKEY, bytes: serverKey.z85, "curve server key")
            try socket.set(ZMQ_CURVE_PUBLICKEY, bytes: keys.publicKey.z85, "curve public key")
            try socket.set(ZMQ_CURVE_SECRETKEY, bytes: keys.secretKey.z85, "curve secret key")
        }
    }
}

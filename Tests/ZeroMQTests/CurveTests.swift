import Testing

@testable import ZeroMQ

@Suite("CURVE and the key list", .timeLimit(.minutes(10)))
struct CurveTests {
    @Test("Keys survive their text and raw forms; texts that are not keys are refused")
    func keyForms() throws {
        let pair = try CurveKeyPair.generate()
        #expect(CurvePublicKey(pair.publicKey.text) == pair.publicKey)
        #expect(CurvePublicKey(raw: pair.publicKey.rawBytes) == pair.publicKey)
        let again = try CurveKeyPair(secretKey: pair.secretKey)
        #expect(again.publicKey == pair.publicKey)
        #expect(CurvePublicKey("too short") == nil)
        #expect(CurvePublicKey(String(repeating: "#", count: 40)) == nil)
        #expect(CurvePublicKey(String(repeating: "~", count: 40)) == nil)
        #expect(CurvePublicKey(raw: [1, 2, 3]) == nil)
    }

    @Test("The RFC 32 test vector reads and writes")
    func z85Vector() throws {
        // Test key of ZeroMQ RFC 32 / libzmq's curve documentation.
        let text = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
        let raw: [UInt8] = [
            0x8E, 0x0B, 0xDD, 0x69, 0x76, 0x28, 0xB9, 0x1D, 0x8F, 0x24, 0x55, 0x87, 0xEE, 0x95, 0xC5, 0xB0,
            0x4D, 0x48, 0x96, 0x3F, 0x79, 0x25, 0x98, 0x77, 0xB4, 0x9C, 0xD9, 0x06, 0x3A, 0xEA, 0xD3, 0xB7,
        ]
        #expect(CurvePublicKey(text)?.rawBytes == raw)
        #expect(CurvePublicKey(raw: raw)?.text == text)
    }

    @Test("A secret key shows itself only when asked by name")
    func secretStaysHidden() throws {
        let pair = try CurveKeyPair.generate()
        let text = pair.secretKey.withRevealedText { $0 }
        var dumped = ""
        dump(pair, to: &dumped)
        #expect(!dumped.contains(text))
        #expect(!"\(pair)".contains(text))
        #expect(!String(reflecting: pair.secretKey).contains(text))
    }

    @Test("The decision over a key list depends on mechanism, credentials, domain and key")
    func decisions() throws {
        let friend = try CurveKeyPair.generate().publicKey
        let stranger = try CurveKeyPair.generate().publicKey
        let list = ZAPAllowList(["archive": [friend]])
        func decide(_ mechanism: String, _ domain: String, _ credentials: [[UInt8]]) throws -> ZAPDecision {
            let head = ["1.0", "7", domain, "127.0.0.1", "", mechanism].map { Array($0.utf8) }
            return list.decide(try #require(ZAPRequest(frames: head + credentials)))
        }
        #expect(try decide("CURVE", "archive", [friend.rawBytes]) == .accept(friend))
        #expect(try decide("CURVE", "archive", [stranger.rawBytes]) == .refuse(.unknownKey))
        #expect(try decide("CURVE", "other", [friend.rawBytes]) == .refuse(.wrongDomain))
        #expect(try decide("NULL", "archive", []) == .refuse(.wrongMechanism))
        #expect(try decide("PLAIN", "archive", [[1], [2]]) == .refuse(.wrongMechanism))
        #expect(try decide("CURVE", "archive", [[1, 2]]) == .refuse(.malformedCredentials))
        #expect(try decide("CURVE", "archive", []) == .refuse(.malformedCredentials))
        #expect(ZAPRequest(frames: [[1]]) == nil)
    }

    @Test("A CURVE server does not bind while nobody checks keys")
    func noHandlerNoServer() throws {
        try withContext { context in
            let keys = try CurveKeyPair.generate()
            let server = try Socket(context, .router, testOptions(.curveServer(keys: keys, domain: "archive")))
            #expect(throws: ZMQError.self) { try server.bind("tcp://127.0.0.1:*") }
        }
    }

    @Test("A listed key is served, and its messages carry the key")
    func happyPath() throws {
        try withContext { context in
            let serverKeys = try CurveKeyPair.generate()
            let clientKeys = try CurveKeyPair.generate()
            var handler = try ZAPHandler(context, allowList: ZAPAllowList(["archive": [clientKeys.publicKey]]))
            let server = try Socket(context, .router, testOptions(.curveServer(keys: serverKeys, domain: "archive")))
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let security = SocketSecurity.curveClient(keys: clientKeys, serverKey: serverKeys.publicKey)
            let client = try Socket(context, .dealer, testOptions(security))
            let monitor = try client.monitor(.handshakes)
            try client.connect(endpoint)
            #expect(try serve(&handler, until: monitor) { _ in true } == .handshakeSucceeded)
            #expect(try client.send([42]) == .sent)
            var watch = SocketWatch()
            _ = try watch.add(server)
            let message = Message()
            while try !server.receive(into: message) { _ = try watch.wait(timeout: .seconds(5)) }
            try server.skipRest(of: message)
            let (key, address) = (message.authenticatedKey, message.metadata("Peer-Address"))
            #expect(key == clientKeys.publicKey)
            #expect(address == "127.0.0.1")
            let accepted = handler.accepted
            #expect(accepted == 1)
        }
    }

    @Test("A stranger with a fresh key, a client without encryption and a wrong server key are not served")
    func strangers() throws {
        try withContext { context in
            let serverKeys = try CurveKeyPair.generate()
            let strangerKeys = try CurveKeyPair.generate()
            let otherKeys = try CurveKeyPair.generate()
            var handler = try ZAPHandler(context, allowList: ZAPAllowList(["archive": [otherKeys.publicKey]]))
            let server = try Socket(context, .router, testOptions(.curveServer(keys: serverKeys, domain: "archive")))
            let endpoint = try server.bind("tcp://127.0.0.1:*")

            let stranger = try Socket(
                context, .dealer,
                testOptions(.curveClient(keys: strangerKeys, serverKey: serverKeys.publicKey)))
            let strangerMonitor = try stranger.monitor(.handshakes)
            try stranger.connect(endpoint)
            #expect(
                try serve(&handler, until: strangerMonitor) { _ in true }
                    == .handshakeFailedAuthentication(zapStatus: 400))
            let refused = handler.refused[.unknownKey] ?? 0
            #expect(refused >= 1)

            let clear = try Socket(context, .dealer, testOptions(.clear))
            let clearMonitor = try clear.monitor(.handshakes)
            try clear.connect(endpoint)
            let clearEnd = try serve(&handler, until: clearMonitor) { _ in true }
            #expect(clearEnd != .handshakeSucceeded)

            let misled = try Socket(
                context, .dealer, testOptions(.curveClient(keys: otherKeys, serverKey: otherKeys.publicKey)))
            let serverMonitor = try server.monitor(.handshakes)
            try misled.connect(endpoint)
            let misledEnd = try serve(&handler, until: serverMonitor) {
                if case .handshakeFailedProtocol = $0 { true } else { false }
            }
            #expect(misledEnd != .handshakeSucceeded)
            #expect(try server.receiveFrames() == nil)
        }
    }
}

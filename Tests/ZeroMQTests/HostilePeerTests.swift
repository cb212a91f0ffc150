import Testing

@testable import ZeroMQ

@Suite("Peers that misbehave", .timeLimit(.minutes(10)))
struct HostilePeerTests {
    @Test("A frame above the limit drops its sender, others go on")
    func oversized() throws {
        try withContext { context in
            var options = testOptions()
            options.maximumMessageBytes = 1_000
            let server = try Socket(context, .router, options)
            let monitor = try server.monitor(.endings)
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let big = try Socket(context, .dealer, testOptions())
            try big.connect(endpoint)
            let small = try Socket(context, .dealer, testOptions())
            try small.connect(endpoint)
            #expect(try big.send([UInt8](repeating: 1, count: 1_001)) == .sent)
            #expect(try wait(monitor) { $0 == .disconnected } == .disconnected)
            #expect(try small.send([UInt8](repeating: 2, count: 1_000)) == .sent)
            #expect(try receive(server)[1].count == 1_000)
        }
    }

    @Test("A peer that never finishes its handshake is dropped when the handshake interval is over")
    func halfOpen() throws {
        try withContext { context in
            var options = testOptions()
            options.handshakeInterval = .milliseconds(50)
            let server = try Socket(context, .router, options)
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let silent = RawConnection(endpoint)
            let halfGreeting = RawConnection(endpoint)
            halfGreeting.write([0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F])
            // Both reads end only when the server closes.
            _ = silent.readToEnd()
            _ = halfGreeting.readToEnd()
        }
    }

    @Test("Bytes that are not ZMTP do no harm")
    func garbage() throws {
        try withContext { context in
            var options = testOptions()
            options.handshakeInterval = .milliseconds(50)
            let server = try Socket(context, .router, options)
            let monitor = try server.monitor([.handshakes, .endings])
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let garbage = RawConnection(endpoint)
            garbage.write([UInt8](repeating: 0x55, count: 4_000))
            _ = try wait(monitor) { _ in true }
            let client = try Socket(context, .dealer, testOptions())
            try client.connect(endpoint)
            #expect(try client.send([1]) == .sent)
            while try receive(server).last != [1] {}
        }
    }

    @Test("Who is gone without a word is found by the kernels of both ends; libzmq itself sends no pings")
    func silence() throws {
        try withContext { context in
            var options = testOptions()
            options.silenceLimit = .seconds(8)
            let server = try Socket(context, .router, options)
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let client = try Socket(context, .dealer, options)
            try client.connect(endpoint)
            #expect(try client.send([1]) == .sent)
            _ = try receive(server)
            let ends = KernelWatch.onConnections(of: endpoint)
            let expected = KernelWatch(asks: 1, idleSeconds: 2, intervalSeconds: 2, count: 3, limitMilliseconds: 8_000)
            #expect(ends == [expected, expected])
            #expect(try server.native("silence").integer(KernelWatch.heartbeatInterval, "heartbeat") == 0)
            options.silenceLimit = .seconds(3)
            #expect(throws: ZMQError.self) { _ = try Socket(context, .dealer, options) }
        }
    }

    @Test("A monitor reports listening, accepting, the handshake and the loss of a connection")
    func monitorEvents() throws {
        try withContext { context in
            let server = try Socket(context, .router, testOptions())
            let monitor = try server.monitor()
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            #expect(try wait(monitor) { _ in true } == .listening)
            do {
                let client = try Socket(context, .dealer, testOptions())
                try client.connect(endpoint)
                #expect(try wait(monitor) { _ in true } == .accepted)
                #expect(try wait(monitor) { _ in true } == .handshakeSucceeded)
                client.close()
            }
            #expect(try wait(monitor) { _ in true } == .disconnected)
        }
    }

    @Test("Unbinding cuts the subscribers that had come in")
    func unbindCuts() throws {
        try withContext { context in
            let publisher = try Socket(context, .xpub, testOptions())
            let endpoint = try publisher.bind("tcp://127.0.0.1:*")
            let subscriber = try Socket(context, .sub, testOptions())
            let monitor = try subscriber.monitor([.endings, .handshakes])
            try subscriber.connect(endpoint)
            try subscriber.subscribe()
            #expect(try wait(monitor) { _ in true } == .handshakeSucceeded)
            try publisher.unbind(endpoint)
            // Cutting needs the publisher's own thread to go on working: libzmq asks it to let go of each connection.
            var end: SocketEvent?
            while end == nil {
                _ = try publisher.hasMessages()
                end = try monitor.next()
            }
            #expect(end?.what == .disconnected)
        }
    }
}

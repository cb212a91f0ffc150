import Glibc
import Testing

@testable import ZeroMQ

@Suite("Connections without a key", .timeLimit(.minutes(5)))
struct DoorkeeperTests {
    private static func one(
        _ descriptor: Int32, from origin: UInt64 = 1, _ stage: HalfOpenConnection.Stage = .silent, idle: UInt32 = 0
    ) -> HalfOpenConnection {
        HalfOpenConnection(
            descriptor: descriptor, origin: HalfOpenConnection.Origin(high: 0, low: origin), stage: stage,
            idleMilliseconds: idle)
    }

    @Test(
        "A quarter of the files, fewer when others need more than half of all, never none",
        arguments: [
            (1_024, 100, 256), (1_024, 512, 256), (1_024, 600, 168), (1_024, 1_000, 64), (20_000, 500, 1_024),
            (4, 3, 1),
        ])
    func bound(files: Int, others: Int, allowed: Int) {
        #expect(HalfOpenBound(files: files).allowed(besides: others) == allowed)
    }

    @Test("Of one origin whoever has not come as far goes first, then whoever waits longest")
    func order() {
        let connections = [
            Self.one(5, .greeted, idle: 9_000), Self.one(6, idle: 10), Self.one(7, idle: 300), Self.one(8, idle: 20),
        ]
        func ended(_ allowed: Int) -> [Int32] {
            HalfOpenBound.excess(of: connections, allowed: allowed).map(\.descriptor)
        }
        #expect(ended(4).isEmpty)
        #expect(ended(3) == [7])
        #expect(ended(1) == [7, 8, 6])
    }

    @Test("Many of one origin take no place from another")
    func shares() {
        let crowd = (10..<15).map { Self.one($0, from: 1, idle: 0) }
        let single = Self.one(3, from: 2, idle: 2_000)
        // One of two origins needs one of three places, so two are left for the other.
        let ended = HalfOpenBound.excess(of: crowd + [single], allowed: 3)
        #expect(ended.map(\.descriptor) == [10, 11, 12])
        // More origins than places: one each, and of these the newest.
        let each = (1...4).map { Self.one(Int32($0), from: UInt64($0), idle: UInt32($0) * 100) }
        #expect(HalfOpenBound.excess(of: each, allowed: 2).map(\.descriptor) == [4, 3])
    }

    @Test("TCP ports are read from addresses; others are not watched")
    func ports() {
        #expect(Doorkeeper.ports(of: ["tcp://127.0.0.1:5701", "tcp://[::]:5702", "inproc://a:1"]) == [5_701, 5_702])
    }

    @Test("Strangers beyond the bound are cut, long before their time is over; a peer with a key is not")
    func cutsStrangers() throws {
        try withContext { context in
            let serverKeys = try CurveKeyPair.generate()
            let clientKeys = try CurveKeyPair.generate()
            var handler = try ZAPHandler(context, allowList: ZAPAllowList(["archive": [clientKeys.publicKey]]))
            var options = testOptions(.curveServer(keys: serverKeys, domain: "archive"))
            options.handshakeInterval = .seconds(600)
            let server = try Socket(context, .router, options)
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let client = try Socket(
                context, .dealer, testOptions(.curveClient(keys: clientKeys, serverKey: serverKeys.publicKey)))
            let monitor = try client.monitor(.handshakes)
            try client.connect(endpoint)
            #expect(try serve(&handler, until: monitor) { _ in true } == .handshakeSucceeded)
            client.stopMonitor()

            let strangers = (0..<30).map { _ in
                let made = RawConnection(endpoint)
                return dup(made.descriptor)
            }
            defer { for stranger in strangers { close(stranger) } }
            // As if there were forty files: the bound is ten, and two when all others need more than there are.
            let doorkeeper = try Doorkeeper(endpoints: [endpoint], name: "door", files: 40)
            defer { doorkeeper.stop() }
            var watch = SocketWatch()
            _ = try watch.add(server)
            while doorkeeper.ended < 28 { _ = try watch.wait(timeout: .milliseconds(10)) }
            #expect(doorkeeper.ended == 28)
            #expect(try client.send([42]) == .sent)
            #expect(try receive(server).last == [42])
        }
    }

    @Test("Who is ended while its key is judged says what it has to say on its next connection")
    func saysItAgain() throws {
        try withContext { context in
            let serverKeys = try CurveKeyPair.generate()
            let clientKeys = try CurveKeyPair.generate()
            var handler = try ZAPHandler(context, allowList: ZAPAllowList(["archive": [clientKeys.publicKey]]))
            let server = try Socket(
                context, .router, testOptions(.curveServer(keys: serverKeys, domain: "archive")))
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            // As if there were four files: one place for those without a key.
            let doorkeeper = try Doorkeeper(endpoints: [endpoint], name: "door", files: 4)
            defer { doorkeeper.stop() }
            let options = testOptions(.curveClient(keys: clientKeys, serverKey: serverKeys.publicKey))
            for round in UInt8(0)..<25 {
                let one = try Socket(context, .dealer, options)
                let two = try Socket(context, .dealer, options)
                let before = doorkeeper.ended
                try one.connect(endpoint)
                try two.connect(endpoint)
                #expect(try one.send([round, 1]) == .sent)
                #expect(try two.send([round, 2]) == .sent)
                var watch = SocketWatch()
                _ = try watch.add(server)
                // Nobody judges keys until one of the two was ended; then at once, before libzmq has seen its end.
                while doorkeeper.ended == before { _ = try watch.wait(timeout: .milliseconds(1)) }
                var heard: Set<[UInt8]> = []
                while heard.count < 2 {
                    try handler.serve()
                    if let said = try server.receiveFrames()?.last { heard.insert(said) }
                    _ = try watch.wait(timeout: .milliseconds(1))
                }
                #expect(heard == [[round, 1], [round, 2]])
            }
        }
    }
}

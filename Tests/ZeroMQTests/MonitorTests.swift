import Glibc
import Testing

@testable import ZeroMQ

/// libzmq's own thread waits for room when it tells of an event; with nobody at the other end it would wait for ever.
@Suite("Monitors that end", .timeLimit(.minutes(5)))
struct MonitorTests {
    /// A connection as services hold it: given up as a whole, whatever it is doing.
    private final class Link {
        let socket: Socket
        let monitor: SocketMonitor
        let isStopped: Bool

        init(_ context: ZMQContext, _ endpoint: String, isStopped: Bool) throws {
            let opened = try Socket(context, .dealer, testOptions())
            monitor = try opened.monitor([.handshakes, .endings])
            try opened.connect(endpoint)
            socket = opened
            self.isStopped = isStopped
        }

        deinit { if isStopped { socket.stopMonitor() } }
    }

    @Test("Connections given up while a peer says nothing, or goes, leave the context working")
    func givenUp() throws {
        try withContext { context in
            // It takes connections, in the kernel, and never answers: like a process that is stopped.
            let silent = SilentListener()
            for round in 0..<300 {
                let link = try Link(context, silent.endpoint, isStopped: true)
                // Given up at once, or in the middle of the handshake.
                var watch = SocketWatch()
                _ = try watch.add(link.monitor.socket)
                if round % 3 != 0 { _ = try watch.wait(timeout: .milliseconds(round % 4)) }
                if round % 7 == 0 { silent.dropOne() }
            }
            let server = try Socket(context, .router, testOptions())
            let endpoint = try server.bind("tcp://127.0.0.1:*")
            let client = try Socket(context, .dealer, testOptions())
            try client.connect(endpoint)
            #expect(try client.send([7]) == .sent)
            var watch = SocketWatch()
            _ = try watch.add(server)
            var received: [[UInt8]]?
            let end = ContinuousClock.now + .seconds(20)
            while received == nil, .now < end {
                received = try server.receiveFrames()
                if received == nil { _ = try watch.wait(timeout: .seconds(1)) }
            }
            #expect(received?.last == [7])
        }
    }
}

/// A listening socket that never takes a connection up.
private struct SilentListener: ~Copyable {
    private let descriptor: Int32
    let endpoint: String

    init() {
        let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                #expect(bind(opened, $0, length) == 0 && listen(opened, 1_000) == 0)
                #expect(getsockname(opened, $0, &length) == 0)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        descriptor = opened
        endpoint = "tcp://127.0.0.1:\(port)"
    }

    /// Takes one connection and closes it.
    func dropOne() { close(accept(descriptor, nil, nil)) }

    deinit { close(descriptor) }
}

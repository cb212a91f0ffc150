import Foundation
import Glibc
import Testing

@testable import ZeroMQ

/// Bounds small enough for tests, protected by `security`.
func testOptions(_ security: SocketSecurity = .clear, highWaterMark: Int32 = 100) -> SocketOptions {
    var options = SocketOptions(
        sendHighWaterMark: highWaterMark, receiveHighWaterMark: highWaterMark, linger: .zero,
        maximumMessageBytes: 1 << 20, handshakeInterval: .seconds(5), security: security)
    options.reconnectInterval = .milliseconds(10)
    return options
}

/// Runs `body` with a fresh context and ends the context afterwards, which fails when a socket was left open.
func withContext(_ body: (ZMQContext) throws -> Void) throws {
    let context = try ZMQContext()
    try body(context)
    #expect(context.openSocketCount == 0)
    try context.terminate()
}

/// Waits for a message on `socket`; meanwhile answers authentication requests when there is a handler.
func receive(_ socket: borrowing Socket) throws -> [[UInt8]] {
    var watch = SocketWatch()
    _ = try watch.add(socket)
    while true {
        if let frames = try socket.receiveFrames() { return frames }
        _ = try watch.wait(timeout: .seconds(5))
    }
}

/// Answers authentication requests until `monitor` reports an event that `wanted` accepts.
func serve(
    _ handler: inout ZAPHandler, until monitor: borrowing SocketMonitor, _ wanted: (SocketEvent.What) -> Bool
) throws -> SocketEvent.What {
    var watch = SocketWatch()
    _ = try watch.add(handler.socket)
    _ = try watch.add(monitor.socket)
    while true {
        while let event = try monitor.next() {
            if wanted(event.what) { return event.what }
        }
        _ = try watch.wait(timeout: .seconds(5))
        try handler.serve()
    }
}

/// Waits until `monitor` reports an event that `wanted` accepts.
func wait(_ monitor: borrowing SocketMonitor, for wanted: (SocketEvent.What) -> Bool) throws -> SocketEvent.What {
    var watch = SocketWatch()
    _ = try watch.add(monitor.socket)
    while true {
        while let event = try monitor.next() {
            if wanted(event.what) { return event.what }
        }
        _ = try watch.wait(timeout: .seconds(5))
    }
}

/// A plain TCP connection to a loopback endpoint such as "tcp://127.0.0.1:5555": a peer that does not keep to ZMTP.
struct RawConnection: ~Copyable {
    let descriptor: Int32

    init(_ endpoint: String) {
        let port = endpoint.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        let opened = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        descriptor = opened
        #expect(connected == 0)
    }

    func write(_ bytes: [UInt8]) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads until the other side closes; returns how many bytes came.
    func readToEnd() -> Int {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var total = 0
        while true {
            let count = Glibc.recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return total }
            total += count
        }
    }

    deinit { close(descriptor) }
}

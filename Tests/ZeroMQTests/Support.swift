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

/// How the kernel watches over one end of a connection.
struct KernelWatch: Equatable {
    var asks: Int32
    var idleSeconds: Int32
    var intervalSeconds: Int32
    var count: Int32
    var limitMilliseconds: Int32

    /// libzmq's number for the interval of its own pings.
    static let heartbeatInterval: Int32 = 75

    /// Of each end that this process has of connections to a loopback endpoint.
    static func onConnections(of endpoint: String) -> [KernelWatch] {
        let port = endpoint.split(separator: ":").last.flatMap { UInt16($0) }
        return (Int32(0)..<1_024).compactMap { descriptor in
            // The listener has no peer.
            guard let peer = Self.port(of: descriptor, getpeername) else { return nil }
            guard peer == port || Self.port(of: descriptor, getsockname) == port else { return nil }
            // The kernel's numbers, from netinet/tcp.h: idle, interval, count, user timeout.
            return KernelWatch(
                asks: option(SOL_SOCKET, SO_KEEPALIVE, of: descriptor), idleSeconds: option(6, 4, of: descriptor),
                intervalSeconds: option(6, 5, of: descriptor), count: option(6, 6, of: descriptor),
                limitMilliseconds: option(6, 18, of: descriptor))
        }
    }

    private static func port(
        of descriptor: Int32,
        _ name: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(descriptor, $0, &length) }
        }
        guard found == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func option(_ level: Int32, _ name: Int32, of descriptor: Int32) -> Int32 {
        var value: Int32 = -1
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, level, name, &value, &length) == 0 ? value : -1
    }
}

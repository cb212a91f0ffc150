import CZeroMQ
import Glibc

/// One frame in libzmq's memory. Reusable for receiving; on sending libzmq takes the memory over without a copy, and
/// shares it among all subscribers of a PUB or XPUB.
///
/// Not `Sendable`: it belongs to the thread of the socket it is used with.
package struct Message: ~Copyable {
    // libzmq wants a stable address, which a Swift struct does not have.
    private let storage: UnsafeMutablePointer<zmq_msg_t>

    /// An empty frame to receive into.
    package init() {
        storage = .allocate(capacity: 1)
        zmq_msg_init(storage)
    }

    /// A frame of `byteCount` bytes that `initialize` fills, directly in the memory that will be sent.
    /// - Precondition: `initialize` writes every byte; libzmq does not clear the memory.
    package init(byteCount: Int, initializingWith initialize: (UnsafeMutableRawBufferPointer) -> Void) {
        storage = .allocate(capacity: 1)
        let failed = zmq_msg_init_size(storage, byteCount) != 0
        precondition(!failed, "Message.init: no memory for \(byteCount) bytes")
        initialize(UnsafeMutableRawBufferPointer(start: zmq_msg_data(storage), count: byteCount))
    }

    /// A frame with a copy of `bytes`.
    package init(_ bytes: [UInt8]) {
        self.init(byteCount: bytes.count) { target in
            bytes.withUnsafeBytes { target.copyMemory(from: $0) }
        }
    }

    /// Length in bytes.
    package var count: Int { zmq_msg_size(storage) }
    /// Whether another frame of the same message follows.
    package var hasMore: Bool { zmq_msg_more(storage) != 0 }
    /// The bytes, copied.
    package var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// The bytes without a copy, valid inside `body` only.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: zmq_msg_data(storage), count: zmq_msg_size(storage)))
    }

    /// What the handshake said about the sender, or `nil`: "User-Id" (set by our ZAP handler, not by the peer),
    /// "Peer-Address", "Socket-Type", or "X-…" that the peer announced itself.
    package func metadata(_ name: String) -> String? {
        zmq_msg_gets(storage, name).map { String(cString: $0) }
    }

    /// The key of the peer that sent this frame, as our ZAP handler authenticated it; `nil` on unprotected connections.
    package var authenticatedKey: CurvePublicKey? {
        guard let text = zmq_msg_gets(storage, "User-Id") else { return nil }
        let length = min(strlen(text), Z85.textLength + 1)
        return text.withMemoryRebound(to: UInt8.self, capacity: length) {
            CurvePublicKey(z85: UnsafeBufferPointer(start: $0, count: length))
        }
    }

    func receive(from socket: NativeSocket) throws(ZMQError) -> Bool { try socket.receive(storage) }

    func send(to socket: NativeSocket, more: Bool) throws(ZMQError) -> SendOutcome {
        try socket.send(storage, more: more)
    }

    deinit {
        zmq_msg_close(storage)
        storage.deallocate()
    }
}

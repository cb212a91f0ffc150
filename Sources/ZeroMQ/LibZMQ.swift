import CZeroMQ

/// The only place where libzmq's pointers are handled: thin, typed wrappers around its C functions.
///
/// Everything else in this module speaks of ``NativeSocket`` and ``Message`` and sees bytes only inside closures.
enum LibZMQ {
    static func errorText(_ code: Int32) -> String {
        guard let text = zmq_strerror(code) else { return "unknown error" }
        return String(cString: text)
    }

    static func makeCurveKeyPair() throws(ZMQError) -> (publicKey: [UInt8], secretKey: [UInt8]) {
        var publicText = [CChar](repeating: 0, count: Z85.textLength + 1)
        var secretText = [CChar](repeating: 0, count: Z85.textLength + 1)
        guard zmq_curve_keypair(&publicText, &secretText) == 0 else { throw .last("zmq_curve_keypair") }
        return (publicText.prefix(Z85.textLength).map(UInt8.init), secretText.prefix(Z85.textLength).map(UInt8.init))
    }

    static func publicKey(ofSecret secretText: [UInt8]) throws(ZMQError) -> [UInt8] {
        var publicText = [CChar](repeating: 0, count: Z85.textLength + 1)
        let secret = secretText.map { CChar(bitPattern: $0) } + [0]
        guard zmq_curve_public(&publicText, secret) == 0 else { throw .last("zmq_curve_public") }
        return publicText.prefix(Z85.textLength).map(UInt8.init)
    }
}

/// A libzmq context's pointer.
///
/// `@unchecked Sendable`: zmq.h promises that contexts are thread safe and may be shared by any number of threads.
struct NativeContext: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    init(ioThreads: Int32, maximumSockets: Int32) throws(ZMQError) {
        guard let made = zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        pointer = made
        guard zmq_ctx_set(made, ZMQ_IO_THREADS, ioThreads) == 0,
            zmq_ctx_set(made, ZMQ_MAX_SOCKETS, maximumSockets) == 0,
            zmq_ctx_set(made, ZMQ_BLOCKY, 0) == 0
        else { throw .last("zmq_ctx_set") }
    }

    func makeSocket(_ kind: SocketKind) throws(ZMQError) -> NativeSocket {
        guard let made = zmq_socket(pointer, kind.rawValue) else { throw .last("zmq_socket") }
        return NativeSocket(pointer: made)
    }

    func shutdown() {
        zmq_ctx_shutdown(pointer)
    }

    func terminate() throws(ZMQError) {
        while zmq_ctx_term(pointer) != 0 {
            guard zmq_errno() == EINTR else { throw .last("zmq_ctx_term") }
        }
    }
}

/// A libzmq socket's pointer. Not `Sendable`: it belongs to the thread of its ``Socket``.
struct NativeSocket {
    fileprivate let pointer: UnsafeMutableRawPointer

    func close() -> Bool { zmq_close(pointer) == 0 }

    func set(_ option: Int32, _ value: Int32, _ name: String) throws(ZMQError) {
        var value = value
        guard zmq_setsockopt(pointer, option, &value, MemoryLayout<Int32>.size) == 0 else { throw .last(name) }
    }

    func set(_ option: Int32, _ value: Int64, _ name: String) throws(ZMQError) {
        var value = value
        guard zmq_setsockopt(pointer, option, &value, MemoryLayout<Int64>.size) == 0 else { throw .last(name) }
    }

    func set(_ option: Int32, bytes: [UInt8], _ name: String) throws(ZMQError) {
        guard zmq_setsockopt(pointer, option, bytes, bytes.count) == 0 else { throw .last(name) }
    }

    func integer(_ option: Int32, _ name: String) throws(ZMQError) -> Int32 {
        var value: Int32 = 0
        var size = MemoryLayout<Int32>.size
        guard zmq_getsockopt(pointer, option, &value, &size) == 0 else { throw .last(name) }
        return value
    }

    /// The descriptor that becomes readable when something has changed for the socket.
    func signalDescriptor() throws(ZMQError) -> Int32 { try integer(ZMQ_FD, "descriptor") }

    func lastEndpoint() throws(ZMQError) -> String {
        var text = [UInt8](repeating: 0, count: 1024)
        var size = text.count
        guard zmq_getsockopt(pointer, ZMQ_LAST_ENDPOINT, &text, &size) == 0 else { throw .last("ZMQ_LAST_ENDPOINT") }
        return String(decoding: text.prefix(max(0, size - 1)), as: UTF8.self)
    }

    func bind(_ endpoint: String) throws(ZMQError) {
        guard zmq_bind(pointer, endpoint) == 0 else { throw .last("zmq_bind") }
    }

    func unbind(_ endpoint: String) throws(ZMQError) {
        guard zmq_unbind(pointer, endpoint) == 0 else { throw .last("zmq_unbind") }
    }

    func connect(_ endpoint: String) throws(ZMQError) {
        guard zmq_connect(pointer, endpoint) == 0 else { throw .last("zmq_connect") }
    }

    func disconnect(_ endpoint: String) throws(ZMQError) {
        guard zmq_disconnect(pointer, endpoint) == 0 else { throw .last("zmq_disconnect") }
    }

    func monitor(_ endpoint: String?, events: Int32) throws(ZMQError) {
        guard zmq_socket_monitor(pointer, endpoint, events) == 0 else { throw .last("zmq_socket_monitor") }
    }

    func send(copying bytes: UnsafeRawBufferPointer, more: Bool) throws(ZMQError) -> SendOutcome {
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        while zmq_send(pointer, bytes.baseAddress, bytes.count, flags) < 0 {
            if let outcome = try Self.outcomeOfFailedSend() { return outcome }
        }
        return .sent
    }

    /// On `.sent` libzmq has taken the content and `message` is empty; otherwise it is untouched.
    func send(_ message: UnsafeMutablePointer<zmq_msg_t>, more: Bool) throws(ZMQError) -> SendOutcome {
        let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
        while zmq_msg_send(message, pointer, flags) < 0 {
            if let outcome = try Self.outcomeOfFailedSend() { return outcome }
        }
        return .sent
    }

    /// `nil` when a signal interrupted the call and it is to be repeated.
    private static func outcomeOfFailedSend() throws(ZMQError) -> SendOutcome? {
        switch zmq_errno() {
        case EINTR: return nil
        case EAGAIN: return .wouldBlock
        case EHOSTUNREACH: return .hostUnreachable
        default: throw .last("zmq_msg_send")
        }
    }

    /// Whether a frame was there.
    func receive(_ message: UnsafeMutablePointer<zmq_msg_t>) throws(ZMQError) -> Bool {
        while zmq_msg_recv(message, pointer, ZMQ_DONTWAIT) < 0 {
            switch zmq_errno() {
            case EINTR: continue
            case EAGAIN: return false
            default: throw .last("zmq_msg_recv")
            }
        }
        return true
    }
}

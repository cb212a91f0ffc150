/// What a service sends; `ServerFrame` in Proto/care/v1/bus.proto.
enum ServerFrame: Sendable, Hashable {
    case reply(id: RequestID, BusReply)
    case pong(nonce: UInt64)
    case catchUp(CatchUpBatch)
    case subscriptionEnded(id: RequestID, BusReply, cursor: EncodedCursor)
    case farewell(BusReply)

    func encoded() -> [UInt8] {
        switch self {
        case .reply(let id, let reply):
            let size = reply.encodedSize + 18
            var writer = WireWriter(capacity: size + 16)
            writer.number(1, ClientFrame.protocolVersion)
            writer.message(2, size: size) { reply.write(id: id, to: &$0) }
            return writer.buffer
        case .pong(let nonce):
            return Self.small(3) { $0.number(1, nonce) }
        case .catchUp(let batch):
            let size = batch.encodedSize
            var writer = WireWriter(capacity: size + 16)
            writer.number(1, ClientFrame.protocolVersion)
            writer.message(4, size: size) { batch.write(to: &$0) }
            return writer.buffer
        case .subscriptionEnded(let id, let reply, let cursor):
            return Self.small(5) { writer in
                id.write(field: 1, to: &writer)
                writer.number(2, UInt64(reply.status.rawValue))
                writer.text(3, reply.code)
                writer.text(4, reply.textZH)
                writer.text(5, reply.textEN)
                writer.bytes(6, cursor.bytes)
            }
        case .farewell(let reply):
            return Self.small(6) { writer in
                writer.number(1, UInt64(reply.status.rawValue))
                writer.text(2, reply.code)
                writer.text(3, reply.textZH)
                writer.text(4, reply.textEN)
            }
        }
    }

    private static func small(_ field: UInt32, _ body: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter(capacity: 256)
        writer.number(1, ClientFrame.protocolVersion)
        writer.message(field, body)
        return writer.buffer
    }

    init(decoding bytes: [UInt8]) throws(FrameError) {
        var reader = WireReader(bytes)
        var version: UInt64 = 0
        var content: ServerFrame?
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): version = try reader.varint()
            case (2, .bytes):
                var inner = try reader.message()
                let (id, reply) = try BusReply.read(&inner)
                content = .reply(id: id, reply)
            case (3, .bytes):
                var inner = try reader.message()
                content = .pong(nonce: try inner.onlyNumber())
            case (4, .bytes):
                var inner = try reader.message()
                content = .catchUp(try CatchUpBatch(reading: &inner))
            case (5, .bytes):
                var inner = try reader.message()
                content = try Self.readEnd(&inner)
            case (6, .bytes):
                var inner = try reader.message()
                content = .farewell(try Self.readFarewell(&inner))
            default: try reader.skip(field.type)
            }
        }
        guard version == ClientFrame.protocolVersion else { throw .unsupportedVersion(version) }
        guard let content else { throw .unknownContent }
        self = content
    }

    private static func readEnd(_ reader: inout WireReader) throws(FrameError) -> ServerFrame {
        var id: RequestID?
        var reply = BusReply(status: .internal)
        var cursor = EncodedCursor.start
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): id = try reader.requestID()
            case (2, .varint): reply.status = BusStatus(wire: try reader.varint())
            case (3, .bytes): reply.code = try reader.text(atMost: BusReply.maximumTextBytes)
            case (4, .bytes): reply.textZH = try reader.text(atMost: BusReply.maximumTextBytes)
            case (5, .bytes): reply.textEN = try reader.text(atMost: BusReply.maximumTextBytes)
            case (6, .bytes): cursor = try reader.cursor()
            default: try reader.skip(field.type)
            }
        }
        guard let id else { throw .missingField }
        return .subscriptionEnded(id: id, reply, cursor: cursor)
    }

    private static func readFarewell(_ reader: inout WireReader) throws(FrameError) -> BusReply {
        var reply = BusReply(status: .internal)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): reply.status = BusStatus(wire: try reader.varint())
            case (2, .bytes): reply.code = try reader.text(atMost: BusReply.maximumTextBytes)
            case (3, .bytes): reply.textZH = try reader.text(atMost: BusReply.maximumTextBytes)
            case (4, .bytes): reply.textEN = try reader.text(atMost: BusReply.maximumTextBytes)
            default: try reader.skip(field.type)
            }
        }
        return reply
    }
}

extension BusStatus {
    /// A number of a later version counts as a fault of the service: not done, not to be repeated blindly.
    init(wire number: UInt64) {
        self = BusStatus(rawValue: UInt32(clamping: number)) ?? .internal
    }
}

extension BusReply {
    /// Longest code or text that is accepted.
    static let maximumTextBytes = 4_096

    /// Size without the id's field.
    var encodedSize: Int {
        2 + WireWriter.sizeOfBytesField(code.utf8.count) + WireWriter.sizeOfBytesField(textZH.utf8.count)
            + WireWriter.sizeOfBytesField(textEN.utf8.count) + WireWriter.sizeOfBytesField(body.count)
            + (retryAfterMilliseconds == 0 ? 0 : 1 + WireWriter.sizeOfVarint(UInt64(retryAfterMilliseconds)))
            + (attempt == 0 ? 0 : 1 + WireWriter.sizeOfVarint(attempt))
    }

    func write(id: RequestID, to writer: inout WireWriter) {
        id.write(field: 1, to: &writer)
        writer.number(2, UInt64(status.rawValue))
        writer.text(3, code)
        writer.text(4, textZH)
        writer.text(5, textEN)
        writer.bytes(6, body)
        writer.number(7, UInt64(retryAfterMilliseconds))
        writer.number(8, attempt)
    }

    static func read(_ reader: inout WireReader) throws(FrameError) -> (RequestID, BusReply) {
        var id: RequestID?
        var reply = BusReply(status: .internal)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): id = try reader.requestID()
            case (2, .varint): reply.status = BusStatus(wire: try reader.varint())
            case (3, .bytes): reply.code = try reader.text(atMost: maximumTextBytes)
            case (4, .bytes): reply.textZH = try reader.text(atMost: maximumTextBytes)
            case (5, .bytes): reply.textEN = try reader.text(atMost: maximumTextBytes)
            case (6, .bytes): reply.body = try reader.bytes()
            case (7, .varint): reply.retryAfterMilliseconds = UInt32(clamping: try reader.varint())
            case (8, .varint): reply.attempt = try reader.varint()
            default: try reader.skip(field.type)
            }
        }
        guard let id else { throw .missingField }
        return (id, reply)
    }
}

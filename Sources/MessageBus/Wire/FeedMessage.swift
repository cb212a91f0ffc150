/// What feed (a) carries between our own services; `FeedMessage` in Proto/care/v1/bus.proto.
enum FeedMessage: Sendable, Hashable {
    case frame(epoch: UInt64, FeedSegment)
    case heartbeat(epoch: UInt64, head: EncodedCursor)

    func encoded() -> [UInt8] {
        switch self {
        case .frame(let epoch, let segment):
            let size =
                (epoch == 0 ? 0 : 1 + WireWriter.sizeOfVarint(epoch))
                + WireWriter.sizeOfBytesField(segment.cursorBefore.bytes.count)
                + WireWriter.sizeOfBytesField(segment.cursorAfter.bytes.count) + segment.events.encodedSize
            var writer = WireWriter(capacity: size + 16)
            writer.number(1, ClientFrame.protocolVersion)
            writer.message(2, size: size) { writer in
                writer.number(1, epoch)
                writer.bytes(2, segment.cursorBefore.bytes)
                writer.bytes(3, segment.cursorAfter.bytes)
                for event in segment.events { event.write(field: 4, to: &writer) }
            }
            return writer.buffer
        case .heartbeat(let epoch, let head):
            var writer = WireWriter(capacity: 64)
            writer.number(1, ClientFrame.protocolVersion)
            writer.message(3) { writer in
                writer.number(1, epoch)
                writer.bytes(2, head.bytes)
            }
            return writer.buffer
        }
    }

    init(decoding bytes: [UInt8]) throws(FrameError) {
        var reader = WireReader(bytes)
        var version: UInt64 = 0
        var content: FeedMessage?
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): version = try reader.varint()
            case (2, .bytes):
                var inner = try reader.message()
                content = try Self.readFrame(&inner, bytes.count)
            case (3, .bytes):
                var inner = try reader.message()
                content = try Self.readHeartbeat(&inner)
            default: try reader.skip(field.type)
            }
        }
        guard version == ClientFrame.protocolVersion else { throw .unsupportedVersion(version) }
        guard let content else { throw .unknownContent }
        self = content
    }

    private static func readFrame(_ reader: inout WireReader, _ frameBytes: Int) throws(FrameError) -> FeedMessage {
        var epoch: UInt64 = 0
        var segment = FeedSegment(cursorBefore: .start, cursorAfter: .start, events: [])
        segment.events.reserveCapacity(frameBytes / 256)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): epoch = try reader.varint()
            case (2, .bytes): segment.cursorBefore = try reader.cursor()
            case (3, .bytes): segment.cursorAfter = try reader.cursor()
            case (4, .bytes):
                var inner = try reader.message()
                segment.events.append(try BusEvent(reading: &inner))
            default: try reader.skip(field.type)
            }
        }
        return .frame(epoch: epoch, segment)
    }

    private static func readHeartbeat(_ reader: inout WireReader) throws(FrameError) -> FeedMessage {
        var epoch: UInt64 = 0
        var head = EncodedCursor.start
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): epoch = try reader.varint()
            case (2, .bytes): head = try reader.cursor()
            default: try reader.skip(field.type)
            }
        }
        return .heartbeat(epoch: epoch, head: head)
    }
}

/// All events between two cursors, in order.
package struct FeedSegment: Sendable, Hashable {
    /// Where it begins.
    package var cursorBefore: EncodedCursor
    /// Where it ends.
    package var cursorAfter: EncodedCursor
    /// The events, oldest first.
    package var events: [BusEvent]

    /// A segment from its parts.
    package init(cursorBefore: EncodedCursor, cursorAfter: EncodedCursor, events: [BusEvent]) {
        self.cursorBefore = cursorBefore
        self.cursorAfter = cursorAfter
        self.events = events
    }
}

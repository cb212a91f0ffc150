/// A question to the log for everything after a cursor; `ReadAll` in Proto/care/v1/archive.proto.
package struct LogPageRequest: Sendable, Hashable {
    /// Where to go on.
    package var cursor: EncodedCursor
    /// At most about this many bytes of records; 0 = the log's default.
    package var maximumBytes: UInt32
    /// At most this many events; 0 = the log's default.
    package var maximumEvents: UInt32

    /// A question from its parts.
    package init(cursor: EncodedCursor, maximumBytes: UInt32 = 0, maximumEvents: UInt32 = 0) {
        self.cursor = cursor
        self.maximumBytes = maximumBytes
        self.maximumEvents = maximumEvents
    }

    /// The body of a `readAll` request.
    package func encoded() -> [UInt8] {
        var writer = WireWriter(capacity: 64)
        writer.bytes(1, cursor.bytes)
        writer.number(2, UInt64(maximumEvents))
        writer.number(3, UInt64(maximumBytes))
        return writer.buffer
    }

    /// Reads the body of a `readAll` request that asks for all kinds and categories.
    package init(decoding bytes: [UInt8]) throws(FrameError) {
        self.init(cursor: .start)
        var reader = WireReader(bytes)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): cursor = try reader.cursor()
            case (2, .varint): maximumEvents = UInt32(clamping: try reader.varint())
            case (3, .varint): maximumBytes = UInt32(clamping: try reader.varint())
            default: try reader.skip(field.type)
            }
        }
    }
}

/// What the log has after a cursor; `ReadAllReply` in Proto/care/v1/archive.proto.
package struct LogPage: Sendable, Hashable {
    /// The events, oldest first.
    package var events: [BusEvent]
    /// From where to go on.
    package var cursorAfter: EncodedCursor
    /// Whether the log had nothing more at that moment.
    package var atHead: Bool
    /// Whether the disk takes nothing at present.
    package var takesNoAppends = false

    /// A page from its parts.
    package init(events: [BusEvent], cursorAfter: EncodedCursor, atHead: Bool) {
        self.events = events
        self.cursorAfter = cursorAfter
        self.atHead = atHead
    }

    /// The body of the reply.
    package func encoded() -> [UInt8] {
        var writer = WireWriter(capacity: events.encodedSize + 64)
        for event in events { event.write(field: 1, to: &writer) }
        writer.bytes(2, cursorAfter.bytes)
        writer.flag(3, atHead)
        writer.flag(5, takesNoAppends)
        return writer.buffer
    }

    /// Reads the body of the reply.
    package init(decoding bytes: [UInt8]) throws(FrameError) {
        self.init(events: [], cursorAfter: .start, atHead: false)
        var reader = WireReader(bytes)
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes):
                var inner = try reader.message()
                events.append(try BusEvent(reading: &inner))
            case (2, .bytes): cursorAfter = try reader.cursor()
            case (3, .varint): atHead = try reader.varint() != 0
            case (5, .varint): takesNoAppends = try reader.varint() != 0
            default: try reader.skip(field.type)
            }
        }
    }
}

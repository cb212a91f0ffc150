/// Events of a catch-up subscription between two cursors.
package struct CatchUpBatch: Sendable, Hashable {
    /// The subscription.
    package var subscription: RequestID
    /// Where the batch begins.
    package var cursorBefore: EncodedCursor
    /// Where it ends; past everything that was left out.
    package var cursorAfter: EncodedCursor
    /// The events, oldest first.
    package var events: [BusEvent]
    /// Whether this was all there was.
    package var live: Bool
    /// The newest signed checkpoint of the log, when it is newer than the one that this subscription was sent before;
    /// otherwise empty.
    package var checkpoint: String

    /// A batch from its parts.
    package init(
        subscription: RequestID, cursorBefore: EncodedCursor, cursorAfter: EncodedCursor, events: [BusEvent],
        live: Bool, checkpoint: String = ""
    ) {
        self.subscription = subscription
        self.cursorBefore = cursorBefore
        self.cursorAfter = cursorAfter
        self.events = events
        self.live = live
        self.checkpoint = checkpoint
    }

    /// Longest checkpoint that is accepted, in bytes.
    private static let longestCheckpoint = 4_096

    /// Its price in credit: the bytes of its records.
    package var price: UInt64 { events.reduce(0) { $0 + UInt64($1.record.count) } }

    var encodedSize: Int {
        18 + WireWriter.sizeOfBytesField(cursorBefore.bytes.count)
            + WireWriter.sizeOfBytesField(cursorAfter.bytes.count) + events.encodedSize + (live ? 2 : 0)
            + WireWriter.sizeOfBytesField(checkpoint.utf8.count)
    }

    func write(to writer: inout WireWriter) {
        subscription.write(field: 1, to: &writer)
        writer.bytes(2, cursorBefore.bytes)
        writer.bytes(3, cursorAfter.bytes)
        for event in events { event.write(field: 4, to: &writer) }
        writer.flag(5, live)
        writer.text(6, checkpoint)
    }

    init(reading reader: inout WireReader) throws(FrameError) {
        var id: RequestID?
        var before = EncodedCursor.start
        var after = EncodedCursor.start
        var events: [BusEvent] = []
        var live = false
        var checkpoint = ""
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): id = try reader.requestID()
            case (2, .bytes): before = try reader.cursor()
            case (3, .bytes): after = try reader.cursor()
            case (4, .bytes):
                var inner = try reader.message()
                events.append(try BusEvent(reading: &inner))
            case (5, .varint): live = try reader.varint() != 0
            case (6, .bytes): checkpoint = try reader.text(atMost: Self.longestCheckpoint)
            default: try reader.skip(field.type)
            }
        }
        guard let id else { throw .missingField }
        self.init(
            subscription: id, cursorBefore: before, cursorAfter: after, events: events, live: live,
            checkpoint: checkpoint)
    }
}

extension [BusEvent] {
    /// Size as elements of a repeated field with a number below 16.
    var encodedSize: Int {
        reduce(0) { sum, event in
            let size = event.encodedSize
            return sum + 1 + WireWriter.sizeOfVarint(UInt64(size)) + size
        }
    }
}

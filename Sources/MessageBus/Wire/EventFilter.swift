/// Which events a subscription wants. Empty lists pick all; lists together pick what fits each of them.
package struct EventFilter: Sendable, Hashable {
    /// First words of stream names, such as `household`.
    package var categories: [String]
    /// Event types by number.
    package var kinds: [UInt32]
    /// Whole names of streams.
    package var streams: [String]
    /// Beginnings of division codes.
    package var divisions: [String]

    /// Everything the peer may see.
    package static let all = EventFilter()
    /// Most entries of each list that a service accepts.
    package static let maximumEntries = 256

    /// A filter from its lists.
    package init(
        categories: [String] = [], kinds: [UInt32] = [], streams: [String] = [], divisions: [String] = []
    ) {
        self.categories = categories
        self.kinds = kinds
        self.streams = streams
        self.divisions = divisions
    }

    func write(to writer: inout WireWriter) {
        for category in categories { writer.element(1, category) }
        if !kinds.isEmpty {
            writer.message(2) { inner in
                for kind in kinds { inner.varint(UInt64(kind)) }
            }
        }
        for stream in streams { writer.element(3, stream) }
        for division in divisions { writer.element(4, division) }
    }

    init(reading reader: inout WireReader) throws(FrameError) {
        self.init()
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .bytes): categories.append(try reader.text(atMost: 256))
            case (2, .varint): kinds.append(UInt32(truncatingIfNeeded: try reader.varint()))
            case (2, .bytes):
                var packed = try reader.message()
                while let kind = try packed.varintIfAny() { kinds.append(UInt32(truncatingIfNeeded: kind)) }
            case (3, .bytes): streams.append(try reader.text(atMost: 256))
            case (4, .bytes): divisions.append(try reader.text(atMost: 16))
            default: try reader.skip(field.type)
            }
            guard max(categories.count, kinds.count, streams.count, divisions.count) <= Self.maximumEntries else {
                throw .fieldTooLong
            }
        }
    }
}

extension WireReader {
    /// The next number of a packed list, or `nil` at its end.
    mutating func varintIfAny() throws(FrameError) -> UInt64? {
        isAtEnd ? nil : try varint()
    }
}

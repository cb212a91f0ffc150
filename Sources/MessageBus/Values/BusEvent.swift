/// An event as it crosses the bus: its place, its record's bytes and their hash, all opaque to the bus.
///
/// Slices share the memory of the frame or record they came from; nothing is copied per event.
package struct BusEvent: Sendable, Hashable {
    /// Place in the log.
    package var position: UInt64
    /// Bytes of a `StoredRecord`.
    package var record: ArraySlice<UInt8>
    /// Hash over `record`.
    package var hash: ArraySlice<UInt8>

    /// An event from its parts.
    package init(position: UInt64, record: ArraySlice<UInt8>, hash: ArraySlice<UInt8>) {
        self.position = position
        self.record = record
        self.hash = hash
    }

    /// An event from its parts.
    package init(position: UInt64, record: [UInt8], hash: [UInt8]) {
        self.init(position: position, record: record[...], hash: hash[...])
    }

    /// Length of the encoded `RecordedEvent`, without tag and length of the field that holds it.
    var encodedSize: Int {
        (position == 0 ? 0 : 1 + WireWriter.sizeOfVarint(position))
            + WireWriter.sizeOfBytesField(record.count) + WireWriter.sizeOfBytesField(hash.count)
    }

    func write(field: UInt32, to writer: inout WireWriter) {
        writer.tag(field, .bytes)
        writer.varint(UInt64(encodedSize))
        writer.number(1, position)
        writer.bytes(2, record)
        writer.bytes(3, hash)
    }

    init(reading reader: inout WireReader) throws(FrameError) {
        self.init(position: 0, record: [], hash: [])
        while let field = try reader.nextField() {
            switch (field.number, field.type) {
            case (1, .varint): position = try reader.varint()
            case (2, .bytes): record = try reader.slice()
            case (3, .bytes): hash = try reader.slice()
            default: try reader.skip(field.type)
            }
        }
    }
}

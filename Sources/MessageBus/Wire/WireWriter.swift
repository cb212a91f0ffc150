/// Writes protobuf fields in ascending order, default values left out, into one buffer.
///
/// The frames of the bus are written and read by hand, without one allocation per field (the generated types take half a
/// microsecond and several allocations per message). Tests hold both against each other.
struct WireWriter {
    private(set) var buffer: [UInt8] = []

    /// How a field's value is encoded.
    enum FieldType: UInt8 {
        case varint = 0
        case fixed64 = 1
        case bytes = 2
        case fixed32 = 5
    }

    init(capacity: Int) {
        buffer.reserveCapacity(capacity)
    }

    mutating func tag(_ number: UInt32, _ type: FieldType) {
        varint(UInt64(number) << 3 | UInt64(type.rawValue))
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(rest))
    }

    mutating func bigEndian(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// A number; nothing when it is 0.
    mutating func number(_ field: UInt32, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, .varint)
        varint(value)
    }

    mutating func flag(_ field: UInt32, _ value: Bool) {
        number(field, value ? 1 : 0)
    }

    /// Bytes; nothing when empty.
    mutating func bytes(_ field: UInt32, _ value: [UInt8]) {
        guard !value.isEmpty else { return }
        tag(field, .bytes)
        varint(UInt64(value.count))
        buffer.append(contentsOf: value)
    }

    /// Bytes; nothing when empty.
    mutating func bytes(_ field: UInt32, _ value: ArraySlice<UInt8>) {
        guard !value.isEmpty else { return }
        tag(field, .bytes)
        varint(UInt64(value.count))
        buffer.append(contentsOf: value)
    }

    /// Text; nothing when empty.
    mutating func text(_ field: UInt32, _ value: String) {
        guard !value.isEmpty else { return }
        tag(field, .bytes)
        varint(UInt64(value.utf8.count))
        buffer.append(contentsOf: value.utf8)
    }

    /// Text as an element of a repeated field, also when empty.
    mutating func element(_ field: UInt32, _ value: String) {
        tag(field, .bytes)
        varint(UInt64(value.utf8.count))
        buffer.append(contentsOf: value.utf8)
    }

    /// A message whose fields `body` writes, after `size` bytes of them were announced.
    mutating func message(_ field: UInt32, size: Int, _ body: (inout WireWriter) -> Void) {
        tag(field, .bytes)
        varint(UInt64(size))
        let begin = buffer.count
        body(&self)
        assert(buffer.count - begin == size, "WireWriter.message: \(buffer.count - begin) bytes, announced \(size)")
    }

    /// A message of unknown size: written apart, then copied. For small or rare messages.
    mutating func message(_ field: UInt32, _ body: (inout WireWriter) -> Void) {
        var inner = WireWriter(capacity: 128)
        body(&inner)
        tag(field, .bytes)
        varint(UInt64(inner.buffer.count))
        buffer.append(contentsOf: inner.buffer)
    }

    static func sizeOfVarint(_ value: UInt64) -> Int {
        (70 - value.leadingZeroBitCount) / 7 + (value == 0 ? 1 : 0)
    }

    /// Size of a bytes field with a number below 16; 0 when empty.
    static func sizeOfBytesField(_ count: Int) -> Int {
        count == 0 ? 0 : 1 + sizeOfVarint(UInt64(count)) + count
    }
}

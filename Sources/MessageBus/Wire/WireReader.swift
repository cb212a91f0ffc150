/// Reads protobuf fields from a part of a frame. Checks every length; never reads beyond its part.
struct WireReader {
    private let buffer: [UInt8]
    private var index: Int
    private let end: Int

    /// A field's number and encoding.
    struct Field {
        let number: UInt64
        let type: WireWriter.FieldType
    }

    init(_ buffer: [UInt8]) {
        self.init(buffer, buffer.startIndex..<buffer.endIndex)
    }

    private init(_ buffer: [UInt8], _ range: Range<Int>) {
        self.buffer = buffer
        index = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { index >= end }

    /// The next field, or `nil` at the end.
    mutating func nextField() throws(FrameError) -> Field? {
        guard index < end else { return nil }
        let key = try varint()
        guard key >> 3 > 0 else { throw .malformedVarint }
        guard let type = WireWriter.FieldType(rawValue: UInt8(key & 7)) else { throw .unknownWireType }
        return Field(number: key >> 3, type: type)
    }

    mutating func varint() throws(FrameError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < end {
            let byte = buffer[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard shift < 63 || byte <= 1 else { throw .malformedVarint }
                return value
            }
            shift += 7
            guard shift < 70 else { throw .malformedVarint }
        }
        throw .truncated
    }

    private mutating func range() throws(FrameError) -> Range<Int> {
        let length = try varint()
        guard length <= UInt64(end - index) else { throw .truncated }
        let begin = index
        index += Int(length)
        return begin..<index
    }

    /// Bytes that share the frame's memory.
    mutating func slice() throws(FrameError) -> ArraySlice<UInt8> {
        buffer[try range()]
    }

    mutating func bytes(atMost limit: Int = .max) throws(FrameError) -> [UInt8] {
        let range = try range()
        guard range.count <= limit else { throw .fieldTooLong }
        return Array(buffer[range])
    }

    mutating func text(atMost limit: Int) throws(FrameError) -> String {
        let range = try range()
        guard range.count <= limit else { throw .fieldTooLong }
        guard let text = String(validating: buffer[range], as: UTF8.self) else { throw .invalidText }
        return text
    }

    mutating func requestID() throws(FrameError) -> RequestID {
        guard let id = RequestID(buffer[try range()]) else { throw .missingField }
        return id
    }

    mutating func cursor() throws(FrameError) -> EncodedCursor {
        EncodedCursor(try bytes(atMost: EncodedCursor.maximumBytes))
    }

    /// A reader of the message in this field.
    mutating func message() throws(FrameError) -> WireReader {
        WireReader(buffer, try range())
    }

    mutating func skip(_ type: WireWriter.FieldType) throws(FrameError) {
        switch type {
        case .varint: _ = try varint()
        case .bytes: _ = try range()
        case .fixed64: try advance(8)
        case .fixed32: try advance(4)
        }
    }

    private mutating func advance(_ count: Int) throws(FrameError) {
        guard end - index >= count else { throw .truncated }
        index += count
    }
}

/// Writes numbers and texts one behind the other, little-endian.
struct ImageWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ text: String) {
        let utf8 = Array(text.utf8)
        add(UInt32(utf8.count))
        bytes += utf8
    }

    /// A byte that tells whether there is a value, then the value.
    mutating func add<Value>(_ value: Value?, _ write: (inout ImageWriter, Value) -> Void) {
        add(UInt8(value == nil ? 0 : 1))
        if let value { write(&self, value) }
    }

    mutating func align(to size: Int) {
        while bytes.count % size != 0 { bytes.append(0) }
    }
}

/// Reads what `ImageWriter` wrote. What is cut short or out of range is a `BadImage`, never a trap.
struct ImageReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var place: Int

    init(_ bytes: UnsafeRawBufferPointer, from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(BadImage) -> Number {
        let size = MemoryLayout<Number>.size
        guard place >= 0, bytes.count - place >= size else { throw BadImage(what: "cut short") }
        let number = bytes.loadUnaligned(fromByteOffset: place, as: Number.self)
        place += size
        return Number(littleEndian: number)
    }

    /// A number of things that follow, each of so many bytes at least.
    mutating func count(of size: Int) throws(BadImage) -> Int {
        let count = Int(try number(UInt32.self))
        guard count <= (bytes.count - place) / max(1, size) else { throw BadImage(what: "a count out of range") }
        return count
    }

    mutating func text() throws(BadImage) -> String {
        let count = try count(of: 1)
        defer { place += count }
        return String(decoding: bytes[place..<place + count], as: UTF8.self)
    }

    /// Bytes written as a text, where they stand.
    mutating func part() throws(BadImage) -> UnsafeRawBufferPointer {
        let count = try count(of: 1)
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    mutating func optional<Value>(
        _ read: (inout ImageReader) throws(BadImage) -> Value
    ) throws(BadImage) -> Value? {
        try number(UInt8.self) == 0 ? nil : try read(&self)
    }

    mutating func skip(to size: Int) { place = (place + size - 1) / size * size }
}

/// Bytes that are no block of facts: damaged, or written by another version. Built anew from the log, it is whole again.
package struct BadImage: Error, Hashable, Sendable {
    package let what: String

    package init(what: String) { self.what = what }
}

import CareDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A domain value with a message of its own.
protocol WireMapped {
    associatedtype Wire
    /// Reads the message, checking every field.
    init(wire: Wire) throws(WireError)
    /// The message; it may still break limits, which the reading side finds.
    func wire() throws(WireError) -> Wire
}

/// The checks on single fields. Each takes what the message holds and the name of the field for the error.
enum Field {
    static func day(_ number: Int32, _ field: String) throws(WireError) -> CivilDay {
        guard WireLimits.days.contains(number) else { throw WireError(.outOfRange, field) }
        return CivilDay(dayNumber: number)
    }

    static func day(ifSet number: Int32?, _ field: String) throws(WireError) -> CivilDay? {
        guard let number else { return nil }
        return try day(number, field)
    }

    static func id<ID: TypedIdentifier>(_ data: Data, _ field: String) throws(WireError) -> ID {
        guard let value = Identifier128(data: data) else {
            throw data.isEmpty ? WireError(.missing, field) : WireError(.wrongLength, field, limit: 16)
        }
        return ID(value)
    }

    static func id<ID: TypedIdentifier>(ifSet data: Data?, _ field: String) throws(WireError) -> ID? {
        guard let data else { return nil }
        return try id(data, field)
    }

    static func ids<ID: TypedIdentifier>(_ list: [Data], _ field: String, limit: Int) throws(WireError) -> [ID] {
        try Field.list(list, field, limit: limit) { data throws(WireError) in try id(data, "") }
    }

    static func code<C: CodeValue>(_ text: String, _ field: String) throws(WireError) -> C {
        guard let code = C(text) else { throw WireError(text.isEmpty ? .missing : .invalidCode, field) }
        return code
    }

    static func code<C: CodeValue>(ifSet text: String?, _ field: String) throws(WireError) -> C? {
        guard let text else { return nil }
        return try code(text, field)
    }

    static func codes<C: CodeValue>(_ list: [String], _ field: String, limit: Int) throws(WireError) -> [C] {
        try Field.list(list, field, limit: limit) { text throws(WireError) in try code(text, "") }
    }

    /// One of the words of a closed list.
    static func word<Word: RawRepresentable<String>>(_ text: String, _ field: String) throws(WireError) -> Word {
        guard let word = Word(rawValue: text) else { throw WireError(text.isEmpty ? .missing : .invalidCode, field) }
        return word
    }

    static func division(_ text: String, _ field: String) throws(WireError) -> DivisionCode {
        guard let division = DivisionCode(text) else {
            throw WireError(text.isEmpty ? .missing : .invalidCode, field)
        }
        return division
    }

    static func divisions(_ list: [String]) throws(WireError) -> [DivisionCode] {
        try Field.list(list, "divisions", limit: WireLimits.divisions) { text throws(WireError) in
            try division(text, "")
        }
    }

    static func clause(_ text: String, _ field: String) throws(WireError) -> ClauseID {
        guard let clause = ClauseID(text) else { throw WireError(text.isEmpty ? .missing : .invalidCode, field) }
        return clause
    }

    static func text(_ text: String, _ field: String, limit: Int) throws(WireError) -> String {
        guard !text.isEmpty else { throw WireError(.missing, field) }
        guard text.utf8.count <= limit else { throw WireError(.tooLong, field, limit: Int64(limit)) }
        return text
    }

    static func text(ifSet value: String?, _ field: String, limit: Int) throws(WireError) -> String? {
        guard let value else { return nil }
        return try text(value, field, limit: limit)
    }

    static func digest(_ data: Data, _ field: String) throws(WireError) -> [UInt8] {
        guard data.count == 32 else {
            throw data.isEmpty ? WireError(.missing, field) : WireError(.wrongLength, field, limit: 32)
        }
        return [UInt8](data)
    }

    static func reference(_ sequence: UInt64, _ field: String) throws(WireError) -> EventReference {
        guard sequence > 0 else { throw WireError(.missing, field) }
        return EventReference(sequence: sequence)
    }

    static func count(_ number: UInt32, _ field: String, in range: ClosedRange<Int>) throws(WireError) -> Int {
        guard range.contains(Int(number)) else { throw WireError(.outOfRange, field) }
        return Int(number)
    }

    /// A number on its way out.
    static func number(_ number: Int, _ field: String) throws(WireError) -> UInt32 {
        guard let number = UInt32(exactly: number) else { throw WireError(.outOfRange, field) }
        return number
    }

    static func list<Element, Value>(
        _ elements: [Element], _ field: String, limit: Int, _ make: (Element) throws(WireError) -> Value
    ) throws(WireError) -> [Value] {
        guard !elements.isEmpty else { return [] }
        guard elements.count <= limit else { throw WireError(.tooMany, field, limit: Int64(limit)) }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            do throws(WireError) { values.append(try make(element)) } catch {
                throw error.within("\(field)[\(values.count)]")
            }
        }
        return values
    }

    static func list<Value: WireMapped>(
        _ elements: [Value.Wire], _ field: String, limit: Int
    ) throws(WireError) -> [Value] {
        try list(elements, field, limit: limit, Value.init(wire:))
    }

    /// A message that must be there.
    static func required<Value: WireMapped>(_ wire: Value.Wire?, _ field: String) throws(WireError) -> Value {
        guard let wire else { throw WireError(.missing, field) }
        do throws(WireError) { return try Value(wire: wire) } catch { throw error.within(field) }
    }

    /// A message that may be left out.
    static func optional<Value: WireMapped>(_ wire: Value.Wire?, _ field: String) throws(WireError) -> Value? {
        guard let wire else { return nil }
        return try required(wire, field)
    }

    /// The messages of a list on its way out.
    static func wires<Value: WireMapped>(_ values: [Value], _ field: String) throws(WireError) -> [Value.Wire] {
        guard !values.isEmpty else { return [] }
        return try list(values, field, limit: .max) { value throws(WireError) in try value.wire() }
    }

    /// The message of a value on its way out.
    static func wire<Value: WireMapped>(_ value: Value, _ field: String) throws(WireError) -> Value.Wire {
        do throws(WireError) { return try value.wire() } catch { throw error.within(field) }
    }
}

extension Identifier128 {
    /// The sixteen bytes as a message field holds them.
    var data: Data { withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) } }

    /// Reads exactly sixteen bytes of a message field.
    init?(data: Data) {
        guard data.count == 16 else { return nil }
        let (high, low) = data.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(high: high, low: low)
    }
}

extension TypedIdentifier {
    var data: Data { value.data }
}

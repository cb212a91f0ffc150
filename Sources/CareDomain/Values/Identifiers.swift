/// Sixteen bytes that name one thing for ever. Written as 26 characters of Crockford's base 32 in lower case
/// (no i, l, o, u), so that it can be read aloud and typed.
package struct Identifier128: Hashable, Sendable, Comparable {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    /// Makes an identifier from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes an identifier from exactly sixteen bytes; `nil` for another number of bytes.
    package init?(bytes: some Collection<UInt8>) {
        // Nearly all bytes lie in one piece; walking them through the generic collection costs ten times as much.
        let read = bytes.withContiguousStorageIfAvailable { Self(contiguous: UnsafeRawBufferPointer($0)) }
        guard let made = read ?? Array(bytes).withUnsafeBytes({ Self(contiguous: $0) }) else { return nil }
        self = made
    }

    private init?(contiguous bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        self.init(
            high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
            low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// Reads the 26 characters of `description`; capital letters are accepted, anything else gives `nil`.
    package init?(_ text: some StringProtocol) {
        var text = String(text)
        guard let made = text.withUTF8({ Self(digits: $0) }) else { return nil }
        self = made
    }

    private init?(digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == 26 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for character in digits {
            guard let digit = Self.value(of: character) else { return nil }
            guard high >> 59 == 0 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        self.init(high: high, low: low)
    }

    /// The sixteen bytes, big-endian.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: high.bigEndian, as: UInt64.self)
            raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            count = 16
        }
    }

    package static func < (left: Identifier128, right: Identifier128) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The digit of each ASCII character, 255 where there is none; capital letters count as small ones.
    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() {
            digits[Int(character)] = UInt8(value)
            if (97...122).contains(character) { digits[Int(character) - 32] = UInt8(value) }
        }
        return digits
    }()

    private static func value(of character: UInt8) -> UInt8? {
        let digit = digits[Int(character)]
        return digit == 255 ? nil : digit
    }
}

extension Identifier128: CustomStringConvertible {
    /// 26 characters of lower-case base 32.
    package var description: String {
        var high = high
        var low = low
        var characters = [UInt8](repeating: 0, count: 26)
        for index in characters.indices.reversed() {
            characters[index] = Self.alphabet[Int(low & 31)]
            low = low >> 5 | high << 59
            high >>= 5
        }
        return String(decoding: characters, as: UTF8.self)
    }
}

/// A typed identifier of sixteen bytes.
package protocol TypedIdentifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The sixteen bytes.
    var value: Identifier128 { get }
    /// Wraps sixteen bytes.
    init(_ value: Identifier128)
}

extension TypedIdentifier {
    /// Reads the 26 characters; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        guard let value = Identifier128(text) else { return nil }
        self.init(value)
    }

    /// Makes an identifier from exactly sixteen bytes; `nil` for another number of bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard let value = Identifier128(bytes: bytes) else { return nil }
        self.init(value)
    }

    package var description: String { value.description }
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// A household (一户), stable across moves. Derived from the id of the command that registered it.
package struct HouseholdID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// A person in the record. Says nothing about the ID number; whose household a person is in is asked by token.
package struct PersonID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// A command, chosen by the client that sends it; sending it again is the same command.
package struct CommandID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// One run of a client's program that asks in several parts, chosen by the client.
package struct RunID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// A token that stands for an ID number: HMAC-SHA-256 of it under the deployment's key, first sixteen bytes.
package struct PersonToken: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// What a deployment's key for person tokens is known by: the same for the same key, and nothing can be learned from it.
package struct TokenKeyFingerprint: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// How far a reader has come in the log. Opaque: keep it, send it back, compare it only with `covers`.
///
/// Holds one position for each shard the reader has met; a shard it has not met counts as unread. Survives as bytes or
/// as text (lower-case hexadecimal).
package struct Cursor: Sendable, Hashable, CustomStringConvertible {
    /// Before the first event of every shard.
    package static let start = Cursor(places: [])

    private struct Place: Sendable, Hashable {
        var shard: ShardNumber
        var position: Position
    }

    /// Ascending by shard, without positions of 0.
    private var places: [Place]

    private init(places: [Place]) { self.places = places }

    /// Just after `position` of one shard.
    package init(shard: ShardNumber, position: Position) {
        places = position == .start ? [] : [Place(shard: shard, position: position)]
    }

    /// How far the reader is in a shard.
    package func position(in shard: ShardNumber) -> Position {
        places.first { $0.shard == shard }?.position ?? .start
    }

    /// The cursor with one shard moved to `position`.
    package func moved(to position: Position, in shard: ShardNumber) -> Cursor {
        var moved = places.filter { $0.shard != shard }
        if position != .start { moved.append(Place(shard: shard, position: position)) }
        moved.sort { $0.shard < $1.shard }
        return Cursor(places: moved)
    }

    /// Whether a reader here has passed the given position.
    package func covers(_ position: Position, in shard: ShardNumber) -> Bool {
        self.position(in: shard) >= position
    }

    /// A version byte, then shard and position as varints for each shard met.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [1]
        for place in places {
            Varint.append(UInt64(place.shard.rawValue), to: &bytes)
            Varint.append(place.position.rawValue, to: &bytes)
        }
        return bytes
    }

    /// Reads `bytes`. An empty array is `start`, so that an unset field of a message means "from the beginning".
    /// - Throws: `EventLogError` with code `invalidCursor`; retrying does not help.
    package init(bytes: [UInt8]) throws(EventLogError) {
        guard !bytes.isEmpty else {
            self = .start
            return
        }
        let places: [Place]? = bytes.withUnsafeBytes { buffer in
            guard buffer[0] == 1 else { return nil }
            var reader = WireReader(buffer, from: 1)
            var places: [Place] = []
            while !reader.isAtEnd {
                guard let shard = reader.varint(), let position = reader.varint(), let number = UInt32(exactly: shard),
                    position > 0, places.last.map({ $0.shard.rawValue < number }) ?? true
                else { return nil }
                places.append(Place(shard: ShardNumber(number), position: Position(position)))
            }
            return places
        }
        guard let places else { throw EventLogError(.invalidCursor, "cursor of \(bytes.count) bytes cannot be read") }
        self.places = places
    }

    /// Reads the text form.
    /// - Throws: `EventLogError` with code `invalidCursor`; retrying does not help.
    package init(text: String) throws(EventLogError) {
        let digits = Array(text.utf8)
        var bytes: [UInt8] = []
        var valid = digits.count % 2 == 0
        for index in stride(from: 0, to: digits.count - 1, by: 2) where valid {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else {
                valid = false
                break
            }
            bytes.append(high << 4 | low)
        }
        guard valid else { throw EventLogError(.invalidCursor, "cursor text is not hexadecimal") }
        try self.init(bytes: bytes)
    }

    /// The text form.
    package var description: String { hexadecimal(bytes) }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

import CareDomain

extension Moment {
    /// `2014-07-16T09:30:00.000001+08:00`
    package var rfc3339: String {
        clock(separator: "T") + "." + Self.padded(microsecondsOfDay % 1_000_000, 6) + "+08:00"
    }

    /// `2014-07-16 09:30:00`, for people, in China's time.
    package var wallClock: String { clock(separator: " ") }

    /// Reads RFC 3339 (`2014-07-16T09:30:00+08:00`, `…Z`, with or without fractions of a second), or a bare day, which
    /// means the last moment of that day in Asia/Shanghai; nil for anything else.
    package init?(parsing text: String) {
        if let day = CivilDay(parsing: text) {
            self.init(microseconds: Self.start(of: day + 1) - 1)
            return
        }
        let characters = Array(text.utf8)
        guard characters.count >= 20, characters[10] == UInt8(ascii: "T") || characters[10] == UInt8(ascii: " "),
            let day = CivilDay(parsing: String(text.prefix(10)))
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= characters.count, characters[range].allSatisfy({ (48...57).contains($0) })
            else { return nil }
            return characters[range].reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard let hours = number(11..<13), let minutes = number(14..<16), let seconds = number(17..<19), hours < 24,
            minutes < 60, seconds < 60, characters[13] == UInt8(ascii: ":"), characters[16] == UInt8(ascii: ":")
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if characters[index] == UInt8(ascii: ".") {
            var scale: Int64 = 100_000
            index += 1
            while index < characters.count, (48...57).contains(characters[index]) {
                fraction += Int64(characters[index] - 48) * scale
                scale /= 10
                index += 1
            }
        }
        guard let zone = Self.zone(characters[index...]) else { return nil }
        let local = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction
        self.init(microseconds: Int64(day.dayNumber) * 86_400_000_000 + local - zone)
    }

    /// The first moment of a day in Asia/Shanghai, in microseconds.
    private static func start(of day: CivilDay) -> Int64 {
        Int64(day.dayNumber) * 86_400_000_000 - 8 * 3_600_000_000
    }

    /// Microseconds by which a zone is ahead of UTC.
    private static func zone(_ text: ArraySlice<UInt8>) -> Int64? {
        let digits = Array(text)
        if digits == [UInt8(ascii: "Z")] || digits == [UInt8(ascii: "z")] { return 0 }
        guard digits.count == 6, digits[3] == UInt8(ascii: ":"), let sign = digits.first else { return nil }
        let places = [digits[1], digits[2], digits[4], digits[5]]
        guard places.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let values = places.map { Int64($0 - 48) }
        let size = ((values[0] * 10 + values[1]) * 60 + values[2] * 10 + values[3]) * 60_000_000
        switch sign {
        case UInt8(ascii: "+"): return size
        case UInt8(ascii: "-"): return -size
        default: return nil
        }
    }

    private var microsecondsOfDay: Int64 { microseconds - Self.start(of: day) }

    private func clock(separator: String) -> String {
        let seconds = microsecondsOfDay / 1_000_000
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, 2) }
        return "\(day)\(separator)\(parts.joined(separator: ":"))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

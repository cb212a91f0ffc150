import EventLog

/// Small invented content for tests of the log.
package enum LogFixtures {
    /// A clock reading; the value itself means nothing.
    package static let noon = RecordedTime(microseconds: 1_700_000_000_000_000)

    /// The stream of an invented household.
    package static func household(_ number: Int) -> StreamName {
        guard let name = try? StreamName(.household, "test\(number)") else { preconditionFailure("valid name") }
        return name
    }

    /// A stream of any category.
    package static func stream(_ category: StreamCategory, _ key: String) -> StreamName {
        guard let name = try? StreamName(category, key) else { preconditionFailure("valid name") }
        return name
    }

    /// An append id that looks like those derived from command ids.
    package static func appendID(_ number: UInt64) -> AppendID {
        var generator = ConformanceGenerator(seed: number)
        return AppendID(high: generator.next(), low: generator.next())
    }

    /// A content digest.
    package static func digest(_ number: UInt64) -> ContentDigest {
        var generator = ConformanceGenerator(seed: number ^ 0xd1)
        return ContentDigest(high: generator.next(), low: generator.next())
    }

    /// An event whose content tells its number.
    package static func event(_ number: Int, kind: UInt32 = 1) -> NewEvent {
        NewEvent(
            kind: kind, version: 1, occurredOn: DayNumber(Int32(19_000 + number % 700)),
            learnedOn: number % 5 == 0 ? DayNumber(Int32(18_000 + number % 700)) : nil,
            metadata: Array("clerk \(number % 7)".utf8), payload: Array("payload of event \(number)".utf8))
    }

    /// A request with `count` events, numbered from `number`.
    package static func request(
        _ stream: StreamName, _ expected: ExpectedSequence, id: UInt64, digest: UInt64 = 0, count: Int = 1,
        kind: UInt32 = 1
    ) -> AppendRequest {
        AppendRequest(
            stream: stream, expected: expected, appendID: appendID(id), contentDigest: self.digest(digest),
            events: (0..<count).map { event(Int(id) * 10 + $0, kind: kind) })
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
package struct ConformanceGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// A generator with its seed.
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

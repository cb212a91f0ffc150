/// Place of an event in its shard, from 1. Orders events; never a reference to an event, because another engine numbers
/// them anew.
package struct Position: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Before the first event.
    package static let start = Position(0)

    /// 0 is before the first event.
    package let rawValue: UInt64

    /// A position by its number.
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Place of an event in its stream, from 1 without gaps. 0 stands for a stream that does not exist yet.
package struct SequenceNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The stream does not exist.
    package static let none = SequenceNumber(0)
    /// The first event of a stream.
    package static let first = SequenceNumber(1)

    /// 0 means no event.
    package let rawValue: UInt64

    /// A sequence number.
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The next one.
    package var next: SequenceNumber { SequenceNumber(rawValue + 1) }

    package var description: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What an append expects of its stream.
package enum ExpectedSequence: Sendable, Hashable {
    /// The stream must not exist.
    case noStream
    /// The stream's last event must have this sequence; 0 is the same as `noStream`.
    case exactly(SequenceNumber)
    /// No expectation.
    case any
}

/// A civil day (Asia/Shanghai) as the number of days since 1970-01-01.
package struct DayNumber: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01, negative before.
    package let rawValue: Int32

    /// A day by its number.
    package init(_ rawValue: Int32) { self.rawValue = rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// When the log learned something: UTC microseconds since 1970-01-01, strictly increasing within a shard.
package struct RecordedTime: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    /// A moment by its microseconds.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
}

/// Number of a shard of the log, from 0. The embedded engine has one shard, 0.
package struct ShardNumber: Sendable, Hashable, Comparable {
    /// The only shard of an embedded log.
    package static let single = ShardNumber(0)

    /// From 0.
    package let rawValue: UInt32

    /// A shard by its number.
    package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

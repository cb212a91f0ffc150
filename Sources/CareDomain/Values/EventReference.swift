/// The place of an event in its stream: the only way one event refers to another. Never a position in the log.
package struct EventReference: Hashable, Sendable, Comparable {
    /// Sequence in the stream, from 1.
    package let sequence: UInt64

    /// Makes a reference to the event with this sequence, in the stream where the reference stands.
    package init(sequence: UInt64) { self.sequence = sequence }

    package static func < (left: EventReference, right: EventReference) -> Bool { left.sequence < right.sequence }
}

/// A moment in microseconds since 1970-01-01 UTC, as the log stamps it.
package struct Moment: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01 UTC.
    package let microseconds: Int64

    /// Makes a moment from microseconds since 1970-01-01 UTC.
    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// The civil day in Asia/Shanghai.
    package var day: CivilDay { CivilDay(microsecondsUTC: microseconds) }

    package static func < (left: Moment, right: Moment) -> Bool { left.microseconds < right.microseconds }
}

import CareDomain
import CareWire
import SwiftProtobuf

/// What one consumer has parked and what it was told to pass over. Part of its checkpoint, so that both are kept or
/// lost together; what an operator said stands in the log and comes again with the events after an older checkpoint.
package struct ParkedEvents: Hashable, Sendable {
    /// The consumer's name, as operators call it.
    package let consumer: Code
    /// At most one per household: the first event that does not go.
    package private(set) var entries: [HouseholdID: ParkedEvent] = [:]
    private var skipped: [HouseholdID: [UInt64: ParkedEvent]] = [:]

    /// How many a report names; the count is exact.
    package static let maximumReported = 256

    package init(consumer: Code) { self.consumer = consumer }

    package var count: Int { entries.count }
    /// Households that wait, by id.
    package var households: [HouseholdID] { entries.keys.sorted() }

    /// Parks a household at an event. The same event again only counts another attempt.
    /// - Returns: Whether it was not parked there before.
    package mutating func park(_ event: ParkedEvent, at utcMicroseconds: Int64) -> Bool {
        var event = event
        let known = entries[event.household]
        let isSame = known?.sequence == event.sequence
        event.parkedAt = isSame ? known?.parkedAt ?? utcMicroseconds : utcMicroseconds
        event.attempts = isSame ? (known?.attempts ?? 0) + 1 : 1
        entries[event.household] = event
        return !isSame
    }

    /// The household was processed whole.
    package mutating func release(_ household: HouseholdID) { entries[household] = nil }

    /// Sequences of a household's stream that are passed over.
    package func skips(of household: HouseholdID) -> Set<UInt64> { Set((skipped[household] ?? [:]).keys) }

    /// Takes in what an operator said.
    /// - Returns: The household to look at again; nil when it was said to another consumer.
    package mutating func settle(_ settled: ParkedEventSettled) -> HouseholdID? {
        guard settled.consumer == consumer else { return nil }
        let sequence = settled.event.sequence
        switch settled.action {
        case .retry:
            skipped[settled.household]?[sequence] = nil
            if skipped[settled.household]?.isEmpty ?? false { skipped[settled.household] = nil }
        case .skip:
            let parked = entries[settled.household].flatMap { $0.sequence == sequence ? $0 : nil }
            if parked != nil { entries[settled.household] = nil }
            let known = skipped[settled.household]?[sequence]
            skipped[settled.household, default: [:]][sequence] =
                parked ?? known
                ?? ParkedEvent(household: settled.household, sequence: sequence, reason: .unreadable)
        }
        return settled.household
    }

    // MARK: Telling

    /// The parked events, then those passed over, each by household and sequence.
    package func wire(limit: Int = Self.maximumReported) -> [Care_V1_ParkedEvent] {
        let parked = entries.sorted { $0.key < $1.key }.map { $0.value.wire(isSkipped: false) }
        let passed = skipped.sorted { $0.key < $1.key }.flatMap { _, events in
            events.sorted { $0.key < $1.key }.map { $0.value.wire(isSkipped: true) }
        }
        return Array((parked + passed).prefix(limit))
    }

    /// Bytes for a checkpoint.
    package func encoded() -> [UInt8] {
        let message = Care_V1_ConsumerReport.with {
            $0.consumer = consumer.rawValue
            $0.parkedEvents = wire(limit: .max)
        }
        // Encoding fails only for required fields of proto2, which there are none of.
        return (try? message.serializedBytes()) ?? []
    }

    /// Reads `encoded`; nil for anything else.
    package init?(decoding bytes: some Sequence<UInt8>) {
        guard let message = try? Care_V1_ConsumerReport(serializedBytes: Array(bytes)),
            let consumer = Code(message.consumer)
        else { return nil }
        self.init(consumer: consumer)
        for wire in message.parkedEvents {
            guard let event = ParkedEvent(wire) else { return nil }
            if wire.isSkipped {
                skipped[event.household, default: [:]][event.sequence] = event
            } else {
                entries[event.household] = event
            }
        }
    }
}

import CareDomain
import CareWire
import EventLog

/// How a consumer reads a household's stream: event by event, up to the first that it cannot process.
extension ArchiveMessages {
    /// A part of a stream as a consumer may fold it.
    package enum ConsumedStream: Hashable, Sendable {
        /// The events from the one asked for on; whole when they reach the stream's end.
        case events([KnownEvent], isWhole: Bool)
        /// What stands in the way.
        case stuck(ParkedEvent)
    }

    /// Reads the answer to `read(_:after:)`.
    /// - Parameters:
    ///   - after: The sequence that was asked after.
    ///   - skips: Sequences that an operator had passed over; their places stay, and they change nothing.
    /// - Throws: When it is no answer to such a read; asking again may help.
    package static func consumed(
        _ body: [UInt8], of household: HouseholdID, after: UInt64, skipping skips: Set<UInt64>
    ) throws -> ConsumedStream {
        let reply = try Care_V1_ReadStreamReply(serializedBytes: body)
        if reply.hasFenced {
            let place = reply.damagedSequences.first ?? reply.head.sequence
            return .stuck(
                ParkedEvent(household: household, sequence: place, reason: .fenced, detail: reply.fenced.reason))
        }
        let damaged = Set(reply.damagedSequences).subtracting(skips)
        if let place = damaged.min(), place <= after {
            return .stuck(ParkedEvent(household: household, sequence: place, reason: .damaged))
        }
        var events: [KnownEvent] = []
        var next = after + 1
        /// Fills the places of damaged events that are passed over; the first that is not, is returned.
        func fill(upTo end: UInt64) -> UInt64? {
            while next < end {
                guard skips.contains(next) else { return next }
                events.append(passedOver(next, after: events.last))
                next += 1
            }
            return nil
        }
        for wire in reply.events {
            let record = Array(wire.record)
            let header = try? record.withUnsafeBytes { try RecordHeader(parsing: $0) }
            let sequence = header?.sequence.rawValue ?? next
            if let gap = fill(upTo: sequence) {
                return .stuck(ParkedEvent(household: household, sequence: gap, reason: .damaged))
            }
            guard sequence == next else { continue }
            guard !damaged.contains(sequence) else {
                return .stuck(ParkedEvent(household: household, sequence: sequence, reason: .damaged))
            }
            switch consumed(record: record, sequence: sequence, skipping: skips, after: events.last) {
            case .success(let known): events.append(known)
            case .failure(let flaw):
                return .stuck(
                    ParkedEvent(
                        household: household, sequence: sequence, kind: header?.kind ?? 0, reason: .unreadable,
                        detail: flaw.text))
            }
            next += 1
        }
        let rest = reply.damagedSequences.filter { $0 >= next }.max().map { $0 + 1 } ?? next
        if let gap = fill(upTo: rest) {
            return .stuck(ParkedEvent(household: household, sequence: gap, reason: .damaged))
        }
        return .events(events, isWhole: events.isEmpty || next == reply.head.sequence + 1)
    }

    /// Why a record cannot be read.
    package struct ReadingFlaw: Error, Hashable, Sendable {
        /// For the operator; no personal data.
        package let text: String
    }

    /// The event of a record, or what stands in its place when it is passed over.
    package static func consumed(
        record: [UInt8], sequence: UInt64, skipping skips: Set<UInt64>, after last: KnownEvent?
    ) -> Result<KnownEvent, ReadingFlaw> {
        if skips.contains(sequence) { return .success(passedOver(sequence, after: last)) }
        do { return .success(try household(record: record).known) } catch let error as WireError {
            return .failure(ReadingFlaw(text: "\(error.stableCode) \(error.field)"))
        } catch let error as EventLogError {
            return .failure(ReadingFlaw(text: error.code.rawValue))
        } catch {
            return .failure(ReadingFlaw(text: "record"))
        }
    }

    /// Keeps the sequence whole and changes nothing.
    private static func passedOver(_ sequence: UInt64, after last: KnownEvent?) -> KnownEvent {
        let moment = last?.recordedAt ?? Moment(microseconds: 0)
        return KnownEvent(
            reference: EventReference(sequence: sequence), recordedAt: moment,
            command: CommandID(Identifier128(high: 0, low: 0)),
            proposed: ProposedEvent(occurredOn: moment.day, event: .withdrawn))
    }

    /// What an operator told a consumer; nil for any other event.
    package static func settled(record: [UInt8]) -> ParkedEventSettled? {
        guard let fields = try? RecordCoder.decode(record),
            fields.event.kind == UInt32(EventKind.parkedEventSettled.rawValue),
            case .access(.settled(let settled))? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return nil }
        return settled
    }
}

import CareDomain
import CareWire
import EventLog
import RuleEngine

/// Reads household events out of the log's records.
package enum RecordedHouseholdEvent {
    /// The event of a record.
    ///
    /// - Parameters:
    ///   - event: The record.
    ///   - sealed: Whether to open sealed parts.
    /// - Returns: Nil when this program cannot read the event (a newer type or version, a damaged payload): the
    ///   reader steps over it and says so.
    package static func known(_ event: StoredEvent, sealed: SealedReading) -> KnownEvent? {
        event.record.withUnsafeBytes { bytes in
            guard let header = try? RecordHeader(parsing: bytes) else { return nil }
            return try? EventCodec.decode(
                kind: header.kind, version: header.version, occurredOn: header.occurredOn.rawValue,
                learnedOn: header.learnedOn?.rawValue, metadata: header.metadata(in: bytes).bytes,
                payload: header.payload(in: bytes).bytes, sequence: header.sequence.rawValue,
                recordedAt: header.recordedAt.microseconds,
                appendID: Identifier128(high: header.appendID(in: bytes).high, low: header.appendID(in: bytes).low),
                sealed: sealed)
        }
    }

    /// Whether the record tells a fact that is kept from the reader.
    /// - Parameter places: Where the family belongs; asked for only when it matters. Nil = not known.
    package static func isHidden(
        _ event: StoredEvent, from sight: FactSight, _ places: () -> FamilyPlaces?
    ) -> Bool {
        guard !sight.somewhere.isEmpty else { return false }
        let kind = event.record.withUnsafeBytes { bytes in (try? RecordHeader(parsing: bytes))?.kind ?? 0 }
        let isFact = kind == UInt32(EventKind.factStated.rawValue)
        guard isFact || ownRecords[kind].map(sight.mayHide) ?? false else { return false }
        // What a newer program stated cannot be told apart, and is not shown at all.
        guard let known = known(event, sealed: .skip) else { return true }
        return sight.hides(known, of: places() ?? .unknown)
    }

    /// Kinds of events that tell facts without stating them, or may.
    private static let ownRecords: [UInt32: OwnRecord] = {
        let kinds: [(EventKind, OwnRecord)] = [
            (.disabilityAssessed, .disability), (.noticeRaised, .disability), (.childAdopted, .adoption),
            (.childBorn, .birth), (.incidentReported, .incident), (.guardianNamed, .guardian),
            (.guardianConsented, .guardian), (.guardianNotarised, .guardian), (.guardianEnded, .guardian),
        ]
        return Dictionary(uniqueKeysWithValues: kinds.map { (UInt32($0.0.rawValue), $0.1) })
    }()

    /// Stands in the place of an event that cannot be read: it changes nothing and keeps the sequence whole.
    package static func unreadable(sequence: UInt64, recordedAt: Moment) -> KnownEvent {
        KnownEvent(
            reference: EventReference(sequence: sequence), recordedAt: recordedAt,
            command: CommandID(Identifier128(high: 0, low: 0)),
            proposed: ProposedEvent(occurredOn: recordedAt.day, event: .withdrawn))
    }

    /// The household whose stream this is; nil for other streams.
    /// - Parameter name: UTF-8 bytes of the stream's name.
    package static func household(streamNamed name: UnsafeRawBufferPointer) -> HouseholdID? {
        guard name.count == prefix.utf8CodeUnitCount + 26 else { return nil }
        for index in 0..<prefix.utf8CodeUnitCount where name[index] != prefix.utf8Start[index] { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for index in prefix.utf8CodeUnitCount..<name.count {
            let digit = digits[Int(name[index])]
            guard digit < 32 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(digit)
        }
        return HouseholdID(Identifier128(high: high, low: low))
    }

    private static let prefix: StaticString = "household-"

    /// Value of each byte as a digit of base 32, 255 for none. A table, because a rebuild asks for it per event.
    private static let digits: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (value, character) in "0123456789abcdefghjkmnpqrstvwxyz".utf8.enumerated() {
            table[Int(character)] = UInt8(value)
        }
        return table
    }()
}

extension HouseholdID {
    /// The household's stream.
    package var stream: StreamName {
        guard let name = try? StreamName(.household, description) else {
            preconditionFailure("HouseholdID.stream: 26 characters of base 32 are always a valid key")
        }
        return name
    }
}

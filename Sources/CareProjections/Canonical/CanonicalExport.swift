import CareDomain
import CareWire

/// The canonical export of one household: what the record says, in a form that is the same on every machine.
///
/// Services may start in any order, so derived events stand at different places of the stream and interim ones may be
/// missing. What must be the same is therefore: every fact and decision that people stated, with its corrections, and
/// what the latest determination of each clause and beneficiary gives. Sequences, positions, moments, commands and
/// traces are left out; where one event refers to another, the digest of that event's own line stands instead.
///
/// Of a determination the changed months are left out, because they compare with an interim answer, and so are the pack
/// version and the events it rests on; one that gives nothing on any day is left out whole, because without an interim
/// answer it would not have been made. Notices are left out: what somebody was told depends on the day on which it was
/// looked at.
package enum CanonicalExport {
    /// The lines, sorted by their bytes.
    /// - Parameters:
    ///   - isRevealed: Whether personal data is in it; otherwise only whose parts there are.
    ///   - withheld: Sequences of events that are kept from the reader: they have no line, and no digest from which a value
    ///     could be guessed.
    package static func lines(
        of history: HouseholdHistory, isRevealed: Bool = false, withheld: Set<UInt64> = []
    ) -> [String] {
        var digests: [EventReference: String] = [:]
        var lines: [String] = []
        var latest: [DeterminationKey: String] = [:]
        for event in history.events where !withheld.contains(event.reference.sequence) {
            let reference = Reference { digests[$0] ?? "unknown" }
            let line = line(of: event, reference, isRevealed: isRevealed)
            digests[event.reference] = LineDigest.of(line)
            switch event.event {
            case .determinationMade(let made):
                let givesNothing = made.intervals.allSatisfy { $0.status == .notEntitled }
                latest[DeterminationKey(clause: made.clause, subject: made.subject)] = givesNothing ? nil : line
            case .commandAbandoned, .noticeRaised, .noticeDelivered:
                // Who cleared which reservation when, and who was told what when, says nothing about the family.
                break
            default:
                lines.append(line)
            }
        }
        return (lines + latest.values).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    private struct DeterminationKey: Hashable {
        let clause: ClauseID
        let subject: FactSubject
    }

    /// Turns a reference within the stream into something that does not depend on the order of appending.
    struct Reference {
        let digest: (EventReference) -> String
    }

    private static func line(of event: KnownEvent, _ reference: Reference, isRevealed: Bool) -> String {
        var members: [(String, JSONText)] = [
            ("event", .string(event.event.kindName)), ("occurred_on", .day(event.occurredOn)),
        ]
        // What services derive stands at the day on which they got round to it; what it says has its own days.
        if !event.event.isFactOrDecision { members.removeLast() }
        if let learnedOn = event.proposed.learnedOn { members.append(("learned_on", .day(learnedOn))) }
        if let correction = event.proposed.correction {
            members.append(("corrects", .string(reference.digest(correction.corrects))))
            members.append(("correction_reason", .string(correction.reason.rawValue)))
        }
        members += event.event.canonicalMembers(reference)
        let sealed = event.event.sealedParts + (event.proposed.correction?.sealed ?? [])
        if !sealed.isEmpty {
            let parts = sealed.map { $0.canonical(isRevealed: isRevealed) }.sorted { $0.text() < $1.text() }
            members.append(("sealed", .array(parts)))
        }
        return JSONText.object(members).text()
    }
}

extension SealedPart {
    fileprivate func canonical(isRevealed: Bool) -> JSONText {
        guard isRevealed, let details else { return .object([("subject", .string(subject.description))]) }
        return .object([
            ("subject", .string(subject.description)), ("name", .optional(details.name)),
            ("id_number", .optional(details.idNumber)), ("phone", .optional(details.phone)),
            ("address", .optional(details.address)), ("certificate_number", .optional(details.certificateNumber)),
            ("diagnosis", .optional(details.diagnosis)), ("text", .optional(details.text)),
        ])
    }
}

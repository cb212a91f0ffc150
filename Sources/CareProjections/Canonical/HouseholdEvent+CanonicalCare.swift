import CareDomain

extension HouseholdEvent {
    func careMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .visitRecorded(let event):
            [
                ("form", .optional(event.form?.rawValue)), ("kind", .string(event.kind.rawValue)),
                ("holiday", .optional(event.holiday?.rawValue)),
                ("visitor", .optional(event.visitor?.description)), ("answers", answers(event.answers)),
            ]
        case .needRaised(let event):
            [("kind", .string(event.kind.rawValue)), ("items", .int(Int64(event.items)))]
        case .needAnswered(let event):
            [
                ("need", .string(reference.digest(event.need))), ("by", .optional(event.by?.rawValue)),
                ("outcome", .string(event.outcome.rawValue)),
            ]
        case .needClosed(let event):
            [("need", .string(reference.digest(event.need))), ("reason", .string(event.reason.rawValue))]
        case .planItemOpened(let event):
            [
                ("clause", .optional(event.clause?.rawValue)), ("department", .string(event.department.rawValue)),
                ("due_on", .day(event.dueOn)),
            ]
        case .planItemDone(let event): [("item", .string(reference.digest(event.item)))]
        default: []
        }
    }

    func outcomeMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .determinationMade(let event):
            return [
                ("clause", .string(event.clause.rawValue)), ("subject", event.subject.canonical),
                ("pack", .string(event.pack.rawValue)), ("pack_version", .day(event.packVersion)),
                ("pack_hash", .string(event.packHash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())),
                ("cadence", .string(event.cadence.rawValue)), ("payer", .optional(event.payer?.rawValue)),
                ("department", .optional(event.department?.rawValue)),
                ("intervals", .array(event.intervals.map(\.canonical))),
                ("facts", .array(event.facts.map { reference.digest($0) }.sorted().map(JSONText.string))),
            ]
        case .noticeRaised(let event):
            return [
                ("kind", .string(event.kind.rawValue)), ("key", .string(event.key)),
                ("subject", event.subject.canonical), ("due_on", .day(event.dueOn)),
                ("department", .optional(event.department?.rawValue)), ("details", answers(event.details)),
                ("persons", ids(event.persons)),
            ]
        case .noticeDelivered(let event):
            return [
                ("notice", .string(reference.digest(event.notice))), ("channel", .string(event.channel.rawValue)),
                ("outcome", .string(event.outcome.code)), ("reason", .optional(event.reason?.rawValue)),
            ]
        default: return []
        }
    }

    /// Sealed parts of the payload.
    package var sealedParts: [SealedPart] {
        switch self {
        case .personJoined(let event): event.sealed
        case .personDetailsChanged(let event): event.sealed
        case .disabilityAssessed(let event): event.sealed
        case .guardianNamed(let event): event.sealed
        case .pairingAssigned(let event): event.sealed
        case .pairingHandedOver(let event): event.sealed
        case .visitRecorded(let event): event.sealed
        case .needRaised(let event): event.sealed
        case .needAnswered(let event): event.sealed
        case .planItemOpened(let event): event.sealed
        default: []
        }
    }
}

private func answers(_ answers: [FormAnswer]) -> JSONText {
    .array(answers.map { .object([("field", .string($0.field.rawValue)), ("value", $0.value.json)]) })
}

extension DeterminationMade.Interval {
    fileprivate var canonical: JSONText {
        .object([
            ("from", .day(period.start)), ("until", .day(period.end)), ("status", .string(status.code)),
            ("amount_fen", amount.map { .int($0.amount) } ?? .null),
            ("hours_thousandths", hoursThousandths.map(JSONText.int) ?? .null),
            ("missing", .array(missing.sorted().map(JSONText.string))),
        ])
    }
}

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
        case .goodsHandedOut(let event): event.canonicalMembers
        default: []
        }
    }

    /// What a determination says to people: not which version of the pack answered nor on which events it rests, which
    /// may change without a change of the answer.
    func outcomeMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .determinationMade(let event):
            return [
                ("clause", .string(event.clause.rawValue)), ("subject", event.subject.canonical(reference)),
                ("pack", .string(event.pack.rawValue)), ("cadence", .string(event.cadence.rawValue)),
                ("month_rule", .string(event.monthRule.rawValue)),
                ("amount_type", .string(event.amountType.rawValue)),
                ("department", .optional(event.department?.rawValue)),
                ("intervals", .array(event.intervals.map { $0.canonical(reference) })),
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
        case .goodsHandedOut(let event): event.sealed
        case .awardDecided(let event): event.sealed
        case .dueDecided(let event): event.sealed
        case .application(let event): event.sealed
        default: []
        }
    }
}

extension GoodsHandedOut {
    fileprivate var canonicalMembers: [(String, JSONText)] {
        var digest: FileDigest?
        var reason: Code?
        switch receipt {
        case .slip(let slip): digest = slip
        case .none(let said): reason = said
        }
        return [
            ("clause", .string(clause.rawValue)), ("period", .string(period.rawValue)),
            (
                "items",
                .array(
                    items.map {
                        .object([("goods", .string($0.goods.rawValue)), ("count", .int(Int64($0.count)))])
                    })
            ), ("receiver", .string(receiver.description)), ("relation", .optional(relation?.rawValue)),
            ("handed_by", .optional(handedBy?.description)), ("receipt", .optional(digest?.reference)),
            ("no_receipt", .optional(reason?.rawValue)),
        ]
    }
}

private func answers(_ answers: [FormAnswer]) -> JSONText {
    .array(answers.map { .object([("field", .string($0.field.rawValue)), ("value", $0.value.json)]) })
}

extension DeterminationMade.Interval {
    fileprivate func canonical(_ reference: CanonicalExport.Reference) -> JSONText {
        var members: [(String, JSONText)] = [
            ("from", .day(period.start)), ("until", .day(period.end)), ("status", .string(status.code)),
            ("right_holds", .bool(rightHolds)), ("amount_fen", amount.map { .int($0.amount) } ?? .null),
            ("standard_fen", standard.map { .int($0.amount) } ?? .null),
            ("hours_thousandths", hoursThousandths.map(JSONText.int) ?? .null),
            ("hourly_rate_fen", hourlyRate.map { .int($0.amount) } ?? .null),
            (
                "payers",
                .array(
                    payers.map { .object([("payer", .string($0.payer.rawValue)), ("parts", .int($0.parts))]) })
            ), ("missing", .array(missing.map { canonicalName($0, reference) }.sorted().map(JSONText.string))),
            ("decision", decision.map { .string(reference.digest($0)) } ?? .null),
        ]
        // Where no earlier version said otherwise, the determination says when sums fall due.
        if let rhythm {
            members.append(("cadence", .string(rhythm.cadence.rawValue)))
            members.append(("month_rule", .string(rhythm.monthRule.rawValue)))
        }
        return .object(members)
    }

    /// What is missing may be said of an incident, which is named by its sequence there.
    private func canonicalName(_ name: String, _ reference: CanonicalExport.Reference) -> String {
        let parts = name.split(separator: "@incident:", maxSplits: 1)
        guard parts.count == 2, let sequence = UInt64(parts[1]) else { return name }
        return "\(parts[0])@incident:" + reference.digest(EventReference(sequence: sequence))
    }
}

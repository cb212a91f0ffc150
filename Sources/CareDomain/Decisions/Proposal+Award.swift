extension Proposal {
    /// Whether a person may decide this about a right: the clause is published, something is there to decide on these
    /// days, and a sum lies within what the clause allows.
    ///
    /// What is there to decide stands in the latest determination; while it asks for facts or a parameter, only a
    /// sum that no figure can contradict is taken.
    /// - Source: policies, Amount types: award ≥ floor; below = refused
    func check(_ decided: AwardDecided, on day: CivilDay, field: String?) throws(Refusal) {
        guard !decided.period.isEmpty else {
            throw Refusal(
                .dayOrder, field: join(field, "period"), detail: decided.period.end?.description,
                clause: decided.clause)
        }
        if case .revoked(let earlier) = decided.outcome {
            return try checkRevocation(of: earlier, by: decided, field: field)
        }
        try checkSubject(of: decided, on: day, field: field)
        try checkApprover(of: decided, field: field)
        try checkSeparation(decided.clause, decided.subject, field: join(field, "clause"))
        try checkGrant(decided, field: field)
        try checkOnceElsewhere(decided, field: field)
        try checkApplication(of: decided, field: field)
        switch decided.outcome {
        case .granted(let amount):
            let standing = try standing(decided, field: field) { $0.rightHolds }
            guard standing.amountType.needsDecision else {
                let figure = standing.intervals.lazy.compactMap(\.figure).first
                throw Refusal(
                    .amountIsFixed, field: join(field, "clause"),
                    detail: decided.clause.rawValue + (figure.map { " = \($0)" } ?? ""), clause: decided.clause)
            }
            for interval in standing.intervals {
                try check(amount, standing.amountType, interval.figure, decided, field: field)
            }
        case .refused, .held:
            _ = try standing(decided, field: field) { $0.rightHolds }
        case .excepted(let amount):
            guard let amount else { break }
            let type = context.policy.clauses[decided.clause]?.amountType ?? .none
            let made = household.determinations.first { concerns($0.made, decided) }?.made
            let figures = made?.intervals.filter { touches($0.period, decided.period) }.compactMap(\.figure) ?? []
            for figure in figures { try check(amount, type, figure, decided, field: field) }
            if figures.isEmpty { try check(amount, type, nil, decided, field: field) }
        case .revoked:
            break
        }
        let isKnown = household.awards.contains { $0.decided == decided && $0.revokedFrom == nil }
        if isKnown { throw Refusal(.nothingToDo) }
    }

    /// An exception, or an award above the floor, where the pack asks for two people: two different ones, whichever peers they
    /// speak through. A second person who is named must be another one in any case.
    /// - Source: policies/README, Amount types: 原则上 = override with reason and second approver
    private func checkApprover(of decided: AwardDecided, field: String?) throws(Refusal) {
        if let second = decided.secondApprover {
            guard second != context.actor else {
                throw Refusal(
                    .secondApproverSame, field: join(field, "second_approver"), detail: second.rawValue,
                    clause: decided.clause)
            }
            return
        }
        let needed = context.policy.clauses[decided.clause]?.secondApproval ?? []
        let isNeeded: Bool
        switch decided.outcome {
        case .excepted(let amount):
            isNeeded = needed.contains(.exception) || needed.contains(.aboveFloor) && exceeds(amount, decided)
        case .granted(let amount): isNeeded = needed.contains(.aboveFloor) && exceeds(amount, decided)
        case .refused, .held, .revoked: isNeeded = false
        }
        guard isNeeded else { return }
        throw Refusal(
            .secondApproverMissing, field: join(field, "second_approver"), detail: decided.outcome.chinese,
            clause: decided.clause)
    }

    /// Whether a sum lies above the clause's own figure on some of the days; where no figure is known, it may.
    private func exceeds(_ amount: Fen?, _ decided: AwardDecided) -> Bool {
        guard let amount else { return false }
        let made = household.determinations.first { concerns($0.made, decided) }?.made
        let figures = made?.intervals.filter { touches($0.period, decided.period) }.compactMap(\.figure) ?? []
        return figures.min().map { amount > $0 } ?? true
    }

    /// The beneficiary is one that the clause knows, and was born, or had happened, by the day of the decision.
    private func checkSubject(of decided: AwardDecided, on day: CivilDay, field: String?) throws(Refusal) {
        guard let clause = context.policy.clauses[decided.clause] else {
            throw Refusal(.unknownClause, field: join(field, "clause"), detail: decided.clause.rawValue)
        }
        switch (clause.subject, decided.subject) {
        case (.household, .household): break
        case (.person, .person(let person)):
            let member = try requireMember(person, field: join(field, "subject"))
            try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
            // Its first day may be a round one from before; its last one is not.
            if let last = decided.period.lastDay {
                try requireBirth(of: member, by: last, field: join(field, "period"))
            }
        case (.incident, .incident(let incident))
        where household.incidents.contains { $0.reference == incident }:
            try requireIncident(incident, by: day, field: field)
        default: throw Refusal(.unknownClause, field: join(field, "subject"), detail: decided.clause.rawValue)
        }
    }

    /// The determination on which the decision acts, with those of its intervals that lie in the decision's days.
    private func standing(
        _ decided: AwardDecided, field: String?, _ isOpen: (DeterminationMade.Interval) -> Bool
    ) throws(Refusal) -> DeterminationMade {
        let found = household.determinations.first { concerns($0.made, decided) }
        guard var made = found?.made else { throw nothingToDecide(decided, field: field) }
        made.intervals = made.intervals.filter { isOpen($0) && touches($0.period, decided.period) }
        guard !made.intervals.isEmpty else { throw nothingToDecide(decided, field: field) }
        return made
    }

    private func concerns(_ made: DeterminationMade, _ decided: AwardDecided) -> Bool {
        made.clause == decided.clause && made.subject == decided.subject
    }

    private func touches(_ period: DayPeriod, _ other: DayPeriod) -> Bool { period.intersection(other) != nil }

    private func nothingToDecide(_ decided: AwardDecided, field: String?) -> Refusal {
        Refusal(
            .nothingToDecide, field: join(field, "period"), detail: decided.period.start.description,
            clause: decided.clause)
    }

    /// What one payment may come to: 100 million yuan. Whatever is decided can be carried out.
    private static let largest = Fen(10_000_000_000)

    private func check(
        _ amount: Fen, _ type: AmountType, _ figure: Fen?, _ decided: AwardDecided, field: String?
    ) throws(Refusal) {
        guard amount <= Self.largest else {
            throw Refusal(
                .awardOutOfBounds, field: join(field, "amount_fen"), detail: "≤ \(Self.largest)",
                clause: decided.clause)
        }
        guard !type.allows(amount, standard: figure) else { return }
        throw Refusal(
            .awardOutOfBounds, field: join(field, "amount_fen"),
            detail: Self.bounds(type, figure) ?? amount.description, clause: decided.clause)
    }

    /// The clause's limit as a short text: 不低于 3000.00 元.
    private static func bounds(_ type: AmountType, _ figure: Fen?) -> String? {
        guard let figure else { return nil }
        return switch type {
        case .floor: "≥ \(figure)"
        case .ceiling: "≤ \(figure)"
        default: "= \(figure)"
        }
    }

    private func checkRevocation(
        of earlier: EventReference, by decided: AwardDecided, field: String?
    ) throws(Refusal) {
        let found = household.awards.first { $0.reference == earlier }
        guard let found, found.revokedFrom == nil, found.decided.clause == decided.clause,
            found.decided.subject == decided.subject
        else { throw Refusal(.unknownDecision, field: join(field, "revokes"), detail: "#\(earlier.sequence)") }
        // What took a place is taken back through the unit, which frees it.
        guard found.decided.place == decided.place, found.decided.place?.grant == context.grant else {
            throw Refusal(.grantNeedsPlace, field: join(field, "revokes"), clause: decided.clause)
        }
        guard decided.period.end == nil, found.period.contains(decided.period.start) else {
            throw Refusal(
                .dayOrder, field: join(field, "period"), detail: decided.period.start.description,
                clause: decided.clause)
        }
    }
}

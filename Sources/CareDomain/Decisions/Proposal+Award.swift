extension Proposal {
    /// Whether a person may decide this about a right: the clause is published, something is there to decide on these
    /// days, and a sum lies within what the clause allows.
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
        try checkApplication(of: decided, on: day, field: field)
        let basis = basis(of: decided)
        try basis.check(decided, field: field)
        if decided.place != nil { try basis.checkBegun(decided, by: day, field: field) }
        let isKnown = household.awards.contains { $0.decided == decided && $0.revokedFrom == nil }
        if isKnown { throw Refusal(.nothingToDo) }
    }

    /// An exception, or an award above the floor, where the pack asks for two people, and any other sum than one that holds in
    /// principle: two different ones, whichever peers they speak through. A second person who is named must be another one in
    /// any case.
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
        case .granted(let amount):
            if let standard = principle(of: decided), standard != amount {
                throw Refusal(
                    .secondApproverMissing, field: join(field, "second_approver"), detail: "\(amount) ≠ \(standard)",
                    clause: decided.clause)
            }
            isNeeded = needed.contains(.aboveFloor) && exceeds(amount, decided)
        case .refused, .held, .revoked: isNeeded = false
        }
        guard isNeeded else { return }
        throw Refusal(
            .secondApproverMissing, field: join(field, "second_approver"), detail: decided.outcome.chinese,
            clause: decided.clause)
    }

    /// The sum from which only two people depart (原则上): the guidance's of a grant, otherwise the one determined for the first of
    /// the days; nil where the clause's sum does not hold in principle, or is not known.
    private func principle(of decided: AwardDecided) -> Fen? {
        let basis = basis(of: decided)
        guard (basis.made?.amountType ?? basis.amountType) == .inPrinciple else { return nil }
        if let place = decided.place, let project = context.policy.guidance(in: place.year)?.project(decided.clause) {
            return project.standard
        }
        return basis.figures(on: decided.period).first
    }

    /// Whether a sum lies above the clause's own figure on some of the days; where no figure is known, it may.
    private func exceeds(_ amount: Fen?, _ decided: AwardDecided) -> Bool {
        guard let amount else { return false }
        let figures = basis(of: decided).figures(on: decided.period)
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

    /// What the decision is held against: what is there to decide stands in the latest determination of the right.
    private func basis(of decided: AwardDecided) -> DecisionBasis {
        let made = household.determinations.first {
            $0.made.clause == decided.clause && $0.made.subject == decided.subject
        }?.made
        let refused = household.awards.filter {
            $0.decided.clause == decided.clause && $0.decided.subject == decided.subject
                && $0.decided.outcome == .refused && $0.revokedFrom == nil
        }
        return DecisionBasis(
            made: made, amountType: context.policy.clauses[decided.clause]?.amountType ?? .none,
            refusals: refused.map(DecisionBasis.StandingRefusal.init))
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

extension DecisionBasis.StandingRefusal {
    /// By its event, who decided, and its days.
    fileprivate init(_ award: DecidedAward) {
        let (number, start, last) = (award.reference.sequence, award.period.start, award.period.lastDay)
        self.init(
            award.reference,
            chinese: "事件 \(number)，\(award.by.map { "决定人 \($0)，" } ?? "")自 \(start) 起"
                + (last.map { "，至 \($0)" } ?? "，没有止日"),
            english: "event \(number)\(award.by.map { ", decided by \($0)" } ?? ""), from \(start)"
                + (last.map { " through \($0)" } ?? " without an end"))
    }
}

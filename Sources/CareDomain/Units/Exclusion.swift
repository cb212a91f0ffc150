/// 互斥: a clause by which what a household was granted bars another grant of it, as the pack has it under its readings.
/// - Source: 温卫发〔2021〕42号, 三末段 (WZ-3.7, WZ-3.8)
package struct Exclusion: Hashable, Sendable {
    /// Which year's grants bar.
    package enum Kind: Hashable, Sendable {
        /// 当年一项: a grant of the same calendar year.
        case onePerYear
        /// 上年已享受: one of the calendar year before.
        case priorYear
    }

    package var clause: ClauseID
    package var title: String
    package var kind: Kind
    /// The clauses that count as one another's like.
    package var among: [ClauseID]
    /// 原则上: an exception by two people overrides it; a hard one (不得) nothing does.
    package var isSoft: Bool
    /// Whether only a grant of the same item bars.
    package var onlySameItem: Bool
    /// Clauses that are one item.
    package var items: [[ClauseID]]
    /// Clauses whose grants to different beneficiaries do not bar one another.
    package var letsPass: [ClauseID]

    package init(
        clause: ClauseID, title: String, kind: Kind, among: [ClauseID], isSoft: Bool, onlySameItem: Bool = false,
        items: [[ClauseID]] = [], letsPass: [ClauseID] = []
    ) {
        self.clause = clause
        self.title = title
        self.kind = kind
        self.among = among
        self.isSoft = isSoft
        self.onlySameItem = onlySameItem
        self.items = items
        self.letsPass = letsPass
    }

    /// Whether an award that stands bars a grant.
    /// - Parameter isElsewhere: The award stands in another file of the family, so a grant is no change of it.
    package func bars(_ award: AwardDecided, _ wanted: AwardDecided, isElsewhere: Bool = false) -> Bool {
        guard award.outcome.gives, among.contains(award.clause), among.contains(wanted.clause) else { return false }
        let isSameRight = award.clause == wanted.clause && award.subject == wanted.subject
        switch kind {
        case .onePerYear:
            guard award.year == wanted.year else { return false }
            // The same right again is a change of its sum, unless it takes a place of its own.
            if isSameRight { return isElsewhere || award.place != nil || wanted.place != nil }
            let isPassed = letsPass.contains(award.clause) && letsPass.contains(wanted.clause)
            return !(isPassed && award.subject != wanted.subject)
        case .priorYear:
            guard award.year == wanted.year - 1 else { return false }
            let isSameItem =
                award.clause == wanted.clause
                || items.contains { $0.contains(award.clause) && $0.contains(wanted.clause) }
            return !onlySameItem || isSameItem
        }
    }
}

extension AwardDecided {
    /// The calendar year for which it is: that of its first day.
    package var year: Int { period.start.year }
}

extension AwardDecided.Outcome {
    /// Whether it gives something.
    package var gives: Bool {
        switch self {
        case .granted, .excepted: true
        case .refused, .held, .revoked: false
        }
    }
}

extension DecidedAward {
    /// Whether it still gives something on one of its days.
    package var stands: Bool { decided.outcome.gives && !period.isEmpty }
}

extension Proposal {
    /// Nothing that the household was granted bars the award, and a grant that takes a place comes through its unit.
    ///
    /// Decided here, in the household's own stream, so that of two units that grant at the same moment one is refused.
    /// - Source: WZ-3.7, WZ-3.8, WZ-A1
    func checkGrant(_ decided: AwardDecided, field: String?) throws(Refusal) {
        guard decided.outcome.gives else { return }
        let isOutside = decided.place == nil && context.policy.takesPlaces(decided.clause, in: decided.year)
        if isOutside || decided.place?.grant != context.grant {
            throw Refusal(.grantNeedsPlace, field: join(field, "clause"), clause: decided.clause)
        }
        let isException = if case .excepted = decided.outcome { decided.secondApprover != nil } else { false }
        guard !context.policy.exclusions.isEmpty else { return }
        // What a file was granted that this one took in, in that year or before, the household was granted; and what the file was
        // granted out of which this one came, before it did.
        let absorbed = try absorbedFiles(decided.clause).filter { $0.on.year <= decided.year }
        let elsewhere =
            absorbed.flatMap { one in one.file.awards.filter(\.stands).map { (file: one.file, award: $0) } }
            + household.earlierAwards(among: context.others)
        for exclusion in context.policy.exclusions where !(exclusion.isSoft && isException) {
            let reason = exclusion.kind == .onePerYear ? Refusal.Reason.grantStands : .grantPriorYear
            if let found = household.awards.first(where: { $0.stands && exclusion.bars($0.decided, decided) }) {
                throw Refusal(
                    reason, field: join(field, "clause"), detail: found.standingText(context.policy),
                    clause: exclusion.clause)
            }
            if let found = elsewhere.first(where: { exclusion.bars($0.award.decided, decided, isElsewhere: true) }) {
                throw Refusal(
                    reason, field: join(field, "clause"),
                    detail: "\(found.award.standingText(context.policy)) \(found.file.id)", clause: exclusion.clause)
            }
        }
    }

    /// A grant rests on an application that was confirmed by the day of the grant, where the pack says how one goes: before that
    /// the list hung out or an objection was open.
    /// - Source: WZ-4.1
    func checkApplication(of decided: AwardDecided, on day: CivilDay, field: String?) throws(Refusal) {
        guard let place = decided.place, context.policy.workflow(for: decided.clause) != nil else { return }
        let application = place.application.flatMap { household.application($0) }
        guard let application, application.state == .confirmed else {
            throw Refusal(.grantNeedsApplication, field: join(field, "clause"), clause: decided.clause)
        }
        if let confirmedOn = application.confirmedOn, day < confirmedOn {
            throw Refusal(
                .grantBeforeConfirmation, field: join(field, "occurred_on"), detail: confirmedOn.description,
                clause: decided.clause)
        }
    }
}

extension DecidedAward {
    /// What stands: `2021 WZ-3.2 关怀救助 3000.00 #12 330303`.
    fileprivate func standingText(_ policy: PolicyCatalog) -> String {
        var words = ["\(decided.year)", decided.clause.rawValue]
        if let title = policy.clauses[decided.clause]?.title { words.append(title) }
        if let amount = decided.outcome.amount { words.append("\(amount)") }
        words.append("#\(reference.sequence)")
        if let place = decided.place { words.append(place.unit.rawValue) }
        return words.joined(separator: " ")
    }
}

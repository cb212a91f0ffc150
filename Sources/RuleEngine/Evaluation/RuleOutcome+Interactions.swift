import CareDomain

/// A real grant of one of the clauses that bar one another.
struct Grant: Hashable, Sendable {
    let clause: ClauseID
    let subject: RuleSubject
    let year: Int
    /// Of this file; nil = it stands in the file from before a split or merge.
    let source: EventReference?
    /// The first year in which it bars: that of the move, of one in another file.
    var barsFrom = Int.min

    /// Where a grant of another file stands, in words.
    static let elsewhere = Wording(
        "分户、并户前的档案已有资助", "granted in the file from before the split or merge")
}

extension FactBase {
    /// What the files that were left had been granted by the day of the move: the family had it, in whichever file it goes on.
    func grantsElsewhere(knownAt: KnownAt) -> [Grant] {
        guard !others.isEmpty else { return [] }
        return arrivals.filter { knownAt.knows($0) }.flatMap { arrival in
            (others[arrival.source]?.decisions(knownAt: knownAt) ?? []).compactMap { award in
                guard award.gives, award.period.start < arrival.day else { return nil }
                return Grant(
                    clause: award.clause, subject: award.subject, year: award.period.start.year, source: nil,
                    barsFrom: arrival.day.year)
            }
        }
    }
}

extension Award {
    /// Whether it gives something.
    fileprivate var gives: Bool {
        switch outcome {
        case .granted, .excepted: true
        case .refused, .held, .revoked: false
        }
    }
}

extension PackRun {
    /// The grants of a pack's clauses, in the order in which they were decided.
    var grants: [Grant] {
        awards.compactMap { award in
            guard award.gives else { return nil }
            return Grant(
                clause: award.clause, subject: award.subject, year: award.period.start.year, source: award.source)
        }
    }

    /// Takes away what a grant of the household bars.
    /// - Parameter grants: all of the household, in the order in which they were decided. Those of the files that were left bar what
    ///   nobody granted here.
    /// - Source: WZ-3.7, WZ-3.8
    func barred(_ rule: Rule, _ subject: RuleSubject, _ pieces: [OutcomePiece], by grants: [Grant]) -> [OutcomePiece] {
        guard !grants.isEmpty || !grantsElsewhere.isEmpty, !pack.interactions.isEmpty else { return pieces }
        let standing = standing(grants) + grantsElsewhere
        var pieces = pieces
        for interaction in pack.interactions where interaction.among.contains(rule.clause) {
            let relevant = standing.filter { interaction.among.contains($0.clause) }
            var result: [OutcomePiece] = []
            for piece in pieces {
                guard piece.rightHolds, !relevant.isEmpty else {
                    result.join(piece)
                    continue
                }
                // An exception lifts what only should not be, on its own days.
                let exceptions = interaction.isSoft ? exceptions(rule.clause, subject) : []
                for var part in piece.cutByYears(around: relevant.map(\.year)).flatMap({ $0.cut(at: exceptions) }) {
                    if let bar = bar(interaction, rule.clause, subject, part, relevant) {
                        part = part.barred(by: interaction, grant: bar)
                    }
                    result.join(part)
                }
            }
            pieces = result
        }
        return pieces
    }

    /// The grants that themselves stand: of those that bar one another in a year, the ones decided first.
    private func standing(_ grants: [Grant]) -> [Grant] {
        var standing: [Grant] = []
        for grant in grants {
            let isBarred = pack.interactions.contains { interaction in
                interaction.kind == .onePerYear && interaction.among.contains(grant.clause)
                    && standing.contains { bars($0, interaction, grant.clause, grant.subject, grant.year) }
            }
            if !isBarred { standing.append(grant) }
        }
        return standing
    }

    /// Whether a grant of the same year stands in the way of another right.
    private func bars(
        _ grant: Grant, _ interaction: Interaction, _ clause: ClauseID, _ subject: RuleSubject, _ year: Int
    ) -> Bool {
        guard grant.year == year, year >= grant.barsFrom, interaction.among.contains(grant.clause) else { return false }
        // Given here it is the grant itself; in another file it was had there.
        if grant.clause == clause && grant.subject == subject { return grant.source == nil }
        guard let pass = interaction.letsPass, isOn(pass.when), grant.subject != subject else { return true }
        return !(pass.clauses.contains(grant.clause) && pass.clauses.contains(clause))
    }

    /// The grant that bars the piece, which lies within one calendar year; nil = none does.
    private func bar(
        _ interaction: Interaction, _ clause: ClauseID, _ subject: RuleSubject, _ piece: OutcomePiece,
        _ grants: [Grant]
    ) -> Grant? {
        let year = piece.period.start.year
        // What people granted here stands, whatever another file is found to have had.
        let grants = piece.decision == nil ? grants : grants.filter { $0.source != nil }
        let barring: Grant?
        switch interaction.kind {
        case .onePerYear:
            let isGranted = grants.contains {
                $0.clause == clause && $0.subject == subject && $0.year == year && $0.source != nil
            }
            barring = isGranted ? nil : grants.first { bars($0, interaction, clause, subject, year) }
        case .priorYear:
            barring = grants.first { grant in
                grant.year == year - 1 && year >= grant.barsFrom
                    && (!isOn(interaction.onlySameClause) || interaction.isSame(grant.clause, clause))
            }
        }
        guard let barring else { return nil }
        // 原则上 leaves room for an exception that a person made for these very days; 不得 leaves none.
        return interaction.isSoft && hasException(clause, subject, piece.period) ? nil : barring
    }

    private func isOn(_ when: Interaction.Case?) -> Bool {
        when.map { readings[$0.reading] == $0.choice } ?? false
    }

    private func exceptions(_ clause: ClauseID, _ subject: RuleSubject) -> [Award] {
        awards.filter { award in
            guard case .excepted = award.outcome else { return false }
            return award.clause == clause && award.subject == subject
        }
    }

    private func hasException(_ clause: ClauseID, _ subject: RuleSubject, _ period: DayPeriod) -> Bool {
        exceptions(clause, subject).contains { $0.period.intersection(period) != nil }
    }
}

extension OutcomePiece {
    /// The piece cut at the new years on both sides of each year and of the year after it.
    fileprivate func cutByYears(around years: [Int]) -> [OutcomePiece] {
        let borders = Set(years.flatMap { [$0, $0 + 1, $0 + 2] })
            .map { CivilMonth(year: $0, month: 1).firstDay }
            .filter { $0 > period.start && period.contains($0) }.sorted()
        var parts: [OutcomePiece] = []
        var start = period.start
        for end in borders.map(Optional.some) + [period.end] {
            var part = self
            part.period = DayPeriod(start: start, end: end)
            parts.append(part)
            start = end ?? start
        }
        return parts
    }

    /// Not given, because of a grant.
    fileprivate func barred(by interaction: Interaction, grant: Grant) -> OutcomePiece {
        var barred = OutcomePiece(period: period, status: .notEntitled, pack: pack)
        barred.unmet = [.barred(by: interaction.clause, isSoft: interaction.isSoft, grant: grant.source)]
        barred.facts = grant.source.map { facts.united(with: [$0]) } ?? facts
        return barred
    }
}

import CareDomain

/// What one clause says of one beneficiary on a day, in one line.
package struct ClauseAnswer: Sendable {
    package let clause: ClauseID
    package let title: Wording
    /// Whose answer it is: a role, or 户; nil = nobody of the household is in the circle of the clause.
    package let who: Wording?
    package let status: OutcomeStatus
    package let amount: Fen?
    package let cadence: Cadence
    /// Why the answer is no or open; nil where the clause gives something.
    package let reason: Wording?
}

extension Evaluator {
    /// Every clause about households of the documents in force for a place on a day, in the order of the documents, with
    /// what it says of each beneficiary in its circle, and once where nobody is.
    /// - Parameter division: where the household belongs on the day.
    package func overview(
        of facts: FactBase, in division: DivisionCode, on day: CivilDay, knownAt: KnownAt = .latest
    ) -> [ClauseAnswer] {
        let packs = registry.inForce(on: day, knownAt: knownAt).map(\.pack).filter {
            $0.territory.map(division.isWithin) ?? true
        }
        let found = outcomes(facts, knownAt, DayPeriod(start: day, end: day + 1), only: nil)
        return packs.flatMap { pack -> [ClauseAnswer] in
            pack.rules.filter { $0.unit.beneficiary.root == .household }.flatMap { rule -> [ClauseAnswer] in
                let subjects = found.filter { $0.pack == pack.id && $0.clause == rule.clause }.map(\.subject)
                let answers = subjects.compactMap {
                    explain(rule.clause, subject: $0, on: day, facts, knownAt: knownAt).map(ClauseAnswer.init)
                }
                return answers.isEmpty ? [ClauseAnswer(outside: rule)] : answers
            }
        }
    }
}

extension ClauseAnswer {
    fileprivate init(_ explanation: Explanation) {
        let isNo = explanation.nearest?.reason
        let waits = explanation.missing.map(\.wording) + explanation.failures.map(\.wording)
        let open =
            waits.isEmpty
            ? nil
            : Wording(
                waits.map(\.chinese).joined(separator: "；"), waits.map(\.english).joined(separator: "; "))
        self.init(
            clause: explanation.clause, title: explanation.title, who: explanation.who, status: explanation.status,
            amount: explanation.amount, cadence: explanation.cadence, reason: isNo ?? open)
    }

    fileprivate init(outside rule: Rule) {
        let told =
            (rule.who?.title).map { Wording("户内没有这类对象：\($0.chinese)", "nobody of the household is: \($0.english)") }
            ?? Wording("户内没有这类对象", "nobody of the household is meant")
        self.init(
            clause: rule.clause, title: rule.title, who: nil, status: .notEntitled, amount: nil,
            cadence: rule.unit.cadence, reason: told)
    }
}

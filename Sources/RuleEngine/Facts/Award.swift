import CareDomain

/// 人工决定: what a named person decided about a right, on both axes of time.
package struct Award: Hashable, Sendable {
    package var clause: ClauseID
    package var subject: RuleSubject
    package var outcome: AwardDecided.Outcome
    /// Days for which it holds; a revocation ends the earlier decision on its first day.
    package var period: DayPeriod
    package var recordedAt: Moment
    package var learnedOn: CivilDay?
    /// The event that says so.
    package var source: EventReference
    /// The event in whose place it stands: itself, or the first of those it corrects. Revocations name this one.
    package var original: EventReference
    /// When a correction or withdrawal took it out; nil = it stands.
    package var supersededAt: Moment?
    package var supersededLearnedOn: CivilDay?
    /// Accounts of the person who decided and of the second who approved; nil where the reader did not take them.
    package var decidedBy: Code?
    package var secondApprover: Code?
    /// The unit among whose guidance numbers it stands; nil = it takes no place.
    package var unit: DivisionCode?
    /// Whether a later decision took it back; its days end with that.
    package var isRevoked = false
    /// Whether it named no last day before it was taken back: then it was about the right that it found, and not about days.
    package var namedNoEnd = false
    /// Whether intake took it, or would have: then its sum lay within what the clause allowed when it was decided, and it stands
    /// whatever the clause's figure becomes later. One that a file only states is held against the figure of its days.
    package var wasTaken = true

    package init(
        clause: ClauseID, subject: RuleSubject, outcome: AwardDecided.Outcome, period: DayPeriod, recordedAt: Moment,
        learnedOn: CivilDay? = nil, source: EventReference, original: EventReference? = nil,
        supersededAt: Moment? = nil, supersededLearnedOn: CivilDay? = nil, decidedBy: Code? = nil,
        secondApprover: Code? = nil, unit: DivisionCode? = nil
    ) {
        self.unit = unit
        self.clause = clause
        self.subject = subject
        self.outcome = outcome
        self.period = period
        self.recordedAt = recordedAt
        self.learnedOn = learnedOn
        self.source = source
        self.original = original ?? source
        self.supersededAt = supersededAt
        self.supersededLearnedOn = supersededLearnedOn
        self.decidedBy = decidedBy
        self.secondApprover = secondApprover
    }
}

extension FactBase {
    /// The decisions that were known, in the order in which they were taken, each cut short by its revocation.
    package func decisions(knownAt: KnownAt) -> [Award] {
        guard !awards.isEmpty else { return [] }
        let known = awards.filter { award in
            guard knownAt.knows(recordedAt: award.recordedAt, learnedOn: award.learnedOn) else { return false }
            guard let superseded = award.supersededAt else { return true }
            return !knownAt.knows(recordedAt: superseded, learnedOn: award.supersededLearnedOn)
        }
        var ends: [EventReference: CivilDay] = [:]
        for award in known {
            guard case .revoked(let earlier) = award.outcome else { continue }
            ends[earlier] = min(ends[earlier] ?? award.period.start, award.period.start)
        }
        return known.compactMap { award in
            if case .revoked = award.outcome { return nil }
            guard let end = ends[award.original] else { return award }
            var cut = award
            cut.isRevoked = true
            cut.namedNoEnd = award.period.end == nil
            cut.period = DayPeriod(
                start: award.period.start, end: [award.period.end, end].compactMap { $0 }.min())
            return cut.period.isEmpty ? nil : cut
        }
        .sorted { ($0.recordedAt, $0.source) < ($1.recordedAt, $1.source) }
    }
}

/// 待遇决定: what a named person decided about one clause and one beneficiary, for a run of days.
///
/// A proposal (a floor, 原则上) becomes an award by it; a right can be held or, for once, given where the conditions do
/// not say so. It outranks every evaluation on its days until it expires or is revoked. Who decided is the actor of the
/// command, who stands in the record.
/// - Source: policies, Demands beyond per-household rules 3: decision is apart from rule result
package struct AwardDecided: Hashable, Sendable {
    /// What was decided.
    package enum Outcome: Hashable, Sendable {
        /// 批准: the sum is awarded, per cadence unit; it must lie within what the clause allows.
        case granted(Fen)
        /// 不予批准: the proposal is turned down.
        case refused
        /// 暂缓: the right stands and is due, nothing is paid meanwhile; the month in which the hold ends pays what it kept back.
        case held
        /// 例外: given although the conditions do not say so; nil = the clause's own figure.
        case excepted(Fen?)
        /// 撤销: an earlier decision no longer holds from the first day on.
        case revoked(EventReference)
    }

    package var clause: ClauseID
    package var subject: FactSubject
    package var outcome: Outcome
    /// Days on which the decision holds; for a revocation from its first day on, without end.
    package var period: DayPeriod
    /// Why, a code; the words stand in the sealed parts.
    package var reason: Code
    package var sealed: [SealedPart]
    /// Account of a second person who approved it; nil where nobody did.
    package var secondApprover: Code?
    /// The place among a unit's guidance numbers; nil for decisions that take none.
    package var place: GrantPlace?

    package init(
        clause: ClauseID, subject: FactSubject, outcome: Outcome, period: DayPeriod, reason: Code,
        sealed: [SealedPart] = [], secondApprover: Code? = nil, place: GrantPlace? = nil
    ) {
        self.clause = clause
        self.subject = subject
        self.outcome = outcome
        self.period = period
        self.reason = reason
        self.sealed = sealed
        self.secondApprover = secondApprover
        self.place = place
    }
}

extension AwardDecided.Outcome {
    /// The sum decided; nil when none was.
    package var amount: Fen? {
        switch self {
        case .granted(let amount): amount
        case .excepted(let amount): amount
        case .refused, .held, .revoked: nil
        }
    }

    /// Stable code: granted, refused, held, excepted, revoked.
    package var code: String {
        switch self {
        case .granted: "granted"
        case .refused: "refused"
        case .held: "held"
        case .excepted: "excepted"
        case .revoked: "revoked"
        }
    }

    /// 批准, 不予批准 …
    package var chinese: String {
        switch self {
        case .granted: "批准"
        case .refused: "不予批准"
        case .held: "暂缓"
        case .excepted: "例外批准"
        case .revoked: "撤销决定"
        }
    }
}

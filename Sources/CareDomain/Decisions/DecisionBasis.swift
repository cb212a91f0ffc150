/// What a person's decision about a right is held against: the right as it was determined, and how binding the clause's figure is.
///
/// Pure, and the only place where it is decided: intake asks it with the latest determination on record, a trial of a pack with
/// the one that it computes, so that both refuse the same decisions for the same reasons.
/// - Source: policies, Amount types: award ≥ floor; below = refused
package struct DecisionBasis: Sendable {
    /// The determination of the same clause and subject; nil = there is none yet.
    package let made: DeterminationMade?
    /// How binding the clause's figure is as published.
    package let amountType: AmountType
    /// Refusals of the right that nobody took back.
    private let refusals: [StandingRefusal]

    /// 不予批准: a refusal that nobody took back, as people find it: `事件 27，决定人 czfp，自 2013-07-01 起`.
    package struct StandingRefusal: Hashable, Sendable {
        let reference: EventReference
        let chinese: String
        let english: String

        package init(_ reference: EventReference, chinese: String, english: String) {
            self.reference = reference
            self.chinese = chinese
            self.english = english
        }
    }

    /// What one payment may come to: 100 million yuan. Whatever is decided can be carried out.
    private static let largest = Fen(10_000_000_000)

    package init(made: DeterminationMade?, amountType: AmountType, refusals: [StandingRefusal] = []) {
        self.made = made
        self.amountType = amountType
        self.refusals = refusals
    }

    /// Whether something is there to decide on these days, and a sum lies within what the clause allows.
    ///
    /// While the determination asks for facts or a parameter, only a sum that no figure can contradict is taken.
    /// - Throws: `nothingToDecide`, `refusalStands`, `amountIsFixed` or `awardOutOfBounds`; a retry helps once the right is
    ///   determined otherwise, of `refusalStands` once that is taken back.
    package func check(_ decided: AwardDecided, field: String? = nil) throws(Refusal) {
        switch decided.outcome {
        case .granted(let amount):
            let standing = try standing(decided, field: field)
            guard standing.amountType.needsDecision else {
                let figure = standing.intervals.lazy.compactMap(\.figure).first
                throw Refusal(
                    .amountIsFixed, field: join(field, "clause"),
                    detail: decided.clause.rawValue + (figure.map { " = \($0)" } ?? ""), clause: decided.clause)
            }
            for interval in standing.intervals {
                try check(amount, standing.amountType, interval.figure, decided, field: field)
            }
        case .refused, .held: _ = try standing(decided, field: field)
        case .excepted(let amount):
            guard let amount else { return }
            let figures = figures(on: decided.period)
            for figure in figures { try check(amount, amountType, figure, decided, field: field) }
            if figures.isEmpty { try check(amount, amountType, nil, decided, field: field) }
        case .revoked: return
        }
    }

    /// Whether the right that is granted had begun by the day of the grant: before the document, or before the facts on which
    /// it rests, nothing is there to grant.
    /// - Throws: `grantBeforeRight`; a retry helps with a later day.
    func checkBegun(_ decided: AwardDecided, by day: CivilDay, field: String?) throws(Refusal) {
        guard case .granted = decided.outcome else { return }
        let starts = try standing(decided, field: field).intervals.map(\.period.start)
        guard let first = starts.min(), day < first else { return }
        throw Refusal(
            .grantBeforeRight, field: join(field, "occurred_on"), detail: first.description, clause: decided.clause)
    }

    /// The clause's own figures on the days.
    package func figures(on days: DayPeriod) -> [Fen] {
        made?.intervals.filter { $0.period.intersection(days) != nil }.compactMap(\.figure) ?? []
    }

    /// The determination on which the decision acts, with those of its intervals with the right that lie in the decision's days.
    /// What is given once and whose conditions end and begin again is granted for the first of the stretches that it touches.
    private func standing(_ decided: AwardDecided, field: String?) throws(Refusal) -> DeterminationMade {
        let nothing = Refusal(
            .nothingToDecide, field: join(field, "period"), detail: decided.period.start.description,
            clause: decided.clause)
        guard var made else { throw nothing }
        let days = made.intervals.filter { $0.period.intersection(decided.period) != nil }
        // Of days that a file has from before a split or merge nothing is to decide here.
        made.intervals = days.filter { $0.rightHolds && $0.status != .notEntitled }
        guard !made.intervals.isEmpty else {
            let refused = days.compactMap { day in refusals.first { $0.reference == day.decision } }.last
            throw refused.map {
                Refusal(
                    .refusalStands, field: join(field, "period"), detail: decided.period.start.description,
                    words: $0.chinese, english: $0.english, clause: decided.clause)
            } ?? nothing
        }
        if made.rhythm == .once, case .granted = decided.outcome { made.intervals = made.intervals.firstInARow }
        return made
    }

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

    private func join(_ field: String?, _ part: String) -> String { field.map { "\($0).\(part)" } ?? part }
}

extension [DeterminationMade.Interval] {
    /// The first, and those that follow it without a break.
    fileprivate var firstInARow: [DeterminationMade.Interval] {
        var result: [DeterminationMade.Interval] = []
        for interval in self where result.last.map({ $0.period.end == interval.period.start }) ?? true {
            result.append(interval)
        }
        return result
    }
}

/// 结算: a unit's year settled, with everything it was computed from, exact in fen.
/// - Source: 温卫发〔2021〕42号, 四、附件3 五 (WZ-4.3, WZ-A3.5, WZ-A3.5a, WZ-A3.5b, WZ-A3.5c)
package struct Settlement: Hashable, Sendable {
    /// What one project cost: the grants that stand.
    package struct ProjectCost: Hashable, Sendable {
        package var clause: ClauseID
        package var grants: Int
        package var amount: Fen

        package init(clause: ClauseID, grants: Int, amount: Fen) {
            self.clause = clause
            self.grants = grants
            self.amount = amount
        }
    }

    /// The result under one choice of readings.
    package struct Result: Hashable, Sendable {
        package var mode: ReductionTerms.Mode
        package var step: ReductionTerms.Step
        /// Points below the full score that count.
        package var below: Points
        /// The city's ratio in whole numbers.
        package var numerator: Int64
        package var denominator: Int64
        /// The ratio of the cost, rounded once, half up.
        package var share: Fen
        /// What the budget leaves of it.
        package var settled: Fen

        package init(
            mode: ReductionTerms.Mode, step: ReductionTerms.Step, below: Points, numerator: Int64, denominator: Int64,
            share: Fen, settled: Fen
        ) {
            self.mode = mode
            self.step = step
            self.below = below
            self.numerator = numerator
            self.denominator = denominator
            self.share = share
            self.settled = settled
        }
    }

    package var year: Int
    /// 1 for the first of the year.
    package var version: Int
    /// Why an earlier one is replaced.
    package var reason: Code?
    package var pack: PackID
    package var packHash: [UInt8]
    package var shares: CostShares
    package var fullFrom: Points
    package var score: Points
    /// In order of clauses.
    package var projects: [ProjectCost]
    /// nil = none is set, and nothing is cut.
    package var budget: Fen?
    /// The advance as set.
    package var advance: Fen
    /// What the year before left to be deducted from it.
    package var carriedIn: Fen
    /// Under the readings in force.
    package var result: Result
    /// Under every choice of readings.
    package var alternatives: [Result]

    package init(
        year: Int, version: Int, reason: Code?, pack: PackID, packHash: [UInt8], shares: CostShares, fullFrom: Points,
        score: Points, projects: [ProjectCost], budget: Fen?, advance: Fen, carriedIn: Fen, result: Result,
        alternatives: [Result]
    ) {
        self.year = year
        self.version = version
        self.reason = reason
        self.pack = pack
        self.packHash = packHash
        self.shares = shares
        self.fullFrom = fullFrom
        self.score = score
        self.projects = projects
        self.budget = budget
        self.advance = advance
        self.carriedIn = carriedIn
        self.result = result
        self.alternatives = alternatives
    }

    /// 确认的活动经费: what all grants that stand add up to.
    package var cost: Fen { projects.reduce(.zero) { $0 + $1.amount } }

    /// What of the advance is paid out: less what the year before left, and never below nothing.
    package var paidOut: Fen { max(.zero, advance - carriedIn) }

    /// What the unit has in hand of the city's money: paid out this year, and left from the year before.
    package var inHand: Fen { paidOut + carriedIn }

    /// 补拨: what the city still pays.
    package var balance: Fen { max(.zero, result.settled - inHand) }

    /// 结转扣减: what is deducted from next year's advance; nothing is taken back in cash.
    package var carriedOut: Fen { max(.zero, inHand - result.settled) }
}

extension Settlement.Result {
    /// What the city bears of a cost at a score.
    ///
    /// Whole numbers throughout: the ratio is a fraction, and only its product with the cost is rounded, once and half up.
    /// - Parameters:
    ///   - cost: In fen, not negative.
    ///   - score: Of 100 points.
    ///   - shares: The city's and the unit's parts.
    ///   - terms: From which score the share is full, and the readings of what falls below it.
    ///   - budget: nil = nothing is cut.
    package init(cost: Fen, score: Points, shares: CostShares, terms: ReductionTerms, budget: Fen?) {
        let missing = max(0, terms.fullFrom.thousandths - score.thousandths)
        let below =
            switch terms.step {
            case .wholePoints: missing / 1000 * 1000
            case .proRata: missing
            }
        // A point is a hundredth, and points are told in thousandths: a hundred thousandth each.
        let whole: Int64 = 100_000
        let numerator =
            switch terms.mode {
            case .percentagePoint: max(0, shares.city * whole - below * (shares.city + shares.unit))
            case .relative: shares.city * max(0, whole - below)
            }
        let denominator = (shares.city + shares.unit) * whole
        let share = cost.share(numerator, of: denominator)
        self.init(
            mode: terms.mode, step: terms.step, below: Points(thousandths: below), numerator: numerator,
            denominator: denominator, share: share, settled: budget.map { min($0, share) } ?? share)
    }

    /// The results under every choice of readings, in their order.
    static func all(
        cost: Fen, score: Points, shares: CostShares, fullFrom: Points, budget: Fen?
    ) -> [Settlement.Result] {
        ReductionTerms.Mode.allCases.flatMap { mode in
            ReductionTerms.Step.allCases.map { step in
                Settlement.Result(
                    cost: cost, score: score, shares: shares,
                    terms: ReductionTerms(fullFrom: fullFrom, mode: mode, step: step), budget: budget)
            }
        }
    }
}

extension Fen {
    /// A fraction of an amount that is not negative, rounded once, half up. The fraction is at most one.
    func share(_ numerator: Int64, of denominator: Int64) -> Fen {
        let product = amount.magnitude.multipliedFullWidth(by: numerator.magnitude)
        let (quotient, rest) = denominator.magnitude.dividingFullWidth((product.high, product.low))
        // The rest is smaller than the divisor, which is far below half of what the type holds.
        return Fen(Int64(quotient) + (rest * 2 >= denominator.magnitude ? 1 : 0))
    }
}

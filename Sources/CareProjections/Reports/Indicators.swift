import CareDomain
import RuleEngine

/// 指标: what the clauses of a pack that set aims for a city come to in a division, on a day, as known at a moment; or what the
/// clauses about villages give one village.
///
/// Figures that offices stated count; where none is known, what the families' records come to. Pure: the same inputs give
/// the same answer.
package struct Indicators: Sendable {
    /// How one clause stands. The raw value is the stable code.
    package enum State: String, Hashable, Sendable {
        case reached, missed
        /// 不适用: there is nothing to divide by yet, so that a rate that is held against a bound does not exist.
        case notApplicable = "not_applicable"
        /// The clause says how much money there must be; whether it is there, the figures tell.
        case computed
        case needsFact = "needs_fact"
        case needsParameter = "needs_parameter"
        case failed
        /// 数字矛盾: figures that it reads cannot both be right, so it is not judged.
        case contradicted
        /// Of a village: whether the clause gives it something on the day.
        case entitled
        case notEntitled = "not_entitled"
    }

    /// One clause.
    package struct Line: Hashable, Sendable {
        package let clause: ClauseID
        package let title: Wording
        package let state: State
        /// In thousandths of the unit.
        package let measure: Int64?
        package let unit: String
        /// What is missing or missed.
        package let reasons: [Wording]
    }

    /// One figure that counted.
    package struct Input: Hashable, Sendable {
        package let fact: FactID
        package let title: Wording
        package let value: FactValue
        /// Where an office stated it; nil = it was counted.
        package let stated: EventReference?
        /// What the families' records come to; nil = they do not tell.
        package let counted: FactValue?
    }

    package let lines: [Line]
    package let inputs: [Input]

    /// - Parameters:
    ///   - pack: The pack; of it the version in force on the day answers.
    ///   - figures: What offices stated, in the order of the division's book.
    ///   - counted: What the families' records come to for the period.
    ///   - day: Day of the period on which the clauses are judged.
    ///   - root: Whom the clauses are about: the city, or a village, whose clauses also look at earlier years.
    package init?(
        _ evaluator: Evaluator, pack: PackID, figures: [DutyBook.Figure], counted: [FactID: FactValue],
        on day: CivilDay, knownAt: Moment, of root: EntityKind = .city
    ) {
        guard
            let version = evaluator.registry.inForce(on: day, knownAt: .recorded(knownAt))
                .first(where: { $0.pack.id == pack })?.pack
        else { return nil }
        let known = figures.filter { figure in
            figure.stated.pack == pack && figure.recordedAt <= knownAt
                && figure.replacedAt.map { $0 > knownAt } ?? true
        }
        var told: [Told] = []
        var statements: [FactStatement] = []
        for definition in version.vocabulary.facts where definition.subject == root {
            let figures = known.filter { $0.stated.fact == definition.id }
            guard root == .city else {
                for figure in figures {
                    // Clauses about villages look at several years: each figure says its own.
                    let period = figure.stated.period.rawValue
                    told.append(
                        Told(
                            Input(
                                fact: definition.id,
                                title: Wording(
                                    "\(definition.title.chinese)（\(period)）", "\(definition.title.english) (\(period))"),
                                value: figure.stated.value, stated: figure.reference, counted: nil), figure))
                    statements.append(FactStatement(figure, on: day))
                }
                continue
            }
            let stated = figures.last { $0.stated.days?.contains(day) ?? false }
            let count = counted[definition.id]
            guard let value = stated?.stated.value ?? count else { continue }
            told.append(
                Told(
                    Input(
                        fact: definition.id, title: definition.title, value: value, stated: stated?.reference,
                        counted: count), stated))
            statements.append(
                FactStatement(
                    fact: definition.id, subject: .household, value: value,
                    period: stated?.stated.days ?? DayPeriod(start: day, end: day + 1),
                    recordedAt: stated?.recordedAt ?? knownAt, source: stated?.reference ?? EventReference(sequence: 0))
            )
        }
        let facts = FactBase(root: root, statements: statements)
        inputs = told.map(\.input)
        let contradictions = Self.contradictions(in: told, version, of: root)
        let gaps = FigureGaps(evaluator, version, statements, on: day, knownAt: knownAt, of: root)
        lines = Self.lines(evaluator, version, facts, gaps, on: day, knownAt: .recorded(knownAt), of: root)
            .map { line in line.contradicted(by: contradictions, version) }
    }

    private static func lines(
        _ evaluator: Evaluator, _ version: RulePack, _ facts: FactBase, _ gaps: FigureGaps, on day: CivilDay,
        knownAt: KnownAt, of root: EntityKind
    ) -> [Line] {
        var gaps = gaps
        let outcomes = evaluator.evaluate(facts, knownAt: knownAt, over: DayPeriod(start: day, end: day + 1))
            .filter { $0.pack == version.id }
        return version.rules.filter { $0.unit.beneficiary == root }.compactMap { rule in
            guard let piece = outcomes.first(where: { $0.clause == rule.clause })?.piece(on: day) else { return nil }
            let why = evaluator.explain(rule.clause, subject: .household, on: day, facts, knownAt: knownAt)
            let reasons = piece.rightHolds ? [] : (why?.unmet.map(\.title) ?? [])
            // A yuan is a hundred fen and a thousand thousandths.
            let measure = piece.measure ?? piece.amount.map { $0.amount * 10 }
            var state = State(piece.status, givesMoney: rule.amount != nil)
            if root != .city, state != .failed, piece.rightHolds { state = .entitled }
            if root != .city, state == .missed { state = .notEntitled }
            // Where a bound decides, the conditions only say whether there is a rate (XM-6.2: nothing due is no rate).
            if state == .missed, rule.measure?.least != nil { state = .notApplicable }
            var short: [Wording] = []
            if state == .reached, let measure, let aim = rule.measure, let least = aim.least, measure < least {
                state = .missed
                let figure = Decimals.text(thousandths: least)
                short = [Wording("不到 \(figure)\(aim.unit)", "below \(figure)\(aim.unit)")]
            }
            return Line(
                clause: rule.clause, title: rule.title, state: state,
                measure: measure, unit: rule.measure?.unit ?? (piece.amount == nil ? "" : "元"),
                reasons: reasons + short + (why?.missing.map { gaps.told($0, for: rule.clause) } ?? [])
                    + (why?.failures.map(\.wording) ?? []))
        }
    }
}

extension FactStatement {
    /// A figure as a fact of its own period.
    fileprivate init(_ figure: DutyBook.Figure, on day: CivilDay) {
        self.init(
            fact: figure.stated.fact, subject: .household, value: figure.stated.value,
            period: figure.stated.days ?? DayPeriod(start: day, end: day + 1), recordedAt: figure.recordedAt,
            source: figure.reference)
    }
}

extension Indicators.State {
    fileprivate init(_ status: OutcomeStatus, givesMoney: Bool) {
        switch status {
        case .entitled, .proposed, .held: self = givesMoney ? .computed : .reached
        case .notEntitled: self = .missed
        case .needsFact: self = .needsFact
        case .needsParameter: self = .needsParameter
        case .failed: self = .failed
        }
    }
}

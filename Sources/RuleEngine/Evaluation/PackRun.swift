import CareDomain

/// One pack version at work on one household: finds the stretches of days between which answers change.
struct PackRun {
    let pack: RulePack
    let readings: [FactValue]
    let awards: [Award]
    /// What the files that were left had been granted.
    let grantsElsewhere: [Grant]
    private var interpreter: Interpreter

    /// Whether what people decided, here or in a file that was left, may change what the conditions say.
    var hasDecisions: Bool { !awards.isEmpty || !grantsElsewhere.isEmpty }

    init(
        _ pack: RulePack, facts: FactBase, knownAt: KnownAt, parameters: [ParameterValue], choices: ReadingChoices
    ) {
        self.pack = pack
        let readings = pack.positions(choices)
        self.readings = readings
        awards = facts.decisions(knownAt: knownAt)
        grantsElsewhere = pack.interactions.isEmpty ? [] : facts.grantsElsewhere(knownAt: knownAt)
        let program = Program(
            definitions: pack.definitions.map(\.expression), readings: readings.map(Value.init),
            parameters: ParameterTable(pack.parameters, set: parameters, knownAt: knownAt),
            parameterIDs: pack.parameters.map(\.id), ageShift: pack.ageShift(readings))
        let view = FactView(facts, vocabulary: pack.vocabulary, knownAt: knownAt)
        interpreter = Interpreter(view: view, program: program)
    }

    var view: FactView { interpreter.view }

    private func isOn(_ reading: String, _ choice: String) -> Bool {
        pack.reading(reading).map { readings[$0] == .code(Code(unchecked: choice)) } ?? false
    }

    /// Entities a rule may be asked for.
    private func entities(_ kind: EntityKind) -> Range<Int> {
        switch kind {
        case .person: view.persons
        case .incident: view.incidents
        case .household, .village, .unit, .city, .loan: 0..<1
        }
    }

    /// The answers of every rule for each of its entities, one-offs and awards not settled yet. With `only`, just that
    /// clause for that subject; without, entities that are never in the circle of a rule are left out.
    mutating func pieces(
        over period: DayPeriod, only: (clause: ClauseID, subject: RuleSubject)?
    ) -> [(key: OutcomeKey, rule: Rule, pieces: [OutcomePiece])] {
        var result: [(key: OutcomeKey, rule: Rule, pieces: [OutcomePiece])] = []
        for rule in pack.rules
        where rule.unit.beneficiary.root == view.root && (only == nil || only?.clause == rule.clause) {
            for entity in entities(rule.unit.beneficiary) where only == nil || only?.subject == view.entities[entity] {
                let pieces = pieces(rule, entity, over: period)
                guard only != nil || pieces.contains(where: { $0.unmet != [.who] }) else { continue }
                result.append((OutcomeKey(clause: rule.clause, subject: view.entities[entity]), rule, pieces))
            }
        }
        return result
    }

    /// The answers of one rule for one entity, piece by piece.
    private mutating func pieces(_ rule: Rule, _ entity: Int, over period: DayPeriod) -> [OutcomePiece] {
        // A unit's, city's or village's figures are about a year and known only after it.
        let confirmed = view.root == .household && isOn("rights_from", "confirmed")
        let decisions = decisions(rule, view.entities[entity])
        var raw: [OutcomePiece] = []
        var stretches = Stretches(period)
        while let day = stretches.day {
            interpreter.start(day: day)
            var piece = answer(rule, entity, CivilDay(dayNumber: day))
            var exception: Award?
            var change = Int32.max
            if !decisions.isEmpty {
                (exception, change) = Evaluator.exceptionAndChange(in: decisions, on: day)
                if let exception, !piece.rightHolds { piece = excepted(rule, entity, exception) }
            }
            piece.facts = piece.facts.united(with: interpreter.usedFacts)
            piece.period = stretches.next(changeOn: min(interpreter.next, change))
            let isConfirmed = !confirmed || piece.decision != nil
            let parts = isConfirmed ? [piece] : piece.confirmed(on: interpreter.uses.map(\.knownOn).max())
            for part in parts { raw.join(part) }
        }
        return raw
    }

    /// Decisions about one right, in the order in which they were taken.
    private func decisions(_ rule: Rule, _ subject: RuleSubject) -> [Award] {
        awards.isEmpty ? [] : awards.filter { $0.clause == rule.clause && $0.subject == subject }
    }

    /// What the clause gives, whatever its conditions say.
    private mutating func excepted(_ rule: Rule, _ entity: Int, _ exception: Award) -> OutcomePiece {
        var piece = OutcomePiece(period: exception.period, status: .notEntitled, pack: pack.reference)
        grant(rule, entity, &piece)
        piece.except(by: exception)
        return piece
    }

    // MARK: One day

    private mutating func answer(_ rule: Rule, _ entity: Int, _ day: CivilDay) -> OutcomePiece {
        var piece = OutcomePiece(period: DayPeriod(start: day), status: .notEntitled, pack: pack.reference)
        var unknown: UnknownSet?
        if let who = rule.who {
            switch interpreter.evaluate(who.expression, subject: entity) {
            case .bool(true): break
            case .bool(false):
                piece.unmet = [.who]
                return piece
            case .unknown(let set): unknown = set
            case .error(let error): piece.failure = error
            default: piece.failure = .noSuchOverload
            }
        }
        for index in rule.conditions.indices {
            switch interpreter.evaluate(rule.conditions[index].expression, subject: entity) {
            case .bool(true): break
            case .bool(false): piece.unmet.append(.condition(index))
            case .unknown(let set): unknown = unknown.map { $0.union(set) } ?? set
            case .error(let error): piece.failure = error
            default: piece.failure = .noSuchOverload
            }
        }
        if !piece.unmet.isEmpty {
            piece.failure = nil
            tellMeasure(rule, entity, &piece)
        } else if let unknown {
            tellMeasure(rule, entity, &piece)
            piece.wait(for: unknown)
        } else if piece.failure != nil {
            piece.status = .failed
        } else {
            grant(rule, entity, &piece)
        }
        return piece
    }

    /// The right holds: what it gives, who pays, what to tell.
    private mutating func grant(_ rule: Rule, _ entity: Int, _ piece: inout OutcomePiece) {
        piece.rightHolds = true
        piece.status = rule.amount?.type.needsDecision ?? false ? .proposed : .entitled
        var waits: UnknownSet?
        func take<T>(_ value: Value, _ known: (Value) -> T?) -> T? {
            switch value {
            case .unknown(let set): waits = waits.map { $0.union(set) } ?? set
            case .error(let error): piece.failure = error
            default:
                if let known = known(value) { return known }
                piece.failure = .noSuchOverload
            }
            return nil
        }
        if let amount = rule.amount {
            var isComputed = true
            if let when = amount.when {
                isComputed =
                    take(interpreter.evaluate(when, subject: entity)) {
                        if case .bool(let flag) = $0 { flag } else { nil }
                    }
                    ?? false
                // Nobody has to decide on a sum where there is none.
                if !isComputed { piece.status = .entitled }
            }
            if isComputed, let money = amount.money {
                piece.amount = take(interpreter.evaluate(money, subject: entity)) {
                    if case .money(let fen) = $0 { fen } else { nil }
                }
                if let sum = piece.amount, sum < .zero {
                    piece.amount = nil
                    piece.failure = .negativeSum
                }
            }
            if let hours = amount.hours {
                piece.hours = take(interpreter.evaluate(hours, subject: entity)) {
                    if case .decimal(let number) = $0 { number } else { nil }
                }
            }
            if let rate = amount.hourlyRate {
                piece.hourlyRate = take(interpreter.evaluate(rate, subject: entity)) {
                    if case .money(let fen) = $0 { fen } else { nil }
                }
            }
        }
        if let measure = rule.measure {
            // A figure too large to be told leaves the right as it is.
            let figure = interpreter.evaluate(measure.expression, subject: entity)
            piece.measure = take(figure) { .some($0.measured) } ?? nil
        }
        choosePayer(rule, entity, &piece)
        for (index, warning) in rule.warnings.enumerated()
        where interpreter.evaluate(warning.expression, subject: entity) == .bool(true) {
            piece.warnings.append(index)
        }
        if let waits {
            piece.wait(for: waits)
        } else if piece.failure != nil {
            piece.status = .failed
        }
    }

    /// The right does not hold or is not known: the figure of a rule that always tells it, where it can be computed.
    private mutating func tellMeasure(_ rule: Rule, _ entity: Int, _ piece: inout OutcomePiece) {
        guard let measure = rule.measure, measure.isAlways else { return }
        piece.measure = interpreter.evaluate(measure.expression, subject: entity).measured
    }

    private mutating func choosePayer(_ rule: Rule, _ entity: Int, _ piece: inout OutcomePiece) {
        for payer in rule.payers {
            guard let condition = payer.condition else {
                share(payer, entity, &piece)
                return
            }
            switch interpreter.evaluate(condition, subject: entity) {
            case .bool(true):
                share(payer, entity, &piece)
                return
            case .bool(false): continue
            case .unknown(let set):
                piece.missingForPayer = set.items
                return
            default:
                piece.failure = .noSuchOverload
                return
            }
        }
    }

    /// The parts of a case that holds. Computed ones are given in lowest terms; while one of them is unknown, the payer is
    /// open and right and sum stand.
    private mutating func share(_ payer: PayerCase, _ entity: Int, _ piece: inout OutcomePiece) {
        guard !payer.computed.isEmpty else {
            piece.payers = payer.shares
            return
        }
        var shares: [PayerShare] = []
        var missing: UnknownSet?
        for part in payer.computed {
            switch interpreter.evaluate(part.expression, subject: entity) {
            case .money(let fen) where fen >= .zero:
                shares.append(PayerShare(payer: part.payer, parts: fen.amount))
            case .int(let number) where number >= 0:
                shares.append(PayerShare(payer: part.payer, parts: number))
            case .unknown(let set): missing = missing.map { $0.union(set) } ?? set
            default: piece.failure = .noSuchOverload
            }
        }
        if let missing {
            piece.missingForPayer = missing.items
        } else if piece.failure == nil {
            piece.payers = shares.inLowestTerms
        }
    }

    // MARK: Derived facts and conditions over time

    /// The values of a derived fact for one subject.
    mutating func timeline(_ definition: Int, _ subject: RuleSubject, over period: DayPeriod) -> [DerivedPiece] {
        guard let entity = view.entities.firstIndex(of: subject) else { return [] }
        return timeline(pack.definitions[definition].expression, entity, over: period)
    }

    mutating func timeline(_ expression: CheckedExpression, _ entity: Int, over period: DayPeriod) -> [DerivedPiece] {
        var result: [DerivedPiece] = []
        let reference = pack.reference
        var stretches = Stretches(period)
        while let day = stretches.day {
            interpreter.start(day: day)
            let value = interpreter.evaluate(expression, subject: entity)
            let days = stretches.next(changeOn: interpreter.next)
            var piece = DerivedPiece(
                period: days, value: nil, missing: [], facts: interpreter.usedFacts, pack: reference)
            switch value {
            case .bool(let flag): piece.value = flag
            case .unknown(let set): piece.missing = set.items
            default: break
            }
            if var last = result.last, last.value == piece.value, last.missing == piece.missing {
                last.period = DayPeriod(start: last.period.start, end: days.end)
                last.facts = last.facts.united(with: piece.facts)
                result[result.count - 1] = last
            } else {
                result.append(piece)
            }
        }
        return result
    }

    /// The value of an expression on one day, with the facts it looked at.
    mutating func evaluate(
        _ expression: CheckedExpression, _ entity: Int, on day: CivilDay
    ) -> (value: Value, uses: [FactUse]) {
        interpreter.start(day: day.dayNumber)
        let value = interpreter.evaluate(expression, subject: entity)
        return (value, interpreter.uses)
    }

    /// The value of one node of an expression on one day.
    mutating func part(_ node: Int, of expression: CheckedExpression, _ entity: Int, on day: CivilDay) -> Value {
        interpreter.start(day: day.dayNumber)
        return interpreter.part(node, of: expression, subject: entity)
    }

    /// The innermost part of an expression that fails on one day; nil where it fails in none.
    mutating func failedPart(of expression: CheckedExpression, _ entity: Int, on day: CivilDay) -> FailedPart? {
        interpreter.start(day: day.dayNumber)
        return interpreter.failedPart(of: expression, subject: entity)
    }

    // MARK: Human decisions

    /// Settles one-offs, puts awards in place of proposals, and takes away what a grant bars.
    /// - Parameter types: how binding the figure of a version is, where several answered; otherwise as the rule says.
    func settled(
        _ rule: Rule, _ subject: RuleSubject, _ raw: [OutcomePiece], types: [PackReference: AmountType] = [:]
    ) -> [OutcomePiece] {
        borneAndBarred(rule, subject, decided(rule, subject, raw, types: types))
    }

    /// Settles one-offs and puts awards in place of proposals.
    func decided(
        _ rule: Rule, _ subject: RuleSubject, _ raw: [OutcomePiece], types: [PackReference: AmountType] = [:]
    ) -> [OutcomePiece] {
        let decisions = withinYear(decisions(rule, subject), rule.clause)
        let type = rule.amount?.type ?? .none
        guard rule.unit.cadence == .once else {
            return decisions.isEmpty ? raw : raw.decided(by: decisions, type, types: types)
        }
        let topUp = rule.topUp.map { readings[$0] == .bool(true) } ?? false
        return raw.settledOnce(topUp: topUp, by: decisions, type, types: types)
    }

    /// Says who bears what people granted, and takes away what a grant bars.
    func borneAndBarred(_ rule: Rule, _ subject: RuleSubject, _ pieces: [OutcomePiece]) -> [OutcomePiece] {
        let decisions = withinYear(decisions(rule, subject), rule.clause)
        return barred(rule, subject, borne(rule, pieces, by: decisions), by: grants)
    }

    /// Where a family gets one project a year, a grant or a refusal is about its own year; the next year is decided anew.
    /// - Source: WZ-3.7, WZ-3.8
    private func withinYear(_ decisions: [Award], _ clause: ClauseID) -> [Award] {
        guard !decisions.isEmpty,
            pack.interactions.contains(where: { $0.kind == .onePerYear && $0.among.contains(clause) })
        else { return decisions }
        return decisions.map { award in
            switch award.outcome {
            case .granted, .refused:
                let next = CivilMonth(year: award.period.start.year + 1, month: 1).firstDay
                var own = award
                own.period = DayPeriod(start: award.period.start, end: min(award.period.end ?? next, next))
                own.namedNoEnd = false
                return own
            case .excepted, .held, .revoked: return award
            }
        }
    }

    /// Puts the shares of the unit that grants in the place of those of the family's own: who helps a family that is
    /// registered elsewhere bears the cost as its row in the table says.
    /// - Source: 温卫发〔2021〕42号, 四（二） (WZ-4.2)
    private func borne(_ rule: Rule, _ pieces: [OutcomePiece], by decisions: [Award]) -> [OutcomePiece] {
        guard let guidance = pack.guidance, decisions.contains(where: { $0.unit != nil }) else { return pieces }
        var result: [OutcomePiece] = []
        for var piece in pieces {
            let award = piece.decision.flatMap { source in decisions.last { $0.source == source } }
            if piece.rightHolds, let unit = award?.unit, let shares = guidance.shares(of: unit, rule) {
                piece.payers = shares
                piece.missingForPayer = []
            }
            result.join(piece)
        }
        return result
    }
}

/// Cuts a period where answers may change: the caller evaluates the first day and says when the next change may come.
private struct Stretches {
    /// First day of the stretch to be evaluated; nil = all done.
    private(set) var day: Int32?
    private let end: CivilDay?

    init(_ period: DayPeriod) {
        day = period.isEmpty ? nil : period.start.dayNumber
        end = period.end
    }

    /// Ends the stretch that began on `day`.
    /// - Parameter change: the first later day on which an answer may differ.
    /// - Returns: the days of the stretch; the last one reaches the period's end.
    mutating func next(changeOn change: Int32) -> DayPeriod {
        let start = CivilDay(dayNumber: day ?? FactView.never)
        if change >= end?.dayNumber ?? FactView.never || change > Evaluator.horizon.dayNumber {
            day = nil
            return DayPeriod(start: start, end: end)
        }
        day = change
        return DayPeriod(start: start, end: CivilDay(dayNumber: change))
    }
}

extension Interpreter {
    /// Events the last evaluation looked at, sorted.
    fileprivate var usedFacts: [EventReference] { uses.map(\.reference).sortedOnce() }
}

extension RulePack {
    /// Days after the birthday on which an age counts as reached, under the readings chosen.
    package func ageShift(_ readings: [FactValue]) -> Int32 {
        reading("age_attained").map { readings[$0] == .code(Code(unchecked: "day_after")) } ?? false ? 1 : 0
    }

    /// Where each switch stands: as chosen, else our default.
    package func positions(_ choices: ReadingChoices) -> [FactValue] {
        readings.indices.map { position(of: $0, choices) }
    }

    /// The position of one switch, by its place.
    private func position(of index: Int, _ choices: ReadingChoices) -> FactValue {
        guard !choices.isEmpty, let choice = choices[readings[index].id], readings[index].accepts(choice) else {
            return readings[index].standard
        }
        return choice
    }

    /// The month rule of a rule under the readings chosen.
    package func monthRule(_ rule: Rule, _ choices: ReadingChoices) -> MonthRule {
        switch rule.monthRule {
        case .fixed(let fixed): fixed
        case .reading(let index, let rules):
            if case .code(let code) = position(of: index, choices) { rules[code] ?? .anyDay } else { .anyDay }
        }
    }
}

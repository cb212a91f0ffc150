import CareDomain

extension Evaluator {
    /// Explains one clause for one subject on one day, under the pack version that answers on that day: the one in force or,
    /// where that applies to new cases only, the one by which the right is still judged.
    /// - Returns: nil when no version that answers on the day has the clause, or the subject is not known to the facts.
    package func explain(
        _ clause: ClauseID, subject: RuleSubject, on day: CivilDay, _ facts: FactBase, knownAt: KnownAt = .latest
    ) -> Explanation? {
        for inForce in registry.inForce(on: day, knownAt: knownAt) {
            let id = inForce.pack.id
            let versions = registry.reaches(of: id, knownAt: knownAt)
            guard versions.contains(where: { $0.version.pack.rule(clause) != nil }) else { continue }
            let whole = DayPeriod(start: registry.versions.map(\.effectiveFrom).min() ?? day)
            let pieces = outcomes(facts, knownAt, whole, only: (clause, subject)).first { $0.pack == id }?.pieces
            let reference = pieces?.first { $0.period.contains(day) }?.pack
            guard let pieces, let place = versions.answering(by: reference, on: day, pieces),
                let rule = place.version.pack.rule(clause)
            else { continue }
            let isEarlier = !place.inForce.contains(day)
            let before = versions.last {
                $0.version.pack.hash == place.version.pack.hash && $0.inForce.start < place.inForce.start
            }
            var explainer = Explainer(
                run(place.version.pack, facts, knownAt), facts.statements(knownAt: knownAt), rule, day,
                isEarlier ? place.reach : place.inForce,
                TransitionWords.why(place, on: day, inForce: inForce, before: before))
            let outcome = RuleOutcome(pack: id, clause: clause, subject: subject, pieces: pieces)
            let month = determination(outcome, of: facts, knownAt: knownAt).flatMap {
                MonthSum($0, CivilMonth(containing: day), alone: determination(outcome))
            }
            let due = rule.duty.map { place.version.pack.due($0, choices) }
            if let explanation = explainer.explain(subject, pieces, month, due) { return explanation }
        }
        return nil
    }
}

extension [PackRegistry.Reach] {
    /// The one by which a version answers on a day. The same bytes may stand there more than once, put in force again from a
    /// later day: then the place in force answers, except where the right is held by an earlier one and went on without a break.
    fileprivate func answering(
        by version: PackReference?, on day: CivilDay, _ pieces: [OutcomePiece]
    ) -> PackRegistry.Reach? {
        let same = filter { $0.version.pack.reference == version }
        let reaching = same.filter { $0.reach.contains(day) }
        guard let present = reaching.first(where: { $0.inForce.contains(day) }) else {
            return reaching.last ?? same.first
        }
        guard let earlier = reaching.last(where: { $0.inForce.start < present.inForce.start }) else { return present }
        let goesOn = pieces.contains {
            $0.pack == version && $0.rightHolds && $0.period.contains(present.inForce.start - 1)
        }
        return goesOn ? earlier : present
    }
}

/// Puts one explanation together.
private struct Explainer {
    private var run: PackRun
    private let rule: Rule
    private let day: CivilDay
    private let days: DayPeriod
    private let transition: Wording?
    /// What was stated, as known.
    private let statements: [FactStatement]

    init(
        _ run: PackRun, _ statements: [FactStatement], _ rule: Rule, _ day: CivilDay, _ days: DayPeriod,
        _ transition: Wording?
    ) {
        self.transition = transition
        self.statements = statements
        self.run = run
        self.rule = rule
        self.day = day
        self.days = days
    }

    mutating func explain(
        _ subject: RuleSubject, _ pieces: [OutcomePiece], _ month: MonthSum?, _ due: DueRule?
    ) -> Explanation? {
        guard let entity = run.view.entities.firstIndex(of: subject),
            subject.kind(in: run.view.root) == rule.unit.beneficiary
        else {
            return nil
        }
        guard let piece = pieces.first(where: { $0.period.contains(day) }) else { return nil }
        let uses = uses(entity)
        let unmet = piece.unmet.map { missing($0, entity) }
        let pack = run.pack
        let confirmedOn = confirmedOn(pieces, entity)
        return Explanation(
            clause: rule.clause, title: rule.title, words: rule.words, documentNumber: pack.documentNumber,
            pack: pack.reference, transition: transition, subject: subject, who: who(entity), day: day,
            status: piece.status,
            period: piece.period, department: rule.department, amount: piece.amount, cadence: rule.unit.cadence,
            month: month, confirmedOn: confirmedOn, deadline: confirmedOn.flatMap { due?.deadline(begun: $0) },
            steps: steps(piece, entity), payers: payers(piece, month),
            payee: piece.amount == nil ? nil : rule.payee?.title,
            readings: rule.readings.map(reading), facts: factLines(uses), unmet: unmet, nearest: nearest(unmet),
            rightBegins: piece.rightHolds
                ? nil : pieces.first { $0.rightHolds && $0.period.start > day }?.period.start,
            missing: piece.allMissing.map(missingLine),
            failures: failures(piece, entity), warnings: warnings(piece))
    }

    /// Who bears the sum: where it fell due earlier in the year, those who did then.
    private func payers(_ piece: OutcomePiece, _ month: MonthSum?) -> [(payer: Code, amount: Fen)] {
        guard let amount = piece.amount else { return [] }
        if let earlier = month?.earlier, earlier.amount == amount { return PayerSplit.split(amount, earlier.payers) }
        return PayerSplit.split(amount, piece.payers)
    }

    // MARK: What is missing

    private mutating func missing(_ unmet: Unmet, _ entity: Int) -> Explanation.MissingCondition {
        switch unmet {
        case .who: return rule.who.map { missing($0, entity) } ?? plain("不在范围内", "outside the circle")
        case .condition(let index): return missing(rule.conditions[index], entity)
        case .notYetConfirmed(let day):
            return plain("到 \(day) 才确认有关事实", "the facts were confirmed only on \(day)", on: day)
        case .refused(let event):
            return plain("事件 \(event.sequence) 决定不予批准", "turned down in event \(event.sequence)")
        case .barred(let clause, let isSoft, let grant): return barred(clause, isSoft, grant)
        case .alreadyGranted: return plain("一次性待遇已享受", "the one-off was already granted")
        }
    }

    private func plain(_ chinese: String, _ english: String, on day: CivilDay? = nil) -> Explanation.MissingCondition {
        let text = Wording(chinese, english)
        return Explanation.MissingCondition(
            title: text, later: day == nil ? nil : text, metOn: day, behind: [], isHindrance: true)
    }

    private func barred(_ clause: ClauseID, _ isSoft: Bool, _ grant: EventReference?) -> Explanation.MissingCondition {
        let title = run.pack.interactions.first { $0.clause == clause }?.title ?? Wording("", "")
        let (chinese, english) =
            isSoft
            ? ("，可由指定人员说明理由、经复核后作例外决定", "; a named person may decide an exception with a reason and a second approver")
            : ("，不得例外", "; no exception is possible")
        let what =
            grant.map { Wording("已有事件 \($0.sequence) 的资助", "granted in event \($0.sequence)") } ?? Grant.elsewhere
        return plain(
            "\(title.chinese)（\(clause)）：\(what.chinese)\(chinese)",
            "\(title.english) (\(clause)): \(what.english)\(english)")
    }

    private mutating func missing(_ condition: Condition, _ entity: Int) -> Explanation.MissingCondition {
        let metOn = firstDay(condition.expression, entity)
        var behind: [Explanation.MissingCondition] = []
        if let index = condition.definition, let place = run.pack.definitions[index].rule {
            let target = run.pack.rules[place].unit.beneficiary == .household ? 0 : entity
            for inner in run.pack.rules[place].conditions
            where run.evaluate(inner.expression, target, on: day).value == .bool(false) {
                behind.append(missing(inner, target))
            }
        }
        var told: Wording?
        if let metOn { told = later(condition, on: metOn, entity) }
        let title = condition.unmet ?? unmetParts(condition.expression, entity) ?? condition.title
        return Explanation.MissingCondition(
            title: title, later: told, metOn: metOn, behind: behind, isHindrance: condition.unmet != nil)
    }

    /// The parts of a conjunction that do not hold, where each of them is a derived fact with a title of its own: of 独生子女
    /// and 健在, only 健在 of a child who died. Nil where the whole has to be told.
    private mutating func unmetParts(_ expression: CheckedExpression, _ entity: Int) -> Wording? {
        guard case .and = expression.nodes[expression.root].operation else { return nil }
        var open = [expression.root]
        var titles: [Wording] = []
        while let node = open.popLast() {
            if case .and(let left, let right) = expression.nodes[node].operation {
                open += [right, left]
                continue
            }
            guard run.part(node, of: expression, entity, on: day) == .bool(false) else { continue }
            guard case .derived(_, let index) = expression.nodes[node].operation else { return nil }
            titles.append(run.pack.definitions[index].title)
        }
        guard !titles.isEmpty else { return nil }
        return Wording(
            titles.map(\.chinese).joined(separator: "、"), titles.map(\.english).joined(separator: ", "))
    }

    /// The condition with the day that brings it. Of a household it lies with one of its people: the text says with whom,
    /// where one alone changes on that day.
    private mutating func later(_ condition: Condition, on met: CivilDay, _ entity: Int) -> Wording? {
        let told = condition.later.map { $0.filled(met) }
        guard entity == 0, run.view.root == .household, let person = whoChanges(on: met, condition.expression) else {
            return told
        }
        let (title, who) = (condition.title, self.who(person))
        return told.map { Wording("\($0.chinese)（\(who.chinese)）", "\($0.english) (the \(who.english))") }
            ?? Wording(
                "\(title.chinese)：\(who.chinese)自 \(met) 起", "\(title.english): the \(who.english) from \(met) on")
    }

    /// The one person of whom something that the expression reads changes on the day: a birthday, or another fact.
    private mutating func whoChanges(on met: CivilDay, _ expression: CheckedExpression) -> Int? {
        let uses = run.evaluate(expression, 0, on: met).uses
        let changing = uses.filter { changes($0, on: met) }
        // A death is never told as the day on which something is reached.
        let facts = run.view.vocabulary.facts
        guard !changing.contains(where: { facts[$0.fact].id == FactVocabulary.deathDate }) else { return nil }
        let persons = Set(changing.map(\.entity))
        return persons.count == 1 ? persons.first : nil
    }

    private func changes(_ use: FactUse, on met: CivilDay) -> Bool {
        guard case .person = run.view.entities[use.entity],
            let segment = run.view.lookup(entity: use.entity, fact: use.fact, day: met.dayNumber).segment
        else { return false }
        if segment.start == met.dayNumber { return true }
        guard run.view.vocabulary.facts[use.fact].id == FactVocabulary.birthDate,
            case .day(let birth)? = segment.value
        else { return false }
        return birth.age(on: met) != birth.age(on: met - 1)
    }

    /// The first day after the one asked for on which the expression holds.
    private mutating func firstDay(_ expression: CheckedExpression, _ entity: Int) -> CivilDay? {
        run.timeline(expression, entity, over: DayPeriod(start: day, end: days.end))
            .first { $0.value == true }?.period.start
    }

    /// Where a definition does not hold, its own condition is told, whether or not a later day brings it: a day is
    /// explained in the same words however much was learned of the days after it.
    private func nearest(_ unmet: [Explanation.MissingCondition]) -> Explanation.MissingCondition? {
        let lasting = unmet.first { $0.metOn == nil }
        guard let told = lasting ?? unmet.max(by: { ($0.metOn ?? day) < ($1.metOn ?? day) }) else { return nil }
        return nearest(told.behind) ?? told
    }

    private func missingLine(_ missing: Missing) -> Explanation.MissingLine {
        switch missing {
        case .fact(let fact, let subject):
            let title = run.pack.vocabulary[fact]?.title ?? Wording(fact.rawValue, fact.rawValue)
            let who = run.view.entities.firstIndex(of: subject).map { self.who($0) } ?? Wording("", "")
            return Explanation.MissingLine(
                missing: missing,
                wording: Wording("请补\(who.chinese)的\(title.chinese)", "ask for \(title.english) of the \(who.english)"))
        case .parameter(let parameter, let keys):
            let title =
                run.pack.parameters.first { $0.id == parameter }?.title ?? Wording("\(parameter)", "\(parameter)")
            let suffix = keys.isEmpty ? "" : "[\(keys.joined(separator: ", "))]"
            return Explanation.MissingLine(
                missing: missing,
                wording: Wording(
                    "参数“\(title.chinese)”（\(parameter)\(suffix)）尚未设定",
                    "the parameter “\(title.english)” (\(parameter)\(suffix)) has no value"))
        }
    }

    private func warnings(_ piece: OutcomePiece) -> [Wording] {
        var list = piece.warnings.map { rule.warnings[$0].title }
        if let event = piece.refusedAward {
            list.append(
                Wording(
                    "事件 \(event.sequence) 的决定金额不符合条款，未采用",
                    "the sum decided in event \(event.sequence) does not meet the clause and was left out"))
        }
        list += [piece.outgrown(rule.amount?.type ?? .none)].compactMap { $0 }
        list += exclusions(piece)
        return list
    }

    /// Of a proposal, the other clauses of which a family gets only one in a year.
    /// - Source: WZ-3.8
    private func exclusions(_ piece: OutcomePiece) -> [Wording] {
        guard piece.status == .proposed else { return [] }
        return run.pack.interactions.filter { $0.kind == .onePerYear && $0.among.contains(rule.clause) }.map { one in
            let others = one.among.filter { $0 != rule.clause }
            return Wording(
                "\(one.title.chinese)（\(one.clause)）：同一年与 \(others.map(\.rawValue).joined(separator: "、")) 只能批准其中一项",
                "\(one.title.english) (\(one.clause)): of this and "
                    + "\(others.map(\.rawValue).joined(separator: ", ")) only one can be granted in a year")
        }
    }

    /// What could not be worked out: of a one-off on its first day.
    private func failures(_ piece: OutcomePiece, _ entity: Int) -> [Explanation.Failure] {
        guard piece.status == .failed, let failure = piece.failure else { return [] }
        for day in [day, piece.period.start] {
            var finder = FailureFinder(run, rule, entity, on: day) { who($0) }
            let found = finder.failures(rightHolds: piece.rightHolds)
            if !found.isEmpty { return found }
        }
        let pack = run.pack
        return [
            Explanation.Failure(
                part: Wording("这一条", "the clause"), why: failure.wording, file: "\(pack.id)/\(pack.validFrom).yaml",
                clause: rule.clause)
        ]
    }

    // MARK: What counted

    /// Facts read by the circle, the conditions and the sum on the day.
    private mutating func uses(_ entity: Int) -> [FactUse] {
        var seen: Set<FactUse> = []
        var list: [FactUse] = []
        for expression in rule.expressions {
            for use in run.evaluate(expression, entity, on: day).uses where seen.insert(use).inserted {
                list.append(use)
            }
        }
        return list.sorted { ($0.entity, $0.fact, $0.reference) < ($1.entity, $1.fact, $1.reference) }
    }

    private func factLines(_ uses: [FactUse]) -> [Explanation.FactLine] {
        uses.compactMap { use in
            let definition = run.view.vocabulary.facts[use.fact]
            guard definition.id != FactVocabulary.familyRole else { return nil }
            let value = run.view.lookup(entity: use.entity, fact: use.fact, day: day.dayNumber).segment?.value
            // What is unknown stands among what is missing.
            if value.map({ !$0.isKnown }) ?? false { return nil }
            return Explanation.FactLine(
                fact: definition.id, subject: run.view.entities[use.entity], who: who(use.entity),
                title: definition.title, value: definition.wording(value), event: use.reference,
                otherwise: otherwise(definition, run.view.entities[use.entity]))
        }
    }

    /// What departments or sources state of the day beside the word that counts.
    private func otherwise(_ definition: FactDefinition, _ subject: RuleSubject) -> [Wording] {
        let group = statements.filter { statement in
            statement.fact == definition.id && statement.subject == subject
                && (statement.value.map(definition.accepts) ?? true)
        }
        guard group.count > 1 else { return [] }
        return StatedFacts(group, of: definition).rivals(on: day.dayNumber).map { rival in
            let value = definition.wording(rival.statement.value.map(Value.init))
            let source = FactSources.wording(rival.statement.kindOfSource)
            let department = rival.statement.department
            let chinese = department.map { "\(KnownOffices.name(of: $0))，" } ?? ""
            let english = department.map { "\(KnownOffices.englishName(of: $0)), " } ?? ""
            let why =
                rival.bySource
                ? Wording("来源先后在后，不采用", "its source goes after, not taken")
                : Wording("来源不分先后，以较后的陈述为准", "sources rank alike, the later word counts")
            return Wording(
                "\(value.chinese)（\(chinese)\(source.chinese)，事件 \(rival.statement.source.sequence)）：\(why.chinese)",
                "\(value.english) (\(english)\(source.english), event \(rival.statement.source.sequence)): \(why.english)"
            )
        }
    }

    /// Role of a person in words, never a name.
    private func who(_ entity: Int) -> Wording {
        let subject = run.view.entities[entity]
        guard case .person = subject, let fact = run.view.vocabulary.index(of: FactVocabulary.familyRole),
            case .string(let role) = run.view.lookup(entity: entity, fact: fact, day: day.dayNumber).segment?.value
        else { return subject.kind(in: run.view.root).wording }
        return run.pack.vocabulary[FactVocabulary.role]?.labels[Code(unchecked: role)]
            ?? subject.kind(in: run.view.root).wording
    }

    private func reading(_ index: Int) -> Explanation.ReadingLine {
        let reading = run.pack.readings[index]
        let chosen = run.readings[index]
        let code: String =
            switch chosen {
            case .bool(let flag): flag ? "true" : "false"
            case .code(let code): code.rawValue
            default: ""
            }
        return Explanation.ReadingLine(
            reading: reading.id, question: reading.question, title: reading.title,
            choice: reading.meanings[Code(unchecked: code)] ?? Wording(code, code),
            isDefault: chosen == reading.standard)
    }

    /// The day on which the right of the day was established: its first day without a break, or the later one on which the
    /// last of its facts became known.
    private mutating func confirmedOn(_ pieces: [OutcomePiece], _ entity: Int) -> CivilDay? {
        guard let last = pieces.lastIndex(where: { $0.period.contains(day) && $0.rightHolds }) else { return nil }
        var first = last
        while first > 0, pieces[first - 1].rightHolds, pieces[first - 1].period.end == pieces[first].period.start {
            first -= 1
        }
        let begin = pieces[first].period.start
        var known = begin
        for expression in ([rule.who].compactMap { $0 } + rule.conditions).map(\.expression) {
            for use in run.evaluate(expression, entity, on: begin).uses { known = max(known, use.knownOn) }
        }
        return min(known, max(begin, day))
    }

    private mutating func steps(_ piece: OutcomePiece, _ entity: Int) -> [Wording] {
        guard piece.rightHolds, let rule = rule.amount else { return [] }
        var steps: [Wording] = []
        if let hours = piece.hours, let rate = piece.hourlyRate {
            // Where hours were delivered, those; otherwise the allowance.
            let paid = piece.amount.flatMap { rate > .zero ? $0.amount * 1000 / rate.amount : nil } ?? hours
            let count = DecimalText.text(paid)
            let sum = piece.amount.map { Wording(" = \($0) 元", " = \($0) yuan") } ?? Wording("", "")
            steps.append(
                Wording(
                    "\(count) 小时 × 每小时 \(rate) 元\(sum.chinese)",
                    "\(count) hours × \(rate) yuan per hour\(sum.english)"))
        } else if let money = rule.money, piece.amount != nil {
            // A one-off is fixed on its first day.
            var derivation = Derivation(run, on: self.rule.unit.cadence == .once ? piece.period.start : day)
            derivation.add(money, entity)
            steps += derivation.lines
            steps += toppedUp(piece, money, entity)
        }
        guard let amount = piece.amount else { return steps }
        let cadence = self.rule.unit.cadence.wording
        let unit = self.rule.unit.beneficiary.wording
        // What a person decided is no figure of the clause.
        let figure = piece.decision == nil ? amount : piece.standard ?? amount
        func line(_ word: Wording, _ sum: Fen) -> Wording {
            Wording(
                "\(word.chinese)：每\(unit.chinese)\(cadence.chinese) \(sum) 元",
                "\(word.english): \(sum) yuan per \(unit.english) \(cadence.english)")
        }
        steps.append(line(rule.type.wording, figure))
        if figure != amount { steps.append(line(Wording("决定的金额", "sum decided"), amount)) }
        if let split = split(amount, piece.payers) { steps.append(split) }
        if let decision = piece.decision {
            let award = run.awards.first { $0.source == decision }
            steps.append(
                Wording(
                    "由事件 \(decision.sequence) 的决定确定\(Self.people(award, "决定人", "复核人"))",
                    "decided in event \(decision.sequence)\(Self.people(award, "decided by", "approved by"))"))
        }
        return steps
    }

    /// What a top-up leaves of the sum, where earlier grants count against it.
    private mutating func toppedUp(_ piece: OutcomePiece, _ money: CheckedExpression, _ entity: Int) -> [Wording] {
        guard rule.unit.cadence == .once, piece.decision == nil, let amount = piece.amount,
            case .money(let whole) = run.evaluate(money, entity, on: piece.period.start).value, whole > amount
        else { return [] }
        let before = whole - amount
        return [
            Wording(
                "补差：\(whole) 元 − 此前已给 \(before) 元 = \(amount) 元",
                "top-up: \(whole) yuan − \(before) yuan given before = \(amount) yuan")
        ]
    }

    /// How several payers share the sum.
    private func split(_ amount: Fen, _ shares: [PayerShare]) -> Wording? {
        guard shares.count > 1 else { return nil }
        let parts = PayerSplit.split(amount, shares)
        let ratio = shares.map { "\($0.parts)" }.joined(separator: ":")
        let whole = shares.reduce(Int64(0)) { $0 + $1.parts }
        let isExact = shares.allSatisfy { share in
            let product = amount.amount.magnitude.multipliedFullWidth(by: share.parts.magnitude)
            return product.high >= whole.magnitude || whole.magnitude.dividingFullWidth(product).remainder == 0
        }
        let first = shares[0].payer
        let text = parts.map { "\($0.payer) \($0.amount)" }
        let words = parts.map { "\(KnownOffices.name(ofPayer: $0.payer)) \($0.amount) 元" }
        // Parts that the clause works out for themselves are no ratio that tells anything.
        guard rule.payers.contains(where: { $0.computed.isEmpty && $0.shares == shares }) else {
            return Wording(
                "分担：\(words.joined(separator: "，"))（各方数目由条款算出）",
                "shared: \(text.joined(separator: ", ")) (each part as the clause works it out)")
        }
        return Wording(
            "按 \(ratio) 分担：\(words.joined(separator: "，"))"
                + (isExact ? "" : "（不足一分的归\(KnownOffices.name(ofPayer: first))）"),
            "shared \(ratio): \(text.joined(separator: ", "))\(isExact ? "" : " (what is left of a fen to \(first))")")
    }
}

extension Explainer {
    /// ` (decided by clerk-7, approved by head-2)` as far as both are known.
    fileprivate static func people(_ award: Award?, _ first: String, _ second: String) -> String {
        let named = [award?.decidedBy.map { "\(first) \($0)" }, award?.secondApprover.map { "\(second) \($0)" }]
            .compactMap { $0 }
        return named.isEmpty ? "" : " (\(named.joined(separator: ", ")))"
    }
}

import CareDomain

extension Explanation {
    /// A condition or sum of the clause that could not be worked out.
    package struct Failure: Hashable, Sendable {
        /// Which: 条件“困难”（poor）, 金额, with the derived fact and the person in whom the error lies.
        package let part: Wording
        /// Why: 除以零（5 ÷ 0）.
        package let why: Wording
        /// The pack's file: `chenzhou-2014/2014-07-16.yaml`.
        package let file: String
        package let clause: ClauseID

        /// Everything in one sentence, with what to do.
        package var wording: Wording {
            Wording(
                "规则出错：\(part.chinese)算不出：\(why.chinese)（\(file) 的 \(clause)）；请告知规则包的维护人，规则改好之前这项待查",
                "the rule failed: \(part.english) cannot be worked out: \(why.english) (\(clause) in \(file)); "
                    + "tell the keeper of the pack; the right is to be examined until the rule is put right")
        }
    }
}

/// Finds out what of a clause could not be worked out for one beneficiary on one day, in the order in which it was tried.
struct FailureFinder {
    private var run: PackRun
    private let rule: Rule
    private let entity: Int
    private let day: CivilDay
    private let who: (Int) -> Wording

    /// - Parameter who: what a person is called.
    init(_ run: PackRun, _ rule: Rule, _ entity: Int, on day: CivilDay, who: @escaping (Int) -> Wording) {
        self.run = run
        self.rule = rule
        self.entity = entity
        self.day = day
        self.who = who
    }

    /// - Parameter rightHolds: whether the conditions hold, so that what the clause gives is what failed.
    mutating func failures(rightHolds: Bool) -> [Explanation.Failure] { rightHolds ? grant() : conditions() }

    private mutating func conditions() -> [Explanation.Failure] {
        let circle = rule.who.map { failure($0.expression, Self.part(of: $0, "范围", "the circle")) } ?? nil
        let own = rule.conditions.map { failure($0.expression, Self.part(of: $0, "条件", "the condition")) }
        return ([circle] + own).compactMap { $0 }
    }

    private mutating func grant() -> [Explanation.Failure] {
        var found: [Explanation.Failure?] = []
        if let amount = rule.amount {
            let when = Wording("计算金额的前提（when）", "the condition of the sum (when)")
            found.append(amount.when.map { failure($0, when) } ?? nil)
            let isComputed = amount.when.map { run.evaluate($0, entity, on: day).value == .bool(true) } ?? true
            if isComputed, let money = amount.money { found.append(sum(money, Wording("金额", "the sum"))) }
            found.append(amount.hours.map { failure($0, Wording("小时数", "the hours")) } ?? nil)
            found.append(amount.hourlyRate.map { failure($0, Wording("每小时的金额", "the sum per hour")) } ?? nil)
        }
        found.append(rule.measure.map { failure($0.expression, Wording("数值", "the figure")) } ?? nil)
        return found.compactMap { $0 } + payers()
    }

    /// Of the cases of payers those that were tried, and the parts of the one that counts.
    private mutating func payers() -> [Explanation.Failure] {
        for payer in rule.payers {
            if let condition = payer.condition {
                if let found = failure(condition, Wording("由谁承担的条件", "the condition of a payer")) { return [found] }
                guard run.evaluate(condition, entity, on: day).value == .bool(true) else { continue }
            }
            return payer.computed.compactMap { share in
                let name = KnownOffices.name(ofPayer: share.payer)
                return sum(share.expression, Wording("\(name)承担的部分", "the part of \(share.payer)"))
            }
        }
        return []
    }

    /// A sum, which may not be below zero.
    private mutating func sum(_ expression: CheckedExpression, _ part: Wording) -> Explanation.Failure? {
        switch run.evaluate(expression, entity, on: day).value {
        case .money(let fen) where fen < .zero:
            failure(part, Wording("得出 \(fen) 元，小于零", "it comes to \(fen) yuan, below zero"))
        case .int(let number) where number < 0:
            failure(part, Wording("得出 \(number)，小于零", "it comes to \(number), below zero"))
        default: failure(expression, part)
        }
    }

    private mutating func failure(_ expression: CheckedExpression, _ part: Wording) -> Explanation.Failure? {
        guard let failed = run.failedPart(of: expression, entity, on: day) else { return nil }
        let why = FailureWords(operation: failed.operation, error: failed.error, given: failed.given).why
        var (chinese, english) = (part.chinese, part.english)
        if let index = failed.definitions.last {
            let definition = run.pack.definitions[index]
            chinese += "所用的“\(definition.title.chinese)”（\(definition.id)）"
            english += ", in “\(definition.title.english)” (\(definition.id)),"
        }
        if let other = failed.entity, case .person = run.view.entities[other] {
            chinese += "对\(who(other).chinese)"
            english += " of the \(who(other).english)"
        }
        return failure(Wording(chinese, english), why)
    }

    private func failure(_ part: Wording, _ why: Wording) -> Explanation.Failure {
        Explanation.Failure(
            part: part, why: why, file: "\(run.pack.id)/\(run.pack.validFrom).yaml", clause: rule.clause)
    }

    private static func part(of condition: Condition, _ chinese: String, _ english: String) -> Wording {
        Wording(
            "\(chinese)“\(condition.title.chinese)”（\(condition.id)）",
            "\(english) “\(condition.title.english)” (\(condition.id))")
    }
}

extension Evaluator {
    /// Why a clause fails for one subject: what could not be worked out on the first day of a stretch on which it ends in an error.
    /// - Returns: the day and the parts; nil where the clause fails on none of the days.
    package func failures(
        of clause: ClauseID, subject: RuleSubject, over days: DayPeriod, _ facts: FactBase, knownAt: KnownAt = .latest
    ) -> (day: CivilDay, parts: [Explanation.Failure])? {
        let failed = outcomes(facts, knownAt, days, only: (clause, subject)).flatMap(\.pieces).filter {
            $0.status == .failed
        }
        guard let day = failed.map(\.period.start).min(),
            let explanation = explain(clause, subject: subject, on: day, facts, knownAt: knownAt)
        else { return nil }
        return (day, explanation.failures)
    }
}

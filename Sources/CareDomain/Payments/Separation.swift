/// 四项职能: what somebody does for a case: a right of a family, a loan, or a unit's year. Nobody holds two of them on one case,
/// whichever peers they speak through.
/// - Source: 郴政办发〔2014〕25号, 三（二）(CZ-3.2a); WZ-A3.2b
package enum CaseFunction: String, Hashable, Sendable, CaseIterable {
    /// 审核认定: decides about a right, or about arrears and over-payments.
    case review
    /// 资金管理: closes a batch, and so says what is paid.
    case fund
    /// 资金发放: sends files to the bank, takes its answers in, books what came back and what is not to be paid.
    case payment
    /// 监督评估: checks what the others did.
    case supervision

    /// 审核认定 …
    package var chinese: String {
        switch self {
        case .review: "审核认定"
        case .fund: "资金管理"
        case .payment: "资金发放"
        case .supervision: "监督评估"
        }
    }

    /// review, management of funds …
    package var english: String {
        switch self {
        case .review: "review"
        case .fund: "management of funds"
        case .payment: "payment"
        case .supervision: "supervision"
        }
    }
}

extension CaseFunction {
    /// Refuses somebody who holds another function than this one.
    /// - Throws: `functionHeld` with the functions held; a retry helps with another person's key only.
    func checkAlone(_ actor: Code, _ clause: ClauseID?, _ holders: (CaseFunction) -> Set<Code>) throws(Refusal) {
        let held = Set(CaseFunction.allCases.filter { $0 != self && holders($0).contains(actor) })
        guard held.isEmpty else { throw .held(actor, held, field: nil, clause: clause) }
    }
}

extension Refusal {
    /// Somebody holds other functions on the case: who, and which.
    fileprivate static func held(
        _ actor: Code, _ functions: Set<CaseFunction>, field: String?, clause: ClauseID?
    ) -> Refusal {
        let held = CaseFunction.allCases.filter { functions.contains($0) }
        return Refusal(
            .functionHeld, field: field, detail: "\(actor) \(held.map(\.rawValue).joined(separator: ", "))",
            words: "\(actor) \(held.map(\.chinese).joined(separator: "、"))",
            english: "\(actor): \(held.map(\.english).joined(separator: ", "))", clause: clause)
    }
}

extension PaymentBatch.Act {
    /// The function whose act it is; naming families for a batch is nobody's.
    package var function: CaseFunction? {
        switch self {
        case .prepared: nil
        case .closed: .fund
        case .issued, .answered, .returned, .reversed: .payment
        }
    }
}

extension PaymentAction {
    /// The function it takes to ask for it; nil = any.
    package var function: CaseFunction? {
        switch self {
        case .prepare: nil
        case .close: .fund
        case .issue, .takeAnswer, .recordReturn, .reverse: .payment
        }
    }
}

extension UnitAction {
    /// The function it takes to ask for it; nil = the family's file says, for what is granted to a family is decided there.
    package var function: CaseFunction? {
        switch self {
        case .setGuidance, .setBudget, .setAdvance, .compute: .fund
        case .score: .supervision
        case .give, .release, .expire: nil
        }
    }
}

extension UnitAction {
    /// The function that whoever does it holds on the unit's year. Setting guidance numbers moves no money and judges
    /// nobody; what is given to a family and taken back is a review.
    package var caseFunction: CaseFunction? {
        switch self {
        case .setBudget, .setAdvance, .compute: .fund
        case .score: .supervision
        case .give, .release: .review
        case .setGuidance, .expire: nil
        }
    }
}

extension UnitStanding {
    /// Accounts of those who hold a function on a year of the unit.
    package func holders(of function: CaseFunction, in year: Int) -> Set<Code> {
        let known = self.year(year).holders[function] ?? []
        guard function == .review else { return known }
        return known.union(places.values.filter { $0.state == .reserved && $0.reserved.year == year }.compactMap(\.by))
    }

    /// Nobody who holds another function on the unit's year does this.
    package func checkSeparation(_ action: UnitAction, in year: Int?, by actor: Code?) throws(Refusal) {
        guard let function = action.caseFunction, let year, let actor else { return }
        try function.checkAlone(actor, nil) { holders(of: $0, in: year) }
    }
}

extension LoanCase {
    /// Accounts of those who hold a function on the case.
    package func holders(of function: CaseFunction) -> Set<Code> {
        switch function {
        case .review: Set(reviews.compactMap(\.by))
        // What was reversed was done all the same.
        case .payment: Set(entries.filter { $0.kind == .disbursed }.compactMap(\.by))
        case .fund:
            Set(proposals.compactMap(\.by)).union(entries.filter { $0.kind != .disbursed }.compactMap(\.by))
                .union(entries.compactMap { $0.reversal?.by })
        case .supervision: []
        }
    }
}

extension FundAction {
    /// The function it takes to ask for it.
    package var function: CaseFunction { .fund }
}

extension LoanAction {
    /// The function it takes to ask for it; nil = any.
    package var function: CaseFunction? {
        switch self {
        case .review: .review
        case .disburse: .payment
        // What stands in the books is the matter of those who keep them, whoever paid it out.
        case .repay, .proposeWriteOff, .writeOff, .reverse: .fund
        case .apply, .guarantee, .sign, .inform, .nameHelper, .stage, .assessExit, .withdraw: nil
        }
    }
}

extension PaymentBatch {
    /// Accounts of those who hold a function on the batch.
    package func holders(of function: CaseFunction) -> Set<Code> {
        Set(actors.lazy.filter { $0.act.function == function }.map(\.actor))
    }

    /// Families whose cases a command is about: those whose reviewers may not give it.
    package func households(of action: PaymentAction) -> [HouseholdID] {
        if case .close = action { return members }
        var seen: Set<HouseholdID> = []
        return lines(of: action).map(\.ordered.household).filter { seen.insert($0).inserted }
    }

    /// The lines that a command is about; none before the batch is closed.
    package func lines(of action: PaymentAction) -> [BatchLine] {
        switch action {
        case .prepare, .close: return []
        case .issue: return self.lines.filter(\.isToBeSent)
        case .takeAnswer(let answer):
            let prefix = "\(BankReference.prefix(id))-\(answer.file)-"
            return answer.lines.compactMap { line in
                guard line.reference.hasPrefix(prefix), let number = Int(line.reference.dropFirst(prefix.count)),
                    self.lines.indices.contains(number - 1)
                else { return nil }
                return self.lines[number - 1]
            }
        case .recordReturn(let number, _), .reverse(let number, _):
            return self.lines.indices.contains(number - 1) ? [self.lines[number - 1]] : []
        }
    }

    /// Nobody who holds another function on the batch or on another that pays one of its rights, or reviewed the right of one
    /// of its families, does this, and only departments that hold the function where the batch pays.
    package func checkSeparation(_ action: PaymentAction, _ context: BatchContext) throws(Refusal) {
        guard let function = action.function else { return }
        try context.policy.checkOffice(function, of: context.department, in: scope?.division)
        guard let actor = context.actor else { return }
        try function.checkAlone(actor, nil) { holders(of: $0).union(context.holders[$0] ?? []) }
        if function == .payment, context.accountsBy.contains(actor) { throw .accountPayer(actor) }
    }
}

extension Household {
    /// Accounts of those who decided about a right, or about its arrears and over-payments.
    package func reviewers(of clause: ClauseID, _ subject: FactSubject) -> Set<Code> {
        let awards = awards.filter { $0.decided.clause == clause && $0.decided.subject == subject }.compactMap(\.by)
        let dues = payments.decisions.filter { $0.clause == clause && $0.subject == subject }.map(\.by)
        let cases = applications.filter { $0.clause == clause && $0.subject == subject }
        return Set(awards).union(dues).union(cases.flatMap { $0.holders(of: .review) })
    }

    /// The functions that somebody holds on a right: by deciding, by acts on its applications, by ordering and paying it.
    package func functions(
        of actor: Code, on clause: ClauseID, _ subject: FactSubject
    ) -> Set<CaseFunction> {
        var held: Set<CaseFunction> = reviewers(of: clause, subject).contains(actor) ? [.review] : []
        for application in applications where application.clause == clause && application.subject == subject {
            held.formUnion(application.acts.lazy.filter { $0.by == actor }.compactMap(\.event.function))
        }
        for order in payments.orders {
            for (place, line) in order.ordered.lines.enumerated()
            where line.clause == clause && line.subject == subject {
                let named = order.hands[place]?.holders ?? [:]
                held.formUnion(CaseFunction.allCases.filter { named[$0]?.contains(actor) ?? false })
                guard order.holders(ofLine: place) == nil else { continue }
                // Under way, or told by a program that named nobody: who let the run go on stands for them.
                if order.by == actor { held.insert(.fund) }
                if order.outcomes[place]?.by == actor { held.insert(.payment) }
            }
        }
        return held
    }

    /// Other batches that ordered a right which some lines pay, and of which this file alone does not say who holds functions
    /// on it: a case is the right, not the batch.
    package func batches(besides batch: BatchID, paying lines: [OrderedLine]) -> Set<BatchID> {
        let orders = payments.orders.filter { order in
            order.ordered.batch != batch && order.places(paying: lines).contains { order.holders(ofLine: $0) == nil }
        }
        return Set(orders.map(\.ordered.batch))
    }

    /// Accounts of those who hold functions on the rights that some lines pay, by other batches, as this file alone says.
    package func holders(besides batch: BatchID, paying lines: [OrderedLine]) -> [CaseFunction: Set<Code>] {
        var held: [CaseFunction: Set<Code>] = [:]
        for order in payments.orders where order.ordered.batch != batch {
            for place in order.places(paying: lines) {
                held.merge(order.hands[place]?.holders ?? [:]) { $0.union($1) }
            }
        }
        return held
    }

    /// Accounts of those who hold functions on a right by the batches that paid it, as this file alone says.
    /// - Returns: By batch; those that are left out have to be read.
    package func holdersByBatch(of clause: ClauseID, _ subject: FactSubject) -> [BatchID: [CaseFunction: Set<Code>]] {
        var found: [BatchID: [CaseFunction: Set<Code>]] = [:]
        var untold: Set<BatchID> = []
        for order in payments.orders {
            for (place, line) in order.ordered.lines.enumerated()
            where line.clause == clause && line.subject == subject {
                guard let held = order.holders(ofLine: place) else {
                    untold.insert(order.ordered.batch)
                    continue
                }
                found[order.ordered.batch, default: [:]].merge(held) { $0.union($1) }
            }
        }
        return found.filter { !untold.contains($0.key) }
    }

    /// Accounts of those who said where the family's money goes, or that for its persons, as far as it stands: they do not send it.
    package var accountStaters: Set<Code> {
        Set(facts.lazy.filter { $0.stated.fact.isAccountReference }.compactMap(\.by))
    }

    /// Accounts of those who sent money of the family, took the bank's answers in, or booked what came back, as this file says.
    var payers: Set<Code> {
        payments.orders.reduce(into: []) { payers, order in
            payers.formUnion(order.hands.values.flatMap { $0.holders[.payment] ?? [] })
            for (place, outcome) in order.outcomes.enumerated() where order.holders(ofLine: place) == nil {
                payers.formUnion([outcome?.by].compactMap { $0 })
            }
        }
    }

    /// Whether a batch ordered something of it.
    package func isPaid(by batch: BatchID) -> Bool { payments.orders.contains { $0.ordered.batch == batch } }

    /// The lines of which no batch of some ordered the same right, except where this file alone says who paid it.
    package func lines(_ lines: [OrderedLine], paidByNoneOf batches: Set<BatchID>) -> [OrderedLine] {
        guard !batches.isEmpty else { return lines }
        let earlier = payments.orders.filter { batches.contains($0.ordered.batch) }
        return lines.filter { line in
            !earlier.contains { order in
                order.places(paying: [line]).contains { order.holders(ofLine: $0) == nil }
            }
        }
    }

    /// Accounts of those who decided about any right that a batch may pay, or hold a function on an application for one.
    package func holders(in scope: BatchScope) -> [CaseFunction: Set<Code>] {
        var held: [CaseFunction: Set<Code>] = [:]
        for one in applications where scope.includes(one.clause) {
            for function in CaseFunction.allCases { held[function, default: []].formUnion(one.holders(of: function)) }
        }
        held[.review, default: []].formUnion(
            awards.filter { scope.includes($0.decided.clause) }.compactMap(\.by))
        held[.review, default: []].formUnion(payments.decisions.filter { scope.includes($0.clause) }.map(\.by))
        return held
    }
}

extension Household {
    /// Refuses somebody who holds another function on a right than this one.
    /// - Throws: `functionHeld` with the functions held; a retry helps with another person's key only.
    func checkAlone(
        _ function: CaseFunction, _ actor: Code?, on clause: ClauseID, _ subject: FactSubject, field: String? = nil
    ) throws(Refusal) {
        guard let actor else { return }
        let held = functions(of: actor, on: clause, subject).subtracting([function])
        guard held.isEmpty else { throw .held(actor, held, field: field, clause: clause) }
    }
}

extension Proposal {
    /// Who ordered or paid a right does not decide about it.
    func checkSeparation(_ clause: ClauseID, _ subject: FactSubject, field: String?) throws(Refusal) {
        try checkFunction(.review, clause, subject, field: field)
    }

    /// Whoever holds another function on the case does not do this one, and only departments that hold it do.
    func checkFunction(
        _ function: CaseFunction, _ clause: ClauseID, _ subject: FactSubject, in place: DivisionCode? = nil,
        field: String? = nil
    ) throws(Refusal) {
        try context.policy.checkOffice(
            function, of: context.department, in: place ?? household.division(on: command.occurredOn), field: field,
            clause: clause)
        if function == .review {
            try context.policy.checkDepartment(of: clause, context.department, field: field)
        }
        try household.checkAlone(function, context.actor, on: clause, subject, field: field)
    }
}

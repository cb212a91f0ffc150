import CareDomain
import CareProjections

/// 去世尚未登记 among those whom a batch pays: what whoever runs it is told of an accident that says the person of a line, or to
/// whose account it goes, died. It holds nothing back. Who may not open the family's file today, or see the accident, is told
/// nothing: it is part of the accident.
struct PayeesToldDead {
    private let sight: FactSight
    private let principal: Principal
    private let policy: PolicyCatalog

    init(_ sight: FactSight, _ principal: Principal, _ policy: PolicyCatalog) {
        self.policy = policy
        self.sight = sight
        self.principal = principal
    }

    /// What is said of what a batch would pay to a family, closed at a moment.
    func notes(
        ofWhat scope: BatchScope, at moment: Moment, _ rules: PaymentRules, _ others: [HouseholdHistory],
        wouldPay history: HouseholdHistory
    ) -> [Refusal] {
        guard !history.household.unrecordedDeaths.isEmpty else { return [] }
        let decision = history.decideOrder(
            .derived(from: scope), scope, closedAt: moment, rules: rules, others: others)
        guard case .order(let ordered) = decision else { return [] }
        return notes(ordered.lines.map { ($0, nil) }, of: history)
    }

    /// What is said of lines of a family.
    /// - Parameters:
    ///   - lines: Lines that are paid, or would be; those of a batch with their numbers.
    ///   - history: The family's file.
    func notes(_ lines: [(line: OrderedLine, number: Int?)], of history: HouseholdHistory) -> [Refusal] {
        // Nearly no family has such an accident.
        guard !history.household.unrecordedDeaths.isEmpty,
            history.household.division(on: sight.today).map({ principal.mayAct(in: $0) }) ?? false
        else { return [] }
        let kept = sight.withheld(of: history).kept(of: history)
        var notes: [Refusal] = []
        for (line, number) in lines {
            // What goes to an institution goes to nobody's account in the family.
            let isOwn = policy.clauses[line.clause]?.payee == nil
            let death = history.unrecordedDeath(behind: line, on: sight.today, keeping: kept, seesReceiver: isOwn)
            guard let death else { continue }
            let (place, placeEnglish) = number.map { ("第 \($0) 笔，", "line \($0), ") } ?? ("", "")
            let note = Refusal(
                .payeeDeathUnrecorded, detail: "\(place)户 \(history.id)，\(death.day) 的突发事件",
                english: "\(placeEnglish)household \(history.id), what happened on \(death.day)")
            if !notes.contains(note) { notes.append(note) }
        }
        return notes
    }
}

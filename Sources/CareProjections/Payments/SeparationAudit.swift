import CareDomain

/// 职能分离: whether anybody holds two of the four functions on one case, or sends a family's money and said where it goes, as the
/// log alone says. A case is one right of a family that a batch pays, or for which somebody applied; a loan; or a unit's year.
package struct SeparationAudit: Hashable, Sendable {
    /// Somebody who holds two functions on a case.
    package struct Finding: Hashable, Sendable {
        /// The latest batch that pays it and on which the person holds one; nil when there is none.
        package var batch: BatchID?
        /// The family and its right; nil where the case is a loan or a unit's year.
        package var household: HouseholdID?
        package var clause: ClauseID?
        /// The unit and its year.
        package var unit: DivisionCode?
        package var year: Int?
        package var loan: LoanID?
        package let actor: Code
        /// In the order of the functions; two or more, or the payment by somebody who states accounts.
        package let functions: [CaseFunction]
        /// Whether the person also said where the family's money goes.
        package var statesAccounts = false
    }

    /// Cases looked at.
    package private(set) var cases = 0
    /// Who holds what, over all of them.
    package private(set) var holders: [CaseFunction: Set<Code>] = [:]
    package private(set) var findings: [Finding] = []

    /// Goes over the rights that some batches pay, each with all of those batches together, and the files of their families,
    /// then over applications that none of them pays.
    ///
    /// Who closed, sent and booked a line that is done with says the family's own file, also where the batch is not among
    /// those given; a batch is asked only about lines under way and those told by a program that named nobody.
    /// - Parameters:
    ///   - about: Only the rights that this batch pays; nil = all.
    ///   - applying: Families with applications.
    ///   - household: The state of a family's file; nil when there is none.
    package init(
        _ batches: [PaymentBatch], about: BatchID? = nil, applying: [HouseholdID] = [],
        household: (HouseholdID) throws -> Household?
    ) rethrows {
        var paid: [Case: [Int]] = [:]
        var order: [Case] = []
        for (place, batch) in batches.enumerated() {
            for line in batch.lines {
                let (id, right) = (line.ordered.household, line.ordered.line)
                let one = Case(household: id, clause: right.clause, subject: right.subject)
                if paid[one] == nil { order.append(one) }
                guard paid[one]?.last != place else { continue }
                paid[one, default: []].append(place)
            }
        }
        let acts = batches.map { batch in (batch: batch.id, held: Self.held(batch.holders)) }
        var known: [HouseholdID: Household] = [:]
        for one in order {
            let payers = (paid[one] ?? []).map { acts[$0] }
            guard about.map({ wanted in payers.contains { $0.batch == wanted } }) ?? true else { continue }
            if known[one.household] == nil { known[one.household] = try household(one.household) }
            look(one, payers, known[one.household])
        }
        for id in applying {
            if known[id] == nil { known[id] = try household(id) }
            for found in known[id]?.applications ?? [] {
                let one = Case(household: id, clause: found.clause, subject: found.subject)
                guard paid.updateValue([], forKey: one) == nil else { continue }
                look(one, [], known[id])
            }
        }
    }

    private struct Case: Hashable {
        let household: HouseholdID
        let clause: ClauseID
        let subject: FactSubject
    }

    private typealias Acts = (batch: BatchID, held: [CaseFunction: Set<Code>])

    private mutating func look(_ one: Case, _ payers: [Acts], _ household: Household?) {
        cases += 1
        let told = household?.holdersByBatch(of: one.clause, one.subject) ?? [:]
        let others = told.filter { told in !payers.contains { $0.batch == told.key } }.sorted { $0.key < $1.key }
        let payers = others.map { Acts($0.key, $0.value) } + payers.map { Acts($0.batch, told[$0.batch] ?? $0.held) }
        var held: [CaseFunction: Set<Code>] = [:]
        for acts in payers { held.merge(acts.held) { $0.union($1) } }
        held[.review, default: []].formUnion(household?.reviewers(of: one.clause, one.subject) ?? [])
        for found in household?.applications ?? [] where found.clause == one.clause && found.subject == one.subject {
            for function in CaseFunction.allCases { held[function, default: []].formUnion(found.holders(of: function)) }
        }
        let staters = household?.accountStaters ?? []
        note(held, stating: staters) { actor, functions in
            let batch = payers.last { $0.held.values.contains { $0.contains(actor) } }?.batch
            return Finding(
                batch: batch, household: one.household, clause: one.clause, actor: actor, functions: functions,
                statesAccounts: staters.contains(actor))
        }
    }

    /// Goes over every year of a unit in which somebody holds a function: who gives grants, who manages its money, who scores.
    package mutating func look(_ unit: UnitStanding) {
        for year in unit.years.keys.sorted() {
            let held = Self.held { unit.holders(of: $0, in: year) }
            guard held.contains(where: { !$0.value.isEmpty }) else { continue }
            cases += 1
            note(held) { Finding(unit: unit.division, year: year, actor: $0, functions: $1) }
        }
    }

    /// Goes over a loan or other aid.
    package mutating func look(_ loan: LoanCase) {
        cases += 1
        note(Self.held(loan.holders)) { Finding(loan: loan.id, actor: $0, functions: $1) }
    }

    private static func held(_ holders: (CaseFunction) -> Set<Code>) -> [CaseFunction: Set<Code>] {
        Dictionary(uniqueKeysWithValues: CaseFunction.allCases.map { ($0, holders($0)) })
    }

    /// Notes who holds what on a case, and whoever holds two, or sends money and said where it goes.
    private mutating func note(
        _ held: [CaseFunction: Set<Code>], stating staters: Set<Code> = [], _ finding: (Code, [CaseFunction]) -> Finding
    ) {
        for (function, actors) in held { holders[function, default: []].formUnion(actors) }
        for actor in held.values.reduce(Set<Code>(), { $0.union($1) }).sorted() {
            let functions = CaseFunction.allCases.filter { held[$0]?.contains(actor) ?? false }
            guard functions.count > 1 || (functions.contains(.payment) && staters.contains(actor)) else { continue }
            findings.append(finding(actor, functions))
        }
    }
}

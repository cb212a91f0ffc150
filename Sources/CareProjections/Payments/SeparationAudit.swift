import CareDomain

/// 职能分离: whether anybody holds two of the four functions on one case, as the log alone says. A case is one right of a
/// family that a batch pays, or for which somebody applied; a loan; or a unit's year.
package struct SeparationAudit: Hashable, Sendable {
    /// Somebody who holds two functions on a case.
    package struct Finding: Hashable, Sendable {
        /// The batch that pays it; nil when none does.
        package var batch: BatchID?
        /// The family and its right; nil where the case is a loan or a unit's year.
        package var household: HouseholdID?
        package var clause: ClauseID?
        /// The unit and its year.
        package var unit: DivisionCode?
        package var year: Int?
        package var loan: LoanID?
        package let actor: Code
        /// In the order of the functions; two or more.
        package let functions: [CaseFunction]
    }

    /// Cases looked at.
    package private(set) var cases = 0
    /// Who holds what, over all of them.
    package private(set) var holders: [CaseFunction: Set<Code>] = [:]
    package private(set) var findings: [Finding] = []

    /// Goes over some batches and the files of their families, then over applications that none of them pays.
    /// - Parameters:
    ///   - applying: Families with applications.
    ///   - household: The state of a family's file; nil when there is none.
    package init(
        _ batches: [PaymentBatch], applying: [HouseholdID] = [], household: (HouseholdID) throws -> Household?
    ) rethrows {
        var paid: Set<Case> = []
        var known: [HouseholdID: Household] = [:]
        for batch in batches {
            var seen: Set<Case> = []
            for line in batch.lines {
                let (id, right) = (line.ordered.household, line.ordered.line)
                guard seen.insert(Case(household: id, clause: right.clause, subject: right.subject)).inserted else {
                    continue
                }
                if known[id] == nil { known[id] = try household(id) }
                look(batch, id, right.clause, right.subject, known[id])
            }
            paid.formUnion(seen)
        }
        for id in applying {
            if known[id] == nil { known[id] = try household(id) }
            for found in known[id]?.applications ?? []
            where paid.insert(Case(household: id, clause: found.clause, subject: found.subject)).inserted {
                look(nil, id, found.clause, found.subject, known[id])
            }
        }
    }

    private struct Case: Hashable {
        let household: HouseholdID
        let clause: ClauseID
        let subject: FactSubject
    }

    private mutating func look(
        _ batch: PaymentBatch?, _ id: HouseholdID, _ clause: ClauseID, _ subject: FactSubject, _ household: Household?
    ) {
        cases += 1
        var held: [CaseFunction: Set<Code>] = [:]
        for function in CaseFunction.allCases { held[function] = batch?.holders(of: function) ?? [] }
        held[.review, default: []].formUnion(household?.reviewers(of: clause, subject) ?? [])
        for found in household?.applications ?? [] where found.clause == clause && found.subject == subject {
            for function in CaseFunction.allCases { held[function, default: []].formUnion(found.holders(of: function)) }
        }
        note(held) { Finding(batch: batch?.id, household: id, clause: clause, actor: $0, functions: $1) }
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

    /// Notes who holds what on a case, and whoever holds two.
    private mutating func note(
        _ held: [CaseFunction: Set<Code>], _ finding: (Code, [CaseFunction]) -> Finding
    ) {
        for (function, actors) in held { holders[function, default: []].formUnion(actors) }
        for actor in held.values.reduce(Set<Code>(), { $0.union($1) }).sorted() {
            let functions = CaseFunction.allCases.filter { held[$0]?.contains(actor) ?? false }
            guard functions.count > 1 else { continue }
            findings.append(finding(actor, functions))
        }
    }
}

import CareDomain

/// 职能分离: whether anybody holds two of the four functions on one case, as the log alone says. A case is one right of a
/// family that a batch pays.
package struct SeparationAudit: Hashable, Sendable {
    /// Somebody who holds two functions on a case.
    package struct Finding: Hashable, Sendable {
        package let batch: BatchID
        package let household: HouseholdID
        package let clause: ClauseID
        package let actor: Code
        /// In the order of the functions; two or more.
        package let functions: [CaseFunction]
    }

    /// Cases looked at.
    package private(set) var cases = 0
    /// Who holds what, over all of them.
    package private(set) var holders: [CaseFunction: Set<Code>] = [:]
    package private(set) var findings: [Finding] = []

    /// Goes over some batches and the files of their families.
    /// - Parameter household: The state of a family's file; nil when there is none.
    package init(_ batches: [PaymentBatch], household: (HouseholdID) throws -> Household?) rethrows {
        var known: [HouseholdID: Household] = [:]
        for batch in batches {
            var seen: Set<Case> = []
            for line in batch.lines {
                let (id, right) = (line.ordered.household, line.ordered.line)
                guard seen.insert(Case(household: id, clause: right.clause, subject: right.subject)).inserted else {
                    continue
                }
                if known[id] == nil { known[id] = try household(id) }
                look(batch, id, right, known[id])
            }
        }
    }

    private struct Case: Hashable {
        let household: HouseholdID
        let clause: ClauseID
        let subject: FactSubject
    }

    private mutating func look(
        _ batch: PaymentBatch, _ id: HouseholdID, _ right: OrderedLine, _ household: Household?
    ) {
        cases += 1
        var held: [CaseFunction: Set<Code>] = [:]
        for function in CaseFunction.allCases { held[function] = batch.holders(of: function) }
        held[.review, default: []].formUnion(household?.reviewers(of: right.clause, right.subject) ?? [])
        for (function, actors) in held { holders[function, default: []].formUnion(actors) }
        for actor in held.values.reduce(Set<Code>(), { $0.union($1) }).sorted() {
            let functions = CaseFunction.allCases.filter { held[$0]?.contains(actor) ?? false }
            guard functions.count > 1 else { continue }
            findings.append(
                Finding(batch: batch.id, household: id, clause: right.clause, actor: actor, functions: functions))
        }
    }
}

extension Proposal {
    /// Only what stands may be decided, once: beside the other files of the person, too.
    mutating func check(_ decided: DueDecided, field: String?) throws(Refusal) {
        let standing = household.dueStandings.first { $0.clause == decided.clause && $0.subject == decided.subject }
        let stands = standing?.entries.contains {
            $0.cause.determination == decided.determination && $0.kind == decided.kind
        }
        guard stands ?? false else {
            throw Refusal(
                .nothingToDecide, field: join(field, "determination"), detail: "#\(decided.determination.sequence)",
                clause: decided.clause)
        }
        try checkBesideOthers(decided, field: field)
        try checkSeparation(decided.clause, decided.subject, field: join(field, "clause"))
    }

    /// A line that another file of the same person made good already is nobody's to decide; of one that it made good in part
    /// whoever decides is told what is left.
    mutating func checkBesideOthers(_ decided: DueDecided, field: String?) throws(Refusal) {
        guard let rules = context.paymentRules, case .person(let person) = decided.subject, !context.others.isEmpty,
            household.isShared(person)
        else { return }
        let lefts = SharedDues(household, rules).lefts.filter {
            $0.clause == decided.clause && $0.person == person && $0.left.kind == decided.kind
                && $0.left.cause.determination == decided.determination
        }
        let others = context.others.map { SharedDues($0.household, rules) }
        let stands = lefts.reduce(Fen.zero) { $0 + $1.stands(beside: others) }
        let whole = lefts.reduce(Fen.zero) { $0 + $1.left.amount }
        guard stands > .zero else {
            let files = context.others.map(\.id.description).joined(separator: "、")
            throw Refusal(
                .dueNetted, field: join(field, "determination"),
                detail: "#\(decided.determination.sequence) \(whole)：\(files)",
                english: "#\(decided.determination.sequence) \(whole): \(files)", clause: decided.clause)
        }
        if stands < whole {
            warn(.duePartlyNetted, field: join(field, "determination"), detail: "\(stands) / \(whole)")
        }
    }
}

extension Proposal {
    /// Goods are handed out under a clause that gives some, for a period that has begun, once in it, to a family that has the
    /// right, into the hands of a living member or of somebody of whom it is said who that is.
    /// - Source: BS-3.2 为辖区计划生育特殊家庭发放清洁用品
    func check(_ handed: GoodsHandedOut, on day: CivilDay, field: String?) throws(Refusal) {
        guard let rhythm = context.policy.clauses[handed.clause]?.handOut else {
            let known = context.policy.clauses.values.filter { $0.handOut != nil }.map(\.clause).sorted()
            let list = known.map(\.rawValue).joined(separator: "、")
            throw Refusal(
                .handOutClause, field: join(field, "clause"),
                detail: list.isEmpty ? handed.clause.rawValue : "\(handed.clause)：\(list)", clause: handed.clause)
        }
        guard let period = HandOutPeriod(handed.period, rhythm: rhythm) else {
            throw Refusal(
                .handOutPeriod, field: join(field, "period"), detail: "\(handed.period)：\(rhythm.form)",
                clause: handed.clause)
        }
        if let first = period.first, day < first {
            throw Refusal(
                .handOutEarly, field: join(field, "occurred_on"), detail: "\(day)：\(first)", clause: handed.clause)
        }
        try context.policy.checkHandOutOffice(handed.clause, context.department, field: join(field, "clause"))
        let earlier = household.handOuts.first {
            $0.handed.clause == handed.clause && $0.handed.period == handed.period
        }
        if let earlier {
            throw Refusal(
                .handOutTwice, field: join(field, "period"),
                detail: "\(handed.period)：\(earlier.day) #\(earlier.reference.sequence)", clause: handed.clause)
        }
        try checkAbsorbed(handed, period, field: field)
        try checkRight(to: handed, on: period.judged(on: day), field: field)
        try checkItems(of: handed, field: field)
        try checkReceiver(of: handed, on: day, field: field)
        if case .none(let reason) = handed.receipt {
            try check(reason, among: RecordWords.noReceipt, field: join(field, "no_receipt"))
        }
    }

    /// What the latest determination says of the day; a decision that holds the right back holds the goods back, too.
    private func checkRight(to handed: GoodsHandedOut, on day: CivilDay, field: String?) throws(Refusal) {
        let made = household.determinations.first { $0.made.clause == handed.clause && $0.made.subject == .household }
        let isDue =
            made?.made.intervals.contains {
                $0.period.contains(day) && $0.rightHolds && $0.status != .held
            } ?? false
        guard isDue else {
            throw Refusal(
                .handOutWithoutRight, field: join(field, "clause"), detail: "\(handed.clause) \(day)",
                clause: handed.clause)
        }
    }

    private func checkItems(of handed: GoodsHandedOut, field: String?) throws(Refusal) {
        for item in handed.items {
            try check(item.goods, among: RecordWords.goods, field: join(field, "items"))
        }
        let kinds = Set(handed.items.map(\.goods))
        guard !handed.items.isEmpty, kinds.count == handed.items.count,
            handed.items.allSatisfy({ (1...999).contains($0.count) })
        else {
            let detail = handed.items.map { "\($0.goods)=\($0.count)" }.joined(separator: "、")
            throw Refusal(
                .handOutItems, field: join(field, "items"), detail: detail.isEmpty ? nil : detail, clause: handed.clause
            )
        }
    }

    /// A member took it who was there and lived, or somebody else who is named.
    private func checkReceiver(of handed: GoodsHandedOut, on day: CivilDay, field: String?) throws(Refusal) {
        guard let relation = handed.relation else {
            let member = try requireMember(handed.receiver, field: join(field, "receiver"))
            try requireLife(of: member, on: day, field: field)
            guard member.presence.contains(day) else {
                throw Refusal(.personNotPresent, field: join(field, "receiver"), detail: day.description)
            }
            return
        }
        try check(relation, among: RecordWords.receivers, field: join(field, "relation"))
        let isKnown =
            household.pairings.contains { $0.helper.id == handed.receiver }
            || household.guardianships.contains { $0.guardian == handed.receiver }
        let isNamed = handed.sealed.details(of: handed.receiver)?.name != nil
        guard household.member(handed.receiver) == nil, isKnown || isNamed else {
            throw Refusal(
                .handOutReceiver, field: join(field, "receiver"), detail: relation.rawValue, clause: handed.clause)
        }
    }
}

extension PolicyCatalog {
    /// Whether word of goods of the clause may come from the department: the clause's own, villages and townships, who bring
    /// them to the door, and the family-planning authority, which keeps the files.
    /// - Throws: `handOutOffice` with the clause's own; a retry helps with a key of one of these only.
    func checkHandOutOffice(
        _ clause: ClauseID, _ department: DepartmentID?, field: String? = nil
    ) throws(Refusal) {
        let own = clauses[clause]?.department
        let others = [KnownOffices.community, KnownOffices.township] + KnownOffices.keepers
        guard let department, department != own, !others.contains(department) else { return }
        throw Refusal(
            .handOutOffice, field: field, detail: "\(clause); not \(department)",
            words: "\(clause)由\(own.map(KnownOffices.name) ?? "—")主管，您是\(KnownOffices.name(of: department))",
            english: "\(clause) is with \(own.map(KnownOffices.englishName) ?? "—"); "
                + "you are \(KnownOffices.englishName(of: department))", clause: clause)
    }
}

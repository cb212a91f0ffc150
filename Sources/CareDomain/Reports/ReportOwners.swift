extension ReportScope {
    /// The clause by which the report is somebody's: the right that is listed, or the form; nil = indicators, which are those of
    /// a whole pack.
    /// - Source: 博山区 附件4 (BS-A4)
    package var owningClause: ClauseID? {
        kind == Code(unchecked: "annex4") ? ClauseID("BS-A4") : clause
    }
}

extension LoanReportScope.Kind {
    /// The clause that asks for it.
    /// - Source: XM-2.4a 季报表, XM-2.4b 半年考核、年终考核
    package var clause: ClauseID {
        switch self {
        case .quarter: ClauseID("XM-2.4a")!
        case .halfYear, .year: ClauseID("XM-2.4b")!
        }
    }
}

extension DepartmentID {
    /// Whether it sends a report of one of the departments: its own, one for which it answers, or any with a key of no
    /// department, which copies papers of whole offices.
    func sends(_ owners: [DepartmentID]) -> Bool {
        owners.isEmpty || [KnownOffices.none, KnownOffices.house].contains(self)
            || owners.contains(where: answers(for:))
    }

    /// A report is sent by a department whose it is.
    /// - Parameter owners: Those departments; empty = nobody's in particular.
    /// - Throws: `reportOwner` with the departments; a retry helps with a key of one of them only.
    package func checkSends(_ owners: [DepartmentID], clause: ClauseID?) throws(Refusal) {
        guard !sends(owners) else { return }
        var seen: Set<DepartmentID> = []
        let owners = owners.filter { seen.insert($0).inserted }
        throw Refusal(
            .reportOwner, detail: "\(owners.map(\.rawValue).joined(separator: ", ")); not \(self)",
            words: "\(owners.map(KnownOffices.name).joined(separator: "、"))；您是\(KnownOffices.name(of: self))",
            english: "\(owners.map(KnownOffices.englishName).joined(separator: ", ")); "
                + "you are \(KnownOffices.englishName(of: self))", clause: clause)
    }
}

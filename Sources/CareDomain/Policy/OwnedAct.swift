/// What only some departments may state of a family, as a pack declares it. The raw value is the word of the pack.
package enum OwnedAct: String, Hashable, Sendable, CaseIterable {
    /// 伤残鉴定: that somebody was assessed as disabled.
    case disabilityAssessment = "disability_assessment"
    /// 借款、帮扶申请.
    case loanApplication = "loan_application"
    /// 脱贫认定.
    case loanExit = "loan_exit"
    /// 帮扶责任人.
    case loanHelper = "loan_helper"
    /// 档案: that there is a file and where, and who belongs to the family.
    case file
    /// 事实: every fact that is not named by itself.
    case facts

    /// 伤残鉴定 …
    package var chinese: String {
        switch self {
        case .disabilityAssessment: "伤残鉴定"
        case .loanApplication: "借款、帮扶申请"
        case .loanExit: "脱贫认定"
        case .loanHelper: "帮扶责任人"
        case .file: "档案和家庭成员的变动"
        case .facts: "没有单列的事实"
        }
    }

    /// an assessment of a disability …
    package var english: String {
        switch self {
        case .disabilityAssessment: "an assessment of a disability"
        case .loanApplication: "an application for a loan or other aid"
        case .loanExit: "an exit from poverty"
        case .loanHelper: "the helper of a case"
        case .file: "a change of the file or of who belongs to the family"
        case .facts: "a fact that is not named by itself"
        }
    }

    /// Who may state it where a pack does not say: the file and its facts are with those who keep files, and with the villages and
    /// townships that write down what families tell; nil = any department may.
    package var standing: [DepartmentID]? {
        switch self {
        case .file, .facts: [KnownOffices.community, KnownOffices.township] + KnownOffices.keepers
        case .disabilityAssessment, .loanApplication, .loanExit, .loanHelper: nil
        }
    }
}

extension LoanAction {
    /// What is stated by it that may be a department's own; nil = nothing.
    var ownedAct: OwnedAct? {
        switch self {
        case .apply: .loanApplication
        case .assessExit: .loanExit
        case .nameHelper: .loanHelper
        default: nil
        }
    }
}

extension PolicyCatalog {
    /// Whether a department of the documents may state it in the division. Where several packs apply, each that names
    /// departments has to name this one. Keys of no department, with which offices bring in what their files held, and those of
    /// the operator state it for the office whose paper they copy.
    /// - Throws: `actOwner`, of the file `fileOwner`, with the departments that may; a retry helps with a key of one of them only.
    package func checkOwner(
        of act: OwnedAct, _ department: DepartmentID?, in division: DivisionCode?, field: String? = nil
    ) throws(Refusal) {
        guard let department, let division else { return }
        try check(department, among: lists(in: [division]) { $0.owners[act] ?? act.standing } ?? [act.standing]) {
            owners in
            owned(
                act == .file ? .fileOwner : .actOwner, (act.rawValue, act.chinese, act.english), owners, department,
                field)
        }
    }

    /// The same of a fact of a family that is registered in these divisions.
    /// - Throws: `factOwner` with the departments that may; a retry helps with a key of one of them only.
    package func checkOwner(
        of fact: FactID, _ department: DepartmentID, in divisions: Set<DivisionCode>, field: String? = nil
    ) throws(Refusal) {
        let title = facts[fact]?.title ?? fact.rawValue
        try check(department, among: owners(of: fact, in: divisions)) { owners in
            owned(.factOwner, (fact.rawValue, title, fact.rawValue), owners, department, field)
        }
    }

    /// Whether `checkOwner` lets the department state the fact.
    package func mayState(_ fact: FactID, _ department: DepartmentID, in divisions: Set<DivisionCode>) -> Bool {
        owners(of: fact, in: divisions).allSatisfy { $0?.contains(department) ?? true }
    }

    private func owners(of fact: FactID, in divisions: Set<DivisionCode>) -> [[DepartmentID]?] {
        let standing = OwnedAct.facts.standing
        return lists(in: divisions) { $0.factOwners[fact] ?? $0.owners[.facts] ?? standing } ?? [standing]
    }

    /// What the packs of some divisions say; nil where none applies.
    private func lists(
        in divisions: Set<DivisionCode>, _ owners: (PolicyPlace) -> [DepartmentID]?
    ) -> [[DepartmentID]?]? {
        let here = places.filter { place in divisions.contains(where: place.touches) }
        return here.isEmpty ? nil : here.map(owners)
    }

    private func check(
        _ department: DepartmentID, among lists: [[DepartmentID]?], _ refusal: ([DepartmentID]) -> Refusal
    ) throws(Refusal) {
        guard KnownOffices.departments.contains(where: { $0.id == department }) else { return }
        for owners in lists {
            if let owners, !owners.contains(department) { throw refusal(owners) }
        }
    }

    private func owned(
        _ reason: Refusal.Reason, _ what: (code: String, chinese: String, english: String), _ owners: [DepartmentID],
        _ department: DepartmentID, _ field: String?
    ) -> Refusal {
        let named = owners.map(KnownOffices.name).joined(separator: "、")
        let called = owners.map(KnownOffices.englishName).joined(separator: ", ")
        return Refusal(
            reason, field: field,
            detail: "\(what.code): \(owners.map(\.rawValue).joined(separator: ", ")); not \(department)",
            words: "\(what.chinese)由\(named)登记，您是\(KnownOffices.name(of: department))",
            english: "\(what.english) is stated by \(called); you are \(KnownOffices.englishName(of: department))")
    }
}

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

    /// 伤残鉴定 …
    package var chinese: String {
        switch self {
        case .disabilityAssessment: "伤残鉴定"
        case .loanApplication: "借款、帮扶申请"
        case .loanExit: "脱贫认定"
        case .loanHelper: "帮扶责任人"
        }
    }

    /// an assessment of a disability …
    package var english: String {
        switch self {
        case .disabilityAssessment: "an assessment of a disability"
        case .loanApplication: "an application for a loan or other aid"
        case .loanExit: "an exit from poverty"
        case .loanHelper: "the helper of a case"
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
    /// - Throws: `actOwner` with the departments that may; a retry helps with a key of one of them only.
    package func checkOwner(
        of act: OwnedAct, _ department: DepartmentID?, in division: DivisionCode?, field: String? = nil
    ) throws(Refusal) {
        guard let department, let division, KnownOffices.departments.contains(where: { $0.id == department })
        else { return }
        for place in places where place.touches(division) {
            guard let owners = place.owners[act], !owners.contains(department) else { continue }
            let named = owners.map(KnownOffices.name).joined(separator: "、")
            let called = owners.map(KnownOffices.englishName).joined(separator: ", ")
            throw Refusal(
                .actOwner, field: field,
                detail: "\(act.rawValue): \(owners.map(\.rawValue).joined(separator: ", ")); not \(department)",
                words: "\(act.chinese)由\(named)登记，您是\(KnownOffices.name(of: department))",
                english: "\(act.english) is stated by \(called); you are \(KnownOffices.englishName(of: department))")
        }
    }
}

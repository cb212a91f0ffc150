extension LoanCase.State {
    /// 审核中, 在借 …
    package var chinese: String {
        switch self {
        case .reviewing: "审核中"
        case .approved: "审核通过"
        case .running: "在借"
        case .settled: "已还清"
        case .given: "已发放"
        case .writtenOff: "已核销"
        case .rejected: "未通过"
        case .withdrawn: "已撤回"
        }
    }
}

extension LoanStage {
    /// 脱贫式, 创业式, 捆绑式
    package var chinese: String {
        switch self {
        case .povertyExit: "脱贫式"
        case .startUp: "创业式"
        case .bundled: "捆绑式"
        }
    }
}

extension LoanParty {
    /// 申请人, 项目负责人, 镇（街）
    package var chinese: String {
        switch self {
        case .applicant: "申请人"
        case .projectLead: "项目负责人"
        case .township: "镇（街）"
        }
    }
}

/// What has to be there before a payout. The raw value is the stable code.
package enum LoanStep: String, Hashable, Sendable, CaseIterable {
    case villageReview = "review_village"
    case townshipReview = "review_township"
    case districtReview = "review_district"
    case helper
    case guarantee
    case applicantSignature = "signature_applicant"
    case projectLeadSignature = "signature_project_lead"
    case townshipSignature = "signature_township"
    case informed

    /// 村（居）审核, 帮扶责任人 …
    package var chinese: String {
        switch self {
        case .villageReview: "村（居）审核"
        case .townshipReview: "镇（街）审核"
        case .districtReview: "区审核"
        case .helper: "帮扶责任人"
        case .guarantee: "村（居）委会担保"
        case .applicantSignature: "申请人签字"
        case .projectLeadSignature: "项目负责人签字"
        case .townshipSignature: "镇（街）签字"
        case .informed: "讲清资金回笼"
        }
    }

    /// What a code of `LoanCase.missing` is called.
    package static func chinese(_ code: String) -> String { LoanStep(rawValue: code)?.chinese ?? code }
}

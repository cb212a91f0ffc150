/// 资金编号: one fund of a district or sub-district, derived from what it is for.
package struct FundID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// 个案编号: one loan or other aid, derived from the mother and a number, so that two offices who help one mother meet.
package struct LoanID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// 报表编号: one report with all its versions, derived from what it is about.
package struct LoanReportID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }
}

/// 帮扶模式: what kind of aid a fund gives. Only the first enters the repayment rate.
/// - Source: XM-4.1, reading XM-Q2
package enum LendingMode: String, Hashable, Sendable, CaseIterable {
    /// 滚动借款: repaid and lent again.
    case revolvingLoan = "revolving_loan"
    /// 一次性帮扶: not repaid.
    case grant
    /// 小额贴息: part of the interest of a bank's loan.
    case interestSubsidy = "interest_subsidy"

    /// 滚动借款 …
    package var chinese: String {
        switch self {
        case .revolvingLoan: "滚动借款"
        case .grant: "一次性帮扶"
        case .interestSubsidy: "小额贴息"
        }
    }
}

/// 审核层级: who looks at an application, in this order.
/// - Source: XM-2.1a, 层层审核
package enum LoanLevel: String, Hashable, Sendable, CaseIterable {
    case village, township, district

    /// 村（居）, 镇（街）, 区
    package var chinese: String {
        switch self {
        case .village: "村（居）"
        case .township: "镇（街）"
        case .district: "区"
        }
    }

    /// The level of administration it is.
    package var administrative: AdministrativeLevel {
        switch self {
        case .village: .village
        case .township: .township
        case .district: .county
        }
    }
}

/// 协议签字方: who signs the agreement.
/// - Source: XM-2.2d, 申请人、项目负责人和镇（街）
package enum LoanParty: String, Hashable, Sendable, CaseIterable {
    case applicant
    case projectLead = "project_lead"
    case township
}

/// 帮扶阶段: forward moves are usual, the order is not enforced.
/// - Source: XM-3.3b
package enum LoanStage: String, Hashable, Sendable, CaseIterable {
    /// 脱贫式.
    case povertyExit = "poverty_exit"
    /// 创业式.
    case startUp = "start_up"
    /// 捆绑式.
    case bundled
}

/// 分期: one due day of an agreement. The day itself is in time.
package struct LoanInstalment: Hashable, Sendable {
    package var dueOn: CivilDay
    package var amount: Fen

    package init(dueOn: CivilDay, amount: Fen) {
        self.dueOn = dueOn
        self.amount = amount
    }
}

/// 贴息约定: terms of a bank's loan whose interest is paid in part. Its principal never stands in our ledger.
/// - Source: XM-4.4
package struct SubsidyTerms: Hashable, Sendable {
    package var lender: Code
    package var principal: Fen
    /// Yearly rate in thousandths of a percent, 4.35 % = 4350; at most 100 %.
    package var rateThousandths: Int
    package var years: Int
    /// Days of interest beyond the whole years.
    package var days: Int
    /// Share of the interest in thousandths of a percent, 50 % = 50000; at most 100 %.
    package var shareThousandths: Int

    package init(
        lender: Code, principal: Fen, rateThousandths: Int, years: Int, days: Int, shareThousandths: Int
    ) {
        self.lender = lender
        self.principal = principal
        self.rateThousandths = rateThousandths
        self.years = years
        self.days = days
        self.shareThousandths = shareThousandths
    }

    /// Principal × yearly rate × years (days / 365) × share, rounded once, half up, to fen.
    package var subsidy: Fen {
        let days = Int128(years) * 365 + Int128(self.days)
        let product = Int128(principal.amount) * Int128(rateThousandths) * days * Int128(shareThousandths)
        let divisor = Int128(100_000) * 100_000 * 365
        return Fen(Int64((product * 2 + divisor) / (divisor * 2)))
    }
}

/// 指标: one number of a report; names end in `_fen` for money and in `_bp` for hundredths of a percent.
package struct LoanFigure: Hashable, Sendable {
    package var name: Code
    package var value: Int64

    package init(_ name: Code, _ value: Int64) {
        self.name = name
        self.value = value
    }
}

/// A stream of the Happiness Project.
package enum LendingStream: Hashable, Sendable {
    case fund(FundID)
    case loan(LoanID)
    case report(LoanReportID)

    /// Its id without the kind.
    package var value: Identifier128 {
        switch self {
        case .fund(let id): id.value
        case .loan(let id): id.value
        case .report(let id): id.value
        }
    }
}

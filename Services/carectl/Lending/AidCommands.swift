import ArgumentParser
import CareDomain
import ServiceKit

/// `carectl aid`
struct AidCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aid", abstract: "Aid that is not repaid: one-off grants and interest subsidies.",
        discussion: """
            apply for it from a fund of kind grant or interest_subsidy, then review and helper as for a loan (carectl loan), then give.
            Shown, listed and reversed with carectl loan. It stands in the same ledger and never in the repayment rate.
            """,
        subcommands: [AidApply.self, AidGive.self])
}

/// `carectl aid apply`
struct AidApply: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Apply for a one-off grant, or for an interest subsidy.",
        discussion: """
            A grant has --amount. A subsidy has the terms of the bank's loan instead, and its amount is principal × yearly rate × years
            (days / 365) × share, rounded once to fen; the principal is never booked.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LoanApplyOptions

    @Option(help: "Of a grant, in yuan.")
    var amount: String?

    @Option(help: "Reference of the lender's loan, a code.")
    var lenderRef: String?

    @Option(help: "Principal of the lender's loan, in yuan.")
    var principal: String?

    @Option(help: "Its yearly rate in percent, 4.35.")
    var rate: String?

    @Option(help: "Whole years of interest.")
    var years = 0

    @Option(help: "Days of interest beyond whole years.")
    var days = 0

    @Option(help: "Share of the interest that is paid, in percent.")
    var share: String?

    func perform(_ desk: Desk) async throws {
        if let amount, principal == nil {
            return try await options.send(try Fen.typed(amount, option: "--amount"), nil, desk)
        }
        guard let lenderRef, let principal, let rate, let share, amount == nil else {
            throw Failure(
                6488,
                UserText(
                    zh: "请写 --amount，或 --lender-ref、--principal、--rate、--share 和 --years、--days",
                    en: "say --amount, or --lender-ref, --principal, --rate, --share and --years, --days"), exit: .usage
            )
        }
        let terms = SubsidyTerms(
            lender: try Code.typed(lenderRef, option: "--lender-ref"),
            principal: try Fen.typed(principal, option: "--principal"),
            rateThousandths: try Fen.thousandths(rate, option: "--rate"), years: years, days: days,
            shareThousandths: try Fen.thousandths(share, option: "--share"))
        guard (0...30).contains(years), (0...20_000).contains(days), terms.rateThousandths <= 100_000,
            terms.shareThousandths <= 100_000
        else {
            throw Failure(6489, UserText(zh: "年限、天数或比例超出范围", en: "years, days or a rate out of range"), exit: .usage)
        }
        desk.mention(UserText(zh: "贴息 \(terms.subsidy) 元", en: "subsidy \(terms.subsidy) yuan"))
        try await options.send(terms.subsidy, terms, desk)
    }
}

/// `carectl aid give`
struct AidGive: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "give", abstract: "Pay it out: set the money aside, record it, book it.",
        discussion: "Interrupted on its way? Type the same again with the same day: it goes on where it stopped.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice

    func perform(_ desk: Desk) async throws { try await choice.send(.disburse, desk, once: ["disburse"]) }
}

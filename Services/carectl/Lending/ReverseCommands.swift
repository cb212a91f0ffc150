import ArgumentParser
import CareDomain
import CareWire
import ServiceKit

/// Which entry is reversed, and why.
struct ReversalOptions: ParsableArguments {
    @Argument(help: "Number of the entry, as show prints it: 12 or #12.")
    var entry: String

    @Option(help: "Why, a code such as wrong_amount or wrong_case.")
    var reason: String

    func reference() throws -> EventReference {
        guard let sequence = UInt64(entry.drop { $0 == "#" }), sequence > 0 else {
            throw Failure(
                6139, UserText(zh: "账目写序号，如 12 或 #12", en: "an entry is named by its number, such as 12 or #12"),
                advice: UserText(
                    zh: "序号见 carectl loan show、carectl fund show", en: "see carectl loan show, carectl fund show"),
                exit: .usage)
        }
        return EventReference(sequence: sequence)
    }

    func code() throws -> Code { try Code.typed(reason, option: "--reason") }
}

/// `carectl loan reverse`
struct LoanReverse: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse",
        abstract: "Reverse a payout, repayment, write-off or recovery that should not stand (冲销); enter what should.",
        discussion: """
            The entry and its reversal both stay, and the entry counts on no day any more: debt, overdue, balances and indicators are as
            if it had not been made. A report that was sent stays as it was; report loans tells what differs. Somebody else than
            whoever made the entry reverses it, with the right to manage funds (资金管理); nobody who paid out or reviewed the case. A payout
            first when its repayments and write-off are reversed, a repayment when no write-off stands, a write-off when nothing that
            came in after it stands. The voucher is free again, for this case or another. A reversal is not reversed: enter the entry
            anew. After a payout is reversed another schedule can be signed (loan sign).
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: LoanChoice
    @OptionGroup var options: ReversalOptions

    func perform(_ desk: Desk) async throws {
        let (entry, reason) = (try options.reference(), try options.code())
        let day = try choice.act.day(desk)
        let page = try await desk.line(to: .careArchive).loan(choice.loan, on: day)
        guard let id = LoanID(bytes: page.entry.loan) else { throw Failure.badAnswer }
        let command = LendingCommand(
            id: .said(id.value, ["reverse", "\(entry.sequence)", reason.rawValue, "\(day)"]), stream: .loan(id),
            occurredOn: day, action: .loan(.reverse(entry, reason: reason)))
        try await desk.line(to: .intake).lend(command, desk)
    }
}

/// `carectl fund reverse`
struct FundReverse: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverse", abstract: "Reverse a deposit or a transfer that should not stand (冲销).",
        discussion: """
            The entry and its reversal both stay, and the entry counts on no day any more. The fund stays at zero or above on every day.
            A transfer is reversed in the fund that took it over, and goes back by itself; the number of either side will do. Somebody
            else than whoever made the entry reverses it, with the right to manage funds (资金管理). What a case moved is reversed with
            the case: carectl loan reverse. Interrupted on its way? Type the same again with the same day.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: FundChoice
    @OptionGroup var act: ActDay
    @OptionGroup var options: ReversalOptions

    func perform(_ desk: Desk) async throws {
        let (typed, reason) = (try options.reference(), try options.code())
        let day = try act.day(desk)
        let archive = try await desk.line(to: .careArchive)
        let page = try await archive.fund(choice.fund)
        guard let id = FundID(bytes: page.fund.fund) else { throw Failure.badAnswer }
        let (fund, entry) = try await receiver(of: typed, in: page, archive) ?? (id, typed)
        let command = LendingCommand(
            id: .said(fund.value, ["reverse", "\(entry.sequence)", reason.rawValue, "\(day)"]), stream: .fund(fund),
            occurredOn: day, action: .fund(.reverse(entry, reason: reason)))
        try await desk.line(to: .intake).lend(command, desk)
    }

    /// Of a transfer, the fund that took it over and the entry there; nil for anything else, and while it is under way.
    private func receiver(
        of entry: EventReference, in page: Care_V1_FundPage, _ archive: Line
    ) async throws -> (FundID, EventReference)? {
        guard let given = page.movements.first(where: { $0.sequence == entry.sequence }), given.kind == "handed_over",
            let fund = FundID(bytes: given.other)
        else { return nil }
        let taken = try await archive.fund(fund.description).movements.first { movement in
            movement.kind == "taken_over" && movement.other == page.fund.fund && movement.cause == entry.sequence
        }
        return taken.map { (fund, EventReference(sequence: $0.sequence)) }
    }
}

import CareDomain
import CareWire
import Testing

/// Commands about funds, cases and reports to bytes and back.
@Suite("幸福工程的命令")
struct LendingCommandTests {
    private static let report = LoanReportSent(
        scope: SampleLending.report, version: 1, knownAt: Moment(microseconds: 5),
        figures: [LoanFigure(Code(unchecked: "exits"), 3)])
    private static let applied = LoanApplied(
        fund: SampleLending.fund, household: Sample.household, mother: Sample.wife, number: 1, amount: .yuan(20_000),
        purpose: Code(unchecked: "shop"))

    private static let actions: [(LendingStream, LendingAction)] = {
        let code = Code(unchecked: "c")
        let fund = LendingStream.fund(SampleLending.fund)
        let history = FundHistory(
            through: Sample.day("2017-09-30"), helped: 2, out: 1, completed: 1, disbursed: Fen(5), capital: Fen(4),
            due: Fen(3), repaid: Fen(2))
        let funds: [FundAction] = [
            .open(SampleLending.scope), .deposit(FundDeposited(payer: code, amount: Fen(7), receipt: code)),
            .handOver(to: SampleLending.fund, Fen(9)), .state(history),
            .reverse(EventReference(sequence: 3), reason: code),
        ]
        let schedule = [LoanInstalment(dueOn: Sample.day("2018-03-31"), amount: Fen(1))]
        let loans: [LoanAction] = [
            .apply(applied), .review(LoanReviewed(level: .village, isPassed: false, reason: code)),
            .guarantee(committee: DivisionCode("350206001001")!, paper: code), .sign(.applicant, schedule), .inform,
            .nameHelper(code), .disburse, .repay(Fen(8), receipt: code), .proposeWriteOff(code), .writeOff,
            .stage(.bundled), .assessExit(isOut: true, basis: code), .withdraw(code),
            .reverse(EventReference(sequence: 3), reason: code),
        ]
        return funds.map { (fund, .fund($0)) } + loans.map { (.loan(SampleLending.loan), .loan($0)) }
            + [(.report(LoanReportID.derived(from: SampleLending.report)), .report(report))]
    }()

    private static func command(_ stream: LendingStream, _ action: LendingAction) -> LendingCommand {
        LendingCommand(id: Sample.command, stream: stream, occurredOn: Sample.day("2018-01-01"), action: action)
    }

    @Test("every command comes back equal, and its digest tells it from the others")
    func roundTrips() throws {
        var digests: Set<Identifier128> = []
        for (stream, action) in Self.actions {
            let command = Self.command(stream, action)
            let received = try LendingCodec.decode(try LendingCodec.encode(command))
            #expect(received.command == command)
            #expect(digests.insert(received.digest).inserted)
        }
    }

    @Test("a fund or report under another id, a sum of nothing and a set division are refused")
    func limits() {
        let other = FundID(Identifier128(high: 1, low: 1))
        func code(_ stream: LendingStream, _ action: LendingAction) -> WireError.Code? {
            do throws(WireError) {
                _ = try LendingCodec.encode(Self.command(stream, action))
                return nil
            } catch { return error.code }
        }
        #expect(code(.fund(other), .fund(.open(SampleLending.scope))) == .outOfRange)
        let report = LoanReportID(Identifier128(high: 1, low: 1))
        #expect(code(.report(report), .report(Self.report)) == .outOfRange)
        #expect(
            code(.loan(SampleLending.loan), .loan(.repay(.zero, receipt: Code(unchecked: "r")))) == .outOfRange)
        var applied = Self.applied
        applied.mode = .grant
        #expect(code(.loan(SampleLending.loan), .loan(.apply(applied))) == .outOfRange)
    }

    @Test("ids follow from what they name: loans and aid of a mother apart")
    func derivedIDs() {
        let loan = LoanID.derived(of: Sample.wife, .revolvingLoan, number: 1)
        #expect(loan != LoanID.derived(of: Sample.wife, .grant, number: 1))
        #expect(loan != LoanID.derived(of: Sample.wife, .revolvingLoan, number: 2))
        #expect(
            LoanID.derived(of: Sample.wife, .grant, number: 1)
                == LoanID.derived(of: Sample.wife, .interestSubsidy, number: 1))
    }
}

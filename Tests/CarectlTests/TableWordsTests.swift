import CareDomain
import CareProjections
import CareWire
import RuleEngine
import RulePacks
import Testing

@testable import carectl

/// Chinese tables say words where the record has codes.
@Suite("表里的代码都有中文")
struct TableWordsTests {
    /// Whether a cell still shows a code: letters of the alphabet.
    private static func isCode(_ text: String) -> Bool { text.contains { $0.isASCII && $0.isLetter } || text.isEmpty }

    @Test("批次、明细、账户和核对：每个代码都有词")
    func payments() {
        let states =
            [
                "prepared", "closing", "frozen", "settled", "open", "in_transit", "paid", "failed", "returned",
                "reversed",
            ]
        for state in states { #expect(!Self.isCode(PaymentWords.state(state)), "\(state)") }
        for payer in KnownOffices.payers {
            #expect(!Self.isCode(PaymentWords.payer(payer.id.rawValue)), "\(payer.id)")
            for account in ["expense.\(payer.id)", "capital.\(payer.id)"] {
                let word =
                    account.hasPrefix("expense.") ? PaymentWords.account(account) : LendingWords.account(account)
                #expect(!Self.isCode(word), "\(account)")
            }
        }
        for account in [Account.payable, .transit, .bank] {
            #expect(!Self.isCode(PaymentWords.account(account.rawValue)), "\(account)")
        }
        let findings = [
            "unbalanced", "balance", "order_missing", "order_differs", "outcome_differs", "ordered_twice",
            "order_unknown", "recovery_unfounded",
        ]
        for finding in findings {
            #expect(Reconciliation.Finding.Code(rawValue: finding) != nil)
            #expect(!Self.isCode(PaymentWords.finding(finding)), "\(finding)")
        }
    }

    @Test("政策包里写的出资方和责任部门，都叫得出名字")
    func packs() throws {
        for file in try PackLibrary.bundled.packFiles() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            for item in pack.dutyItems(year: 2021) {
                #expect(!Self.isCode(KnownOffices.name(of: item.owner)), "\(item.clause) \(item.owner)")
            }
        }
    }

    @Test("借款个案：级别、签字人、阶段、评估和提醒都有词，凭证和原因照人写的")
    func loans() {
        func detail(_ kind: EventKind, _ detail: String) -> String {
            LendingWords.detail(
                .with {
                    $0.kind = UInt32(kind.rawValue)
                    $0.detail = detail
                })
        }
        for level in LoanLevel.allCases { #expect(!Self.isCode(detail(.loanReviewed, level.rawValue)), "\(level)") }
        for party in LoanParty.allCases { #expect(!Self.isCode(detail(.loanSigned, party.rawValue)), "\(party)") }
        for stage in LoanStage.allCases { #expect(!Self.isCode(detail(.loanStaged, stage.rawValue)), "\(stage)") }
        for kind in OfficeNotice.Kind.allCases {
            #expect(!Self.isCode(detail(.loanNoticeRaised, kind.rawValue)), "\(kind)")
        }
        for mode in LendingMode.allCases { #expect(!Self.isCode(LendingWords.mode(mode.rawValue)), "\(mode)") }
        for step in LoanStep.allCases { #expect(!Self.isCode(LendingWords.missing(step.rawValue)), "\(step)") }
        #expect(detail(.loanReviewed, "village:no_plan") == "村（居）：no_plan")
        #expect(detail(.loanExitAssessed, "out:visit-1") == "脱贫：visit-1")
        #expect(detail(.loanRepaid, "h-1") == "h-1")
        let movements = [
            "deposited", "reserved", "released", "disbursed", "repaid", "written_off", "handed_over", "taken_over",
        ]
        for movement in movements { #expect(!Self.isCode(LendingWords.movement(movement)), "\(movement)") }
    }

    @Test("报表的种类都有词")
    func reports() {
        for kind in ["indicators", "annex4", "roll", LoanReportSent.kind.rawValue] {
            #expect(!Self.isCode(ReportWords.kind(kind)), "\(kind)")
        }
    }
}

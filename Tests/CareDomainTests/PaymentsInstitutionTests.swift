import CareTestKit
import Testing

@testable import CareDomain

/// Given a clause whose money goes to an institution in place of the person, when its batch is sent, then nothing of it goes to an
/// account of the family.
@Suite("发放：代缴、代办的钱付给机构")
struct PaymentsInstitutionTests {
    private static let batch = PaymentsBatchTests.batch
    private static let clause = ClauseID("CZ-2.1")!
    private static let parameter = ParameterID(unchecked: "cz.accident_insurer_account")

    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    private static func account(
        _ reference: String, _ division: String?, from: String = "2014-07-16", until: String? = nil
    ) -> InstitutionPayee.Account {
        .init(
            division: division.flatMap { DivisionCode($0) },
            period: DayPeriod(start: day(from), end: until.map(day)), reference: reference,
            by: Code(unchecked: "namer-1"))
    }

    private static func insurer(_ accounts: InstitutionPayee.Account...) -> InstitutionPayee {
        InstitutionPayee(title: "保险机构", english: "the insurer", parameter: parameter, accounts: accounts)
    }

    @Test("机构的账户：最近的区划为准，同一区划以后说的为准；期限之外、写空了的没有")
    func narrowest() throws {
        let payee = Self.insurer(
            Self.account("city", "431000"), Self.account("district", "431002"), Self.account("other", "431003"),
            Self.account("later", "431002", from: "2015-01-01"), Self.account("", "431003", from: "2016-01-01"))
        func account(_ place: String?, _ day: String) -> String? {
            payee.account(in: place.flatMap { DivisionCode($0) }, on: Self.day(day))?.reference
        }
        #expect(account("431002", "2014-07-15") == nil)
        #expect(account("431002", "2014-07-16") == "district" && account("431002001", "2014-12-31") == "district")
        #expect(account("431002", "2015-01-01") == "later")
        #expect(account("431004", "2015-01-01") == "city" && account("431000", "2015-01-01") == "city")
        #expect(account("431003", "2015-12-31") == "other" && account("431003", "2016-01-01") == nil)
        #expect(account("430100", "2015-01-01") == nil && account(nil, "2015-01-01") == nil)
        let anywhere = Self.insurer(Self.account("all", nil), Self.account("city", "431000", until: "2015-01-01"))
        #expect(anywhere.account(in: DivisionCode("431002"), on: Self.day("2014-12-31"))?.reference == "city")
        #expect(anywhere.account(in: DivisionCode("431002"), on: Self.day("2015-01-01"))?.reference == "all")
    }

    @Test("家里有账户、机构没有：不送；机构的账户登记以后送到那里，家里的账户不出现")
    func neverToTheFamily() throws {
        var bench = try PaymentsBatchTests.closed(2)
        bench.payees[Self.clause] = Self.insurer()
        #expect(PaymentsBatchTests.refusal(try bench.say(.issue, to: Self.batch)) == .nothingToIssue)
        #expect(bench.batches[Self.batch]?.files.isEmpty == true)
        bench.payees[Self.clause] = Self.insurer(Self.account("insurer-1", "431000"))
        try bench.say(.issue, to: Self.batch)
        #expect(bench.batches[Self.batch]?.files.first?.entries.map(\.account) == ["insurer-1", "insurer-1"])
    }

    @Test("每人各有机构的：送到为这个人登记的机构账户，没有登记的不送，本人的账户不用")
    func ownInstitution() throws {
        var bench = try PaymentsBatchTests.closed(2)
        bench.payees[Self.clause] = InstitutionPayee(title: "所住的养老机构", english: "the home", parameter: nil)
        let line = try #require(bench.batches[Self.batch]?.lines.last)
        guard case .person(let person) = line.ordered.line.subject else { throw Refusal(.personUnknown) }
        bench.record(
            .factStated(
                FactStated(
                    fact: .institutionAccountReference, subject: .person(person), value: .reference("home-1"),
                    source: Code(unchecked: "form"))), on: Self.day("2014-08-02"), of: line.ordered.household)
        try bench.say(.issue, to: Self.batch)
        let entries = try #require(bench.batches[Self.batch]?.files.first).entries
        #expect(entries.map(\.line) == [line.number] && entries.map(\.account) == ["home-1"])
        var whole = line.ordered.line
        whole.subject = .household
        let payee = bench.payees[Self.clause]
        func account(_ line: OrderedLine, _ household: HouseholdID) -> String? {
            bench.households[household]?.destination(of: line, on: bench.today, payee: payee, in: nil)?.account
        }
        #expect(account(whole, line.ordered.household) == "home-1", "of the family's one member of whom it is stated")
        let other = try #require(bench.batches[Self.batch]?.lines.first).ordered
        #expect(account(other.line, other.household) == nil)
    }

    @Test("没有可送的：说出哪一条付给谁、哪几笔、缺哪个参数，不说成家庭没有账户")
    func saysWhatIsMissing() throws {
        let bench = try PaymentsBatchTests.closed(2)
        let state = try #require(bench.batches[Self.batch])
        let unnamed = UnnamedPayee(clause: Self.clause, payee: Self.insurer(), lines: [1, 2])
        let command = PaymentCommand(
            id: CommandID(Identifier128(high: 2, low: 900)), batch: Self.batch, occurredOn: PaymentsBatchTests.today,
            action: .issue)
        let decision = state.decide(
            command, in: BatchContext(today: PaymentsBatchTests.today, unnamed: [unnamed]))
        guard case .refused(let refusal) = decision else {
            Issue.record("sent")
            return
        }
        #expect(
            refusal.detail
                == "付给机构而收款账户编号还没有登记（CARE-1468）：CZ-2.1 付给保险机构，2 笔：第 1、2 笔；cz.accident_insurer_account")
        #expect(unnamed.note.code == "CARE-1468" && unnamed.note.clause == Self.clause)
        #expect(unnamed.note.chinese.contains("不进家庭的账户") && unnamed.note.chinese.contains("set-parameter"))
        #expect(unnamed.note.english.contains("lines 1, 2, 2 in all; cz.accident_insurer_account"))
        let many = UnnamedPayee(clause: Self.clause, payee: Self.insurer(), lines: Array(1...12))
        #expect(many.chinese.contains("12 笔：第 1、2、3、4、5、6、7、8、9、10 … 笔"))
    }
}

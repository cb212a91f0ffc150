import CareDomain
import CareProjections
import CareTestKit
import Testing

@Suite("档案里的借款与帮扶")
struct LoanLineTests {
    private static let mother = PersonID(Identifier128(high: 8, low: 1))

    private static func day(_ text: String) -> CivilDay { .invented(text) }
    private static func code(_ text: String) -> Code { Code(unchecked: text) }

    /// A loan of 20,000 in four quarters: the first paid, of the second 3,000.
    private static func loan(of household: HouseholdID, mother: PersonID = mother) -> LoanCase {
        var loan = LoanCase(id: LoanID(Identifier128(high: 8, low: 2)))
        func take(_ event: LoanEvent, _ on: String) {
            loan.evolve(
                KnownLendingEvent(
                    reference: EventReference(sequence: loan.lastSequence + 1), recordedAt: Moment(microseconds: 1),
                    occurredOn: day(on), command: CommandID(Identifier128(high: 8, low: 3)), actor: nil,
                    event: .loan(event)))
        }
        let schedule = ["2018-03-31", "2018-06-30", "2018-09-30", "2018-12-31"].map {
            LoanInstalment(dueOn: day($0), amount: .yuan(5_000))
        }
        take(
            .applied(
                LoanApplied(
                    fund: FundID(Identifier128(high: 8, low: 4)), household: household, mother: mother, number: 1,
                    amount: .yuan(20_000), purpose: code("nursing"))), "2017-11-01")
        take(.helperNamed(code("cadre-3")), "2017-11-20")
        take(.signed(.applicant, schedule), "2017-12-01")
        take(.disbursed(.yuan(20_000)), "2017-12-15")
        take(.repaid(.yuan(5_000), receipt: code("r-1")), "2018-03-30")
        take(.repaid(.yuan(3_000), receipt: code("r-2")), "2018-06-30")
        return loan
    }

    private static func page(on day: String, _ cases: (HouseholdID) -> [LoanCase]) -> CareArchive {
        var stream = InventedStream(1)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("350203001001")!)), on: "2016-03-01")
        stream.add(.personJoined(PersonJoined(person: mother, role: .wife)), on: "2016-03-01")
        var page = CareArchive(stream.history, ArchiveQuestion(asOf: .invented(day)), words: .sample)
        page.take(cases(stream.id), words: .sample)
        return page
    }

    @Test("借款人的档案看得到借款、各期、未还和逾期；到期日当天不算逾期")
    func familySeesItsLoan() throws {
        let page = Self.page(on: "2018-07-01") { [Self.loan(of: $0)] }
        let line = try #require(page.loans.first)
        #expect(page.loans.count == 1 && line.state.chinese == "在借" && line.disbursedOn == Self.day("2017-12-15"))
        #expect(line.repaid == .yuan(8_000) && line.outstanding == .yuan(12_000) && line.overdue == .yuan(2_000))
        #expect(line.instalments.map(\.repaid) == [.yuan(5_000), .yuan(3_000), .zero, .zero])
        #expect(line.instalments.map(\.isOverdue) == [false, true, false, false])
        let text = page.text()
        #expect(text.contains("【借款与帮扶】共 1 条"))
        #expect(text.contains("第 2 期 2018-06-30 应还 5000.00元，已还 3000.00元，逾期未还 2000.00元"))
        let onTime = Self.page(on: "2018-06-30") { [Self.loan(of: $0)] }
        #expect(onTime.loans.first?.overdue == .zero)
        #expect(Self.page(on: "2017-10-31") { [Self.loan(of: $0)] }.loans.isEmpty, "not applied for yet")
    }

    @Test("放款前写明还缺什么；别人家的借款不在这里；经由传输形式往返不变")
    func whoseLoan() throws {
        let page = Self.page(on: "2017-12-10") { [Self.loan(of: $0)] }
        #expect(page.loans.first?.missing.map(\.chinese).contains("村（居）委会担保") == true)
        let stranger = PersonID(Identifier128(high: 8, low: 9))
        let other = HouseholdID(Identifier128(high: 8, low: 10))
        #expect(Self.page(on: "2018-07-01") { _ in [Self.loan(of: other, mother: stranger)] }.loans.isEmpty)
        #expect(
            Self.page(on: "2018-07-01") { _ in [Self.loan(of: other)] }.loans.count == 1,
            "a mother who moved here brings her loan along")
        let late = Self.page(on: "2018-07-01") { [Self.loan(of: $0)] }
        #expect(try CareArchive(late.wire) == late)
    }
}

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

    @Test("核销后收回的，档案页写在状态里，不算已还；当天以前不写")
    func recoveredIsTold() throws {
        func shown(on day: String) throws -> CareArchive.LoanLine {
            let page = Self.page(on: day) { household in
                var loan = Self.loan(of: household)
                let later: [(LoanEvent, String)] = [
                    (.writeOffProposed(Self.code("died")), "2018-08-01"), (.writtenOff(.yuan(12_000)), "2018-08-02"),
                    (.repaid(.yuan(1_500), receipt: Self.code("r-3")), "2018-09-01"),
                ]
                for (event, on) in later {
                    loan.evolve(
                        KnownLendingEvent(
                            reference: EventReference(sequence: loan.lastSequence + 1),
                            recordedAt: Moment(microseconds: 1), occurredOn: Self.day(on),
                            command: CommandID(Identifier128(high: 8, low: 3)), actor: nil, event: .loan(event)))
                }
                return [loan]
            }
            return try #require(page.loans.first)
        }
        let line = try shown(on: "2018-09-01")
        #expect(line.state.code == "written_off" && line.state.chinese == "已核销（核销后收回 1500.00元）")
        #expect(line.repaid == .yuan(8_000) && line.outstanding == .zero && line.overdue == .zero)
        #expect(try shown(on: "2018-08-31").state.chinese == "已核销")
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

    private static let wrong = code("wrong_case")

    private static func known(
        _ event: LendingEvent, _ sequence: UInt64, at moment: Int64, on: String
    ) -> KnownLendingEvent {
        KnownLendingEvent(
            reference: EventReference(sequence: sequence), recordedAt: Moment(microseconds: moment),
            occurredOn: day(on), command: CommandID(Identifier128(high: 8, low: UInt64(moment))),
            actor: code("director"), event: event)
    }

    @Test("冲销的还款和冲销都在档案上，哪一天的合计都不算它")
    func reversed() throws {
        func loan(of household: HouseholdID) -> [LoanCase] {
            var loan = Self.loan(of: household)
            let reversed = LoanReversed(
                entry: EventReference(sequence: loan.lastSequence), kind: .repaid, amount: .yuan(3_000),
                reason: Self.wrong)
            loan.evolve(Self.known(.loan(.reversed(reversed)), loan.lastSequence + 1, at: 9, on: "2018-08-01"))
            return [loan]
        }
        let page = Self.page(on: "2018-07-01", loan)
        let line = try #require(page.loans.first)
        #expect(line.repaid == .yuan(5_000) && line.outstanding == .yuan(15_000) && line.overdue == .yuan(5_000))
        let told = try #require(line.reversals.first)
        #expect(line.reversals.count == 1 && told.receipt == "r-2" && told.enteredOn == Self.day("2018-06-30"))
        #expect(told.reversedOn == Self.day("2018-08-01") && told.by == "director" && told.sequence == told.entry + 1)
        #expect(page.text().contains("还款 3000.00元，凭证 r-2，已冲销：#7 2018-08-01"))
        #expect(page.json.text().contains("\"reversed_on\""))
        #expect(try CareArchive(page.wire) == page)
        #expect(Self.page(on: "2018-06-29", loan).loans.first?.reversals.isEmpty == true, "not entered yet")
    }

    @Test("冲销之后，那一季的数照实另算；按上报时所知，仍是上报的数")
    func reports() {
        let fund = FundID(Identifier128(high: 8, low: 4))
        var books = LendingBooks()
        let scope = FundScope(division: DivisionCode("350203")!, mode: .revolvingLoan)
        books.take(Self.known(.fund(.opened(scope)), 1, at: 1, on: "2017-01-01"), of: .fund(fund))
        let applied = LoanApplied(
            fund: fund, household: HouseholdID(Identifier128(high: 8, low: 5)), mother: Self.mother, number: 1,
            amount: .yuan(20_000), purpose: Self.code("nursing"))
        let schedule = [LoanInstalment(dueOn: Self.day("2018-09-30"), amount: .yuan(20_000))]
        let events: [(LoanEvent, String)] = [
            (.applied(applied), "2017-11-01"), (.signed(.applicant, schedule), "2017-12-01"),
            (.disbursed(.yuan(20_000)), "2017-12-15"), (.repaid(Fen(700_001), receipt: Self.code("r-1")), "2018-09-20"),
        ]
        let stream = LendingStream.loan(LoanID(Identifier128(high: 8, low: 2)))
        for (place, (event, on)) in events.enumerated() {
            books.take(Self.known(.loan(event), UInt64(place + 1), at: Int64(place + 2), on: on), of: stream)
        }
        let (first, last) = (Self.day("2018-07-01"), Self.day("2018-09-30"))
        let sent = books.lastRecordedAt
        let before = books.figures(of: scope.division, from: first, through: last)
        #expect(before.repaid == Fen(700_001) && before.repaymentRate == 3_500)
        let reversed = LoanReversed(
            entry: EventReference(sequence: 4), kind: .repaid, amount: Fen(700_001), reason: Self.wrong)
        books.take(Self.known(.loan(.reversed(reversed)), 5, at: 20, on: "2018-10-09"), of: stream)
        let after = books.figures(of: scope.division, from: first, through: last)
        #expect(after.repaid == .zero && after.repaymentRate == 0 && after.outstanding == .yuan(20_000))
        #expect(books.known(at: sent).figures(of: scope.division, from: first, through: last) == before)
        // As the report was sent it stays; what is known now is another version.
        let report = LoanReportScope(kind: .quarter, division: scope.division, firstDay: first, lastDay: last)
        let versions = [before, after].enumerated().map { place, figures in
            LoanReportSent(
                scope: report, version: place + 1, knownAt: sent, figures: figures.figures,
                reason: place == 0 ? nil : Self.wrong)
        }
        #expect(!versions[1].saysTheSame(as: versions[0]))
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

import CareTestKit
import Testing

@testable import CareDomain

/// Given months in which somebody lived in one home and then in another, when they are paid, then each home gets the money of its
/// months, and gives it back itself where too much was paid.
@Suite("发放：每个月的钱付给当月的机构，多发的向收到的机构收回")
struct PaymentsInstitutionMonthsTests {
    private static let clause = ClauseID("CZ-2.1")!
    private static let home = InstitutionPayee(title: "所住的养老机构", english: "the home", parameter: nil)
    private static let reason = Code(unchecked: "moved")

    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
    private static func month(_ text: String) -> CivilMonth { CivilMonth(parsing: text)! }

    /// 300 yuan a month of 2015 for a home.
    private static func money(_ told: [(from: String, account: String)] = []) -> ReceivedMoney {
        var money = ReceivedMoney(from: "2015-01-01", through: "2015-12", today: "2015-12-20")
        money.bench.payees[clause] = home
        for one in told { state(one.account, from: one.from, &money) }
        return money
    }

    private static func state(
        _ account: String, from: String, until: String? = nil, _ money: inout ReceivedMoney
    ) {
        let stated = FactStated(
            fact: .institutionAccountReference, subject: .person(money.person), value: .reference(account),
            until: until.map(day), source: Code(unchecked: "form"))
        money.bench.record(.factStated(stated), on: day(from), of: money.family)
    }

    private static func lines(_ money: ReceivedMoney, _ batch: BatchID) -> [String] {
        (money.bench.batches[batch]?.lines ?? []).map {
            "\($0.ordered.line.first)…\($0.ordered.line.last) \($0.amount)"
        }
    }

    private static func parts(_ money: ReceivedMoney, _ line: OrderedLine) throws -> [String] {
        let household = try #require(money.bench.households[money.family]?.household)
        return household.institutionMonths(of: line, payee: home, in: nil).map { "\($0.text) \($0.account ?? "-")" }
    }

    private static func holders(_ money: ReceivedMoney, _ batch: BatchID) -> [[String]] {
        let history = money.bench.households[money.family]
        return (money.bench.batches[batch]?.lines ?? []).map { line in
            let found = history?.holders(of: line, payee: home) { money.bench.batches[$0] } ?? []
            return found.map { "\($0.institution?.chinese ?? "家庭") \($0.account ?? "-") \($0.amount)" }
        }
    }

    @Test("一月到六月住甲院、七月起住乙院：一批里分成两笔，各付各的，与登记先后无关", arguments: [true, false])
    func moved(isToldInOrder: Bool) throws {
        let told = [(from: "2015-01-01", account: "home-a"), ("2015-07-01", "home-b")]
        var money = Self.money(isToldInOrder ? told : told.reversed())
        let paid = try money.batch(.regular, "2015")
        #expect(Self.lines(money, paid) == ["2015-01…2015-06 1800.00", "2015-07…2015-12 1800.00"])
        try money.bench.say(.issue, to: paid)
        #expect(money.bench.batches[paid]?.files.first?.entries.map(\.account) == ["home-a", "home-b"])
    }

    @Test("截止以后才登记、各月不是一个账户：这一笔等着；冲销后再列一批，按账户分开")
    func toldAfterTheClosing() throws {
        var money = Self.money()
        let paid = try money.batch(.regular, "2015")
        #expect(Self.lines(money, paid) == ["2015-01…2015-12 3600.00"])
        Self.state("home-a", from: "2015-01-01", &money)
        Self.state("home-b", from: "2015-07-01", &money)
        let line = try #require(money.bench.batches[paid]?.lines.first?.ordered.line)
        #expect(try Self.parts(money, line) == ["2015-01…2015-06 home-a", "2015-07…2015-12 home-b"])
        #expect(PaymentsBatchTests.refusal(try money.bench.say(.issue, to: paid)) == .nothingToIssue)
        try money.bench.say(.reverse(line: 1, reason: Self.reason), to: paid)
        let again = try money.batch(.regular, "2015")
        #expect(Self.lines(money, again) == ["2015-01…2015-06 1800.00", "2015-07…2015-12 1800.00"])
        try money.bench.say(.issue, to: again)
        #expect(money.bench.batches[again]?.files.first?.entries.map(\.account) == ["home-a", "home-b"])
    }

    @Test("月中离开的，当月仍归原来的；月中搬的，当月归月末所住的；以后各月没有账户")
    func withinAMonth() throws {
        var money = Self.money()
        Self.state("home-a", from: "2015-01-10", &money)
        Self.state("home-b", from: "2015-02-28", until: "2015-04-02", &money)
        let paid = try money.batch(.regular, "2015")
        let whole = OrderedLine(
            clause: Self.clause, subject: .person(money.person), first: Self.month("2014-12"),
            last: Self.month("2015-06"), parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
        #expect(
            try Self.parts(money, whole) == [
                "2014-12 -", "2015-01 home-a", "2015-02…2015-04 home-b", "2015-05…2015-06 -",
            ])
        #expect(
            Self.lines(money, paid) == [
                "2015-01…2015-01 300.00", "2015-02…2015-04 900.00", "2015-05…2015-12 2400.00",
            ])
    }

    @Test("按地方给出的账户：从哪天起的就从哪个月起用，早一个月也不用；月中到期的当月还用")
    func byParameter() {
        let account = InstitutionPayee.Account(
            division: DivisionCode("431000"),
            period: DayPeriod(start: Self.day("2016-02-29"), end: Self.day("2016-04-10")), reference: "fund",
            by: Code(unchecked: "namer-1"))
        let fund = InstitutionPayee(
            title: "社会保险机构", english: "the fund", parameter: ParameterID(unchecked: "cz.pension_fund_account"),
            accounts: [account])
        let found = ["2016-01", "2016-02", "2016-03", "2016-04", "2016-05"].map {
            fund.account(in: DivisionCode("431002"), of: Self.month($0))?.reference
        }
        #expect(found == [nil, "fund", "fund", "fund", nil])
    }

    @Test("先后付给两院的都多发了：追回按付给谁分列，应退的是各院，账户是送银行的文件写的，登记后来改了也不变")
    func takenBackFromEach() throws {
        var money = Self.money([("2015-01-01", "home-a"), ("2015-07-01", "home-b")])
        let paid = try money.batch(.regular, "2015")
        try money.bench.say(.issue, to: paid)
        try money.answer(paid)
        Self.state("home-c", from: "2015-01-01", &money)
        money.determine(until: Self.month("2015-04"), through: Self.month("2015-12"))
        #expect(money.decideAll().isEmpty)
        let recovery = try money.batch(.recovery, "2015")
        #expect(Self.lines(money, recovery) == ["2015-04…2015-06 -900.00", "2015-07…2015-12 -1800.00"])
        #expect(
            Self.holders(money, recovery) == [["所住的养老机构 home-a 900.00"], ["所住的养老机构 home-b 1800.00"]])
        try money.bench.say(.issue, to: recovery)
        #expect(money.bench.batches[recovery]?.files.first?.entries.map(\.account) == ["", ""])
        try money.answer(recovery)
        #expect(money.received == .yuan(900))
    }

    private static func named(_ money: ReceivedMoney, _ months: ClosedRange<CivilMonth>, isTakenBack: Bool) -> [String]
    {
        let found = money.bench.households[money.family]?.institutions(
            of: clause, .person(money.person), in: months, isTakenBack: isTakenBack, payee: home, in: nil
        ) { money.bench.batches[$0] }
        return (found ?? []).map { "\($0.institution.chinese) \($0.account ?? "-")" }
    }

    @Test("应补的写明付给哪一院，没有登记的月份写没有；多发的写收到钱的那一院，后来改了登记也不变，家庭收到的不写机构")
    func namedRowByRow() throws {
        var money = Self.money([("2015-01-01", "home-a"), ("2015-07-01", "home-b")])
        let year = Self.month("2015-01")...Self.month("2015-12")
        #expect(Self.named(money, year, isTakenBack: false) == ["所住的养老机构 home-a", "所住的养老机构 home-b"])
        #expect(
            Self.named(money, Self.month("2014-12")...Self.month("2015-02"), isTakenBack: false)
                == ["所住的养老机构 -", "所住的养老机构 home-a"])
        #expect(Self.named(money, year, isTakenBack: true) == ["所住的养老机构 -"], "nothing was paid yet")
        let paid = try money.batch(.regular, "2015")
        try money.bench.say(.issue, to: paid)
        try money.answer(paid)
        Self.state("home-c", from: "2015-01-01", &money)
        #expect(
            Self.named(money, Self.month("2015-04")...Self.month("2015-12"), isTakenBack: true)
                == ["所住的养老机构 home-a", "所住的养老机构 home-b"])
        #expect(
            Self.named(money, Self.month("2015-08")...Self.month("2015-09"), isTakenBack: true)
                == ["所住的养老机构 home-b"])
        var family = ReceivedMoney(from: "2015-01-01", through: "2015-03", today: "2015-06-20")
        let first = try family.batch(.regular, "2015-Q1")
        try family.bench.say(.issue, to: first)
        try family.answer(first)
        #expect(Self.named(family, Self.month("2015-01")...Self.month("2015-03"), isTakenBack: true) == [])
    }

    @Test("起先付给家庭、后来付给机构的：家庭收到的向家庭收回，机构收到的向机构收回")
    func partlyTheFamilys() throws {
        var money = ReceivedMoney(from: "2015-01-01", through: "2015-06", today: "2015-06-20")
        for (place, period) in ["2015-Q1", "2015-Q2"].enumerated() {
            if place == 1 {
                money.bench.payees[Self.clause] = Self.home
                Self.state("home-a", from: "2015-04-01", &money)
            }
            let paid = try money.batch(.regular, period)
            try money.bench.say(.issue, to: paid)
            try money.answer(paid)
        }
        money.determine(until: Self.month("2015-02"), through: Self.month("2015-06"))
        #expect(money.decideAll().isEmpty)
        let recovery = try money.batch(.recovery, "2015-H1")
        #expect(Self.lines(money, recovery) == ["2015-02…2015-03 -600.00", "2015-04…2015-06 -900.00"])
        #expect(Self.holders(money, recovery) == [["家庭 acc-1-0 600.00"], ["所住的养老机构 home-a 900.00"]])
        // The pack may stop saying so: the money lies where it went all the same.
        money.bench.payees[Self.clause] = nil
        let last = try #require(money.bench.batches[recovery]?.lines.last)
        let history = try #require(money.bench.households[money.family])
        let found = history.holders(of: last, payee: nil) { money.bench.batches[$0] }
        #expect(found.map { $0.institution?.chinese } == ["机构"])
        #expect(history.holders(of: last, payee: nil) { _ in nil }.map(\.account) == [nil])
    }

    @Test("同一个月由两笔付的：先从后付的一笔收回；收回过的不再收，收不足的不算到别的月份")
    func latestFirst() {
        let subject = FactSubject.household
        func order(_ sequence: UInt64, _ kind: BatchKind, _ yuan: Int64) -> HouseholdPayments.Order {
            let line = OrderedLine(
                clause: Self.clause, subject: subject, first: Self.month("2015-01"), last: Self.month("2015-01"),
                parts: [
                    PayerPart(
                        payer: Code(unchecked: "finance"), amount: yuan < 0 ? -Fen.yuan(-yuan) : .yuan(yuan))
                ])
            return .init(
                reference: EventReference(sequence: sequence), on: Self.day("2015-02-01"), by: nil,
                ordered: PaymentOrdered(
                    batch: BatchID(Identifier128(high: 9, low: sequence)), kind: kind,
                    knownThrough: EventReference(sequence: 1), lines: [line]), units: [.month], granted: [:],
                outcomes: [nil])
        }
        var payments = HouseholdPayments()
        payments.orders = [
            order(11, .regular, 300), order(12, .arrears, 100), order(13, .recovery, -150), order(14, .recovery, -50),
        ]
        var sums = PaidSums(payments, of: Self.clause, subject, counting: MonthsTogether())
        func place(_ sequence: UInt64) -> OrderPlace {
            OrderPlace(order: EventReference(sequence: sequence), place: 0)
        }
        #expect(sums.taken[place(13)] == [place(12): .yuan(100), place(11): .yuan(50)])
        #expect(sums.taken[place(14)] == [place(11): .yuan(50)])
        let rest = sums.take(.yuan(250), of: Self.month("2015-01"))
        #expect(rest.map(\.from) == [place(11), nil] && rest.map(\.amount) == [.yuan(200), .yuan(50)])
        #expect(sums.take(.yuan(1), of: Self.month("2015-02")).map(\.from) == [nil])
    }
}

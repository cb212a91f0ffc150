import CareDomain

/// A fund and a mother's case on a bench: decides, appends and posts as intake and the log do together.
struct LendingBench {
    static let district = DivisionCode("350203")!
    static let home = DivisionCode("350203001001")!
    static let household = HouseholdID(Identifier128(high: 4, low: 1))
    static let mother = PersonID(Identifier128(high: 4, low: 2))
    static let fundID = FundID(Identifier128(high: 4, low: 3))

    var fund = Fund(id: fundID)
    var loan = LoanCase(id: LoanID(Identifier128(high: 4, low: 10)))
    var today = day("2018-12-31")
    /// Whoever reviewed for the district.
    static let reviewer = code("district-1")
    var payer = Code(unchecked: "payer")
    var ceiling: Fen?

    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
    static func code(_ text: String) -> Code { Code(unchecked: text) }

    /// A fund with capital.
    init(mode: LendingMode = .revolvingLoan, capital: Int64 = 100_000) throws {
        try act(fund.open(FundScope(division: Self.district, mode: mode)), on: "2017-01-01")
        guard capital > 0 else { return }
        try act(
            fund.deposit(
                FundDeposited(payer: Self.code("district"), amount: .yuan(capital), receipt: Self.code("cap-1")),
                on: Self.day("2017-01-02")),
            on: "2017-01-02")
    }

    mutating func act(_ event: FundEvent, on day: String, by actor: Code? = nil) throws {
        fund.evolve(known(.fund(event), after: fund.lastSequence, on: day, by: actor))
    }

    private func known(_ event: LendingEvent, after last: UInt64, on day: String, by: Code?) -> KnownLendingEvent {
        KnownLendingEvent(
            reference: EventReference(sequence: last + 1), recordedAt: Moment(microseconds: Int64(last)),
            occurredOn: Self.day(day), command: CommandID(Identifier128(high: 5, low: last)), actor: by, event: event)
    }

    static func family(role: MemberRole = .wife, died: String? = nil) -> Household {
        var history = HouseholdHistory(id: household)
        func append(_ event: HouseholdEvent, on day: String) {
            history.append(
                KnownEvent(
                    reference: EventReference(sequence: history.lastSequence + 1),
                    recordedAt: Moment(microseconds: 0), command: CommandID(Identifier128(high: 6, low: 1)),
                    proposed: ProposedEvent(occurredOn: Self.day(day), event: event)))
        }
        append(.registered(HouseholdRegistered(division: home)), on: "2016-01-01")
        append(.personJoined(PersonJoined(person: mother, role: role)), on: "2016-01-01")
        if let died { append(.personDied(PersonDied(person: mother)), on: died) }
        return history.household
    }

    func context(by actor: Code? = nil, household: Household? = family(), previous: LoanCase? = nil) -> LendingContext {
        LendingContext(
            today: today, actor: actor, actsFor: [Self.district], fund: fund, previous: previous, household: household,
            ceiling: ceiling)
    }

    /// Decides an action on the case and does all that follows in the fund.
    @discardableResult
    mutating func act(
        _ action: LoanAction, on day: String = "2017-12-01", by actor: Code? = nil, in context: LendingContext? = nil
    ) throws -> LoanEvent {
        let event = try loan.decide(action, on: Self.day(day), in: context ?? self.context(by: actor))
        if case .disbursed(let amount) = event { try act(fund.reserve(loan.id, amount, on: Self.day(day)), on: day) }
        loan.evolve(known(.loan(event), after: loan.lastSequence, on: day, by: actor))
        for movement in loan.movements where !fund.hasPosted(movement, of: loan.id) {
            try act(.posted(FundPosted(loan: loan.id, movement: movement, mode: loan.mode)), on: day)
        }
        return event
    }

    static func application(_ yuan: Int64 = 20_000, number: Int = 1, subsidy: SubsidyTerms? = nil) -> LoanApplied {
        LoanApplied(
            fund: fundID, household: household, mother: mother, number: number, amount: .yuan(yuan),
            purpose: code("nursing"), subsidy: subsidy)
    }

    static let quarters = ["2018-03-31", "2018-06-30", "2018-09-30", "2018-12-31"].map {
        LoanInstalment(dueOn: day($0), amount: .yuan(5_000))
    }

    /// Somebody of a level, as each level's own reviews need one.
    func own(_ level: LoanLevel, by actor: String? = nil) -> LendingContext {
        var context = context(by: actor.map(Self.code) ?? Self.code("\(level.rawValue)-1"))
        let digits = [LoanLevel.village: 12, .township: 9, .district: 6]
        context.actsFor = [DivisionCode(String(Self.home.rawValue.prefix(digits[level] ?? 6)))!]
        return context
    }

    /// The three reviews, each by its level's own people.
    mutating func review(on day: String = "2017-12-01") throws {
        for level in LoanLevel.allCases {
            let context = own(level)
            try act(.review(LoanReviewed(level: level, isPassed: true)), on: day, by: context.actor, in: context)
        }
    }

    /// Everything up to the payout.
    mutating func prepare(_ schedule: [LoanInstalment] = quarters, yuan: Int64 = 20_000) throws {
        try act(.apply(Self.application(yuan)))
        try review()
        try act(.nameHelper(Self.code("cadre-1")))
        try act(.guarantee(committee: Self.home, paper: Self.code("g-1")))
        try act(.sign(.applicant, schedule))
        try act(.sign(.projectLead, []))
        try act(.sign(.township, schedule), in: own(.township))
        try act(.inform)
    }

    mutating func lend(_ schedule: [LoanInstalment] = quarters, yuan: Int64 = 20_000) throws {
        try prepare(schedule, yuan: yuan)
        try act(.disburse, by: payer)
    }

    mutating func repay(_ yuan: Int64, _ receipt: String, on day: String) throws {
        try act(.repay(.yuan(yuan), receipt: Self.code(receipt)), on: day)
    }

    /// The reason for which something is refused; nil when it is not.
    mutating func refusal(
        _ action: LoanAction, on day: String = "2017-12-01", by actor: Code? = nil, in context: LendingContext? = nil
    ) -> Refusal.Reason? {
        do {
            try act(action, on: day, by: actor, in: context)
            return nil
        } catch { return (error as? Refusal)?.reason }
    }

    func figures(through last: String, from first: String = "2018-01-01") -> LendingFigures {
        LendingFigures(cases: [loan], funds: [fund], from: Self.day(first), through: Self.day(last))
    }
}

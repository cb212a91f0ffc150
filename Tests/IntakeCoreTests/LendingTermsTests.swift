import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import RuleEngine
import RulePacks
import Testing

/// What Xiamen's pack says, and what was set for it, holds at the door: which district gives which kind of aid, and how much of
/// a bank's loan is subsidised.
@Suite("受理：幸福工程的口径与参数")
struct LendingTermsTests {
    private static let today = CivilDay(parsing: "2018-06-01")!
    private static let day = CivilDay(parsing: "2018-03-01")!
    private static let pack = PackID(unchecked: "xiamen-2017")
    private static let house = HouseholdID.derived(from: IntakeWorldTests.identifier(50))
    private static let mother = PersonID.derived(from: IntakeWorldTests.identifier(50), place: 0)

    private static let office = Caller(
        principal: Principal(
            peer: "association", actor: Code(unchecked: "clerk-1"), role: Code(unchecked: "clerk"),
            department: DepartmentID(unchecked: "dept.fp_association"), divisions: [DivisionCode("350200")!],
            rights: [.command, .query, .operate]))

    /// A world with the pack and a family in Tong'an.
    private static func world(_ set: [(String, FactValue)]) throws -> IntakeWorld {
        var world = try IntakeWorld(
            intakes: 1, seed: 7, start: Moment(microseconds: Int64(today.dayNumber) * 86_400_000_000))
        try world.run(steps: 40)
        let file = try #require(try PackLibrary.bundled.packFiles(of: pack.rawValue).first)
        let read = try RulePack.load(bytes: file.bytes, name: pack.rawValue)
        var events: [PackEvent] = [
            .published(
                PackPublished(
                    pack: read.id, effectiveFrom: read.validFrom, enactedOn: read.dated, hash: read.hash,
                    bytes: file.bytes, transition: .retroactive))
        ]
        events += set.map { .parameterSet(ParameterSet(parameter: ParameterID(unchecked: $0.0), value: $0.1)) }
        for (place, event) in events.enumerated() {
            let isFirst = place == 0
            let command = PackCommand(
                id: IntakeWorldTests.identifier(UInt64(place + 1)), pack: read.id,
                occurredOn: isFirst ? today : read.validFrom, event: event)
            let token = try world.send(command, to: 0, as: office)
            try world.run(steps: 400)
            guard case .recorded? = world.answers[token] else {
                Issue.record("not recorded: \(String(describing: world.answers[token]))")
                continue
            }
        }
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: DivisionCode("350212001001")!),
            members: [PersonJoined(person: mother, role: .wife)])
        try world.send(
            HouseholdCommand(
                id: IntakeWorldTests.identifier(50), household: house, occurredOn: day,
                action: .registerHousehold(register)), to: 0, as: office)
        try world.run(steps: 200)
        return world
    }

    /// The reason for which something is refused; nil when it was recorded.
    private static func refusal(
        _ stream: LendingStream, _ word: String, _ action: LendingAction, _ world: inout IntakeWorld
    ) throws -> Refusal.Reason? {
        let command = LendingCommand(
            id: CommandID.derived(CommandID(stream.value), word), stream: stream, occurredOn: day, action: action)
        let token = try world.send(command, to: 0, as: office)
        try world.run(steps: 300)
        switch world.answers[token] {
        case .recorded?: return nil
        case .refused(let refusal)?: return refusal.reason
        default:
            Issue.record("no answer: \(String(describing: world.answers[token]))")
            return nil
        }
    }

    private static func open(
        _ division: String, _ mode: LendingMode, _ world: inout IntakeWorld
    ) throws -> Refusal.Reason? {
        let scope = FundScope(division: DivisionCode(division)!, mode: mode)
        return try refusal(.fund(.derived(from: scope)), "open", .fund(.open(scope)), &world)
    }

    @Test("岛内只设滚动借款，岛外只设一次性帮扶和小额贴息；全市的资金两种都可以")
    func modeOfTheDistrict() throws {
        var world = try Self.world([])
        for (division, mode) in [
            ("350205", LendingMode.revolvingLoan), ("350212001", .revolvingLoan), ("350203", .grant),
            ("350206", .interestSubsidy),
        ] { #expect(try Self.open(division, mode, &world) == .modeOfDistrict, "\(division) \(mode)") }
        for (division, mode) in [
            ("350205", LendingMode.grant), ("350211", .interestSubsidy), ("350206001", .revolvingLoan),
            ("350200", .revolvingLoan), ("350200", .grant),
        ] { #expect(try Self.open(division, mode, &world) == nil, "\(division) \(mode)") }
        // The city's revolving fund lends on the island alone.
        let fund = FundID.derived(from: FundScope(division: DivisionCode("350200")!, mode: .revolvingLoan))
        let applied = LoanApplied(
            fund: fund, household: Self.house, mother: Self.mother, number: 1, amount: .yuan(1_000),
            purpose: Code(unchecked: "shop"))
        let loan = LoanID.derived(of: Self.mother, .revolvingLoan, number: 1)
        #expect(try Self.refusal(.loan(loan), "apply", .loan(.apply(applied)), &world) == .modeOfDistrict)
    }

    @Test("销档时还有没办结的帮扶：提醒是哪一件，看不到个案的部门不说；之后只能撤回、不予通过")
    func closedWithLoans() throws {
        var world = try Self.world([])
        let scope = FundScope(division: DivisionCode("350212")!, mode: .grant)
        #expect(try Self.open("350212", .grant, &world) == nil)
        let applied = LoanApplied(
            fund: .derived(from: scope), household: Self.house, mother: Self.mother, number: 1, amount: .yuan(1_000),
            purpose: Code(unchecked: "shop"))
        let loan = LoanID.derived(of: Self.mother, .grant, number: 1)
        #expect(try Self.refusal(.loan(loan), "apply", .loan(.apply(applied)), &world) == nil)
        let close = HouseholdCommand(
            id: IntakeWorldTests.identifier(60), household: Self.house, occurredOn: Self.day,
            action: .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
        let token = try world.send(close, to: 0, as: Self.office)
        try world.run(steps: 300)
        guard case .recorded(let recorded)? = world.answers[token] else {
            Issue.record("not closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(recorded.warnings.map(\.reason) == [.closedWithLoans])
        #expect(recorded.warnings.first?.chinese.contains("\(loan) 审核中") == true)
        let helper = LoanAction.nameHelper(Code(unchecked: "cadre"))
        #expect(try Self.refusal(.loan(loan), "helper", .loan(helper), &world) == .loanOfClosedFile)
        let withdraw = LoanAction.withdraw(Code(unchecked: "moved"))
        #expect(try Self.refusal(.loan(loan), "withdraw", .loan(withdraw), &world) == nil)
    }

    @Test("销档：不管档案的部门不能办，也听不到个案")
    func closedByOthers() throws {
        var world = try Self.world([])
        let scope = FundScope(division: DivisionCode("350212")!, mode: .grant)
        #expect(try Self.open("350212", .grant, &world) == nil)
        let applied = LoanApplied(
            fund: .derived(from: scope), household: Self.house, mother: Self.mother, number: 1, amount: .yuan(1_000),
            purpose: Code(unchecked: "shop"))
        let loan = LoanID.derived(of: Self.mother, .grant, number: 1)
        #expect(try Self.refusal(.loan(loan), "apply", .loan(.apply(applied)), &world) == nil)
        var civil = Self.office
        civil.principal.department = DepartmentID(unchecked: "dept.civil_affairs")
        let close = HouseholdCommand(
            id: IntakeWorldTests.identifier(60), household: Self.house, occurredOn: Self.day,
            action: .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
        let token = try world.send(close, to: 0, as: civil)
        try world.run(steps: 300)
        guard case .refused(let refusal)? = world.answers[token] else {
            Issue.record("closed: \(String(describing: world.answers[token]))")
            return
        }
        #expect(refusal.reason == .fileOwner)
        #expect(!refusal.chinese.contains("\(loan)") && !refusal.chinese.contains("审核中"))
    }

    @Test("设了贴息贷款上限和贴息比例，申请就得照办；没设的由个案写明")
    func subsidyAsSet() throws {
        func apply(_ yuan: Int64, share: Int, _ world: inout IntakeWorld) throws -> Refusal.Reason? {
            let scope = FundScope(division: DivisionCode("350212")!, mode: .interestSubsidy)
            _ = try Self.open("350212", .interestSubsidy, &world)
            let terms = SubsidyTerms(
                lender: Code(unchecked: "bank-\(yuan)-\(share)"), principal: .yuan(yuan), rateThousandths: 4_350,
                years: 1,
                days: 0, shareThousandths: share)
            let applied = LoanApplied(
                fund: .derived(from: scope), household: Self.house, mother: Self.mother, number: 1,
                amount: terms.subsidy, purpose: Code(unchecked: "shop"), subsidy: terms)
            let loan = LoanID.derived(of: Self.mother, .interestSubsidy, number: 1)
            return try Self.refusal(.loan(loan), "apply-\(yuan)-\(share)", .loan(.apply(applied)), &world)
        }
        var world = try Self.world([
            ("xm.subsidised_loan_max", .money(.yuan(80_000))),
            ("xm.interest_subsidy_share", .decimal(thousandths: 50_000)),
        ])
        #expect(try apply(100_000, share: 50_000, &world) == .loanCeiling)
        #expect(try apply(80_000, share: 100_000, &world) == .subsidyShare)
        #expect(try apply(80_000, share: 50_000, &world) == nil)
        var free = try Self.world([])
        #expect(try apply(100_000, share: 100_000, &free) == nil)
    }
}

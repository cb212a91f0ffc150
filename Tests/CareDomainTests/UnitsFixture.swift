import CareDomain
import CareTestKit
import Testing

/// Two projects, three units, two parts of an evaluation: enough of an activity year to decide by.
enum UnitSample {
    static let health = ClauseID("WZ-3.1")!
    static let relief = ClauseID("WZ-3.2")!
    static let organisation = ClauseID("WZ-A3.2a")!
    static let delivery = ClauseID("WZ-A3.2c")!
    static let adjustment = ClauseID("WZ-A3.4")!
    static let even = DivisionCode("330302")!
    static let twoEight = DivisionCode("330303")!
    static let ownFunds = DivisionCode("330382")!

    static func terms(isCap: Bool = false) -> GuidanceTerms {
        GuidanceTerms(
            pack: PackID(unchecked: "wenzhou-2021"), packHash: Array(repeating: 3, count: 32), years: 2021...2022,
            clause: ClauseID("WZ-A1")!, isCap: isCap,
            projects: [
                .init(clause: health, title: "健康促进", column: "健康促进", standard: .yuan(3500)),
                .init(clause: relief, title: "关怀救助", column: "关怀救助", standard: .yuan(3000)),
            ],
            units: [
                .init(
                    division: even, code: Code(unchecked: "wz.lucheng"), title: "鹿城区",
                    shares: CostShares(city: 1, unit: 1)!),
                .init(
                    division: twoEight, code: Code(unchecked: "wz.longwan"), title: "龙湾区",
                    shares: CostShares(city: 2, unit: 8)!),
                .init(
                    division: ownFunds, code: Code(unchecked: "wz.yueqing"), title: "乐清市",
                    shares: CostShares(city: 0, unit: 1)!),
            ],
            parts: [
                .init(clause: organisation, title: "组织管理", most: Points(40)),
                .init(clause: delivery, title: "任务落实", most: Points(60)),
            ], adjustment: .init(clause: adjustment, title: "评分标准", most: Points(100)),
            reduction: ReductionTerms(fullFrom: Points(90), mode: .percentagePoint, step: .wholePoints))
    }

    static let exclusions = [
        Exclusion(
            clause: ClauseID("WZ-3.7")!, title: "上年度受助对象原则上不重复", kind: .priorYear, among: [health, relief], isSoft: true
        ),
        Exclusion(
            clause: ClauseID("WZ-3.8")!, title: "同一户当年一项", kind: .onePerYear, among: [health, relief], isSoft: false),
    ]

    static func policy(isCap: Bool = false) -> PolicyCatalog {
        var policy = PolicyCatalog.chenzhouSample
        policy.guidance = [terms(isCap: isCap)]
        policy.exclusions = exclusions
        for clause in [health, relief] {
            policy.clauses[clause] = .init(
                clause: clause, title: clause == health ? "健康促进" : "关怀救助", subject: .household,
                amountType: .inPrinciple, secondApproval: .exception)
        }
        return policy
    }
}

/// One unit on a bench: decides commands and takes accepted events in, as intake and the log do together.
struct UnitBench {
    private(set) var unit: UnitStanding
    var context: UnitContext
    private var sequence: UInt64 = 0

    init(_ division: DivisionCode, today: String = "2022-03-01", isCap: Bool = false) {
        unit = UnitStanding(division: division)
        context = UnitContext(today: Family.day(today), policy: UnitSample.policy(isCap: isCap))
    }

    mutating func take(_ event: UnitEvent, on day: String = "2021-05-01") {
        sequence += 1
        unit.evolve(
            KnownUnitEvent(
                reference: EventReference(sequence: sequence), recordedAt: Moment(microseconds: Int64(sequence)),
                occurredOn: Family.day(day), command: CommandID(Identifier128(high: 8, low: sequence)),
                actor: context.actor ?? Family.code("city-1"), event: event))
    }

    @discardableResult
    mutating func say(_ action: UnitAction, on day: String = "2021-05-01") -> Refusal? {
        let command = UnitCommand(
            id: CommandID(Identifier128(high: 5, low: sequence)), unit: unit.division, occurredOn: Family.day(day),
            action: action)
        do throws(Refusal) {
            for event in try unit.decide(command, in: context) { take(event, on: day) }
            return nil
        } catch { return error }
    }

    mutating func accept(_ action: UnitAction, sourceLocation: SourceLocation = #_sourceLocation) {
        if let refusal = say(action) {
            Issue.record("\(refusal.code) \(refusal.english)", sourceLocation: sourceLocation)
        }
    }

    mutating func refuse(
        _ reason: Refusal.Reason, _ action: UnitAction, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let before = unit
        #expect(say(action)?.reason == reason, sourceLocation: sourceLocation)
        #expect(unit == before, "a refusal leaves nothing behind", sourceLocation: sourceLocation)
    }

    /// Grants that stand, all of one sum.
    mutating func grant(
        _ count: Int, _ clause: ClauseID = UnitSample.health, _ amount: Fen = .yuan(3500), year: Int = 2021
    ) {
        for number in 0..<UInt64(count) {
            let grant = GrantID(Identifier128(high: 0xA, low: sequence * 1000 + number))
            take(
                .placeReserved(
                    PlaceReserved(
                        grant: grant, year: year, clause: clause,
                        household: HouseholdID(Identifier128(high: 0xB, low: number)), amount: amount, isBeyond: false,
                        reason: nil)))
            take(.placeConfirmed(PlaceConfirmed(grant: grant, award: EventReference(sequence: 9), amount: amount)))
        }
    }

    mutating func score(_ total: Int64, year: Int = 2021, reason: String? = nil) {
        let parts = [(UnitSample.organisation, min(40, total)), (UnitSample.delivery, total - min(40, total))]
        for (clause, points) in parts where unit.year(year).scores[clause]?.scored.points != Points(points) {
            accept(
                .score(
                    UnitScored(
                        year: year, clause: clause, points: Points(points), evidence: "卷-1",
                        reason: reason.map(Family.code))))
        }
    }

    func settled(_ year: Int = 2021) throws -> Settlement {
        try #require(unit.year(year).settlements.last).settlement
    }
}

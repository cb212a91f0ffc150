import CareDomain
import CareWire

/// Events of units.
enum SampleUnits {
    private static let grant = GrantID(Sample.command.value)
    private static let clause = ClauseID("WZ-3.1")!
    private static let sum = UnitSum(
        year: 2021, amount: Fen(15_275_000), reason: Sample.reason, source: "温卫发〔2021〕42号")
    private static let bare = UnitSum(year: 2021, amount: .zero)

    static func events(_ kind: EventKind) -> [UnitEvent] {
        switch kind {
        case .guidanceSet:
            [
                .guidanceSet(
                    GuidanceSet(
                        year: 2021,
                        numbers: [.init(clause: clause, places: 35), .init(clause: ClauseID("WZ-3.5")!, places: 0)],
                        reason: Sample.reason, source: "附件1")),
                .guidanceSet(GuidanceSet(year: 9999, numbers: [.init(clause: clause, places: 1_000_000)])),
            ]
        case .unitBudgetSet: [.budgetSet(sum), .budgetSet(bare)]
        case .unitAdvanceSet: [.advanceSet(sum), .advanceSet(bare)]
        case .unitScored:
            [
                .scored(
                    UnitScored(
                        year: 2021, clause: ClauseID("WZ-A3.2a")!, points: Points(thousandths: 18_500),
                        evidence: "卷宗 2021-7", reason: Sample.reason)),
                .scored(
                    UnitScored(year: 2021, clause: ClauseID("WZ-A3.4")!, points: Points(-2), reason: Sample.reason)),
            ]
        case .settlementFrozen: [.settled(full), .settled(small)]
        case .placeReserved:
            [
                .placeReserved(
                    PlaceReserved(
                        grant: grant, year: 2021, clause: clause, household: Sample.household, amount: Fen(350_000),
                        isBeyond: true, reason: Sample.reason)),
                .placeReserved(
                    PlaceReserved(
                        grant: grant, year: 2021, clause: clause, household: Sample.household, amount: Fen(1),
                        isBeyond: false, reason: nil)),
            ]
        case .placeConfirmed:
            [
                .placeConfirmed(
                    PlaceConfirmed(grant: grant, award: EventReference(sequence: 15), amount: Fen(350_000)))
            ]
        case .placeReleased:
            PlaceReleased.Cause.allCases.map {
                .placeReleased(PlaceReleased(grant: grant, cause: $0, reason: Sample.reason))
            }
        default: []
        }
    }

    private static func settlement(
        version: Int, reason: Code?, score: Points, projects: [Settlement.ProjectCost], budget: Fen?
    ) -> Settlement {
        let shares = CostShares(city: 2, unit: 8)!
        let cost = projects.reduce(Fen.zero) { $0 + $1.amount }
        func result(_ mode: ReductionTerms.Mode, _ step: ReductionTerms.Step) -> Settlement.Result {
            Settlement.Result(
                cost: cost, score: score, shares: shares,
                terms: ReductionTerms(fullFrom: Points(90), mode: mode, step: step), budget: budget)
        }
        return Settlement(
            year: 2021, version: version, reason: reason, pack: PackID(unchecked: "wenzhou-2021"),
            packHash: Sample.hash,
            shares: shares, fullFrom: Points(90), score: score, projects: projects, budget: budget,
            advance: .yuan(60_000), carriedIn: .yuan(5), result: result(.percentagePoint, .wholePoints),
            alternatives: [result(.relative, .wholePoints), result(.relative, .proRata)])
    }

    private static let full = settlement(
        version: 2, reason: Sample.reason, score: Points(85),
        projects: [.init(clause: clause, grants: 25, amount: .yuan(87_500))], budget: .yuan(10_000))
    private static let small = settlement(version: 1, reason: nil, score: Points(0), projects: [], budget: nil)
}

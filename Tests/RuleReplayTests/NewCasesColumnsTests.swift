import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// After versions that apply to new cases only, a replay stays in columns, and says what household by household says.
@Suite("只对新个案适用的版本：按列重放与逐户重放一致")
struct NewCasesColumnsTests {
    /// Versions published one after another, the candidate last.
    private struct Succession {
        let current: Evaluator
        let candidate: RulePack
        let first: CivilDay
        let transition: TransitionClause
        let end: CivilDay

        func replay(
            candidate transition: TransitionClause? = nil, assumesAwards: Bool = false, tellsCauses: Bool = true
        ) -> RuleReplay {
            let start = current.registry.versions.map(\.effectiveFrom).min() ?? first
            return RuleReplay(
                current: current, candidate: candidate, effectiveFrom: first,
                period: DayPeriod(start: start + 24, end: end), today: first.adding(months: 9),
                transition: transition ?? self.transition, assumesAwards: assumesAwards, tellsCauses: tellsCauses)
        }
    }

    /// The pack and its changes in some order: the second version, and at times a third, for new cases only.
    private static func succession(
        _ versions: [RulePack], _ round: Int, others: TransitionClause = .newCases
    ) -> Succession {
        let base = versions[0]
        let changed = Array(versions[1...])
        func change(_ number: Int) -> RulePack { changed[(round + number) % changed.count] }
        // A version that holds for a year only is followed by others within it.
        func later(_ day: CivilDay, _ months: Int) -> CivilDay {
            base.validTo == nil ? day.adding(months: months) : day + Int32(2 * months)
        }
        var day = base.validFrom
        var published = [PublishedPack(pack: base, publishedAt: Moment(microseconds: 1))]
        func publish(_ pack: RulePack, _ transition: TransitionClause, after months: Int) {
            day = later(day, months) + Int32(round)
            published.append(
                PublishedPack(
                    pack: pack, publishedAt: Moment(microseconds: Int64(published.count + 1)), effectiveFrom: day,
                    transition: transition))
        }
        publish(change(0), others, after: 7 + round)
        switch round % 4 {
        case 1: publish(change(1), others, after: 9)
        case 2: publish(change(1), .all, after: 5)
        // What was in force first comes back, its file the same.
        case 3: publish(base, others, after: 8)
        default: break
        }
        let first = later(day, 8) + 3
        return Succession(
            current: Evaluator(registry: PackRegistry(versions: published)),
            candidate: round % 5 == 4 ? change(0) : change(2), first: first,
            transition: round % 3 == 1 ? .newCases : .all, end: first.adding(months: 14))
    }

    @Test("五地各版本、随机家庭，一次或两次只对新个案适用：每户每项差异及其缘由相同", arguments: ColumnReplayTests.cases)
    func sameAsHouseholdByHousehold(_ test: ColumnReplayTests.Case) throws {
        let base = try #require(try PackLibrary.bundled.packs(of: test.pack).last)
        let versions = [base] + (try ColumnReplayTests.candidates(test))
        #expect(versions.count >= 3)
        var random = HouseholdRandom(seed: 20_160_101)
        let places = [test.place, test.place, test.place + "001", "110101", "330383"]
        var (differing, stayed, inColumns) = (0, 0, 0)
        for round in 0..<6 {
            let succession = Self.succession(versions, round)
            let replay = succession.replay(
                assumesAwards: round % 2 == 1 && versions.allSatisfy(\.interactions.isEmpty),
                tellsCauses: round != 3)
            let district = DistrictReplay(replay, tellsCauses: false)
            // Of what is given once, one of the changes turns topping up the other way.
            let obstacle = district.obstacle?.what
            #expect(obstacle == nil || obstacle == "CZ-2.10d given once, for new cases only")
            inColumns += obstacle == nil ? 1 : 0
            let families = (0..<60).map { number in
                (
                    id: HouseholdID(Identifier128(high: 1, low: UInt64(number))),
                    facts: random.facts(base, places: places)
                )
            }
            let everybody = DistrictReplay(
                Self.succession(versions, round, others: .all).replay(candidate: .all, tellsCauses: false),
                tellsCauses: false)
            let expected = district.compareOneByOne(families)
            for ((found, other), forAll) in zip(
                zip(district.compare(families), expected), everybody.compare(families))
            {
                #expect(found.isWanted == other.isWanted && found.division == other.division)
                let (one, two) = (Self.text(found.difference), Self.text(other.difference))
                #expect(one == two, "\(test.pack) round \(round) \(found.household)")
                differing += found.difference == nil ? 0 : 1
                if (found.difference?.rights.map(ColumnReplayTests.text) ?? [])
                    != (forAll.difference?.rights.map(ColumnReplayTests.text) ?? [])
                {
                    stayed += 1
                }
            }
        }
        #expect(inColumns > 3)
        #expect(differing > 10)
        #expect(stayed > 3)
    }

    private static func text(_ difference: HouseholdDifference?) -> [String] {
        difference?.rights.map { right in
            let parts = right.parts.map { " {\(causes($0.right))}" }.joined()
            return "\(ColumnReplayTests.text(right)) because \(causes(right))\(parts)"
        } ?? []
    }

    private static func causes(_ right: RightDifference) -> String {
        right.causes.map { "\($0.part) \($0.id) \($0.field) \($0.before ?? "-")>\($0.after ?? "-")" }
            .joined(separator: ", ")
    }

    @Test("从按月发改为一次性、只对新个案：按列说不清哪些月归谁，逐户计算")
    func fromMonthlyToOnce() throws {
        let original = String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
        // The first rule paid by the month is CZ-2.1.
        let monthly = try #require(original.range(of: "unit: person·month"))
        let changed = original.replacingCharacters(in: monthly, with: "unit: person·once")
        func pack(_ text: String) throws -> RulePack {
            try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
        }
        let (first, second) = (try pack(original), try pack(changed))
        let clause = try #require(ClauseID("CZ-2.1"))
        #expect(first.rule(clause)?.unit.cadence == .month && second.rule(clause)?.unit.cadence == .once)
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: first)])), candidate: second,
            effectiveFrom: first.validFrom.adding(months: 12),
            period: DayPeriod(start: first.validFrom, end: first.validFrom.adding(months: 30)),
            today: first.validFrom.adding(months: 20), transition: .newCases)
        #expect(DistrictReplay(replay).obstacle != nil)
    }
}

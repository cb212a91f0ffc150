import CareDomain
import CareTestKit
import Testing

/// Given what a unit's stream holds, when somebody sets, scores or settles, then it is recorded or refused.
@Suite("单位：指导数、评分、结算")
struct UnitsDecisionsTests {
    private static func numbers(_ health: Int, _ relief: Int? = nil, reason: String? = nil) -> UnitAction {
        let both = [(UnitSample.health, Optional(health)), (UnitSample.relief, relief)]
        return .setGuidance(
            GuidanceSet(
                year: 2021, numbers: both.compactMap { entry in entry.1.map { .init(clause: entry.0, places: $0) } },
                reason: reason.map(Family.code)))
    }

    @Test("指导数：下达，同数不再登记，改动须有理由，别的项目、别的年度、别的单位拒绝")
    func guidance() {
        var bench = UnitBench(UnitSample.even)
        bench.accept(Self.numbers(35, 30))
        bench.refuse(.nothingToDo, Self.numbers(35))
        bench.refuse(.replacementReason, Self.numbers(36))
        bench.accept(Self.numbers(36, reason: "document_corrected"))
        #expect(bench.unit.year(2021).numbers == [UnitSample.health: 36, UnitSample.relief: 30])
        let other = GuidanceSet(year: 2021, numbers: [.init(clause: ClauseID("CZ-2.1")!, places: 1)])
        bench.refuse(.unknownProject, .setGuidance(other))
        bench.refuse(
            .unknownUnit, .setGuidance(GuidanceSet(year: 2020, numbers: [.init(clause: UnitSample.health, places: 1)])))
        var stranger = UnitBench(DivisionCode("330102")!)
        stranger.refuse(.unknownUnit, Self.numbers(1))
    }

    @Test("预算限额、预拨：改动须有理由，不能为负，不能写在将来")
    func sums() {
        var bench = UnitBench(UnitSample.even)
        bench.accept(.setBudget(UnitSum(year: 2021, amount: .yuan(100))))
        bench.refuse(.nothingToDo, .setBudget(UnitSum(year: 2021, amount: .yuan(100), reason: Family.code("again"))))
        bench.refuse(.replacementReason, .setBudget(UnitSum(year: 2021, amount: .yuan(90))))
        bench.accept(.setBudget(UnitSum(year: 2021, amount: .yuan(90), reason: Family.code("cut"))))
        bench.refuse(.negativeSum, .setAdvance(UnitSum(year: 2021, amount: Fen(-1))))
        let refusal = bench.say(.setAdvance(UnitSum(year: 2021, amount: .yuan(1))), on: "2022-03-02")
        #expect(refusal?.reason == .dayInFuture)
    }

    @Test("评分：超出满分、没有依据、没有理由的改动和调整都拒绝；缺一部分不能结算")
    func scores() {
        var bench = UnitBench(UnitSample.even)
        func part(
            _ clause: ClauseID, _ points: Points, evidence: String? = "卷-1", reason: String? = nil
        ) -> UnitAction {
            .score(
                UnitScored(
                    year: 2021, clause: clause, points: points, evidence: evidence, reason: reason.map(Family.code)))
        }
        bench.refuse(.pointsOutOfRange, part(UnitSample.organisation, Points(thousandths: 40_001)))
        bench.refuse(.pointsOutOfRange, part(UnitSample.organisation, Points(-1)))
        bench.refuse(.evidenceMissing, part(UnitSample.organisation, Points(30), evidence: nil))
        bench.refuse(.unknownPart, part(UnitSample.health, Points(1)))
        bench.accept(part(UnitSample.organisation, Points(30)))
        bench.refuse(.replacementReason, part(UnitSample.organisation, Points(31)))
        bench.accept(part(UnitSample.organisation, Points(31), reason: "recount"))
        bench.refuse(.scoreMissing, .compute(year: 2021, reason: nil))
        bench.accept(part(UnitSample.delivery, Points(thousandths: 58_500)))
        bench.refuse(.replacementReason, part(UnitSample.adjustment, Points(-2), evidence: nil))
        bench.accept(part(UnitSample.adjustment, Points(-2), evidence: nil, reason: "population"))
        bench.accept(.compute(year: 2021, reason: nil))
        #expect((try? bench.settled())?.score == Points(thousandths: 87_500))
        bench.accept(part(UnitSample.adjustment, Points(50), evidence: nil, reason: "population"))
        bench.accept(.compute(year: 2021, reason: Family.code("adjusted")))
        #expect((try? bench.settled())?.score == Points(100), "never above the whole")
    }

    @Test("龙湾区85分，预拨6万：结算42375元，结转17625元；下年预拨5万只发32375元；更正是新的一版")
    func settlementAndCarryOver() throws {
        var bench = UnitBench(UnitSample.twoEight)
        bench.grant(1, UnitSample.health, .yuan(282_500))
        bench.accept(.setAdvance(UnitSum(year: 2021, amount: .yuan(60_000))))
        bench.score(85)
        bench.accept(.compute(year: 2021, reason: nil))
        var made = try bench.settled()
        #expect(made.result.settled == .yuan(42_375) && made.carriedOut == .yuan(17_625) && made.balance == .zero)
        #expect(made.version == 1 && made.reason == nil)
        bench.refuse(.nothingToDo, .compute(year: 2021, reason: Family.code("again")))

        bench.grant(1, UnitSample.health, .yuan(282_500), year: 2022)
        bench.accept(.setAdvance(UnitSum(year: 2022, amount: .yuan(50_000))))
        bench.score(90, year: 2022)
        bench.accept(.compute(year: 2022, reason: nil))
        made = try bench.settled(2022)
        #expect(made.carriedIn == .yuan(17_625) && made.paidOut == .yuan(32_375) && made.inHand == .yuan(50_000))
        #expect(made.result.settled == .yuan(56_500) && made.balance == .yuan(6_500) && made.carriedOut == .zero)

        bench.score(91, reason: "recount")
        bench.refuse(.replacementReason, .compute(year: 2021, reason: nil))
        bench.accept(.compute(year: 2021, reason: Family.code("score_corrected")))
        #expect(bench.unit.year(2021).settlements.map(\.settlement.version) == [1, 2])
        #expect(try bench.settled().carriedOut == .yuan(3_500))
    }

    @Test("自筹的单位没有市级分担，不预拨；撤成零可以")
    func advanceToSelfFunded() {
        var bench = UnitBench(UnitSample.ownFunds)
        bench.refuse(.advanceOfSelfFunded, .setAdvance(UnitSum(year: 2021, amount: .yuan(10))))
        bench.accept(.setAdvance(UnitSum(year: 2021, amount: .zero)))
    }

    @Test("指导数、限额、预拨、评分、结算由上级定：本单位、别的单位都不能，市、省和没有人的都能")
    func fromAbove() {
        let sum = UnitSum(year: 2021, amount: .yuan(100))
        let score = UnitScored(year: 2021, clause: UnitSample.organisation, points: Points(20), evidence: "卷-1")
        let actions: [UnitAction] = [Self.numbers(35), .setBudget(sum), .setAdvance(sum), .score(score)]
        for (held, isAllowed) in [
            ("330302", false), ("330303", false), ("330302001", false), ("330300", true), ("330000", true),
            ("000000", true),
        ] {
            for action in actions {
                var bench = UnitBench(UnitSample.even)
                bench.context.actsFor = [DivisionCode(held)!]
                #expect(bench.say(action)?.reason == (isAllowed ? nil : .unitAbove), "\(held) \(action)")
            }
        }
        var bench = UnitBench(UnitSample.even)
        bench.score(95)
        bench.context.actsFor = [UnitSample.even]
        bench.refuse(.unitAbove, .compute(year: 2021, reason: nil))
        bench.context.actsFor = [UnitSample.even, DivisionCode("330300")!]
        bench.accept(.compute(year: 2021, reason: nil))
    }

    @Test("同一单位同一年：资助、限额预拨结算、评分不在一个人手里；下达指导数、别的年度不算；换人可以")
    func separation() throws {
        var bench = UnitBench(UnitSample.even)
        func score(_ year: Int = 2021) -> UnitAction {
            .score(UnitScored(year: year, clause: UnitSample.organisation, points: Points(20), evidence: "卷-1"))
        }
        func sum(_ year: Int = 2021) -> UnitSum { UnitSum(year: year, amount: .yuan(100)) }
        bench.context.actor = Family.code("giver")
        bench.accept(Self.numbers(35))
        bench.grant(1)
        #expect(bench.unit.holders(of: .review, in: 2021) == [Family.code("giver")])
        bench.refuse(.functionHeld, .setBudget(sum()))
        bench.refuse(.functionHeld, score())
        bench.accept(.setBudget(sum(2022)))
        bench.context.actor = Family.code("money")
        bench.accept(.setBudget(sum()))
        bench.accept(.setAdvance(sum()))
        let said = bench.say(score())
        let held = try #require(said)
        #expect(held.reason == .functionHeld && held.detail == "money fund")
        #expect(held.chinese.contains("money 资金管理") && held.english.contains("money: management of funds"))
        bench.context.actor = Family.code("judge")
        bench.accept(score())
        bench.refuse(.functionHeld, .setAdvance(UnitSum(year: 2021, amount: .yuan(2), reason: Family.code("x"))))
        let order = GrantOrder(
            household: Family.household, clause: UnitSample.health, subject: .household, year: 2021)
        for (actor, reason) in [("money", Refusal.Reason.functionHeld), ("judge", .functionHeld), ("giver", nil)] {
            bench.context.actor = Family.code(actor)
            let said: Refusal.Reason?
            do throws(Refusal) {
                _ = try bench.unit.reserve(
                    order, GrantID(Identifier128(high: 1, low: 9)), amount: .yuan(3500), on: Family.day("2021-06-01"),
                    in: bench.context)
                said = nil
            } catch { said = error.reason }
            #expect(said == reason, "\(actor)")
        }
    }

    @Test("占了名额没有资助成的，不算办过资助；取消资助的算")
    func reviewOfTheUnit() {
        var bench = UnitBench(UnitSample.even)
        bench.context.actor = Family.code("giver")
        let grant = GrantID(Identifier128(high: 1, low: 1))
        bench.take(
            .placeReserved(
                PlaceReserved(
                    grant: grant, year: 2021, clause: UnitSample.health, household: Family.household,
                    amount: .yuan(3500), isBeyond: false, reason: nil)))
        #expect(bench.unit.holders(of: .review, in: 2021) == [Family.code("giver")])
        bench.take(.placeReleased(PlaceReleased(grant: grant, cause: .refused, reason: Family.code("x"))))
        #expect(bench.unit.holders(of: .review, in: 2021).isEmpty)
        bench.grant(1)
        bench.context.actor = Family.code("taker")
        let given = bench.unit.order[1]
        bench.take(.placeReleased(PlaceReleased(grant: given, cause: .released, reason: Family.code("x"))))
        #expect(bench.unit.holders(of: .review, in: 2021) == [Family.code("giver"), Family.code("taker")])
    }

    @Test("名额：占完为止；非上限的超出须写理由，上限的一律拒绝；没有下达的不能资助")
    func places() throws {
        let order = GrantOrder(
            household: Family.household, clause: UnitSample.health, subject: .household, year: 2021)
        let grant = GrantID(Identifier128(high: 1, low: 1))
        let day = Family.day("2021-06-01")
        func reserve(_ bench: UnitBench, _ order: GrantOrder) -> Result<UnitEvent, Refusal> {
            do throws(Refusal) {
                return .success(try bench.unit.reserve(order, grant, amount: .yuan(1), on: day, in: bench.context))
            } catch { return .failure(error) }
        }
        var reasoned = order
        reasoned.reason = Family.code("larger_need")
        for isCap in [false, true] {
            var bench = UnitBench(UnitSample.even, isCap: isCap)
            #expect(throws: Refusal.self) { try reserve(bench, order).get() }
            bench.accept(Self.numbers(1))
            guard case .placeReserved(let first) = try reserve(bench, order).get() else { return }
            #expect(!first.isBeyond)
            bench.take(.placeReserved(first))
            guard case .failure(let refusal) = reserve(bench, order) else { return }
            #expect(refusal.reason == (isCap ? .placesExhausted : .beyondGuidance) && refusal.detail == "WZ-3.1 1/1")
            switch reserve(bench, reasoned) {
            case .success(.placeReserved(let beyond)): #expect(!isCap && beyond.isBeyond)
            default: #expect(isCap)
            }
            bench.take(.placeReleased(PlaceReleased(grant: grant, cause: .expired, reason: Family.code("late"))))
            #expect((try? reserve(bench, order).get()) != nil, "a place that was released is free again")
        }
    }

    @Test("有占而未决的名额时不能结算")
    func openPlaces() {
        var bench = UnitBench(UnitSample.even)
        bench.score(95)
        bench.take(
            .placeReserved(
                PlaceReserved(
                    grant: GrantID(Identifier128(high: 1, low: 1)), year: 2021, clause: UnitSample.health,
                    household: Family.household, amount: .yuan(3500), isBeyond: false, reason: nil)))
        bench.refuse(.placesOpen, .compute(year: 2021, reason: nil))
    }
}

import CareDomain
import Testing

@testable import RuleEngine

/// A grant that met the clause when it was decided stands until it ends, whatever the clause's figure becomes.
@Suite("下限提高、上限降低以前批准的：期满前照旧，差额重新决定")
struct OutgrownGrantTests {
    private static let clause = ClauseID("SM-1")!

    private static func version(_ from: String, _ amount: String) throws -> PublishedPack {
        let text = SmallPack.text.replacing("valid_from: 2015-01-01", with: "valid_from: \(from)")
            .replacing("{type: parameter, parameter: p.rate}", with: "{\(amount), unit: yuan}")
        return PublishedPack(pack: try RulePack.load(bytes: Array(text.utf8), name: from))
    }

    private static func grant(
        _ yuan: Int64, from: CivilDay, until: CivilDay? = nil, taken: Bool = true, sequence: UInt64 = 30
    ) -> Award {
        var award = Award(
            clause: clause, subject: .household, outcome: .granted(.yuan(yuan)),
            period: DayPeriod(start: from, end: until), recordedAt: Moment(microseconds: Int64(sequence)),
            source: EventReference(sequence: sequence))
        award.wasTaken = taken
        return award
    }

    private static func facts(_ awards: [Award]) -> FactBase {
        FactBase(statements: [SmallPack.fact("household.poor", .bool(true), from: "2015-01-01")], awards: awards)
    }

    /// Status, sum, the clause's figure and whether it is to be decided anew.
    private static func answers(_ versions: [PublishedPack], _ awards: [Award], _ days: String...) -> [String] {
        let outcome = Evaluator(registry: PackRegistry(versions: versions)).evaluate(
            facts(awards), over: DayPeriod(start: SmallPack.day("2015-01-01"))
        ).first
        return days.map { day in
            guard let piece = outcome?.piece(on: SmallPack.day(day)),
                let pack = versions.first(where: { $0.pack.reference == piece.pack })?.pack
            else { return "none" }
            let isOutgrown = piece.hasOutgrown(pack.rule(clause)?.amount?.type ?? .none)
            let sums = "\(piece.amount ?? .zero) of \(piece.standard ?? .zero)"
            return "\(piece.status.rawValue) \(sums)\(isOutgrown ? " !" : "")"
        }
    }

    @Test("下限由20提到50：以前批准的25照发，到期后拟50；另行批准60的按60")
    func raisedFloor() throws {
        let versions = [
            try Self.version("2015-01-01", "type: floor, value: 20"),
            try Self.version("2016-01-01", "type: floor, value: 50"),
        ]
        let old = Self.grant(25, from: SmallPack.day("2015-03-01"), until: SmallPack.day("2017-01-01"))
        #expect(
            Self.answers(versions, [old], "2015-02-28", "2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01") == [
                "proposed 20.00 of 0.00", "entitled 25.00 of 20.00", "entitled 25.00 of 50.00 !",
                "entitled 25.00 of 50.00 !", "proposed 50.00 of 0.00",
            ])
        let anew = Self.grant(60, from: SmallPack.day("2016-06-01"), sequence: 31)
        #expect(
            Self.answers(versions, [old, anew], "2016-05-31", "2016-06-01")
                == ["entitled 25.00 of 50.00 !", "entitled 60.00 of 50.00"])
    }

    @Test("上限降低的同样；金额改由条款确定的，按条款")
    func loweredCeilingAndFixedSum() throws {
        let ceilings = [
            try Self.version("2015-01-01", "type: ceiling, value: 100"),
            try Self.version("2016-01-01", "type: ceiling, value: 40"),
        ]
        let grant = Self.grant(80, from: SmallPack.day("2015-03-01"))
        #expect(Self.answers(ceilings, [grant], "2016-02-01") == ["entitled 80.00 of 40.00 !"])
        let fixed = [ceilings[0], try Self.version("2016-01-01", "type: exact, value: 40")]
        #expect(Self.answers(fixed, [grant], "2016-02-01") == ["entitled 40.00 of 0.00"])
    }

    @Test("没有人决定过的金额，暂缓留不下什么：仍待决定，期满也不发；批准过的才暂缓")
    func heldProposal() throws {
        let versions = [try Self.version("2015-01-01", "type: floor, value: 50")]
        var hold = Self.grant(0, from: SmallPack.day("2015-02-01"), until: SmallPack.day("2015-05-01"), sequence: 40)
        hold.outcome = .held
        #expect(
            Self.answers(versions, [hold], "2015-03-01", "2015-05-01")
                == ["proposed 50.00 of 0.00", "proposed 50.00 of 0.00"])
        let grant = Self.grant(60, from: SmallPack.day("2015-03-01"), sequence: 41)
        #expect(
            Self.answers(versions, [hold, grant], "2015-02-01", "2015-03-01", "2015-05-01")
                == ["proposed 50.00 of 0.00", "held 60.00 of 50.00", "entitled 60.00 of 50.00"])
        let facts = Self.facts([hold])
        let made = Evaluator(registry: PackRegistry(versions: versions)).determine(facts).first
        #expect(made?.dues(through: CivilMonth(year: 2015, month: 12)).contains(where: \.isDue) == false)
    }

    @Test("只写在事实文件里、登记时不会接受的，仍不采用")
    func neverTaken() throws {
        let versions = [try Self.version("2015-01-01", "type: floor, value: 50")]
        let never = Self.grant(25, from: SmallPack.day("2015-03-01"), taken: false)
        #expect(Self.answers(versions, [never], "2015-04-01") == ["proposed 50.00 of 0.00"])
    }

    @Test("说明写明照发到何时、现行标准多少")
    func explained() throws {
        let evaluator = Evaluator(
            registry: PackRegistry(versions: [try Self.version("2015-01-01", "type: floor, value: 50")]))
        let facts = Self.facts([Self.grant(25, from: SmallPack.day("2015-03-01"))])
        let told = try #require(
            evaluator.explain(Self.clause, subject: .household, on: SmallPack.day("2015-04-01"), facts))
        #expect(told.chineseLines.contains { $0.contains("25.00 元") && $0.contains("50.00 元") && $0.contains("重新决定") })
    }

    @Test("逐日核对：随机的版本与批准，每天的金额是最后一项有效批准的，没有的是当天版本的下限")
    func dayByDay() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let base = SmallPack.day("2015-01-01")
            var floors: [(from: CivilDay, yuan: Int64)] = []
            var start = base
            for _ in 0..<1 + random.next(below: 4) {
                floors.append((start, Int64(1 + random.next(below: 90))))
                start = start + Int32(1 + random.next(below: 60))
            }
            let versions = try floors.map { try Self.version("\($0.from)", "type: floor, value: \($0.yuan)") }
            let awards = (0..<random.next(below: 4)).map { place in
                let first = base + Int32(random.next(below: 150))
                return Self.grant(
                    Int64(1 + random.next(below: 90)), from: first,
                    until: random.chance(60) ? first + Int32(1 + random.next(below: 60)) : nil,
                    sequence: UInt64(30 + place))
            }
            let outcome = try #require(
                Evaluator(registry: PackRegistry(versions: versions)).evaluate(
                    Self.facts(awards), over: DayPeriod(start: base)
                ).first)
            for offset in 0..<260 as Range<Int32> {
                let day = base + offset
                let floor = try #require(floors.last { $0.from <= day }).yuan
                let award = awards.last { $0.period.contains(day) }
                let piece = try #require(outcome.piece(on: day))
                #expect(piece.status == (award == nil ? .proposed : .entitled), "seed \(seed) \(day)")
                #expect(piece.amount == award?.outcome.amount ?? .yuan(floor), "seed \(seed) \(day)")
                let isOutgrown = (award?.outcome.amount).map { $0 < .yuan(floor) } ?? false
                #expect(piece.hasOutgrown(.floor) == isOutgrown, "seed \(seed) \(day)")
            }
        }
    }
}

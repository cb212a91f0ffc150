import CareDomain
import Testing

@testable import RuleEngine

/// A transition clause must say on every day what its definition, walked day by day, says.
@Suite("过渡条款与逐日定义一致")
struct TransitionPropertyTests {
    private static let base = CivilDay(year: 2015, month: 1, day: 1)!
    private static let span: Int32 = 80

    @Test("一千个随机历史与版本序列逐日相同", arguments: [1, 2, 3, 4])
    func randomSuccessions(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for round in 0..<250 {
            let versions = try Self.versions(&random)
            let facts = Self.facts(&random)
            let evaluator = Evaluator(registry: PackRegistry(versions: versions))
            let whole = DayPeriod(start: Self.base, end: Self.base + Self.span)
            let outcome = evaluator.evaluate(facts, over: whole).first
            let judges = try Self.judges(versions, facts, over: whole)
            for (offset, judge) in judges.enumerated() {
                let day = Self.base + Int32(offset)
                let told = outcome?.piece(on: day).map { Self.told($0) }
                #expect(told == judge, "seed \(seed) round \(round) on \(day)")
                guard told == judge else { return }
                guard offset % 7 == 0 else { continue }
                let alone = evaluator.evaluate(facts, over: DayPeriod(start: day, end: day + 1)).first?.piece(on: day)
                #expect(alone.map { Self.told($0) } == told, "seed \(seed) round \(round): \(day) asked alone")
            }
            if let outcome { #expect(Self.isOrdered(outcome.pieces.map(\.period))) }
        }
    }

    private struct Told: Equatable {
        let version: CivilDay
        let holds: Bool
        let amount: Fen?
        let status: OutcomeStatus
    }

    private static func told(_ piece: OutcomePiece) -> Told {
        Told(version: piece.pack.version, holds: piece.rightHolds, amount: piece.amount, status: piece.status)
    }

    /// Which version answers on each day, and what it says, by the words of the definition alone.
    private static func judges(
        _ versions: [PublishedPack], _ facts: FactBase, over whole: DayPeriod
    ) throws -> [Told?] {
        let ordered = versions.sorted { $0.effectiveFrom < $1.effectiveFrom }
        let alone = ordered.map { version in
            Evaluator(
                registry: PackRegistry(versions: [PublishedPack(pack: version.pack, effectiveFrom: base - 1)]))
        }
        func says(_ index: Int, _ day: CivilDay) throws -> Told {
            let found = alone[index].evaluate(facts, over: DayPeriod(start: day, end: day + 1))
            return told(try #require(found.first?.piece(on: day)))
        }
        var result: [Told?] = []
        var judge: Int?
        var held = false
        var day = whole.start
        while let end = whole.end, day < end {
            let inForce = ordered.lastIndex { $0.effectiveFrom <= day }
            guard let inForce, ordered[inForce].effectiveTo.map({ day < $0 }) ?? true else {
                (judge, held) = (nil, false)
                result.append(nil)
                day = day + 1
                continue
            }
            // A version for everybody ends what went on under those before it.
            let lastForAll = (0...inForce).last { ordered[$0].transition != .newCases } ?? 0
            let mayGoOn = judge.map { earlier in
                earlier >= lastForAll && held && (ordered[earlier].effectiveTo.map { day < $0 } ?? true)
            }
            if let earlier = judge, earlier != inForce, mayGoOn == true, try says(earlier, day).holds {
                judge = earlier
            } else if judge != inForce {
                judge = inForce
            }
            let told = try says(judge ?? inForce, day)
            held = told.holds
            result.append(told)
            day = day + 1
        }
        return result
    }

    private static func isOrdered(_ periods: [DayPeriod]) -> Bool {
        zip(periods, periods.dropFirst()).allSatisfy { one, next in one.end.map { $0 <= next.start } ?? false }
    }

    private static func versions(_ random: inout SeededRandom) throws -> [PublishedPack] {
        var versions: [PublishedPack] = []
        var start = base
        for _ in 0..<(1 + random.next(below: 4)) {
            let transition: TransitionClause = random.chance(65) ? .newCases : .all
            let made = try TransitionTests.version(
                "\(start)", rooms: random.next(below: 6), yuan: 1 + random.next(below: 400), transition)
            let last = random.chance(20) ? start + Int32(1 + random.next(below: 30)) : nil
            versions.append(
                PublishedPack(
                    pack: made.pack, effectiveFrom: start, effectiveTo: last, transition: transition))
            start = start + Int32(1 + random.next(below: 25))
        }
        return versions
    }

    private static func facts(_ random: inout SeededRandom) -> FactBase {
        func day() -> CivilDay { base + Int32(random.next(below: Int(span))) }
        var statements: [FactStatement] = []
        func add(_ id: String, _ value: FactValue, from: CivilDay, until: CivilDay?) {
            statements.append(
                FactStatement(
                    fact: FactID(unchecked: id), subject: .household, value: value,
                    period: DayPeriod(start: from, end: until), recordedAt: Moment(microseconds: 0),
                    source: EventReference(sequence: UInt64(statements.count + 1))))
        }
        add("household.rooms", .int(Int64(random.next(below: 6))), from: base - 400, until: nil)
        for _ in 0..<random.next(below: 4) {
            add("household.rooms", .int(Int64(random.next(below: 6))), from: day(), until: nil)
        }
        add("household.poor", .bool(random.chance(70)), from: base - 400, until: nil)
        for _ in 0..<random.next(below: 3) {
            let start = day()
            add("household.poor", .bool(random.chance(50)), from: start, until: random.chance(30) ? start + 9 : nil)
        }
        var facts = FactBase(statements: statements)
        for number in 0..<random.next(below: 3) where random.chance(50) {
            let start = day()
            let outcomes: [AwardDecided.Outcome] = [.refused, .held, .excepted(nil), .granted(.yuan(200))]
            facts.awards.append(
                Award(
                    clause: ClauseID("SM-1")!, subject: .household, outcome: outcomes[random.next(below: 4)],
                    period: DayPeriod(
                        start: start, end: random.chance(60) ? start + Int32(1 + random.next(below: 20)) : nil),
                    recordedAt: Moment(microseconds: Int64(number)),
                    source: EventReference(sequence: UInt64(40 + number))))
        }
        return facts
    }
}

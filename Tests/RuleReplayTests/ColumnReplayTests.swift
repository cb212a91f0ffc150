import CareDomain
import Foundation
import RuleColumns
import RuleEngine
import RulePacks
import RuleReplay
import Testing

@Suite("按列重放与逐户重放一致")
struct ColumnReplayTests {
    /// A pack of this program, and changes of its words that an office might make.
    struct Case: Sendable, CustomTestStringConvertible {
        let pack: String
        let place: String
        /// Patterns in the pack, each with what takes its place.
        let changes: [(String, String)]
        var more: [(String, String)] = []
        var testDescription: String { pack }
    }

    static let cases: [Case] = [
        Case(
            pack: "chenzhou-2014", place: "431002",
            changes: [("exact, value: 300", "exact, value: 400"), (">= 49", ">= 45")],
            // A definition that many clauses stand upon.
            more: [
                ("self.disability_grade in [1, 2, 3]", "self.disability_grade in [1, 2, 3, 4]"),
                // Sums fall due in other months.
                ("CZ-Q6, choices: [same, next], default: same", "CZ-Q6, choices: [same, next], default: next"),
                (
                    "choices: [any_day, first_day, next_month], default: any_day",
                    "choices: [any_day, first_day, next_month], default: first_day"
                ),
            ]),
        Case(
            pack: "wenzhou-2021", place: "330302",
            changes: [("value: 3000", "value: 3500"), ("kind: one_per_year", "kind: prior_year")]),
        Case(
            pack: "boshan-2021", place: "370304", changes: [("2021-06-26", "2021-05-10"), ("2021-06-26", "2021-08-01")]),
        Case(
            pack: "guiyang-2013", place: "520102", changes: [("value: 100", "value: 120"), (">= 60", ">= 55")],
            // 6000元代替1000元，改为两项相加。
            more: [
                (
                    "id: dibao_award, question: GY-Q18, choices: [replaces, adds], default: replaces",
                    "id: dibao_award, question: GY-Q18, choices: [replaces, adds], default: adds"
                )
            ]),
    ]

    static func candidates(_ test: Case) throws -> [RulePack] {
        let file = try #require(try PackLibrary.bundled.packFiles(of: test.pack).last)
        let text = String(decoding: file.bytes, as: UTF8.self)
        var texts = test.changes.filter { text.contains($0.0) }.map { text.replacingOccurrences(of: $0.0, with: $0.1) }
        // Every switch turned the other way, where it is a yes or no.
        texts.append(
            text.replacing(/default: (true|false)/) { $0.1 == "true" ? "default: false" : "default: true" })
        // Every sum a tenth more; every age a year later.
        texts.append(text.replacing(/value: (\d+),/) { "value: \((Int($0.1) ?? 0) * 11 / 10)," })
        texts.append(text.replacing(/>= (\d\d)\b/) { ">= \((Int($0.1) ?? 0) + 1)" })
        texts += test.more.filter { text.contains($0.0) }.map { text.replacingOccurrences(of: $0.0, with: $0.1) }
        return texts.compactMap { try? RulePack.load(bytes: Array($0.utf8), name: "candidate.yaml") }
    }

    @Test("五地各版本、随机家庭：每户每项差异与逐户重放相同，从常备判断读也相同", arguments: cases)
    func sameAsHouseholdByHousehold(_ test: Case) throws {
        let current = try #require(try PackLibrary.bundled.packs(of: test.pack).last)
        var random = HouseholdRandom(seed: 20_140_716)
        let places = [test.place, test.place, test.place + "001", "110101", "330383"]
        let candidates = try Self.candidates(test)
        #expect(candidates.count >= 2)
        var differing = 0
        var moved = 0
        var keptColumns = 0
        for (index, candidate) in candidates.enumerated() {
            let first = current.validFrom.adding(months: index) + Int32(index)
            let end = first.adding(months: 40) + Int32(index)
            let replay = RuleReplay(
                current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: current)])),
                candidate: candidate, effectiveFrom: first,
                period: DayPeriod(start: first, end: end), today: first.adding(months: 14),
                assumesAwards: index % 2 == 1 && current.interactions.isEmpty,
                scope: index % 3 == 2 ? ReplayScope(asked: String(test.place.prefix(6))) : .everywhere)
            let columns = try ColumnReplay(replay)
            var builder = FactBlockBuilder(
                vocabularies: [current.vocabulary, candidate.vocabulary], codes: columns.codes)
            let standing = StandingPlan(replay.current, codes: CodeTable())
            var keeper = FactBlockBuilder(
                vocabularies: [current.vocabulary, candidate.vocabulary], codes: standing.codes, standing: standing)
            let district = DistrictReplay(replay, oneByOne: true)
            var expected: [HouseholdID: HouseholdDifference] = [:]
            var wanted = 0
            for number in 0..<80 {
                let id = HouseholdID(Identifier128(high: 1, low: UInt64(number)))
                let facts = random.facts(current, places: places)
                builder.add(id, facts)
                keeper.add(id, facts)
                let found = try #require(district.compareOneByOne([(id, facts)]).first)
                wanted += found.isWanted ? 1 : 0
                moved += found.difference?.rights.contains { !$0.parts.isEmpty } ?? false ? 1 : 0
                expected[id] = found.difference
            }
            let difference = columns.compare(builder.finish())
            let found = columns.differences(difference)
            differing += found.count
            #expect(found.map(\.household) == expected.keys.sorted())
            for one in found {
                let other = try #require(expected[one.household])
                #expect(one.division == other.division)
                #expect(
                    one.rights.map(Self.text) == other.rights.map(Self.text),
                    "\(candidate.id) \(index) \(one.household)")
            }
            var totals = ReplayTotals()
            let ids = (0..<80).map { HouseholdID(Identifier128(high: 1, low: UInt64($0))) }
            for id in ids { if let found = expected[id] { totals.add(found) } }
            for _ in 0..<(wanted - expected.count) { totals.add(nil) }
            #expect(columns.totals(difference) == totals)
            // The same from what is kept beside the facts.
            let reading = try ColumnReplay(replay, codes: standing.codes, kept: Set(standing.names))
            let kept = reading.compare(try Self.stored(keeper.finish(), reading))
            #expect(reading.totals(kept) == totals)
            #expect(reading.differences(kept).map(Self.text) == found.map(Self.text), "\(candidate.id) \(index)")
            keptColumns += reading.wish.kept.count
        }
        #expect(differing > 20)
        #expect(keptColumns > 0)
        #expect(moved > 0 || test.pack != "chenzhou-2014")
    }

    @Test(
        "标准改为不低于、又改回来，随机家庭：待决定的与逐户重放相同，没有一个月因等人决定成了多发",
        arguments: cases.filter { ["chenzhou-2014", "guiyang-2013"].contains($0.pack) })
    func leftToPeople(_ test: Case) throws {
        let file = try #require(try PackLibrary.bundled.packFiles(of: test.pack).last)
        let text = String(decoding: file.bytes, as: UTF8.self)
        let exact = try RulePack.load(bytes: file.bytes, name: "exact.yaml")
        guard
            let floor = try? RulePack.load(
                bytes: Array(text.replacingOccurrences(of: "type: exact", with: "type: floor").utf8), name: "floor.yaml"
            )
        else {
            Issue.record("\(test.pack) cannot be read with floors")
            return
        }
        var random = HouseholdRandom(seed: 20_150_101)
        let places = [test.place, test.place, test.place + "001", "110101"]
        let families = (0..<60).map { number in
            (id: HouseholdID(Identifier128(high: 2, low: UInt64(number))), facts: random.facts(exact, places: places))
        }
        var awaiting = Fen.zero
        for (before, after) in [(exact, floor), (floor, exact)] {
            let first = before.validFrom.adding(months: 2)
            let replay = RuleReplay(
                current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: before)])), candidate: after,
                effectiveFrom: first, period: DayPeriod(start: first, end: first.adding(months: 40)),
                today: first.adding(months: 14))
            let columns = try ColumnReplay(replay)
            var builder = FactBlockBuilder(vocabularies: [exact.vocabulary, floor.vocabulary], codes: columns.codes)
            for family in families { builder.add(family.id, family.facts) }
            let found = columns.compare(builder.finish())
            let single = DistrictReplay(replay, oneByOne: true).compareOneByOne(families).map(\.difference)
            #expect(columns.differences(found).map(Self.text) == single.compactMap { $0 }.map(Self.text))
            var totals = ReplayTotals()
            for difference in single { totals.add(difference) }
            #expect(columns.totals(found) == totals)
            awaiting += totals.all.awaiting
            for right in single.compactMap({ $0 }).flatMap(\.rights) where right.statusAfter == .proposed {
                let lost = right.months.filter { $0.open == nil && $0.after < $0.before && $0.month <= replay.present }
                #expect(right.overpayment == .zero || !lost.isEmpty, "\(right.clause)")
            }
        }
        #expect(awaiting > .zero)
    }

    @Test("收养日期未登记的户：按列与逐户同样待补，从常备列读也是", arguments: [false, true])
    func undatedAdoption(_ isAdopted: Bool) throws {
        let current = try #require(try PackLibrary.bundled.packs(of: "chenzhou-2014").last)
        let file = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").last)
        let text = String(decoding: file.bytes, as: UTF8.self)
            .replacingOccurrences(of: "exact, value: 300", with: "exact, value: 400")
        let candidate = try RulePack.load(bytes: Array(text.utf8), name: "candidate.yaml")
        let day = CivilDay(year: 2000, month: 1, day: 1)!
        func person(_ number: UInt64) -> RuleSubject { .person(PersonID(Identifier128(high: 0, low: number))) }
        var statements: [FactStatement] = []
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue) {
            statements.append(
                FactStatement(
                    fact: FactID(fact)!, subject: subject, value: value, period: DayPeriod(start: day),
                    recordedAt: Moment(microseconds: 1), source: EventReference(sequence: UInt64(statements.count + 1)))
            )
        }
        state("household.division", .household, .reference("431002"))
        let roles = ["wife", "only_child"] + (isAdopted ? ["adopted_child"] : [])
        for (index, role) in roles.enumerated() {
            state("person.role", person(UInt64(index + 1)), .code(Code(role)!))
        }
        state("person.birth_date", person(1), .day(CivilDay(year: 1960, month: 1, day: 1)!))
        state("person.death_date", person(2), .day(CivilDay(year: 2010, month: 1, day: 1)!))
        let family = (HouseholdID(Identifier128(high: 1, low: 1)), FactBase(statements: statements))
        let replay = RuleReplay(
            current: Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: current)])), candidate: candidate,
            effectiveFrom: current.validFrom,
            period: DayPeriod(start: current.validFrom, end: current.validFrom.adding(months: 12)),
            today: current.validFrom.adding(months: 12))
        let columns = try ColumnReplay(replay)
        var builder = FactBlockBuilder(vocabularies: [current.vocabulary, candidate.vocabulary], codes: columns.codes)
        builder.add(family.0, family.1)
        let block = builder.finish()
        let one = try #require(DistrictReplay(replay, oneByOne: true).compareOneByOne([family]).first)
        #expect(one.difference == nil || !isAdopted, "what is unknown on both sides differs in nothing")
        #expect(one.difference != nil || isAdopted)
        let expected = [one.difference].compactMap { $0 }.map(Self.text)
        for block in [block, try Self.stored(block, columns)] {
            #expect(columns.differences(columns.compare(block)).map(Self.text) == expected)
        }
    }

    /// The block as it comes back from its bytes, with what the replay wants of it.
    private static func stored(_ block: FactBlock, _ replay: ColumnReplay) throws -> FactBlock {
        let image = FactBlockImage(block)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: image.bytes.count, alignment: 8)
        bytes.copyBytes(from: image.bytes)
        let address = UInt(bitPattern: bytes.baseAddress)
        let memory = FactMemory { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
        return try FactBlock(
            UnsafeRawBufferPointer(bytes), memory: memory, digest: image.digest, wanted: replay.wish,
            codes: block.codes)
    }

    private static func text(_ household: HouseholdDifference) -> String {
        "\(household.household) \(household.division as Any) " + household.rights.map(text).joined(separator: "; ")
    }

    static func text(_ right: RightDifference) -> String {
        let months = right.months.map { "\($0.month):\($0.before)>\($0.after)\($0.open.map(\.rawValue) ?? "")" }.joined(
            separator: " ")
        let payers = right.payers.map { "\($0.payer) \($0.difference)" }.joined(separator: ", ")
        return "\(right.clause) \(right.subject) \(right.kind) \(right.cadence) \(right.department as Any)"
            + " \(right.statusBefore)>\(right.statusAfter) \(right.undecided)"
            + " \(right.arrears) \(right.overpayment) \(right.future)"
            + " \(right.standingBefore as Any)>\(right.standingAfter as Any) [\(payers)] \(months)"
            + right.parts.map { " {\($0.division as Any): \(text($0.right))}" }.joined()
    }
}

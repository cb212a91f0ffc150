import CareDomain
import EligibilityCore
import RuleEngine
import RulePacks
import Testing

@Suite("政策发布与认定", .timeLimit(.minutes(10)))
struct RulesChangeTests {
    /// The Chenzhou pack with another sum for CZ-2.1, in force from another day.
    private func changed(_ yuan: Int, from day: String) throws -> [UInt8] {
        let text = String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
        let parts = text.split(separator: "amount: {type: exact, value: 300, unit: yuan}", maxSplits: 1)
        try #require(parts.count == 2)
        return Array(
            (parts[0].replacing("valid_from: 2014-07-16", with: "valid_from: \(day)")
                + "amount: {type: exact, value: \(yuan), unit: yuan}" + parts[1]).utf8)
    }

    private func family(_ number: UInt64, dies: Bool, in world: inout EligibilityWorld) throws -> Family {
        var family = Family(number)
        try world.carryOut(family.registers())
        if dies { try world.carryOut(family.childDies(on: "2014-12-10")) }
        return family
    }

    @Test("先有家庭后有政策：发布时逐户认定，未发布前一条也没有")
    func publishedLate() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        var families: [Family] = []
        for number in 1...30 { families.append(try family(UInt64(number), dies: number % 2 == 0, in: &world)) }
        try world.run()
        for family in families { #expect(try world.determinations(of: family.id).isEmpty) }
        try world.publish()
        try world.run()
        for (index, family) in families.enumerated() {
            #expect(try world.determinations(of: family.id).isEmpty == ((index + 1) % 2 != 0))
        }
    }

    @Test("新版改了起发月份：以前已发的月份不变，不算多发；施行以后才有的权利按新的起发")
    func anotherStartMonth() throws {
        let text = String(decoding: try PackLibrary.bundled.packFiles(of: "chenzhou-2014")[0].bytes, as: UTF8.self)
        let reading = "id: start_month, question: CZ-Q6, choices: [same, next], default: "
        let later = text.replacing("valid_from: 2014-07-16", with: "valid_from: 2015-04-01")
            .replacing(reading + "same", with: reading + "next")
        #expect(later.contains(reading + "next"))
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        let earlier = try family(1, dies: true, in: &world)
        try world.run()
        func months(_ family: Family) throws -> [String] {
            let made = try #require(try world.determinations(of: family.id).last("CZ-2.1", family.wife))
            return Determination(made).dues(through: CivilMonth(year: 2015, month: 6)).map(\.month.description)
        }
        let due = ["2014-12", "2015-01", "2015-02", "2015-03", "2015-04", "2015-05", "2015-06"]
        #expect(try months(earlier) == due)
        world.now = .at("2015-05-06")
        try world.publish(Array(later.utf8))
        var new = Family(2)
        try world.carryOut(new.registers())
        try world.carryOut(new.childDies(on: "2015-04-20"))
        try world.run()
        #expect(try months(earlier) == due)
        let made = try #require(try world.determinations(of: earlier.id).last("CZ-2.1", earlier.wife))
        #expect(made.changes.isEmpty && made.monthRule == .nextMonth)
        #expect(made.intervals.map(\.rhythm?.monthRule) == [nil, .anyDay, nil])
        #expect(try months(new) == ["2015-05", "2015-06"])
        // Judged again, nothing is appended.
        let count = world.eventCount
        world.kill(from: .some(nil))
        try world.run()
        #expect(world.eventCount == count)
    }

    @Test("新版政策只改写结论变了的户；原来的认定仍注明当时的版本")
    func newVersion() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        let entitled = try family(1, dies: true, in: &world)
        let ordinary = try family(2, dies: false, in: &world)
        try world.run()
        let before = try world.determinations(of: entitled.id)
        world.now = .at("2015-05-06")
        try world.publish(try changed(400, from: "2015-04-01"))
        try world.run()
        let after = try world.determinations(of: entitled.id)
        #expect(Array(after.prefix(before.count)) == before)
        let new = after.dropFirst(before.count)
        #expect(Set(new.map(\.clause.rawValue)) == ["CZ-2.1"] && new.count == 2)
        let wife = try #require(after.last("CZ-2.1", entitled.wife))
        #expect(
            wife.short == [
                "2014-07-16..2014-12-10: notEntitled", "2014-12-10..2015-04-01: entitled 300.00",
                "2015-04-01..: entitled 400.00",
            ])
        #expect(wife.packVersion == Family.day("2015-04-01"))
        #expect(wife.rulesChange?.description == "chenzhou-2014@2015-04-01")
        #expect(before.allSatisfy { $0.rulesChange == nil })
        #expect(wife.shortChanges == ["2015-04..2015-05: 300.00 > 400.00"])
        #expect(before.allSatisfy { $0.packVersion == Family.day("2014-07-16") })
        #expect(try world.determinations(of: ordinary.id).isEmpty)
    }

    @Test("同样内容的新版发布：结论未变，一条也不写")
    func sameVersionAgain() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        let entitled = try family(1, dies: true, in: &world)
        try world.run()
        let before = world.eventCount
        try world.publish(try changed(300, from: "2015-04-01"))
        try world.run()
        #expect(world.eventCount == before + 1)
        #expect(try !world.determinations(of: entitled.id).isEmpty)
    }

    @Test("审核途中又有新版发布：最后以最新的为准")
    func publishedWhileSweeping() throws {
        var world = try EligibilityWorld(seed: 5, on: "2015-01-10")
        var families: [Family] = []
        for number in 1...40 { families.append(try family(UInt64(number), dies: true, in: &world)) }
        try world.publish()
        try world.run(steps: 60)
        try world.publish(try changed(500, from: "2014-07-16"))
        try world.run()
        for family in families {
            let wife = try #require(try world.determinations(of: family.id).last("CZ-2.1", family.wife))
            #expect(wife.intervals.last?.amount == .yuan(500))
        }
    }

    @Test("旧认定里有如今认不得的条款：原样留着，不收回；其余条款照常认定")
    func unknownClauseInAnOldDetermination() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        let entitled = try family(1, dies: true, in: &world)
        let old = DeterminationMade(
            clause: ClauseID("CZ-9.9")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
            packVersion: Family.day("2014-07-16"), packHash: Array(repeating: 9, count: 32),
            cadence: Code(unchecked: "month"), amountType: .exact,
            intervals: [
                .init(period: DayPeriod(start: Family.day("2014-07-16")), status: .entitled, amount: .yuan(50))
            ],
            facts: [], readThrough: EventReference(sequence: 1))
        try world.record(.determinationMade(old), in: entitled.id)
        try world.publish()
        try world.run()
        let made = try world.determinations(of: entitled.id)
        #expect(made.filter { $0.clause.rawValue == "CZ-9.9" } == [old])
        #expect(made.last("CZ-2.1", entitled.wife) != nil)
    }
}

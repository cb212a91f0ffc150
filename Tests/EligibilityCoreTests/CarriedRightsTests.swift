import CareDomain
import CareProjections
import CareWire
import EligibilityCore
import RuleEngine
import RulePacks
import RuleReplay
import Testing

/// 起发月份为次月（CZ-Q6 `start_month: next`）的部署：分户、并户前后两份档案合计，与不分户相同。
///
/// The family: the child died on 2014-08-01, the wife turns 49 on 2014-09-10. So both have the right from that day on, and
/// 300 yuan each are due from 2014-10: fifteen months to the end of 2015, 4,500 yuan for each of them.
@Suite("次月起发：分户、并户不丢月，也不多发", .timeLimit(.minutes(10)))
struct CarriedRightsTests {
    private static let last = CivilMonth(year: 2015, month: 12)

    /// The pack of the deployment; the reading's default is what a deployment changes.
    private static func pack(_ start: String = "next") throws -> [UInt8] {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").last)
        let text = String(decoding: file.bytes, as: UTF8.self)
        let reading = "id: start_month, question: CZ-Q6, choices: [same, next], default: "
        #expect(text.contains(reading + "same"))
        return Array(text.replacing(reading + "same", with: reading + start).utf8)
    }

    private struct Files {
        var world: EligibilityWorld
        var family = Family()

        init(wifeBorn: String = "1965-09-10", start: String = "next") throws {
            world = try EligibilityWorld(on: "2016-01-05")
            try world.publish(try CarriedRightsTests.pack(start))
            try world.carryOut(family.registers(on: "2014-08-01", wifeBorn: wifeBorn))
            try world.carryOut(family.childDies(on: "2014-08-01"))
            try world.run()
        }

        /// The husband goes on by himself.
        mutating func splits(on day: String) throws -> HouseholdID {
            let own = HouseholdRegistered(division: DivisionCode("431002")!, area: .urban)
            let command = family.says(
                .splitHousehold(SplitHousehold(persons: [Family.husband], household: own)), on: day)
            let target = HouseholdID.derived(from: command.id)
            try world.move(command, into: target)
            try world.run()
            return target
        }

        mutating func merges(_ household: HouseholdID, on day: String) throws {
            let command = HouseholdCommand(
                id: CommandID(Identifier128(high: 99, low: 1)), household: household, occurredOn: Family.day(day),
                action: .mergeHousehold(MergeHousehold(into: family.id)))
            try world.move(command, into: family.id)
            try world.run()
        }

        /// The months in which sums are due to a person in a file.
        func months(_ person: PersonID, _ household: HouseholdID) throws -> [String] {
            let made = try world.history(of: household).household.determinations.first {
                $0.made.clause.rawValue == "CZ-2.1" && $0.made.subject == .person(person)
            }
            let all = made.map { Determination($0.made).dues(through: CarriedRightsTests.last) } ?? []
            // Of the month that the file left has, nothing is due here.
            let dues = all.filter { $0.amount != .zero }
            #expect(dues.allSatisfy { $0.amount == .yuan(300) && $0.status == .entitled })
            return dues.map(\.month.description)
        }
    }

    /// Since when a person is on a file's list of a day.
    private static func listed(_ person: PersonID, _ household: HouseholdID, _ day: String, _ files: Files) throws
        -> String?
    {
        let clause = try #require(ClauseID("CZ-2.1"))
        let cut = RightsRoll.Cut(day: Family.day(day), knownAt: .at("2020-01-01"))
        let roll = RightsRoll(
            try files.world.history(of: household), clause: clause, present: cut, isWanted: { _ in true })
        return roll.lines.first { $0.subject == .person(person) }.map { "\($0.since)" }
    }

    @Test("名单上每天只在一份档案里")
    func listedOnce() throws {
        var files = try Files()
        let own = try files.splits(on: "2015-05-01")
        try files.merges(own, on: "2015-08-01")
        let days: [(day: String, family: String?, own: String?)] = [
            ("2015-04-30", "2014-09-10", nil), ("2015-05-01", nil, "2015-05-01"), ("2015-07-31", nil, "2015-05-01"),
            ("2015-08-01", "2015-08-01", nil),
        ]
        for (day, family, alone) in days {
            #expect(try Self.listed(Family.husband, files.family.id, day, files) == family, "\(day)")
            #expect(try Self.listed(Family.husband, own, day, files) == alone, "\(day)")
        }
    }

    /// `2014-10` to `2015-04`.
    private static func months(_ first: String, _ last: String) -> [String] {
        let (first, last) = (Family.day(first + "-01"), Family.day(last + "-01"))
        var months: [String] = []
        var month = CivilMonth(containing: first)
        while month <= CivilMonth(containing: last) {
            months.append(month.description)
            month = month + 1
        }
        return months
    }

    @Test(
        "分户在一日、二日、月末：丈夫两份档案的月份首尾相接，合计与不分户相同",
        arguments: [
            ("2015-05-01", "2015-04", "2015-05"), ("2015-05-02", "2015-05", "2015-06"),
            ("2015-05-31", "2015-05", "2015-06"), ("2015-04-30", "2015-04", "2015-05"),
        ])
    func split(day: String, lastLeft: String, firstNew: String) throws {
        var files = try Files()
        #expect(try files.months(Family.husband, files.family.id) == Self.months("2014-10", "2015-12"))
        let own = try files.splits(on: day)
        let left = try files.months(Family.husband, files.family.id)
        let new = try files.months(Family.husband, own)
        #expect(left == Self.months("2014-10", lastLeft))
        #expect(new == Self.months(firstNew, "2015-12"))
        #expect(left + new == Self.months("2014-10", "2015-12"))
        #expect(try files.months(Family.wife, files.family.id) == Self.months("2014-10", "2015-12"))
    }

    @Test(
        "分出以后又并回：三段首尾相接",
        arguments: [
            ("2015-08-01", "2015-07", "2015-08"), ("2015-08-02", "2015-08", "2015-09"),
            ("2015-08-31", "2015-08", "2015-09"),
        ])
    func merge(day: String, lastAlone: String, firstBack: String) throws {
        var files = try Files()
        let own = try files.splits(on: "2015-05-01")
        try files.merges(own, on: day)
        #expect(try files.months(Family.husband, own) == Self.months("2015-05", lastAlone))
        #expect(
            try files.months(Family.husband, files.family.id)
                == Self.months("2014-10", "2015-04") + Self.months(firstBack, "2015-12"))
    }

    /// A file's facts with those of the file that was left, as a tool puts them together.
    private static func facts(_ household: HouseholdID, _ others: [HouseholdID], _ files: Files) throws -> FactBase {
        var facts = FactBase(events: try files.world.history(of: household).events)
        for other in others { facts.others[other] = FactBase(events: try files.world.history(of: other).events) }
        return facts
    }

    @Test("一日分户：说明、预测、重放与已存认定同样自当月起")
    func oneAnswer() throws {
        var files = try Files()
        let own = try files.splits(on: "2015-05-01")
        let facts = try Self.facts(own, [files.family.id], files)
        #expect(facts.arrivals.map(\.source) == [files.family.id])
        #expect(facts.arrivals.map(\.day) == [Family.day("2015-05-01")])
        let evaluator = Evaluator(registry: files.world.rules.registry)
        let clause = try #require(ClauseID("CZ-2.1"))
        let husband = RuleSubject.person(Family.husband)
        let said = evaluator.explain(clause, subject: husband, on: Family.day("2015-05-20"), facts)
        #expect(
            said?.month?.wording.chinese
                == "2015-05 全月有此权利，应发 300.00 元（按 2015-05-01 的条件）；权利自迁出的档案延续，当月照计")
        var forecast = Forecast(evaluator, from: CivilMonth(year: 2015, month: 4), months: 3)
        forecast.add(own, facts)
        let turns = forecast.turns.filter { $0.clause == clause }
        #expect(turns.map(\.day) == [Family.day("2015-05-01")] && turns.map(\.begins) == [true])
        #expect(turns.map(\.amount) == [.yuan(300)])
        let sum = "amount: {type: exact, value: 300, unit: yuan}"
        let text = String(decoding: try Self.pack(), as: UTF8.self)
        let bytes = Array(text.replacing(sum, with: sum.replacing("300", with: "400")).utf8)
        let replay = RuleReplay(
            current: evaluator, candidate: try RulePack.load(bytes: bytes, name: "higher"),
            effectiveFrom: Family.day("2015-01-01"),
            period: DayPeriod(start: Family.day("2015-01-01"), end: Family.day("2015-09-01")),
            today: Family.day("2015-08-15"))
        let district = DistrictReplay(replay)
        for found in [district.compare([(own, facts)]), district.compareOneByOne([(own, facts)])] {
            let rights = (found.first?.difference?.rights ?? []).filter { $0.clause == clause }
            #expect(rights.map(\.subject) == [husband])
            // May to August, 100 yuan more each.
            #expect(rights.flatMap(\.months).map(\.month.month) == [5, 6, 7, 8])
            #expect(rights.map(\.arrears) == [.yuan(400)])
        }
        // Without the file that was left, the month of the move is left out.
        let without = try Self.facts(own, [], files)
        let alone = evaluator.explain(clause, subject: husband, on: Family.day("2015-05-20"), without)
        #expect(alone?.month?.wording.chinese == "2015-05 全月有此权利，当月应发 0 元：权利开始的当月不计，从次月起计")
    }

    @Test(
        "当月起发的部署：二日、月末分户的，当月由原档案发，新档案自次月起，合计与不分户相同",
        arguments: ["2015-05-02", "2015-05-10", "2015-05-31"])
    func sameMonth(day: String) throws {
        var files = try Files(start: "same")
        let own = try files.splits(on: day)
        #expect(try files.months(Family.husband, files.family.id) == Self.months("2014-09", "2015-05"))
        #expect(try files.months(Family.husband, own) == Self.months("2015-06", "2015-12"))
        #expect(try Self.listed(Family.husband, own, "2015-05-31", files) == day)
        let facts = try Self.facts(own, [files.family.id], files)
        let evaluator = Evaluator(registry: files.world.rules.registry)
        let clause = try #require(ClauseID("CZ-2.1"))
        let said = evaluator.explain(
            clause, subject: .person(Family.husband), on: Family.day("2015-05-31"), facts)
        #expect(
            said?.month?.wording.chinese
                == "2015-05 \(day == "2015-05-31" ? day : "\(day) 至 2015-05-31") 有此权利，本档案不发：当月的这一笔由分户、并户前的档案计发")
        // Judged again, nothing is appended.
        let count = files.world.eventCount
        files.world.kill(from: .some(nil))
        try files.world.run()
        #expect(files.world.eventCount == count)
    }

    @Test("当月起发、月中分户，权利是分户才有的：原档案不应发的当月，新档案发")
    func beganWithTheSplitInAMonth() throws {
        var files = try Files(wifeBorn: "1970-01-01", start: "same")
        let own = try files.splits(on: "2015-05-10")
        #expect(try files.months(Family.husband, files.family.id).isEmpty)
        #expect(try files.months(Family.husband, own) == Self.months("2015-05", "2015-12"))
    }

    @Test("GY-3.12a 按户一次：分户前的档案已有，分出的档案认定里没有第二份，重审不变")
    func householdOnce() throws {
        var world = try EligibilityWorld(on: "2026-05-05")
        try world.publish(try #require(try PackLibrary.bundled.packFiles(of: "guiyang-2013").last).bytes)
        var family = Family()
        let home = HouseholdRegistered(division: DivisionCode("520121001")!, area: .rural)
        let members = [
            PersonJoined(person: Family.wife, role: .wife, sex: .female, birthDate: Family.day("1970-03-04")),
            PersonJoined(person: Family.husband, role: .husband, sex: .male, birthDate: Family.day("1968-03-04")),
            PersonJoined(person: Family.child, role: .onlyChild, sex: .female, birthDate: Family.day("1994-05-06")),
        ]
        try world.carryOut(
            family.says(.registerHousehold(RegisterHousehold(household: home, members: members)), on: "2013-07-01"))
        try world.carryOut(family.childDies(on: "2013-08-01"))
        let command = family.says(
            .splitHousehold(SplitHousehold(persons: [Family.wife], household: home)), on: "2026-03-10")
        let own = HouseholdID.derived(from: command.id)
        try world.move(command, into: own)
        try world.run()
        func dues(_ made: Determination?) -> [Fen] {
            (made?.dues(through: CivilMonth(year: 2026, month: 12)) ?? []).compactMap(\.amount)
        }
        func isGrant(_ clause: ClauseID, _ subject: RuleSubject) -> Bool {
            clause.rawValue == "GY-3.12a" && subject == .household
        }
        func stored(_ id: HouseholdID) throws -> Determination? {
            try world.history(of: id).household.determinations.map(\.made)
                .first { isGrant($0.clause, $0.subject) }.map { Determination($0) }
        }
        #expect(try dues(stored(family.id)) == [.yuan(50_000)])
        let made = try #require(try stored(own))
        #expect(dues(made).isEmpty && made.intervals.allSatisfy { $0.status == .notEntitled })
        // By the facts of its file alone it would be given once more.
        let evaluator = Evaluator(registry: world.rules.registry)
        let alone = evaluator.determine(FactBase(events: try world.history(of: own).events))
        #expect(dues(alone.first { isGrant($0.clause, $0.subject) }) == [.yuan(50_000)])
        let count = world.eventCount
        world.kill(from: .some(nil))
        try world.run()
        #expect(world.eventCount == count)
    }

    @Test("权利是分户才有的：自次月起发，分户当月没有")
    func beganWithTheSplit() throws {
        // The wife is 45: the couple has no right. The husband by himself is 52.
        var files = try Files(wifeBorn: "1970-01-01")
        #expect(try files.months(Family.husband, files.family.id).isEmpty)
        let own = try files.splits(on: "2015-05-01")
        #expect(try files.months(Family.husband, own) == Self.months("2015-06", "2015-12"))
    }

    @Test("权利在分户前一日才有：分户当月即次月，照发")
    func beganTheDayBefore() throws {
        var files = try Files(wifeBorn: "1966-04-30")
        let own = try files.splits(on: "2015-05-01")
        #expect(try files.months(Family.husband, files.family.id).isEmpty)
        #expect(try files.months(Family.husband, own) == Self.months("2015-05", "2015-12"))
    }

    @Test("分户以后原档案更正：权利原来没有，新档案随之改；改回来，新档案也改回来")
    func theFileLeftIsCorrected() throws {
        var files = try Files()
        let own = try files.splits(on: "2015-05-01")
        #expect(try files.months(Family.husband, own) == Self.months("2015-05", "2015-12"))
        func corrects(_ born: String) throws {
            let joined = try files.world.history(of: files.family.id).events.last { event in
                if case .personJoined(let joined) = event.event { joined.person == Family.wife } else { false }
            }
            let wife = PersonJoined(person: Family.wife, role: .wife, sex: .female, birthDate: Family.day(born))
            try files.world.carryOut(
                files.family.says(
                    .addPerson(wife), on: "2014-08-01", correcting: try #require(joined).reference.sequence))
            try files.world.run()
        }
        try corrects("1967-01-01")
        #expect(try files.months(Family.husband, own) == Self.months("2015-06", "2015-12"))
        try corrects("1965-09-10")
        #expect(try files.months(Family.husband, own) == Self.months("2015-05", "2015-12"))
        // Judged again, nothing is appended.
        let count = files.world.eventCount
        files.world.kill(from: .some(nil))
        try files.world.run()
        #expect(files.world.eventCount == count)
    }

    @Test("另一份档案有损坏：本户照审，只是看不到那边的权利；当月起发、一日分户的不靠它")
    func theOtherFileIsDamaged() throws {
        var files = try Files()
        files.world.damaged = [files.family.id]
        let own = try files.splits(on: "2015-05-01")
        #expect(try files.months(Family.husband, own) == Self.months("2015-06", "2015-12"))
        var same = try Files(start: "same")
        let other = try same.splits(on: "2015-05-01")
        #expect(try same.months(Family.husband, same.family.id) == Self.months("2014-09", "2015-04"))
        #expect(try same.months(Family.husband, other) == Self.months("2015-05", "2015-12"))
    }
}

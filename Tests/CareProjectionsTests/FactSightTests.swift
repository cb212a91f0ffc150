import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import Testing

/// Who may see which fact: by the place of the pack, by its days, and of a family that moved.
///
/// Invented packs: Boshan (370304, 2021) shows the mark to community and township, Chenzhou (431000) knows the same fact and
/// shows it to everybody, Xiamen (350200) shows it to community and civil affairs. Guiyang (520100) does not know it.
@Suite("字段可见：按地、按日、迁移从严")
struct FactSightTests {
    private static let mark = FactID(unchecked: "household.visit_priority")
    private static let other = FactID(unchecked: "household.dibao")
    private static let community = DepartmentID(unchecked: "org.community")
    private static let township = DepartmentID(unchecked: "org.township")
    private static let civil = DepartmentID(unchecked: "dept.civil_affairs")
    private static let today = CivilDay.invented("2022-06-01")

    private static func restrictions() -> FactRestrictions {
        var found = FactRestrictions()
        func add(_ pack: String, _ place: String, _ from: String, _ end: String?, _ shown: [DepartmentID]?) {
            found.add(
                FactRestrictions.Version(
                    territory: DivisionCode(place),
                    inForce: DayPeriod(start: .invented(from), end: end.map(CivilDay.invented)),
                    facts: [mark, other], shownTo: shown.map { [mark: Set($0)] } ?? [:]), of: PackID(unchecked: pack))
        }
        add("boshan", "370304", "2021-04-01", "2022-01-01", [community, township])
        add("chenzhou", "431000", "2014-07-16", nil, nil)
        add("xiamen", "350200", "2017-01-01", nil, [community, civil])
        return found
    }

    private static func sight(_ department: DepartmentID) -> FactSight {
        FactSight(restrictions(), department: department, today: today)
    }

    /// A family registered in a division of which the mark is stated on 2021-06-01, and its history.
    private static func family(
        _ division: String, moves: [(String, HouseholdMoved.Kind, String)] = []
    ) -> InventedStream {
        var stream = InventedStream(61)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2021-05-01")
        stream.add(
            .factStated(
                FactStated(
                    fact: mark, subject: .household, value: .code(Code(unchecked: "petition")),
                    source: Code(unchecked: "statement"))), on: "2021-06-01")
        for (day, kind, place) in moves {
            stream.add(.moved(HouseholdMoved(kind: kind, division: DivisionCode(place)!)), on: day)
        }
        return stream
    }

    /// Who of the three may see the mark of a family.
    private static func seeing(_ stream: InventedStream) -> [DepartmentID] {
        [community, township, civil].filter { sight($0).withheld(of: stream.history).sequences.isEmpty }
    }

    @Test("只在本包所在地受限；不认得它的地方不限")
    func byPlace() {
        #expect(Self.seeing(Self.family("370304001")) == [Self.community, Self.township])
        #expect(Self.seeing(Self.family("431002")) == [Self.community, Self.township, Self.civil])
        #expect(Self.seeing(Self.family("350206001")) == [Self.community, Self.civil])
        #expect(Self.seeing(Self.family("520103")) == [Self.community, Self.township, Self.civil])
    }

    @Test("年度文件期满，标记照样受限；地方不明的按各地从严")
    func byDay() {
        #expect(Self.sight(Self.civil).hides(Self.mark, in: DivisionCode("370304")))
        #expect(!Self.sight(Self.civil).hides(Self.mark, in: DivisionCode("431002")))
        #expect(Self.sight(Self.civil).hides(Self.mark, in: nil))
        #expect(Self.sight(Self.township).hides(Self.mark, in: nil))
        #expect(!Self.sight(Self.community).hides(Self.mark, in: nil))
        #expect(!Self.sight(Self.civil).hides(Self.other, in: nil))
        #expect(Self.sight(Self.community).somewhere.isEmpty)
    }

    @Test("新版本改了，以当日有效的版本为准；新版本没有的事实随旧版本")
    func versions() {
        var found = Self.restrictions()
        found.add(
            FactRestrictions.Version(
                territory: DivisionCode("370304"), inForce: DayPeriod(start: .invented("2022-01-01")),
                facts: [Self.other], shownTo: [Self.other: [Self.township]]), of: PackID(unchecked: "boshan"))
        let place = Set([DivisionCode("370304001")!])
        #expect(found.hidden(from: Self.community, in: place, on: Self.today) == [Self.other])
        #expect(found.hidden(from: Self.civil, in: place, on: Self.today) == [Self.mark, Self.other])
        #expect(found.hidden(from: Self.civil, in: place, on: .invented("2021-06-01")) == [Self.mark])
        let packs = found.hiddenByPack(from: Self.civil, on: Self.today)
        #expect(packs.map(\.pack.rawValue) == ["boshan"] && packs.map(\.facts) == [[Self.other, Self.mark]])
    }

    @Test("迁移：陈述时的地方和今天的地方，哪边严按哪边；住在受限的地方也算")
    func moved() {
        // Stated under Boshan, now of Chenzhou, which would show it to everybody.
        let left = Self.family("370304001", moves: [("2022-03-01", .registration, "431002")])
        #expect(Self.seeing(left) == [Self.community, Self.township])
        // Stated in Chenzhou, now of Xiamen.
        let came = Self.family("431002", moves: [("2022-03-01", .registration, "350206001")])
        #expect(Self.seeing(came) == [Self.community, Self.civil])
        // Stated under Boshan, now of Xiamen: both.
        let both = Self.family("370304001", moves: [("2022-03-01", .registration, "350206001")])
        #expect(Self.seeing(both) == [Self.community])
        // Registered in Chenzhou, living in Boshan.
        let living = Self.family("431002", moves: [("2022-03-01", .residence, "370304001")])
        #expect(Self.seeing(living) == [Self.community, Self.township])
        // A place between that of the statement and today's does not count.
        let through = Self.family(
            "431002",
            moves: [("2021-09-01", .registration, "370304001"), ("2022-03-01", .registration, "431003")])
        #expect(Self.seeing(through) == [Self.community, Self.township, Self.civil])
    }

    @Test("页面：遮的写明，有没有登记都一样；历史留着位置，不说是什么")
    func page() throws {
        var words = CarePolicyWords.sample
        words.restrictions = Self.restrictions()
        var without = InventedStream(62)
        without.add(.registered(HouseholdRegistered(division: DivisionCode("370304001")!)), on: "2021-05-01")
        for (stream, count) in [(Self.family("370304001"), 2), (without, 1)] {
            let withheld = Self.sight(Self.civil).withheld(of: stream.history)
            let page = CareArchive(
                stream.history, ArchiveQuestion(asOf: Self.today), words: words, withheld: withheld)
            #expect(page.facts.isEmpty && page.withheldFacts.map(\.code) == [Self.mark.rawValue])
            #expect(page.history.count == count)
            #expect(page.text().contains("遮") && !page.text().contains("petition"))
            #expect(page.json.text().contains(#""withheld_facts":["household.visit_priority"]"#))
            #expect(try CareArchive(page.wire) == page)
        }
        let stream = Self.family("370304001")
        let hidden = CareArchive(
            stream.history, ArchiveQuestion(asOf: Self.today), words: words,
            withheld: Self.sight(Self.civil).withheld(of: stream.history)
        ).history[1]
        #expect(hidden.kind == "Withheld" && hidden.title == "本部门不可见的记录（遮）" && hidden.detail.isEmpty)
        let mine = CareArchive(
            stream.history, ArchiveQuestion(asOf: Self.today), words: words,
            withheld: Self.sight(Self.township).withheld(of: stream.history))
        #expect(mine.facts.map(\.fact.code) == [Self.mark.rawValue] && mine.withheldFacts.isEmpty)
        #expect(!mine.json.text().contains("withheld_facts") && !mine.text().contains("遮"))
    }

    @Test("待补的材料遮着时不说是什么：页面不把遮的当成没有")
    func missing() {
        var stream = InventedStream(63)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("370304001")!)), on: "2021-05-01")
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("BS-5.3a")!, subject: .household, pack: PackID(unchecked: "boshan"),
                    packVersion: .invented("2021-04-01"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "none"), amountType: .exact, department: Self.community,
                    intervals: [
                        DeterminationMade.Interval(
                            period: DayPeriod(start: .invented("2021-05-01")), status: .needsFact,
                            missing: [Self.mark.rawValue, Self.other.rawValue])
                    ], facts: [], readThrough: EventReference(sequence: 1), changes: [])), on: "2021-05-02")
        func line(_ department: DepartmentID) -> CareArchive.EntitlementLine? {
            var words = CarePolicyWords.sample
            words.restrictions = Self.restrictions()
            return CareArchive(
                stream.history, ArchiveQuestion(asOf: Self.today), words: words,
                withheld: Self.sight(department).withheld(of: stream.history)
            ).entitlements.first
        }
        #expect(line(Self.community)?.missing == ["household.visit_priority", "household.dibao"])
        #expect(line(Self.civil)?.missing == ["withheld", "household.dibao"])
        #expect(line(Self.civil)?.missingTexts == ["涉及本部门不可见的事实（遮）", "请补户的低保"])
    }
}

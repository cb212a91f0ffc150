import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import RuleEngine
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

    /// A family of Chenzhou to whom everything happened that has events of its own, each from sequence 3 on; the last puts
    /// the first of them right.
    private static func struck() -> InventedStream {
        let (wife, guardian) = (PersonID(Identifier128(high: 5, low: 1)), PersonID(Identifier128(high: 5, low: 2)))
        var stream = InventedStream(64)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: "2021-05-01")
        stream.add(.personJoined(PersonJoined(person: wife, role: .wife)), on: "2021-05-01")
        let assessed = stream.add(
            .disabilityAssessed(DisabilityAssessed(person: wife, grade: 2, validThrough: .invented("2022-08-31"))),
            on: "2021-06-01")
        stream.add(
            .incidentReported(IncidentReported(kind: Code(unchecked: "accident"), victims: [])), on: "2021-06-02")
        stream.add(
            .guardianNamed(
                GuardianNamed(
                    person: wife, guardian: guardian, namedBy: community, relation: Code(unchecked: "relative"))),
            on: "2021-06-03")
        stream.add(.guardianConsented(GuardianConsented(person: wife, guardian: guardian)), on: "2021-06-04")
        stream.add(
            .noticeRaised(
                NoticeRaised(
                    kind: HouseholdEvent.certificateReview, key: "review-1", subject: .person(wife),
                    details: [FormAnswer(field: Code(unchecked: "grade"), value: .int(2))])), on: "2022-05-01")
        stream.add(
            .disabilityAssessed(DisabilityAssessed(person: wife, grade: 3, validThrough: .invented("2022-08-31"))),
            on: "2021-06-01", recorded: "2022-05-02", corrects: assessed)
        return stream
    }

    @Test("专门的事件整件遮：残疾评定和复核提醒、突发事件、监护，各随各的；更正也遮，页面上一处不留")
    func ownEvents() throws {
        let stream = Self.struck()
        let cases: [(facts: [String], hidden: Set<UInt64>)] = [
            (["person.disability_kind"], [3, 7, 8]), (["incident.date"], [4]), (["person.guardian_named_on"], [5, 6]),
            (["person.is_orphan"], []), (["incident.kind", "person.disability_grade"], [3, 4, 7, 8]),
        ]
        for (facts, hidden) in cases {
            let ids = facts.map { FactID(unchecked: $0) }
            var restrictions = FactRestrictions()
            restrictions.add(
                FactRestrictions.Version(
                    territory: DivisionCode("431000"), inForce: DayPeriod(start: .invented("2014-07-16")),
                    facts: Set(ids), shownTo: Dictionary(uniqueKeysWithValues: ids.map { ($0, [Self.community]) })),
                of: PackID(unchecked: "chenzhou"))
            let sight = FactSight(restrictions, department: Self.civil, today: Self.today)
            let withheld = sight.withheld(of: stream.history)
            #expect(withheld.sequences == hidden && withheld.facts == Set(ids), "\(facts)")
            let page = CareArchive(
                stream.history, ArchiveQuestion(asOf: Self.today), words: .sample, withheld: withheld)
            #expect((page.members[0].disability == nil) == hidden.contains(3))
            #expect(page.notices.isEmpty == hidden.contains(7) && page.guardians.isEmpty == hidden.contains(5))
            #expect(Set(page.history.filter { $0.kind == "Withheld" }.map(\.sequence)) == hidden)
            let own = FactSight(restrictions, department: Self.community, today: Self.today)
            #expect(own.withheld(of: stream.history) == WithheldFacts())
        }
    }

    @Test("别处的包遮的，这一户不遮；地方不明的从严")
    func ownEventsByPlace() throws {
        let fact = FactID(unchecked: "incident.kind")
        var restrictions = FactRestrictions()
        restrictions.add(
            FactRestrictions.Version(
                territory: DivisionCode("350200"), inForce: DayPeriod(start: .invented("2017-01-01")), facts: [fact],
                shownTo: [fact: [Self.community]]), of: PackID(unchecked: "xiamen"))
        let sight = FactSight(restrictions, department: Self.civil, today: Self.today)
        let stream = Self.struck()
        #expect(sight.mayHide(.incident) && !sight.mayHide(.guardian))
        #expect(sight.withheld(of: stream.history) == WithheldFacts())
        #expect(sight.hides(stream.events[3], of: .unknown) && !sight.hides(stream.events[4], of: .unknown))
        #expect(sight.hides(.incident, in: []) && !sight.hides(.incident, in: [DivisionCode("431002")!]))
        // Chenzhou's family that moved to Xiamen: what struck it before is kept back there, too.
        var moved = stream
        moved.add(.moved(HouseholdMoved(kind: .registration, division: DivisionCode("350206001")!)), on: "2022-05-20")
        #expect(sight.withheld(of: moved.history) == WithheldFacts(facts: [fact], sequences: [4]))
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

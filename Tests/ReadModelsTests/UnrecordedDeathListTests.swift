import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

/// Of whom an accident alone says that they died, across families: who is listed to whom, and until when.
@Suite("去世尚未登记的名单", .timeLimit(.minutes(10)))
struct UnrecordedDeathListTests {
    private let bench: Bench
    private static let today = CivilDay.invented("2016-03-01")
    private static let people = (1...3).map { PersonID(Identifier128(high: 8, low: $0)) }
    private static let fp = DepartmentID(unchecked: "dept.fp")
    private static let pack = PackID(unchecked: "chenzhou-2014")
    private static let kind = FactID(unchecked: "incident.kind")

    init() throws { bench = try Bench() }

    private static func family(_ number: UInt64, _ division: String = "431002001") -> InventedStream {
        var stream = InventedStream(number)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2014-08-01")
        for (person, role) in zip(people, [MemberRole.wife, .husband, .onlyChild]) {
            let named = SealedPart(subject: person, details: PersonalDetails(name: "欧阳某某"))
            stream.add(.personJoined(PersonJoined(person: person, role: role, sealed: [named])), on: "2014-08-01")
        }
        return stream
    }

    private static func accident(_ outcomes: [(Int, String)]) -> HouseholdEvent {
        let victims = outcomes.map {
            IncidentReported.Victim(person: people[$0.0], outcome: Code(unchecked: $0.1))
        }
        return .incidentReported(IncidentReported(kind: Code(unchecked: "accident"), victims: victims))
    }

    private func list(
        _ file: ReadModelFile, _ divisions: [String] = ["431000"], by department: DepartmentID = fp,
        _ change: (inout Care_V1_UnrecordedDeathsQuery) -> Void = { _ in }
    ) throws -> Care_V1_UnrecordedDeathList {
        // What Chenzhou shows to few of accidents, and nobody else's place.
        var words = CarePolicyWords.sample
        words.territories[Self.pack] = DivisionCode("431000")!
        words.restrictions.add(
            .init(
                territory: DivisionCode("431000")!, inForce: DayPeriod(start: .invented("2014-07-16"), end: nil),
                facts: [Self.kind], shownTo: [Self.kind: [Self.fp]]), of: Self.pack)
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: words,
            principal: Principal(
                peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "cadre"), department: department,
                divisions: divisions.compactMap { DivisionCode($0) }, rights: [.query]), today: Self.today)
        var query = Care_V1_Query()
        query.listUnrecordedDeaths = .init()
        change(&query.listUnrecordedDeaths)
        return try engine.answer(query).reply.unrecordedDeaths
    }

    @Test("逐户列出谁、哪起事件，姓名遮盖；登记了去世、撤回了事件、伤而未死、销档、误登的不列")
    func whoIsListed() throws {
        var streams = (1...7).map { Self.family($0) }
        let accidents = streams.indices.map { place in
            streams[place].add(
                Self.accident(
                    place == 2 ? [(0, "disability")] : [(1, "death"), (2, place == 0 ? "death" : "disability")]),
                on: "2015-02-01")
        }
        streams[3].add(.personDied(PersonDied(person: Self.people[1])), on: "2015-02-03")
        streams[4].add(.withdrawn, on: "2015-03-01", corrects: accidents[4])
        streams[5].add(.closed(HouseholdClosed(reason: Code(unchecked: "moved_away"))), on: "2015-03-01")
        streams[6].add(
            .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))), on: "2015-03-01")
        let file = try bench.filled(streams)
        let found = try list(file)
        let expected = [streams[0], streams[1]].map(\.id).sorted()
        #expect(found.households.map(\.household) == expected.map(\.wireData))
        #expect(found.total == 2 && found.personCount == 3 && !found.accidentsWithheld && found.nextPage.isEmpty)
        let both = try #require(found.households.first { $0.household == streams[0].id.wireData })
        #expect(both.division == "431002001" && both.deaths.map(\.role) == [.husband, .onlyChild])
        for death in both.deaths {
            #expect(death.maskedName == "欧阳**" && death.incidentSequence == accidents[0].sequence)
            #expect(death.incidentOn == CivilDay.invented("2015-02-01").dayNumber)
        }

        // What the rows say follows from the log alone, however they were made.
        let rebuilt = try bench.rebuilder().run(path: bench.path("rebuilt.sqlite")).file
        #expect(try rebuilt.canonicalLines() == file.canonicalLines())
        #expect(try list(rebuilt) == found)
    }

    @Test("只列辖区内今天的户；遮着突发事件的部门一个也不列，只说遮着；别处的包不管这里")
    func toWhom() throws {
        var streams = [Self.family(1), Self.family(2, "431003001"), Self.family(3), Self.family(4, "350203001")]
        for place in streams.indices { streams[place].add(Self.accident([(1, "death")]), on: "2015-02-01") }
        streams[2].add(.moved(HouseholdMoved(kind: .registration, division: DivisionCode("430102")!)), on: "2015-06-01")
        let file = try bench.filled(streams)
        #expect(try list(file).total == 2)
        #expect(try list(file, ["431002"]).households.map(\.household) == [streams[0].id.wireData])
        #expect(try list(file) { $0.division = "431003" }.households.map(\.division) == ["431003001"])
        #expect(try list(file, []).total == 0)
        #expect(throws: QueryRefusal.field("division")) { try list(file) { $0.division = "43" } }

        let others = DepartmentID(unchecked: "dept.finance")
        let kept = try list(file, by: others)
        #expect(kept.total == 0 && kept.households.isEmpty && kept.accidentsWithheld)
        // Told under Chenzhou's rule it stays kept in the next place; whoever never belonged there is listed.
        #expect(try list(file, ["430102"], by: others).total == 0)
        let elsewhere = try list(file, ["350000"], by: others)
        #expect(elsewhere.total == 1 && !elsewhere.accidentsWithheld)
    }

    @Test("分页：每户一项，总数不变；写错的页码说明是哪一项")
    func pages() throws {
        var streams = (1...5).map { Self.family($0) }
        for place in streams.indices {
            streams[place].add(Self.accident([(0, "death"), (1, "death")]), on: "2015-02-01")
        }
        let file = try bench.filled(streams)
        var (seen, after) = ([CareDomain.HouseholdID](), "")
        repeat {
            let part = try list(file) {
                $0.size = 2
                $0.after = after
            }
            #expect(part.total == 5 && part.personCount == 10 && part.households.count <= 2)
            seen += try part.households.map { try HouseholdID(wireData: $0.household, "household") }
            after = part.nextPage
        } while !after.isEmpty
        #expect(seen == streams.map(\.id).sorted())
        #expect(throws: QueryRefusal.field("page.after")) { try list(file) { $0.after = "x" } }
    }
}

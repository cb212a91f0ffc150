import ArchiveCore
import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import Foundation
import MessageBus
import ReadModels
import RuleEngine
import RulePacks
import SwiftProtobuf
import Testing
import ZeroMQ

/// Every department × every question of the contract × every stated fact of all five packs: who sees a fact is what
/// `shown_to` says, everywhere alike, and what is kept back is named.
///
/// One family for each pack, in its place, of whom every fact of the vocabulary is stated that a statement can carry.
@Suite("字段权限：部门 × 查询 × 事实 × 五个政策包", .timeLimit(.minutes(10)))
struct FieldMatrixTests {
    private static let today = CivilDay.invented("2021-12-01")
    private static let departments =
        KnownOffices.departments.map(\.id) + [KnownOffices.none, KnownOffices.house]
    private static let wife = PersonID(Identifier128(high: 5, low: 1))

    /// A pack with the family of its place.
    private struct Home {
        let pack: RulePack
        let stream: InventedStream
        /// The facts that are stated of the family, each once.
        let stated: [FactDefinition]

        func seen(by department: DepartmentID) -> Set<String> {
            Set(stated.filter { $0.shownTo?.contains(department) ?? true }.map(\.id.rawValue))
        }

        func kept(from department: DepartmentID) -> Set<String> {
            Set(pack.vocabulary.facts.filter { !($0.shownTo?.contains(department) ?? true) }.map(\.id.rawValue))
        }
    }

    private let bench: Bench
    private let file: ReadModelFile
    private let homes: [Home]
    private let words: CarePolicyWords
    private let rules: Evaluator

    init() throws {
        var published = PublishedRules()
        var homes: [Home] = []
        for (number, file) in try PackLibrary.bundled.packFiles().enumerated() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            _ = published.take(
                .published(
                    PackPublished(
                        pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
                        bytes: file.bytes)), of: pack.id, occurredOn: pack.validFrom,
                recordedAt: Moment(microseconds: 0))
            homes.append(try Self.home(of: pack, UInt64(51 + number)))
        }
        self.homes = homes
        words = CarePolicyWords(rules: published)
        rules = Evaluator(registry: published.registry)
        bench = try Bench()
        try bench.append(homes.map(\.stream))
        file = try ReadModelFile(path: bench.path("matrix.sqlite"))
        try bench.applier(file, words: words).catchUp()
    }

    private static func home(of pack: RulePack, _ number: UInt64) throws -> Home {
        var stream = InventedStream(number)
        let day = max(pack.validFrom, .invented("2014-08-01"))
        stream.add(.registered(HouseholdRegistered(division: try #require(pack.territory))), on: day)
        stream.add(.personJoined(PersonJoined(person: wife, role: .wife)), on: day)
        let stated = pack.vocabulary.facts.filter { !FactVocabulary.isRecordedByEvents($0) }
        for (place, fact) in stated.enumerated() {
            stream.add(
                .factStated(
                    FactStated(
                        fact: fact.id, subject: fact.subject == .person ? .person(wife) : .household,
                        value: value(of: fact, pack), source: Code(unchecked: "form"),
                        evidence: evidence(number, place))), on: day)
        }
        return Home(pack: pack, stream: stream, stated: stated)
    }

    private static func value(of fact: FactDefinition, _ pack: RulePack) -> FactValue {
        switch fact.type {
        case .bool: .bool(true)
        case .int(let range): .int(range.lowerBound)
        case .decimal: .decimal(thousandths: 12_500)
        case .code(let codes): .code(codes[0])
        case .date: .day(.invented("2014-01-01"))
        case .money: .money(Fen(100))
        case .reference: .reference("x-1")
        case .division: .reference(pack.territory?.rawValue ?? "")
        }
    }

    /// The digest of a paper of its own for each statement.
    private static func evidence(_ number: UInt64, _ place: Int) -> String {
        let bytes = [UInt8](repeating: 0, count: 30) + [UInt8(number), UInt8(place)]
        return FileDigest(bytes: bytes)?.reference ?? ""
    }

    private func engine(_ department: DepartmentID, on day: CivilDay = today) throws -> QueryEngine {
        var surroundings = QueryEngine.Surroundings()
        surroundings.rules = rules
        return QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: words,
            principal: Principal(
                peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"), department: department,
                divisions: [.everywhere], rights: Set(Principal.Right.allCases)), today: day,
            surroundings: surroundings)
    }

    /// The facts that records state.
    private static func facts(_ records: [[UInt8]]) throws -> [String] {
        let hash = try #require(EventHash(bytes: [UInt8](repeating: 0, count: 32)))
        return records.compactMap { record in
            let event = StoredEvent(position: Position(1), record: record, hash: hash)
            guard case .factStated(let stated)? = RecordedHouseholdEvent.known(event, sealed: .skip)?.event else {
                return nil
            }
            return stated.fact.rawValue
        }
    }

    @Test("五个包都有受限的事实，也都有人人可看的")
    func everyPackRestricts() {
        #expect(homes.count == 5)
        for home in homes {
            #expect(!home.kept(from: KnownOffices.none).isEmpty && home.seen(by: KnownOffices.none).count > 2)
            #expect(home.seen(by: KnownOffices.community).count == home.stated.count)
        }
    }

    @Test("档案页、导出、事件：看得到的正是 shown_to 写的，遮的写明")
    func readings() throws {
        for department in Self.departments {
            let engine = try engine(department)
            for home in homes {
                let id = home.stream.id.description
                let (seen, kept) = (home.seen(by: department), home.kept(from: department))
                var query = Care_V1_Query()
                query.householdPage.household = id
                query.householdPage.asOf = Self.today.dayNumber
                let page = try CareArchive(engine.answer(query).reply.householdPage)
                #expect(Set(page.facts.map(\.fact.code)) == seen, "\(home.pack.id) \(department)")
                #expect(Set(page.withheldFacts.map(\.code)) == kept, "\(home.pack.id) \(department)")
                let hidden = page.history.filter { $0.kind == "Withheld" }
                #expect(hidden.count == home.stated.count - seen.count)
                #expect(hidden.allSatisfy { $0.detail.isEmpty && $0.title.contains("遮") })

                query.householdExport.household = id
                let export = try engine.answer(query).reply.householdExport
                let text = export.lines.joined()
                for fact in home.stated.map(\.id.rawValue) {
                    let isThere = text.contains("\"\(fact)\"")
                    #expect(isThere == seen.contains(fact), "\(home.pack.id) \(department) \(fact)")
                }
                #expect(Set(export.withheldFacts.map(\.code)) == kept)

                query.householdEvents.household = id
                let events = try engine.answer(query).reply.householdEvents
                #expect(Set(try Self.facts(events.entries.map { Array($0.record) })) == seen)
                #expect(Set(events.withheldFacts.map(\.code)) == kept && events.isComplete)

                query.listAttachments.stream = home.stream.id.stream.text
                let papers = try engine.answer(query).reply.attachments.attachments
                #expect(papers.count == seen.count, "\(home.pack.id) \(department)")
            }
            var query = Care_V1_Query()
            query.withheldFacts = .init()
            let told = try engine.answer(query).reply.withheldFacts.entries
            for home in homes {
                let entry = told.first { $0.pack == home.pack.id.rawValue }
                #expect(Set(entry?.facts.map(\.code) ?? []) == home.kept(from: department))
                #expect(entry.map { $0.division == home.pack.territory?.rawValue } ?? true)
            }
        }
    }

    @Test("事件流：同样的事实，同样的部门")
    func streams() throws {
        let (reader, log) = (try bench.log.makeReader(), try bench.log.makeReader())
        func places(_ stream: StreamName) -> FamilyPlaces? {
            guard let id = HouseholdID(stream.key),
                let loaded = try? LoadedHousehold(id, from: log, sealed: .skip)
            else { return nil }
            return loaded.history.household.places
        }
        let pages = LogPages(
            reader: reader, division: { _ in DivisionCode("431002") }, places: places,
            sight: { [words] in words.sight(of: $0, on: Self.today) })
        let key = try #require(CurvePublicKey(String(repeating: "0", count: 40)))
        for department in Self.departments {
            let peer = Peer(
                name: "x", key: key, department: department.rawValue, divisions: ["431002"], rights: [.query])
            for home in homes {
                let read = SubscriptionRead(
                    token: SubscriptionToken(number: 1), peer: peer, grant: [],
                    cursor: EncodedCursor(Cursor.start.bytes), fromHead: false,
                    filter: EventFilter(streams: [home.stream.id.stream.text]), maximumBytes: 1 << 20)
                guard case .events(let page) = pages.page(read).answer else {
                    Issue.record("no page for \(department)")
                    continue
                }
                let seen = home.seen(by: department)
                let found = try Self.facts(page.events.map { Array($0.record) })
                #expect(Set(found) == seen, "\(home.pack.id) \(department)")
                #expect(page.events.count == home.stream.events.count - (home.stated.count - seen.count))
            }
        }
    }

    @Test("契约里的每个查询都不说出遮着的事实")
    func everyQuestion() throws {
        let kept = try Regex(#""withheldFacts":\[[^\]]*\]"#)
        var answered: Set<String> = []
        for home in homes {
            for department in [KnownOffices.none, DepartmentID(unchecked: "dept.union")] {
                let engine = try engine(department)
                let secrets = home.kept(from: department)
                for name in Self.questions {
                    let query = try Self.question(name, about: home)
                    guard let reply = try? engine.answer(query).reply else { continue }
                    answered.insert(name)
                    let said = try reply.jsonString().replacing(kept, with: "")
                    if name == "withheldFacts" { continue }
                    #expect(!secrets.contains { said.contains($0) }, "\(home.pack.id) \(department) \(name)")
                }
            }
        }
        #expect(answered.isSuperset(of: ["householdPage", "findHouseholds", "householdExport", "listNotices"]))
        #expect(answered.count > 12)
    }

    /// The question about a family and its day, as far as its fields are called so; otherwise with nothing in it.
    private static func question(_ name: String, about home: Home) throws -> Care_V1_Query {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        let day = today.dayNumber
        let fields = #"{"household":"\#(home.stream.id)","asOf":\#(day),"year":2021,"from":0,"to":\#(day)}"#
        if let query = try? Care_V1_Query(jsonString: #"{"\#(name)":\#(fields)}"#, options: options) { return query }
        return try Care_V1_Query(jsonString: #"{"\#(name)":{}}"#)
    }

    /// Names of the questions: a message with nothing in a field asks it.
    private static let questions = (1...400).compactMap { number -> String? in
        var bytes: [UInt8] = []
        var tag = number << 3 | 2
        while tag > 0x7f {
            bytes.append(UInt8(tag & 0x7f | 0x80))
            tag >>= 7
        }
        let query = try? Care_V1_Query(serializedBytes: bytes + [UInt8(tag), 0])
        return query?.query.flatMap { Mirror(reflecting: $0).children.first?.label }
    }
}

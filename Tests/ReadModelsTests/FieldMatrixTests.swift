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

/// Every department × every question of the contract × every fact of all five packs: who sees a fact is what `shown_to` says,
/// everywhere alike, and what is kept back is named.
///
/// One family for each pack, in its place, of whom every fact of the vocabulary is stated that a statement can carry, and to
/// whom everything happened that has events of its own.
@Suite("字段权限：部门 × 查询 × 事实 × 五个政策包", .timeLimit(.minutes(10)))
struct FieldMatrixTests {
    private static let today = CivilDay.invented("2021-12-01")
    private static let departments =
        KnownOffices.departments.map(\.id) + [KnownOffices.none, KnownOffices.house]
    private static let wife = PersonID(Identifier128(high: 5, low: 1))
    private static let guardian = PersonID(Identifier128(high: 5, low: 2))

    /// An event of each kind that tells facts without stating them.
    private static let own: [HouseholdEvent] = [
        .disabilityAssessed(DisabilityAssessed(person: wife, kind: Code(unchecked: "physical"), grade: 2)),
        .childAdopted(ChildAdopted(isOrphan: true)), .childBorn(ChildBorn()),
        .incidentReported(
            IncidentReported(
                kind: Code(unchecked: "accident"),
                victims: [.init(person: wife, outcome: Code(unchecked: "disability"), grade: 3)])),
        .guardianNamed(
            GuardianNamed(
                person: wife, guardian: guardian, namedBy: KnownOffices.community, relation: Code(unchecked: "relative")
            )),
        .guardianConsented(GuardianConsented(person: wife, guardian: guardian)),
        .guardianNotarised(GuardianNotarised(person: wife, guardian: guardian, certificate: "n-1")),
    ]

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

        /// Whether the pack keeps records of a kind from a department.
        func keeps(_ record: OwnRecord, from department: DepartmentID) -> Bool {
            kept(from: department).contains { OwnRecord(FactID(unchecked: $0)) == record }
        }

        /// Kinds of the events of their own that are kept from a department.
        func keptKinds(from department: DepartmentID) -> Set<String> {
            Set(
                FieldMatrixTests.own.filter { $0.ownRecord.map { keeps($0, from: department) } ?? false }.map(
                    \.kindName))
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
        let named = SealedPart(subject: wife, details: PersonalDetails(name: "欧阳某某"))
        stream.add(.personJoined(PersonJoined(person: wife, role: .wife, sealed: [named])), on: day)
        var incident = EventReference(sequence: 0)
        for event in own {
            let reference = stream.add(event, on: day)
            if event.ownRecord == .incident { incident = reference }
        }
        let relief = ApplicationSubmitted(
            clause: try #require(ClauseID("CZ-2.2")), subject: .incident(incident),
            workflow: Code(unchecked: "relief"), step: Code(unchecked: "declare"))
        stream.add(.application(.submitted(relief)), on: day)
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

    private func engine(
        _ department: DepartmentID, on day: CivilDay = today, lending: LendingBooks? = nil
    ) throws -> QueryEngine {
        var surroundings = QueryEngine.Surroundings()
        surroundings.lending = lending
        surroundings.rules = rules
        return QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: words,
            principal: Principal(
                peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"), department: department,
                divisions: [.everywhere], rights: Set(Principal.Right.allCases)), today: day,
            surroundings: surroundings)
    }

    /// Kinds of the events of their own among records.
    private static func kinds(_ records: [[UInt8]]) throws -> Set<String> {
        let hash = try #require(EventHash(bytes: [UInt8](repeating: 0, count: 32)))
        return Set(
            records.compactMap { record in
                let event = StoredEvent(position: Position(1), record: record, hash: hash)
                let known = RecordedHouseholdEvent.known(event, sealed: .skip)?.event
                return known?.ownRecord == nil ? nil : known?.kindName
            })
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
            #expect(home.keptKinds(from: KnownOffices.community).isEmpty)
        }
        let kept = Dictionary(
            uniqueKeysWithValues: homes.map { ($0.pack.id.rawValue, $0.keptKinds(from: KnownOffices.none)) })
        #expect(
            kept["chenzhou-2014"] == [
                "IncidentReported", "GuardianNamed", "GuardianConsented", "GuardianNotarised",
            ])
        #expect(kept.filter { !$0.value.isEmpty }.count == 1)
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
                let keptKinds = home.keptKinds(from: department)
                #expect(hidden.count == home.stated.count - seen.count + keptKinds.count)
                #expect(hidden.allSatisfy { $0.detail.isEmpty && $0.title.contains("遮") })
                let told = Set(page.history.map(\.kind))
                #expect(told.isDisjoint(with: keptKinds) && told.isSuperset(of: Self.ownKinds.subtracting(keptKinds)))
                #expect(page.guardians.isEmpty == home.keeps(.guardian, from: department))
                let disability = page.members.first { $0.person == Self.wife }?.disability
                #expect((disability == nil) == home.keeps(.disability, from: department))

                query.householdExport.household = id
                let export = try engine.answer(query).reply.householdExport
                let text = export.lines.joined()
                for fact in home.stated.map(\.id.rawValue) {
                    let isThere = text.contains("\"\(fact)\"")
                    #expect(isThere == seen.contains(fact), "\(home.pack.id) \(department) \(fact)")
                }
                for kind in Self.ownKinds {
                    #expect(text.contains("\"\(kind)\"") != keptKinds.contains(kind), "\(home.pack.id) \(department)")
                }
                #expect(Set(export.withheldFacts.map(\.code)) == kept)

                query.householdEvents.household = id
                let events = try engine.answer(query).reply.householdEvents
                #expect(Set(try Self.facts(events.entries.map { Array($0.record) })) == seen)
                #expect(
                    try Self.kinds(events.entries.map { Array($0.record) }) == Self.ownKinds.subtracting(keptKinds))
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

    @Test("申报对着遮着的突发事件的：不说是谁出的事，列表和经过都一样；看得到事件的照样看得到")
    func applications() throws {
        for department in Self.departments {
            let engine = try engine(department)
            for home in homes {
                var query = Care_V1_Query()
                query.listApplications.household = home.stream.id.description
                query.listApplications.asOf = Self.today.dayNumber
                query.listApplications.withActs = true
                let entries = try engine.answer(query).reply.applications.applications
                let entry = try #require(entries.first)
                let isKept = home.keeps(.incident, from: department)
                #expect(entries.count == 1 && entry.maskedName.isEmpty == isKept, "\(home.pack.id) \(department)")
                let told = entry.acts.map(\.text).joined()
                #expect(told.contains("妻子") != isKept && told.contains("突发事件") == isKept)
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
                let keptKinds = home.keptKinds(from: department)
                let records = page.events.map { Array($0.record) }
                #expect(
                    try Self.kinds(records) == Self.ownKinds.subtracting(keptKinds), "\(home.pack.id) \(department)")
                let hidden = home.stated.count - seen.count + keptKinds.count
                #expect(page.events.count == home.stream.events.count - hidden)
            }
        }
    }

    @Test("借款个案：看得到的部门才看得到，列表、单件、职能核查、部门提醒都一样；资金的流水不说是谁的")
    func loans() throws {
        let home = try #require(homes.first { $0.pack.id.rawValue == "xiamen-2017" })
        let division = try #require(DivisionCode("350203001001"))
        let district = try #require(DivisionCode("350203"))
        let fund = FundID(Identifier128(high: 6, low: 1))
        let loan = LoanID.derived(of: Self.wife, .revolvingLoan, number: 1)
        var books = LendingBooks()
        func take(_ event: LendingEvent, _ sequence: UInt64, of stream: LendingStream) {
            books.take(
                KnownLendingEvent(
                    reference: EventReference(sequence: sequence), recordedAt: Moment(microseconds: Int64(sequence)),
                    occurredOn: .invented("2018-01-01"), command: CommandID(Identifier128(high: 6, low: sequence)),
                    event: event), of: stream)
        }
        take(.fund(.opened(FundScope(division: district, mode: .revolvingLoan))), 1, of: .fund(fund))
        take(
            .loan(
                .applied(
                    LoanApplied(
                        fund: fund, household: home.stream.id, mother: Self.wife, number: 1, amount: .yuan(20_000),
                        purpose: Code(unchecked: "shop"), division: division, mode: .revolvingLoan))), 1,
            of: .loan(loan))
        take(.fund(.reserved(.reserving(loan, .yuan(20_000)))), 2, of: .fund(fund))
        for department in Self.departments {
            let engine = try engine(department, lending: books)
            let isKept = home.keeps(.loan, from: department)
            var query = Care_V1_Query()
            query.listLoans.asOf = Self.today.dayNumber
            #expect(try engine.answer(query).reply.loans.loans.isEmpty == isKept, "\(department)")
            query.loan.loan = loan.description
            query.loan.asOf = Self.today.dayNumber
            #expect((try? engine.answer(query)) == nil ? isKept : !isKept, "\(department)")
            query.separation = .init()
            #expect(try engine.answer(query).reply.separation.caseCount == (isKept ? 0 : 1), "\(department)")
            query.fund.fund = fund.description
            let movements = try engine.answer(query).reply.fund.movements
            #expect(movements.map(\.amountFen) == [2_000_000] && movements[0].other.isEmpty == isKept, "\(department)")
        }
        #expect(home.keeps(.loan, from: KnownOffices.none) && home.keeps(.loan, from: KnownOffices.house))
        #expect(!home.keeps(.loan, from: KnownOffices.community))
    }

    @Test("契约里的每个查询都不说出遮着的事实")
    func everyQuestion() throws {
        let kept = try Regex(#""withheldFacts":\[[^\]]*\]"#)
        var answered: Set<String> = []
        for home in homes {
            for department in [KnownOffices.none, DepartmentID(unchecked: "dept.union")] {
                let engine = try engine(department)
                let secrets = home.kept(from: department).union(home.keptKinds(from: department))
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

    private static let ownKinds = Set(own.map(\.kindName))

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

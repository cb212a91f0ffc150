import ArchiveClient
import CareDomain
import NotifierCore
import RuleEngine
import RulePacks
import Testing

/// The log and the receivers as the machine for offices meets them.
private struct OfficeWorld {
    static let city = DivisionCode("520100")!
    static let book = OfficeStream.duty(city)
    static let loan = OfficeStream.loan(LoanID(Identifier128(high: 7, low: 7)))

    private(set) var log: [OfficeStream: [OfficeEvent]] = [:]
    private(set) var lines: [OfficeDeliveryID: [String]] = [:]
    var machine: OfficeMachine
    private var clock: Duration = .zero
    /// Whether the next append finds somebody else's event.
    var isRaced = false
    /// Whether outcomes are lost on their way, as in a crash before they are recorded.
    var losesOutcomes = false

    /// Deliveries under way at a time.
    private let room: Int

    init(_ log: [OfficeStream: [OfficeEvent]] = [:], room: Int = 1024) {
        self.log = log
        self.room = room
        machine = Self.fresh(room)
    }

    private static func fresh(_ room: Int) -> OfficeMachine {
        OfficeMachine(
            configuration: NotifierConfiguration(
                channels: [NoticeChannel(code: Code(unchecked: "stdout"), kind: .line)], maximumDeliveries: room))
    }

    static func rules(publishedOn day: String = "2014-01-01", of pack: String = "guiyang-2013") throws -> PackRegistry {
        var registry = PackRegistry()
        for file in try PackLibrary.bundled.packFiles() where file.name.hasPrefix(pack) {
            let noon = Int64(CivilDay(parsing: day)!.dayNumber) * 86_400_000_000
            registry.add(
                try RulePack.load(bytes: file.bytes, name: file.name), publishedAt: Moment(microseconds: noon))
        }
        return registry
    }

    /// Starts the service anew on a day: what was recorded is read, then the day comes.
    /// - Parameter homes: Where families live; nil = nobody says.
    mutating func start(on day: String, _ registry: PackRegistry, homes: [DivisionCode]? = []) {
        machine = Self.fresh(room)
        input(.events(log.keys.sorted().flatMap { log[$0] ?? [] }))
        input(.rules(registry))
        input(.day(CivilDay(parsing: day)!))
        if let homes { input(.homes(homes)) }
        input(.isCurrent(true))
    }

    mutating func input(_ input: OfficeInput) {
        clock += .seconds(1)
        var actions = machine.step(input, now: clock)
        while !actions.isEmpty {
            let action = actions.removeFirst()
            switch action {
            case .append(let append): actions += machine.step(take(append), now: clock)
            case .printLine(let id, let line):
                lines[id, default: []].append(line)
                if !losesOutcomes { actions += machine.step(.deliveryFinished(id, .delivered), now: clock) }
            case .postWebhook, .wake, .answer, .report: break
            }
        }
    }

    private mutating func take(_ append: OfficeAppend) -> OfficeInput {
        if isRaced {
            isRaced = false
            let other = Self.duty(
                .sampleDrawn(
                    SampleDrawn(
                        purpose: Code(unchecked: "calls"), period: Code(unchecked: "2014"), size: 1, seed: 1)),
                (log[append.stream]?.count ?? 0) + 1, "2014-11-02")
            log[append.stream, default: []].append(other)
            return .appendFinished(append.stream, .conflict([other]))
        }
        guard append.expected == UInt64(log[append.stream]?.count ?? 0) else {
            return .appendFinished(append.stream, .conflict(Array((log[append.stream] ?? [])[Int(append.expected)...])))
        }
        let events = append.sayings.enumerated().map { index, saying in
            Self.event(append.stream, saying.what, Int(append.expected) + index + 1, saying.on, append.command)
        }
        log[append.stream, default: []] += events
        return .appendFinished(append.stream, .appended(events))
    }

    private static func event(
        _ stream: OfficeStream, _ saying: OfficeSaying, _ sequence: Int, _ day: CivilDay, _ command: CommandID
    ) -> OfficeEvent {
        let reference = EventReference(sequence: UInt64(sequence))
        let moment = Moment(microseconds: Int64(sequence))
        switch (stream, saying) {
        case (.duty(let division), _):
            let event: DutyEvent =
                switch saying {
                case .raised(let notice): .noticeRaised(notice)
                case .delivered(let delivered): .noticeDelivered(delivered)
                }
            return .duty(
                division,
                KnownDutyEvent(
                    reference: reference, recordedAt: moment, occurredOn: day, command: command, event: event))
        case (.loan(let loan), _):
            let event: LoanEvent =
                switch saying {
                case .raised(let notice): .noticeRaised(notice)
                case .delivered(let delivered): .noticeDelivered(delivered)
                }
            return .loan(
                loan,
                KnownLendingEvent(
                    reference: reference, recordedAt: moment, occurredOn: day, command: command, event: .loan(event)))
        }
    }

    static func duty(_ event: DutyEvent, _ sequence: Int, _ day: String) -> OfficeEvent {
        .duty(
            city,
            KnownDutyEvent(
                reference: EventReference(sequence: UInt64(sequence)),
                recordedAt: Moment(microseconds: Int64(sequence)),
                occurredOn: CivilDay(parsing: day)!, command: CommandID(Identifier128(high: 1, low: UInt64(sequence))),
                event: event))
    }

    /// Somebody records something.
    mutating func tell(_ event: DutyEvent, on day: String) {
        let event = Self.duty(event, (log[Self.book]?.count ?? 0) + 1, day)
        log[Self.book, default: []].append(event)
        input(.events([event]))
    }

    mutating func tell(_ event: LoanEvent, on day: String) {
        guard case .loan(let id) = Self.loan else { return }
        let sequence = (log[Self.loan]?.count ?? 0) + 1
        let known = OfficeEvent.loan(
            id,
            KnownLendingEvent(
                reference: EventReference(sequence: UInt64(sequence)),
                recordedAt: Moment(microseconds: Int64(sequence)),
                occurredOn: CivilDay(parsing: day)!, command: CommandID(Identifier128(high: 2, low: UInt64(sequence))),
                event: .loan(event)))
        log[Self.loan, default: []].append(known)
        input(.events([known]))
    }

    /// What was raised: key and day, in the order of the record.
    func told(_ stream: OfficeStream = book, _ part: String = "") -> [String] {
        (log[stream] ?? []).compactMap { event in
            let (notice, day): (OfficeNotice, CivilDay)
            switch event {
            case .duty(_, let known):
                guard case .noticeRaised(let raised) = known.event else { return nil }
                (notice, day) = (raised, known.occurredOn)
            case .loan(_, let known):
                guard case .loan(.noticeRaised(let raised)) = known.event else { return nil }
                (notice, day) = (raised, known.occurredOn)
            }
            return part.isEmpty || notice.key.contains(part) ? "\(notice.key) on \(day)" : nil
        }
    }
}

@Suite("提醒办理部门", .timeLimit(.minutes(5)))
struct OfficeMachineTests {
    private static let supervision = [
        "duty_warned/guiyang-2013/GY-4.1/2014 on 2014-12-01", "duty_due/guiyang-2013/GY-4.1/2014 on 2014-12-31",
        "duty_overdue/guiyang-2013/GY-4.1/2014 on 2015-01-01",
    ]

    private static func days(from first: String, through last: String) -> [CivilDay] {
        let (first, last) = (CivilDay(parsing: first)!, CivilDay(parsing: last)!)
        return (0...(last.dayNumber - first.dayNumber)).map { first + $0 }
    }

    @Test("职责到提醒日、到期日、逾期各提醒一次：逐日走和一下跳过去，说的一样")
    func duties() throws {
        let registry = try OfficeWorld.rules()
        var walked = OfficeWorld()
        walked.start(on: "2014-11-01", registry)
        for day in Self.days(from: "2014-11-01", through: "2015-01-10") { walked.input(.day(day)) }
        #expect(walked.told(OfficeWorld.book, "GY-4.1") == Self.supervision)
        var jumped = OfficeWorld()
        jumped.start(on: "2014-11-01", registry)
        jumped.input(.day(CivilDay(parsing: "2015-01-10")!))
        #expect(Set(jumped.told()) == Set(walked.told()))
        #expect(Set(walked.told()).count == walked.told().count)
        // Each was told once, to the department that owns it.
        #expect(walked.lines.values.allSatisfy { $0.count == 1 })
        #expect(walked.lines.values.joined().contains { $0.contains("职责逾期") && $0.contains("GY-4.1") })
        // Back, forward, and started anew: nothing twice.
        let before = jumped.log
        jumped.input(.day(CivilDay(parsing: "2014-12-01")!))
        jumped.input(.day(CivilDay(parsing: "2015-01-10")!))
        jumped.start(on: "2014-12-15", registry)
        jumped.start(on: "2015-01-10", registry)
        #expect(jumped.log == before)
    }

    @Test("时钟随机跳动、反复重启：每条只提醒一次，说的是同一些", arguments: UInt64(1)...12)
    func randomJumps(seed: UInt64) throws {
        let registry = try OfficeWorld.rules()
        var walked = OfficeWorld()
        walked.start(on: "2014-11-01", registry)
        for day in Self.days(from: "2014-11-01", through: "2015-04-30") { walked.input(.day(day)) }
        var random = SplitMix(seed: seed)
        var world = OfficeWorld()
        world.start(on: "2014-11-01", registry)
        let first = CivilDay(parsing: "2014-11-01")!
        for _ in 0..<30 {
            let day = first + Int32.random(in: 0...180, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: world.start(on: "\(day)", registry)
            case 1:
                world.isRaced = world.log[OfficeWorld.book] != nil
                world.input(.day(day))
            default: world.input(.day(day))
            }
        }
        world.start(on: "2015-04-30", registry)
        #expect(world.told().sorted() == walked.told().sorted())
        #expect(world.lines.values.allSatisfy { $0.count == 1 })
    }

    @Test("街道的职责只在街道的簿里提醒，社区的只在社区；那一级还没有簿时由发文的一级代为提醒")
    func levels() throws {
        let registry = try OfficeWorld.rules(publishedOn: "2021-04-01", of: "boshan-2021")
        let (district, street, village) = ("370304", "370304001", "370304001002")
        func clauses(_ division: String, among books: [String]) throws -> Set<String> {
            let due = OfficeRules.due(
                DutyBook(division: DivisionCode(division)!), registry, on: CivilDay(parsing: "2021-12-01")!,
                among: books.map { DivisionCode($0)! })
            return Set(due.compactMap(\.notice.clause?.rawValue)).intersection(["BS-4.2", "BS-4.6a", "BS-5.4"])
        }
        #expect(try clauses(district, among: []) == ["BS-4.2", "BS-4.6a", "BS-5.4"])
        let all = [district, street, village]
        #expect(try clauses(district, among: all) == ["BS-5.4"])
        #expect(try clauses(street, among: all) == ["BS-4.2"])
        #expect(try clauses(village, among: all) == ["BS-4.6a"])
        #expect(try clauses(district, among: [street]) == ["BS-4.6a", "BS-5.4"])
    }

    @Test("有家庭居住的街道、社区从没记过簿，也在各自的簿里提醒；还不知道哪里有家庭时先不提醒职责")
    func siblings() throws {
        let registry = try OfficeWorld.rules(publishedOn: "2021-04-01", of: "boshan-2021")
        let homes = ["370304001002", "370304002001"].map { DivisionCode($0)! }
        var world = OfficeWorld()
        world.start(on: "2021-12-01", registry, homes: nil)
        #expect(world.log.isEmpty)
        world.input(.homes(homes))
        func clauses(_ division: String) -> Set<String> {
            let told = world.told(.duty(DivisionCode(division)!))
            return Set(["BS-4.2", "BS-4.6a", "BS-5.4"].filter { one in told.contains { $0.contains("/\(one)/") } })
        }
        #expect(clauses("370304") == ["BS-5.4"])
        for street in ["370304001", "370304002"] { #expect(clauses(street) == ["BS-4.2"]) }
        for village in homes { #expect(clauses(village.rawValue) == ["BS-4.6a"]) }
        #expect(clauses("370300").isEmpty && clauses("370304003").isEmpty)
        // Told again, and started anew: nothing twice, nothing more.
        let before = world.log
        world.input(.homes(homes))
        world.start(on: "2021-12-01", registry, homes: homes)
        #expect(world.log == before)
        #expect(world.lines.values.allSatisfy { $0.count == 1 })
        // The first family of another street.
        world.input(.homes(homes + [DivisionCode("370304003001")!]))
        #expect(clauses("370304003") == ["BS-4.2"] && clauses("370304") == ["BS-5.4"])
        // Who has a book keeps it, also when nobody lives there any more.
        let street = OfficeStream.duty(DivisionCode("370304002")!)
        let told = world.told(street).count
        world.start(on: "2022-01-20", registry, homes: [])
        #expect(world.told(street).count > told && clauses("370304") == ["BS-5.4"])
    }

    @Test("报了完成就不再提醒；撤回之后照样逾期")
    func done() throws {
        var world = OfficeWorld()
        world.start(on: "2014-12-05", try OfficeWorld.rules())
        let key = DutyKey(
            pack: PackID(unchecked: "guiyang-2013"), clause: ClauseID("GY-4.1")!, period: Code(unchecked: "2014"))
        world.tell(.reported(DutyReported(key: key, evidence: DutyEvidence(count: 1))), on: "2014-12-10")
        let report = EventReference(sequence: UInt64(world.log[OfficeWorld.book]?.count ?? 0))
        world.input(.day(CivilDay(parsing: "2015-01-05")!))
        #expect(world.told(OfficeWorld.book, "GY-4.1/2014") == Array(Self.supervision.prefix(1)))
        world.tell(.withdrawn(DutyWithdrawn(report: report, reason: Code(unchecked: "wrong"))), on: "2015-01-06")
        #expect(world.told(OfficeWorld.book, "GY-4.1/2014") == Self.supervision)
    }

    @Test("发布之前就过去的、一年以前的，是历史，不提醒")
    func history() throws {
        var world = OfficeWorld()
        world.start(on: "2015-02-01", try OfficeWorld.rules(publishedOn: "2015-01-15"))
        #expect(world.told(OfficeWorld.book, "2014").isEmpty)
        var late = OfficeWorld()
        late.start(on: "2016-06-01", try OfficeWorld.rules())
        #expect(late.told(OfficeWorld.book, "GY-4.1/2014").isEmpty)
        #expect(late.told(OfficeWorld.book, "GY-4.1/2015").count == 3)
    }

    @Test("名单和征询：临近和逾期各提醒对方部门一次，签收、答复之后不再提醒")
    func listsAndQuestions() throws {
        var world = OfficeWorld()
        world.start(on: "2014-04-01", try OfficeWorld.rules())
        let list = ListSent(
            kind: Code(unchecked: "training"), period: Code(unchecked: "2014"),
            digest: FileDigest(bytes: Array(repeating: 1, count: 32))!, rows: 2,
            from: DepartmentID(unchecked: "dept.fp"),
            to: DepartmentID(unchecked: "dept.hrss"), dueOn: CivilDay(parsing: "2014-04-10")!)
        let asked = ConsultationAsked(
            project: Code(unchecked: "well-7"), kind: Code(unchecked: "water"), clause: ClauseID("GY-3.18a")!,
            from: DepartmentID(unchecked: "dept.water"), to: DepartmentID(unchecked: "dept.fp"),
            dueOn: CivilDay(parsing: "2014-04-20")!)
        world.tell(.listSent(list), on: "2014-04-01")
        let sent = world.log[OfficeWorld.book]?.count ?? 0
        world.tell(.asked(asked), on: "2014-04-02")
        let question = world.log[OfficeWorld.book]?.count ?? 0
        world.input(.day(CivilDay(parsing: "2014-04-12")!))
        #expect(
            world.told(OfficeWorld.book, "list_")
                == ["list_due/\(sent) on 2014-04-07", "list_overdue/\(sent) on 2014-04-11"])
        world.tell(
            .answered(
                ConsultationAnswered(question: EventReference(sequence: UInt64(question)), outcome: .agreed)),
            on: "2014-04-15")
        world.input(.day(CivilDay(parsing: "2014-05-01")!))
        #expect(world.told(OfficeWorld.book, "consultation_").isEmpty)
    }

    @Test("借款每期到期前和逾期各提醒一次，还清的一期不提醒")
    func loans() throws {
        var world = OfficeWorld()
        world.start(on: "2018-01-02", try OfficeWorld.rules())
        let applied = LoanApplied(
            fund: FundID(Identifier128(high: 1, low: 1)), household: HouseholdID(Identifier128(high: 3, low: 3)),
            mother: PersonID(Identifier128(high: 4, low: 4)), number: 1, amount: .yuan(20_000),
            purpose: Code(unchecked: "shop"), division: DivisionCode("350206001")!, mode: .revolvingLoan)
        world.tell(.applied(applied), on: "2018-01-02")
        for level in LoanLevel.allCases {
            world.tell(.reviewed(LoanReviewed(level: level, isPassed: true)), on: "2018-01-03")
        }
        world.tell(.helperNamed(Code(unchecked: "cadre-3")), on: "2018-01-03")
        let schedule = [("2018-03-31", Int64(5_000)), ("2018-06-30", 15_000)].map {
            LoanInstalment(dueOn: CivilDay(parsing: $0.0)!, amount: .yuan($0.1))
        }
        world.tell(.signed(.applicant, schedule), on: "2018-01-04")
        world.tell(.disbursed(.yuan(20_000)), on: "2018-01-05")
        world.input(.day(CivilDay(parsing: "2018-03-10")!))
        #expect(world.told(OfficeWorld.loan) == ["loan_due/2018-03-31 on 2018-03-01"])
        world.tell(.repaid(.yuan(5_000), receipt: Code(unchecked: "r-1")), on: "2018-03-20")
        world.input(.day(CivilDay(parsing: "2018-07-02")!))
        #expect(
            world.told(OfficeWorld.loan) == [
                "loan_due/2018-03-31 on 2018-03-01", "loan_due/2018-06-30 on 2018-05-31",
                "loan_overdue/2018-06-30 on 2018-07-01",
            ])
        let line = try #require(world.lines.values.joined().first { $0.contains("借款逾期") })
        #expect(line.contains("15,000") || line.contains("15000") && line.contains("cadre-3"), "\(line)")
    }

    @Test("设了到期后 30 天才算逾期的，逾期提醒到那一天之后才发")
    func graceOfLoans() throws {
        var world = OfficeWorld()
        let registry = try OfficeWorld.rules()
        world.start(on: "2018-01-02", registry)
        let since = DayPeriod(start: CivilDay(parsing: "2017-01-01")!)
        world.input(.rules(registry, OverdueTerms(graceMonths: [], afterDays: [.init(30, in: since)])))
        let applied = LoanApplied(
            fund: FundID(Identifier128(high: 1, low: 1)), household: HouseholdID(Identifier128(high: 3, low: 3)),
            mother: PersonID(Identifier128(high: 4, low: 4)), number: 1, amount: .yuan(20_000),
            purpose: Code(unchecked: "shop"), division: DivisionCode("350206001")!, mode: .revolvingLoan)
        world.tell(.applied(applied), on: "2018-01-02")
        let schedule = [LoanInstalment(dueOn: CivilDay(parsing: "2018-03-31")!, amount: .yuan(20_000))]
        world.tell(.signed(.applicant, schedule), on: "2018-01-04")
        world.tell(.disbursed(.yuan(20_000)), on: "2018-01-05")
        world.input(.day(CivilDay(parsing: "2018-04-30")!))
        #expect(world.told(OfficeWorld.loan) == ["loan_due/2018-03-31 on 2018-03-01"])
        world.input(.day(CivilDay(parsing: "2018-05-01")!))
        #expect(
            world.told(OfficeWorld.loan) == [
                "loan_due/2018-03-31 on 2018-03-01", "loan_overdue/2018-03-31 on 2018-05-01",
            ])
    }

    @Test("同时在送的满了：其余的接着送，不等第二天")
    func crowded() throws {
        let registry = try OfficeWorld.rules()
        var free = OfficeWorld()
        free.start(on: "2014-12-01", registry)
        var crowded = OfficeWorld(room: 1)
        crowded.start(on: "2014-12-01", registry)
        #expect(free.lines.count > 1)
        #expect(crowded.lines == free.lines)
    }

    @Test("送达的结果没有记下就停了：重启后原样再送，记一次")
    func crash() throws {
        let registry = try OfficeWorld.rules()
        var world = OfficeWorld()
        world.losesOutcomes = true
        world.start(on: "2014-12-01", registry)
        let lost = world.lines
        #expect(!lost.isEmpty && lost.values.allSatisfy { $0.count == 1 })
        world.losesOutcomes = false
        world.start(on: "2014-12-01", registry)
        #expect(world.lines.keys.sorted() == lost.keys.sorted())
        #expect(world.lines.values.allSatisfy { $0.count == 2 && Set($0).count == 1 })
        world.start(on: "2014-12-01", registry)
        #expect(world.lines.values.allSatisfy { $0.count == 2 })
    }
}

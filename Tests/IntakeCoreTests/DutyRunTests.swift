import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import RuleEngine
import RulePacks
import Testing

/// Duties of Guiyang through intake: the published pack says what there is to report, the key says whose it is, and
/// several intakes, lost calls and repeats make one report of it.
@Suite("受理：职责簿")
struct DutyRunTests {
    static let today = CivilDay(parsing: "2015-02-01")!
    static let city = DivisionCode("520100")!
    static let pack = PackID(unchecked: "guiyang-2013")

    private static func caller(_ name: String, _ division: String, _ department: String) -> Caller {
        Caller(
            principal: Principal(
                peer: name, actor: Code(unchecked: name), role: Code(unchecked: "clerk"),
                department: DepartmentID(unchecked: department), divisions: [DivisionCode(division)!],
                rights: [.command, .query, .operate]))
    }

    static let population = caller("fp-1", "520100", "dept.fp")
    static let labour = caller("hrss-1", "520100", "dept.hrss")
    static let elsewhere = caller("chenzhou-1", "431000", "dept.fp")

    private static func world(_ intakes: Int, seed: UInt64) throws -> IntakeWorld {
        var world = try IntakeWorld(
            intakes: intakes, seed: seed,
            start: Moment(microseconds: Int64(today.dayNumber) * 86_400_000_000))
        try world.run(steps: 40)
        let file = try #require(try PackLibrary.bundled.packFiles(of: pack.rawValue).first)
        let read = try RulePack.load(bytes: file.bytes, name: pack.rawValue)
        let published = PackPublished(
            pack: read.id, effectiveFrom: read.validFrom, enactedOn: read.dated, hash: read.hash, bytes: file.bytes)
        let publish = PackCommand(
            id: IntakeWorldTests.identifier(1), pack: read.id, occurredOn: read.dated, event: .published(published))
        try world.send(publish, to: 0, as: population)
        try world.run(steps: 400)
        return world
    }

    private static func command(
        _ number: UInt64, _ action: DutyEvent, division: DivisionCode = city, on day: String = "2014-12-20"
    ) -> DutyCommand {
        DutyCommand(
            id: IntakeWorldTests.identifier(100 + number), division: division, occurredOn: CivilDay(parsing: day)!,
            action: action)
    }

    private static func done(_ clause: String = "GY-4.1", _ period: String = "2014", _ files: UInt8 = 1) -> DutyEvent {
        .reported(
            DutyReported(
                key: DutyKey(pack: pack, clause: ClauseID(clause)!, period: Code(unchecked: period)),
                evidence: DutyEvidence(attachments: [FileDigest(bytes: Array(repeating: files, count: 32))!])))
    }

    /// Sends a command until it is answered for good, each time to the next intake.
    /// - Returns: The refusal; nil when it was recorded.
    private static func insist(
        _ command: DutyCommand, _ world: inout IntakeWorld, intakes: Int = 1, as caller: Caller
    ) throws -> Refusal.Reason? {
        for attempt in 0..<60 {
            let token = try world.send(command, to: attempt % intakes, as: caller)
            try world.run(steps: 200)
            switch world.answers[token] {
            case .recorded?: return nil
            case .refused(let refusal)?: return refusal.reason
            default: continue
            }
        }
        Issue.record("never answered: \(command.action)")
        return nil
    }

    @Test("报一次记一次：重复同一命令不添记录；不在辖区、不在政策包、不是期间的退回")
    func reports() throws {
        var world = try Self.world(1, seed: 1)
        let report = Self.command(1, Self.done())
        #expect(try Self.insist(report, &world, as: Self.population) == nil)
        #expect(try Self.insist(report, &world, as: Self.population) == nil)
        #expect(try Self.insist(Self.command(2, Self.done()), &world, as: Self.population) == .dutyReported)
        #expect(try Self.insist(Self.command(3, Self.done()), &world, as: Self.elsewhere) == .notYourDivision)
        #expect(
            try Self.insist(
                Self.command(4, Self.done(), division: DivisionCode("431002")!), &world, as: Self.elsewhere)
                == .unknownDuty)
        #expect(try Self.insist(Self.command(5, Self.done("GY-9.9")), &world, as: Self.population) == .unknownDuty)
        #expect(
            try Self.insist(Self.command(6, Self.done("GY-4.1", "2014-q1")), &world, as: Self.population)
                == .dutyPeriod)
        #expect(
            try Self.insist(Self.command(7, Self.done("GY-4.3", "2012")), &world, as: Self.population) == .dutyPeriod)
        let book = try world.duties(Self.city)
        #expect(book.reports.count == 1 && book.lastSequence == 1)
        #expect(book.reports[0].department == Self.population.principal.department)
    }

    @Test("附件是什么由存储说：命令自称五张照片，存储里是三张照片、一份文字，另一个没有存入")
    func filesAreWhatTheStoreSays() throws {
        var world = try Self.world(1, seed: 2)
        let files = (1...5).map { FileDigest(bytes: Array(repeating: $0, count: 32))! }
        for (file, type) in zip(files, ["jpeg", "png", "heic", "text"]) { world.kept[file] = Code(unchecked: type) }
        let key = DutyKey(pack: Self.pack, clause: ClauseID("GY-4.1")!, period: Code(unchecked: "2014"))
        let claimed = DutyEvidence(attachments: files, types: Array(repeating: Code(unchecked: "jpeg"), count: 5))
        let report = Self.command(1, .reported(DutyReported(key: key, evidence: claimed)))
        #expect(try Self.insist(report, &world, as: Self.population) == nil)
        let said = try #require(try world.duties(Self.city).reports.first?.said.first?.evidence)
        #expect(said.types.map(\.rawValue) == ["jpeg", "png", "heic", "text", "unchecked"])
        #expect(said.photos == 4 && said.uncheckedFiles == 1)
    }

    @Test("两个受理同时报同一项、消息丢失：只有一份报告，其余退回", arguments: 1...20)
    func oneReport(seed: UInt64) throws {
        var world = try Self.world(2, seed: seed)
        let tokens = try (0..<4).map { number in
            try world.send(
                Self.command(UInt64(number), Self.done("GY-4.1", "2014", UInt8(number))), to: number % 2,
                as: Self.population)
        }
        try world.run(steps: 600)
        let recorded = tokens.filter { if case .recorded? = world.answers[$0] { true } else { false } }
        let book = try world.duties(Self.city)
        #expect(book.reports.count == 1, "seed \(seed)")
        #expect(recorded.count <= 1, "seed \(seed)")
        for number in 0..<4 {
            _ = try Self.insist(
                Self.command(UInt64(number), Self.done("GY-4.1", "2014", UInt8(number))), &world, intakes: 2,
                as: Self.population)
        }
        #expect(try world.duties(Self.city).reports.count == 1, "seed \(seed)")
    }

    @Test("名单由钥匙的部门移送，只有接收部门能签收")
    func exchange() throws {
        var world = try Self.world(1, seed: 3)
        let digest = FileDigest(bytes: Array(repeating: 4, count: 32))!
        let sent = ListSent(
            kind: Code(unchecked: "training"), period: Code(unchecked: "2014"), digest: digest, rows: 2,
            to: DepartmentID(unchecked: "dept.hrss"), dueOn: CivilDay(parsing: "2014-12-30")!)
        #expect(try Self.insist(Self.command(1, .listSent(sent)), &world, as: Self.population) == nil)
        let receipt = DutyEvent.listReceived(ListReceived(list: EventReference(sequence: 1), digest: digest))
        #expect(try Self.insist(Self.command(2, receipt), &world, as: Self.population) == .notAddressee)
        #expect(try Self.insist(Self.command(3, receipt), &world, as: Self.labour) == nil)
        let exchange = try #require(try world.duties(Self.city).exchanges.first)
        #expect(exchange.list.from == Self.population.principal.department && exchange.receivedOn != nil)
        // The same command once more: its sender is answered, somebody who may not give it is refused as before.
        #expect(try Self.insist(Self.command(3, receipt), &world, as: Self.population) == .notAddressee)
        #expect(try Self.insist(Self.command(3, receipt), &world, as: Self.labour) == nil)
    }
}

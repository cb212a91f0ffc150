import ArchiveClient
import CareDomain
import CareWire
import IntakeCore
import RuleEngine
import Testing

@Suite("受理：发布")
struct PublicationTests {
    private static let now = IntakeWorldTests.start
    private static let operatorKey = Caller(
        principal: Principal(
            peer: "carectl", actor: Code(unchecked: "carectl"), role: Code(unchecked: "operator"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [.everywhere], rights: [.operate]))

    private var core = IntakeCore(principal: IntakeWorldTests.clerk.principal)

    private mutating func step(_ input: IntakeInput) -> [IntakeAction] { core.step(input, now: Self.now) }

    private static func news(isAtHead: Bool) -> SharedNews {
        SharedNews(persons: [], packs: [], cursor: [1], isAtHead: isAtHead)
    }

    private func replies(_ actions: [IntakeAction]) -> [RequestToken] {
        actions.compactMap { if case .reply(let token, _) = $0 { token } else { nil } }
    }

    private func sharedRead(_ actions: [IntakeAction]) -> CallID? {
        actions.lazy.compactMap { if case .readShared(let call, _) = $0 { call } else { nil } }.first
    }

    /// Hands a parameter to the core and brings it to the append.
    private mutating func append(_ number: UInt64) throws -> (token: RequestToken, call: CallID) {
        let command = PackCommand(
            id: IntakeWorldTests.identifier(number), pack: PackID("chenzhou-2014")!,
            occurredOn: IntakeWorldTests.today,
            event: .parameterSet(
                ParameterSet(parameter: ParameterID("cz.funeral_subsidy")!, value: .money(Fen(Int64(number))))))
        let token = RequestToken(number)
        let asked = step(.packCommand(token, command, contentDigest: try command.digest(), from: Self.operatorKey))
        guard case .readPackHead(let head, _)? = asked.first else { throw Unexpected(actions: asked) }
        let appended = step(.packRead(head, lastSequence: number - 1))
        guard case .appendPack(let call, _)? = appended.first else { throw Unexpected(actions: appended) }
        return (token, call)
    }

    private struct Unexpected: Error { let actions: [IntakeAction] }

    private func place(_ number: UInt64) -> AppendPlace {
        AppendPlace(first: number, last: number, recordedAt: Self.now, cursor: [2])
    }

    /// A pack of nothing, as a command that publishes it.
    private func publication(
        from day: String, enacted: String, _ transition: TransitionClause, bytes: [UInt8]? = nil
    ) throws -> (PackCommand, RulePack) {
        let text = """
            pack: small-2015
            valid_from: 2015-01-01
            valid_to: 2019-12-31
            zh: 小包
            en: small pack
            document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
            facts: []
            rules: []
            """
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let published = PackPublished(
            pack: pack.id, effectiveFrom: CivilDay(parsing: day)!, enactedOn: CivilDay(parsing: enacted)!,
            hash: pack.hash, bytes: bytes ?? Array(text.utf8), transition: transition)
        let command = PackCommand(
            id: IntakeWorldTests.identifier(9), pack: pack.id, occurredOn: IntakeWorldTests.today,
            event: .published(published))
        return (command, pack)
    }

    /// The refusal of a publication; nil when it goes on to the log.
    private mutating func refusal(_ command: PackCommand) throws -> Refusal? {
        let digest = try command.digest()
        for action in step(.packCommand(RequestToken(9), command, contentDigest: digest, from: Self.operatorKey)) {
            if case .reply(_, .refused(let refusal)) = action { return refusal }
        }
        return nil
    }

    @Test("早于制定日施行：没有写明追溯的拒绝，写明的才发布")
    mutating func retroactiveByName() throws {
        for transition in [TransitionClause.all, .newCases] {
            let (command, _) = try publication(from: "2015-01-01", enacted: "2015-06-01", transition)
            let refused = try refusal(command)
            #expect(refused?.reason == .retroactiveNotNamed && refused?.code == "CARE-1903")
            #expect(refused?.chinese.contains("2015-01-01 < 2015-06-01") ?? false)
        }
        let (named, _) = try publication(from: "2015-01-01", enacted: "2015-06-01", .retroactive)
        #expect(try refusal(named) == nil)
    }

    @Test("可以自别的日子起施行，但不能在版本自己的最后一天之后")
    mutating func anotherDay() throws {
        let (later, _) = try publication(from: "2016-03-01", enacted: "2015-06-01", .newCases)
        #expect(try refusal(later) == nil)
        let (tooLate, _) = try publication(from: "2020-01-01", enacted: "2015-06-01", .all)
        #expect(try refusal(tooLate)?.reason == .packRejected)
    }

    @Test("发布在自己的命令都认得之后才答复")
    mutating func answersWhenKnown() throws {
        let (token, call) = try append(1)
        let reading = step(.packAppended(call, .appended(place(1))))
        #expect(replies(reading).isEmpty)
        let first = try #require(sharedRead(reading))
        let further = step(.sharedRead(first, Self.news(isAtHead: false)))
        #expect(replies(further).isEmpty)
        #expect(replies(step(.sharedRead(try #require(sharedRead(further)), Self.news(isAtHead: true)))) == [token])
    }

    @Test("发布之前已经开始的读取不算数，再读一次")
    mutating func readBegunBefore() throws {
        let earlier = try #require(sharedRead(step(.tick)))
        let (token, call) = try append(1)
        #expect(step(.packAppended(call, .appended(place(1)))).isEmpty)
        let actions = step(.sharedRead(earlier, Self.news(isAtHead: true)))
        #expect(replies(actions).isEmpty)
        #expect(replies(step(.sharedRead(try #require(sharedRead(actions)), Self.news(isAtHead: true)))) == [token])
    }
}

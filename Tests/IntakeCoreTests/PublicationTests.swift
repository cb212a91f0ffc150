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
            facts:
              - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
              - {id: person.role, type: enum, nature: certified, zh: 身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
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

    static let brokenPacks: [(name: String, text: String, code: String)] = {
        func pack(_ parts: String) -> String {
            """
            pack: small-2015
            valid_from: 2015-01-01
            zh: 小包
            en: small pack
            document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
            facts:
              - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
              - {id: person.role, type: enum, nature: certified, zh: 身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
              - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
            \(parts)
            """
        }
        func rule(_ condition: String, amount: String) -> String {
            "rules:\n  - {clause: SM-1, zh: 补贴, en: subsidy, words: 补贴, kind: cash_entitlement, unit: household·month, "
                + "conditions: [{id: poor, zh: 困难, en: poor, expr: \"\(condition)\"}], amount: \(amount)}"
        }
        let sum = "{type: exact, value: 3, unit: yuan}"
        let rate =
            "parameters:\n  - {id: p.rate, type: money, unit: yuan, per: person·month, zh: 标准, en: rate, values: "
        return [
            (
                "循环",
                pack(
                    "definitions:\n  - {id: household.a, zh: a, en: a, expr: self.b}\n"
                        + "  - {id: household.b, zh: b, en: b, expr: self.a}\nrules: []"), "pack.cycle"
            ),
            (
                "单位不符",
                pack(
                    rate + "[{from: 2015-01-01, value: 3}]}\n"
                        + rule("household.poor", amount: "{type: parameter, parameter: p.rate}")), "pack.unit"
            ),
            (
                "元分不明", pack(rule("household.poor", amount: "{type: exact, value: 3}")), "pack.unit"
            ),
            (
                "表达式过深",
                pack(
                    rule(
                        String(repeating: "(", count: 500) + "household.poor" + String(repeating: ")", count: 500),
                        amount: sum)), "expression."
            ),
            (
                "表达式过长",
                pack(rule(Array(repeating: "household.poor", count: 5_000).joined(separator: " && "), amount: sum)),
                "yaml.line_too_long"
            ),
            (
                "有效期重叠",
                pack(
                    rate + "[{from: 2015-01-01, value: 3}, {from: 2015-06-01, value: 4}]}\nrules: []"), "pack.overlap"
            ),
        ]
    }()

    @Test("坏的政策包整包拒绝：说明代码与行列，一个字也不写入日志", arguments: PublicationTests.brokenPacks.indices)
    mutating func brokenPack(_ index: Int) throws {
        let (name, text, code) = Self.brokenPacks[index]
        let command = PackCommand(
            id: IntakeWorldTests.identifier(9), pack: PackID("small-2015")!, occurredOn: IntakeWorldTests.today,
            event: .published(
                PackPublished(
                    pack: PackID("small-2015")!, effectiveFrom: CivilDay(parsing: "2015-01-01")!,
                    enactedOn: CivilDay(parsing: "2015-01-01")!, hash: Array(repeating: 1, count: 32),
                    bytes: Array(text.utf8))))
        let actions = step(
            .packCommand(RequestToken(9), command, contentDigest: try command.digest(), from: Self.operatorKey))
        #expect(actions.count == 1, "\(name)")
        guard case .reply(_, .refused(let refusal))? = actions.first else {
            Issue.record("\(name): \(actions)")
            return
        }
        #expect(refusal.reason == .packRejected && refusal.detail?.contains(code) ?? false, "\(name)")
        #expect(refusal.detail?.contains("small-2015:") ?? false, "\(name)")
    }

    @Test("可以自别的日子起施行，但不能在版本自己的最后一天之后")
    mutating func anotherDay() throws {
        let (later, _) = try publication(from: "2016-03-01", enacted: "2015-06-01", .newCases)
        #expect(try refusal(later) == nil)
        let (tooLate, _) = try publication(from: "2020-01-01", enacted: "2015-06-01", .all)
        #expect(try refusal(tooLate)?.reason == .packRejected)
    }

    /// Lets the core read a pack with one parameter.
    private mutating func readPack() throws {
        let text = """
            pack: small-2015
            valid_from: 2015-01-01
            zh: 小包
            en: small pack
            document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
            facts:
              - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
              - {id: person.role, type: enum, nature: certified, zh: 身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
            parameters:
              - {id: p.rate, type: money, unit: yuan, per: person·month, keys: [area], zh: 标准, en: rate,
                 least: [{keys: [urban], value: 2.50}],
                 values: [{from: 2015-01-01, keys: [urban], value: 3}, {from: 2015-01-01, keys: [rural], value: 2}]}
            rules: []
            """
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let published = PackPublished(
            pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.validFrom, hash: pack.hash,
            bytes: Array(text.utf8))
        let news = SharedNews.PackNews(
            pack: pack.id, occurredOn: pack.validFrom, recordedAt: Self.now, event: .published(published),
            place: SharedNews.Place(position: 1, hash: [1]))
        let call = try #require(sharedRead(step(.tick)))
        _ = step(.sharedRead(call, SharedNews(persons: [], packs: [news], cursor: [1], isAtHead: true)))
    }

    /// The same pack with a last day, as a command.
    private func other(from day: String, isAdoption: Bool = false, number: UInt64 = 9) throws -> PackCommand {
        var (command, _) = try publication(from: day, enacted: "2015-01-01", .all)
        command.id = IntakeWorldTests.identifier(number)
        command.isAdoption = isAdoption
        return command
    }

    @Test("已发布的版本不被发布取代：同一天起的、夹在中间的都拒绝；采用可以，接在后面的可以")
    mutating func publishedStays() throws {
        try readPack()
        let refused = try refusal(try other(from: "2015-01-01"))
        #expect(refused?.code == "CARE-1906" && refused?.field == "effective_from")
        #expect(refused?.chinese.contains("small-2015@2015-01-01") ?? false)
        #expect(refused?.chinese.contains("rules adopt") ?? false)
        #expect(try refusal(try other(from: "2016-01-01")) == nil)
        #expect(try refusal(try other(from: "2015-01-01", isAdoption: true)) == nil)
    }

    @Test("同一个包的两个版本不同时发布：后到的请稍候，同一条命令重发照收")
    mutating func oneAtATime() throws {
        #expect(try refusal(try other(from: "2015-01-01")) == nil)
        #expect(try refusal(try other(from: "2015-01-01")) == nil)
        let second = try other(from: "2016-01-01", number: 10)
        let actions = step(
            .packCommand(RequestToken(10), second, contentDigest: try second.digest(), from: Self.operatorKey))
        guard case .reply(_, .failed(let failure))? = actions.first else { throw Unexpected(actions: actions) }
        #expect(failure.isRetriable)
    }

    @Test("lint 查得出的错误不能发布：写明行列")
    mutating func lintMistake() throws {
        let text = """
            pack: small-2015
            valid_from: 2015-01-01
            zh: 小包
            en: small pack
            document: {number: 小〔2015〕1号, issuer: 小区, dated: 2015-01-01}
            facts:
              - {id: person.birth_date, type: date, nature: plain, timeless: true, zh: 出生日期, en: birth date}
              - {id: person.role, type: enum, nature: certified, zh: 身份, en: role, values: {wife: {zh: 妻子, en: wife}}}
              - {id: household.poor, type: bool, nature: certified, zh: 困难, en: poor}
            rules:
              - clause: SM-1
                zh: 补贴
                en: subsidy
                words: 补贴
                kind: cash_entitlement
                unit: household·month
                conditions: [{id: poor, zh: 困难, en: poor, expr: household.poor}]
                amount: {type: exact, value: 3, unit: yuan}
                payers: [{shares: {santa: 1}}]
            """
        let pack = try RulePack.load(bytes: Array(text.utf8), name: "small.yaml")
        let command = PackCommand(
            id: IntakeWorldTests.identifier(9), pack: pack.id, occurredOn: IntakeWorldTests.today,
            event: .published(
                PackPublished(
                    pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.validFrom, hash: pack.hash,
                    bytes: Array(text.utf8))))
        let refused = try refusal(command)
        #expect(refused?.reason == .packRejected && refused?.detail?.contains("lint.unknown_payer") ?? false)
        #expect(refused?.detail?.hasPrefix("small-2015:19:") ?? false, "\(refused?.detail ?? "")")
    }

    /// What the core says of a value of that pack; nil = it goes on to the log.
    private mutating func refusal(
        setting parameter: String, keys: [String], to value: FactValue, until: CivilDay? = nil
    ) throws -> Refusal? {
        try refusal(
            PackCommand(
                id: IntakeWorldTests.identifier(9), pack: PackID("small-2015")!, occurredOn: IntakeWorldTests.today,
                event: .parameterSet(
                    ParameterSet(
                        parameter: ParameterID(unchecked: parameter), keys: keys.map { Code(unchecked: $0) },
                        value: value, until: until))))
    }

    @Test("参数：低于文件下限的、开始之前就结束的，都不收")
    mutating func parameterBounds() throws {
        try readPack()
        let low = try refusal(setting: "p.rate", keys: ["urban"], to: .money(Fen(249)))
        #expect(low?.reason == .factForm && low?.field == "value" && low?.detail?.contains("2.50") ?? false)
        #expect(try refusal(setting: "p.rate", keys: ["urban"], to: .money(Fen(250))) == nil)
        #expect(try refusal(setting: "p.rate", keys: ["rural"], to: .money(Fen(249))) == nil)
        let today = IntakeWorldTests.today
        let ended = try refusal(setting: "p.rate", keys: ["urban"], to: .money(Fen(250)), until: today)
        #expect(ended?.reason == .dayOrder && ended?.field == "until")
        #expect(try refusal(setting: "p.rate", keys: ["urban"], to: .money(Fen(250)), until: today + 1) == nil)
    }

    @Test("参数：认得的包只收它自己的参数、键和说得通的数")
    mutating func parameterAsDeclared() throws {
        try readPack()
        #expect(try refusal(setting: "p.rate", keys: ["urban"], to: .money(.yuan(5))) == nil)
        let unknown = try refusal(setting: "p.rte", keys: ["urban"], to: .money(.yuan(5)))
        #expect(unknown?.reason == .unknownCode && unknown?.field == "parameter")
        let key = try refusal(setting: "p.rate", keys: ["town"], to: .money(.yuan(5)))
        #expect(key?.reason == .unknownCode && key?.field == "keys" && key?.detail?.contains("rural") ?? false)
        for value in [FactValue.money(Fen(-1)), .money(.yuan(5_000_000)), .int(5)] {
            let refused = try refusal(setting: "p.rate", keys: ["urban"], to: value)
            #expect(refused?.reason == .factForm && refused?.field == "value", "\(value)")
        }
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

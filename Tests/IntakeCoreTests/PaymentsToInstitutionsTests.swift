import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import RuleEngine
import RulePacks
import Testing

extension PaymentRunTests {
    private static let insurer = ParameterID(unchecked: "cz.accident_insurer_account")

    private static func caller(_ actor: String, _ rights: Set<Principal.Right> = [.command, .query]) -> Caller {
        var caller = IntakeWorldTests.clerk
        caller.principal.actor = Code(unchecked: actor)
        caller.principal.department = DepartmentID(unchecked: "dept.finance")
        caller.principal.rights = rights
        return caller
    }

    /// Publishes Chenzhou's pack with the money of CZ-2.1 going to the insurer, for that is what the families of the world have.
    private static func publish(_ world: inout IntakeWorld) throws -> RulePack {
        let file = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").first)
        let text = String(decoding: file.bytes, as: UTF8.self).replacing(
            "  - clause: CZ-2.1\n",
            with: "  - clause: CZ-2.1\n    payee: {zh: 保险机构, en: the insurer, account: \(insurer)}\n",
            maxReplacements: 1)
        let read = try RulePack.load(bytes: Array(text.utf8), name: "chenzhou-2014")
        let published = PackPublished(
            pack: read.id, effectiveFrom: read.validFrom, enactedOn: read.dated, hash: read.hash,
            bytes: Array(text.utf8))
        try send(.published(published), 900, of: read.id, on: read.dated, &world)
        return read
    }

    private static func send(
        _ event: PackEvent, _ number: UInt64, of pack: PackID, on day: CivilDay, _ world: inout IntakeWorld
    ) throws {
        let command = PackCommand(
            id: IntakeWorldTests.identifier(number), pack: pack, occurredOn: day, event: event)
        let token = try world.send(command, to: 0, as: caller("namer-1", [.operate]))
        try world.run(steps: 400)
        guard case .recorded? = world.answers[token] else {
            Issue.record("not recorded: \(String(describing: world.answers[token]))")
            return
        }
    }

    @Test("代缴的钱：机构的账户没有登记就不送，说明缺什么；登记以后送到机构，家庭的账户不出现；登记的人不办发放，重启以后也一样")
    func institutions() throws {
        var (world, households) = try Self.world(1, seed: 15)
        let pack = try Self.publish(&world)
        let scope = Self.scope(2...2)
        let batch = BatchID.derived(from: scope)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1, as: Self.caller("fund-1"))
        func refusal(_ step: String, _ actor: String) throws -> Refusal? {
            let token = try world.send(Self.command(scope, step, .issue), to: 0, as: Self.caller(actor))
            try world.run(steps: 3000)
            guard case .refused(let refusal)? = world.answers[token] else { return nil }
            return refusal
        }
        let waiting = try #require(try refusal("i1", "payer-1"))
        #expect(waiting.reason == .nothingToIssue)
        #expect(waiting.detail?.contains("CZ-2.1 付给保险机构，\(Self.families) 笔") == true)
        #expect(
            waiting.detail?.contains("CARE-1468") == true && waiting.detail?.contains(Self.insurer.rawValue) == true)
        #expect(try world.batch(batch).files.isEmpty)
        let set = ParameterSet(
            parameter: Self.insurer, keys: [Code(unchecked: "431000")], value: .reference("insurer-1"))
        try Self.send(.parameterSet(set), 901, of: pack.id, on: pack.validFrom, &world)
        #expect(try refusal("i2", "namer-1")?.reason == .accountPayer)
        world.restart(withKeys: [])
        try world.run(steps: 400)
        #expect(try refusal("i3", "namer-1")?.reason == .accountPayer)
        #expect(try Self.noted(Self.command(scope, "i4", .issue), &world, as: Self.caller("payer-1")).isEmpty)
        let entries = try world.batch(batch).files.flatMap(\.entries)
        #expect(entries.count == Self.families && Set(entries.map(\.account)) == ["insurer-1"])

        let answer = BankAnswer(
            file: 1,
            lines: entries.enumerated().map { place, entry in
                .init(
                    row: place + 2, reference: BankReference(batch: batch, file: 1, line: entry.line).description,
                    amount: entry.amount, failure: nil)
            }, declaredCount: entries.count, declaredTotal: entries.reduce(Fen.zero) { $0 + $1.amount })
        try Self.insist(
            Self.command(scope, "a", .takeAnswer(answer)), &world, intakes: 1, as: Self.caller("payer-1"))
        try Self.decideBack(households[0], &world)
        let back = BatchScope(kind: .recovery, division: scope.division, period: scope.period)
        try Self.insist(Self.command(back, "p", .prepare(back, households: [households[0]])), &world, intakes: 1)
        try Self.insist(Self.command(back, "c", .close), &world, intakes: 1, as: Self.caller("fund-1"))
        let told = try Self.noted(Self.command(back, "i", .issue), &world, as: Self.caller("payer-1"))
        #expect(told.isEmpty, "what the insurer got is not asked of her heirs")
        #expect(try world.batch(.derived(from: back)).files.first?.entries.map(\.amount) == [-.yuan(300)])
    }

    /// The wife had died before the month that was paid, and somebody decided to take it back.
    private static func decideBack(_ household: HouseholdID, _ world: inout IntakeWorld) throws {
        let history = try world.household(household)
        let person = try #require(history.household.members.first?.id)
        let month = CivilMonth(year: 2024, month: 2)
        var made = PaymentBench.determination(
            person, [], [], readThrough: history.lastSequence,
            changes: [DueChange(first: month, last: month, before: .yuan(300), after: .zero)])
        made.packHash = Array(repeating: 7, count: 32)
        let decided = DueDecided(
            determination: EventReference(sequence: history.lastSequence + 2), clause: made.clause,
            subject: made.subject, kind: .recovery, isCarriedOut: true, reason: Code(unchecked: "died"))
        let id = CommandID.derived(CommandID(household.value), "back")
        try world.record(
            HouseholdAppend(
                household: household, expected: history.lastSequence, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: [
                    ProposedEvent(
                        occurredOn: CivilDay(year: 2024, month: 1, day: 20)!,
                        event: .personDied(PersonDied(person: person))),
                    ProposedEvent(occurredOn: IntakeWorldTests.today, event: .determinationMade(made)),
                    ProposedEvent(occurredOn: IntakeWorldTests.today, event: .dueDecided(decided)),
                ]))
    }
}

import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

extension PaymentRunTests {
    @Test("截止后决定暂缓：说暂缓到哪天、哪个月起由这一批送出，不说多发；别人的照送")
    func heldAfterTheClosing() throws {
        var (world, households) = try Self.world(1, seed: 16)
        let scope = Self.scope(2...3)
        let batch = BatchID.derived(from: scope)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: households)), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        let history = try world.household(households[0])
        let person = try #require(history.household.members.first?.id)
        let payers = [PayerShare(payer: Code(unchecked: "finance"), parts: 1)]
        var made = PaymentBench.determination(person, [], payers, readThrough: history.lastSequence)
        made.packHash = Array(repeating: 7, count: 32)
        func days(_ from: String, _ until: String?) -> DayPeriod {
            DayPeriod(start: CivilDay(parsing: from)!, end: until.map { CivilDay(parsing: $0)! })
        }
        made.intervals = [
            .init(period: days("2024-02-10", "2024-03-01"), status: .entitled, amount: .yuan(300), payers: payers),
            .init(period: days("2024-03-01", "2024-07-01"), status: .held, amount: .yuan(300), payers: payers),
            .init(period: days("2024-07-01", nil), status: .entitled, amount: .yuan(300), payers: payers),
        ]
        let id = CommandID.derived(CommandID(households[0].value), "held")
        try world.record(
            HouseholdAppend(
                household: households[0], expected: history.lastSequence, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: [ProposedEvent(occurredOn: IntakeWorldTests.today, event: .determinationMade(made))]))
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let noted = try Self.noted(Self.command(scope, "i", .issue), &world, as: payer)
        let waiting = try #require(try world.batch(batch).lines.first { $0.ordered.household == households[0] })
        let note = try #require(noted.first)
        #expect(noted.count == 1 && note.reason == .lineOnHold && note.code == "CARE-1455")
        #expect(
            note.detail
                == "第 \(waiting.number) 笔，户 \(households[0])：2024-03 暂缓至 2024-06-30，2024-07 起由本批次送出")
        #expect(note.chinese.contains("没有多发") && note.chinese.contains("--number"))
        let sent = try #require(try world.batch(batch).files.first).entries.map(\.line)
        #expect(sent.count == Self.families - 1 && !sent.contains(waiting.number))
    }
}

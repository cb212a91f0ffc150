import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// An earlier batch that paid the same rights is damaged.
extension PaymentRunTests {
    private static func unread(_ damaged: BatchID, _ households: [HouseholdID]) -> [Refusal] {
        households.sorted().map {
            Refusal(
                .earlierBatchDamaged, detail: "批次 \(damaged)，户 \($0)", english: "batch \(damaged), household \($0)")
        }
    }

    @Test("早先一批损坏：它发过的两户这一批不列入，逐户说出，其余七户照发；整批都是它发过的不截止")
    func damagedBeforeClosing() throws {
        var (world, households) = try Self.world(1, seed: 12)
        let some = Array(households.prefix(2))
        let (first, second, third) = (Self.scope(2...2), Self.scope(3...3), Self.scope(4...4))
        let damaged = BatchID.derived(from: first)
        try Self.insist(Self.command(first, "p", .prepare(first, households: some)), &world, intakes: 1)
        try Self.insist(Self.command(first, "c", .close), &world, intakes: 1)
        #expect(try world.batch(damaged).total == .yuan(600))
        try world.fence(stream: "batch-\(damaged)")

        try Self.insist(Self.command(second, "p", .prepare(second, households: households)), &world, intakes: 1)
        let noted = try Self.noted(Self.command(second, "c", .close), &world)
        #expect(noted == Self.unread(damaged, some))
        let batch = try world.batch(BatchID.derived(from: second))
        #expect(batch.isFrozen && batch.total == .yuan(300 * Int64(Self.families - 2)))
        #expect(!batch.lines.contains { some.contains($0.ordered.household) })

        try Self.insist(Self.command(third, "p", .prepare(third, households: some)), &world, intakes: 1)
        let token = try world.send(Self.command(third, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 600)
        #expect(
            world.answers[token] == .refused(Refusal(.earlierBatchDamaged, detail: damaged.description)))
        #expect(try world.batch(BatchID.derived(from: third)).closedAt == nil)
    }

    @Test("办结以后早先一批损坏：各户档案写明谁截止、谁发放，照样截止，一户不少；发放过的人仍不能截止")
    func damagedWhenDone() throws {
        var (world, households) = try Self.world(1, seed: 15)
        let some = Array(households.prefix(2))
        let (first, second) = (Self.scope(2...2), Self.scope(3...3))
        let damaged = BatchID.derived(from: first)
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        try Self.insist(Self.command(first, "p", .prepare(first, households: some)), &world, intakes: 1)
        try Self.insist(Self.command(first, "c", .close), &world, intakes: 1)
        try Self.insist(Self.command(first, "i", .issue), &world, intakes: 1, as: payer)
        let file = try #require(try world.batch(damaged).files.first)
        let answer = BankAnswer(
            file: 1,
            lines: file.entries.enumerated().map { place, entry in
                .init(
                    row: place + 2, reference: BankReference(batch: damaged, file: 1, line: entry.line).description,
                    amount: entry.amount, failure: nil)
            }, declaredCount: file.entries.count, declaredTotal: file.total)
        try Self.insist(Self.command(first, "a", .takeAnswer(answer)), &world, intakes: 1, as: payer)
        try world.fence(stream: "batch-\(damaged)")

        try Self.insist(Self.command(second, "p", .prepare(second, households: households)), &world, intakes: 1)
        let token = try world.send(Self.command(second, "c1", .close), to: 0, as: payer)
        try world.run(steps: 900)
        guard case .refused(let refusal)? = world.answers[token] else {
            Issue.record("whoever paid one batch closes the next: \(String(describing: world.answers[token]))")
            return
        }
        #expect(refusal.reason == .functionHeld && refusal.detail == "payer-1 payment")
        #expect(try Self.noted(Self.command(second, "c", .close), &world).isEmpty)
        let batch = try world.batch(BatchID.derived(from: second))
        #expect(batch.isFrozen && batch.total == .yuan(300 * Int64(Self.families)))
    }

    @Test("早先一批损坏时截止，还没有逐户列入就中断：接着办的仍不列入它发过的两户，仍逐户说出，其余七户照发")
    func damagedAndInterrupted() throws {
        var (world, households) = try Self.world(1, seed: 14)
        let some = Array(households.prefix(2))
        let (first, second) = (Self.scope(2...2), Self.scope(3...3))
        let (damaged, next) = (BatchID.derived(from: first), BatchID.derived(from: second))
        try Self.insist(Self.command(first, "p", .prepare(first, households: some)), &world, intakes: 1)
        try Self.insist(Self.command(first, "c", .close), &world, intakes: 1)
        try world.fence(stream: "batch-\(damaged)")
        try Self.insist(Self.command(second, "p", .prepare(second, households: households)), &world, intakes: 1)
        try world.send(Self.command(second, "c", .close), to: 0, as: IntakeWorldTests.clerk)
        for _ in 0..<900 where try world.batch(next).closedAt == nil { try world.run(steps: 1) }
        // The log has the closing; intake never hears of it.
        world.kill(0)
        try world.run(steps: 300)
        #expect(try world.batch(next).damagedAtClosing == [damaged] && world.batch(next).membersDone == 0)

        let noted = try Self.noted(Self.command(second, "c", .close), &world)
        #expect(Set(noted) == Set(Self.unread(damaged, some)) && noted.count == 2)
        let batch = try world.batch(next)
        #expect(batch.isFrozen && batch.total == .yuan(300 * Int64(Self.families - 2)))
        #expect(!batch.lines.contains { some.contains($0.ordered.household) })
    }

    @Test("截止以后早先一批损坏：它发过的两户暂不送银行，逐户说出，其余七户照送")
    func damagedBeforeSending() throws {
        var (world, households) = try Self.world(1, seed: 13)
        let some = Array(households.prefix(2))
        let (first, second) = (Self.scope(2...2), Self.scope(3...3))
        let damaged = BatchID.derived(from: first)
        for (scope, members) in [(first, some), (second, households)] {
            try Self.insist(Self.command(scope, "p", .prepare(scope, households: members)), &world, intakes: 1)
            try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        }
        try world.fence(stream: "batch-\(damaged)")
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let noted = try Self.noted(Self.command(second, "i", .issue), &world, as: payer)
        #expect(noted == Self.unread(damaged, some))
        let batch = try world.batch(BatchID.derived(from: second))
        let sent = try #require(batch.files.first)
        #expect(batch.lines.count == Self.families && sent.entries.count == Self.families - 2)
        #expect(batch.lines.filter(\.isToBeSent).map(\.ordered.household) == some)

        let again = try world.send(Self.command(second, "i2", .issue), to: 0, as: payer)
        try world.run(steps: 600)
        guard case .recorded(let repeated)? = world.answers[again] else {
            Issue.record("the file sent before is given again: \(String(describing: world.answers[again]))")
            return
        }
        #expect(repeated.isRepeated && Array(repeated.warnings.prefix(2)) == Self.unread(damaged, some))
        #expect(
            repeated.warnings.last?.detail
                == "2 笔的权利由一个已损坏的批次发过，先修复那一批；已有 1 个文件：第 1 个（\(sent.issuedOn)，7 笔 2100.00 元），用 --file 再次取得")
        #expect(try world.batch(BatchID.derived(from: second)).files.count == 1)
    }

    @Test("正常批次的第一批损坏：第一批发过的各户照补后续批次，没有发过的要等修复")
    func damagedFirstOfTheMonths() throws {
        var (world, households) = try Self.world(1, seed: 14)
        let some = Array(households.prefix(2))
        let (first, second) = (Self.scope(2...3), Self.scope(2...4, number: 2))
        // A further batch of the same months: its first one is that of February to April.
        let whole = Self.scope(2...4)
        try Self.insist(Self.command(first, "p", .prepare(first, households: some)), &world, intakes: 1)
        try Self.insist(Self.command(first, "c", .close), &world, intakes: 1)
        try Self.insist(Self.command(whole, "p", .prepare(whole, households: some)), &world, intakes: 1)
        try Self.insist(Self.command(whole, "c", .close), &world, intakes: 1)
        try world.fence(stream: "batch-\(BatchID.derived(from: whole))")
        try Self.insist(Self.command(second, "p", .prepare(second, households: households)), &world, intakes: 1)
        let noted = try Self.noted(Self.command(second, "c", .close), &world)
        #expect(Set(noted) == Set(Self.unread(BatchID.derived(from: whole), Array(households.dropFirst(2)))))
        let batch = try world.batch(BatchID.derived(from: second))
        #expect(batch.isFrozen && batch.lines.isEmpty)
    }
}

import ArchiveClient
import CareDomain
import CareWire
import EligibilityCore
import EventLog
import Testing

@Suite("认定服务：滞留的事件", .timeLimit(.minutes(10)))
struct ParkingTests {
    private static let consumer = Code(unchecked: "eligibility")

    /// Two families judged by the published rules; the first then gets an event that nobody can read.
    private static func world() throws -> (world: EligibilityWorld, stuck: Family, other: Family) {
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        var (stuck, other) = (Family(1), Family(2))
        for command in [stuck.registers(), other.registers()] { try world.carryOut(command) }
        try world.run()
        try world.recordUnreadable(in: stuck.id)
        return (world, stuck, other)
    }

    @Test("读不懂的事件只滞留一次，写明序号与原因；该户后面的等着，别的户照常")
    func parksOnce() throws {
        var (world, stuck, other) = try Self.world()
        let sequence = world.lastSequence(of: stuck.id)
        try world.run()
        try world.recordFact(.factStated(Self.hardship), in: stuck.id)
        try world.carryOut(other.childDies(on: "2014-12-10"))
        try world.run()
        let entry = try #require(world.service.parked.entries[stuck.id])
        #expect(world.service.parked.count == 1)
        #expect(entry.sequence == sequence && entry.reason == .unreadable)
        #expect(entry.kind == UInt32(EventKind.factStated.rawValue) && entry.attempts == 2)
        #expect(world.messages == ["event parked"])
        // The fact behind it waits: nothing is judged on half a history.
        #expect(world.lastSequence(of: stuck.id) == sequence + 1)
        #expect(try world.determinations(of: other.id).last("CZ-1.1", .household) != nil)
        #expect(world.saved.last?.parked == world.service.parked)
    }

    @Test("滞留与检查点一起落盘：重启后不再报一次，也不丢")
    func survivesKills() throws {
        var (world, stuck, _) = try Self.world()
        try world.run()
        let before = try #require(world.saved.last?.parked.entries[stuck.id])
        let read = EligibilityCheckpoint(decoding: try #require(world.saved.last).encoded())
        #expect(read == world.saved.last)
        world.kill()
        try world.run()
        let after = try #require(world.service.parked.entries[stuck.id])
        #expect(after.parkedAt == before.parkedAt && after.attempts > before.attempts)
        #expect(world.messages == ["event parked"])
    }

    @Test("跳过：当作没有这条事件继续；重试：收回跳过，又停在原处", arguments: [false, true])
    func skipAndRetry(losesCheckpoint: Bool) throws {
        var (world, stuck, _) = try Self.world()
        let sequence = world.lastSequence(of: stuck.id)
        try world.recordFact(.personDied(PersonDied(person: Family.child)), in: stuck.id)
        try world.run()
        #expect(world.service.parked.count == 1)
        try world.settle(stuck.id, sequence, .skip)
        try world.run()
        #expect(world.service.parked.count == 0)
        #expect(world.service.parked.skips(of: stuck.id) == [sequence])
        let judged = world.lastSequence(of: stuck.id)
        #expect(judged > sequence + 1)
        if losesCheckpoint { world.kill(from: .some(nil)) } else { world.kill() }
        try world.run()
        // What the operator said stands in the log, so that it holds after any loss; judging again appends nothing.
        #expect(world.service.parked.skips(of: stuck.id) == [sequence])
        #expect(world.service.parked.count == 0 && world.lastSequence(of: stuck.id) == judged)
        try world.settle(stuck.id, sequence, .retry)
        try world.run()
        #expect(world.service.parked.entries[stuck.id]?.sequence == sequence)
        #expect(world.service.parked.skips(of: stuck.id).isEmpty)
    }

    @Test("别的消费者的处理与己无关")
    func otherConsumers() throws {
        var (world, stuck, _) = try Self.world()
        try world.run()
        try world.settle(stuck.id, world.lastSequence(of: stuck.id), .skip, consumer: "notifier")
        try world.run()
        #expect(world.service.parked.count == 1 && world.service.parked.skips(of: stuck.id).isEmpty)
    }

    @Test("结果写不进去：停在最后一条，拒收的原因写明")
    func readings() throws {
        // An answer that is no answer is nobody's event.
        #expect(throws: (any Error).self) {
            try ArchiveMessages.consumed([0xFF, 0xFF], of: Family(1).id, after: 0, skipping: [])
        }
        let damaged = Care_V1_ReadStreamReply.with {
            $0.head.sequence = 2
            $0.damagedSequences = [1, 2]
        }
        let body: [UInt8] = try damaged.serializedBytes()
        let id = Family(1).id
        #expect(
            try ArchiveMessages.consumed(body, of: id, after: 0, skipping: [])
                == .stuck(ParkedEvent(household: id, sequence: 1, reason: .damaged)))
        #expect(
            try ArchiveMessages.consumed(body, of: id, after: 0, skipping: [1])
                == .stuck(ParkedEvent(household: id, sequence: 2, reason: .damaged)))
        guard
            case .events(let events, let isWhole) = try ArchiveMessages.consumed(
                body, of: id, after: 0, skipping: [1, 2])
        else { return #expect(Bool(false)) }
        #expect(events.map(\.reference.sequence) == [1, 2] && isWhole)
    }

    private static let hardship = FactStated(
        fact: FactID(unchecked: "household.economic_hardship"), subject: .household, value: .bool(true),
        source: Code(unchecked: "certificate"))
}

extension EligibilityWorld {
    /// Sequence of a household's last event, readable or not.
    func lastSequence(of household: HouseholdID) -> UInt64 {
        (try? reader.streamHead(StreamName(ArchiveMessages.stream(of: household))))?.sequence.rawValue ?? 0
    }

    /// Puts a fact of a newer program into a household's stream: the payload is none that this one knows.
    mutating func recordUnreadable(in household: HouseholdID) throws {
        try record(kind: .factStated, payload: [0xFF, 0xFF, 0xFF], in: ArchiveMessages.stream(of: household))
    }

    /// Puts an event behind whatever stands in the stream.
    mutating func recordFact(_ event: HouseholdEvent, in household: HouseholdID) throws {
        let encoded = try EventCodec.encode(
            ProposedEvent(occurredOn: now.day, event: event),
            context: EventContext(principal: .clerk, command: CommandID(Identifier128(high: 80, low: 1))))
        guard let kind = EventKind(rawValue: Int(encoded.kind)) else { return }
        try record(
            kind: kind, payload: encoded.payload, metadata: encoded.metadata,
            in: ArchiveMessages.stream(of: household))
    }

    /// Records what an operator says of a parked event, as care-archive does.
    mutating func settle(
        _ household: HouseholdID, _ sequence: UInt64, _ action: ParkedEventSettled.Action,
        consumer: String = "eligibility"
    ) throws {
        let settled = ParkedEventSettled(
            consumer: Code(unchecked: consumer), household: household, event: EventReference(sequence: sequence),
            action: action, reason: "查过了")
        let encoded = try EventCodec.encode(
            .access(.settled(settled)), occurredOn: now.day,
            context: EventContext(principal: .clerk, command: CommandID(Identifier128(high: 81, low: 1))))
        try record(
            kind: .parkedEventSettled, payload: encoded.payload, metadata: encoded.metadata, in: "access-2015-01")
    }
}

import ArchiveClient
import CareDomain
import NotifierCore
import Testing

@Suite("提醒服务：滞留的事件")
struct ParkingTests {
    private static func gap(_ number: UInt64) -> Family {
        var family = Family.complete(number)
        family.end("volunteer", 13, on: "2014-09-01")
        return family
    }

    private static func machine() -> NotifierMachine {
        var machine = NotifierMachine(configuration: .line)
        _ = machine.step(.policies(NoticePolicySet(fallback: .chenzhou)), now: .zero)
        _ = machine.step(.day(day("2014-09-01")), now: .zero)
        machine.utcMicroseconds = 1_409_500_000_000_000
        return machine
    }

    private static let place = FeedBatch.Place(household: household(1), sequence: 9)
    private static let stuck = ParkedEvent(household: household(1), sequence: 9, kind: 80, reason: .unreadable)

    private static func settled(_ action: ParkedEventSettled.Action, _ consumer: String = "notifier")
        -> ParkedEventSettled
    {
        ParkedEventSettled(
            consumer: code(consumer), household: household(1), event: EventReference(sequence: 9), action: action,
            reason: "查过了")
    }

    @Test("读不懂的事件滞留一次，随检查点落盘；别的户照常提醒；重启后仍在")
    func parksOnce() throws {
        var machine = Self.machine()
        let feed = FeedBatch(entries: [], unreadable: [Self.place], cursor: [1], isAtHead: true)
        #expect(machine.step(.feed(feed), now: .zero) == [.load(household(1))])
        let parked = machine.step(.stuck(Self.stuck), now: .zero)
        #expect(parked == [.report(.parkedEvent(Self.stuck)), .saveCheckpoint(machine.checkpoint)])
        #expect(machine.parked.entries[household(1)]?.parkedAt == 1_409_500_000_000_000)
        // The household's next event: tried once more, parked at the same place, told to nobody again.
        #expect(machine.step(.feed(feed), now: .zero) == [.load(household(1))])
        #expect(machine.step(.stuck(Self.stuck), now: .zero).isEmpty)
        #expect(machine.parked.count == 1 && machine.parked.entries[household(1)]?.attempts == 2)
        var world = SimulatedWorld()
        world.tell(Self.gap(2))
        guard case .append(let append)? = machine.step(.feed(world.frame(after: [])), now: .zero).first else {
            return #expect(Bool(false), "household 2 is not judged")
        }
        #expect(append.household == household(2))
        let restored = try #require(NotifierCheckpoint(decoding: machine.checkpoint.encoded()))
        #expect(restored == machine.checkpoint && restored.parked.households == [household(1)])
        #expect(NotifierMachine(configuration: .line, checkpoint: restored).parked == machine.parked)
    }

    @Test("跳过后重新读并判断；重试收回跳过；别的消费者的处理不算")
    func settling() throws {
        var machine = Self.machine()
        let feed = FeedBatch(entries: [], unreadable: [Self.place], cursor: [1], isAtHead: true)
        _ = machine.step(.feed(feed), now: .zero)
        _ = machine.step(.stuck(Self.stuck), now: .zero)
        #expect(machine.step(.settled(Self.settled(.skip, "eligibility")), now: .zero).isEmpty)
        #expect(machine.parked.count == 1)
        let skipped = machine.step(.settled(Self.settled(.skip)), now: .zero)
        #expect(skipped == [.saveCheckpoint(machine.checkpoint), .load(household(1))])
        #expect(machine.parked.skips(of: household(1)) == [9] && machine.parked.count == 0)
        guard case .append? = machine.step(.loaded(household(1), events: Self.gap(1).events), now: .zero).first else {
            return #expect(Bool(false), "household 1 is not judged")
        }
        _ = machine.step(.settled(Self.settled(.retry)), now: .zero)
        #expect(machine.parked.skips(of: household(1)).isEmpty)
    }
}

import ArchiveClient
import CareDomain
import NotifierCore
import Testing

@Suite("提醒服务：步进机")
struct NotifierMachineTests {
    private var gap: Family {
        var family = Family.complete()
        family.end("volunteer", 13, on: "2014-09-01")
        return family
    }

    @Test("空缺提醒写入记录、打印一次、送达结果写入一次；再来同样的事件什么也不做")
    func raisedPrintedRecordedOnce() {
        var desk = Desk(.line)
        desk.world.tell(gap)
        desk.start(on: "2014-09-01")
        let notices = desk.world.notices(household(1))
        #expect(notices.map(\.raised.key) == ["pairing_gap_opened/volunteer/2014-09-01"])
        #expect(notices.first?.deliveries.map(\.outcome) == [.delivered])
        #expect(desk.world.lines.values.map(\.count) == [1])
        let before = desk.world.order.count
        desk.feed()
        desk.input(.feed(desk.world.frame(after: [])))
        desk.input(.day(day("2014-09-02")))
        desk.input(.day(day("2014-08-01")))
        #expect(desk.world.order.count == before)
        #expect(desk.machine.load.active == 0)
        #expect(desk.machine.counters.delivered == 1)
    }

    @Test("提醒和送达都说出起因：最近一条既非提醒也非认定的事件")
    func causes() {
        var desk = Desk(.line)
        var family = gap
        let fact = family.last
        family.determine("CZ-2.1", [("2014-08-01", nil, 30_000, .entitled)], on: "2014-09-01")
        desk.world.tell(family)
        desk.start(on: "2014-09-01")
        let appends = desk.world.receipts.values.map(\.append)
        #expect(appends.count == 2)
        #expect(appends.allSatisfy { $0.cause == fact })
    }

    @Test("追赶记录期间不判断，到了末尾才判断")
    func nothingWhileCatchingUp() {
        var desk = Desk(.line)
        desk.world.tell(gap)
        desk.input(.policies(NoticePolicySet(fallback: .chenzhou)))
        desk.input(.day(day("2014-09-01")))
        var frame = desk.world.frame(after: [])
        frame.isAtHead = false
        desk.input(.feed(frame))
        #expect(desk.world.lines.isEmpty)
        #expect(desk.machine.load.waiting == 1)
        desk.feed()
        #expect(desk.world.lines.count == 1)
    }

    @Test("到了日子只看到期的户")
    func aNewDayLooksOnlyAtWhatIsDue() {
        var desk = Desk(
            NotifierConfiguration(channels: [NoticeChannel(code: code("stdout"), kind: .line)], cachedHistories: 1))
        for number in 1...50 { desk.world.tell(Family.complete(UInt64(number))) }
        var family = Family.complete(51)
        family.end("cadre", 11, on: "2014-10-01")
        desk.world.tell(family)
        desk.start(on: "2014-09-01")
        let loads = desk.machine.counters.loads
        desk.input(.day(day("2014-09-30")))
        #expect(desk.machine.counters.loads == loads)
        desk.input(.day(day("2014-10-01")))
        #expect(desk.machine.counters.loads <= loads + 1)
        #expect(desk.world.notices(household(51)).map(\.raised.key) == ["pairing_gap_opened/cadre/2014-10-01"])
        #expect(desk.world.lines.count == 1)
    }

    @Test("冲突时用返回的事件重新判断：空缺刚被补上就不提醒")
    func conflictIsJudgedAgain() {
        var desk = Desk(.line)
        desk.world.tell(gap)
        let frame = desk.world.frame(after: [])
        var filled = gap
        filled.assign("volunteer", 15, on: "2014-09-01")
        desk.world.tell(household(1), filled.events.last!.event, on: day("2014-09-01"))
        desk.input(.policies(NoticePolicySet(fallback: .chenzhou)))
        desk.input(.day(day("2014-09-01")))
        desk.input(.feed(frame))
        #expect(desk.world.notices(household(1)).isEmpty)
        #expect(desk.machine.counters.conflicts == 1)
    }

    @Test("政策改变后所有户重新判断")
    func changedPolicy() {
        var desk = Desk(.line)
        desk.world.tell(Family.complete())
        desk.start(on: "2014-09-01")
        #expect(desk.world.lines.isEmpty)
        desk.input(.policies(NoticePolicySet(fallback: .with(holidays: ["mid_autumn"]))))
        #expect(desk.world.notices(household(1)).map(\.raised.key) == ["holiday_visit_due/mid_autumn/2014-09-08"])
    }

    @Test("从检查点重启：没有到期的户不读，未送达的户马上送")
    func restartFromCheckpoint() throws {
        var desk = Desk(.webhook)
        desk.receiver = nil
        desk.world.tell(gap)
        desk.world.tell(Family.complete(2))
        desk.start(on: "2014-09-01")
        #expect(desk.openPosts.count == 1)
        desk.input(.stop)
        let saved = try #require(desk.checkpoints.last)
        let bytes = saved.encoded()
        let restored = try #require(NotifierCheckpoint(decoding: bytes))
        #expect(restored == saved)
        var next = Desk(.webhook, checkpoint: restored)
        next.world = desk.world
        next.start(on: "2014-09-01")
        #expect(next.machine.counters.loads == 1)
        let posts = next.world.posts.values.flatMap { $0 }
        #expect(posts.count == 2)
        #expect(Set(posts).count == 1)
        #expect(next.world.notices(household(1)).first?.deliveries.count == 1)
    }

    @Test("检查点损坏、截短或换了版本就当没有")
    func damagedCheckpoint() {
        let checkpoint = NotifierCheckpoint(
            cursor: [1, 2, 3], due: [household(1): .now, household(2): .on(day("2014-10-01")), household(3): .idle],
            policies: Identifier128(high: 1, low: 2), day: day("2014-09-02"), since: day("2014-08-01"))
        let bytes = checkpoint.encoded()
        #expect(NotifierCheckpoint(decoding: bytes) == checkpoint)
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x40
            #expect(NotifierCheckpoint(decoding: damaged) == nil)
            #expect(NotifierCheckpoint(decoding: Array(bytes[..<place])) == nil)
        }
        let empty = NotifierCheckpoint(cursor: [], due: [:], policies: nil)
        #expect(NotifierCheckpoint(decoding: empty.encoded()) == empty)
    }

    @Test("写入不可用时重发同一条，命令编号不变；拒收的户放到第二天")
    func unavailableAndRejected() throws {
        var machine = NotifierMachine(configuration: .line)
        _ = machine.step(.policies(NoticePolicySet(fallback: .chenzhou)), now: .zero)
        _ = machine.step(.day(day("2014-09-01")), now: .zero)
        var world = SimulatedWorld()
        world.tell(gap)
        let first = machine.step(.feed(world.frame(after: [])), now: .zero)
        // The history came with the feed from its first event on, so nothing is read.
        guard case .append(let append) = first.first else { return #expect(Bool(false), "\(first)") }
        let waiting = machine.step(.appendFinished(household(1), append.command, .unavailable), now: .zero)
        guard case .wake(let at) = waiting.first else { return #expect(Bool(false), "\(waiting)") }
        #expect(machine.step(.timer, now: at) == [.append(append)])
        let aside = machine.step(.appendFinished(household(1), append.command, .rejected(code("fenced"))), now: at)
        let last = UInt64(gap.events.count)
        let parked = ParkedEvent(household: household(1), sequence: last, reason: .refused, detail: "fenced")
        #expect(aside.first == .report(.parkedEvent(parked)))
        #expect(aside.dropFirst() == [.saveCheckpoint(machine.checkpoint)])
        #expect(machine.parked.count == 1)
        let nextDay = machine.step(.day(day("2014-09-02")), now: at)
        #expect(nextDay == [.load(household(1))])
    }

    @Test("命令编号已用于别的内容：重新读取再判断，一直冲突则停一停并报告")
    func reusedCommandAndContention() throws {
        var machine = NotifierMachine(configuration: .line)
        _ = machine.step(.policies(NoticePolicySet(fallback: .chenzhou)), now: .zero)
        _ = machine.step(.day(day("2014-09-01")), now: .zero)
        var world = SimulatedWorld()
        world.tell(gap)
        var actions = machine.step(.feed(world.frame(after: [])), now: .zero)
        var conflicts = 0
        while case .append(let append) = actions.first {
            conflicts += 1
            try #require(conflicts < 20)
            actions = machine.step(.appendFinished(household(1), append.command, .commandReused), now: .zero)
            guard actions.first == .load(household(1)) else { break }
            actions = machine.step(.loaded(household(1), events: gap.events), now: .zero)
        }
        #expect(conflicts == 9)
        guard case .wake(let at) = actions.first else { return #expect(Bool(false), "\(actions)") }
        #expect(machine.step(.timer, now: at) == [.load(household(1))])
        #expect(machine.step(.loadFailed(household(1)), now: at).count == 1)
    }

    @Test("内存有上限：一千户同时要送，打开的送达不超过上限，最后都送到一次")
    func boundedDeliveries() {
        let configuration = NotifierConfiguration(
            channels: [NoticeChannel(code: code("webhook"), kind: .webhook)], maximumActive: 8, maximumPerStep: 16,
            maximumDeliveries: 20, maximumPosts: 4, cachedHistories: 10)
        var desk = Desk(configuration)
        desk.receiver = nil
        for number in 1...300 {
            var family = Family(UInt64(number))
            family.register(on: "2014-08-01")
            desk.world.tell(family)
        }
        desk.start(on: "2014-09-01")
        var rounds = 0
        while rounds < 5_000, !desk.openPosts.isEmpty || desk.wakeAt != nil {
            rounds += 1
            let load = desk.machine.load
            #expect(load.deliveries <= 20 && load.active <= 8 && load.cachedHistories <= 10)
            #expect(desk.openPosts.count <= 4)
            if desk.openPosts.isEmpty {
                desk.sleep()
            } else {
                desk.input(.deliveryFinished(desk.openPosts.removeFirst(), .delivered))
            }
        }
        #expect(desk.world.posts.count == 1_200)
        #expect(desk.world.posts.values.allSatisfy { $0.count == 1 })
        #expect(desk.machine.counters.delivered == 1_200)
        #expect(desk.machine.load.deliveries == 0)
    }
}

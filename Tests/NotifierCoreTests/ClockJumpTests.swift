import CareDomain
import NotifierCore
import Testing

/// Days that nobody saw go by: the clock jumped, or the service was stopped over them.
@Suite("提醒服务：时钟跳变", .timeLimit(.minutes(5)))
struct ClockJumpTests {
    private static let policy = NoticePolicy.with(
        holidays: ["mid_autumn", "national_day", "spring_festival", "qingming", "labour_day", "dragon_boat"])

    /// What was raised: key and day, in the order of the record.
    private static func told(_ desk: Desk, _ number: UInt64 = 1) -> [String] {
        desk.world.notices(household(number)).map { "\($0.raised.key) on \($0.raisedOn)" }
    }

    /// A family for which much falls due by itself.
    private static func family(_ number: UInt64, _ random: inout SplitMix) -> Family {
        var family = Family.complete(number)
        let start = day("2014-08-01")
        func later(_ most: Int32) -> String { "\(start + Int32.random(in: 1...most, using: &random))" }
        if random.once(in: 2) { family.assess(1, grade: 2, validThrough: later(500), on: "2014-08-01") }
        if random.once(in: 2) {
            family.determine("CZ-2.1", [(later(400), nil, 30_000, .entitled)], on: "2014-08-01")
        }
        // Recorded in advance: a slot that will be left, and one that will pass on.
        if random.once(in: 2) { family.end("volunteer", 13, on: later(300)) }
        if random.once(in: 2) { family.handOver("cadre", 11, 20, on: later(300)) }
        return family
    }

    @Test("时钟一下跳过两个月：其间到期的提醒都补上，写明各自到期的日子，每条一次")
    func ahead() {
        var desk = Desk(.line)
        desk.world.tell(Family.complete())
        desk.start(on: "2014-08-20", Self.policy)
        #expect(Self.told(desk).isEmpty)
        desk.input(.day(day("2014-11-01")))
        let expected = [
            "holiday_visit_due/mid_autumn/2014-09-08 on 2014-09-01",
            "holiday_visit_due/national_day/2014-10-01 on 2014-09-24",
        ]
        #expect(Self.told(desk) == expected)
        #expect(desk.world.lines.values.map(\.count) == [1, 1])
        // Back again, and forward: nothing twice.
        desk.input(.day(day("2014-08-21")))
        desk.input(.day(day("2014-11-02")))
        #expect(Self.told(desk) == expected)
    }

    @Test("停了两个月再启动：照检查点补上")
    func stoppedOverIt() throws {
        var desk = Desk(.line)
        desk.world.tell(Family.complete())
        desk.start(on: "2014-08-20", Self.policy)
        desk.input(.stop)
        let saved = try #require(desk.checkpoints.last)
        var next = Desk(.line, checkpoint: saved)
        next.world = desk.world
        next.start(on: "2014-11-01", Self.policy)
        #expect(Self.told(next).count == 2)
        // With something open when it stopped.
        var busy = Desk(.webhook)
        busy.receiver = nil
        busy.world.tell(Family.complete())
        busy.start(on: "2014-09-01", Self.policy)
        #expect(busy.openPosts.count == 1)
        busy.input(.stop)
        let kept = try #require(busy.checkpoints.last)
        var resumed = Desk(.webhook, checkpoint: kept)
        resumed.world = busy.world
        resumed.start(on: "2014-11-01", Self.policy)
        #expect(Self.told(resumed).count == 2)
    }

    @Test("新装的提醒服务读到旧记录：不追发过去的提醒")
    func thePastIsNoNews() {
        var desk = Desk(.line)
        desk.world.tell(Family.complete())
        desk.start(on: "2015-08-20", Self.policy)
        #expect(Self.told(desk).isEmpty)
    }

    @Test("没有检查点、时钟又超前地启动：拨正后从真正的那天补起，重启之后拨正也一样", arguments: [false, true])
    func startedAhead(restarts: Bool) throws {
        let expected = ["holiday_visit_due/mid_autumn/2014-09-08 on 2014-09-02"]
        var desk = Desk(.line)
        desk.world.tell(Family.complete())
        desk.start(on: "2014-12-20", Self.policy)
        #expect(Self.told(desk).isEmpty)
        if restarts {
            desk.input(.stop)
            let saved = try #require(desk.checkpoints.last)
            let world = desk.world
            let read = NotifierCheckpoint(decoding: saved.encoded())
            #expect(read == saved)
            desk = Desk(.line, checkpoint: read)
            desk.world = world
            desk.start(on: "2014-09-02", Self.policy)
        } else {
            desk.input(.day(day("2014-09-02")))
        }
        #expect(Self.told(desk) == expected)
        desk.input(.day(day("2014-09-01")))
        desk.input(.day(day("2014-09-03")))
        #expect(Self.told(desk) == expected)
    }

    @Test("时钟超前几天又拨正并重启：已发的不再发，也不收回", arguments: 1...40)
    func backAgain(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var desk = Desk(.line)
        let family = Self.family(1, &random)
        desk.world.tell(family)
        desk.start(on: "2014-08-20", Self.policy)
        desk.input(.day(day("2014-08-20") + Int32.random(in: 2...200, using: &random)))
        let told = Self.told(desk)
        desk.input(.stop)
        let saved = try #require(desk.checkpoints.last)
        var next = Desk(.line, checkpoint: saved)
        next.world = desk.world
        next.start(on: "2014-08-21", Self.policy)
        next.world.tell(
            household(1), .visitRecorded(VisitRecorded(kind: code("home"))), on: day("2014-08-21"))
        next.feed()
        #expect(Self.told(next) == told, "seed \(seed)")
    }

    @Test("跳着过与一天天过，提醒完全相同，日子也相同", arguments: 1...60)
    func sameAsDayByDay(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let families = (1...4).map { Self.family(UInt64($0), &random) }
        var daily = Desk(.line)
        var jumping = Desk(.line)
        for family in families {
            daily.world.tell(family)
            jumping.world.tell(family)
        }
        let first = day("2014-08-02")
        daily.start(on: "2014-08-02", Self.policy)
        jumping.start(on: "2014-08-02", Self.policy)
        let end = first + 360
        for number in 1...Int32(360) { daily.input(.day(first + number)) }
        var today = first
        while today < end {
            today = min(end, today + Int32.random(in: 1...120, using: &random))
            if random.once(in: 2) {
                jumping.input(.stop)
                let bytes = try #require(jumping.checkpoints.last).encoded()
                let saved = try #require(NotifierCheckpoint(decoding: bytes))
                var next = Desk(.line, checkpoint: saved)
                next.world = jumping.world
                jumping = next
                jumping.start(on: "\(today)", Self.policy)
            } else {
                jumping.input(.day(today))
            }
        }
        for number in 1...UInt64(4) {
            #expect(Self.told(jumping, number) == Self.told(daily, number), "seed \(seed)")
        }
        #expect((1...UInt64(4)).contains { Self.told(daily, $0).count > 5 }, "seed \(seed)")
    }
}

import CareDomain
import MessageBus
import NotifierCore
import Testing

@Suite("提醒服务：北京时间零点换日，不论机器在哪个时区")
struct MidnightTests {
    /// 2024-06-03T16:00:00Z, midnight in Shanghai.
    private static let midnight: Int64 = 1_717_430_400_000_000

    private static func moment(_ seconds: Int64) -> BusMoment {
        BusMoment(
            monotonic: MonotonicTime(nanoseconds: (60 + seconds) * 1_000_000_000),
            utcMicroseconds: midnight + seconds * 1_000_000)
    }

    @Test("23:59:59 还是当日，00:00:01 已是次日；时钟拨回去，日子也跟着")
    func turns() {
        let principal = Principal(
            peer: "notifier", actor: code("notifier"), role: code("service"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [.append])
        var service = NotifierService(
            configuration: NotifierConfiguration(channels: [NoticeChannel(code: code("stdout"), kind: .line)]),
            checkpoint: nil, principal: principal, idSeed: 1, post: { _, _ in }, postOffice: { _, _ in })
        var actions: [ServiceAction<NotifierWork>] = []
        service.step(.started, now: Self.moment(-1), actions: &actions)
        #expect(service.today == day("2024-06-03"))
        var timers: [TimerID] = []
        for case .setTimer(let id, _) in actions { timers.append(id) }
        for (second, expected) in [(Int64(0), "2024-06-04"), (1, "2024-06-04"), (-2, "2024-06-03")] {
            for timer in timers { service.step(.timer(timer), now: Self.moment(second), actions: &actions) }
            #expect(service.today == day(expected), "\(second)")
        }
    }
}

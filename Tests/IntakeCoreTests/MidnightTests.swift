import CareDomain
import CareTestKit
import CareWire
import EventLog
import IntakeCore
import Testing

@Suite("受理：北京时间零点换日，不论机器在哪个时区")
struct MidnightTests {
    private typealias World = IntakeWorldTests
    /// 2024-06-03T16:00:00Z, midnight in Shanghai.
    private static let midnight = Moment(microseconds: 1_717_430_400_000_000)
    private static let newDay = CivilDay(year: 2024, month: 6, day: 4)!

    private static func registration(_ number: UInt64, on day: CivilDay) -> HouseholdCommand {
        let command = World.registration(number, tokens: [number])
        return HouseholdCommand(
            id: command.id, household: command.household, occurredOn: day, action: command.action)
    }

    @Test("零点以前说次日的事：退回，说还没到；当日的照收。零点一过，同样的命令照收")
    func turns() throws {
        // The world's clock moves by up to 0.4 seconds a step.
        var world = try IntakeWorld(
            intakes: 1, seed: 4, start: Moment(microseconds: Self.midnight.microseconds - 60_000_000))
        try world.run(steps: 40)
        #expect(world.now < Self.midnight && world.now.day == CivilDay(year: 2024, month: 6, day: 3)!)
        let early = try world.send(Self.registration(1, on: Self.newDay), to: 0, as: World.clerk)
        let own = try world.send(Self.registration(2, on: world.now.day), to: 0, as: World.clerk)
        try world.run(steps: 60)
        #expect(world.now < Self.midnight)
        guard case .refused(let refusal)? = world.answers[early] else {
            Issue.record("not refused: \(String(describing: world.answers[early]))")
            return
        }
        #expect(refusal.reason == .dayInFuture)
        guard case .recorded? = world.answers[own] else {
            Issue.record("not recorded: \(String(describing: world.answers[own]))")
            return
        }
        for _ in 0..<5_000 where world.now < Self.midnight { try world.run(steps: 1) }
        #expect(world.now >= Self.midnight && world.now.day == Self.newDay)
        let late = try world.send(Self.registration(1, on: Self.newDay), to: 0, as: World.clerk)
        try world.run(steps: 200)
        guard case .recorded? = world.answers[late] else {
            Issue.record("not recorded: \(String(describing: world.answers[late]))")
            return
        }
    }
}

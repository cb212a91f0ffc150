import CareDomain
import CareTestKit
import IntakeCore
import Testing

@Suite("受理：试办")
struct TrialTests {
    private typealias World = IntakeWorldTests

    @Test("试办说出会怎样，什么都不写")
    func tellsAndWritesNothing() throws {
        var world = try World.ready(1, seed: 1)
        let first = World.registration(1, tokens: [1, 2])
        let fresh = try world.ask(first, of: 0, as: World.clerk)
        try world.run(steps: 200)
        #expect(world.answers[fresh] == .acceptable(household: first.household, warnings: []))
        #expect(try world.allEvents().isEmpty)

        try world.send(first, to: 0, as: World.clerk)
        try world.run(steps: 200)
        let count = try world.allEvents().count
        let again = try world.ask(first, of: 0, as: World.clerk)
        let taken = try world.ask(World.registration(2, tokens: [2, 3]), of: 0, as: World.clerk)
        let late = try world.ask(MoveTests.merge(3, first.household, into: first.household), of: 0, as: World.clerk)
        try world.run(steps: 200)
        guard case .recorded(let recorded)? = world.answers[again] else {
            Issue.record("expected the first answer: \(String(describing: world.answers[again]))")
            return
        }
        #expect(recorded.isRepeated)
        #expect(
            world.answers[taken]
                == .refused(Refusal(.personElsewhere, field: "members[0].id_number", candidate: first.household)))
        #expect(world.answers[late] == .refused(Refusal(.nothingToDo, field: "into")))
        #expect(try world.allEvents().count == count)
    }
}

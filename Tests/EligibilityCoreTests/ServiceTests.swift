import CareDomain
import CareProjections
import CareTestKit
import EligibilityCore
import EventLog
import RuleEngine
import Testing

@Suite("认定服务：丢失、重启、卡住", .timeLimit(.minutes(10)))
struct ServiceTests {
    /// A small district of changing families, command by command.
    private static func life(_ number: UInt64) -> [HouseholdCommand] {
        var family = Family(number)
        var commands = [family.registers(on: "2014-08-0\(number % 8 + 1)")]
        if number % 3 == 0 { commands.append(family.childAssessed(3, on: "2014-09-10")) }
        if number % 3 != 1 { commands.append(family.childDies(on: "2014-12-\(10 + number % 15)")) }
        commands.append(family.isVisited(on: "2014-12-28"))
        commands.append(family.states("household.economic_hardship", .bool(true), on: "2014-12-29"))
        if number % 4 == 0 {
            commands.append(
                family.says(.recordBirth(ChildBorn()), on: "2014-12-30"))
        }
        return commands
    }

    private static let numbers = Array(UInt64(1)...12)

    /// Runs the district through a world, the commands of each family in their order, the families mixed by the seed.
    private static func run(
        seed: UInt64, _ weather: EligibilityWorld.Weather, limits: EligibilityService.Limits = .init()
    ) throws -> EligibilityWorld {
        var world = try EligibilityWorld(seed: seed, weather: weather, limits: limits, on: "2015-01-10")
        var random = SeededGenerator(seed: seed)
        try world.publish()
        var rest = numbers.map { life($0)[...] }
        while !rest.allSatisfy(\.isEmpty) {
            let index = Int.random(in: rest.indices, using: &random)
            guard let command = rest[index].popFirst() else { continue }
            try world.carryOut(command)
            try world.run(steps: Int.random(in: 0...6, using: &random))
        }
        world.weather = .init()
        try world.run()
        return world
    }

    private static func exports(_ world: EligibilityWorld) throws -> [[String]] {
        try numbers.map { CanonicalExport.lines(of: try world.history(of: Family($0).id)) }
    }

    /// Nothing is appended twice, nothing that says the same as before, and what stands is what the rules say.
    private static func check(_ world: EligibilityWorld, _ comment: Comment) throws {
        let evaluator = Evaluator(registry: world.rules.registry)
        for number in numbers {
            let history = try world.history(of: Family(number).id)
            var latest: [String: DeterminationMade] = [:]
            for made in try world.determinations(of: Family(number).id) {
                let key = "\(made.clause) \(made.subject)"
                if let earlier = latest[key] {
                    #expect(!Determination(made).isStored(as: earlier), comment)
                } else {
                    #expect(!Determination(made).isEmpty, comment)
                }
                latest[key] = made
            }
            for wanted in evaluator.determine(FactBase(events: history.events)) {
                let stored = latest.removeValue(forKey: "\(wanted.clause) \(wanted.subject)")
                #expect(stored.map(wanted.isStored) ?? wanted.isEmpty, comment)
            }
            #expect(latest.isEmpty, comment)
        }
    }

    @Test("各户先后、分片与延迟不同，规范导出一字不差", arguments: 1...6)
    func orderDoesNotMatter(seed: Int) throws {
        let calm = try Self.run(seed: 1, .init())
        let other = try Self.run(seed: UInt64(seed) &* 7919, .init())
        #expect(try Self.exports(calm) == Self.exports(other))
    }

    @Test("请求与答复丢失、任何一步被杀：不重不漏，结果与风平浪静时相同", arguments: 1...40)
    func lossesAndKills(seed: Int) throws {
        let rough = EligibilityWorld.Weather(requestsLost: 120, answersLost: 180, kills: 60)
        var limits = EligibilityService.Limits()
        limits.maximumActive = 1 + seed % 5
        limits.maximumPerTurn = 1 + seed % 3
        limits.cachedHistories = 1 + seed % 4
        let world = try Self.run(seed: UInt64(seed), rough, limits: limits)
        try Self.check(world, "seed \(seed)")
        #expect(try Self.exports(world) == Self.exports(Self.run(seed: 1, .init())), "seed \(seed)")
    }

    @Test("停机期间来的一切，开机后每户只用一次追加")
    func catchesUpInOneGo() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        try world.run()
        world.stop()
        for number in Self.numbers {
            for command in Self.life(number) { try world.carryOut(command) }
        }
        world.start()
        try world.run()
        try Self.check(world, "after a stop")
        for number in Self.numbers {
            let commands = try world.history(of: Family(number).id).events.compactMap {
                if case .determinationMade = $0.event { $0.command } else { nil }
            }
            #expect(Set(commands).count <= 1)
        }
    }

    @Test("检查点之前的户重启后不再读；检查点丢了只费时间，不多写一条")
    func checkpoint() throws {
        var world = try Self.run(seed: 3, .init())
        let events = world.eventCount
        let last = try #require(world.saved.last)
        #expect(EligibilityCheckpoint(decoding: last.encoded()) == last)
        world.kill()
        try world.run()
        #expect(world.service.counters.reads == 0 && world.service.counters.judged == 0)
        world.kill(from: .some(nil))
        try world.run()
        #expect(world.service.counters.judged >= Self.numbers.count)
        #expect(world.eventCount == events)
        #expect(EligibilityCheckpoint(decoding: [1, 2, 3]) == nil)
        #expect(EligibilityCheckpoint(decoding: []) == nil)
        // A place that was damaged would leave families out for good.
        let file = last.encoded()
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 1 << UInt8(place % 8)
            #expect(EligibilityCheckpoint(decoding: damaged) == nil, "byte \(place)")
        }
    }

    @Test("新登记的户随日志直接认定，不必再读一遍")
    func followsNewStreams() throws {
        var world = try EligibilityWorld(on: "2015-01-10")
        try world.publish()
        try world.run()
        for number in Self.numbers {
            for command in Self.life(number) { try world.carryOut(command) }
        }
        try world.run()
        #expect(world.service.counters.reads == 0)
        try Self.check(world, "followed live")
    }

    @Test("一户卡住：别的户照常，检查点照走，修好后自己补上")
    func stuckHousehold() throws {
        var limits = EligibilityService.Limits()
        limits.cachedHistories = 1
        limits.setAsideTicks = 40
        var world = try EligibilityWorld(limits: limits, on: "2015-01-10")
        let stuck = Family(2).id
        world.damaged = [stuck]
        for number in Self.numbers {
            for command in Self.life(number) { try world.carryOut(command) }
        }
        try world.publish()
        try world.run()
        #expect(try world.determinations(of: stuck).isEmpty)
        #expect(try !world.determinations(of: Family(3).id).isEmpty)
        #expect(world.service.counters.failures == 1)
        #expect(world.messages == ["event parked"])
        #expect(world.saved.last?.parked.households == [stuck] && world.saved.last?.rulesOf != nil)
        world.kill()
        try world.run()
        #expect(world.service.counters.failures == 1)
        world.damaged = []
        try world.run(steps: 200)
        try world.run()
        try Self.check(world, "after the repair")
        #expect(world.service.counters.failures == 0 && world.saved.last?.parked.count == 0)
    }

    @Test("读与写之间来了新的事实：冲突后重新审核，以新的为准")
    func conflict() throws {
        var world = try EligibilityWorld(seed: 2, on: "2015-01-10")
        try world.publish()
        try world.run()
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        while world.service.counters.conflicts == 0 {
            try world.run(steps: 1)
            if world.service.counters.waiting > 0 {
                try world.carryOut(family.states("household.dibao", .bool(true), on: "2014-12-11"))
            }
        }
        try world.carryOut(family.says(.recordBirth(ChildBorn()), on: "2014-12-20"))
        try world.run()
        let definition = try #require(try world.determinations(of: family.id).last("CZ-1.1", .household))
        #expect(definition.short.last == "2014-12-20..: notEntitled")
    }
}

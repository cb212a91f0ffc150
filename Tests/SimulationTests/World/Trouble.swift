import MessageBus

/// What goes wrong in a run, and when. Each seed has some kinds of trouble and not others, so that rare mixtures come up.
struct TroubleMaker {
    enum Kind: CaseIterable {
        case kills, losesPower, stopsInOrder, cuts, walls, clockJumps, writesFail, syncsFail, fillsDisk
    }

    private let kinds: [Kind]
    private var random: SeededRandom
    /// Mean time between two troubles, in microseconds.
    private let pause: Int
    /// How often each kind came.
    private(set) var counts: [Kind: Int] = [:]

    init(random: SeededRandom) {
        var random = random
        let some = Kind.allCases.filter { _ in random.chance(550) }
        kinds = some.isEmpty ? [.kills] : some
        pause = random.one(of: [400_000, 900_000, 2_500_000])
        self.random = random
    }

    mutating func weather() -> Network.Weather {
        Network.Weather(
            lost: random.one(of: [0, 0, 10, 60]), repeated: random.one(of: [0, 0, 20]),
            slow: random.one(of: [0, 10, 60]), slowest: random.one(of: [50_000, 3_000_000]),
            feedLost: random.one(of: [0, 30, 200]))
    }

    mutating func reorders() -> Bool { random.chance(400) }

    /// Microseconds until the next trouble.
    mutating func nextPause() -> Int64 { random.time(pause / 10...pause * 2) }

    /// Makes one trouble.
    mutating func strike(_ world: World) {
        let kind = random.one(of: kinds)
        counts[kind, default: 0] += 1
        switch kind {
        case .kills: world.end(random.one(of: MachineName.allCases), startingAgainAfter: pauseDown())
        case .losesPower:
            world.archive.losesPower = true
            world.end(.archive, startingAgainAfter: pauseDown())
        case .stopsInOrder:
            world.end(random.one(of: MachineName.allCases), inOrder: true, startingAgainAfter: pauseDown())
        case .cuts: world.network.cutOne()
        case .walls: wall(world)
        case .clockJumps: jump(world)
        case .writesFail: trouble(world) { $0.writesFail = 60 }
        case .syncsFail: trouble(world) { $0.syncsFail = 150 }
        case .fillsDisk: trouble(world) { $0.isFull = true }
        }
    }

    private mutating func pauseDown() -> Int64 {
        random.chance(700) ? random.time(20_000...800_000) : random.time(1_000_000...6_000_000)
    }

    private mutating func wall(_ world: World) {
        let client = random.one(of: MachineName.allCases.filter { !$0.links.isEmpty })
        let pair: Set<MachineName> = [client, random.one(of: random.one(of: client.links))]
        world.network.wall(pair)
        world.agenda.add(at: world.now + random.time(200_000...6_000_000)) { [unowned world] in
            world.network.open(pair)
        }
    }

    private mutating func jump(_ world: World) {
        let second: Int64 = 1_000_000
        let size = random.one(of: [1, 90, 4_000, 86_400, 20 * 86_400]) * random.number(1...3)
        let name = random.one(of: [MachineName.archive, .intake, .secondIntake, .eligibility, .notifier])
        world.clockErrors[name] = Int64(random.chance(500) ? size : -size) * second
        world.agenda.add(at: world.now + random.time(200_000...8_000_000)) { [unowned world] in
            world.clockErrors[name] = 0
        }
    }

    private mutating func trouble(_ world: World, _ change: (inout SimulatedDisk.Trouble) -> Void) {
        var trouble = SimulatedDisk.Trouble()
        change(&trouble)
        world.disk.set(trouble)
        world.agenda.add(at: world.now + random.time(100_000...3_000_000)) { [unowned world] in
            world.disk.set(SimulatedDisk.Trouble())
        }
    }
}

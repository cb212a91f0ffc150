import CareDomain

@testable import ArchiveCore
@testable import EligibilityCore
@testable import MessageBus
@testable import NotifierCore

/// One run: everything starts, goes wrong for a while, is left in peace until it has come to rest, and is checked.
struct Run {
    /// What came of a run.
    struct Outcome {
        var seed: UInt64
        var failures: [String]
        var trace: UInt64
        /// Simulated microseconds.
        var time: Int64
        var steps: Int
        var events: Int
        var commands: Int
        var recorded: Int
        var notes: [String]
        var seen: Set<String>
    }

    /// How long things go wrong, in simulated microseconds.
    private static let roughTime: Int64 = 25_000_000
    /// How long a run may take to come to rest.
    private static let restLimit: Int64 = 90_000_000

    static func make(_ seed: UInt64, mutant: Mutant? = nil, isVerbose: Bool = false) throws -> Outcome {
        let world = try World(seed: seed, mutant: mutant, isVerbose: isVerbose)
        var trouble = TroubleMaker(random: world.random.fork())
        for name in MachineName.allCases {
            world.agenda.add(at: world.random.time(0...400_000)) { [unowned world] in world.start(name) }
        }
        world.run(until: 1_000_000)
        beRough(world, &trouble)
        world.becomeCalm()
        rest(world)
        var check = Check(world)
        if world.failures.isEmpty || isVerbose { check.everything() }
        let outcome = Outcome(
            seed: seed, failures: world.failures, trace: world.trace, time: world.now, steps: world.steps,
            events: check.events.count, commands: world.ledger.entries.count,
            recorded: world.ledger.recorded.count, notes: world.notes, seen: seen(world, trouble, check))
        world.close()
        return outcome
    }

    private static func beRough(_ world: World, _ trouble: inout TroubleMaker) {
        world.network.weather = trouble.weather()
        world.network.reorders = trouble.reorders()
        var next = world.now + trouble.nextPause()
        while world.now < roughTime, world.failures.isEmpty {
            world.run(until: min(next, roughTime))
            guard world.now >= next else { continue }
            trouble.strike(world)
            next = world.now + trouble.nextPause()
        }
    }

    /// Waits until nothing moves any more.
    private static func rest(_ world: World) {
        var quietSince = world.now
        var head: UInt64 = 0
        while world.failures.isEmpty {
            world.run(until: world.now + 500_000)
            let now = world.archive.node?.core.log.head.position.rawValue ?? 0
            if !world.isAtRest || now != head { quietSince = world.now }
            head = now
            // Longer than the patience with a silent reservation and the notifier's longest pause together.
            if world.now - quietSince >= 4_000_000 { return }
            if world.now > roughTime + restLimit { world.fail("never at rest: \(world.unrest)") }
        }
    }

    /// What a run went through, so that runs cannot become harmless unnoticed.
    private static func seen(_ world: World, _ trouble: TroubleMaker, _ check: Check) -> Set<String> {
        var seen = Set(trouble.counts.keys.map { "\($0)" })
        if world.network.lostFrames > 0 { seen.insert("frames lost") }
        if world.network.repeatedFrames > 0 { seen.insert("frames repeated") }
        if world.disk.failedWrites > 0 { seen.insert("a write failed") }
        if world.disk.failedSyncs > 0 { seen.insert("a sync failed") }
        if world.disk.fullWrites > 0 { seen.insert("no room") }
        if world.archive.failedOpenings > 0 { seen.insert("an opening failed") }
        seen.formUnion(check.standings)
        if world.ledger.refusedForgeries > 0 { seen.insert("a forgery refused") }
        for entry in world.ledger.entries {
            if entry.echoes > 0 { seen.insert("answered again") }
            switch entry.answer {
            case .recorded?: seen.insert("recorded \(entry.command.action.label)")
            case .refused(let code)?: seen.insert("refused \(code)")
            case nil: break
            }
        }
        for entry in world.errands.entries {
            switch entry.answer {
            case .recorded?: seen.insert("recorded \(entry.label)")
            case .refused(let code)?: seen.insert("refused \(code)")
            case nil: break
            }
        }
        return seen
    }
}

extension HouseholdAction {
    /// The name of the case.
    var label: String {
        if case .application(let event) = self { return "application \(String("\(event)".prefix { $0 != "(" }))" }
        return String("\(self)".prefix { $0 != "(" })
    }
}

extension World {
    /// Whether a service may find its state file gone or old when it starts.
    var losesFiles: Bool { isRough && seed % 4 == 1 }

    /// Whether a follower of feed (a) stands at the head of what it knows of.
    private func isLive(_ name: MachineName) -> Bool {
        let state =
            switch name {
            case .eligibility: eligibility.node?.follower?.state
            case .notifier: notifier.node?.follower?.state
            default: follower.node?.follower?.state
            }
        return state == .live
    }

    /// Why the run is not at rest.
    var unrest: [String] {
        var reasons: [String] = []
        for name in MachineName.allCases where !isUp(name) { reasons.append("\(name.peer) is down") }
        let open = ledger.entries.filter { $0.answer == nil }
        let errands = errands.entries.filter { $0.answer == nil }
        if !errands.isEmpty { reasons.append("no answer to \(errands.map { "\($0.label) \($0.id)" })") }
        if !open.isEmpty {
            reasons.append("no answer to \(open.map { "\($0.command.action.label) \($0.command.id)" })")
        }
        if !people.hasPack { reasons.append("the pack is not published") }
        if let core = eligibility.node?.core, !core.isIdle { reasons.append("eligibility has work to do") }
        if let load = notifier.load, load.waiting + load.active + load.deliveries + load.orders > 0 {
            reasons.append("the notifier has work to do: \(load)")
        }
        for name in [MachineName.eligibility, .notifier, .follower] where !isLive(name) {
            reasons.append("\(name.peer) does not stand at the head")
        }
        return reasons
    }

    var isAtRest: Bool { unrest.isEmpty }
}

extension EligibilityService {
    /// Whether everybody is judged whom it knows of.
    fileprivate var isIdle: Bool {
        ledger.isEmpty && active.isEmpty && restingUntil.isEmpty && sweepCursor == nil && isFollowing && isAtHead
    }
}

import CareDomain
import EventLog
import ZeroMQ

@testable import MessageBus

/// All services, their clients and what lies between them, on one thread, from one seed.
///
/// Time, wires, disks and everything that goes wrong are played; the cores, the bus nodes around them and the log on
/// its SQLite database are the real ones. The same seed gives the same run, on any machine.
final class World {
    /// Midnight of 2024-06-03 in Beijing, when every run begins, in UTC microseconds.
    static let beginning: Int64 = 1_717_344_000_000_000

    let seed: UInt64
    let mutant: Mutant?
    /// Simulated microseconds since the beginning.
    private(set) var now: Int64 = 0
    var agenda = Agenda()
    var random: SeededRandom
    private(set) lazy var network = Network(world: self, random: random.fork())
    private(set) var machines: [MachineName: any Machine] = [:]
    let disk: SimulatedDisk
    let vfs: SimulatedVFS
    let registry: PeerRegistry
    let ledger = Ledger()
    let people: People
    let errands = Errands()
    let cashier: Cashier
    let granter: Granter
    let applicant: Applicant
    let lender: Lender
    /// By how much each machine's wall clock is wrong, in microseconds.
    var clockErrors: [MachineName: Int64] = [:]
    /// What must not have happened and did.
    private(set) var failures: [String] = []
    /// The last lines of the operators' logs, for whoever looks into a failure.
    private(set) var notes: [String] = []
    private var turnsAhead: Set<MachineName> = []
    private var wakes: [MachineName: Int64] = [:]
    private var isCalm = false
    /// Stands for everything that was sent and said, so that two runs can be compared.
    private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var steps = 0
    /// Whether somebody wants to see the notes.
    let isVerbose: Bool

    init(seed: UInt64, mutant: Mutant? = nil, isVerbose: Bool = false) throws {
        self.seed = seed
        self.mutant = mutant
        self.isVerbose = isVerbose
        random = SeededRandom(seed: seed)
        disk = SimulatedDisk(random: random.fork(), syncsLate: mutant == .acknowledgesBeforeSync)
        // The same seed may run twice at a time, so the name says which disk it is.
        vfs = SimulatedVFS(disk, name: "simulated-\(seed)-\(ObjectIdentifier(disk).hashValue)")
        registry = try PeerRegistry(MachineName.allCases.map(\.asPeer), generation: 1)
        people = try People(random: random.fork(), ledger: ledger)
        cashier = Cashier(random: random.fork(), errands: errands)
        granter = Granter(random: random.fork(), errands: errands)
        applicant = Applicant(random: random.fork(), ledger: ledger)
        lender = Lender(random: random.fork(), errands: errands)
        machines = [
            .archive: ArchiveMachine(self), .intake: IntakeMachine(.intake, self),
            .secondIntake: IntakeMachine(.secondIntake, self), .eligibility: EligibilityMachine(self),
            .notifier: NoticeMachine(self), .follower: FollowerMachine(self), .clerk: ClerkMachine(.clerk, self),
        ]
        for name in MachineName.allCases where name > .clerk { machines[name] = ClerkMachine(name, self) }
    }

    var archive: ArchiveMachine { machine(.archive) }
    var eligibility: EligibilityMachine { machine(.eligibility) }
    var notifier: NoticeMachine { machine(.notifier) }
    var follower: FollowerMachine { machine(.follower) }

    private func machine<Kind>(_ name: MachineName) -> Kind {
        guard let machine = machines[name] as? Kind else {
            preconditionFailure("World.machine: \(name) is no \(Kind.self)")
        }
        return machine
    }

    // MARK: Time

    func moment(of name: MachineName) -> BusMoment {
        BusMoment(
            monotonic: MonotonicTime(nanoseconds: now * 1_000 + 1),
            utcMicroseconds: Self.beginning + now + clockErrors[name, default: 0])
    }

    /// The day by a clock that is right.
    var today: CivilDay { CivilDay(microsecondsUTC: Self.beginning + now) }

    /// Lets time pass until a moment, and everything that is due happen.
    func run(until end: Int64) {
        while let next = agenda.next, next <= end, failures.isEmpty {
            now = max(now, next)
            steps += 1
            agenda.take()?()
        }
        now = max(now, end)
    }

    // MARK: Processes

    func isUp(_ name: MachineName) -> Bool { machines[name]?.isUp ?? false }
    func life(of name: MachineName) -> Int { machines[name]?.life ?? 0 }

    /// Gives a running process something, and ends its turn soon.
    func deliver(to name: MachineName, _ give: (any Machine, BusMoment) -> Void) {
        guard let machine = machines[name], machine.isUp else { return }
        give(machine, moment(of: name))
        turnSoon(name)
    }

    /// Ends the process's turn in a moment: what comes until then belongs to the same turn.
    func turnSoon(_ name: MachineName) {
        guard turnsAhead.insert(name).inserted else { return }
        let life = life(of: name)
        agenda.add(at: now + random.time(0...150)) { [unowned self] in
            turnsAhead.remove(name)
            guard let machine = machines[name], machine.isUp, machine.life == life else { return }
            machine.endTurn(moment(of: name))
            afterTurn(machine)
        }
    }

    private func afterTurn(_ machine: any Machine) {
        if machine.wantsStop {
            note(machine.name, BusLogEntry(.error, "the process ends because its core wants to"))
            end(machine.name, startingAgainAfter: random.time(50_000...2_000_000))
            return
        }
        if machine.needsTurn { turnSoon(machine.name) }
        wakeInTime(machine)
    }

    private func wakeInTime(_ machine: any Machine) {
        let tick = machine.nextTick
        guard tick != .never else { return }
        let due = max(now, (tick.nanoseconds + 999) / 1_000)
        let name = machine.name
        if let known = wakes[name], known <= due, known > now { return }
        wakes[name] = due
        agenda.add(at: due) { [unowned self] in
            guard wakes[name] == due else { return }
            wakes[name] = nil
            turnSoon(name)
        }
    }

    /// Starts a process, again and again when it cannot start now.
    func start(_ name: MachineName) {
        guard let machine = machines[name], !machine.isUp else { return }
        wakes[name] = nil
        guard machine.start(moment(of: name)) else {
            agenda.add(at: now + random.time(200_000...1_500_000)) { [unowned self] in start(name) }
            return
        }
        note(name, BusLogEntry(.info, "started"))
        network.started(name)
        turnSoon(name)
    }

    /// Kills a process and starts it again after a while.
    func end(_ name: MachineName, inOrder: Bool = false, startingAgainAfter pause: Int64) {
        guard let machine = machines[name], machine.isUp else { return }
        if inOrder { machine.stop(moment(of: name)) } else { machine.kill() }
        network.gone(name)
        turnsAhead.remove(name)
        note(name, BusLogEntry(.info, inOrder ? "stopped" : "killed"))
        agenda.add(at: now + pause) { [unowned self] in start(name) }
    }

    /// Nothing goes wrong from now on.
    func becomeCalm() {
        isCalm = true
        network.weather = Network.Weather()
        network.reorders = false
        network.openAll()
        disk.set(SimulatedDisk.Trouble())
        clockErrors = [:]
    }

    /// Whether things still go wrong.
    var isRough: Bool { !isCalm }

    /// Ends everything, so that nothing holds on to the disk.
    func close() {
        for name in MachineName.allCases.reversed() { machines[name]?.kill() }
        machines = [:]
        agenda = Agenda()
    }

    // MARK: What is seen

    func fail(_ what: String) { failures.append(what) }

    func note(_ name: MachineName, _ entry: BusLogEntry) {
        mix(name.rawValue, entry.message.utf8.count)
        guard isVerbose else { return }
        let fields = entry.fields.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ")
        notes.append("\(Double(now) / 1_000_000) \(name.peer): \(entry.message) \(fields)")
    }

    /// Makes what happens part of the run's trace.
    func mix(_ numbers: Int...) {
        for number in [Int(now)] + numbers {
            trace = (trace ^ UInt64(bitPattern: Int64(number))) &* 0x100_0000_01B3
        }
    }

    /// A message of feed (a) as it comes to a follower; a mutant hides gaps there.
    func mutated(_ message: [UInt8], for name: MachineName) -> [UInt8] {
        mix(name.rawValue, message.count)
        guard mutant == .skipsFeedGaps else { return message }
        return GapHider.hide(message, cursor: cursor(of: name)) ?? message
    }

    /// Where a follower of the feed stands.
    private func cursor(of name: MachineName) -> EncodedCursor? {
        switch name {
        case .eligibility: eligibility.node?.follower?.cursor
        case .notifier: notifier.node?.follower?.cursor
        case .follower: follower.node?.follower?.cursor
        default: nil
        }
    }
}

extension MachineName {
    /// Its entry in the key list.
    fileprivate var asPeer: Peer {
        Peer(
            name: peer, key: key, department: "dept.fp", divisions: divisions, roles: [isClerk ? "clerk" : "service"],
            eventKinds: isClerk ? [] : Set(1..<512),
            rights: isClerk ? [.command, .query, .operate, .importHistory] : [.append])
    }
}

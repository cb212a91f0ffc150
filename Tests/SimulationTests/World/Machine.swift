import MessageBus
import ZeroMQ

/// Names a process of the simulation.
enum MachineName: Int, Hashable, CaseIterable, Comparable {
    case archive
    case intake
    case secondIntake
    case eligibility
    case notifier
    /// Follows feed (a) and keeps every event in the order of its coming.
    case follower
    case clerk
    case secondClerk
    /// Clerks of a village, its township and its district, for what each level does itself.
    case villageClerk
    case townshipClerk
    case districtClerk
    /// Who sees to the money that comes back, and neither reviews nor pays out.
    case fundClerk

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The peer that stands for it in the key list.
    var peer: String {
        switch self {
        case .archive: "care-archive"
        case .intake: "intake"
        case .secondIntake: "intake-2"
        case .eligibility: "eligibility"
        case .notifier: "notifier"
        case .follower: "follower"
        case .clerk: "clerk-1"
        case .secondClerk: "clerk-2"
        case .villageClerk: "clerk-village"
        case .townshipClerk: "clerk-township"
        case .districtClerk: "clerk-district"
        case .fundClerk: "clerk-fund"
        }
    }

    /// Which processes its links lead to, each with those that may stand in for one another.
    var links: [[MachineName]] {
        switch self {
        case .archive: []
        case .clerk, .villageClerk, .districtClerk: [[.intake], [.secondIntake], [.intake, .secondIntake]]
        case .secondClerk, .townshipClerk, .fundClerk: [[.secondIntake], [.intake], [.secondIntake, .intake]]
        default: [[.archive]]
        }
    }

    /// The divisions that its key stands for, by codes of 6, 9 and 12 digits; other peers act for the whole city.
    var divisions: [String] {
        switch self {
        case .villageClerk: [People.home.rawValue]
        case .townshipClerk: [String(People.home.rawValue.prefix(9))]
        case .districtClerk: [People.division.rawValue]
        // Above both units, whose numbers they set.
        case .clerk, .secondClerk: ["430000"]
        default: ["431000"]
        }
    }

    var isClerk: Bool { self >= .clerk }

    /// Whether it registers families and pays, or sees to applications and loans alone.
    var isOfficer: Bool { self > .secondClerk }

    var followsFeed: Bool { self == .eligibility || self == .notifier || self == .follower }

    var key: CurvePublicKey {
        guard let key = CurvePublicKey(raw: [UInt8](repeating: UInt8(rawValue + 1), count: 32)) else {
            preconditionFailure("MachineName.key: 32 bytes are a key")
        }
        return key
    }
}

/// One process of the simulation, whatever runs in it.
protocol Machine: AnyObject {
    var name: MachineName { get }
    /// Whether it runs.
    var isUp: Bool { get }
    /// Rises with each start, so that what was meant for an earlier life is not taken by a later one.
    var life: Int { get }
    /// When its turn is to be ended next, at the latest.
    var nextTick: MonotonicTime { get }
    /// Whether it takes another turn at once.
    var needsTurn: Bool { get }
    /// Whether the core wants its process to end.
    var wantsStop: Bool { get }

    /// Starts it; false when it cannot start now.
    func start(_ now: BusMoment) -> Bool
    /// It is gone from one moment to the next.
    func kill()
    /// It ends in order, as on SIGTERM.
    func stop(_ now: BusMoment)

    func receive(_ frame: [UInt8], from route: RoutingID, key: CurvePublicKey, _ now: BusMoment)
    func receive(_ frame: [UInt8], on link: LinkID, _ now: BusMoment)
    func receiveFeed(_ message: [UInt8], _ now: BusMoment)
    func connected(_ link: LinkID, _ now: BusMoment)
    func disconnected(_ link: LinkID, _ now: BusMoment)
    func endTurn(_ now: BusMoment)
}

/// A process with a real service core in a real bus node.
class NodeMachine<Core: ServiceCore>: Machine {
    typealias Node = BusNode<Core, WorldTransport<Core.Work>>

    let name: MachineName
    unowned let world: World
    private(set) var node: Node?
    private(set) var life = 0
    /// Until when the worker thread is busy.
    private var busyUntil: Int64 = 0

    init(_ name: MachineName, _ world: World) {
        self.name = name
        self.world = world
    }

    /// Makes the core for another life; nil when the process cannot start now.
    func makeCore(_ now: BusMoment) -> Core? { fatalError("NodeMachine.makeCore: every machine says what it runs") }

    /// Does a job of the worker thread.
    func perform(_ work: Core.Work) -> Core.External? { nil }

    /// The process is gone, in order or not.
    func gone(inOrder: Bool) {}

    var isUp: Bool { node != nil }
    var nextTick: MonotonicTime { node?.nextTick ?? .never }
    var needsTurn: Bool { node?.needsTurn ?? false }
    var wantsStop: Bool { node?.wantsStop ?? false }

    func start(_ now: BusMoment) -> Bool {
        life += 1
        busyUntil = 0
        guard let core = makeCore(now) else { return false }
        var settings = BusNodeSettings()
        settings.idSeed = UInt64(name.rawValue + 1) << 40 | UInt64(life) << 8 | 1
        for (index, endpoints) in name.links.enumerated() {
            var client = settings.client
            client.endpointCount = endpoints.count
            settings.clientByLink[LinkID(rawValue: index)] = client
        }
        let transport = WorldTransport<Core.Work>(world: world, name: name, life: life)
        let node = Node(
            core: core, transport: transport, registry: world.registry, linkCount: name.links.count,
            settings: settings, now: now)
        transport.startWork = { [unowned self] in begin($0) }
        self.node = node
        node.start(now: now)
        return true
    }

    /// Gives the worker a job: it is done after those before it, in its own time, if the process lives so long.
    private func begin(_ work: Core.Work) -> Bool {
        let began = life
        busyUntil = max(busyUntil, world.now) + world.random.time(20...2_000)
        world.agenda.add(at: busyUntil) { [unowned self] in
            guard began == life, isUp, let news = perform(work) else { return }
            post(news)
        }
        return true
    }

    /// Another thread of the process tells the core something.
    func post(_ news: Core.External) {
        node?.received(news, now: world.moment(of: name))
        world.turnSoon(name)
    }

    func kill() {
        node = nil
        life += 1
        gone(inOrder: false)
    }

    func stop(_ now: BusMoment) {
        guard let node else { return }
        node.beginStop(now: now)
        node.turnEnded(now: now)
        node.finishStop(now: now)
        node.turnEnded(now: now)
        self.node = nil
        life += 1
        gone(inOrder: true)
    }

    func receive(_ frame: [UInt8], from route: RoutingID, key: CurvePublicKey, _ now: BusMoment) {
        node?.received(frame, from: route, key: key, now: now)
    }

    func receive(_ frame: [UInt8], on link: LinkID, _ now: BusMoment) { node?.received(frame, on: link, now: now) }

    func receiveFeed(_ message: [UInt8], _ now: BusMoment) { node?.receivedFeed(message, now: now) }

    func connected(_ link: LinkID, _ now: BusMoment) { node?.connected(link, now: now) }

    func disconnected(_ link: LinkID, _ now: BusMoment) { node?.disconnected(link, now: now) }

    func endTurn(_ now: BusMoment) { node?.turnEnded(now: now) }
}

/// A node's way to the simulated network and to its worker.
final class WorldTransport<Work: Sendable>: BusTransport {
    private unowned let world: World
    private let name: MachineName
    private let life: Int
    var startWork: (Work) -> Bool = { _ in false }

    init(world: World, name: MachineName, life: Int) {
        self.world = world
        self.name = name
        self.life = life
    }

    func send(to route: RoutingID, _ frame: [UInt8]) -> SendOutcome { world.network.send(frame, to: route) }
    func send(on link: LinkID, _ frame: [UInt8]) -> SendOutcome { world.network.send(frame, from: name, on: link) }
    func connect(_ link: LinkID, endpoint: Int) { world.network.connect(name, link, endpoint: endpoint) }
    func publish(_ message: [UInt8]) { world.network.publish(message) }
    func allow(serverKeys: Set<CurvePublicKey>, feedKeys: Set<CurvePublicKey>) {}
    func cutFeedConnections() {}
    func cutServerConnections() {}
    func start(_ work: Work) -> Bool { startWork(work) }
    func log(_ entry: BusLogEntry) { world.note(name, entry) }
}

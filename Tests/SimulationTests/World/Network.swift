import MessageBus
import ZeroMQ

/// The wires between the processes: connections that come and go, and frames that are lost, repeated, late or overtaken.
///
/// Frames of a connection that was cut never arrive, as with ZeroMQ. Losing, repeating and reordering on a standing
/// connection is more than ZeroMQ does; the protocol machines promise to bear it.
final class Network {
    /// How rough it is, in thousandths of the frames.
    struct Weather {
        var lost = 0
        var repeated = 0
        /// Frames that take up to `slowest` instead of a moment.
        var slow = 0
        /// Microseconds.
        var slowest = 3_000_000
        /// Messages of feed (a) that a subscriber does not get.
        var feedLost = 0
    }

    private struct Connection {
        let client: MachineName
        let link: LinkID
        let server: MachineName
        var isUp = false
        /// Which connection of the link this is.
        let number: UInt64
        /// When the last frame arrives in each direction: without reordering no frame overtakes another.
        var lastUp: Int64 = 0
        var lastDown: Int64 = 0
    }

    private struct Pair: Hashable {
        let client: MachineName
        let link: Int
    }

    private unowned let world: World
    private var random: SeededRandom
    private var connections: [UInt64: Connection] = [:]
    private var current: [Pair: UInt64] = [:]
    private var count: UInt64 = 0
    private var feedLast: [MachineName: Int64] = [:]
    /// Pairs of processes between which nothing gets through.
    private var walls: Set<Set<MachineName>> = []
    var weather = Weather()
    /// Whether frames of one connection may overtake each other.
    var reorders = false
    private(set) var lostFrames = 0
    private(set) var repeatedFrames = 0
    private(set) var cuts = 0

    init(world: World, random: SeededRandom) {
        self.world = world
        self.random = random
    }

    private static func route(_ number: UInt64) -> RoutingID {
        let bytes = [0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
        guard let route = RoutingID(bytes) else { preconditionFailure("Network.route: nine bytes are a route") }
        return route
    }

    private static func number(_ route: RoutingID) -> UInt64 {
        route.bytes.dropFirst().reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: Connections

    /// A process has started: its links are connecting, and whoever has links to it may connect again.
    func started(_ name: MachineName) {
        for index in name.links.indices { connect(name, LinkID(rawValue: index), endpoint: 0) }
        for number in connections.keys.sorted() where connections[number]?.server == name { dial(number) }
    }

    /// A process is gone, and with it everything under way to it and from it.
    func gone(_ name: MachineName) {
        for number in connections.keys.sorted() {
            guard let connection = connections[number] else { continue }
            if connection.client == name {
                connections[number] = nil
                current[Pair(client: name, link: connection.link.rawValue)] = nil
            } else if connection.server == name {
                lose(number)
            }
        }
    }

    func connect(_ client: MachineName, _ link: LinkID, endpoint: Int) {
        let pair = Pair(client: client, link: link.rawValue)
        if let old = current[pair] { connections[old] = nil }
        open(pair, to: client.links[link.rawValue][endpoint])
    }

    private func open(_ pair: Pair, to server: MachineName) {
        count += 1
        current[pair] = count
        connections[count] = Connection(
            client: pair.client, link: LinkID(rawValue: pair.link), server: server, number: count)
        dial(count)
    }

    /// Tries to bring a connection up, again and again while the other side is away.
    private func dial(_ number: UInt64) {
        world.agenda.add(at: world.now + random.time(300...20_000)) { [unowned self] in
            guard let connection = connections[number], !connection.isUp, world.isUp(connection.client),
                world.isUp(connection.server)
            else { return }
            guard !isWalled(connection) else { return dialLater(number) }
            connections[number]?.isUp = true
            world.deliver(to: connection.client) { $0.connected(connection.link, $1) }
        }
    }

    private func dialLater(_ number: UInt64) {
        world.agenda.add(at: world.now + 200_000) { [unowned self] in dial(number) }
    }

    /// A connection breaks. The client's socket makes another by itself, under another route.
    private func lose(_ number: UInt64) {
        guard let connection = connections.removeValue(forKey: number) else { return }
        let pair = Pair(client: connection.client, link: connection.link.rawValue)
        guard current[pair] == number else { return }
        if connection.isUp { world.deliver(to: connection.client) { $0.disconnected(connection.link, $1) } }
        open(pair, to: connection.server)
    }

    /// Breaks one of the standing connections.
    func cutOne() {
        let up = connections.keys.sorted().filter { connections[$0]?.isUp ?? false }
        guard !up.isEmpty else { return }
        cuts += 1
        lose(random.one(of: up))
    }

    /// Nothing gets through between two processes until `open` is called.
    func wall(_ pair: Set<MachineName>) { walls.insert(pair) }
    func open(_ pair: Set<MachineName>) { walls.remove(pair) }
    func openAll() { walls.removeAll() }

    private func isWalled(_ connection: Connection) -> Bool {
        !walls.isEmpty && walls.contains([connection.client, connection.server])
    }

    // MARK: Frames

    func send(_ frame: [UInt8], from client: MachineName, on link: LinkID) -> SendOutcome {
        guard let number = current[Pair(client: client, link: link.rawValue)], let connection = connections[number],
            connection.isUp
        else { return .wouldBlock }
        let route = Self.route(number)
        carry(number, isUp: true) { [unowned self] in
            world.deliver(to: connection.server) { $0.receive(frame, from: route, key: client.key, $1) }
        }
        return .sent
    }

    func send(_ frame: [UInt8], to route: RoutingID) -> SendOutcome {
        let number = Self.number(route)
        guard let connection = connections[number], connection.isUp else { return .hostUnreachable }
        carry(number, isUp: false) { [unowned self] in
            world.deliver(to: connection.client) { $0.receive(frame, on: connection.link, $1) }
        }
        return .sent
    }

    private func carry(_ number: UInt64, isUp: Bool, _ arrive: @escaping () -> Void) {
        guard let connection = connections[number] else { return }
        if isWalled(connection) || random.chance(weather.lost) {
            lostFrames += 1
            return
        }
        let copies = random.chance(weather.repeated) ? 2 : 1
        repeatedFrames += copies - 1
        for _ in 0..<copies {
            var time = world.now + delay()
            if !reorders { time = max(time, (isUp ? connection.lastUp : connection.lastDown) + 1) }
            if isUp { connections[number]?.lastUp = time } else { connections[number]?.lastDown = time }
            world.agenda.add(at: time) { [unowned self] in
                if connections[number] != nil { arrive() }
            }
        }
    }

    private func delay() -> Int64 {
        random.chance(weather.slow) ? random.time(1_000...weather.slowest) : random.time(100...1_500)
    }

    /// Feed (a): everybody who follows it gets the message, or not.
    func publish(_ message: [UInt8]) {
        for name in MachineName.allCases where name.followsFeed && world.isUp(name) {
            if walls.contains([.archive, name]) || random.chance(weather.feedLost) {
                lostFrames += 1
                continue
            }
            let copies = random.chance(weather.repeated) ? 2 : 1
            for _ in 0..<copies {
                var time = world.now + delay()
                if !reorders { time = max(time, feedLast[name, default: 0] + 1) }
                feedLast[name] = time
                let life = world.life(of: name)
                world.agenda.add(at: time) { [unowned self] in
                    guard world.life(of: name) == life else { return }
                    world.deliver(to: name) { [unowned self] in $0.receiveFeed(world.mutated(message, for: name), $1) }
                }
            }
        }
    }
}

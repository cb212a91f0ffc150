import CareDomain

/// Which command or event led to which, as a tree over the events at hand. Pure: the same events give the same tree.
struct CauseTree: Sendable {
    /// Events that one command made for one reason, in the order of the log.
    struct Act: Hashable, Sendable {
        let command: Identifier128
        let cause: TraceCause?
        let events: [TracedEvent]
    }

    /// What is asked about.
    enum Focus: Hashable, Sendable {
        /// Everything about these streams.
        case streams(Set<String>)
        case command(Identifier128)
        case event(stream: String, sequence: UInt64)
    }

    /// An act with what followed from it.
    struct Node: Hashable, Sendable {
        /// One event and what it led to.
        struct Branch: Hashable, Sendable {
            let event: TracedEvent
            var caused: [Node] = []
        }

        let act: Act
        /// Whether it is, or holds, what was asked about.
        var isAsked = false
        var branches: [Branch]
        /// What the command led to without naming one of its events.
        var caused: [Node] = []
        /// Events of the act that are left out here because they are beside the way to what was asked about.
        var hidden = 0
    }

    /// Longest way from a cause down; deeper acts begin a tree of their own and name their cause.
    static let depth = 64

    private struct Place: Hashable {
        let stream: String
        let sequence: UInt64
    }

    private struct Parent {
        let act: Int
        /// Index among the act's events; nil when the command as a whole is the cause.
        let event: Int?
    }

    private let acts: [Act]
    private let parents: [Parent?]
    private let children: [[Int]]
    private let places: [Place: (act: Int, event: Int)]

    /// A tree over events in any order; an event that comes twice counts once.
    init(_ events: [TracedEvent]) {
        struct Key: Hashable {
            let command: Identifier128
            let cause: TraceCause?
        }
        var groups: [Key: [TracedEvent]] = [:]
        var seen: Set<Place> = []
        for event in events.sorted(by: { $0.position < $1.position }) {
            guard seen.insert(Place(stream: event.stream, sequence: event.sequence)).inserted else { continue }
            groups[Key(command: event.command, cause: event.cause), default: []].append(event)
        }
        let acts = groups.map { Act(command: $0.key.command, cause: $0.key.cause, events: $0.value) }
            .sorted { $0.events[0].position < $1.events[0].position }
        var places: [Place: (act: Int, event: Int)] = [:]
        var byCommand: [Identifier128: Int] = [:]
        // In the order of the log, for acts come in that order and their events do.
        var determinations: [String: [Judged: [UInt64]]] = [:]
        for (index, act) in acts.enumerated() {
            // Of several acts of one command the one that a person sent stands for it.
            let isTaken = byCommand[act.command].map { acts[$0].cause == nil || act.cause != nil } ?? false
            if !isTaken { byCommand[act.command] = index }
            for (place, event) in act.events.enumerated() {
                places[Place(stream: event.stream, sequence: event.sequence)] = (index, place)
                if let judged = event.judged {
                    determinations[event.stream, default: [:]][judged, default: []].append(event.sequence)
                }
            }
        }
        let parents = acts.enumerated().map { index, act -> Parent? in
            switch act.cause {
            case .event(let stream, let sequence):
                places[Place(stream: stream, sequence: sequence)].map { Parent(act: $0.act, event: $0.event) }
            case .command(let command):
                byCommand[command].flatMap { $0 == index ? nil : Parent(act: $0, event: nil) }
            case .determination(let judged, let stream, let before, let fact):
                (determinations[stream]?[judged]?.last { $0 < before } ?? fact)
                    .flatMap { places[Place(stream: stream, sequence: $0)] }
                    .map { Parent(act: $0.act, event: $0.event) }
            case .rules, nil: nil
            }
        }
        let ways = Self.withoutLoops(parents)
        var children = [[Int]](repeating: [], count: acts.count)
        for (index, parent) in ways.enumerated() {
            if let parent { children[parent.act].append(index) }
        }
        self.acts = acts
        self.places = places
        self.children = children
        self.parents = ways
    }

    /// Lets ways end that are too long or come back to where they began; what they came from stays named.
    private static func withoutLoops(_ parents: [Parent?]) -> [Parent?] {
        var result = parents
        for start in result.indices {
            var place = start
            var steps = 0
            while let parent = result[place] {
                place = parent.act
                steps += 1
                guard place != start, steps < depth else {
                    result[start] = nil
                    break
                }
            }
        }
        return result
    }

    // MARK: Answers

    /// The trees that answer the question, in the order of the log; empty when nothing at hand is what was asked about.
    func answer(_ focus: Focus) -> [Node] {
        switch focus {
        case .streams(let streams):
            let roots = acts.indices.filter { parents[$0] == nil }
            return roots.filter { touches(streams, $0) }.map { whole($0) }
        case .command(let command):
            let asked = acts.indices.filter { acts[$0].command == command }
            // An act of the command that follows from another of them stands in that one's tree.
            let first = asked.filter { index in !ancestors(of: index).dropFirst().contains { asked.contains($0) } }
            return first.map { along(Array(ancestors(of: $0).reversed()), event: nil) }
        case .event(let stream, let sequence):
            guard let found = places[Place(stream: stream, sequence: sequence)] else { return [] }
            return [along(ancestors(of: found.act).reversed(), event: found.event)]
        }
    }

    /// The act and what it came from, nearest first.
    private func ancestors(of act: Int) -> [Int] {
        var list = [act]
        while let parent = parents[list[list.count - 1]] { list.append(parent.act) }
        return list
    }

    private func touches(_ streams: Set<String>, _ act: Int) -> Bool {
        acts[act].events.contains { streams.contains($0.stream) } || children[act].contains { touches(streams, $0) }
    }

    /// An act with everything that followed.
    private func whole(_ index: Int, event only: Int? = nil) -> Node {
        let act = acts[index]
        var node = Node(act: act, branches: [])
        for (place, event) in act.events.enumerated() where only == nil || only == place {
            let caused = children[index].filter { parents[$0]?.event == place }
            node.branches.append(Node.Branch(event: event, caused: caused.map { whole($0) }))
        }
        node.hidden = act.events.count - node.branches.count
        if only == nil { node.caused = children[index].filter { parents[$0]?.event == nil }.map { whole($0) } }
        return node
    }

    /// The way from the first cause down to what was asked about, and from there everything.
    private func along(_ way: [Int], event: Int?) -> Node {
        guard way.count > 1 else {
            var node = whole(way[0], event: event)
            node.isAsked = true
            return node
        }
        let act = acts[way[0]]
        let next = along(Array(way.dropFirst()), event: event)
        var node = Node(act: act, branches: [])
        if let place = parents[way[1]]?.event {
            node.branches = [Node.Branch(event: act.events[place], caused: [next])]
        } else {
            node.branches = act.events.prefix(1).map { Node.Branch(event: $0) }
            node.caused = [next]
        }
        node.hidden = act.events.count - node.branches.count
        return node
    }
}

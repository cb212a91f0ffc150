import MessageBus
import ServiceKit
import ZeroMQ

/// What the bus alone charges for one command at a time: an encrypted request that is answered at once, nothing read,
/// decided or kept. With two disk syncs it is what an acknowledged command costs at least.
struct EmptyTripBench {
    let runs: Int
    var perRun = 3_000

    /// Answers every request as it comes.
    private struct Echo: ServiceCore {
        typealias Work = Never
        typealias External = Never

        mutating func step(
            _ input: ServiceInput<Never, Never>, now: BusMoment, actions: inout [ServiceAction<Never>]
        ) {
            if case .request(let request) = input { actions.append(.reply(request.token, .ok(request.body))) }
        }

        mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
    }

    func measure(_ told: (Figure) -> Void) async throws {
        let (server, client) = (try CurveKeyPair.generate(), try CurveKeyPair.generate())
        var configuration = ReactorConfiguration(name: "bench-echo", keys: server)
        configuration.serverAddress = "tcp://127.0.0.1:*"
        configuration.peers = try PeerRegistry(
            [
                Peer(
                    name: "care-bench", key: client.publicKey, department: "dept.fp", divisions: ["000000"],
                    roles: ["cadre"], eventKinds: [], rights: [.query])
            ], generation: 1)
        let context = try ZMQContext()
        let reactor = try Reactor<Echo>(configuration, context: context) { Echo() }
        let addresses = try await reactor.start()
        let link = ReactorConfiguration.Link(
            name: "echo", endpoints: [.init(address: addresses.server ?? "", serverKey: server.publicKey)])
        var measured: [Run] = []
        for _ in 0..<runs { measured.append(try await run(link, client)) }
        try await reactor.stop()
        try context.terminate()
        var figure = Run.figure(
            "bus-1", UserText(zh: "空往返，只有总线，同时 1 条", en: "empty round trip, the bus alone, 1 in flight"),
            unit: "µs p50", data: UserText(zh: "300 字节，CURVE", en: "300 bytes, CURVE"), measured)
        figure.direction = .lower
        told(figure)
    }

    private func run(_ link: ReactorConfiguration.Link, _ keys: CurveKeyPair) async throws -> Run {
        let body = [UInt8](repeating: 7, count: 300)
        let questions = (0..<perRun).map { number in
            Question(id: RequestID(0x6563_686f, UInt64(number) + 1), method: .query, body: body)
        }
        let (trips, load) = try await SystemLoad.during {
            try await AskingCore.ask(questions, of: link, as: keys, inFlight: 1, warmUp: perRun / 10)
        }
        precondition(trips.refused == 0, "EmptyTripBench: \(trips.refused) refused, \(trips.firstRefusal)")
        return Run(
            value: trips.latencies.percentile(0.5), latencies: trips.latencies, load: load, count: perRun)
    }
}

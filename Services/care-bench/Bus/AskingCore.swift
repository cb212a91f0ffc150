import MessageBus
import ZeroMQ

/// One request of a bench, encoded before the clock starts.
struct Question: Sendable {
    var id: RequestID
    var method: BusMethod
    var body: [UInt8]
}

/// What a run of round trips showed.
struct RoundTrips: Sendable {
    /// Answered per second, after the first ones that were not counted.
    var perSecond: Double
    var latencies: Latencies
    /// Answers that were not "ok", with the code of the first.
    var refused: Int
    var firstRefusal: String
}

/// A client that keeps a number of requests under way until all are answered.
struct AskingCore: ServiceCore {
    typealias Work = Never
    typealias External = Never

    private let questions: [Question]
    private let inFlight: Int
    /// How many answers come before the clock counts: handshake, first pages, caches.
    private let warmUp: Int
    private let done: Handover<RoundTrips>
    private var asked = 0
    private var answered = 0
    private var refused = 0
    private var firstRefusal = ""
    private var sentAt: [Int64]
    private var nanoseconds: [Int64] = []
    private var begun: Int64 = 0

    init(_ questions: [Question], inFlight: Int, warmUp: Int, done: Handover<RoundTrips>) {
        self.questions = questions
        self.inFlight = inFlight
        self.warmUp = min(warmUp, questions.count / 2)
        self.done = done
        sentAt = Array(repeating: 0, count: questions.count)
        nanoseconds.reserveCapacity(questions.count)
    }

    mutating func step(_ input: ServiceInput<Never, Never>, now: BusMoment, actions: inout [ServiceAction<Never>]) {
        switch input {
        case .started:
            for _ in 0..<inFlight { ask(&actions) }
        case .reply(_, let tag, let reply):
            take(Int(tag), reply)
            ask(&actions)
        default: break
        }
    }

    private mutating func take(_ index: Int, _ reply: BusReply) {
        let time = SystemClock.now().monotonic.nanoseconds
        if reply.status != .ok {
            refused += 1
            if firstRefusal.isEmpty { firstRefusal = "\(reply.code) \(reply.textEN)" }
        }
        answered += 1
        if answered > warmUp { nanoseconds.append(time - sentAt[index]) }
        if answered == warmUp || (answered == 1 && warmUp == 0) { begun = time }
        guard answered == questions.count else { return }
        done.put(
            RoundTrips(
                perSecond: Double(nanoseconds.count) / (Double(max(time - begun, 1)) / 1e9),
                latencies: Latencies(seconds: nanoseconds.map { Double($0) * 1e-9 }), refused: refused,
                firstRefusal: firstRefusal))
    }

    private mutating func ask(_ actions: inout [ServiceAction<Never>]) {
        guard asked < questions.count else { return }
        let question = questions[asked]
        sentAt[asked] = SystemClock.now().monotonic.nanoseconds
        actions.append(
            .request(
                LinkID(rawValue: 0), tag: UInt64(asked),
                OutgoingRequest(id: question.id, method: question.method, body: question.body)))
        asked += 1
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Never>]) {}
}

extension AskingCore {
    /// Asks everything over a connection of its own, with this many requests under way.
    static func ask(
        _ questions: [Question], of link: ReactorConfiguration.Link, as keys: CurveKeyPair, inFlight: Int, warmUp: Int
    ) async throws -> RoundTrips {
        let done = Handover<RoundTrips>()
        var configuration = ReactorConfiguration(name: "bench-client", keys: keys)
        configuration.links = [link]
        let context = try ZMQContext()
        let client = try Reactor(configuration, context: context) {
            AskingCore(questions, inFlight: inFlight, warmUp: warmUp, done: done)
        }
        try await client.start()
        let result = await done.wait()
        try await client.stop()
        try context.terminate()
        return result
    }
}

import CareWire
import MessageBus
import ServiceKit
import SwiftProtobuf

/// The line to one service: questions and answers as messages of the contract.
struct Line: Sendable {
    let service: CareService
    /// Where the service is.
    let endpoint: String
    let client: BusClient
    /// Says a sentence to the person who waits.
    let tell: @Sendable (UserText) -> Void
    private let silence: Silence

    /// - Parameter tell: says a sentence to the person who waits.
    init(
        service: CareService, endpoint: String, client: BusClient, tell: @escaping @Sendable (UserText) -> Void
    ) {
        self.service = service
        self.endpoint = endpoint
        self.client = client
        self.tell = tell
        silence = Silence(service, at: endpoint, tell: tell)
    }

    /// Asks and waits for the answer; when that takes long, the person is told for whom.
    /// - Parameter retriesRefusals: whether a "not now" of the service is tried again here.
    /// - Throws: `BusError` when there is none in time.
    func call(
        _ method: BusMethod, _ body: [UInt8], id: RequestID? = nil, timeout: Duration,
        receipt: EncodedCursor = .start, retriesRefusals: Bool = true
    ) async throws(BusError) -> BusReply {
        // Cancelled as soon as there is an answer.
        async let _ = silence.speakLater(waitingFor: timeout)
        return try await client.call(
            method, body, id: id, timeout: timeout, receipt: receipt, retriesRefusals: retriesRefusals)
    }

    /// Says when the service stops answering and when it answers again, until it is cancelled.
    func watch() async { await silence.watch { _ = try await ping(timeout: .seconds(3)) } }

    /// Asks care-archive something.
    /// - Parameter receipt: the answer covers at least this; empty = whatever is there.
    /// - Throws: `Failure` or `BusError`.
    func ask(
        _ query: Care_V1_Query.OneOf_Query, timeout: Duration = .seconds(30), receipt: EncodedCursor = .start
    ) async throws -> Care_V1_QueryReply.OneOf_Reply {
        let message = Care_V1_Query.with { $0.query = query }
        let reply = try await call(
            .query, try message.serializedBytes(), timeout: timeout, receipt: receipt)
        guard reply.status == .ok else { throw Failure(reply) }
        guard let answer = try? Care_V1_QueryReply(serializedBytes: reply.body).reply else { throw Failure.badAnswer }
        return answer
    }

    /// Asks for an act of the operator.
    func operate(_ operation: Care_V1_Operation.OneOf_Operation) async throws -> Care_V1_OperationReply {
        let message = Care_V1_Operation.with { $0.operation = operation }
        let reply = try await call(.operate, try message.serializedBytes(), timeout: .seconds(30))
        guard reply.status == .ok else { throw Failure(reply) }
        guard let answer = try? Care_V1_OperationReply(serializedBytes: reply.body) else { throw Failure.badAnswer }
        return answer
    }

    /// How long the service takes to answer at all. The request is one that nobody understands, and saying so is the
    /// answer.
    /// - Throws: `BusError` when nothing answers in time.
    func ping(timeout: Duration) async throws -> Duration {
        try await Self.time { _ = try await client.call(BusMethod(rawValue: 0), [], timeout: timeout) }
    }

    /// The same with the usual patience; the person who waits is told.
    func answering() async throws -> Duration {
        try await Self.time { _ = try await call(BusMethod(rawValue: 0), [], timeout: .seconds(30)) }
    }

    private static func time(_ ask: () async throws -> Void) async throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        do { try await ask() } catch let error as BusError {
            let isAnswer = error.reply.status == .badRequest || error.reply.code == BusProblem.rightMissing.code
            guard isAnswer else { throw error }
        }
        return clock.now - start
    }
}

extension Failure {
    /// An answer that is not the one that belongs to the question.
    static let badAnswer = Failure(
        6106, UserText(zh: "服务的答复读不懂", en: "the service's answer cannot be read"),
        advice: UserText(zh: "请核对 carectl 与服务的版本", en: "check that carectl and the services are of one version"),
        exit: .internalError)
}

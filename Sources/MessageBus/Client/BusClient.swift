import Foundation
import ZeroMQ

/// A client of one service for tasks: carectl, tests, tools. Any number of tasks may use it at the same time.
///
/// Stands over a reactor thread with a bounded inbox. Call ``stop()`` before ending the context.
package final class BusClient: Sendable {
    private let reactor: Reactor<ClientCore>
    private let ids: IDSource

    /// Hands out ids from a seed. `@unchecked Sendable`: `last` is touched only while `lock` is held.
    private final class IDSource: @unchecked Sendable {
        private let lock = NSLock()
        private let seed: UInt64
        private var last: UInt64 = 0

        init(seed: UInt64) { self.seed = seed | 1 }

        func next() -> UInt64 {
            lock.withLock {
                last += 1
                return last
            }
        }

        func nextID() -> RequestID { RequestID(seed, next()) }
    }

    /// Connects in the background.
    /// - Parameters:
    ///   - endpoints: addresses of one service, tried in turn when one falls silent.
    ///   - keys: who we are; must be on the service's list.
    /// - Throws: `Reactor.Failure` when a socket could not be opened.
    package static func connect(
        context: ZMQContext, endpoints: [ReactorConfiguration.Endpoint], keys: CurveKeyPair,
        settings: BusNodeSettings = BusNodeSettings()
    ) async throws -> BusClient {
        var configuration = ReactorConfiguration(name: "bus-client", keys: keys)
        configuration.links = [ReactorConfiguration.Link(name: "service", endpoints: endpoints)]
        configuration.settings = settings
        // Sixteen random bytes in all make ids of different clients differ: 8 here, and the key says whose they are.
        configuration.settings.idSeed = UInt64.random(in: 1...UInt64.max)
        configuration.linger = .zero
        let seed = UInt64.random(in: 1...UInt64.max)
        let reactor = try Reactor(configuration, context: context) { ClientCore() }
        let client = BusClient(reactor: reactor, seed: seed)
        try await reactor.start()
        return client
    }

    private init(reactor: Reactor<ClientCore>, seed: UInt64) {
        self.reactor = reactor
        ids = IDSource(seed: seed)
    }

    /// Asks and waits for the answer; retries with the same id until the timeout. Cancelling the task gives up waiting.
    /// - Parameters:
    ///   - id: names the request; give the command id for commands, so that a later repeat is recognised. `nil` = new.
    ///   - timeout: how long to wait, retries included.
    ///   - retriesRefusals: whether "overloaded" and "unavailable" are retried here, or thrown at once.
    /// - Returns: the service's answer, refusals by policy included.
    /// - Throws: `BusError` when there is none; `isRetriable` says whether to repeat with the same id.
    package func call(
        _ method: BusMethod, _ body: [UInt8], id: RequestID? = nil, timeout: Duration = .seconds(10),
        grant: [UInt8] = [], receipt: EncodedCursor = .start, traceparent: String = "", retriesRefusals: Bool = true
    ) async throws(BusError) -> BusReply {
        let id = id ?? ids.nextID()
        let request = OutgoingRequest(
            id: id, method: method, body: body, timeout: timeout, traceparent: traceparent, grant: grant,
            receipt: receipt, retriesRefusals: retriesRefusals)
        let reactor = reactor
        let reply = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !reactor.post(.call(request, continuation)) {
                    continuation.resume(returning: .problem(.tooManyInFlight, retryAfter: .milliseconds(50)))
                }
            }
        } onCancel: {
            _ = reactor.post(.cancel(id))
        }
        guard BusError.isAnswer(reply.status) else { throw BusError(reply) }
        return reply
    }

    /// Follows the log from a cursor: history first, then what comes, each event once and in order, whatever happens to
    /// connection and service meanwhile. What is not read is not sent: at most one window waits here.
    /// - Parameters:
    ///   - cursor: where to go on; ignored with `fromHead`.
    ///   - fromHead: only what comes from now on.
    /// - Returns: batches; `cursorAfter` of one is where a later call can go on. Ends with a `BusError` when the service
    ///   ends the subscription for good, for instance because the key was withdrawn.
    package func follow(
        from cursor: EncodedCursor, fromHead: Bool = false, filter: EventFilter = .all, grant: [UInt8] = []
    ) throws(BusError) -> BusSubscription {
        let tag = ids.next()
        let buffer = BatchBuffer()
        let posted = reactor.post(
            .subscribe(tag: tag, cursor: cursor, fromHead: fromHead, filter, grant: grant, buffer))
        guard posted else { throw BusError(.problem(.tooManyInFlight, retryAfter: .milliseconds(50))) }
        return BusSubscription(tag: tag, buffer: buffer, reactor: reactor)
    }

    /// Gives up what is under way, closes the socket, ends the thread.
    package func stop() async {
        // The client's thread has no server and no disk: it does not fail by itself.
        try? await reactor.stop()
    }
}

/// Batches of a subscription. For one reading task at a time.
package struct BusSubscription: AsyncSequence, Sendable {
    package typealias Element = CatchUpBatch
    package typealias Failure = BusError

    let tag: UInt64
    let buffer: BatchBuffer
    let reactor: Reactor<ClientCore>

    /// Reads; dropping it without ``BusSubscription/end()`` leaves the subscription waiting.
    package struct Iterator: AsyncIteratorProtocol {
        let subscription: BusSubscription
        private var unconsumed: UInt64 = 0

        init(subscription: BusSubscription) {
            self.subscription = subscription
        }

        /// The next batch; asking for it says that the one before was dealt with.
        package mutating func next() async throws(BusError) -> CatchUpBatch? {
            if unconsumed > 0, subscription.reactor.post(.consumed(tag: subscription.tag, bytes: unconsumed)) {
                unconsumed = 0
            }
            let subscription = subscription
            let result = await withTaskCancellationHandler {
                await subscription.buffer.next()
            } onCancel: {
                subscription.end()
            }
            guard let batch = try result.get() else { return nil }
            unconsumed += batch.price
            return batch
        }

        /// The same, for callers of the older form.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(BusError) -> CatchUpBatch? {
            try await next()
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(subscription: self) }

    /// Ends the subscription; a waiting reader gets `nil`.
    package func end() {
        // When the inbox is full the reader at least stops waiting; the service gives silent subscribers up by itself.
        if !reactor.post(.unsubscribe(tag: tag)) { buffer.finish(nil) }
    }
}

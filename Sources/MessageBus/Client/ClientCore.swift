import ZeroMQ

/// The core behind ``BusClient``: turns calls of other threads into requests, and replies into their continuations.
struct ClientCore: ServiceCore {
    /// Clients have no long jobs.
    enum Work: Sendable {}

    enum External: Sendable {
        case call(OutgoingRequest, CheckedContinuation<BusReply, Never>)
        case cancel(RequestID)
        case subscribe(tag: UInt64, cursor: EncodedCursor, fromHead: Bool, EventFilter, grant: [UInt8], BatchBuffer)
        case consumed(tag: UInt64, bytes: UInt64)
        case unsubscribe(tag: UInt64)
    }

    private static let link = LinkID(rawValue: 0)
    private var calls: [UInt64: CheckedContinuation<BusReply, Never>] = [:]
    private var subscriptions: [UInt64: BatchBuffer] = [:]
    private var lastTag: UInt64 = 0

    mutating func step(
        _ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>]
    ) {
        switch input {
        case .external(let external): take(external, actions: &actions)
        case .reply(_, let tag, let reply): calls.removeValue(forKey: tag)?.resume(returning: reply)
        case .subscription(let tag, let batch): subscriptions[tag]?.append(batch)
        case .subscriptionEnded(let tag, let reply, _):
            subscriptions.removeValue(forKey: tag)?.finish(BusError(reply))
        case .stopping:
            for (_, buffer) in subscriptions { buffer.finish(BusError(.problem(.stopping))) }
            subscriptions.removeAll()
        case .started, .request, .events, .feedState, .read, .timer, .workRefused, .peersChanged: break
        }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>]) {}

    private mutating func take(_ external: External, actions: inout [ServiceAction<Work>]) {
        switch external {
        case .call(let request, let continuation):
            lastTag += 1
            calls[lastTag] = continuation
            actions.append(.request(Self.link, tag: lastTag, request))
        case .cancel(let id): actions.append(.cancel(Self.link, id))
        case .subscribe(let tag, let cursor, let fromHead, let filter, let grant, let buffer):
            subscriptions[tag] = buffer
            actions.append(
                .subscribe(Self.link, tag: tag, cursor: cursor, fromHead: fromHead, filter, grant: grant))
        case .consumed(let tag, let bytes): actions.append(.consumed(tag: tag, bytes: bytes))
        case .unsubscribe(let tag):
            subscriptions.removeValue(forKey: tag)?.finish(nil)
            actions.append(.unsubscribe(tag: tag))
        }
    }
}

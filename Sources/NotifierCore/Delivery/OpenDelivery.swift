import CareDomain

/// A delivery from its first attempt until its outcome stands in the log.
struct OpenDelivery: Sendable {
    /// Where it is.
    enum State: Sendable {
        /// A post waiting for its turn.
        case queued
        case underWay
        case waiting(until: Duration)
        case finished(NoticeDelivered.Outcome, reason: Code?)
    }

    let isPost: Bool
    /// The line or the body, rendered once: every attempt sends the same bytes.
    let content: [UInt8]
    /// Whether an operator sent it again after it was parked or skipped.
    let isRepeat: Bool
    var state = State.queued
    var attempts = 0

    var waitsUntil: Duration? {
        if case .waiting(let until) = state { until } else { nil }
    }

    /// Whether the receiver has it, though the log may not say so yet.
    var hasArrived: Bool {
        if case .finished(.delivered, _) = state { true } else { false }
    }
}

import CareDomain

/// A way on which notices leave the house.
package struct NoticeChannel: Hashable, Sendable {
    /// How it takes them.
    package enum Kind: Hashable, Sendable {
        /// One line of text on standard output.
        case line
        /// A CloudEvents POST.
        case webhook
    }

    /// Name of the channel as it stands in `NoticeDelivered`, `stdout` or `webhook`.
    package var code: Code
    package var kind: Kind
    /// Whether names from sealed parts may go out on it. False unless the deployment says otherwise.
    package var showsNames: Bool
    /// Only notices raised on or after this day go out: a channel opened later does not repeat the past. Nil = all.
    package var from: CivilDay?

    package init(code: Code, kind: Kind, showsNames: Bool = false, from: CivilDay? = nil) {
        self.code = code
        self.kind = kind
        self.showsNames = showsNames
        self.from = from
    }
}

/// One notice on its way over one channel.
package struct DeliveryID: Hashable, Sendable, Comparable {
    package let household: HouseholdID
    package let notice: EventReference
    package let channel: Code

    package init(household: HouseholdID, notice: EventReference, channel: Code) {
        self.household = household
        self.notice = notice
        self.channel = channel
    }

    package static func < (left: DeliveryID, right: DeliveryID) -> Bool {
        (left.household, left.notice, left.channel) < (right.household, right.notice, right.channel)
    }
}

extension DeliveryID: DeliveryKey {
    var owner: HouseholdID { household }
    var seed: UInt64 { household.value.low ^ notice.sequence }
}

/// How one attempt ended.
package enum DeliveryResult: Hashable, Sendable {
    /// Taken: the line is written, or the receiver answered 2xx.
    case delivered
    /// The receiver answered another status. 408, 425, 429 and 5xx are tried again, others are not.
    case status(Int, retryAfter: Duration?)
    /// No answer: connection refused, reset, timed out, the output closed. Tried again. The code says which.
    case failed(Code)
}

/// What kept a notice from being taken.
struct DeliveryFailure {
    let reason: Code
    /// Whether another attempt may do.
    let isPassing: Bool
    /// When the receiver asks to be tried again.
    let retryAfter: Duration?
}

extension DeliveryResult {
    /// nil when it was taken.
    var failure: DeliveryFailure? {
        switch self {
        case .delivered: nil
        case .status(let status, let retryAfter):
            DeliveryFailure(
                reason: Code(unchecked: "http_\(status)"),
                isPassing: status >= 500 || [408, 425, 429].contains(status), retryAfter: retryAfter)
        case .failed(let code): DeliveryFailure(reason: code, isPassing: true, retryAfter: nil)
        }
    }
}

extension Notice {
    /// What the log says about this notice on a channel; nil = not delivered, nor parked, nor skipped.
    package func outcome(on channel: Code) -> NoticeDelivered.Outcome? {
        deliveries.last { $0.channel == channel }?.outcome
    }
}

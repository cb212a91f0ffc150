import ArchiveClient
import CareDomain

/// What the notifier wants done. Each `load`, `append`, `printLine` and `postWebhook` is answered by exactly one input,
/// also when nobody could be reached.
package enum NotifierAction: Hashable, Sendable {
    /// Read the household's whole stream.
    case load(HouseholdID)
    case append(NoticeAppend)
    /// Write one line of text to standard output.
    case printLine(DeliveryID, String)
    /// POST these bytes, `application/cloudevents+json; charset=utf-8`, to the channel's address.
    case postWebhook(DeliveryID, body: [UInt8])
    /// Send `timer` at this time, in place of any earlier wish. Times are those of `step`'s `now`.
    case wake(at: Duration)
    /// Keep this durably; the newest is given to the next start.
    case saveCheckpoint(NotifierCheckpoint)
    case answer(NoticeOrder, OrderAnswer)
    /// For the log and the metrics.
    case report(NotifierProblem)
}

/// Notices and outcomes for one household's stream, all or nothing.
package struct NoticeAppend: Hashable, Sendable {
    package var household: HouseholdID
    /// Sequence of the last event this was decided on.
    package var expected: UInt64
    /// Derived from what it says; the append id.
    package var command: CommandID
    package var events: [ProposedEvent]
    /// The operator on whose order it is; nil when the notifier acts by itself.
    package var by: Code?
    /// The newest event that neither the notifier nor eligibility made: what was known when a notice was found due.
    package var cause: EventReference?

    package init(
        household: HouseholdID, expected: UInt64, command: CommandID, events: [ProposedEvent], by: Code? = nil,
        cause: EventReference? = nil
    ) {
        self.household = household
        self.expected = expected
        self.command = command
        self.events = events
        self.by = by
        self.cause = cause
    }
}

/// What became of an order.
package enum OrderAnswer: Hashable, Sendable {
    /// The delivery is under way; its outcome will stand in the household's stream.
    case underWay
    /// The outcome stands in the household's stream.
    case done
    case refused(OrderRefusal)
}

/// Why an order is not carried out.
package enum OrderRefusal: String, Hashable, Sendable, CaseIterable {
    case unknownNotice = "unknown_notice"
    case unknownChannel = "unknown_channel"
    case alreadyDelivered = "already_delivered"
    /// Too many orders are waiting; later it may go.
    case busy
    /// The household's stream takes no events.
    case streamRejected = "stream_rejected"

    /// The reason for people.
    package var chinese: String {
        switch self {
        case .unknownNotice: "没有这条提醒"
        case .unknownChannel: "没有这个送达渠道"
        case .alreadyDelivered: "这条提醒已经送达"
        case .busy: "待处理的指令太多，请稍后再试"
        case .streamRejected: "该户的记录目前不能写入"
        }
    }
}

/// Something the operator should see. Holds no personal data.
package enum NotifierProblem: Hashable, Sendable {
    /// A household cannot be processed beyond an event; it is tried again the next day.
    case parkedEvent(ParkedEvent)
    /// A delivery was given up for now and waits for an operator.
    case parked(DeliveryID, reason: Code, attempts: Int)
    /// The same of a notice to an office.
    case parkedOffice(OfficeDeliveryID, reason: Code, attempts: Int)
    /// The log kept answering with a conflict; the household is tried again after a pause.
    case contended(HouseholdID)
}

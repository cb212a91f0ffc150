import CareDomain
import RuleEngine

/// A stream whose matters an office is reminded of.
package enum OfficeStream: Hashable, Sendable, Comparable {
    /// The duty book of a division.
    case duty(DivisionCode)
    case loan(LoanID)

    /// Its name in the log.
    package var name: String {
        switch self {
        case .duty(let division): "duty-\(division.rawValue)"
        case .loan(let loan): "loan-\(loan)"
        }
    }

    /// Reads a stream's name; nil for another kind of stream.
    package init?(name: String) {
        if name.hasPrefix("duty-"), let division = DivisionCode(String(name.dropFirst(5))) {
            self = .duty(division)
        } else if name.hasPrefix("loan-"), let loan = LoanID(name.dropFirst(5)) {
            self = .loan(loan)
        } else {
            return nil
        }
    }

    package static func < (left: OfficeStream, right: OfficeStream) -> Bool { left.name < right.name }
}

/// One notice to an office on its way over one channel.
package struct OfficeDeliveryID: Hashable, Sendable, Comparable {
    package let stream: OfficeStream
    package let notice: EventReference
    package let channel: Code

    package init(stream: OfficeStream, notice: EventReference, channel: Code) {
        self.stream = stream
        self.notice = notice
        self.channel = channel
    }

    package static func < (left: OfficeDeliveryID, right: OfficeDeliveryID) -> Bool {
        (left.stream, left.notice, left.channel) < (right.stream, right.notice, right.channel)
    }
}

extension OfficeDeliveryID: DeliveryKey {
    var owner: OfficeStream { stream }
    var seed: UInt64 { StableDigest.of([stream.name]).low ^ notice.sequence }
}

/// An event of an office's stream as the log holds it.
package enum OfficeEvent: Hashable, Sendable {
    case duty(DivisionCode, KnownDutyEvent)
    case loan(LoanID, KnownLendingEvent)

    package var stream: OfficeStream {
        switch self {
        case .duty(let division, _): .duty(division)
        case .loan(let loan, _): .loan(loan)
        }
    }
}

/// What an office's notice comes to in an append: raised on its day, or what became of it.
package enum OfficeSaying: Hashable, Sendable {
    case raised(OfficeNotice)
    case delivered(NoticeDelivered)
}

/// Notices and outcomes for one office's stream, all or nothing.
package struct OfficeAppend: Hashable, Sendable {
    package var stream: OfficeStream
    /// Sequence of the last event this was decided on.
    package var expected: UInt64
    /// Derived from what it says; the append id.
    package var command: CommandID
    package var sayings: [(on: CivilDay, what: OfficeSaying)]
    /// The operator on whose order it is; nil when the notifier acts by itself.
    package var by: Code?

    package static func == (left: OfficeAppend, right: OfficeAppend) -> Bool {
        left.command == right.command && left.expected == right.expected
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(command) }
}

/// What reaches the machine for offices.
package enum OfficeInput: Sendable {
    case day(CivilDay)
    /// The published packs.
    case rules(PackRegistry, OverdueTerms = .standard)
    /// The divisions where families live, in order of their codes, at the start and now and then. Duties wait for the first.
    case homes([DivisionCode])
    /// Events in the order of the log; repeated ones change nothing.
    case events([OfficeEvent])
    /// Whether everything up to the head of the log was taken in.
    case isCurrent(Bool)
    case appendFinished(OfficeStream, OfficeAppendResult)
    case deliveryFinished(OfficeDeliveryID, DeliveryResult)
    case order(OfficeOrder)
    case timer
}

/// What the log made of an append.
package enum OfficeAppendResult: Sendable {
    case appended([OfficeEvent])
    /// The stream is further than expected; these are the events after it, as many as came along.
    case conflict([OfficeEvent])
    /// No answer, or not now.
    case unavailable
    /// The stream takes no events.
    case rejected
}

/// An operator's order about a parked notice of an office.
package struct OfficeOrder: Hashable, Sendable {
    package var id: CommandID
    package var stream: OfficeStream
    package var notice: EventReference
    package var channel: Code
    package var action: NoticeOrder.Action
    package var by: Code

    package init(
        id: CommandID, stream: OfficeStream, notice: EventReference, channel: Code, action: NoticeOrder.Action, by: Code
    ) {
        self.id = id
        self.stream = stream
        self.notice = notice
        self.channel = channel
        self.action = action
        self.by = by
    }
}

/// What the machine wants done. Each append and delivery is answered by exactly one input.
package enum OfficeAction: Sendable {
    case append(OfficeAppend)
    case printLine(OfficeDeliveryID, String)
    case postWebhook(OfficeDeliveryID, body: [UInt8])
    /// Send `timer` at this time.
    case wake(at: Duration)
    case answer(OfficeOrder, OrderAnswer)
    /// For the log.
    case report(NotifierProblem)
}

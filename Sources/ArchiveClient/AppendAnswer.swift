import CareDomain

/// Where an append ended up in its stream.
package struct AppendPlace: Hashable, Sendable {
    /// Sequences of the first and last event.
    package var first: UInt64
    package var last: UInt64
    /// When the log learned the last event; the ones before are one microsecond apart.
    package var recordedAt: Moment
    /// Opaque cursor after the last event, for queries that must see it.
    package var cursor: [UInt8]
    /// Of a repeated append: whether the request was sent more than once, so that it may be its own first sending that
    /// appended.
    package var mayBeOwn = false

    package init(first: UInt64, last: UInt64, recordedAt: Moment, cursor: [UInt8]) {
        self.first = first
        self.last = last
        self.recordedAt = recordedAt
        self.cursor = cursor
    }
}

/// A household event as read from the log, with the digest of the command it belongs to.
package struct ReadHouseholdEvent: Hashable, Sendable {
    package var known: KnownEvent
    package var contentDigest: Identifier128

    package init(known: KnownEvent, contentDigest: Identifier128) {
        self.known = known
        self.contentDigest = contentDigest
    }
}

/// A person event as read from the log.
package struct ReadPersonEvent: Hashable, Sendable {
    package var sequence: UInt64
    package var recordedAt: Moment
    package var event: PersonEvent

    package init(sequence: UInt64, recordedAt: Moment, event: PersonEvent) {
        self.sequence = sequence
        self.recordedAt = recordedAt
        self.event = event
    }
}

/// What care-archive answered to an append, with the later events decoded.
package enum AppendAnswer<Event: Hashable & Sendable>: Hashable, Sendable {
    case appended(AppendPlace)
    case repeated(AppendPlace)
    /// The stream is elsewhere; these came after what we knew.
    case conflict(later: [Event])
    case idReused
    /// Not now or not at all: a code, texts and whether trying again may help.
    case failed(FlowFailure)
}

/// Why a flow cannot go on, outside what policy foresees.
package struct FlowFailure: Hashable, Sendable {
    package var code: String
    package var chinese: String
    package var english: String
    package var isRetriable: Bool
    /// Where the family is registered whose record cannot be read, by the part that can; nil = that is not known, or the
    /// failure is about something else. Never told.
    package var division: DivisionCode?

    package init(code: String, chinese: String, english: String, isRetriable: Bool) {
        self.code = code
        self.chinese = chinese
        self.english = english
        self.isRetriable = isRetriable
    }

    /// Other commands kept changing the household while this one was decided.
    package static let contention = FlowFailure(
        code: "CARE-2001", chinese: "该户同时有多人在办理，请稍后再试", english: "others keep changing this household; try again",
        isRetriable: true)

    /// The command id was used before with other content.
    package static let idReused = FlowFailure(
        code: "CARE-2002", chinese: "命令编号已用于其他内容，请换新编号",
        english: "the command id was used with other content; use a new one",
        isRetriable: false)

    private static let fencedCode = "CARE-2003"

    /// Whether it is the stream that is damaged.
    package var isFenced: Bool { code == Self.fencedCode }

    /// The stream is damaged.
    /// - Parameter reason: What is wrong, in the engine's English words; Chinese readers are told where to look.
    package static func fenced(_ reason: String) -> FlowFailure {
        FlowFailure(
            code: fencedCode, chinese: "该户记录有损坏，已停止登记，其余各户照常；请联系管理员，用 carectl log verify 查明是哪一条",
            english: "the household's log is damaged and takes nothing until repaired, all others go on (\(reason))",
            isRetriable: false)
    }

    /// No answer from care-archive within the command's time.
    package static let archiveUnreachable = FlowFailure(
        code: "CARE-2004", chinese: "档案服务暂时没有应答，请用同一编号重试",
        english: "care-archive did not answer; retry with the same id",
        isRetriable: true)
}

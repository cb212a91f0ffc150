/// The answer to a request, as the caller sees it and as a service core makes it.
package struct BusReply: Sendable, Hashable {
    /// Outcome for programs.
    package var status: BusStatus
    /// Stable code "CARE-nnnn"; empty for `.ok`.
    package var code: String
    /// What to tell the person, Chinese first; empty for `.ok`.
    package var textZH: String
    /// The same in English.
    package var textEN: String
    /// The message that belongs to the method.
    package var body: [UInt8]
    /// When to try again, in milliseconds; 0 = not said.
    package var retryAfterMilliseconds: UInt32
    /// Whether the request had been sent more than once when it was answered: what the answer tells may be an earlier
    /// attempt's work. Known where the request was made; no part of the message.
    package internal(set) var isResent = false
    /// Which attempt of the request it answers, on its way between client and server; 0 = not said.
    var attempt: UInt64 = 0

    /// A reply from its parts.
    package init(
        status: BusStatus, code: String = "", textZH: String = "", textEN: String = "", body: [UInt8] = [],
        retryAfterMilliseconds: UInt32 = 0
    ) {
        self.status = status
        self.code = code
        self.textZH = textZH
        self.textEN = textEN
        self.body = body
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// Done, with this answer.
    package static func ok(_ body: [UInt8] = []) -> BusReply { BusReply(status: .ok, body: body) }

    /// A refusal of the bus itself.
    package static func problem(_ problem: BusProblem, retryAfter: Duration = .zero) -> BusReply {
        BusReply(
            status: problem.status, code: problem.code, textZH: problem.textZH, textEN: problem.textEN,
            retryAfterMilliseconds: retryAfter.wireMilliseconds)
    }
}

/// Why a request has no answer of the service's domain: the bus, a right, or a fault stood in between.
///
/// Refusals that policy foresees (`refused`, `conflict`, `notFound`, `queued`) are not errors: they come as replies.
package struct BusError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Status, code and texts for the person.
    package let reply: BusReply

    /// Whether the same request, with the same id, may succeed later.
    package var isRetriable: Bool { reply.status.isRetriable }
    /// Code and English text; holds no data of the request.
    package var description: String { "\(reply.code) \(reply.textEN)" }

    /// An error from the reply that says it.
    package init(_ reply: BusReply) {
        self.reply = reply
    }

    /// Whether a reply is an answer of the service rather than a failure on the way to it.
    static func isAnswer(_ status: BusStatus) -> Bool {
        switch status {
        case .ok, .refused, .conflict, .notFound, .queued: true
        case .overloaded, .deadline, .unauthorised, .badRequest, .unsupportedVersion, .internal, .unavailable: false
        }
    }
}

/// Outcome of a request or end of a subscription, for programs; numbers of `Status` in Proto/care/v1/bus.proto.
package enum BusStatus: UInt32, Sendable, CaseIterable {
    /// Done; the body holds the answer.
    case ok = 1
    /// Understood and refused. Repeating does not help.
    case refused = 2
    /// Something changed in between: look again, decide again.
    case conflict = 3
    /// There is no such thing, or the caller may not know of it.
    case notFound = 4
    /// Too much to do: repeat with the same id later.
    case overloaded = 5
    /// Not done in time; the outcome is unknown. Repeat with the same id to learn it.
    case deadline = 6
    /// Key not on the list, expired, or without the right.
    case unauthorised = 7
    /// Cannot be read. Repeating does not help.
    case badRequest = 8
    /// The service does not speak this version.
    case unsupportedVersion = 9
    /// A fault of the service.
    case `internal` = 10
    /// Starting, stopping or cut off: repeat with the same id later.
    case unavailable = 11
    /// Kept on the intake's own disk, not yet recorded.
    case queued = 12

    /// Whether it tells of something that was done or kept, which holds whichever attempt it was.
    var isReceipt: Bool { self == .ok || self == .queued }

    /// Whether the same request, with the same id, may succeed later.
    package var isRetriable: Bool {
        switch self {
        case .overloaded, .deadline, .unavailable: true
        case .ok, .refused, .conflict, .notFound, .unauthorised, .badRequest, .unsupportedVersion, .internal, .queued:
            false
        }
    }
}

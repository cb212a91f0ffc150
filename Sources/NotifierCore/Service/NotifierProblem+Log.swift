import ArchiveClient
import CareDomain
import MessageBus

extension NotifierProblem {
    /// The line for the operator's log.
    var logEntry: BusLogEntry {
        switch self {
        case .parkedEvent(let event):
            BusLogEntry(
                .error, "event parked",
                [
                    "household": event.household.description, "sequence": "\(event.sequence)",
                    "reason": event.reason.rawValue, "detail": event.detail,
                ])
        case .parked(let delivery, let reason, let attempts):
            BusLogEntry(
                .warning, "notice parked",
                [
                    "household": delivery.household.description, "notice": "\(delivery.notice.sequence)",
                    "reason": reason.rawValue, "attempts": "\(attempts)",
                ])
        case .parkedOffice(let delivery, let reason, let attempts):
            BusLogEntry(
                .warning, "notice parked",
                [
                    "stream": delivery.stream.name, "notice": "\(delivery.notice.sequence)",
                    "reason": reason.rawValue, "attempts": "\(attempts)",
                ])
        case .contended(let household):
            BusLogEntry(.warning, "household contended", ["household": household.description])
        }
    }
}

import Logging
import MessageBus

/// Lines of the bus in the service's log.
package func busLog(to logger: Logger) -> @Sendable (BusLogEntry) -> Void {
    { entry in
        let level: Logger.Level =
            switch entry.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        var metadata: Logger.Metadata = [:]
        for (key, value) in entry.fields { metadata[key] = "\(value)" }
        logger.log(level: level, "\(entry.message)", metadata: metadata)
    }
}

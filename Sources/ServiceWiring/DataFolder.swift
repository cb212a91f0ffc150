import Logging
import ServiceKit

/// The folder in which every service of a deployment has its own.
package enum DataFolder {
    /// Closes it to others, if somebody made it by hand and left it open, and says so. The services' own folders in it are closed
    /// anyway; this one would still show which there are and when they change.
    package static func close(_ path: String, _ logger: Logger) {
        guard let before = PrivateFolder.shut(path) else { return }
        logger.notice(
            "the data folder was open to others on this machine; it is closed to them now",
            metadata: ["before": "\(before)", "now": "700"])
    }
}

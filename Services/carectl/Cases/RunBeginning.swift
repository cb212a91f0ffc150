import CareDomain
import ServiceKit

/// Where the log ended when a run began: what was recorded after that, and had to be sent more than once, is the run's own work
/// however late its answer came, as when the machine slept or the disk was slow.
///
/// The log's own stamps are compared, which only grow, never a clock of this machine.
struct RunBeginning {
    /// When the last event before the run was recorded; nil = not known.
    private var head: Moment?

    init(head: Moment?) { self.head = head }

    /// Asks care-archive, and goes on without when it does not answer soon: commands can be sent while it is away.
    static func now(_ desk: Desk) async -> RunBeginning {
        do {
            let reply = try await desk.line(to: .careArchive).ask(.projectionStatus(.init()), timeout: .seconds(2))
            guard case .projectionStatus(let status) = reply else { return RunBeginning(head: nil) }
            return RunBeginning(head: Moment(microseconds: status.hasHeadRecordedAt ? status.headRecordedAt : 0))
        } catch {
            return RunBeginning(head: nil)
        }
    }

    /// Whether what an answer tells had been recorded before the run, or by somebody else.
    ///
    /// Where the beginning is not known the first answer that is new tells a moment at which the run was under way.
    mutating func precedes(_ recorded: Recorded) -> Bool {
        guard recorded.isRepeated else {
            head = min(head ?? recorded.recordedAt, recorded.recordedAt)
            return false
        }
        guard recorded.isResent, let head else { return true }
        return recorded.recordedAt <= head
    }
}

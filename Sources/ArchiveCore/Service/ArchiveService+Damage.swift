import EventLog
import MessageBus

extension ArchiveService {
    /// Closes the streams of damaged events: nothing is added to them, and whoever reads them is told. Which one an event
    /// belonged to cannot always be told; it is then counted, for somebody to run `log verify`.
    mutating func fence(
        _ damages: [Damage], _ now: BusMoment, _ actions: inout [ServiceAction<ArchiveWork>]
    ) {
        var fenced = Set(log.fences.map(\.stream))
        for damage in damages {
            guard let stream = damage.stream else {
                guard let position = damage.position, noteUnplaced(position) else { continue }
                actions.append(
                    .log(
                        BusLogEntry(
                            .error, "an event is damaged and its stream cannot be told; run log verify",
                            ["damage": damage.description])))
                continue
            }
            guard fenced.insert(stream).inserted else { continue }
            do throws(EventLogError) {
                try log.fence(
                    stream, reason: damage.description, at: RecordedTime(microseconds: now.utcMicroseconds))
                actions.append(.log(BusLogEntry(.error, "stream fenced", ["damage": damage.description])))
            } catch {
                // Not fenced now: the next reading meets the damage again.
                actions.append(
                    .log(
                        BusLogEntry(
                            .error, "a damaged stream could not be fenced",
                            ["damage": damage.description, "code": "\(error.code)"])))
            }
        }
        countFences()
    }
}

import CareDomain
import MessageBus

/// What clerks ask about payments and about units, and what they were told: it stands on their own disks, and is kept for
/// the checks.
final class Errands {
    /// What a clerk was told.
    enum Answer: Hashable {
        case recorded(first: UInt64, last: UInt64, recordedAt: Int64)
        /// Refused for good, by this code.
        case refused(String)

        /// Whether it tells of something later than that place, or of nothing.
        func isDecidedAnew(after last: UInt64) -> Bool {
            switch self {
            case .recorded(let first, _, _): first > last
            case .refused: true
            }
        }
    }

    /// One command of a clerk.
    struct Entry {
        let id: CommandID
        let method: BusMethod
        let bytes: [UInt8]
        let clerk: MachineName
        /// The name of what is asked for.
        let label: String
        var answer: Answer?
        /// Whoever was first told that it is recorded.
        var recordedFor: MachineName?
        /// Runs of others that made files, of which the clerk was told before this one made its own.
        var toldOfOthers: [ClosedRange<UInt64>] = []
    }

    private(set) var entries: [Entry] = []
    private var places: [CommandID: Int] = [:]

    func entry(_ id: CommandID) -> Entry? { places[id].map { entries[$0] } }

    /// Commands of a clerk that have no answer yet.
    func open(of clerk: MachineName) -> [Entry] { entries.filter { $0.clerk == clerk && $0.answer == nil } }

    func add(_ entry: Entry) {
        places[entry.id] = entries.count
        entries.append(entry)
    }

    /// Takes an answer in.
    /// - Parameter clerk: Who was told it.
    /// - Returns: What is wrong with it, when it is not the one that was given before.
    func take(_ answer: Answer, to id: CommandID, of clerk: MachineName) -> String? {
        guard let place = places[id] else { return "an answer to an errand that nobody sent" }
        // Somebody else who sends it may not give it; for whoever had it recorded, and in the log, it stands.
        if case .recorded? = entries[place].answer, case .refused(let code) = answer, Ledger.ofRights.contains(code),
            clerk != entries[place].clerk || entries[place].recordedFor != clerk
        {
            return nil
        }
        if case .recorded = answer, entries[place].recordedFor == nil { entries[place].recordedFor = clerk }
        if case .recorded(let first, let last, _)? = entries[place].answer, entries[place].answer != answer {
            // Who asks for files is told of those under way; asked again when a line has come back it is decided anew: new
            // ones are made, or it is refused, as when the clock was set back.
            guard entries[place].label == "issue", answer.isDecidedAnew(after: last) else {
                return "\(entries[place].label) \(id): \(String(describing: entries[place].answer)), then \(answer)"
            }
            entries[place].toldOfOthers.append(first...last)
        }
        entries[place].answer = answer
        return nil
    }
}

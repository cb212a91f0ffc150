import CareDomain
import CareWire

/// What the clients of a run asked for and what they were told: the checks believe this and nothing else.
final class Ledger {
    /// What a client was told.
    enum Answer: Hashable {
        case recorded(HouseholdID, first: UInt64, last: UInt64, recordedAt: Int64)
        /// Refused for good, by this code.
        case refused(String)
    }

    /// One command of a client.
    struct Entry {
        var command: HouseholdCommand
        var bytes: [UInt8]
        /// Which of the clients sent it; it is that one's to repeat.
        var clerk: MachineName
        var firstSent: Int64
        var answeredAt: Int64?
        var answer: Answer?
        /// How often it was sent again after it had been answered.
        var echoes = 0
    }

    /// In the order in which they were first sent.
    private(set) var entries: [Entry] = []
    private var places: [CommandID: Int] = [:]
    /// Commands with a known id and another content, which must be refused; and how many were.
    private(set) var forgeries: [CommandID: Int] = [:]
    private(set) var refusedForgeries = 0

    func add(_ entry: Entry) {
        places[entry.command.id] = entries.count
        entries.append(entry)
    }

    func entry(_ id: CommandID) -> Entry? { places[id].map { entries[$0] } }

    /// Refusals that say who may give a command: of the office, of the person who pays, of one who holds another function.
    static let ofRights: Set<String> = [
        "CARE-1488", "CARE-1489", "CARE-1496", "CARE-1497", "CARE-1498", "CARE-1717", "CARE-1718", "CARE-6138",
        "CARE-6581",
        "CARE-6595",
    ]

    /// Takes an answer in.
    /// - Parameter clerk: Who was told it.
    /// - Returns: What is wrong with it, when it is not the one that was given before.
    func take(_ answer: Answer, to id: CommandID, of clerk: MachineName, at time: Int64) -> String? {
        guard let place = places[id] else { return "an answer to a command that nobody sent" }
        guard let known = entries[place].answer else {
            entries[place].answer = answer
            entries[place].answeredAt = time
            return nil
        }
        entries[place].echoes += 1
        switch (known, answer) {
        case (.recorded, .recorded):
            return known == answer ? nil : "\(label(place)): \(known), then \(answer)"
        // Somebody else who sends it may lack the right by now; for its sender, and in the log, it stands.
        case (.recorded, .refused(let code)) where clerk != entries[place].clerk && Self.ofRights.contains(code):
            return nil
        case (.recorded, .refused(let code)):
            return "\(label(place)) was recorded, then refused with \(code)"
        // Sent again after a refusal it is decided anew: what was refused may later be recorded.
        case (.refused, _):
            entries[place].answer = answer
            entries[place].answeredAt = time
            return nil
        }
    }

    private func label(_ place: Int) -> String { "\(entries[place].command.action.label) \(entries[place].command.id)" }

    func forge(_ id: CommandID) { forgeries[id, default: 0] += 1 }
    func forgeryRefused() { refusedForgeries += 1 }

    /// Commands of a client that have no answer yet.
    func open(of clerk: MachineName) -> [Entry] { entries.filter { $0.clerk == clerk && $0.answer == nil } }

    /// Families that were acknowledged, as they were registered.
    var registrations: [HouseholdCommand] {
        recorded.map(\.command).filter { if case .registerHousehold = $0.action { true } else { false } }
    }

    var recorded: [Entry] { entries.filter { if case .recorded? = $0.answer { true } else { false } } }
}

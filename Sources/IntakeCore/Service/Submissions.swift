import ArchiveClient
import CareDomain
import CareWire

/// Where a command is decided: the append that holds it or, for what touches several streams, the one after which it counts
/// as done.
struct DecidingAppend: Hashable, Sendable {
    /// The stream of such an append.
    enum Place: Hashable, Sendable {
        case household(HouseholdID), unit(DivisionCode), batch(BatchID), lending(LendingStream), duty(DutyStream)
        case pack(PackID)
        /// The command alone does not say.
        case untold
    }

    var place: Place
    var id: CommandID

    init(_ command: HouseholdCommand) {
        let arrival = MoveFlow.arrival(of: command)
        place = .household(arrival?.household ?? command.household)
        id = arrival?.id ?? command.id
    }

    init(_ command: UnitCommand) {
        switch command.action {
        case .give(let order): (place, id) = (.household(order.household), UnitRun.decisive(GrantID(command.id)))
        // What is taken back stands in the file of a family whom the command does not name.
        case .release: (place, id) = (.untold, UnitRun.revocation(by: command.id))
        case .setGuidance, .setBudget, .setAdvance, .score, .compute, .expire:
            (place, id) = (.unit(command.unit), command.id)
        }
    }

    init(_ command: PaymentCommand) { (place, id) = (.batch(command.batch), command.id) }
    init(_ command: LendingCommand) { (place, id) = (.lending(command.stream), command.id) }
    init(_ command: DutyCommand) { (place, id) = (.duty(DutyStream(of: command)), command.id) }
    init(_ command: PackCommand) { (place, id) = (.pack(command.pack), command.id) }

    /// Name of the stream; empty when it is not known.
    var stream: String {
        switch place {
        case .household(let id): DecidingStream(id).name
        case .unit(let unit): DecidingStream(unit: unit).name
        case .batch(let batch): DecidingStream(batch).name
        case .lending(let stream): DecidingStream(stream).name
        case .duty(let stream): DecidingStream(stream).name
        case .pack(let pack): ArchiveMessages.stream(of: pack)
        case .untold: ""
        }
    }
}

/// Which submission of its client each command under way belongs to, and where it is decided.
///
/// Appends carry the number to care-archive, which refuses what was refused before. Pure.
struct Submissions: Sendable {
    /// A command under way.
    struct Entry: Hashable, Sendable {
        var append: DecidingAppend
        var digest: Identifier128
        var number: UInt64
    }

    private struct Running {
        var number: UInt64
        var count: Int
    }

    private var entries: [RequestToken: Entry] = [:]
    private var running: [CommandID: Running] = [:]

    /// A command was taken in; one whose submission has no number is not kept.
    mutating func begin(_ token: RequestToken, _ entry: Entry) {
        guard entry.number > 0, entries.updateValue(entry, forKey: token) == nil else { return }
        // Two at a time: what they append may be the earlier one's.
        let other = running[entry.append.id]
        running[entry.append.id] = Running(
            number: min(entry.number, other?.number ?? .max), count: (other?.count ?? 0) + 1)
    }

    /// A command is about to be answered.
    mutating func end(_ token: RequestToken) -> Entry? {
        guard let entry = entries.removeValue(forKey: token) else { return nil }
        if let last = running[entry.append.id], last.count > 1 {
            running[entry.append.id] = Running(number: last.number, count: last.count - 1)
        } else {
            running[entry.append.id] = nil
        }
        return entry
    }

    /// The number that goes with an append; 0 = none.
    func number(of append: CommandID) -> UInt64 { running[append]?.number ?? 0 }

    mutating func removeAll() {
        entries.removeAll()
        running.removeAll()
    }
}

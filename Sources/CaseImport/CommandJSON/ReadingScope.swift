import CareDomain

/// What lines of one file share: labels, and what the line under way has defined so far.
///
/// Labels of a line count only when the whole line is good, so that a bad line leaves nothing behind.
final class ReadingScope {
    /// Stands in every derived id, so that two files do not share ids.
    let file: Identifier128
    private var households: [String: HouseholdID] = [:]
    private var members: [MemberLabel: PersonID] = [:]
    private var outsiders: [String: PersonID] = [:]
    private var commands: [String: CommandID] = [:]
    private var staged: [Staged] = []

    /// The line under way.
    var command = CommandID(Identifier128(high: 0, low: 0))
    var household = HouseholdID.blank
    /// Place of the member under way in its list.
    var memberPlace = 0
    var sources: [EventSlot: EventSource] = [:]

    private struct MemberLabel: Hashable {
        let household: HouseholdID
        let label: String
    }

    private enum Staged {
        case household(String, HouseholdID)
        case member(MemberLabel, PersonID)
        case outsider(String, PersonID)
        case command(String, CommandID)
    }

    init(file: Identifier128) { self.file = file }

    func begin(command: CommandID) {
        self.command = command
        household = .blank
        memberPlace = 0
        sources = [:]
        staged.removeAll(keepingCapacity: true)
    }

    /// Keeps what the good line defined.
    func commit() {
        for label in staged {
            switch label {
            case .household(let label, let id): households[label] = id
            case .member(let label, let id): members[label] = id
            case .outsider(let label, let id): outsiders[label] = id
            case .command(let label, let id): commands[label] = id
            }
        }
    }

    func household(labelled label: String) throws(CommandProblem) -> HouseholdID {
        guard let id = households[label] else { throw CommandProblem(.unknownLabel) }
        return id
    }

    func define(household label: String, _ id: HouseholdID) throws(CommandProblem) {
        if let other = households[label], other != id { throw CommandProblem(.repeatedLabel) }
        staged.append(.household(label, id))
    }

    func define(command label: String) throws(CommandProblem) {
        if let other = commands[label], other != command { throw CommandProblem(.repeatedLabel) }
        staged.append(.command(label, command))
    }

    func command(labelled label: String) throws(CommandProblem) -> CommandID {
        guard let id = commands[label] else { throw CommandProblem(.unknownLabel) }
        return id
    }

    /// The person a label means here; nil when it is new.
    private func person(labelled label: String) -> PersonID? {
        let key = MemberLabel(household: household, label: label)
        for entry in staged {
            if case .member(key, let id) = entry { return id }
            if case .outsider(label, let id) = entry { return id }
        }
        return members[key] ?? outsiders[label]
    }

    func person(labelled label: String, _ use: PersonUse) throws(CommandProblem) -> PersonID {
        switch use {
        case .member:
            guard let id = person(labelled: label) else { throw CommandProblem(.unknownLabel) }
            return id
        case .newMember:
            let id = newMember()
            if let other = person(labelled: label), other != id { throw CommandProblem(.repeatedLabel) }
            staged.append(.member(MemberLabel(household: household, label: label), id))
            return id
        case .outsider:
            if let id = person(labelled: label) { return id }
            let id = DerivedIDs.outsider(of: command, label: label)
            staged.append(.outsider(label, id))
            return id
        }
    }

    func newMember() -> PersonID { DerivedIDs.person(of: command, place: memberPlace) }
}

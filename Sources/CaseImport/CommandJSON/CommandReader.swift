import CareDomain

/// Reads commands, one JSON object per line, as `CommandFormat.md` describes them.
///
/// Lines of one file are read in order by one reader, because a label defined on one line means the same on later ones.
/// A bad line defines nothing; the lines after it are still read.
package final class CommandReader {
    private let scope: ReadingScope

    /// - Parameter file: digest of the whole file (`DerivedIDs.digest(of:)`). Commands without an id get one from it
    ///   and their line, so that the same file read again holds the same commands.
    package init(file: Identifier128) { scope = ReadingScope(file: file) }

    /// The command on one line.
    /// - Throws: `CommandProblem`; reading the same line again does not help.
    package func read(_ text: String, line: Int) throws(CommandProblem) -> CommandDraft {
        do {
            return try read(try JSONParser.parse(text), text: text, line: line)
        } catch {
            var problem = error
            problem.line = line
            throw problem
        }
    }

    private func read(_ node: JSONNode, text: String, line: Int) throws(CommandProblem) -> CommandDraft {
        guard case .object = node else { throw CommandProblem(.notObject) }
        var reader = try FieldReader(node, scope: scope)
        var name = ""
        try reader.field("command", &name)
        // What the other keys should be hangs on it.
        guard HouseholdAction.names.contains(name) else { throw HouseholdAction.unknown(name) }
        var id: CommandID?
        try reader.field("id", &id)
        let commandID = id ?? DerivedIDs.command(scope: scope.file, text)
        scope.begin(command: commandID)
        if let node = reader.take("ref") { try scope.define(command: try FieldReader.label(node)) }
        let household = try household(&reader, registers: name == "register_household")
        scope.household = household
        var command = HouseholdCommand(
            id: commandID, household: household, occurredOn: CivilDay(dayNumber: 0), action: .withdraw)
        try reader.field("occurred_on", &command.occurredOn)
        try reader.field("learned_on", &command.learnedOn)
        var seen: Int?
        try reader.field("seen", &seen)
        if let seen {
            guard seen > 0 else { throw CommandProblem(.wrongValue, expected: .count).within("seen") }
            command.seen = EventReference(sequence: UInt64(seen))
        }
        if let node = reader.take("correction") {
            do {
                var inner = try FieldReader(node, scope: scope)
                command.correction = try inner.payload() as Correction
            } catch {
                throw error.within("correction")
            }
        }
        scope.memberPlace = 0
        command.action = try HouseholdAction.read(named: name, &reader)
        try reader.finish()
        scope.commit()
        return CommandDraft(line: line, command: command, sources: scope.sources)
    }

    /// A registration makes its household, may label it, and may be told its id again (as a correction is); every
    /// other command must say whom it is for.
    private func household(
        _ reader: inout FieldReader, registers: Bool
    ) throws(CommandProblem) -> HouseholdID {
        guard registers else {
            var id = HouseholdID.blank
            try reader.household("household", &id)
            return id
        }
        let derived = DerivedIDs.household(of: scope.command)
        guard let node = reader.take("household") else { return derived }
        if case .object(let members) = node, members.count == 1, members[0].key == "ref" {
            do {
                try scope.define(household: try FieldReader.label(members[0].value), derived)
            } catch {
                throw error.within("household")
            }
            return derived
        }
        do { return try FieldReader.household(node, scope: scope) } catch { throw error.within("household") }
    }
}

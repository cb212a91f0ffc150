import CareDomain

/// Writes commands as lines of JSON: the same command gives the same bytes, on any machine.
package struct CommandWriter {
    private var writer = FieldWriter()

    package init() {}

    /// The line of one command, with its line feed.
    ///
    /// Sealed parts that say nothing (empty, or not readable here) are left out.
    package mutating func line(_ draft: CommandDraft) -> [UInt8] {
        writer.json.clear()
        writer.sources = draft.sources
        var command = draft.command
        do throws(CommandProblem) {
            writer.json.openObject()
            writer.json.key("command")
            writer.json.write(command.action.name)
            try writer.field("id", &command.id)
            try writer.field("household", &command.household)
            try writer.field("occurred_on", &command.occurredOn)
            try writer.field("learned_on", &command.learnedOn)
            if let seen = command.seen {
                writer.json.key("seen")
                writer.json.write(Int64(clamping: seen.sequence))
            }
            if var correction = command.correction {
                writer.json.key("correction")
                writer.json.openObject()
                try correction.code(with: &writer)
                writer.json.closeObject()
            }
            try command.action.write(&writer)
            writer.json.closeObject()
        } catch {
            preconditionFailure("CommandWriter.line: writing never fails")
        }
        writer.json.endLine()
        return writer.json.bytes
    }

    /// The line of a command whose references are all known.
    package mutating func line(_ command: HouseholdCommand) -> [UInt8] { line(CommandDraft(command: command)) }
}

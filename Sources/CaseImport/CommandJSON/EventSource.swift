import CareDomain

/// Which reference of a command is meant.
package enum EventSlot: String, Hashable, Sendable, CaseIterable {
    /// What a correction puts right.
    case corrects
    /// The need that is answered or closed.
    case need
    /// The plan item that is done.
    case item
    /// The incident that a decision is about.
    case incident
    /// The decision that is revoked.
    case revokes
}

/// An earlier event named by the command it came from, because a file cannot know its sequence: services append
/// determinations and notices between the commands.
package struct EventSource: Hashable, Sendable {
    /// The command that led to it.
    package var command: CommandID
    /// Its place among the events of that command, from 0. A visit is 0 and the needs it found are 1, 2, …; a
    /// registration is 0, its members follow, then its facts.
    package var place: Int

    package init(command: CommandID, place: Int = 0) {
        self.command = command
        self.place = place
    }
}

/// A command as it stands in a file: complete but for references to events that only the log can number.
package struct CommandDraft: Hashable, Sendable {
    /// Line in the file, from 1; 0 when it was not read from a file.
    package var line: Int
    /// The command; references in `sources` hold sequence 0.
    package var command: HouseholdCommand
    /// References still to be resolved.
    package var sources: [EventSlot: EventSource]

    package init(line: Int = 0, command: HouseholdCommand, sources: [EventSlot: EventSource] = [:]) {
        self.line = line
        self.command = command
        self.sources = sources
    }

    /// The command with every reference put in.
    /// - Parameter sequence: the sequence of an event; nil when its command was not accepted or is not known.
    /// - Throws: `CommandProblem` of kind `unresolvedEvent`; a retry helps once that command is in the log.
    package func resolved(_ sequence: (EventSource) -> UInt64?) throws(CommandProblem) -> HouseholdCommand {
        var result = command
        for slot in EventSlot.allCases {
            guard let source = sources[slot] else { continue }
            guard let found = sequence(source) else {
                var problem = CommandProblem(.unresolvedEvent).within(slot.rawValue)
                problem.line = line > 0 ? line : nil
                throw problem
            }
            result.set(slot, to: EventReference(sequence: found))
        }
        return result
    }
}

extension HouseholdCommand {
    fileprivate mutating func set(_ slot: EventSlot, to reference: EventReference) {
        switch (slot, action) {
        case (.corrects, _):
            correction?.corrects = reference
        case (.need, .answerNeed(var payload)):
            payload.need = reference
            action = .answerNeed(payload)
        case (.need, .closeNeed(var payload)):
            payload.need = reference
            action = .closeNeed(payload)
        case (.item, .completePlanItem(var payload)):
            payload.item = reference
            action = .completePlanItem(payload)
        case (.incident, .decideAward(var payload)):
            payload.subject = .incident(reference)
            action = .decideAward(payload)
        case (.revokes, .decideAward(var payload)):
            payload.outcome = .revoked(reference)
            action = .decideAward(payload)
        default:
            break
        }
    }
}

import CareDomain
import CareWire

/// Ids that follow from something else, so that doing the same again names the same thing.
package enum DerivedIDs {
    /// Digest of a whole file, the scope of the ids derived from its lines.
    package static func digest(of file: [UInt8]) -> Identifier128 { Derivation.digest(file) }

    /// The household that a registering command makes.
    package static func household(of command: CommandID) -> HouseholdID { .derived(from: command) }

    /// The member at a place, from 0, in the list of a command that registers or adds.
    package static func person(of command: CommandID, place: Int) -> PersonID { .derived(from: command, place: place) }

    /// Somebody outside the household whom a command is the first to name by this label.
    static func outsider(of command: CommandID, label: String) -> PersonID {
        PersonID(Derivation.digest(command.value.bytes + Array("outsider,\(label)".utf8)))
    }

    /// The command that a place of a file stands for: the same content in the same file is the same command.
    ///
    /// `scope` is the digest of the whole file, so that nobody can try out names against the id.
    package static func command(scope: Identifier128, _ content: String) -> CommandID {
        CommandID(Derivation.digest(scope.bytes + Array("command,\(content)".utf8)))
    }

    /// Somebody outside the household whom a row of a file names.
    static func outsider(scope: Identifier128, _ content: String) -> PersonID {
        PersonID(Derivation.digest(scope.bytes + Array("outsider,\(content)".utf8)))
    }
}

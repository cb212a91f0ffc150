import CareDomain

/// A command about a household as it came over the wire.
package struct ReceivedCommand: Hashable, Sendable {
    package var command: HouseholdCommand
    /// Statute or consent on which the processing rests.
    package var legalBasis: Code?
    /// Sixteen bytes that stand for the bytes as sent: the same command id with another digest is refused. Bytes in the
    /// canonical form, as `CommandCodec.encode` writes them, have the digest that `CommandCodec.digest(of:)` tells.
    package var digest: Identifier128
}

/// Commands about households to bytes and back.
package enum CommandCodec {
    /// Reads a command.
    /// - Throws: `WireError`; the sender has to change something before it helps to send again.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> ReceivedCommand {
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        let (command, legalBasis) = try read(Payload.message(bytes.span.bytes))
        // Of the bytes, not of what was read: to write every command anew only to name it costs as much as to read it,
        // and whoever repeats a command repeats its bytes.
        return ReceivedCommand(command: command, legalBasis: legalBasis, digest: Derivation.digest(bytes))
    }

    private static func read(
        _ wire: Care_V1_Command
    ) throws(WireError) -> (command: HouseholdCommand, legalBasis: Code?) {
        let id: CommandID = try Field.id(wire.commandID, "command_id")
        guard let action = wire.action else { throw WireError(.missing, "action") }
        let household: HouseholdID =
            if case .registerHousehold = action, !wire.hasCorrection {
                HouseholdID.derived(from: id)
            } else {
                try Field.id(wire.household, "household")
            }
        let command = HouseholdCommand(
            id: id, household: household, occurredOn: try Field.day(wire.occurredOn, "occurred_on"),
            learnedOn: try Field.day(ifSet: wire.hasLearnedOn ? wire.learnedOn : nil, "learned_on"),
            seen: wire.hasSeenSequence ? try Field.reference(wire.seenSequence, "seen_sequence") : nil,
            correction: try Field.optional(wire.hasCorrection ? wire.correction : nil, "correction"),
            action: try HouseholdAction(wire: action, command: id))
        let legalBasis: Code? = try Field.code(ifSet: wire.hasLegalBasis ? wire.legalBasis : nil, "legal_basis")
        return (command, legalBasis)
    }

    /// Encodes a command in its canonical form.
    /// - Throws: `WireError` when the command breaks a limit of the contract.
    package static func encode(
        _ command: HouseholdCommand, legalBasis: Code? = nil
    ) throws(WireError) -> [UInt8] {
        let message = try message(command, legalBasis: legalBasis)
        _ = try read(message)
        let bytes = try Payload.bytes(of: message)
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        return bytes
    }

    /// The digest of a command that did not come over the wire.
    package static func digest(
        of command: HouseholdCommand, legalBasis: Code? = nil
    ) throws(WireError) -> Identifier128 {
        Derivation.digest(try Payload.bytes(of: message(command, legalBasis: legalBasis)))
    }

    /// The message of a command. A registration's household id is left out: it is derived; what puts one right names it.
    package static func message(
        _ command: HouseholdCommand, legalBasis: Code? = nil
    ) throws(WireError) -> Care_V1_Command {
        var wire = Care_V1_Command()
        wire.commandID = command.id.data
        if case .registerHousehold = command.action, command.correction == nil {
        } else {
            wire.household = command.household.data
        }
        wire.occurredOn = command.occurredOn.dayNumber
        if let learnedOn = command.learnedOn { wire.learnedOn = learnedOn.dayNumber }
        if let seen = command.seen { wire.seenSequence = seen.sequence }
        if let correction = command.correction { wire.correction = try Field.wire(correction, "correction") }
        if let legalBasis { wire.legalBasis = legalBasis.rawValue }
        wire.action = try command.action.wire()
        return wire
    }
}

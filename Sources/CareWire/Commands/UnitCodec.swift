import CareDomain

/// A unit command as received, with what makes it the same command.
package struct ReceivedUnitCommand: Hashable, Sendable {
    package var command: UnitCommand
    /// Digest of its canonical content.
    package var digest: Identifier128
}

/// Commands about units to bytes and back.
package enum UnitCodec {
    /// Reads a command. Total on any bytes.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> ReceivedUnitCommand {
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        let wire: Care_V1_UnitCommand = try Payload.message(bytes.span.bytes)
        let command = UnitCommand(
            id: try Field.id(wire.commandID, "command_id"), unit: try Field.division(wire.division, "division"),
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"), action: try action(wire.action))
        return ReceivedUnitCommand(
            command: command, digest: Derivation.digest(try Payload.bytes(of: message(command))))
    }

    /// Encodes a command in its canonical form.
    /// - Throws: `WireError` when the command breaks a limit of the contract.
    package static func encode(_ command: UnitCommand) throws(WireError) -> [UInt8] {
        let bytes = try Payload.bytes(of: message(command))
        _ = try decode(bytes)
        return bytes
    }

    private static func action(_ wire: Care_V1_UnitCommand.OneOf_Action?) throws(WireError) -> UnitAction {
        switch wire {
        case .setGuidance(let wire)?: return .setGuidance(try GuidanceSet(wire: wire))
        case .setBudget(let wire)?: return .setBudget(try UnitSum(wire: wire))
        case .setAdvance(let wire)?: return .setAdvance(try UnitSum(wire: wire))
        case .score(let wire)?: return .score(try UnitScored(wire: wire))
        case .give(let wire)?: return .give(try GrantOrder(wire: wire))
        case .release(let wire)?: return .release(try GrantEnd(wire: wire))
        case .expire(let wire)?: return .expire(try GrantEnd(wire: wire))
        case .compute(let wire)?:
            return .compute(
                year: try Field.year(wire.year),
                reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "compute.reason"))
        case nil: throw WireError(.missing, "action")
        }
    }

    private static func message(_ command: UnitCommand) throws(WireError) -> Care_V1_UnitCommand {
        var wire = Care_V1_UnitCommand()
        wire.commandID = command.id.data
        wire.division = command.unit.rawValue
        wire.occurredOn = command.occurredOn.dayNumber
        switch command.action {
        case .setGuidance(let set): wire.setGuidance = try set.wire()
        case .setBudget(let sum): wire.setBudget = try sum.wire()
        case .setAdvance(let sum): wire.setAdvance = try sum.wire()
        case .score(let scored): wire.score = try scored.wire()
        case .give(let order): wire.give = try order.wire()
        case .release(let end): wire.release = end.wire()
        case .expire(let end): wire.expire = end.wire()
        case .compute(let year, let reason):
            wire.compute.year = try Field.number(year, "year")
            if let reason { wire.compute.reason = reason.rawValue }
        }
        return wire
    }
}

extension GrantOrder: WireMapped {
    init(wire: Care_V1_GiveGrant) throws(WireError) {
        if wire.hasAmountFen, !WireLimits.paymentFen.contains(wire.amountFen) || wire.amountFen <= 0 {
            throw WireError(.outOfRange, "amount_fen")
        }
        self.init(
            household: try Field.id(wire.household, "household"), clause: try Field.clause(wire.clause, "clause"),
            subject: try Field.required(wire.hasSubject ? wire.subject : nil, "subject"),
            year: try Field.year(wire.year), amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil,
            reason: try Field.code(ifSet: wire.hasReason ? wire.reason : nil, "reason"),
            isException: wire.isException,
            secondApprover: try Field.code(
                ifSet: wire.hasSecondApprover ? wire.secondApprover : nil, "second_approver"))
    }

    func wire() throws(WireError) -> Care_V1_GiveGrant {
        var wire = Care_V1_GiveGrant()
        wire.household = household.data
        wire.clause = clause.rawValue
        wire.subject = try subject.wire()
        wire.year = try Field.number(year, "year")
        if let amount { wire.amountFen = amount.amount }
        if let reason { wire.reason = reason.rawValue }
        wire.isException = isException
        if let secondApprover { wire.secondApprover = secondApprover.rawValue }
        return wire
    }
}

extension GrantEnd: WireMapped {
    init(wire: Care_V1_EndGrant) throws(WireError) {
        self.init(grant: try Field.id(wire.grant, "grant"), reason: try Field.code(wire.reason, "reason"))
    }

    func wire() -> Care_V1_EndGrant {
        var wire = Care_V1_EndGrant()
        wire.grant = grant.data
        wire.reason = reason.rawValue
        return wire
    }
}

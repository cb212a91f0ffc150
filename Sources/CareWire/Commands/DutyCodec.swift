import CareDomain

/// A command about a duty book as received, with what makes it the same command.
package struct ReceivedDutyCommand: Hashable, Sendable {
    package var command: DutyCommand
    /// Digest of its canonical content.
    package var digest: Identifier128
}

/// Commands about duty books to bytes and back.
package enum DutyCodec {
    /// Reads a command. Total on any bytes.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> ReceivedDutyCommand {
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        let wire: Care_V1_DutyCommand = try Payload.message(bytes.span.bytes)
        let command = DutyCommand(
            id: try Field.id(wire.commandID, "command_id"), division: try Field.division(wire.division, "division"),
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"), action: try action(wire.action))
        if command.action.hasDepartment == true { throw WireError(.outOfRange, "action.department") }
        if case .reportSent(let report) = command.action, report.scope.division != command.division {
            throw WireError(.outOfRange, "action.division")
        }
        return ReceivedDutyCommand(
            command: command, digest: Derivation.digest(try Payload.bytes(of: message(command))))
    }

    /// Encodes a command in its canonical form.
    /// - Throws: `WireError` when the command breaks a limit of the contract.
    package static func encode(_ command: DutyCommand) throws(WireError) -> [UInt8] {
        let bytes = try Payload.bytes(of: message(command))
        _ = try decode(bytes)
        return bytes
    }

    private static func action(_ wire: Care_V1_DutyCommand.OneOf_Action?) throws(WireError) -> DutyEvent {
        switch wire {
        case .report(let wire)?: .reported(try Field.required(wire, "report"))
        case .correct(let wire)?: .corrected(try Field.required(wire, "correct"))
        case .withdraw(let wire)?: .withdrawn(try Field.required(wire, "withdraw"))
        case .sendList(let wire)?: .listSent(try Field.required(wire, "send_list"))
        case .receiveList(let wire)?: .listReceived(try Field.required(wire, "receive_list"))
        case .ask(let wire)?: .asked(try Field.required(wire, "ask"))
        case .answer(let wire)?: .answered(try Field.required(wire, "answer"))
        case .arrange(let wire)?: .arranged(try Field.required(wire, "arrange"))
        case .stateSurvey(let wire)?: .surveyStated(try Field.required(wire, "state_survey"))
        case .drawSample(let wire)?: .sampleDrawn(try Field.required(wire, "draw_sample"))
        case .stateFigure(let wire)?: .figureStated(try Field.required(wire, "state_figure"))
        case .sendReport(let wire)?: .reportSent(try Field.required(wire, "send_report"))
        case nil: throw WireError(.missing, "action")
        }
    }

    private static func message(_ command: DutyCommand) throws(WireError) -> Care_V1_DutyCommand {
        var wire = Care_V1_DutyCommand()
        wire.commandID = command.id.data
        wire.division = command.division.rawValue
        wire.occurredOn = command.occurredOn.dayNumber
        switch command.action {
        case .reported(let event): wire.report = try Field.wire(event, "report")
        case .corrected(let event): wire.correct = try Field.wire(event, "correct")
        case .withdrawn(let event): wire.withdraw = try Field.wire(event, "withdraw")
        case .listSent(let event): wire.sendList = try Field.wire(event, "send_list")
        case .listReceived(let event): wire.receiveList = try Field.wire(event, "receive_list")
        case .asked(let event): wire.ask = try Field.wire(event, "ask")
        case .answered(let event): wire.answer = try Field.wire(event, "answer")
        case .arranged(let event): wire.arrange = try Field.wire(event, "arrange")
        case .surveyStated(let event): wire.stateSurvey = try Field.wire(event, "state_survey")
        case .sampleDrawn(let event): wire.drawSample = try Field.wire(event, "draw_sample")
        case .figureStated(let event): wire.stateFigure = try Field.wire(event, "state_figure")
        case .reportSent(let event): wire.sendReport = try Field.wire(event, "send_report")
        // Nobody may ask for these: the notifier says them.
        case .noticeRaised, .noticeDelivered: throw WireError(.missing, "action")
        }
        return wire
    }
}

import CareDomain

/// A payment command as received, with what makes it the same command.
package struct ReceivedPayment: Hashable, Sendable {
    package var command: PaymentCommand
    /// Digest of its canonical content.
    package var digest: Identifier128
}

/// Commands about payment batches to bytes and back.
package enum PaymentCodec {
    /// Reads a command. Total on any bytes.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> ReceivedPayment {
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        let wire: Care_V1_PaymentCommand = try Payload.message(bytes.span.bytes)
        let command = PaymentCommand(
            id: try Field.id(wire.commandID, "command_id"), batch: try Field.id(wire.batch, "batch"),
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"), action: try action(wire.action))
        if case .prepare(let scope, _) = command.action, BatchID.derived(from: scope) != command.batch {
            throw WireError(.outOfRange, "batch")
        }
        return ReceivedPayment(command: command, digest: Derivation.digest(try Payload.bytes(of: message(command))))
    }

    /// Encodes a command in its canonical form.
    /// - Throws: `WireError` when the command breaks a limit of the contract.
    package static func encode(_ command: PaymentCommand) throws(WireError) -> [UInt8] {
        let bytes = try Payload.bytes(of: message(command))
        _ = try decode(bytes)
        return bytes
    }

    private static func action(_ wire: Care_V1_PaymentCommand.OneOf_Action?) throws(WireError) -> PaymentAction {
        switch wire {
        case .prepare(let wire)?:
            return .prepare(
                try Field.required(wire.hasScope ? wire.scope : nil, "prepare.scope"),
                households: try Field.ids(
                    wire.householdIds, "prepare.household_ids", limit: WireLimits.preparedHouseholds))
        case .close?: return .close
        case .issue?: return .issue
        case .takeAnswer(let wire)?: return .takeAnswer(try answer(wire))
        case .recordReturn(let wire)?:
            return .recordReturn(
                line: try Field.paymentLine(wire.line), reason: try Field.code(wire.reason, "record_return.reason"))
        case .reverse(let wire)?:
            return .reverse(
                line: try Field.paymentLine(wire.line), reason: try Field.code(wire.reason, "reverse.reason"))
        case nil: throw WireError(.missing, "action")
        }
    }

    private static func answer(_ wire: Care_V1_TakeBankAnswer) throws(WireError) -> BankAnswer {
        BankAnswer(
            file: try Field.count(wire.file, "take_answer.file", in: 1...WireLimits.paymentLines),
            lines: try Field.list(wire.lines, "take_answer.lines", limit: PaymentBatch.linesPerFile) {
                line throws(WireError) in
                guard WireLimits.paymentFen.contains(line.amountFen) else { throw WireError(.outOfRange, "amount_fen") }
                return BankAnswer.Line(
                    row: Int(line.row),
                    reference: try Field.text(line.reference, "reference", limit: WireLimits.bankReference),
                    amount: Fen(line.amountFen),
                    failure: try Field.code(ifSet: line.hasFailure ? line.failure : nil, "failure"))
            }, declaredCount: Int(wire.declaredCount), declaredTotal: Fen(wire.declaredTotalFen))
    }

    private static func message(_ command: PaymentCommand) throws(WireError) -> Care_V1_PaymentCommand {
        var wire = Care_V1_PaymentCommand()
        wire.commandID = command.id.data
        wire.batch = command.batch.data
        wire.occurredOn = command.occurredOn.dayNumber
        switch command.action {
        case .prepare(let scope, let households):
            wire.prepare.scope = try scope.wire()
            wire.prepare.householdIds = households.map(\.data)
        case .close: wire.close = Care_V1_ClosePayment()
        case .issue: wire.issue = Care_V1_IssueBankFile()
        case .takeAnswer(let answer): wire.takeAnswer = try message(answer)
        case .recordReturn(let line, let reason):
            wire.recordReturn.line = try Field.number(line, "line")
            wire.recordReturn.reason = reason.rawValue
        case .reverse(let line, let reason):
            wire.reverse.line = try Field.number(line, "line")
            wire.reverse.reason = reason.rawValue
        }
        return wire
    }

    private static func message(_ answer: BankAnswer) throws(WireError) -> Care_V1_TakeBankAnswer {
        var wire = Care_V1_TakeBankAnswer()
        wire.file = try Field.number(answer.file, "file")
        wire.lines = try Field.list(answer.lines, "lines", limit: .max) { line throws(WireError) in
            var wire = Care_V1_TakeBankAnswer.Line()
            wire.row = try Field.number(line.row, "row")
            wire.reference = line.reference
            wire.amountFen = line.amount.amount
            if let failure = line.failure { wire.failure = failure.rawValue }
            return wire
        }
        wire.declaredCount = try Field.number(answer.declaredCount, "declared_count")
        wire.declaredTotalFen = answer.declaredTotal.amount
        return wire
    }
}

extension PaymentCommand {
    /// A command whose id follows from all that it says, its day included: sent again on the same day it is the same command,
    /// on another day one that finds done what was done (`PaymentBatch.carriedOut`).
    /// - Parameter number: Tells it from others that say the same on the day.
    /// - Throws: `WireError` when it breaks a limit of the contract.
    package static func said(
        _ action: PaymentAction, about batch: BatchID, on day: CivilDay, number: Int = 0
    ) throws(WireError) -> PaymentCommand {
        var command = PaymentCommand(id: CommandID(batch.value), batch: batch, occurredOn: day, action: action)
        let content = Derivation.digest(try PaymentCodec.encode(command))
        command.id = CommandID.derived(CommandID(batch.value), "said.\(content)", number)
        return command
    }
}

extension BatchID {
    /// The batch that pays this.
    package static func derived(from scope: BatchScope) -> BatchID {
        let root = Identifier128(high: 0, low: 0)
        return BatchID(Derivation.identifier(of: root, "batch", 0, text: scope.canonicalText))
    }
}

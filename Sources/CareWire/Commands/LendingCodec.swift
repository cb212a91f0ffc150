import CareDomain

/// A command about a fund, a case or a report as received, with what makes it the same command.
package struct ReceivedLending: Hashable, Sendable {
    package var command: LendingCommand
    /// Digest of its canonical content.
    package var digest: Identifier128
}

/// Commands about funds, cases and reports to bytes and back.
package enum LendingCodec {
    /// Reads a command. Total on any bytes.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> ReceivedLending {
        guard bytes.count <= WireLimits.command else {
            throw WireError(.tooLong, limit: Int64(WireLimits.command))
        }
        let wire: Care_V1_LoanCommand = try Payload.message(bytes.span.bytes)
        let action: LendingAction
        let stream: LendingStream
        switch wire.action {
        case nil: throw WireError(.missing, "action")
        case .sendReport(let sent)?:
            let report = try Field.required(sent, "send_report") as LoanReportSent
            let id: LoanReportID = try Field.id(wire.subject, "subject")
            guard id == LoanReportID.derived(from: report.scope) else { throw WireError(.outOfRange, "subject") }
            (action, stream) = (.report(report), .report(id))
        case let other?:
            if let fund = try fundAction(other) {
                let id: FundID = try Field.id(wire.subject, "subject")
                if case .open(let scope) = fund, id != FundID.derived(from: scope) {
                    throw WireError(.outOfRange, "subject")
                }
                (action, stream) = (.fund(fund), .fund(id))
            } else if let loan = try loanAction(other) {
                (action, stream) = (.loan(loan), .loan(try Field.id(wire.subject, "subject")))
            } else {
                throw WireError(.missing, "action")
            }
        }
        let command = LendingCommand(
            id: try Field.id(wire.commandID, "command_id"), stream: stream,
            occurredOn: try Field.day(wire.occurredOn, "occurred_on"), action: action)
        return ReceivedLending(command: command, digest: Derivation.digest(try Payload.bytes(of: message(command))))
    }

    /// Encodes a command in its canonical form.
    /// - Throws: `WireError` when the command breaks a limit of the contract.
    package static func encode(_ command: LendingCommand) throws(WireError) -> [UInt8] {
        let bytes = try Payload.bytes(of: message(command))
        _ = try decode(bytes)
        return bytes
    }

    private typealias Action = Care_V1_LoanCommand.OneOf_Action

    private static func fundAction(_ wire: Action) throws(WireError) -> FundAction? {
        switch wire {
        case .openFund(let wire): .open(try Field.required(wire, "open_fund"))
        case .deposit(let wire):
            .deposit(
                FundDeposited(
                    payer: try Field.code(wire.payer, "deposit.payer"),
                    amount: try Field.sum(wire.amountFen, "deposit.amount_fen"),
                    receipt: try Field.code(wire.receipt, "deposit.receipt")))
        case .handOver(let wire):
            .handOver(
                to: try Field.id(wire.to, "hand_over.to"), try Field.sum(wire.amountFen, "hand_over.amount_fen"))
        case .stateHistory(let wire): .state(try Field.required(wire, "state_history"))
        case .reverseFundEntry(let wire): try reversal(of: wire)
        default: nil
        }
    }

    private static func reversal(of wire: Care_V1_ReverseLendingEntry) throws(WireError) -> FundAction {
        let (entry, reason) = try LoanWire.reversal(wire, "reverse_fund_entry")
        return .reverse(entry, reason: reason)
    }

    private static func loanAction(_ wire: Action) throws(WireError) -> LoanAction? {
        switch wire {
        case .apply(let wire):
            let applied: LoanApplied = try Field.required(wire, "apply")
            guard applied.division == nil, applied.mode == nil else { throw WireError(.outOfRange, "apply.division") }
            return .apply(applied)
        case .review(let wire): return .review(try Field.required(wire, "review"))
        case .guarantee(let wire):
            let (committee, paper) = try LoanWire.guaranteed(wire)
            return .guarantee(committee: committee, paper: paper)
        case .sign(let wire):
            let (party, schedule) = try LoanWire.signed(wire)
            return .sign(party, schedule)
        case .inform: return .inform
        case .nameHelper(let wire): return .nameHelper(try Field.code(wire.helper, "name_helper.helper"))
        case .disburse: return .disburse
        case .repay(let wire):
            let (amount, receipt) = try LoanWire.repaid(wire)
            return .repay(amount, receipt: receipt)
        case .proposeWriteOff(let wire):
            return .proposeWriteOff(try Field.code(wire.reason, "propose_write_off.reason"))
        case .writeOff: return .writeOff
        case .setStage(let wire): return .stage(try Field.word(wire.stage, "set_stage.stage"))
        case .assessExit(let wire):
            let (isOut, basis) = try LoanWire.exit(wire)
            return .assessExit(isOut: isOut, basis: basis)
        case .withdraw(let wire): return .withdraw(try Field.code(wire.reason, "withdraw.reason"))
        case .reverseLoanEntry(let wire):
            let (entry, reason) = try LoanWire.reversal(wire, "reverse_loan_entry")
            return .reverse(entry, reason: reason)
        default: return nil
        }
    }

    private static func message(_ command: LendingCommand) throws(WireError) -> Care_V1_LoanCommand {
        var wire = Care_V1_LoanCommand()
        wire.commandID = command.id.data
        wire.subject = command.stream.value.data
        wire.occurredOn = command.occurredOn.dayNumber
        switch command.action {
        case .fund(.open(let scope)): wire.openFund = try Field.wire(scope, "open_fund")
        case .fund(.deposit(let deposited)):
            wire.deposit.payer = deposited.payer.rawValue
            wire.deposit.amountFen = deposited.amount.amount
            wire.deposit.receipt = deposited.receipt.rawValue
        case .fund(.handOver(let to, let amount)):
            wire.handOver.to = to.data
            wire.handOver.amountFen = amount.amount
        case .fund(.state(let history)): wire.stateHistory = try Field.wire(history, "state_history")
        case .fund(.reverse(let entry, let reason)): wire.reverseFundEntry = LoanWire.reversal(entry, reason)
        case .loan(let action): try put(action, into: &wire)
        case .report(let sent): wire.sendReport = try Field.wire(sent, "send_report")
        }
        return wire
    }

    private static func put(_ action: LoanAction, into wire: inout Care_V1_LoanCommand) throws(WireError) {
        switch action {
        case .apply(let applied): wire.apply = try Field.wire(applied, "apply")
        case .review(let reviewed): wire.review = reviewed.wire()
        case .guarantee(let committee, let paper): wire.guarantee = LoanWire.guaranteed(committee, paper)
        case .sign(let party, let schedule): wire.sign = try LoanWire.signed(party, schedule)
        case .inform: wire.inform = Care_V1_LoanInformed()
        case .nameHelper(let code): wire.nameHelper.helper = code.rawValue
        case .disburse: wire.disburse = Care_V1_DisburseLoan()
        case .repay(let amount, let receipt): wire.repay = LoanWire.repaid(amount, receipt)
        case .proposeWriteOff(let reason): wire.proposeWriteOff.reason = reason.rawValue
        case .writeOff: wire.writeOff = Care_V1_WriteOffLoan()
        case .stage(let stage): wire.setStage.stage = stage.rawValue
        case .assessExit(let isOut, let basis): wire.assessExit = LoanWire.exit(isOut, basis)
        case .withdraw(let reason): wire.withdraw.reason = reason.rawValue
        case .reverse(let entry, let reason): wire.reverseLoanEntry = LoanWire.reversal(entry, reason)
        }
    }
}

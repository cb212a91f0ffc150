import ArchiveClient
import CareDomain
import CareWire

/// Payment commands under way, one for each batch at a time, and those that wait behind them.
struct PaymentDesk {
    var runs: [BatchID: PaymentRun] = [:]
    var waiting: [BatchID: [PaymentRun]] = [:]
    /// Whose call it is, and about which household; nil = about the batch's own stream.
    var calls: [CallID: (batch: BatchID, household: HouseholdID?)] = [:]

    var count: Int { waiting.values.reduce(runs.count) { $0 + $1.count } }

    /// Payment commands under way or waiting, at most.
    static let mostCommands = 256
}

extension IntakeCore {
    mutating func take(
        _ command: PaymentCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        guard isReady else { return [.reply(token, .failed(.starting))] }
        guard caller.principal.rights.contains(.command) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "command")))]
        }
        guard payments.count < PaymentDesk.mostCommands else {
            return [.reply(token, .failed(.overloaded))]
        }
        let run = PaymentRun(
            command: command, contentDigest: digest, token: token, caller: caller, today: now.day,
            policy: catalog)
        guard payments.runs[command.batch] == nil else {
            payments.waiting[command.batch, default: []].append(run)
            return []
        }
        payments.runs[command.batch] = run
        return carryOut(run.start(), of: command.batch)
    }

    /// Gives an answer to the payment command that waits for it; nil when none does.
    mutating func paymentStep(
        _ call: CallID, _ step: (inout PaymentRun, HouseholdID?) -> [PaymentNeed]
    ) -> [IntakeAction]? {
        guard let waiting = payments.calls.removeValue(forKey: call) else { return nil }
        // Taken out while it changes: a run holds many families, and copying them for each answer would be dear.
        guard var run = payments.runs.removeValue(forKey: waiting.batch) else { return [] }
        let needs = step(&run, waiting.household)
        payments.runs[waiting.batch] = run
        return carryOut(needs, of: waiting.batch)
    }

    private mutating func carryOut(_ needs: [PaymentNeed], of batch: BatchID) -> [IntakeAction] {
        var actions: [IntakeAction] = []
        for need in needs {
            switch need {
            case .readBatch(let after):
                actions.append(.readBatch(paymentCall(batch, nil), batch, after: after))
            case .appendBatch(let append):
                actions.append(.appendBatch(paymentCall(batch, nil), append))
            case .readHousehold(let household, let after):
                actions.append(.readHousehold(paymentCall(batch, household), household, after: after))
            case .readOther(let other, let household, let after):
                actions.append(.readHousehold(paymentCall(batch, household), other, after: after))
            case .appendHousehold(let append):
                // What is kept of the household would be behind the log.
                _ = cache.take(append.household)
                actions.append(.appendHousehold(paymentCall(batch, append.household), append))
            case .finished(let result): return actions + finish(batch, result)
            }
        }
        return actions
    }

    private mutating func paymentCall(_ batch: BatchID, _ household: HouseholdID?) -> CallID {
        let call = newCall()
        payments.calls[call] = (batch, household)
        return call
    }

    private mutating func finish(_ batch: BatchID, _ result: CommandResult) -> [IntakeAction] {
        guard let run = payments.runs.removeValue(forKey: batch) else { return [] }
        // Answers to calls that were made side by side with the one that failed mean nothing any more.
        payments.calls = payments.calls.filter { $0.value.batch != batch }
        count(result)
        let reply = IntakeAction.reply(run.token, result)
        guard var queue = payments.waiting.removeValue(forKey: batch), !queue.isEmpty else { return [reply] }
        let next = queue.removeFirst()
        if !queue.isEmpty { payments.waiting[batch] = queue }
        payments.runs[batch] = next
        return [reply] + carryOut(next.start(), of: batch)
    }

    mutating func paymentFailed(_ call: CallID, _ failure: FlowFailure) -> [IntakeAction]? {
        guard let waiting = payments.calls.removeValue(forKey: call) else { return nil }
        // One family's damage must not keep the money of all others back.
        if failure.isFenced, let household = waiting.household,
            var run = payments.runs.removeValue(forKey: waiting.batch)
        {
            let needs = run.leaveOut(household)
            payments.runs[waiting.batch] = run
            return carryOut(needs, of: waiting.batch)
        }
        return finish(waiting.batch, .failed(failure))
    }
}

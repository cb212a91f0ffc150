import ArchiveClient
import CareDomain
import CareProjections
import CareWire

/// 送银行: which of the lines that wait are sent, and what is said of the others.
extension PaymentRun {
    /// Looks at the lines of a family that wait.
    mutating func lookAtLinesToSend(_ household: HouseholdID, _ history: HouseholdHistory) {
        for line in batch.state.lines where line.isToBeSent && line.ordered.household == household {
            if let objection = toSend.look(at: line, in: history, on: today, rules: rules) {
                note([objection])
            } else {
                note(toldDead.notes([(line.ordered.line, line.number)], of: history))
            }
        }
        // The batches that paid tell where the money went of which somebody who died cannot be asked.
        related.readFurther(toSend.batchesOfTraces, besides: command.batch)
    }

    /// What is known once all families were looked at, with what is said of their lines.
    mutating func contextOfLines() -> BatchContext {
        toSend.keepBack(related.linesUnread)
        if asking == nil {
            for one in toSend.unnamed { note([one.note]) }
            for one in toSend.notes { note(one.reason, "第 \(one.line) 笔，户 \(one.household)") }
        }
        return BatchContext(
            today: today, accounts: toSend.accounts, held: toSend.held.sorted(), open: toSend.open.sorted(),
            onHold: toSend.onHold.sorted(), scattered: toSend.scattered.sorted(), unproven: toSend.unproven.count,
            unnamed: toSend.unnamed, damaged: related.unread, actor: caller.principal.actor, holders: holders,
            accountsBy: toSend.accountsBy, department: caller.principal.department, policy: policy)
    }

    /// Where nothing new waits, whoever asks for files once more is answered with those under way: perhaps the caller was
    /// cut off before they were written. A line that waits for its account is said beside.
    mutating func repeatedIssue(_ refusal: Refusal) -> CommandResult.Recorded? {
        guard case .issue = command.action, refusal.reason == .nothingToIssue, let earlier = batch.state.openIssue,
            let known = batch.place(of: earlier)
        else { return nil }
        if batch.state.lines.count(where: \.isToBeSent) > toSend.told { notes.append(refusal) }
        return .init(household: HouseholdID(command.batch.value), place: known.place, isRepeated: true)
    }
}

import ArchiveClient
import CareDomain
import CareProjections
import CareWire

/// 送银行: which of the lines that wait are sent, and what is said of the others.
extension PaymentRun {
    /// The lines of a family that wait.
    func linesToSend(of household: HouseholdID) -> [BatchLine] {
        batch.state.lines.filter { $0.isToBeSent && $0.ordered.household == household }
    }

    /// Whom these lines are for, without what is taken back.
    func personsToPay(of household: HouseholdID) -> [PersonID] {
        let persons = linesToSend(of: household).map(\.ordered.line).compactMap { line -> PersonID? in
            if case .person(let person) = line.subject, !line.isTakenBack { person } else { nil }
        }
        return Set(persons).sorted()
    }

    /// Looks at the lines of a family that wait, once the files are read that know its people.
    mutating func lookAtLinesToSend(_ household: HouseholdID, _ history: HouseholdHistory) {
        let (others, people) = (Array(open[household]?.others.values ?? [:].values), open[household]?.people)
        for line in linesToSend(of: household) {
            let twice = history.orderedBefore(
                line.ordered.line, by: line.ordered.order, in: others, people ?? PeopleElsewhere(), rules: rules)
            if !twice.months.isEmpty {
                let files = others.filter { twice.files.contains($0.id) && isShown($0.household) }.map(\.id)
                note([toSend.keepBack(line, orderedElsewhere: twice.months, in: files.sorted())])
            } else if let objection = toSend.look(at: line, in: history, on: today, rules: rules) {
                note([objection])
            } else {
                note(toldDead.notes([(line.ordered.line, line.number)], of: history))
            }
        }
        // The batches that paid tell where the money went of which somebody who died cannot be asked.
        related.readFurther(toSend.batchesOfTraces, besides: command.batch)
    }

    /// Whether the caller may be told which file it is: who acts where it is registered today.
    private func isShown(_ household: Household) -> Bool {
        household.division(on: today).map { caller.principal.mayAct(in: $0) } ?? false
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
            onHold: toSend.onHold.sorted(), scattered: toSend.scattered.sorted(), twice: toSend.twice.sorted(),
            unproven: toSend.unproven.count,
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

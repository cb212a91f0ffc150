import ArchiveClient

/// The commands of one kind: those under way, one for each subject at a time, and those that wait behind them, in order.
struct CommandDesk<Run: CommandRun> {
    private struct UnderWay {
        var run: Run
        /// Calls to which no answer has come.
        var calls: Set<CallID> = []
    }

    private struct Call {
        let subject: Run.Subject
        let asked: Run.Asked
    }

    private let mostCommands: Int
    private var underWay: [Run.Subject: UnderWay] = [:]
    private var waiting: [Run.Subject: [Run]] = [:]
    private var waitingCount = 0
    private var calls: [CallID: Call] = [:]

    /// - Parameter mostCommands: commands under way or waiting, at most.
    init(mostCommands: Int) { self.mostCommands = mostCommands }

    /// Whether no more commands are taken at present.
    var isFull: Bool { underWay.count + waitingCount >= mostCommands }

    /// Begins a command, or lets it wait until those before it about the same subject have ended.
    mutating func add(_ run: Run, _ numbers: inout CallNumbers) -> [IntakeAction] {
        guard underWay[run.subject] == nil else {
            waiting[run.subject, default: []].append(run)
            waitingCount += 1
            return []
        }
        return begin(run, &numbers)
    }

    /// Gives the answer to a call to the command that waits for it; nil when none of this desk does.
    mutating func answer(
        _ call: CallID, _ numbers: inout CallNumbers, _ tell: (inout Run, Run.Asked) -> [Run.Need]
    ) -> [IntakeAction]? {
        guard let known = calls.removeValue(forKey: call) else { return nil }
        // Taken out while it changes: a run may hold many families, and copying them for each answer would be dear.
        guard var entry = underWay.removeValue(forKey: known.subject) else { return [] }
        entry.calls.remove(call)
        let needs = tell(&entry.run, known.asked)
        underWay[known.subject] = entry
        return carryOut(needs, of: known.subject, &numbers)
    }

    /// Tells the command that waits for a call that no answer will come; nil when none of this desk does.
    mutating func failed(_ call: CallID, _ failure: FlowFailure, _ numbers: inout CallNumbers) -> [IntakeAction]? {
        guard let known = calls.removeValue(forKey: call) else { return nil }
        guard var entry = underWay.removeValue(forKey: known.subject) else { return [] }
        entry.calls.remove(call)
        let needs = entry.run.goOn(after: failure, known.asked)
        underWay[known.subject] = entry
        guard let needs else { return finish(known.subject, .failed(failure), &numbers) }
        return carryOut(needs, of: known.subject, &numbers)
    }

    private mutating func begin(_ run: Run, _ numbers: inout CallNumbers) -> [IntakeAction] {
        underWay[run.subject] = UnderWay(run: run)
        return carryOut(run.start(), of: run.subject, &numbers)
    }

    private mutating func carryOut(
        _ needs: [Run.Need], of subject: Run.Subject, _ numbers: inout CallNumbers
    ) -> [IntakeAction] {
        guard let run = underWay[subject]?.run else { return [] }
        var actions: [IntakeAction] = []
        for need in needs {
            let call = numbers.next()
            switch run.step(for: need, call) {
            case .ask(let action, let asked):
                underWay[subject]?.calls.insert(call)
                calls[call] = Call(subject: subject, asked: asked)
                actions.append(action)
            case .end(let result): return actions + finish(subject, result, &numbers)
            }
        }
        return actions
    }

    /// Ends the command of a subject and begins the next one about it. Answers to calls that were made side by side with
    /// the one that ended it mean nothing any more.
    private mutating func finish(
        _ subject: Run.Subject, _ result: CommandResult, _ numbers: inout CallNumbers
    ) -> [IntakeAction] {
        guard let entry = underWay.removeValue(forKey: subject) else { return [] }
        for call in entry.calls { calls[call] = nil }
        let reply = IntakeAction.reply(entry.run.token, result)
        guard var queue = waiting.removeValue(forKey: subject), !queue.isEmpty else { return [reply] }
        let next = queue.removeFirst()
        waitingCount -= 1
        if !queue.isEmpty { waiting[subject] = queue }
        return [reply] + begin(next, &numbers)
    }
}

import ArchiveClient
import CareDomain
import CareWire

/// Commands about funds, cases and reports under way, one for each of them at a time, and those that wait behind them.
struct LendingDesk {
    var runs: [LendingStream: LendingRun] = [:]
    var waiting: [LendingStream: [LendingRun]] = [:]
    /// Whose call it is, and what was asked for.
    var calls: [CallID: (owner: LendingStream, asked: Asked)] = [:]

    /// What a call is about.
    enum Asked {
        case stream(LendingStream)
        case household(HouseholdID)
    }

    var count: Int { waiting.values.reduce(runs.count) { $0 + $1.count } }

    /// Commands under way or waiting, at most.
    static let mostCommands = 256
}

extension IntakeCore {
    mutating func take(
        _ command: LendingCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        guard isReady else { return [.reply(token, .failed(.starting))] }
        guard caller.principal.rights.contains(.command) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "command")))]
        }
        guard lending.count < LendingDesk.mostCommands else { return [.reply(token, .failed(.overloaded))] }
        let run = LendingRun(
            command: command, contentDigest: digest, token: token, caller: caller, today: now.day,
            terms: LendingTerms(rules, catalog, on: command.occurredOn))
        guard lending.runs[command.stream] == nil else {
            lending.waiting[command.stream, default: []].append(run)
            return []
        }
        lending.runs[command.stream] = run
        return carryOut(run.start(), of: command.stream)
    }

    /// Gives an answer to the command that waits for it; nil when none does.
    mutating func lendingStep(
        _ call: CallID, _ step: (inout LendingRun, LendingDesk.Asked) -> [LendingNeed]
    ) -> [IntakeAction]? {
        guard let waiting = lending.calls.removeValue(forKey: call) else { return nil }
        guard var run = lending.runs[waiting.owner] else { return [] }
        let needs = step(&run, waiting.asked)
        lending.runs[waiting.owner] = run
        return carryOut(needs, of: waiting.owner)
    }

    mutating func lendingFailed(_ call: CallID, _ failure: FlowFailure) -> [IntakeAction]? {
        guard let waiting = lending.calls.removeValue(forKey: call) else { return nil }
        return finish(waiting.owner, .failed(failure))
    }

    private mutating func carryOut(_ needs: [LendingNeed], of owner: LendingStream) -> [IntakeAction] {
        var actions: [IntakeAction] = []
        for need in needs {
            switch need {
            case .read(let stream, let after):
                actions.append(.readLending(lendingCall(owner, .stream(stream)), stream, after: after))
            case .readHousehold(let household, let after):
                actions.append(.readHousehold(lendingCall(owner, .household(household)), household, after: after))
            case .append(let append):
                actions.append(.appendLending(lendingCall(owner, .stream(append.stream)), append))
            case .finished(let result): return actions + finish(owner, result)
            }
        }
        return actions
    }

    private mutating func lendingCall(_ owner: LendingStream, _ asked: LendingDesk.Asked) -> CallID {
        let call = newCall()
        lending.calls[call] = (owner, asked)
        return call
    }

    private mutating func finish(_ owner: LendingStream, _ result: CommandResult) -> [IntakeAction] {
        guard let run = lending.runs.removeValue(forKey: owner) else { return [] }
        count(result)
        let reply = IntakeAction.reply(run.token, result)
        guard var queue = lending.waiting.removeValue(forKey: owner), !queue.isEmpty else { return [reply] }
        let next = queue.removeFirst()
        if !queue.isEmpty { lending.waiting[owner] = queue }
        lending.runs[owner] = next
        return [reply] + carryOut(next.start(), of: owner)
    }
}

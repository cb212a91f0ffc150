import ArchiveClient
import CareDomain
import CareWire
import RuleEngine

/// Commands about duty books under way, one for each division at a time, and those that wait behind them.
struct DutyDesk {
    var runs: [DivisionCode: DutyRun] = [:]
    var waiting: [DivisionCode: [DutyRun]] = [:]
    /// Whose call it is.
    var calls: [CallID: DivisionCode] = [:]

    var count: Int { waiting.values.reduce(runs.count) { $0 + $1.count } }

    /// Commands under way or waiting, at most.
    static let mostCommands = 1024
}

extension IntakeCore {
    mutating func take(
        _ command: DutyCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        guard isReady else { return [.reply(token, .failed(.starting))] }
        guard caller.principal.rights.contains(.command) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "command")))]
        }
        guard duties.count < DutyDesk.mostCommands else { return [.reply(token, .failed(.overloaded))] }
        let registry = rules.registry
        let division = command.division
        let policy = catalog
        let context = DutyContext(
            today: now.day, department: caller.principal.department,
            terms: { key in
                registry.dutyItems(of: key.pack, in: division, year: key.year ?? 0)
                    .first { $0.clause == key.clause && $0.period == key.period }?.terms
            },
            knowsClause: { pack, clause in registry.hasClause(clause, of: pack, in: division) },
            figure: { pack, fact, value in registry.check(fact, value, of: pack, in: division) },
            actsFor: caller.principal.divisions,
            isEvaluated: { clause, year in policy.guidance(in: year)?.evaluates(division, by: clause) ?? false })
        let run = DutyRun(
            command: command, contentDigest: digest, token: token, caller: caller, context: context)
        guard duties.runs[division] == nil else {
            duties.waiting[division, default: []].append(run)
            return []
        }
        duties.runs[division] = run
        return carryOut(run.start(), of: division)
    }

    /// Gives an answer to the command that waits for it; nil when none does.
    mutating func dutyStep(_ call: CallID, _ step: (inout DutyRun) -> [DutyNeed]) -> [IntakeAction]? {
        guard let division = duties.calls.removeValue(forKey: call) else { return nil }
        guard var run = duties.runs.removeValue(forKey: division) else { return [] }
        let needs = step(&run)
        duties.runs[division] = run
        return carryOut(needs, of: division)
    }

    mutating func dutyFailed(_ call: CallID, _ failure: FlowFailure) -> [IntakeAction]? {
        guard let division = duties.calls.removeValue(forKey: call) else { return nil }
        return finish(division, .failed(failure))
    }

    private mutating func carryOut(_ needs: [DutyNeed], of division: DivisionCode) -> [IntakeAction] {
        var actions: [IntakeAction] = []
        for need in needs {
            switch need {
            case .read(let after):
                let stream = duties.runs[division]?.stream ?? .book(division)
                actions.append(.readDuties(dutyCall(division), stream, after: after))
            case .readKept(let files):
                actions.append(.readKept(dutyCall(division), .duty(division), files))
            case .append(let append): actions.append(.appendDuty(dutyCall(division), append))
            case .finished(let result): return actions + finish(division, result)
            }
        }
        return actions
    }

    private mutating func dutyCall(_ division: DivisionCode) -> CallID {
        let call = newCall()
        duties.calls[call] = division
        return call
    }

    private mutating func finish(_ division: DivisionCode, _ result: CommandResult) -> [IntakeAction] {
        guard let run = duties.runs.removeValue(forKey: division) else { return [] }
        count(result)
        let reply = IntakeAction.reply(run.token, result)
        guard var queue = duties.waiting.removeValue(forKey: division), !queue.isEmpty else { return [reply] }
        let next = queue.removeFirst()
        if !queue.isEmpty { duties.waiting[division] = queue }
        duties.runs[division] = next
        return [reply] + carryOut(next.start(), of: division)
    }
}

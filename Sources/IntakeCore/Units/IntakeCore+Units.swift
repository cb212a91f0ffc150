import ArchiveClient
import CareDomain
import CareWire

/// Unit commands under way, one for each unit at a time, and those that wait behind them.
struct UnitDesk {
    var runs: [DivisionCode: UnitRun] = [:]
    var waiting: [DivisionCode: [UnitRun]] = [:]
    /// Whose call it is.
    var calls: [CallID: DivisionCode] = [:]

    var count: Int { waiting.values.reduce(runs.count) { $0 + $1.count } }

    /// Unit commands under way or waiting, at most.
    static let mostCommands = 1024
}

extension IntakeCore {
    mutating func take(
        _ command: UnitCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        guard isReady else { return [.reply(token, .failed(.starting))] }
        guard caller.principal.rights.contains(.command) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "command")))]
        }
        guard units.count < UnitDesk.mostCommands else { return [.reply(token, .failed(.overloaded))] }
        let context = DecisionContext(
            today: now.day, policy: catalog, rights: caller.principal.rights,
            newHousehold: HouseholdID.derived(from: command.id), actor: caller.principal.actor,
            roles: caller.principal.roles, department: caller.principal.department,
            actsFor: caller.principal.divisions)
        let run = UnitRun(
            command: command, contentDigest: digest, token: token, caller: caller, context: context)
        guard units.runs[command.unit] == nil else {
            units.waiting[command.unit, default: []].append(run)
            return []
        }
        units.runs[command.unit] = run
        return carryOut(run.start(), of: command.unit)
    }

    /// Gives an answer to the unit command that waits for it; nil when none does.
    mutating func unitStep(_ call: CallID, _ step: (inout UnitRun) -> [UnitNeed]) -> [IntakeAction]? {
        guard let unit = units.calls.removeValue(forKey: call) else { return nil }
        guard var run = units.runs.removeValue(forKey: unit) else { return [] }
        let needs = step(&run)
        units.runs[unit] = run
        return carryOut(needs, of: unit)
    }

    mutating func unitFailed(_ call: CallID, _ failure: FlowFailure) -> [IntakeAction]? {
        guard let unit = units.calls.removeValue(forKey: call) else { return nil }
        return finish(unit, .failed(failure))
    }

    private mutating func carryOut(_ needs: [UnitNeed], of unit: DivisionCode) -> [IntakeAction] {
        var actions: [IntakeAction] = []
        for need in needs {
            switch need {
            case .readUnit(let after): actions.append(.readUnit(unitCall(unit), unit, after: after))
            case .appendUnit(let append): actions.append(.appendUnit(unitCall(unit), append))
            case .readHousehold(let household, let after):
                actions.append(.readHousehold(unitCall(unit), household, after: after))
            case .appendHousehold(let append):
                // What is kept of the household would be behind the log.
                _ = cache.take(append.household)
                actions.append(.appendHousehold(unitCall(unit), append))
            case .finished(let result): return actions + finish(unit, result)
            }
        }
        return actions
    }

    private mutating func unitCall(_ unit: DivisionCode) -> CallID {
        let call = newCall()
        units.calls[call] = unit
        return call
    }

    private mutating func finish(_ unit: DivisionCode, _ result: CommandResult) -> [IntakeAction] {
        guard let run = units.runs.removeValue(forKey: unit) else { return [] }
        count(result)
        let reply = IntakeAction.reply(run.token, result)
        guard var queue = units.waiting.removeValue(forKey: unit), !queue.isEmpty else { return [reply] }
        let next = queue.removeFirst()
        if !queue.isEmpty { units.waiting[unit] = queue }
        units.runs[unit] = next
        return [reply] + carryOut(next.start(), of: unit)
    }
}

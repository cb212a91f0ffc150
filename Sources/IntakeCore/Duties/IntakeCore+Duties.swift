import ArchiveClient
import CareDomain
import CareWire
import RuleEngine

extension IntakeCore {
    mutating func take(
        _ command: DutyCommand, digest: Identifier128, token: RequestToken, caller: Caller, now: Moment
    ) -> [IntakeAction] {
        if let objection = objection(to: caller, isFull: duties.isFull) { return [.reply(token, objection)] }
        let registry = rules.registry
        let division = command.division
        let policy = catalog
        var context = DutyContext(
            today: now.day, department: caller.principal.department,
            terms: { key in
                registry.dutyItems(of: key.pack, in: division, year: key.year ?? 0)
                    .first { $0.clause == key.clause && $0.period == key.period }?.terms
            },
            knowsClause: { pack, clause in registry.hasClause(clause, of: pack, in: division) },
            figure: { pack, fact, value in registry.check(fact, value, of: pack, in: division) },
            actsFor: caller.principal.divisions,
            isEvaluated: { clause, year in policy.guidance(in: year)?.evaluates(division, by: clause) ?? false })
        context.reportOwners = { scope in registry.owners(of: scope) }
        context.figureTerms = { pack, fact in registry.figureTerms(fact, of: pack, in: division) }
        let run = DutyRun(
            command: command, contentDigest: digest, token: token, caller: caller, context: context)
        return noted(duties.add(run, &numbers))
    }

    /// Gives an answer to the command that waits for it; nil when none does.
    mutating func dutyStep(_ call: CallID, _ step: (inout DutyRun) -> [DutyNeed]) -> [IntakeAction]? {
        duties.answer(call, &numbers) { run, _ in step(&run) }.map { noted($0) }
    }
}

extension DutyRun: CommandRun {
    /// One command at a time for each division, whichever of its streams it is about.
    var subject: DivisionCode { command.division }

    func step(for need: DutyNeed, _ call: CallID) -> RunStep<Void> {
        switch need {
        case .read(let after): .ask(.readDuties(call, stream, after: after), about: ())
        case .readKept(let files): .ask(.readKept(call, .duty(subject), files), about: ())
        case .append(let append): .ask(.appendDuty(call, append), about: ())
        case .finished(let result): .end(result)
        }
    }
}

import CareDomain
import CareWire
import CaseImport
import RuleEngine
import ServiceKit

/// What the lines of a file would do one after the other, without recording anything.
///
/// Intake is asked about a household's first line that is not on record yet. What follows rests on that line, of which
/// intake knows nothing, so it is decided here, as intake would: the same `decide`, by the rules that are published. Who is
/// in another household already is told by the lines before for those whom they brought in, by intake for all others; it is
/// asked about each such person alone. Each line is judged by the lines before it only: the pump keeps the order of those that
/// share a person.
final class CommandRehearsal {
    /// What to do about a line.
    enum Step {
        case told(CommandPump.Outcome)
        /// Intake is to be asked about this: the line itself, a household of one of its people alone, or the file that a
        /// split would open.
        case ask(HouseholdCommand)
    }

    private let context: DecisionContext
    /// What is on record of households that have several lines, or that people leave or join.
    private let histories: [HouseholdID: HouseholdHistory]
    /// Puts in what intake reads from ID numbers.
    private var tokens = RehearsedTokens()
    /// Lines of which intake is asked because they hang on names that are withheld here.
    private var names = RehearsedNames()
    /// Households as the lines accepted so far would leave them.
    private var touched: [HouseholdID: HouseholdHistory] = [:]
    /// Who has what by the lines accepted so far.
    private var holders: [RehearsedClaim: HouseholdID] = [:]
    /// Lines of whose people intake is asked one by one: the one asked about, and those still to be asked about.
    private var checked: [CommandID: [ClaimedPerson]] = [:]
    /// Refusals of a changed number that stand unless intake tells that it is the one on record.
    private var unlessOnRecord: [CommandID: Refusal] = [:]
    /// Households of which nothing can be told any more.
    private var lost: Set<HouseholdID> = []
    /// Those of them that somebody may have left.
    private var untold: Set<HouseholdID> = []
    /// What intake would remark about the lines that were decided here, in its words.
    private var remarks: [CommandID: [UserText]] = [:]
    /// Lines of which nobody could tell what becomes of them.
    private var unjudged: Set<CommandID> = []

    convenience init(
        rules: PublishedRules, histories: [HouseholdID: HouseholdHistory], today: CivilDay, caller: RehearsedCaller?
    ) {
        self.init(
            policy: rules.registry.policyCatalog(parameters: rules.parameters), histories: histories, today: today,
            caller: caller)
    }

    init(
        policy: PolicyCatalog, histories: [HouseholdID: HouseholdHistory], today: CivilDay,
        caller: RehearsedCaller? = nil
    ) {
        self.histories = histories
        var context = DecisionContext(
            today: today, policy: policy, rights: [.command, .importHistory],
            newHousehold: HouseholdID(Identifier128(high: 0, low: 0)), actor: caller?.actor,
            roles: caller?.roles ?? [], department: caller?.department, actsFor: caller?.divisions ?? [])
        context.paymentRules = .published
        self.context = context
    }

    /// Whether a line refers to one of which nobody could tell what becomes of it.
    func restsOnUnjudged(_ draft: CommandDraft) -> Bool {
        draft.sources.values.contains { unjudged.contains($0.command) }
    }

    /// What to do about the next line.
    func step(for command: HouseholdCommand) -> Step {
        if lost.contains(command.household) { return .told(giveUp(command)) }
        guard let history = touched[command.household] else {
            // Of a family that earlier lines would register intake knows nothing.
            guard case .mergeHousehold(let merge) = command.action,
                touched[merge.into] != nil || lost.contains(merge.into)
            else { return .ask(command) }
            return .told(histories[command.household].flatMap { move(command, $0) } ?? giveUp(command))
        }
        let earlier = history.events(of: command.id)
        if let first = earlier.first, let last = earlier.last {
            let place = first.reference.sequence...last.reference.sequence
            return .told(.recorded(Recorded(household: command.household, sequences: place, isRepeated: true)))
        }
        guard isDecidedHere(command) else {
            if let refusal = certainRefusal(of: command, history) { return .told(.refused(Failure(refusal))) }
            if let outcome = move(command, history) { return .told(outcome) }
            return opening(command).map { .ask($0) } ?? .told(giveUp(command))
        }
        do throws(Refusal) {
            guard let after = try decided(command, history) else { return .told(giveUp(command)) }
            let claims = newClaims(after, history)
            if let outcome = taken(claims, command, after.household) { return .told(outcome) }
            if names.asks(command, onRecord: histories[command.household]?.household) { return .ask(command) }
            let people = newPeople(of: command, claims, history.household)
            if people.isEmpty { return .told(keep(after, before: history, by: command, nil)) }
            checked[command.id] = people
            return next(command)
        } catch {
            // What is kept from this key may be what the line rests on, a guardian or an accident: then only intake can tell.
            if history.hasGaps { return .told(giveUp(command)) }
            guard error.reason == .numberNeverChanges, let asked = numberToCompare(command, history) else {
                return .told(.refused(Failure(error)))
            }
            unlessOnRecord[command.id] = error
            checked[command.id] = [asked]
            return next(command)
        }
    }

    /// Takes in what intake accepts: the line, or one of its people.
    func answered(_ command: HouseholdCommand, _ recorded: Recorded) -> Step {
        if names.takesAnswer(to: command) {
            return recorded.isRepeated ? .told(.recorded(recorded)) : goOn(command, nil)
        }
        if let refusal = unlessOnRecord.removeValue(forKey: command.id) {
            // Nobody has the number, so it is not the one that the person has on record.
            checked[command.id] = nil
            return .told(.refused(Failure(refusal)))
        }
        if checked[command.id] != nil {
            checked[command.id]?.removeFirst()
            return next(command)
        }
        return .told(recorded.isRepeated ? .recorded(recorded) : accept(command, recorded))
    }

    /// Takes in what intake refuses. Somebody whom another household has on record may have left it by earlier lines.
    func refused(_ command: HouseholdCommand, _ failure: Failure) -> Step {
        if names.takesAnswer(to: command) { return goOn(command, failure) }
        let people = checked[command.id]
        guard failure.isTaken else {
            checked[command.id] = nil
            unlessOnRecord[command.id] = nil
            // The line itself was decided here: what was refused is only the question about one of its people.
            return .told(people == nil ? .refused(failure) : giveUp(command))
        }
        guard let people else {
            guard let holder = failure.candidate, let now = touched[holder]?.household, histories[holder] != nil else {
                return .told(failure.candidate.map(untold.contains) ?? false ? giveUp(command) : .refused(failure))
            }
            if failure.code == Refusal(.archiveNumberTaken).code {
                // By an earlier line it was closed, or has another number: one put right, or another county's.
                let had = histories[holder]?.household.rehearsedNumber
                let isGone = had.map { !now.rehearsedClaims.contains($0) } ?? true
                return .told(isGone ? accept(command, nil) : .refused(failure))
            }
            checked[command.id] = command.claimedPeople(in: known(command)?.household)
                .filter { $0.number != nil || $0.likeness != nil }
            return next(command)
        }
        return take(command, people, by: failure.candidate, failure)
    }

    /// Goes on with a line after intake told what hangs on names.
    private func goOn(_ command: HouseholdCommand, _ failure: Failure?) -> Step {
        guard let now = touched[command.household], let before = histories[command.household] else {
            return .told(giveUp(command))
        }
        switch RehearsedNames.verdict(failure, of: command, now.household, onRecord: before.household) {
        case .goesOn: return step(for: command)
        case .stands: return .told(failure.map { .refused($0) } ?? giveUp(command))
        case .unknown: return .told(giveUp(command))
        }
    }

    /// Another household has one of the people of a line on record, or the household itself has.
    private func take(
        _ command: HouseholdCommand, _ people: [ClaimedPerson],
        by holder: HouseholdID?, _ failure: Failure
    ) -> Step {
        let changed = unlessOnRecord.removeValue(forKey: command.id)
        if holder == command.household, let first = people.first {
            if !failure.isLikeness, let number = first.number { return takeOwn(command, number) }
            checked[command.id] = Array(people.dropFirst())
            return next(command)
        }
        checked[command.id] = nil
        if let changed { return .told(.refused(Failure(changed))) }
        var stays: Bool? = true
        if let holder, let first = people.first {
            if untold.contains(holder) { stays = nil }
            if let now = touched[holder]?.household, let before = histories[holder]?.household {
                if failure.isLikeness {
                    stays = first.likeness.flatMap { tokens.has(now, $0, onRecordIn: before) }
                } else {
                    stays = first.number.flatMap { tokens.has(now, $0, onRecordIn: before) }
                }
            }
            if failure.isLikeness, first.isHalfTold, stays == true { stays = nil }
        }
        switch stays {
        case false?:
            checked[command.id] = Array(people.dropFirst())
            return next(command)
        case true?:
            // Intake was asked about one person, whose place in the line it cannot know.
            var failure = failure
            failure.field =
                people.first.map {
                    failure.isLikeness ? command.nameField(of: $0.person) : command.idNumberField(of: $0.person)
                } ?? failure.field
            return .told(.refused(failure))
        case nil:
            return .told(giveUp(command))
        }
    }

    /// Somebody of the household itself has the number on record. Whoever it is, the line is decided anew now that the number
    /// is known for the one on record: it may be typed again with the name that is put right, or for somebody else.
    private func takeOwn(_ command: HouseholdCommand, _ number: ResidentIDNumber) -> Step {
        let people = checked.removeValue(forKey: command.id) ?? []
        if tokens.isOnRecord(number) {
            // Whoever had it has another one by an earlier line.
            checked[command.id] = Array(people.dropFirst())
            return next(command)
        }
        let learned = histories[command.household].map { tokens.learn(number, of: $0.household) } ?? false
        return learned ? step(for: command) : .told(giveUp(command))
    }

    /// The number of a change that may be the one on record: tokens of the record are made with another key.
    private func numberToCompare(
        _ command: HouseholdCommand, _ now: HouseholdHistory
    ) -> ClaimedPerson? {
        guard let typed = command.numberedPeople.first, !tokens.isOnRecord(typed.number),
            let before = histories[command.household]?.household.member(typed.person),
            now.household.member(typed.person)?.token == before.token
        else { return nil }
        return ClaimedPerson(person: typed.person, number: typed.number)
    }

    /// Asks about the next of a line's people, or accepts the line when there is none.
    private func next(_ command: HouseholdCommand) -> Step {
        guard let people = checked[command.id], let first = people.first,
            let division = division(of: command)
        else {
            checked[command.id] = nil
            return .told(accept(command, nil))
        }
        let id = CommandID.derived(command.id, "person", people.count)
        return .ask(
            HouseholdCommand(
                id: id, household: DerivedIDs.household(of: id), occurredOn: context.today,
                action: .registerHousehold(
                    RegisterHousehold(household: HouseholdRegistered(division: division), members: [first.alone]))))
    }

    /// Of a split of a family that earlier lines changed: a household like the file that it opens, to hear whether it might
    /// be opened there and with its archive number.
    private func opening(_ command: HouseholdCommand) -> HouseholdCommand? {
        guard case .splitHousehold(let split) = command.action else { return nil }
        let id = CommandID.derived(command.id, "opens")
        let somebody = PersonJoined(person: PersonID(id.value), role: .other)
        return HouseholdCommand(
            id: id, household: DerivedIDs.household(of: id), occurredOn: command.occurredOn,
            learnedOn: command.learnedOn,
            action: .registerHousehold(RegisterHousehold(household: split.household, members: [somebody])))
    }

    private func division(of command: HouseholdCommand) -> DivisionCode? {
        if case .registerHousehold(let register) = command.action { return register.household.division }
        return known(command)?.household.division(on: context.today)
    }

    /// Whether the household's own record decides about it, but for who is in another household: no second file, and of
    /// applications who speaks has to be known. What is decided of rights rests on what is determined once the lines before are
    /// on record. Merges and splits are tried by `move`.
    private func isDecidedHere(_ command: HouseholdCommand) -> Bool {
        switch command.action {
        case .mergeHousehold, .splitHousehold, .decideAward, .decideDue: false
        case .application: context.department != nil
        default: true
        }
    }

    /// Of a decision about a right the refusal that stands whatever is determined once the lines before are on record; nil where
    /// there is none, where it may hang on that, or on what is kept from this key.
    private func certainRefusal(of command: HouseholdCommand, _ history: HouseholdHistory) -> Refusal? {
        guard case .decideAward = command.action, command.correction == nil, !history.hasGaps else { return nil }
        defer { remarks[command.id] = nil }
        do throws(Refusal) {
            _ = try decided(command, history)
            return nil
        } catch {
            return Self.standWhateverIsDetermined.contains(error.reason) ? error : nil
        }
    }

    /// What of a decision intake refuses without a look at what is determined, and what lines between, of which nobody can tell,
    /// do not mend: a line that could have brought the person or changed the days leaves the household untold.
    private static let standWhateverIsDetermined: Set<Refusal.Reason> = [
        .householdNotActive, .unknownClause, .personUnknown, .dayInFuture, .dayTooEarly, .dayOrder, .secondApproverSame,
        .functionOffice, .clauseDepartment, .functionHeld,
    ]

    /// The household as a line meets it; nil when it cannot be told.
    private func known(_ command: HouseholdCommand) -> HouseholdHistory? {
        if let history = touched[command.household] ?? histories[command.household] { return history }
        guard case .registerHousehold = command.action, command.correction == nil else { return nil }
        return HouseholdHistory(id: command.household)
    }

    /// Takes a line in that nothing on record speaks against.
    /// - Parameter recorded: what intake said, where it was asked about the line itself.
    private func accept(_ command: HouseholdCommand, _ recorded: Recorded?) -> CommandPump.Outcome {
        let said = recorded ?? Recorded(household: command.household, sequences: 1...1, isRepeated: false)
        guard let before = known(command) else {
            lose(command)
            return .recorded(said)
        }
        guard isDecidedHere(command) else {
            switch move(command, before, isAllowed: true) {
            case .recorded(let rehearsed)?: return .recorded(rehearsed)
            // Of numbers that lines before give out intake knows nothing.
            case .refused(let failure)? where failure.isTaken: return .refused(failure)
            default:
                lose(command)
                return .recorded(said)
            }
        }
        if recorded != nil { learn(from: command, before.household) }
        guard let after = try? decided(command, before) else {
            lose(command)
            return .recorded(said)
        }
        if let outcome = taken(newClaims(after, before), command, after.household) { return outcome }
        return keep(after, before: before, by: command, recorded)
    }

    /// A number that intake takes in as a change of somebody who has one is the one on record.
    private func learn(from command: HouseholdCommand, _ household: Household) {
        guard case .changePersonDetails = command.action, command.correction == nil,
            let typed = command.numberedPeople.first, let token = household.member(typed.person)?.token
        else { return }
        tokens.learn(typed.number, token)
    }

    /// The household after a line.
    /// - Returns: nil when it cannot be told, because another file has a say of which nothing is known here.
    private func decided(
        _ command: HouseholdCommand, _ history: HouseholdHistory
    ) throws(Refusal) -> HouseholdHistory? {
        var context = context
        if command.looksAcrossFiles {
            var others: [HouseholdID: HouseholdHistory] = [:]
            while let next = history.filesWanted(beside: others).first {
                guard let known = touched[next] ?? histories[next] else { return nil }
                others[next] = known
            }
            context.others = others.values.sorted { $0.id < $1.id }
        }
        switch history.decide(tokens.filled(command), in: context) {
        case .refused(let refusal): throw refusal
        case .events(let events, let warnings):
            remarks[command.id] = warnings.map {
                UserText(zh: "\($0.code) \($0.chinese)", en: "\($0.code) \($0.english)")
            }
            var history = history
            history.rehearse(events, of: command.id, by: context.actor)
            return history
        }
    }

    private func claim(_ number: ResidentIDNumber) -> RehearsedClaim { .person(tokens.token(of: number)) }

    /// Those of a line's people whom the household would have anew, by number or by name and birth date.
    private func newPeople(
        of command: HouseholdCommand, _ claims: Set<RehearsedClaim>, _ household: Household
    ) -> [ClaimedPerson] {
        command.claimedPeople(in: household).compactMap { said in
            var said = said
            if let number = said.number, !claims.contains(claim(number)) {
                // Its own on record already: intake would say that of the question, and nothing of the name.
                said.number = nil
                said.isHalfTold = true
            }
            if let likeness = said.likeness, !claims.contains(likeness) { said.likeness = nil }
            return said.number == nil && said.likeness == nil ? nil : said
        }
    }

    private func newClaims(_ after: HouseholdHistory, _ before: HouseholdHistory) -> Set<RehearsedClaim> {
        after.household.rehearsedClaims.subtracting(before.household.rehearsedClaims)
    }

    /// What becomes of a line whose claims an earlier line gave to another household; nil when none did.
    /// - Parameter household: as the line would leave it.
    private func taken(
        _ claims: Set<RehearsedClaim>, _ command: HouseholdCommand, _ household: Household
    ) -> CommandPump.Outcome? {
        // Intake looks at people first, then at the archive number.
        let found = claims.compactMap { claim in
            holders[claim].flatMap { holder -> (claim: RehearsedClaim, holder: HouseholdID)? in
                guard holder != command.household,
                    !household.isApart(claim, from: touched[holder]?.household)
                else { return nil }
                return (claim, holder)
            }
        }
        func place(_ claim: RehearsedClaim) -> Int { household.present.firstIndex { $0.likeness == claim } ?? 0 }
        let first = found.min { ($0.claim.order, place($0.claim)) < ($1.claim.order, place($1.claim)) }
        guard let first else { return nil }
        if lost.contains(first.holder)
            || household.mayBeMournedApart(first.claim, from: touched[first.holder]?.household)
        {
            return giveUp(command)
        }
        let person = household.present.first { $0.likeness == first.claim }?.id
        return .refused(Failure(first.claim.taken(by: first.holder, from: command, person: person)))
    }

    /// - Parameter said: What intake said, where it was asked about the line itself: its remarks are those of the run.
    private func keep(
        _ after: HouseholdHistory, before: HouseholdHistory, by command: HouseholdCommand, _ said: Recorded?
    ) -> CommandPump.Outcome {
        keep(after)
        let first = before.lastSequence + 1
        let place = first...max(first, after.lastSequence)
        let own = remarks.removeValue(forKey: command.id) ?? []
        return .recorded(
            Recorded(household: after.id, sequences: place, isRepeated: false, remarks: said?.warnings ?? own))
    }

    /// The household is left like this.
    private func keep(_ history: HouseholdHistory) {
        for claim in touched[history.id]?.household.rehearsedClaims ?? [] where holders[claim] == history.id {
            holders[claim] = nil
        }
        // Of two namesakes the first has the likeness.
        for claim in history.household.rehearsedClaims where !claim.isLikeness || holders[claim] == nil {
            holders[claim] = history.id
        }
        touched[history.id] = history
    }

    /// Tries a merge or split of which both files are known here.
    /// - Parameter isAllowed: intake said what it alone can tell: that the new file may be opened in its division and with its
    ///   archive number.
    /// - Returns: nil for other commands, and where intake has to say that first.
    private func move(
        _ command: HouseholdCommand, _ source: HouseholdHistory, isAllowed: Bool = false
    ) -> CommandPump.Outcome? {
        let target: HouseholdHistory
        switch command.action {
        case .splitHousehold(let split):
            // What the file itself forbids is said first, as intake does.
            if case .refused(let refusal) = source.decide(command, in: context) { return .refused(Failure(refusal)) }
            let isPlain =
                split.household.archiveNumber == nil
                && split.household.division == source.household.division(on: context.today)
            guard isAllowed || isPlain else { return nil }
            target = HouseholdHistory(id: DerivedIDs.household(of: command.id))
        case .mergeHousehold(let merge):
            guard !lost.contains(merge.into), let known = touched[merge.into] ?? histories[merge.into] else {
                return nil
            }
            target = known
        default: return nil
        }
        do throws(Refusal) {
            let moved = try HouseholdMove.rehearse(command, from: source, into: target, in: context)
            let had = source.household.rehearsedClaims.union(target.household.rehearsedClaims)
            // A move registers nobody anew: whoever has a likeness keeps it.
            let claims = moved.target.household.rehearsedClaims.subtracting(had).filter { !$0.isLikeness }
            if let outcome = taken(claims, command, moved.target.household) { return outcome }
            keep(moved.source)
            keep(moved.target)
            let place = moved.source.lastSequence
            return .recorded(Recorded(household: target.id, sequences: place...place, isRepeated: false))
        } catch {
            return .refused(Failure(error))
        }
    }

    /// A line of which nobody can tell what becomes of it.
    func giveUp(_ command: HouseholdCommand) -> CommandPump.Outcome {
        unjudged.insert(command.id)
        lose(command)
        return .unjudged
    }

    private func lose(_ command: HouseholdCommand) {
        switch command.action {
        // What offices decide of rights changes nothing that later facts are checked against.
        case .application, .decideAward, .decideDue: return
        case .mergeHousehold(let merge): lost.insert(merge.into)
        case .splitHousehold: lost.insert(DerivedIDs.household(of: command.id))
        default: break
        }
        lost.insert(command.household)
        if command.mayLetPeopleGo { untold.insert(command.household) }
    }
}

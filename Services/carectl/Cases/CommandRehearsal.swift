import CareDomain
import CareWire
import CaseImport
import RuleEngine

/// What the lines of a file would do one after the other, without recording anything.
///
/// Intake is asked about a household's first line that is not on record yet. What follows rests on that line, of which
/// intake knows nothing, so it is decided here, as intake would: the same `decide`, by the rules that are published.
final class CommandRehearsal {
    private let context: DecisionContext
    /// What is on record of households that have several lines.
    private let histories: [HouseholdID: HouseholdHistory]
    /// Households as the lines accepted so far would leave them.
    private var touched: [HouseholdID: HouseholdHistory] = [:]
    /// Households of which nothing can be told any more.
    private var lost: Set<HouseholdID> = []
    /// Lines of which nobody could tell what becomes of them.
    private var unjudged: Set<CommandID> = []
    /// Where the lines so far would register whom.
    private var numbers: [String: HouseholdID] = [:]
    /// Which archive numbers the lines so far would give to whom; a county gives each to one family.
    private var archiveNumbers: [String: HouseholdID] = [:]

    init(rules: PublishedRules, histories: [HouseholdID: HouseholdHistory], today: CivilDay) {
        self.histories = histories
        var context = DecisionContext(
            today: today, policy: rules.registry.policyCatalog(parameters: rules.parameters),
            rights: [.command, .importHistory], newHousehold: HouseholdID(Identifier128(high: 0, low: 0)))
        context.paymentRules = .published
        self.context = context
    }

    /// Whether a line refers to one of which nobody could tell what becomes of it.
    func restsOnUnjudged(_ draft: CommandDraft) -> Bool {
        draft.sources.values.contains { unjudged.contains($0.command) }
    }

    /// What intake is asked when it has to be asked about a line: the line itself, or, of a split of a family that earlier
    /// lines changed, whether the file that it opens might be opened there and with its archive number.
    func question(for command: HouseholdCommand) -> HouseholdCommand {
        guard touched[command.household] != nil, case .splitHousehold(let split) = command.action else {
            return command
        }
        let id = CommandID.derived(command.id, "opens")
        let somebody = PersonJoined(person: PersonID(id.value), role: .other)
        return HouseholdCommand(
            id: id, household: DerivedIDs.household(of: id), occurredOn: command.occurredOn,
            learnedOn: command.learnedOn,
            action: .registerHousehold(RegisterHousehold(household: split.household, members: [somebody])))
    }

    /// What becomes of a line; nil when intake has to be asked.
    func outcome(of command: HouseholdCommand) -> CommandPump.Outcome? {
        if lost.contains(command.household) { return giveUp(command) }
        if let (number, holder) = command.archiveNumber {
            // Other families are asked about at the same time, so it counts from here, not from the answer.
            guard archiveNumbers[number] ?? holder == holder else {
                return .refused(
                    Failure(
                        Refusal(
                            .archiveNumberTaken, field: "household.archive_number", candidate: archiveNumbers[number])))
            }
            archiveNumbers[number] = holder
        }
        let outcome = judged(command)
        if case .refused? = outcome { refused(command) }
        return outcome
    }

    private func judged(_ command: HouseholdCommand) -> CommandPump.Outcome? {
        if case .registerHousehold = command.action {
            guard let other = command.newNumbers.lazy.compactMap({ self.numbers[$0] }).first, other != command.household
            else {
                // Other families are asked about at the same time, so it counts from here, not from the answer.
                for number in command.newNumbers { numbers[number] = command.household }
                return nil
            }
            return .refused(Failure(Refusal(.personElsewhere, field: "members", candidate: other)))
        }
        guard let history = touched[command.household] else {
            // Of a family that earlier lines would register intake knows nothing.
            guard case .mergeHousehold(let merge) = command.action,
                touched[merge.into] != nil || lost.contains(merge.into)
            else { return nil }
            return histories[command.household].flatMap { move(command, $0) } ?? giveUp(command)
        }
        let earlier = history.events(of: command.id)
        if let first = earlier.first, let last = earlier.last {
            let place = first.reference.sequence...last.reference.sequence
            return .recorded(Recorded(household: command.household, sequences: place, isRepeated: true))
        }
        if command.isDecidedByHouseholdAlone { return decide(command, history) }
        if let outcome = move(command, history) { return outcome }
        if case .splitHousehold = command.action { return nil }
        return giveUp(command)
    }

    /// Takes in what intake said of a line that was asked about.
    /// - Returns: where its events would stand.
    func answered(_ command: HouseholdCommand, _ recorded: Recorded) -> Recorded {
        guard !recorded.isRepeated else { return recorded }
        let before: HouseholdHistory?
        if case .registerHousehold = command.action {
            before = HouseholdHistory(id: command.household)
        } else {
            before = touched[command.household] ?? histories[command.household]
        }
        guard let before,
            case .recorded(let rehearsed)? =
                command.isDecidedByHouseholdAlone ? decide(command, before) : move(command, before, isAllowed: true)
        else {
            lose(command)
            return recorded
        }
        return rehearsed
    }

    /// Takes in that intake refused a line that was asked about.
    func refused(_ command: HouseholdCommand) {
        if let (number, holder) = command.archiveNumber, archiveNumbers[number] == holder {
            archiveNumbers[number] = nil
        }
        guard case .registerHousehold = command.action else { return }
        for number in command.newNumbers where numbers[number] == command.household { numbers[number] = nil }
    }

    private func decide(_ command: HouseholdCommand, _ history: HouseholdHistory) -> CommandPump.Outcome {
        var context = context
        if command.looksAcrossFiles {
            var others: [HouseholdID: HouseholdHistory] = [:]
            while let next = history.filesWanted(beside: others).first {
                guard let known = touched[next] ?? histories[next] else { return giveUp(command) }
                others[next] = known
            }
            context.others = others.values.sorted { $0.id < $1.id }
        }
        switch history.decide(command, in: context) {
        case .refused(let refusal): return .refused(Failure(refusal))
        case .events(let events, _):
            var history = history
            let first = history.lastSequence + 1
            history.rehearse(events, of: command.id)
            touched[command.household] = history
            let place = first...max(first, history.lastSequence)
            return .recorded(Recorded(household: command.household, sequences: place, isRepeated: false))
        }
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
            touched[source.id] = moved.source
            touched[target.id] = moved.target
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
    }
}

extension HouseholdCommand {
    /// Whether the household's own record is all that decides about it: no second household, no person's other
    /// registration, nothing that depends on the office that speaks. Merges and splits are tried by `move`.
    fileprivate var isDecidedByHouseholdAlone: Bool {
        switch action {
        case .mergeHousehold, .splitHousehold, .application, .decideAward, .decideDue: false
        case .addPerson, .changePersonDetails: newNumbers.isEmpty
        default: true
        }
    }

    /// The archive number that it would give out, with its county, and to which family.
    fileprivate var archiveNumber: (number: String, holder: HouseholdID)? {
        let (registered, holder): (HouseholdRegistered, HouseholdID)
        switch action {
        case .registerHousehold(let register): (registered, holder) = (register.household, household)
        case .splitHousehold(let split): (registered, holder) = (split.household, DerivedIDs.household(of: id))
        default: return nil
        }
        return registered.archiveNumber.map { ("\(registered.division.rawValue.prefix(6)) \($0)", holder) }
    }

    /// The ID numbers that it would bring into the household.
    fileprivate var newNumbers: [String] {
        let parts: [SealedPart] =
            switch action {
            case .registerHousehold(let register): register.members.flatMap(\.sealed)
            case .addPerson(let joined): joined.sealed
            case .changePersonDetails(let changed): changed.sealed
            default: []
            }
        return parts.compactMap { $0.details?.idNumber }
    }
}

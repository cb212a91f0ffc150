import ArchiveClient
import CareDomain
import CareProjections
import CareWire

/// One command about a payment batch on its way: decide, append, then do what follows in the families' files.
///
/// Pure: it says what it needs and is told the answers. Every append has an id derived from the batch, and what is left
/// to do follows from the streams alone, so whoever sends the command again after a crash lets it go on where it
/// stopped; so does any later command about the batch.
struct PaymentRun {
    private enum Stage {
        case reading
        /// Reads the families that the command is about: who holds functions on their rights, and where their money goes.
        case looking
        /// Reads the batch once more before saying no: another attempt at the command may have been recorded meanwhile.
        case refusing(Refusal)
        case appendingCommand(BatchAppend)
        case ordering([HouseholdID])
        case telling([PaymentBatch.Step], through: EventReference)
        case appendingWork(BatchAppend)
    }

    let command: PaymentCommand
    let contentDigest: Identifier128
    let token: RequestToken
    let caller: Caller
    let today: CivilDay
    let policy: PolicyCatalog
    let rules: PaymentRules
    let toldDead: PayeesToldDead
    /// Makes likenesses; nil = whoever has no ID number is not looked for in other files.
    private let key: TokenKey?
    var batch: KnownBatch
    private var stage = Stage.reading
    private var recorded: CommandResult.Recorded?
    /// What somebody else had recorded and the caller asks for once more, until the families' files told whether they may.
    private(set) var asking: CommandResult.Recorded?
    private var attempts = 0
    private var queue: [HouseholdID] = []
    var open: [HouseholdID: OpenHousehold] = [:]
    private var orders: [HouseholdID: HouseholdPayments.Order] = [:]
    var toSend = LinesToSend()
    var holders: [CaseFunction: Set<Code>] = [:]
    /// The lines that the command is about, by family.
    private var asked: [HouseholdID: [BatchLine]] = [:]
    /// Other batches that pay a right that the command is about, and the one of them that is being read.
    var related = RelatedBatches()
    private var relating: PaymentBatch?
    /// When the first batch of the same months was closed, once it was looked up; nil inside = it was not.
    private(set) var passedAt: Moment??
    /// Families whose record is damaged.
    private var leftOut: [HouseholdID] = []
    /// What is said of families of which a sum is left out.
    var notes: [Refusal] = []

    /// Damaged families named in an answer at most.
    static let mostNamed = 50
    /// Families looked at side by side.
    static let window = 32

    init(
        command: PaymentCommand, contentDigest: Identifier128, token: RequestToken, caller: Caller, today: CivilDay,
        rules: PaymentRules = .published, policy: PolicyCatalog = .empty, sight: FactSight, key: TokenKey? = nil
    ) {
        toldDead = PayeesToldDead(sight, caller.principal, policy)
        self.policy = policy
        self.key = key
        self.command = command
        self.contentDigest = contentDigest
        self.token = token
        self.caller = caller
        self.today = today
        self.rules = rules.applying(where: policy)
        batch = KnownBatch(command.batch)
    }

    func start() -> [PaymentNeed] { [.readBatch(after: 0)] }

    // MARK: The batch's stream

    mutating func batchRead(_ events: [ReadBatchEvent], isWhole: Bool) -> [PaymentNeed] {
        if let relating { return otherBatchRead(relating, events, isWhole: isWhole) }
        for event in events { batch.append(event) }
        guard isWhole else { return [.readBatch(after: batch.state.lastSequence)] }
        if case .refusing(let refusal) = stage, batch.place(of: command.id) == nil,
            batch.state.carriedOut(command.action) == nil
        {
            guard let again = repeatedIssue(refusal) else { return [.finished(.refused(refusal))] }
            recorded = again
        }
        return look()
    }

    mutating func batchAppended(_ answer: AppendAnswer<ReadBatchEvent>) -> [PaymentNeed] {
        let append: BatchAppend
        switch stage {
        case .appendingCommand(let command): append = command
        case .appendingWork(let work): append = work
        case .reading, .looking, .refusing, .ordering, .telling: return [.finished(.failed(.unreadable))]
        }
        switch answer {
        case .appended(let place):
            batch.appended(append, at: place)
            return look()
        case .repeated:
            stage = .reading
            return [.readBatch(after: batch.state.lastSequence)]
        case .conflict(let later):
            for event in later { batch.append(event) }
            attempts += 1
            guard attempts <= CommandFlow.maximumAttempts else { return [.finished(.failed(.contention))] }
            return look()
        case .idReused: return [.finished(.failed(.idReused))]
        case .failed(let failure): return [.finished(.failed(failure))]
        }
    }

    /// Whoever holds a function on another batch that pays the same right holds it on the case.
    private mutating func otherBatchRead(
        _ reading: PaymentBatch, _ events: [ReadBatchEvent], isWhole: Bool
    ) -> [PaymentNeed] {
        var other = reading
        for event in events where event.known.reference.sequence > other.lastSequence { other.evolve(event.known) }
        relating = isWhole ? nil : other
        guard isWhole else { return [.readOtherBatch(other.id, after: other.lastSequence)] }
        if case .ordering(let members) = stage {
            passedAt = .some(other.closedAt)
            return begin(members)
        }
        toSend.trace(in: other)
        if related.concernsFunctions(other.id) {
            for function in CaseFunction.allCases {
                holders[function, default: []].formUnion(other.holders(of: function))
            }
        }
        return relate()
    }

    /// Another batch is damaged: who held functions on it cannot be told, so what pays the same rights is left out and named,
    /// and all others go on. What the bank did is booked all the same, for it has happened.
    /// - Returns: nil where the command cannot go on without that batch.
    mutating func otherBatchUnread() -> [PaymentNeed]? {
        guard let damaged = relating?.id else { return nil }
        relating = nil
        if case .ordering(let members) = stage {
            related.unread.insert(damaged)
            passedAt = .some(nil)
            return begin(members)
        }
        // Where the money went that it paid, nobody can tell then.
        guard related.concernsFunctions(damaged) else { return relate() }
        related.unread.insert(damaged)
        if asking != nil { return relate() }
        let families = related.families(of: damaged)
        switch command.action {
        case .reverse: return nil
        case .takeAnswer, .recordReturn: for family in families { noteUnread(damaged, family, .functionsUnproven) }
        case .prepare, .close, .issue: for family in families { noteUnread(damaged, family) }
        }
        if case .close = command.action, related.leavesNothing(of: batch.state.members) {
            return [.finished(.refused(Refusal(.earlierBatchDamaged, detail: damaged.description)))]
        }
        return relate()
    }

    /// Reads the first batch of the same months before a further one orders: what became known after that one waits.
    private mutating func lookUpFirst() -> [PaymentNeed]? {
        guard passedAt == nil, let first = batch.state.firstBatch else { return nil }
        relating = PaymentBatch(id: first)
        return [.readOtherBatch(first, after: 0)]
    }

    /// Reads the next batch that pays a right which the command is about, then decides.
    private mutating func relate() -> [PaymentNeed] {
        guard let next = related.next() else { return decide() }
        relating = PaymentBatch(id: next)
        return [.readOtherBatch(next, after: 0)]
    }

    /// Goes on from what is known of the batch: whose it is, whether the command is in it, what is left to do.
    private mutating func look() -> [PaymentNeed] {
        if let scope = batch.state.scope, !caller.principal.mayAct(in: scope.division) {
            return [.finished(.refused(Refusal(.unknownBatch)))]
        }
        if case .prepare(let scope, _) = command.action, !caller.principal.mayAct(in: scope.division) {
            return [.finished(.refused(Refusal(.notYourDivision, field: "scope.division")))]
        }
        if let known = batch.place(of: command.id), known.digest != contentDigest {
            return [.finished(.failed(.idReused))]
        }
        do throws(Refusal) {
            if recorded == nil { recorded = try onRecord() }
        } catch { return [.finished(.refused(error))] }
        return asking == nil ? work() : lookAtFamilies()
    }

    /// The command as it is on record; or done before under another id, on another day say: what the batch holds decides.
    private mutating func onRecord() throws(Refusal) -> CommandResult.Recorded? {
        let isKnown = batch.place(of: command.id) != nil
        guard let id = isKnown ? command.id : batch.state.carriedOut(command.action), let known = batch.place(of: id)
        else { return nil }
        var isOwn = false
        if case .appendingCommand = stage { isOwn = isKnown }
        let found = CommandResult.Recorded(
            household: HouseholdID(command.batch.value), place: known.place, isRepeated: !isOwn)
        guard !isOwn, known.actor != caller.principal.actor else { return found }
        try batch.state.checkRepeat(
            of: command.action, by: caller.principal.actor, of: caller.principal.department, in: policy)
        guard command.action.function != nil else { return found }
        asking = found
        return nil
    }

    /// Tells whoever asks for what somebody else had recorded that it was, unless they hold another function on what it is about.
    private mutating func answer(_ asked: CommandResult.Recorded, _ context: BatchContext) -> [PaymentNeed] {
        do throws(Refusal) {
            try batch.state.checkSeparation(command.action, context)
        } catch { return [.finished(.refused(error.ofRepeat))] }
        (recorded, asking, leftOut) = (asked, nil, [])
        return work()
    }

    private mutating func work() -> [PaymentNeed] {
        switch batch.state.work {
        case .order(let members)?:
            stage = .ordering(members)
            orders = [:]
            return lookUpFirst() ?? begin(members)
        case .freeze(let frozen)?: return append([.frozen(frozen)], "frozen")
        case .tell(let steps, let through)?:
            stage = .telling(steps, through: through)
            return begin(steps.map(\.household).eachOnce)
        case nil: break
        }
        if var recorded {
            let damaged = leftOut.prefix(Self.mostNamed)
            recorded.warnings = damaged.map { Refusal(.householdDamaged, detail: $0.description) } + notes
            return [.finished(.recorded(recorded))]
        }
        return lookAtFamilies()
    }

    private mutating func lookAtFamilies() -> [PaymentNeed] {
        stage = .looking
        toSend = LinesToSend(policy, in: batch.state.scope?.division)
        holders = [:]
        related = RelatedBatches()
        let lines = linesAskedAbout
        asked = Dictionary(grouping: lines, by: \.ordered.household)
        switch command.action {
        // Whoever prepares a batch is told why it will leave sums out, as whoever closes it.
        case .prepare(_, let households): return begin(households.eachOnce)
        case .close: return begin(batch.state.households(of: command.action))
        case .issue, .takeAnswer, .recordReturn, .reverse: return begin(lines.map(\.ordered.household).eachOnce)
        }
    }

    /// The lines that the command is about: where nothing waits to be sent, those under way in somebody else's files, which
    /// whoever asks is given.
    private var linesAskedAbout: [BatchLine] {
        let lines = batch.state.lines(of: command.action)
        guard lines.isEmpty, case .issue = command.action, let issue = batch.state.openIssue,
            batch.place(of: issue)?.actor != caller.principal.actor
        else { return lines }
        return batch.state.lines.filter { if case .inTransit = $0.state { true } else { false } }
    }

    private mutating func decide() -> [PaymentNeed] {
        holders.merge(related.holders) { $0.union($1) }
        let context = contextOfLines()
        if let asking { return answer(asking, context) }
        switch batch.state.decide(command, in: context) {
        case .refused(let refusal):
            stage = .refusing(refusal)
            return [.readBatch(after: batch.state.lastSequence)]
        case .events(let events):
            let append = BatchAppend(
                batch: command.batch, expected: batch.state.lastSequence, id: command.id,
                contentDigest: contentDigest, context: caller.context(command.id, of: command.id),
                occurredOn: command.occurredOn,
                events: events)
            stage = .appendingCommand(append)
            return [.appendBatch(append)]
        }
    }

    /// Appends what follows from the batch's own events.
    private mutating func append(_ events: [BatchEvent], _ step: String) -> [PaymentNeed] {
        let id = self.id(step)
        let append = BatchAppend(
            batch: command.batch, expected: batch.state.lastSequence, id: id, contentDigest: id.value,
            context: caller.context(id, of: command.id), occurredOn: today, events: events)
        stage = .appendingWork(append)
        return [.appendBatch(append)]
    }

    private func id(_ step: String) -> CommandID { CommandID.derived(CommandID(command.batch.value), step) }

    // MARK: The families' streams

    private mutating func begin(_ households: [HouseholdID]) -> [PaymentNeed] {
        queue = households.reversed()
        open = [:]
        return fill()
    }

    /// Opens the next families, or goes on when all are done.
    private mutating func fill() -> [PaymentNeed] {
        var needs: [PaymentNeed] = []
        while open.count < Self.window, let household = queue.popLast() {
            open[household] = OpenHousehold(
                history: HouseholdHistory(id: household), sought: PeopleSought(key: key))
            needs.append(.readHousehold(household, after: 0))
        }
        guard needs.isEmpty, open.isEmpty else { return needs }
        switch stage {
        case .ordering(let members):
            let through = batch.state.membersDone + members.count
            return append([batch.state.freezing(members.map { ($0, orders[$0]) })], "lines.\(through)")
        case .telling(_, let through): return append([.stepsDone(through: through)], "told.\(through.sequence)")
        case .looking: return relate()
        case .reading, .refusing, .appendingCommand, .appendingWork: return []
        }
    }

    mutating func householdRead(
        _ household: HouseholdID, _ events: [ReadHouseholdEvent], isWhole: Bool
    ) -> [PaymentNeed] {
        if let reading = open[household]?.reading { return otherRead(household, reading, events, isWhole: isWhole) }
        for event in events { open[household]?.history.append(event.known) }
        guard let entry = open[household] else { return [] }
        guard isWhole else { return [.readHousehold(household, after: entry.history.lastSequence)] }
        return handle(household, entry.history)
    }

    private mutating func otherRead(
        _ household: HouseholdID, _ reading: HouseholdHistory, _ events: [ReadHouseholdEvent], isWhole: Bool
    ) -> [PaymentNeed] {
        var other = reading
        for event in events { other.append(event.known) }
        open[household]?.reading = isWhole ? nil : other
        guard isWhole else { return [.readOther(other.id, of: household, after: other.lastSequence)] }
        open[household]?.others[other.id] = other
        guard let entry = open[household] else { return [] }
        return handle(household, entry.history)
    }

    mutating func handle(_ household: HouseholdID, _ history: HouseholdHistory) -> [PaymentNeed] {
        let state = batch.state
        switch stage {
        case .ordering: return order(household, history)
        case .telling(let steps, let through):
            let pending = steps.filter { $0.household == household && !history.isTold($0.concluded) }
            guard !pending.isEmpty else { return done(household) }
            let events = pending.map { ProposedEvent(occurredOn: $0.on, event: .paymentConcluded($0.concluded)) }
            return propose(events, "tell.\(household).\(through.sequence)", household, history)
        case .looking:
            if case .prepare(let scope, _) = command.action {
                let begun = scope.begun(by: command.occurredOn)
                if let needs = readPeople(history.payablePersons(of: begun), history) ?? readOthers(history) {
                    return needs
                }
                let others = Array(open[household]?.others.values ?? [:].values)
                // As known now, in whichever of the files.
                if let moment = ([history] + others).compactMap({ $0.events.last?.recordedAt }).max() {
                    noteOmissions(history, scope, on: command.occurredOn, knownAt: moment)
                    note(toldDead.notes(ofWhat: begun, at: moment, rules, others, wouldPay: history))
                }
                return done(household)
            }
            if let scope = state.scope {
                holders.merge(history.household.holders(in: scope)) { $0.union($1) }
            }
            toSend.noteNamers(of: asked[household] ?? [], in: history)
            if command.action.function != nil, !history.household.payments.orders.isEmpty {
                if let needs = lookAcross(household, history) { return needs }
            }
            if case .issue = command.action, asking == nil {
                let needs = readPeople(personsToPay(of: household), history) ?? readOthers(history)
                if let needs { return needs }
                lookAtLinesToSend(household, history)
            }
            return done(household)
        case .reading, .refusing, .appendingCommand, .appendingWork: return []
        }
    }

    /// Notes which other batches pay the family's rights that the command is about: when it closes the batch, those that the
    /// batch would order as known now. Asks for the files with which it exchanged persons first, if those count.
    private mutating func lookAcross(_ household: HouseholdID, _ history: HouseholdHistory) -> [PaymentNeed]? {
        for line in asked[household] ?? [] {
            related.add([line.ordered.line], of: history.household, besides: command.batch, line: line.number)
        }
        let paying = batch.state.paying(on: command.occurredOn)
        if case .close = command.action, let scope = paying, let last = history.events.last {
            // Whoever left one family and joined another is not looked for: the same right is concerned, whatever is left of it.
            if let needs = readOthers(history) { return needs }
            let others = Array(open[household]?.others.values ?? [:].values)
            let decision = history.decideOrder(
                batch.state.id, scope, closedAt: last.recordedAt, rules: rules, others: others)
            switch decision {
            case .order(let ordered): related.add(ordered.lines, of: history.household, besides: command.batch)
            // Closed already: somebody asks for it once more.
            case .standing(let order): related.add(order.ordered.lines, of: history.household, besides: command.batch)
            case .nothing: break
            }
        }
        return nil
    }

    /// Orders what the family is due, once the files are read with which it exchanged persons, or that had one of them before.
    private mutating func order(_ household: HouseholdID, _ history: HouseholdHistory) -> [PaymentNeed] {
        guard let whole = batch.state.scope, let scope = batch.state.paying(on: today),
            let closedAt = batch.state.closedAt
        else { return done(household) }
        if let needs = readPeople(history.payablePersons(of: scope), history) ?? readOthers(history) { return needs }
        noteOmissions(history, whole, on: scope.period.last.lastDay, knownAt: closedAt)
        let others = Array(open[household]?.others.values ?? [:].values)
        let decision = history.decideOrder(
            batch.state.id, scope, closedAt: closedAt, rules: rules, others: others,
            people: open[household]?.people ?? PeopleElsewhere(), passedAt: passedAt ?? nil)
        switch decision {
        case .nothing: return done(household)
        case .standing(let order):
            orders[household] = order
            note(toldDead.notes(order.ordered.lines.map { ($0, nil) }, of: history))
            return done(household)
        case .order(var ordered):
            // Whether a family that the first batch of these months did not pay waits for a decision, only that batch tells.
            if let one = batch.state.firstBatch, related.unread.contains(one), !history.household.isPaid(by: one) {
                noteUnread(one, household)
                return done(household)
            }
            // What the closing left out stays so, whoever goes on after a crash and whatever was repaired meanwhile.
            let damaged = batch.state.damagedAtClosing.union(related.unread)
            let paying = history.household.batches(besides: command.batch, paying: ordered.lines)
            for batch in damaged.intersection(paying).sorted() { noteUnread(batch, household) }
            ordered.lines = history.household.lines(ordered.lines, paidByNoneOf: damaged)
            guard !ordered.lines.isEmpty else { return done(household) }
            let event = ProposedEvent(occurredOn: today, event: .paymentOrdered(ordered))
            return propose([event], "order.\(household)", household, history)
        }
    }

    private mutating func propose(
        _ events: [ProposedEvent], _ step: String, _ household: HouseholdID, _ history: HouseholdHistory
    ) -> [PaymentNeed] {
        let id = self.id(step)
        return [
            .appendHousehold(
                HouseholdAppend(
                    household: household, expected: history.lastSequence, id: id, contentDigest: id.value,
                    context: caller.context(id, of: command.id), events: events))
        ]
    }

    mutating func householdAppended(
        _ household: HouseholdID, _ answer: AppendAnswer<ReadHouseholdEvent>
    ) -> [PaymentNeed] {
        guard var entry = open[household] else { return [] }
        switch answer {
        // What was ordered is read as the log has it, also after a repeat.
        case .appended, .repeated: return [.readHousehold(household, after: entry.history.lastSequence)]
        case .conflict(let later):
            entry.attempts += 1
            for event in later { entry.history.append(event.known) }
            open[household] = entry
            guard entry.attempts <= CommandFlow.maximumAttempts else { return [.finished(.failed(.contention))] }
            return handle(household, entry.history)
        case .idReused: return [.finished(.failed(.idReused))]
        case .failed(let failure) where failure.isFenced: return leaveOut(household)
        case .failed(let failure): return [.finished(.failed(failure))]
        }
    }

    /// The household's record, or one with which it exchanged persons, is damaged: nothing is ordered for it and nothing
    /// told to it; whoever asked is told the id of the damaged one.
    mutating func leaveOut(_ household: HouseholdID) -> [PaymentNeed] {
        let damaged = open[household]?.reading?.id ?? household
        if !leftOut.contains(damaged) { leftOut.append(damaged) }
        return done(household)
    }

    private mutating func done(_ household: HouseholdID) -> [PaymentNeed] {
        open[household] = nil
        return fill()
    }
}

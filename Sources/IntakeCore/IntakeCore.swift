import ArchiveClient
import CareDomain
import CareWire
import RuleEngine

/// Intake: who are you, may you say this, is it well formed, is it new — then decide and append.
///
/// A step machine without clock, sockets or disk: `step(input, now)` returns what is to be done. One household's
/// commands go one after another; different households go side by side. Nothing is buffered without bound.
package struct IntakeCore {
    /// Bounds and times.
    package struct Settings: Sendable {
        /// Commands under way or waiting; more are refused with *retry after*.
        package var maximumCommands = 4096
        /// Commands waiting for one household.
        package var maximumWaitingPerHousehold = 64
        /// Households kept between commands.
        package var cachedHouseholds = 20_000
        /// How long a reservation may be silent before it is settled.
        package var reservationPatienceMicroseconds: Int64 = 30_000_000
        /// How often the person and pack streams are asked for news.
        package var sharedReadIntervalMicroseconds: Int64 = 250_000
        /// How long an image of the person and pack streams is good enough before it is saved anew.
        package var imageIntervalMicroseconds: Int64 = 30_000_000

        package init() {}
    }

    /// Counters for metrics.
    package struct Counters: Sendable, Equatable {
        package var recorded = 0
        package var repeated = 0
        /// Commands that were only asked about and would be recorded.
        package var tried = 0
        package var refused = 0
        package var failed = 0
        package var overloaded = 0
        package var settledReservations = 0
    }

    let settings: Settings
    let ownPrincipal: Principal
    package private(set) var counters = Counters()
    var cache: HouseholdCache
    var rules = PublishedRules()
    var catalog = PolicyCatalog.empty
    var desk = ReservationDesk()
    /// Households being worked on, with their state; what waits behind them.
    var active: [HouseholdID: ActiveHousehold] = [:]
    var waiting: [HouseholdID: [Flow]] = [:]
    var waitingCount = 0
    var calls: [CallID: HouseholdID] = [:]
    /// Those among the calls that are about another household than the one at work.
    var callsToOthers: Set<CallID> = []
    var packFlows: [CallID: PackFlow] = [:]
    var payments = CommandDesk<PaymentRun>(mostCommands: 256)
    var units = CommandDesk<UnitRun>(mostCommands: 1024)
    var lending = CommandDesk<LendingRun>(mostCommands: 256)
    var duties = CommandDesk<DutyRun>(mostCommands: 1024)
    var numbers = CallNumbers()
    var sharedCursor: [UInt8] = []
    var sharedCall: CallID?
    var lastSharedRead: Moment?
    var sharedReadsBegun = 0
    var publications: [Publication] = []
    var keeper: ImageKeeper
    /// Whether care-archive's disk took nothing when it was last heard: commands are tried all the same and refused there.
    package internal(set) var archiveTakesNothing = false
    /// The key that tokens are made with; nil where nobody makes any.
    var tokenKey: TokenKeyGuard?
    /// Whether the packs published so far are known and the key for tokens is the log's; until then commands are asked to
    /// come again.
    package internal(set) var isReady = false

    /// - Parameters:
    ///   - principal: Intake's own name, for what it appends on its own (settled reservations).
    ///   - image: From the last run; without it the person and pack streams are read from the beginning.
    package init(settings: Settings = Settings(), principal: Principal, image: IntakeImage? = nil) {
        keeper = ImageKeeper(unproven: image)
        sharedCursor = image?.cursor ?? []
        self.settings = settings
        self.ownPrincipal = principal
        self.cache = HouseholdCache(capacity: settings.cachedHouseholds)
    }

    /// Forgets everything. Calls go on counting, so that no late answer is taken for one to a new call.
    mutating func startAnew() {
        let (counters, numbers, key) = (counters, numbers, tokenKey?.key)
        self = IntakeCore(settings: settings, principal: ownPrincipal)
        if let key { guardTokens(madeWith: key) }
        self.counters = counters
        self.numbers = numbers
    }

    /// Takes one input in and returns what is to be done, in order.
    package mutating func step(_ input: IntakeInput, now: Moment) -> [IntakeAction] {
        switch input {
        case .command(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, isTrial: false, now: now)
        case .trial(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, isTrial: true, now: now)
        case .packCommand(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller)
        case .paymentCommand(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, now: now)
        case .unitCommand(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, now: now)
        case .lendingCommand(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, now: now)
        case .dutyCommand(let token, let command, let digest, let caller):
            return take(command, digest: digest, token: token, caller: caller, now: now)
        case .householdRead(let call, let events, let isWhole):
            return householdRead(call, events, isWhole: isWhole, now: now)
        case .householdAppended(let call, let answer):
            return householdAppended(call, answer, now: now)
        case .personRead(let call, let events):
            return payments(call, events) ?? advance(call, now: now) { $0.personRead(events, $1) }
        case .personAppended(let call, let answer):
            return advance(call, now: now) { flow, known in flow.personAppended(answer, known) }
        case .personsAppended(let call, let answers):
            return advance(call, now: now) { flow, known in flow.personsAppended(answers, known) }
        case .batchRead(let call, let events, let isWhole):
            return paymentStep(call) { run, _ in run.batchRead(events, isWhole: isWhole) } ?? []
        case .batchAppended(let call, let answer):
            return paymentStep(call) { run, _ in run.batchAppended(answer) } ?? []
        case .unitRead(let call, let events, let isWhole):
            return unitStep(call) { run in run.unitRead(events, isWhole: isWhole) } ?? []
        case .unitAppended(let call, let answer):
            return unitStep(call) { run in run.unitAppended(answer) } ?? []
        case .dutiesRead(let call, let events, let isWhole):
            return dutyStep(call) { $0.read(events, isWhole: isWhole) } ?? []
        case .keptRead(let call, let kept): return dutyStep(call) { $0.keptRead(kept) } ?? []
        case .dutyAppended(let call, let answer): return dutyStep(call) { $0.appended(answer) } ?? []
        case .lendingRead(let call, let events, let isWhole):
            return lendingStep(call) { run, asked in
                if case .stream(let stream) = asked { run.read(stream, events, isWhole: isWhole) } else { [] }
            } ?? advance(call, now: now) { flow, known in flow.loanRead(events, isWhole: isWhole, known) }
        case .lendingAppended(let call, let answer):
            return lendingStep(call) { run, _ in run.appended(answer) } ?? []
        case .packRead(let call, let lastSequence):
            return packRead(call, lastSequence: lastSequence)
        case .packAppended(let call, let answer):
            return packAppended(call, answer, now: now)
        case .tokenKeyAppended(let call, let answer):
            return tokenKeyAppended(call, answer, now: now)
        case .sharedRead(let call, let news):
            return sharedRead(call, news, now: now)
        case .callFailed(let call, let failure):
            return callFailed(call, failure, now: now)
        case .tick:
            return tick(now: now)
        }
    }

    mutating func newCall() -> CallID { numbers.next() }

    /// One for the household at work.
    private mutating func newCall(for household: HouseholdID) -> CallID {
        let call = newCall()
        calls[call] = household
        return call
    }

    // MARK: Commands

    private mutating func take(
        _ command: HouseholdCommand, digest: Identifier128, token: RequestToken, caller: Caller, isTrial: Bool,
        now: Moment
    ) -> [IntakeAction] {
        guard isReady else { return [.reply(token, .failed(.starting))] }
        guard caller.principal.rights.contains(.command) else {
            return [.reply(token, .refused(Refusal(.missingRight, detail: "command")))]
        }
        guard active.count + waitingCount < settings.maximumCommands else {
            counters.overloaded += 1
            return [.reply(token, .failed(.overloaded))]
        }
        var context = DecisionContext(
            today: now.day, policy: catalog, rights: caller.principal.rights,
            newHousehold: HouseholdID.derived(from: command.id), actor: caller.principal.actor,
            roles: caller.principal.roles, department: caller.principal.department,
            actsFor: caller.principal.divisions)
        context.paymentRules = .published
        let request = Flow.Request(token: token, caller: caller)
        let flow: Flow =
            MoveFlow.carriesOut(command)
            ? .move(
                MoveFlow(
                    command: command, contentDigest: digest, context: context, principal: caller.principal,
                    key: tokenKey?.key, isTrial: isTrial), request)
            : .command(
                CommandWork(
                    CommandFlow(
                        command: command, contentDigest: digest, context: context, principal: caller.principal,
                        sight: sight(of: caller.principal, for: command, today: now.day),
                        loans: openLoans(of: command), key: tokenKey?.key, isTrial: isTrial), request))
        return enqueue(flow, household: command.household, now: now)
    }

    mutating func enqueue(_ flow: Flow, household: HouseholdID, now: Moment) -> [IntakeAction] {
        guard active[household] == nil else {
            if (waiting[household]?.count ?? 0) >= settings.maximumWaitingPerHousehold {
                counters.overloaded += 1
                return flow.request.map { [.reply($0.token, .failed(.overloaded))] } ?? []
            }
            waiting[household, default: []].append(flow)
            waitingCount += 1
            return []
        }
        if let known = cache.take(household) {
            return begin(flow, known, now: now)
        }
        if case .registerHousehold? = flow.command?.action, flow.command?.correction == nil, !flow.isTrial {
            // A new household: its stream is taken to be empty, and the append meets whatever there is.
            return begin(flow, CachedHousehold(id: household), now: now)
        }
        active[household] = ActiveHousehold(CachedHousehold(id: household), flow, since: cache.newest)
        let call = newCall()
        calls[call] = household
        return [.readHousehold(call, household, after: 0)]
    }

    private mutating func begin(_ flow: Flow, _ known: consuming CachedHousehold, now: Moment) -> [IntakeAction] {
        let entry = ActiveHousehold(known, flow, since: cache.newest)
        entry.isFromMemory = true
        return begin(entry, now: now)
    }

    private mutating func begin(_ entry: ActiveHousehold, now: Moment) -> [IntakeAction] {
        let household = entry.known.history.id
        active[household] = entry
        if let command = entry.flow.command, let request = entry.flow.request,
            let refusal = scopeRefusal(command, entry, request.caller.principal, on: now.day)
        {
            if entry.isFromMemory { return lookBeforeSayingNo(entry, household: household) }
            counters.refused += 1
            return [.reply(request.token, .refused(refusal))] + finish(household, now: now)
        }
        // A move is rare and decides for two households: it begins with what the log holds now.
        if entry.isFromMemory, case .move = entry.flow { return lookBeforeSayingNo(entry, household: household) }
        return perform(entry.flow.start(entry.known), entry, household: household, now: now)
    }

    /// Reads what came after the last event that is known of the household.
    private mutating func readOn(_ entry: ActiveHousehold, _ household: HouseholdID) -> [IntakeAction] {
        let call = newCall()
        calls[call] = household
        return [.readHousehold(call, household, after: entry.known.history.lastSequence)]
    }

    /// Whether the caller may act for the household where it is registered, and where it is to be; an earlier place decides
    /// about the money of its own months.
    /// - Source: design, 「a department sees its households only」
    private func scopeRefusal(
        _ command: HouseholdCommand, _ entry: ActiveHousehold, _ principal: Principal, on day: CivilDay
    ) -> Refusal? {
        if case .registerHousehold(let register) = command.action {
            guard principal.mayAct(in: register.household.division) else {
                return Refusal(.notYourDivision, field: "household.division")
            }
            // What was registered wrongly is put right by whoever may act where the family is, too.
            guard command.correction != nil else { return nil }
        }
        let household = entry.known.history.household
        guard let division = household.division(on: day), !principal.mayAct(in: division) else { return nil }
        // Money of the time that a family spent in a place is that place's to decide, wherever the family is now.
        if case .decideDue = command.action, household.mayHaveMoney(where: principal.mayAct) { return nil }
        // Outside one's own divisions a household is answered like one that does not exist.
        return Refusal(.householdNotFound)
    }

    private mutating func householdRead(
        _ call: CallID, _ events: [ReadHouseholdEvent], isWhole: Bool, now: Moment
    ) -> [IntakeAction] {
        if let tried = tokenKeyTried(call, events, now: now) { return tried }
        let payment = paymentStep(call) { run, household in
            household.map { run.householdRead($0, events, isWhole: isWhole) } ?? []
        }
        if let payment { return payment }
        if let unit = unitStep(call, { run in run.householdRead(events, isWhole: isWhole) }) { return unit }
        let lending = lendingStep(call) { run, asked in
            if case .household(let id) = asked { run.householdRead(id, events, isWhole: isWhole) } else { [] }
        }
        if let lending { return lending }
        if callsToOthers.remove(call) != nil {
            return advance(call, now: now) { flow, known in flow.otherRead(events, isWhole: isWhole, known) }
        }
        guard let household = calls.removeValue(forKey: call), let entry = active[household] else { return [] }
        for event in events { entry.known.append(event) }
        return isWhole ? begin(entry, now: now) : readOn(entry, household)
    }

    private mutating func householdAppended(
        _ call: CallID, _ answer: AppendAnswer<ReadHouseholdEvent>, now: Moment
    ) -> [IntakeAction] {
        let payment = paymentStep(call) { run, household in
            household.map { run.householdAppended($0, answer) } ?? []
        }
        if let payment { return payment }
        if let unit = unitStep(call, { run in run.householdAppended(answer) }) { return unit }
        if callsToOthers.remove(call) != nil {
            return advance(call, now: now) { flow, known in flow.otherAnswered(answer, known) }
        }
        guard let household = calls.removeValue(forKey: call), let entry = active[household] else { return [] }
        switch answer {
        case .appended(let place): entry.flow.takeIn(place, &entry.known)
        case .conflict(let later): for event in later { entry.known.append(event) }
        case .repeated, .failed, .idReused: break
        }
        let need = entry.flow.householdAnswered(entry.told(answer), entry.known)
        // After a repeated append the stream holds events this cache may not: it is read again next time.
        if case .repeated = answer { entry.known = CachedHousehold(id: household) }
        return perform(need, entry, household: household, now: now)
    }

    mutating func advance(
        _ call: CallID, now: Moment, _ step: (inout Flow, CachedHousehold) -> FlowNeed
    ) -> [IntakeAction] {
        guard let household = calls.removeValue(forKey: call), let entry = active[household] else { return [] }
        return perform(step(&entry.flow, entry.known), entry, household: household, now: now)
    }

    private mutating func callFailed(_ call: CallID, _ failure: FlowFailure, now: Moment) -> [IntakeAction] {
        if call == sharedCall {
            sharedCall = nil
            // A cursor beyond the log's end, say: only the image can be wrong then.
            return keeper.unproven != nil && !failure.isRetriable ? discardImage(now: now) : []
        }
        if let actions = tokenKeyFailed(call, failure, now: now) { return actions }
        if let actions = deskFailed(call, failure) { return actions }
        if let flow = packFlows.removeValue(forKey: call) {
            counters.failed += 1
            return [.reply(flow.token, .failed(failure))]
        }
        if let actions = loanUnread(call, failure, now: now) { return actions }
        let isAboutOther = callsToOthers.remove(call) != nil
        guard let household = calls.removeValue(forKey: call), let entry = active[household] else { return [] }
        let result = answer(to: failure, of: entry, isAboutOther: isAboutOther, on: now.day)
        // What was appended is unknown, so nothing of this household is kept.
        entry.known = CachedHousehold(id: household)
        if entry.mayStandDespite(failure) { return lookBeforeSayingNo(entry, household: household) }
        var actions: [IntakeAction] = []
        if let request = entry.flow.request {
            count(result)
            actions.append(.reply(request.token, result))
        }
        return actions + finish(household, keepsState: false, now: now)
    }

    /// What a call's failure is to whoever waits: a record that cannot be read is told to those only who may act for the
    /// family.
    private func answer(
        to failure: FlowFailure, of entry: ActiveHousehold, isAboutOther: Bool, on day: CivilDay
    ) -> CommandResult {
        guard let principal = entry.flow.request?.caller.principal else { return .failed(failure) }
        var (known, field): (DivisionCode?, String?) = (entry.known.history.household.division(on: day), nil)
        switch (entry.flow.command?.action, isAboutOther) {
        case (.mergeHousehold?, true): (known, field) = (nil, "into")
        // Of a family whose persons a command claims nothing is said but that its record cannot be read.
        case (_, true): return .failed(failure)
        // Whoever registers says where.
        case (.registerHousehold(let register)?, false): known = known ?? register.household.division
        case (_, false): break
        }
        return failure.concealed(from: principal, at: known, field: field).map { .refused($0) } ?? .failed(failure)
    }

    private mutating func perform(
        _ need: FlowNeed, _ entry: ActiveHousehold, household: HouseholdID, now: Moment
    ) -> [IntakeAction] {
        if case .finished = need {
        } else if let (token, result) = entry.flow.earlyAnswer() {
            count(result)
            return [.reply(token, result)] + carryOut(need, entry, household: household, now: now)
        }
        return carryOut(need, entry, household: household, now: now)
    }

    private mutating func carryOut(
        _ need: FlowNeed, _ entry: ActiveHousehold, household: HouseholdID, now: Moment
    ) -> [IntakeAction] {
        switch need {
        case .readPerson(let token):
            let call = newCall(for: household)
            return [.readPerson(call, token, after: 0)]
        case .appendPerson(let token, let expected, let id, let event):
            let call = newCall(for: household)
            let append = PersonAppend(
                token: token, expected: expected, id: id, context: context(of: entry.flow), occurredOn: now.day,
                event: event)
            return [.appendPerson(call, append)]
        case .appendPersons(let drafts):
            let call = newCall(for: household)
            let context = context(of: entry.flow)
            let appends = drafts.map {
                PersonAppend(
                    token: $0.token, expected: $0.expected, id: $0.id, context: context, occurredOn: now.day,
                    event: $0.event)
            }
            return [.appendPersons(call, appends)]
        case .appendHousehold(let expected, let id, let digest, let events):
            let call = newCall(for: household)
            entry.flow.remember(events)
            let append = HouseholdAppend(
                household: household, expected: expected, id: id, contentDigest: digest,
                context: context(of: entry.flow), events: events)
            return [.appendHousehold(call, append)]
        case .readOwn: return readOn(entry, household)
        case .readOther(let other, let after):
            let call = newCall(for: household)
            callsToOthers.insert(call)
            return [.readHousehold(call, other, after: after)]
        case .readLoan(let loan, let after):
            let call = newCall(for: household)
            return [.readLending(call, .loan(loan), after: after)]
        case .appendOther(let draft):
            let call = newCall(for: household)
            callsToOthers.insert(call)
            let append = HouseholdAppend(
                household: draft.household, expected: draft.expected, id: draft.id,
                contentDigest: draft.contentDigest, context: context(of: entry.flow), events: draft.events)
            return [.appendHousehold(call, append)]
        case .goOn(let move):
            if case .reservation(let flow) = entry.flow { desk.looked(at: flow.token, now: now) }
            return finish(household, now: now) + enqueue(.move(move, nil), household: move.source, now: now)
        case .finished(.refused?) where entry.isFromMemory:
            return lookBeforeSayingNo(entry, household: household)
        case .finished(.failed(let failure)?) where entry.mayStandDespite(failure):
            entry.known = CachedHousehold(id: household)
            return lookBeforeSayingNo(entry, household: household)
        case .finished(let result):
            var actions: [IntakeAction] = []
            if let request = entry.flow.request, let result {
                count(result)
                actions.append(.reply(request.token, result))
            } else if case .reservation(let flow) = entry.flow {
                counters.settledReservations += 1
                desk.looked(at: flow.token, now: now)
            }
            return actions + finish(household, now: now)
        }
    }

    /// An append meets whatever came in meanwhile, a refusal does not: the command may have been recorded by another
    /// intake, or long ago (a registration, whose people live elsewhere by now). So the stream is asked before no is
    /// said. A log that takes nothing at present (a full disk) can be read too: a command that it holds is answered.
    private mutating func lookBeforeSayingNo(_ entry: ActiveHousehold, household: HouseholdID) -> [IntakeAction] {
        entry.isFromMemory = false
        entry.flow.forgetProgress()
        return readOn(entry, household)
    }

    private mutating func finish(
        _ household: HouseholdID, keepsState: Bool = true, now: Moment
    ) -> [IntakeAction] {
        guard let entry = active.removeValue(forKey: household) else { return [] }
        // Lengths above zero only: an absent household may be registered by another intake at any time.
        if keepsState, entry.known.history.lastSequence > 0 { cache.put(entry.known) }
        guard var queue = waiting.removeValue(forKey: household), !queue.isEmpty else { return [] }
        let next = queue.removeFirst()
        waitingCount -= 1
        if !queue.isEmpty { waiting[household] = queue }
        return enqueue(next, household: household, now: now)
    }

    private func context(of flow: Flow) -> EventContext {
        if case .command(let work) = flow {
            let caller = work.request.caller
            return EventContext(
                principal: caller.principal, command: work.flow.command.id, traceparent: caller.traceparent,
                legalBasis: caller.legalBasis)
        }
        if let command = flow.command, let caller = flow.caller {
            let isMove = MoveFlow.carriesOut(command)
            return EventContext(
                principal: caller.principal, command: command.id,
                causation: isMove ? command.id.description : nil, traceparent: caller.traceparent,
                legalBasis: caller.legalBasis)
        }
        let step =
            switch flow {
            case .reservation(let reservation): reservation.claim.command
            case .move(let move, _): move.arrivalID
            case .command(let work): work.flow.command.id
            }
        return EventContext(principal: ownPrincipal, command: step, causation: step.description)
    }

    /// Counts what became of a command of any kind, for the metrics.
    mutating func count(_ result: CommandResult) {
        switch result {
        case .recorded(let recorded):
            if recorded.isRepeated { counters.repeated += 1 } else { counters.recorded += 1 }
        case .acceptable: counters.tried += 1
        case .refused: counters.refused += 1
        case .failed: counters.failed += 1
        }
    }
}

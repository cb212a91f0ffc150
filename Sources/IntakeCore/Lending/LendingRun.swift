import ArchiveClient
import CareDomain
import CareWire

/// What a command about a fund, a case or a report on its way waits for.
enum LendingNeed {
    case read(LendingStream, after: UInt64)
    case readHousehold(HouseholdID, after: UInt64)
    case append(LendingAppend)
    case finished(CommandResult)
}

/// One command about a fund, a case or a report on its way.
///
/// Pure: it says what it needs and is told the answers. Money is set aside in the fund, then the case says that it was
/// paid out, then the fund books it; a repayment or a write-off is said by the case first and booked by the fund after.
/// Every append beside the command's own has an id derived from what it is about, and what is left to do follows from
/// the two streams alone: whoever sends the command again after a crash, or any other about the case, lets it go on.
struct LendingRun {
    let command: LendingCommand
    let contentDigest: Identifier128
    let token: RequestToken
    let caller: Caller
    private let today: CivilDay
    private let terms: LendingTerms
    private var funds: [FundID: Fund] = [:]
    private var loans: [LoanID: LoanCase] = [:]
    private var reports: [LoanReportID: LoanReport] = [:]
    private var whole: Set<LendingStream> = []
    private var history: HouseholdHistory?
    private var isHouseholdWhole = false
    private var places: [CommandID: (digest: Identifier128, actor: Code?, place: AppendPlace)] = [:]
    private var pending: LendingAppend?
    private var recorded: CommandResult.Recorded?
    private var isOwn = false
    private var attempts = 0

    init(
        command: LendingCommand, contentDigest: Identifier128, token: RequestToken, caller: Caller, today: CivilDay,
        terms: LendingTerms
    ) {
        self.command = command
        self.contentDigest = contentDigest
        self.token = token
        self.caller = caller
        self.today = today
        self.terms = terms
    }

    func start() -> [LendingNeed] { [.read(command.stream, after: 0)] }

    // MARK: Answers

    mutating func read(_ stream: LendingStream, _ events: [ReadLendingEvent], isWhole: Bool) -> [LendingNeed] {
        for event in events { take(event, of: stream) }
        guard isWhole else { return [.read(stream, after: lastSequence(of: stream))] }
        whole.insert(stream)
        return advance()
    }

    mutating func householdRead(
        _ household: HouseholdID, _ events: [ReadHouseholdEvent], isWhole: Bool
    ) -> [LendingNeed] {
        var history = self.history ?? HouseholdHistory(id: household)
        for event in events { history.append(event.known) }
        self.history = history
        guard isWhole else { return [.readHousehold(household, after: history.lastSequence)] }
        isHouseholdWhole = true
        return advance()
    }

    /// What is said instead of a failure that would tell a stranger of the family's record.
    func concealing(_ failure: FlowFailure) -> Refusal? {
        // Of a case it does not take the family's file to know whose it is.
        guard case .loan(.apply) = command.action else { return scopeRefusal }
        let known = history?.household.division(on: command.occurredOn)
        return failure.concealed(from: caller.principal, at: known, field: "household")
    }

    mutating func appended(_ answer: AppendAnswer<ReadLendingEvent>) -> [LendingNeed] {
        guard let append = pending else { return [.finished(.failed(.unreadable))] }
        pending = nil
        switch answer {
        case .appended(let place):
            if append.id == command.id { isOwn = true }
            take(append, at: place)
            return advance()
        case .repeated:
            whole.remove(append.stream)
            return [.read(append.stream, after: lastSequence(of: append.stream))]
        case .conflict(let later):
            for event in later { take(event, of: append.stream) }
            attempts += 1
            guard attempts <= CommandFlow.maximumAttempts else { return [.finished(.failed(.contention))] }
            return advance()
        case .idReused: return [.finished(.failed(.idReused))]
        case .failed(let failure): return [.finished(.failed(failure))]
        }
    }

    // MARK: What is known

    private mutating func take(_ event: ReadLendingEvent, of stream: LendingStream) {
        let sequence = event.known.reference.sequence
        guard sequence > lastSequence(of: stream) else { return }
        switch stream {
        case .fund(let id): funds[id, default: Fund(id: id)].evolve(event.known)
        case .loan(let id): loans[id, default: LoanCase(id: id)].evolve(event.known)
        case .report(let id): reports[id, default: LoanReport(id: id)].evolve(event.known)
        }
        guard stream == command.stream else { return }
        let first = places[event.known.command]?.place.first ?? sequence
        places[event.known.command] = (
            event.contentDigest, event.known.actor,
            AppendPlace(first: first, last: sequence, recordedAt: event.known.recordedAt, cursor: [])
        )
    }

    /// Takes events in that were appended just now, as the log stamped them.
    private mutating func take(_ append: LendingAppend, at place: AppendPlace) {
        for (index, event) in append.events.enumerated() {
            let sequence = place.first + UInt64(index)
            let known = KnownLendingEvent(
                reference: EventReference(sequence: sequence),
                recordedAt: Moment(microseconds: place.recordedAt.microseconds - Int64(place.last - sequence)),
                occurredOn: append.occurredOn, command: append.id, actor: append.context.principal.actor, event: event)
            take(ReadLendingEvent(known: known, contentDigest: append.contentDigest), of: append.stream)
        }
        if append.stream == command.stream { places[append.id]?.place.cursor = place.cursor }
    }

    private func lastSequence(of stream: LendingStream) -> UInt64 {
        switch stream {
        case .fund(let id): funds[id]?.lastSequence ?? 0
        case .loan(let id): loans[id]?.lastSequence ?? 0
        case .report(let id): reports[id]?.lastSequence ?? 0
        }
    }

    private func fund(_ id: FundID) -> Fund { funds[id] ?? Fund(id: id) }

    /// The case that the command is about, and its fund once it has one.
    private var loan: LoanCase? {
        guard case .loan(let id) = command.stream else { return nil }
        return loans[id] ?? LoanCase(id: id)
    }

    private var fundOfLoan: Fund? { loan?.application.map { fund($0.content.fund) } }

    /// Of an application and a payout, the mother's cases before it, once the fund says of which kind it is.
    private var earlier: [LoanID] {
        let applied: LoanApplied
        switch command.action {
        case .loan(.apply(let said)): applied = said
        case .loan(.disburse):
            guard let known = loan?.application?.content else { return [] }
            applied = known
        default: return []
        }
        guard applied.number > 1, let mode = fund(applied.fund).scope?.mode else { return [] }
        // Who asks for a number with a gap before it is refused; it is not worth reading more than anybody has.
        return (max(1, applied.number - 200)..<applied.number).map {
            .derived(of: applied.mother, mode, number: $0)
        }
    }

    /// What must be read before anything is decided.
    private var missing: LendingNeed? {
        var wanted: [LendingStream] = [command.stream]
        switch command.action {
        case .fund(.handOver(let to, _)): wanted.append(.fund(to))
        case .loan(.apply(let applied)):
            wanted.append(.fund(applied.fund))
        case .fund(.reverse(let entry, _)):
            guard case .fund(let id) = command.stream, let source = fund(id).takenOver[entry]?.from else { break }
            wanted.append(.fund(source))
        default: break
        }
        if let fund = loan?.application?.content.fund { wanted.append(.fund(fund)) }
        wanted += earlier.map { .loan($0) }
        if let stream = wanted.first(where: { !whole.contains($0) }) {
            return .read(stream, after: lastSequence(of: stream))
        }
        return householdAsked.flatMap { isHouseholdWhole ? nil : .readHousehold($0, after: 0) }
    }

    /// Whose file must be known: whoever gets money is alive, and belongs where she says when she asks for it.
    private var householdAsked: HouseholdID? {
        switch command.action {
        case .loan(.apply(let applied)): applied.household
        case .loan(.review), .loan(.guarantee), .loan(.sign), .loan(.inform), .loan(.nameHelper), .loan(.disburse):
            loan?.application?.content.household
        default: nil
        }
    }

    // MARK: Going on

    /// Goes on from what is known: what else to read, whose it is, what is left to book, whether the command is done.
    private mutating func advance() -> [LendingNeed] {
        if let missing { return [missing] }
        if let refusal = scopeRefusal { return [.finished(.refused(refusal))] }
        if recorded == nil, let known = places[command.id] {
            guard known.digest == contentDigest else { return [.finished(.failed(.idReused))] }
            if !isOwn, known.actor != caller.principal.actor {
                do throws(Refusal) { try checkRepeat() } catch { return [.finished(.refused(error.ofRepeat))] }
            }
            recorded = .init(
                household: HouseholdID(command.stream.value), place: known.place, isRepeated: !isOwn)
        }
        if let work = nextWork() { return [work] }
        if var recorded {
            recorded.warnings = [remark].compactMap { $0 }
            return [.finished(.recorded(recorded))]
        }
        do throws(Refusal) {
            guard command.occurredOn <= today else {
                throw Refusal.future(command.occurredOn, today: today, field: "occurred_on")
            }
            return [try decide()]
        } catch {
            return [.finished(.refused(error))]
        }
    }

    /// What whoever books money of a loan that was written off is told of it.
    private var remark: Refusal? {
        guard case .loan(.repay(let amount, let receipt)) = command.action,
            loan?.recoveries.contains(where: { $0.content.receipt == receipt }) ?? false
        else { return nil }
        return Refusal(
            .bookedAsRecovery, detail: "\(amount), \(receipt)", words: "\(amount) 元，凭证 \(receipt)",
            english: "\(amount) yuan, receipt \(receipt)")
    }

    /// Whether the caller may act where the command is about. Outside, things are answered like ones that do not exist.
    private var scopeRefusal: Refusal? {
        let principal = caller.principal
        switch command.action {
        case .fund(.open(let scope)):
            return principal.mayAct(in: scope.division) ? nil : Refusal(.notYourDivision, field: "division")
        case .fund:
            guard case .fund(let id) = command.stream, let scope = fund(id).scope, principal.mayAct(in: scope.division)
            else { return Refusal(.unknownFund) }
            return nil
        case .report(let sent):
            return principal.mayAct(in: sent.scope.division) ? nil : Refusal(.notYourDivision, field: "division")
        case .loan(.apply):
            guard let division = history?.household.division(on: command.occurredOn), principal.mayAct(in: division)
            else { return Refusal(.householdNotFound, field: "household") }
            return nil
        case .loan(let action):
            guard let home = loan?.application?.content.division, let place = fundOfLoan?.scope?.division,
                principal.mayAct(in: home) || principal.mayAct(in: place)
            else { return Refusal(.unknownLoan) }
            return !action.movesMoney || principal.mayAct(in: place) ? nil : Refusal(.notYourDivision)
        }
    }

    /// What follows from the streams: movements of a case that its fund has not booked, money set aside for a case that
    /// ended without a payout, a balance handed over that the other fund has not taken over, one that went back there.
    private mutating func nextWork() -> LendingNeed? {
        if let loan, let fund = fundOfLoan {
            let stream = LendingStream.fund(fund.id)
            if let movement = loan.movements.first(where: { !fund.hasPosted($0, of: loan.id) }) {
                let posted = FundPosted(loan: loan.id, movement: movement, mode: loan.mode)
                return append(.fund(.posted(posted)), to: stream, "post", of: loan.id.value, movement.cause.sequence)
            }
            let hasEnded = loan.latest == .withdrawn || loan.latest == .rejected
            if hasEnded, let amount = fund.claims[loan.id] {
                return append(.fund(.released(.releasing(loan.id, amount))), to: stream, "release", of: loan.id.value)
            }
            let kept = fund.references.first { $0.value == loan.id && $0.key.kind == .lender }?.key
            if hasEnded, let kept {
                let freed = FundReference(loan: loan.id, kind: .lender, reference: kept.code)
                return append(.fund(.referenceFreed(freed)), to: stream, "free.\(kept.code)", of: loan.id.value)
            }
        }
        if case .fund(.reverse(let entry, _)) = command.action, case .fund(let id) = command.stream,
            let taken = fund(id).takenOver[entry], fund(id).hasReturned(taken.cause, to: taken.from),
            let event = fund(taken.from).handedOver[taken.cause]
        {
            return append(
                .fund(.reversed(returning(event, taken))), to: .fund(taken.from), "return", of: id.value,
                entry.sequence)
        }
        if case .fund(.handOver(let to, _)) = command.action, case .fund(let source) = command.stream {
            let target = fund(to)
            let open = fund(source).handedOver.filter { $0.value.to == to && !target.hasTaken($0.key, from: source) }
            if let (cause, event) = open.min(by: { $0.key < $1.key }) {
                let taken = FundTakenOver(from: source, cause: cause, amount: event.amount)
                return append(.fund(.takenOver(taken)), to: .fund(to), "take", of: source.value, cause.sequence)
            }
        }
        return nil
    }

    /// What the other fund writes down when a balance comes back to it.
    private func returning(_ event: FundHandedOver, _ taken: FundTakenOver) -> FundReversed {
        var reason = Code(unchecked: "returned")
        if case .fund(.reverse(_, let said)) = command.action { reason = said }
        return FundReversed(
            entry: taken.cause, kind: .handedOver, amount: event.amount, reason: reason, reversing: event.postings)
    }

    private mutating func decide() throws(Refusal) -> LendingNeed {
        switch command.action {
        case .fund(let action): return own(.fund(try decide(action)))
        case .report(let sent):
            guard case .report(let id) = command.stream else { throw Refusal(.reportVersion) }
            try caller.principal.department.checkSends(terms.owners(of: sent.scope), clause: sent.scope.kind.clause)
            return own(try (reports[id] ?? LoanReport(id: id)).send(sent, on: command.occurredOn))
        case .loan(let action):
            guard let loan else { throw Refusal(.unknownLoan) }
            if case .apply(let applied) = action, let mode = fund(applied.fund).scope?.mode,
                LoanID.derived(of: applied.mother, mode, number: applied.number) != loan.id
            {
                throw Refusal(.loanNumber, field: "subject", detail: "\(applied.number)")
            }
            let event = try loan.decide(action, on: command.occurredOn, in: context(for: action))
            if case .disbursed(let amount) = event, let fund = fundOfLoan, fund.claims[loan.id] == nil {
                return append(
                    .fund(try fund.reserve(loan.id, amount, on: command.occurredOn)), to: .fund(fund.id), "reserve",
                    of: loan.id.value, UInt64(loan.payoutsReversed))
            }
            if let (fund, reference) = reference(of: action, loan), let taken = try fund.take(reference) {
                return append(
                    .fund(taken), to: .fund(fund.id), "take.\(reference.kind.rawValue).\(reference.reference)",
                    of: loan.id.value, UInt64(loan.reversals(of: reference.reference)))
            }
            return own(.loan(event))
        }
    }

    /// The receipt or the lender's loan on which an act rests, and the fund that sees to it that no other case uses it.
    private func reference(of action: LoanAction, _ loan: LoanCase) -> (Fund, FundReference)? {
        switch action {
        case .repay(_, let receipt):
            return fundOfLoan.map { ($0, FundReference(loan: loan.id, kind: .receipt, reference: receipt)) }
        case .apply(let applied):
            guard let lender = applied.subsidy?.lender else { return nil }
            return (fund(applied.fund), FundReference(loan: loan.id, kind: .lender, reference: lender))
        default: return nil
        }
    }

    /// Whether the caller may ask for what somebody else had recorded.
    private func checkRepeat() throws(Refusal) {
        let department = caller.principal.department
        switch command.action {
        case .fund(let action):
            guard case .fund(let id) = command.stream else { return }
            try terms.policy.checkOffice(action.function, of: department, in: fund(id).scope?.division)
            try fund(id).checkRepeat(of: action, by: caller.principal.actor)
        case .loan(let action): try loan?.checkRepeat(of: action, in: context(for: action))
        case .report(let sent): try department.checkSends(terms.owners(of: sent.scope), clause: sent.scope.kind.clause)
        }
    }

    private func decide(_ action: FundAction) throws(Refusal) -> FundEvent {
        guard case .fund(let id) = command.stream else { throw Refusal(.unknownFund) }
        let fund = fund(id)
        var place = fund.scope?.division
        if case .open(let scope) = action { place = scope.division }
        try terms.policy.checkOffice(action.function, of: caller.principal.department, in: place)
        switch action {
        case .open(let scope): return try fund.open(scope, in: terms.places(in: scope.division))
        case .deposit(let deposited):
            try terms.policy.checkPayer(deposited.payer, in: place)
            return try fund.deposit(deposited, on: command.occurredOn)
        case .handOver(let to, let amount):
            return try fund.handOver(amount, to: self.fund(to), on: command.occurredOn)
        case .state(let history): return try fund.state(history)
        case .reverse(let entry, let reason):
            return try fund.reverse(entry, reason, on: command.occurredOn, by: caller.principal.actor)
        }
    }

    private func context(for action: LoanAction) -> LendingContext {
        var context = LendingContext(
            today: today, actor: caller.principal.actor, actsFor: caller.principal.divisions, fund: fundOfLoan,
            isOneAtATime: terms.isOneAtATime)
        context.household = history?.household
        context.department = caller.principal.department
        context.policy = terms.policy
        if case .disburse = action, let history, let applied = loan?.application?.content {
            context.noRight = terms.noRight(of: applied.mother, history, on: command.occurredOn)
        }
        context.earlier = earlier.map { loans[$0] ?? LoanCase(id: $0) }
        guard case .apply(let applied) = action else { return context }
        context.fund = fund(applied.fund)
        context.ceiling = context.fund?.scope.flatMap { terms.ceiling(in: $0.division, on: command.occurredOn) }
        context.subsidyCeiling = terms.subsidyCeiling(on: command.occurredOn)
        context.subsidyShare = terms.subsidyShare(on: command.occurredOn)
        if let home = history?.household.division(on: command.occurredOn) { context.places = terms.places(in: home) }
        return context
    }

    // MARK: Appending

    /// The command's own append.
    private mutating func own(_ event: LendingEvent) -> LendingNeed {
        let append = LendingAppend(
            stream: command.stream, expected: lastSequence(of: command.stream), id: command.id,
            contentDigest: contentDigest, context: eventContext(command.id), occurredOn: command.occurredOn,
            events: [event])
        pending = append
        return .append(append)
    }

    /// An append that follows from the streams, with an id of its own.
    private mutating func append(
        _ event: LendingEvent, to stream: LendingStream, _ step: String, of source: Identifier128,
        _ number: UInt64 = 0
    ) -> LendingNeed {
        let id = CommandID.derived(CommandID(source), step, Int(clamping: number))
        let append = LendingAppend(
            stream: stream, expected: lastSequence(of: stream), id: id, contentDigest: id.value,
            context: eventContext(id), occurredOn: occurredOn(of: event), events: [event])
        pending = append
        return .append(append)
    }

    /// The books tell the day on which the money moved, whenever they are written.
    private func occurredOn(of event: LendingEvent) -> CivilDay {
        guard let loan, case .fund(.posted(let posted)) = event else { return command.occurredOn }
        return loan.day(of: posted.movement) ?? command.occurredOn
    }

    private func eventContext(_ id: CommandID) -> EventContext { caller.context(id, of: command.id) }
}

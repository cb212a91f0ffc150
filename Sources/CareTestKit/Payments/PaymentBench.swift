import CareDomain

/// Batches and families on a bench: decides payment commands and does what follows from them, as intake and the log do
/// together. It can be stopped after any number of appends, as by a crash, and goes on from what is in the streams.
package struct PaymentBench {
    /// The bench was stopped before the next append.
    package struct Stopped: Error {}

    package var households: [HouseholdID: HouseholdHistory] = [:]
    package private(set) var batches: [BatchID: PaymentBatch] = [:]
    /// Every event of every batch.
    package private(set) var events: [BatchID: [KnownBatchEvent]] = [:]
    package var today: CivilDay
    /// The institutions that get the money of clauses in place of the persons.
    package var payees: [ClauseID: InstitutionPayee] = [:]
    /// What the streams of people tell who left one family and joined another.
    package var trails: [PersonTrail] = []
    /// How many more appends there are before it is stopped; nil = as many as wanted.
    package var appendsLeft: Int?
    package private(set) var appends = 0
    private var now: Int64

    package init(today: CivilDay) {
        self.today = today
        now = Int64(today.dayNumber) * 86_400_000_000
    }

    /// A family with a right of so many yuan a month, from a day on, for each of its persons.
    /// - Parameter text: 建档日期.
    @discardableResult
    package mutating func family(
        _ number: UInt64, yuan: Int64 = 300, from: String = "2014-09-10", persons: Int = 1, division: String = "431002",
        account: Bool = true, shares: [PayerShare] = [PayerShare(payer: Code(unchecked: "finance"), parts: 1)],
        on text: String = "2014-08-01"
    ) -> HouseholdID {
        let id = HouseholdID(Identifier128(high: 77, low: number))
        var history = HouseholdHistory(id: id)
        let day = CivilDay(parsing: text) ?? today
        let people = (0..<persons).map { PersonID(Identifier128(high: number, low: UInt64($0))) }
        let home = HouseholdRegistered(division: DivisionCode(division) ?? DivisionCode.blank, area: .urban)
        record(.registered(home), on: day, &history)
        for (place, person) in people.enumerated() {
            record(
                .personJoined(PersonJoined(person: person, role: place == 0 ? .wife : .husband, sex: nil)), on: day,
                &history)
            guard account else { continue }
            record(
                .factStated(
                    FactStated(
                        fact: .accountReference, subject: .person(person), value: .reference("acc-\(number)-\(place)"),
                        source: Code(unchecked: "form"))), on: day, &history)
        }
        for person in people {
            let made = Self.determination(person, [(from, nil, yuan)], shares, readThrough: history.lastSequence)
            record(.determinationMade(made), on: day, &history)
        }
        households[id] = history
        return id
    }

    /// A determination of CZ-2.1 with stretches of days and the sum of a month.
    package static func determination(
        _ person: PersonID, _ stretches: [(from: String, until: String?, yuan: Int64)], _ shares: [PayerShare],
        readThrough: UInt64, changes: [DueChange] = []
    ) -> DeterminationMade {
        let intervals = stretches.compactMap { stretch -> DeterminationMade.Interval? in
            guard let start = CivilDay(parsing: stretch.from) else { return nil }
            return .init(
                period: DayPeriod(start: start, end: stretch.until.flatMap { CivilDay(parsing: $0) }),
                status: .entitled,
                amount: .yuan(stretch.yuan), payers: shares)
        }
        return DeterminationMade(
            clause: ClauseID("CZ-2.1") ?? ClauseID.sample, subject: .person(person),
            pack: PackID(unchecked: "chenzhou-2014"), packVersion: CivilDay(dayNumber: 16_267), packHash: [],
            cadence: Code(unchecked: "month"), intervals: intervals, facts: [],
            readThrough: EventReference(sequence: max(1, readThrough)), changes: changes)
    }

    /// Takes an event of a household in that somebody else wrote.
    package mutating func record(_ event: HouseholdEvent, on day: CivilDay? = nil, of household: HouseholdID) {
        var history = households[household] ?? HouseholdHistory(id: household)
        record(event, on: day ?? today, &history)
        households[household] = history
    }

    /// Takes the correction of an event's day in.
    package mutating func correct(_ known: KnownEvent, on day: CivilDay, of household: HouseholdID) {
        guard var history = households[household] else { return }
        now += 1_000
        let correction = Correction(corrects: known.reference, reason: Code(unchecked: "typing_error"))
        history.append(
            KnownEvent(
                reference: EventReference(sequence: history.lastSequence + 1), recordedAt: Moment(microseconds: now),
                command: CommandID(Identifier128(high: 1, low: UInt64(now))),
                proposed: ProposedEvent(occurredOn: day, correction: correction, event: known.event)))
        households[household] = history
    }

    private mutating func record(_ event: HouseholdEvent, on day: CivilDay, _ history: inout HouseholdHistory) {
        now += 1_000
        history.append(
            KnownEvent(
                reference: EventReference(sequence: history.lastSequence + 1),
                recordedAt: Moment(microseconds: now), command: CommandID(Identifier128(high: 1, low: UInt64(now))),
                proposed: ProposedEvent(occurredOn: day, event: event)))
    }

    // MARK: Commands

    /// Decides a command, takes its events in and does all that follows from it.
    @discardableResult
    package mutating func say(
        _ action: PaymentAction, to batch: BatchID, by actor: String = "payer-1"
    ) throws -> BatchDecision {
        let decision = try decide(action, batch, by: actor)
        try goOn(batch)
        return decision
    }

    /// Decides a command and takes its events in; nothing else.
    package mutating func decide(
        _ action: PaymentAction, _ batch: BatchID, by actor: String = "payer-1"
    ) throws -> BatchDecision {
        let state = batches[batch] ?? PaymentBatch(id: batch)
        let command = PaymentCommand(
            id: CommandID(Identifier128(high: 2, low: UInt64(appends))), batch: batch, occurredOn: today, action: action
        )
        func kept(_ reasons: Set<Refusal.Reason>) -> [Int] {
            state.lines.filter { $0.isToBeSent && objection(to: $0).map(reasons.contains) ?? false }.map(\.number)
        }
        let held = kept([.lineHeld, .recoveryUnreceived])
        let open = kept([.lineNeedsFact, .lineRuleFails, .lineAwaitsDecision])
        let onHold = kept([.lineOnHold])
        let twice = state.lines.filter { $0.isToBeSent && !orderedBefore($0).isEmpty }.map(\.number)
        let accounts = accounts(state).filter { !(held + open + onHold + twice).contains($0.key) }
        let decision = state.decide(
            command,
            in: BatchContext(today: today, accounts: accounts, held: held, open: open, onHold: onHold, twice: twice))
        guard case .events(let events) = decision else { return decision }
        try append(events, to: batch, by: actor)
        return decision
    }

    /// The tests' rules, which know the institutions.
    package var rules: PaymentRules {
        var rules = PaymentRules.monthly
        let payees = payees
        rules.payees = { payees[$0] }
        return rules
    }

    /// Which other files know the people of one.
    package func people(of household: HouseholdID) -> PeopleElsewhere {
        var people = PeopleElsewhere()
        for trail in trails {
            for stop in trail.stops where stop.household == household {
                people.add(trail, of: stop.person, in: household)
            }
        }
        return people
    }

    /// The files that are read before something is ordered for one.
    package func others(of history: HouseholdHistory, _ people: PeopleElsewhere) -> [HouseholdHistory] {
        var others: [HouseholdID: HouseholdHistory] = [:]
        while let next = history.filesWanted(beside: others, people).first {
            others[next] = households[next] ?? HouseholdHistory(id: next)
        }
        return others.values.sorted { $0.id < $1.id }
    }

    /// The months of a line that another file ordered for the same person before.
    package func orderedBefore(_ line: BatchLine) -> [CivilMonth] {
        guard let history = households[line.ordered.household] else { return [] }
        let people = people(of: history.id)
        return history.orderedBefore(
            line.ordered.line, by: line.ordered.order, in: others(of: history, people), people, rules: rules
        ).months
    }

    /// What speaks against sending a line, as its family's file stands now.
    package func objection(to line: BatchLine) -> Refusal.Reason? {
        households[line.ordered.household]?.objection(to: line.ordered.line, on: today, rules: rules)
    }

    private func accounts(_ state: PaymentBatch) -> [Int: String] {
        var accounts: [Int: String] = [:]
        for line in state.lines where line.isToBeSent {
            let ordered = line.ordered
            let destination = households[ordered.household]?.destination(
                of: ordered.line, on: today, payee: payees[ordered.line.clause], in: state.scope?.division)
            accounts[line.number] = destination?.account
        }
        return accounts
    }

    /// Does what is left to do for a batch.
    package mutating func goOn(_ batch: BatchID) throws {
        while let state = batches[batch], let work = state.work {
            switch work {
            case .order(let members):
                var orders: [(household: HouseholdID, order: HouseholdPayments.Order?)] = []
                for member in members { orders.append((member, try order(member, state))) }
                try append([state.freezing(orders)], to: batch)
            case .freeze(let frozen): try append([.frozen(frozen)], to: batch)
            case .tell(let steps, let through):
                for step in steps where households[step.household]?.isTold(step.concluded) == false {
                    try count()
                    record(.paymentConcluded(step.concluded), on: step.on, of: step.household)
                }
                try append([.stepsDone(through: through)], to: batch)
            }
        }
    }

    private mutating func order(
        _ household: HouseholdID, _ state: PaymentBatch
    ) throws -> HouseholdPayments.Order? {
        guard let scope = state.paying(on: today), let closedAt = state.closedAt, let history = households[household]
        else {
            return nil
        }
        let people = people(of: household)
        let decision = history.decideOrder(
            state.id, scope, closedAt: closedAt, rules: rules, others: others(of: history, people), people: people)
        switch decision {
        case .nothing: return nil
        case .standing(let order): return order
        case .order(let ordered):
            try count()
            record(.paymentOrdered(ordered), on: today, of: household)
            return households[household]?.household.payments.orders.last
        }
    }

    private mutating func append(_ events: [BatchEvent], to batch: BatchID, by actor: String? = nil) throws {
        try count()
        var state = batches[batch] ?? PaymentBatch(id: batch)
        for event in events {
            now += 1_000
            let known = KnownBatchEvent(
                reference: EventReference(sequence: state.lastSequence + 1), recordedAt: Moment(microseconds: now),
                occurredOn: today, command: CommandID(Identifier128(high: 2, low: UInt64(appends))),
                actor: actor.flatMap { Code($0) }, event: event)
            state.evolve(known)
            self.events[batch, default: []].append(known)
        }
        batches[batch] = state
    }

    private mutating func count() throws {
        if let left = appendsLeft {
            guard left > 0 else { throw Stopped() }
            appendsLeft = left - 1
        }
        appends += 1
    }
}

extension PaymentRules {
    /// Rules for tests: each stretch with a right makes every month due in which it has a day, at the first such day's sum.
    package static let monthly = PaymentRules(
        dues: { made, last in
            var dues: [SumDue] = []
            for interval in made.intervals where interval.status == .entitled {
                guard let amount = interval.amount, !interval.payers.isEmpty else { continue }
                let final = min(interval.period.end.map { CivilMonth(containing: $0 - 1) } ?? last, last)
                var month = CivilMonth(containing: interval.period.start)
                while month <= final {
                    if dues.last.map({ $0.month < month }) ?? true {
                        dues.append(SumDue(month: month, amount: amount, shares: interval.payers))
                    }
                    month = month + 1
                }
            }
            return dues
        },
        split: { amount, shares in
            let whole = shares.reduce(0) { $0 + $1.parts }
            var parts = shares.map { PayerPart(payer: $0.payer, amount: Fen(amount.amount * $0.parts / whole)) }
            parts[0].amount += amount - parts.reduce(.zero) { $0 + $1.amount }
            return parts
        })
}

extension DivisionCode {
    fileprivate static let blank: DivisionCode = {
        guard let code = DivisionCode("431002") else { preconditionFailure("431002 is a division code") }
        return code
    }()
}

extension ClauseID {
    fileprivate static let sample: ClauseID = {
        guard let clause = ClauseID("CZ-2.1") else { preconditionFailure("CZ-2.1 is a clause id") }
        return clause
    }()
}

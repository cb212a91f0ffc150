/// What a household's file knows of money: what was ordered and what became of it, and what people decided about
/// arrears and over-payments.
package struct HouseholdPayments: Hashable, Sendable {
    /// An order of a batch.
    package struct Order: Hashable, Sendable {
        package let reference: EventReference
        package let on: CivilDay
        /// Account of the person who closed the batch, or let its run go on.
        package let by: Code?
        package let ordered: PaymentOrdered
        /// By place of the line: which months its sums pay together.
        let units: [CalendarUnit]
        /// By place of the line: the months of it that a person's grant gave when it was ordered; those of a line that is not here the
        /// clause itself gave.
        let granted: [Int: Set<CivilMonth>]
        /// The latest outcome of each of its lines; nil while it is under way.
        package internal(set) var outcomes: [Outcome?]
        /// Who had to do with the money of its lines, by place.
        var hands: [Int: Hands] = [:]
    }

    /// Who had to do with the money of a line, as its outcomes name them.
    struct Hands: Hashable, Sendable {
        /// Who closed the batch (资金管理); who sent the line, took the answer in, booked what came back (资金发放).
        var holders: [CaseFunction: Set<Code>] = [:]
        /// Whether every outcome so far names them; those of earlier programs do not.
        var areNamed = true

        mutating func take(_ concluded: PaymentConcluded) {
            holders[.fund, default: []].formUnion([concluded.closedBy].compactMap { $0 })
            holders[.payment, default: []].formUnion([concluded.issuedBy, concluded.bookedBy].compactMap { $0 })
            // What was reversed may never have been sent.
            let isSent = concluded.outcome == .reversed || concluded.issuedBy != nil
            areNamed = areNamed && isSent && concluded.closedBy != nil && concluded.bookedBy != nil
        }
    }

    /// What became of a line, and when.
    package struct Outcome: Hashable, Sendable {
        package let outcome: PaymentConcluded.Outcome
        package let cause: EventReference
        package let on: CivilDay
        package let by: Code?
        package let reason: Code?
    }

    /// Who decided about arrears or an over-payment of which right.
    package struct Decision: Hashable, Sendable {
        package let clause: ClauseID
        package let subject: FactSubject
        package let by: Code
    }

    /// What a person decided to pay of arrears, or to take back.
    package struct Grant: Hashable, Sendable {
        package let reference: EventReference
        package let decided: DueDecided
        /// What was to be paid in each month more than before, or less: positive for arrears, negative for recoveries. Less what went
        /// with lines that were reversed.
        package internal(set) var months: [CivilMonth: Fen]
        /// By which the difference stood.
        let cause: DueStanding.Cause?
    }

    /// What a person decided about a difference of a right, month by month: more is positive, less negative.
    struct Settled: Hashable, Sendable {
        let reference: EventReference
        let decided: DueDecided
        var months: [CivilMonth: Fen]
    }

    package internal(set) var orders: [Order] = []
    package internal(set) var grants: [Grant] = []
    package internal(set) var decisions: [Decision] = []
    var settled: [Settled] = []

    /// What was ordered of a right for a month, less what was reversed and what is taken back.
    package func ordered(_ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> Fen {
        lines(clause, subject, month).reduce(.zero) { $0 + $1.line.monthly }
    }

    /// What was ordered of a right for all months, less what was reversed and what is taken back.
    func ordered(_ clause: ClauseID, _ subject: FactSubject) -> Fen {
        orders.flatMap(\.standing).filter { $0.clause == clause && $0.subject == subject }
            .reduce(.zero) { $0 + $1.amount }
    }

    /// Whether a regular batch ordered the month, and the order stands.
    func isOrderedRegularly(_ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> Bool {
        lines(clause, subject, month).contains { $0.kind == .regular }
    }

    /// How much of a month people decided about as arrears and no batch ordered: a regular one does not pay it, whether
    /// they let it go or leave it to a batch of that kind.
    func left(toDecisions clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> Fen {
        let settled = decidedOn(clause, subject, month) { $0.kind == .arrears }
        let ordered = lines(clause, subject, month).filter { $0.kind == .arrears }
            .reduce(Fen.zero) { $0 + $1.line.monthly }
        return max(.zero, settled - ordered)
    }

    /// What of an over-payment in a month people let go, a positive sum.
    func keeps(_ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> Fen {
        -decidedOn(clause, subject, month) { $0.kind == .recovery && !$0.isCarriedOut }
    }

    /// What was ordered to be paid for the month, whatever was to be taken back of it.
    func paidOut(_ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> Fen {
        lines(clause, subject, month).filter { $0.kind != .recovery }.reduce(.zero) { $0 + $1.line.monthly }
    }

    private func decidedOn(
        _ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth, _ isMeant: (DueDecided) -> Bool
    ) -> Fen {
        settled.filter { $0.decided.clause == clause && $0.decided.subject == subject && isMeant($0.decided) }
            .reduce(.zero) { $0 + ($1.months[month] ?? .zero) }
    }

    /// What was known when the first regular batch ordered the clause for the month, or for a later one, for anybody of the
    /// household; nil = none did, so the month is still before the regular batches.
    func passedThrough(_ clause: ClauseID, _ month: CivilMonth) -> EventReference? {
        orders.filter { order in
            order.ordered.kind == .regular && order.standing.contains { $0.clause == clause && $0.last >= month }
        }.map(\.ordered.knownThrough).min()
    }

    /// The last month for which a regular batch ordered the clause for anybody of the household; nil = none ordered it for any
    /// month. Months after it are those that no regular batch has gone past yet.
    package func lastPassed(_ clause: ClauseID) -> CivilMonth? {
        orders.filter { $0.ordered.kind == .regular }.flatMap(\.standing).filter { $0.clause == clause }.map(\.last)
            .max()
    }

    /// What was ordered for a month because of a decision.
    func ordered(for decision: EventReference, _ month: CivilMonth) -> Fen {
        orders.flatMap(\.standing).filter { $0.decision == decision && $0.covers(month) }
            .reduce(.zero) { $0 + $1.monthly }
    }

    /// How the payers shared what was ordered for the month; empty when nothing was.
    func shares(_ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth) -> [PayerShare] {
        var sums: [Code: Int64] = [:]
        for entry in lines(clause, subject, month) {
            for part in entry.line.parts { sums[part.payer, default: 0] += part.amount.amount }
        }
        // Of a month that was only taken back, as it was taken back.
        let sign: Int64 = sums.contains { $0.value > 0 } ? 1 : -1
        return sums.filter { $0.value * sign > 0 }.sorted { $0.key < $1.key }.map {
            PayerShare(payer: $0.key, parts: $0.value * sign)
        }
    }

    private func lines(
        _ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth
    ) -> [(kind: BatchKind, line: OrderedLine)] {
        orders.flatMap { order in order.standing.map { (order.ordered.kind, $0) } }
            .filter { $0.1.clause == clause && $0.1.subject == subject && $0.1.covers(month) }
    }
}

extension HouseholdPayments.Order {
    /// Its lines that were not reversed.
    package var standing: [OrderedLine] {
        zip(ordered.lines, outcomes).filter { $0.1?.outcome != .reversed }.map(\.0)
    }

    /// Whether a line was not reversed.
    package func stands(_ place: Int) -> Bool { outcomes[place]?.outcome != .reversed }

    /// Accounts of those who hold functions on a line, as this file alone says; nil while the line is under way or is to be
    /// sent again, and where an outcome does not name them: then only the batch tells.
    ///
    /// Who did something for other lines of the batch does not count: the case is this family's right.
    package func holders(ofLine place: Int) -> [CaseFunction: Set<Code>]? {
        guard outcomes.indices.contains(place), let outcome = outcomes[place]?.outcome,
            outcome == .paid || outcome == .reversed, let hands = hands[place], hands.areNamed
        else { return nil }
        return hands.holders
    }

    /// Places of its lines that pay one of these rights.
    func places(paying lines: [OrderedLine]) -> [Int] {
        ordered.lines.indices.filter { place in
            lines.contains {
                $0.clause == ordered.lines[place].clause && $0.subject == ordered.lines[place].subject
            }
        }
    }
}

extension OrderedLine {
    /// Whether it pays for the month.
    package func covers(_ month: CivilMonth) -> Bool { month >= first && month <= last }
}

extension Household {
    mutating func evolvePayments(_ known: KnownEvent) {
        switch known.event {
        case .dueDecided(let decided):
            if let actor = known.actor {
                payments.decisions.append(.init(clause: decided.clause, subject: decided.subject, by: actor))
            }
            guard
                let index = dueStandings.firstIndex(where: {
                    $0.clause == decided.clause && $0.subject == decided.subject
                })
            else { return }
            let cause = dueStandings[index].cause(of: decided.determination)
            let months = dueStandings[index].settle(
                decided.kind, of: decided.determination, in: decided.months)
            payments.settled.append(.init(reference: known.reference, decided: decided, months: months))
            guard decided.isCarriedOut else { return }
            payments.grants.append(
                .init(reference: known.reference, decided: decided, months: months, cause: cause))
        case .paymentOrdered(let ordered):
            let granted = ordered.lines.enumerated().map { place, line in
                (place, self.granted(of: line, knownThrough: ordered.knownThrough))
            }
            payments.orders.append(
                .init(
                    reference: known.reference, on: known.occurredOn, by: known.actor, ordered: ordered,
                    units: ordered.lines.map { unit(of: $0, knownThrough: ordered.knownThrough) },
                    granted: Dictionary(uniqueKeysWithValues: granted.filter { !$0.1.isEmpty }),
                    outcomes: Array(repeating: nil, count: ordered.lines.count)))
            takeOrdered(ordered)
            guard ordered.kind == .regular else { return }
            // What was due when the batch was closed is paid in full: nothing of it is left for a person to decide.
            for line in ordered.lines {
                let index = dueStandings.firstIndex { $0.clause == line.clause && $0.subject == line.subject }
                if let index { dueStandings[index].settle(line.first, line.last, through: ordered.knownThrough) }
            }
        case .paymentConcluded(let concluded):
            guard let index = payments.orders.firstIndex(where: { $0.reference == concluded.order }),
                payments.orders[index].outcomes.indices.contains(concluded.line)
            else { return }
            let order = payments.orders[index]
            let line = order.ordered.lines[concluded.line]
            let isReversal = concluded.outcome == .reversed && order.stands(concluded.line)
            let spans = isReversal ? spans(of: line) : [:]
            payments.orders[index].outcomes[concluded.line] = .init(
                outcome: concluded.outcome, cause: concluded.cause, on: known.occurredOn, by: known.actor,
                reason: concluded.reason)
            if isReversal { reverse(line, order.ordered.kind, spans) }
            payments.orders[index].hands[concluded.line, default: .init()].take(concluded)
        default:
            break
        }
    }
}

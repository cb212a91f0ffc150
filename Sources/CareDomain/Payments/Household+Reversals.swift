/// What a reversed line leaves: it was never received, so what was over-paid of it is over-paid no more, and what was taken back of
/// it is owed.
///
/// Of each right and month, or months that are counted together, what is due less what stands ordered is at any time what stands to
/// be decided, what people decided and no batch ordered yet, and what a further regular batch pays. A line that goes takes from each
/// of them in that order. It follows from orders and reversals alone.
extension Household {
    /// The months of a line by what they are counted with, as long as the line stands.
    func spans(of line: OrderedLine) -> [ClosedRange<CivilMonth>: [CivilMonth]] {
        let made = determinations.first { $0.made.clause == line.clause && $0.made.subject == line.subject }?.made
        let together = made.map { self.together($0) } ?? self.together(line.clause, line.subject, payments)
        return Dictionary(grouping: (line.first...line.last).months, by: together.span)
    }

    /// Whether a line takes back, and more of some of its months than stands paid.
    package func isUnfounded(_ line: OrderedLine) -> Bool {
        line.isTakenBack && spans(of: line).keys.contains { payments.ordered(line, $0) < .zero }
    }

    /// A line that stood was reversed.
    /// - Parameter spans: Its months, by what they were counted with.
    mutating func reverse(
        _ line: OrderedLine, _ kind: BatchKind, _ spans: [ClosedRange<CivilMonth>: [CivilMonth]]
    ) {
        let place = dueStandings.firstIndex { $0.clause == line.clause && $0.subject == line.subject }
        guard let place else { return }
        for (span, months) in spans.sorted(by: { $0.key.lowerBound < $1.key.lowerBound }) {
            let sum = line.monthly * Int64(months.count)
            let ordered = payments.ordered(line, span)
            let more = max(.zero, -ordered) - max(.zero, -(ordered + sum))
            if kind == .recovery {
                takeLess(-more, line, span, place)
            } else {
                reverse(line, kind, span, months, sum, beyond: more, place)
            }
        }
    }

    /// - Parameters:
    ///   - sum: What the line paid of the months.
    ///   - beyond: How much more is taken back than is paid now.
    private mutating func reverse(
        _ line: OrderedLine, _ kind: BatchKind, _ span: ClosedRange<CivilMonth>, _ months: [CivilMonth], _ sum: Fen,
        beyond: Fen, _ place: Int
    ) {
        var rest = sum
        rest = rest - dueStandings[place].cancel(.recovery, in: span, upTo: rest)
        for isCarriedOut in [true, false] {
            rest = rest - payments.void(.recovery, isCarriedOut, line, span, upTo: rest)
        }
        let owed = min(rest, beyond)
        if owed > .zero, let cause = payments.causeOfRecovery(line, span), let first = months.first {
            dueStandings[place].owe(owed, in: first, cause)
            rest = rest - owed
        }
        if let decision = line.decision {
            // What is still due of it, the decision pays in a further batch.
            _ = payments.void(.arrears, true, line, span, upTo: sum - rest, of: decision)
        } else if !span.isOfSeveral, let month = months.first {
            dueStandings[place].leaveUnordered(rest, in: month)
        }
    }

    /// A line that took back was reversed: what it had taken beyond what was paid is owed no more, and was nobody's to take.
    private mutating func takeLess(
        _ sum: Fen, _ line: OrderedLine, _ span: ClosedRange<CivilMonth>, _ place: Int
    ) {
        guard sum > .zero, let decision = line.decision else { return }
        let grant = payments.grants.first { $0.reference == decision }
        var taken = dueStandings[place].cancel(.arrears, in: span, upTo: sum, of: grant?.cause?.determination)
        taken = taken + payments.void(.arrears, true, line, span, upTo: sum - taken)
        _ = payments.void(.recovery, true, line, span, upTo: taken, of: decision)
    }

    /// A batch ordered: what was reversed of these months is ordered anew, and what it takes back beyond what is paid, because a line
    /// was reversed after it was closed, is owed.
    mutating func takeOrdered(_ ordered: PaymentOrdered) {
        var seen: Set<ClosedRange<CivilMonth>> = []
        var last: OrderedLine?
        for line in ordered.lines {
            let place = dueStandings.firstIndex { $0.clause == line.clause && $0.subject == line.subject }
            guard let place else { continue }
            guard ordered.kind == .recovery else {
                for month in (line.first...line.last).months {
                    dueStandings[place].takeOrdered(ordered.kind == .regular ? nil : line.monthly, in: month)
                }
                continue
            }
            if last.map({ $0.clause != line.clause || $0.subject != line.subject }) ?? true { seen = [] }
            last = line
            for (span, months) in spans(of: line) where seen.insert(span).inserted {
                let own = ordered.lines.filter { $0.clause == line.clause && $0.subject == line.subject }
                let sum = own.reduce(Fen.zero) { $0 + $1.amount(in: span) }
                let now = payments.ordered(line, span)
                let more = max(.zero, -now) - max(.zero, -(now - sum))
                guard more > .zero, let first = months.min(), let cause = payments.causeOfRecovery(line, span) else {
                    continue
                }
                dueStandings[place].owe(more, in: first, cause)
            }
        }
    }
}

extension HouseholdPayments {
    /// What stands ordered of a line's right in some months, less what is taken back.
    func ordered(_ line: OrderedLine, _ span: ClosedRange<CivilMonth>) -> Fen {
        sum(of: line, in: span) { _, _ in true }
    }

    /// What a family has of a line's right in some months, or may have soon.
    struct Held {
        /// 已到账: paid by the bank, less what was collected of it.
        var received = Fen.zero
        /// 在途: perhaps on its way, nobody has told.
        var underWay = Fen.zero
        /// 没到账: failed or came back, and its line stands.
        var cameBack = Fen.zero
        /// 待收: ordered to be taken back and not collected, positive.
        var toCollect = Fen.zero
    }

    func held(_ line: OrderedLine, _ span: ClosedRange<CivilMonth>) -> Held {
        var held = Held()
        held.received = sum(of: line, in: span) { _, outcome in outcome == .paid }
        held.underWay = sum(of: line, in: span) { kind, outcome in kind != .recovery && outcome == nil }
        held.cameBack = sum(of: line, in: span) { kind, outcome in
            kind != .recovery && (outcome == .failed || outcome == .returned)
        }
        held.toCollect = -sum(of: line, in: span) { kind, outcome in kind == .recovery && outcome != .paid }
        return held
    }

    /// What was collected of a right for a month, positive.
    func collected(_ line: OrderedLine, _ month: CivilMonth) -> Fen {
        -sum(of: line, in: month...month) { kind, outcome in kind == .recovery && outcome == .paid }
    }

    private func sum(
        of line: OrderedLine, in span: ClosedRange<CivilMonth>,
        _ isMeant: (BatchKind, PaymentConcluded.Outcome?) -> Bool
    ) -> Fen {
        var sum = Fen.zero
        for order in orders {
            for (own, outcome) in zip(order.ordered.lines, order.outcomes)
            where own.clause == line.clause && own.subject == line.subject && outcome?.outcome != .reversed
                && isMeant(order.ordered.kind, outcome?.outcome)
            {
                sum += own.amount(in: span)
            }
        }
        return sum
    }

    /// By what the latest recovery of some months stood.
    fileprivate func causeOfRecovery(
        _ line: OrderedLine, _ span: ClosedRange<CivilMonth>
    ) -> DueStanding.Cause? {
        let lines = orders.flatMap(\.standing).filter {
            $0.clause == line.clause && $0.subject == line.subject && $0.isTakenBack && $0.amount(in: span) != .zero
        }
        let decisions = Set(lines.compactMap(\.decision))
        return grants.last { decisions.contains($0.reference) && $0.cause != nil }?.cause
    }

    /// Takes from what people decided about some months and no batch ordered, because it is due, or over-paid, no more.
    /// - Parameters:
    ///   - isCarriedOut: of what is to be carried out, or of what was let go.
    ///   - decision: Only of this one; nil = the latest first.
    /// - Returns: How much was taken, positive.
    fileprivate mutating func void(
        _ kind: DueStanding.Kind, _ isCarriedOut: Bool, _ line: OrderedLine, _ span: ClosedRange<CivilMonth>,
        upTo most: Fen, of decision: EventReference? = nil
    ) -> Fen {
        var rest = most
        for index in settled.indices.reversed() {
            let one = settled[index]
            guard rest > .zero, one.decided.kind == kind, one.decided.isCarriedOut == isCarriedOut,
                one.decided.clause == line.clause, one.decided.subject == line.subject,
                decision.map({ $0 == one.reference }) ?? true
            else { continue }
            for month in one.months.keys.filter(span.contains).sorted(by: >) where rest > .zero {
                let sum = one.months[month] ?? .zero
                let open = sum - ordered(for: one.reference, month)
                let taken = min(rest, kind == .arrears ? open : -open)
                guard taken > .zero else { continue }
                let left = kind == .arrears ? sum - taken : sum + taken
                settled[index].months[month] = left
                if let grant = grants.firstIndex(where: { $0.reference == one.reference }) {
                    grants[grant].months[month] = left
                }
                rest = rest - taken
            }
        }
        return most - rest
    }
}

extension OrderedLine {
    /// What it comes to in some months.
    fileprivate func amount(in span: ClosedRange<CivilMonth>) -> Fen {
        let (from, to) = (max(first, span.lowerBound), min(last, span.upperBound))
        return from <= to ? monthly * (Int64(to - from) + 1) : .zero
    }
}

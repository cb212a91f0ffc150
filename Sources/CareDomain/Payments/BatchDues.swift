/// What a batch has to order of a household's rights.
///
/// Everything is asked as the log knew it at the batch's closing; what happened since may only leave less, so that whoever
/// asks later gets the same lines or finds them ordered.
struct BatchDues {
    let known: Household
    let present: HouseholdPayments
    let scope: BatchScope
    let rules: PaymentRules
    let history: HouseholdHistory
    /// The files with which this one exchanged persons, and those that know its people besides.
    let others: [OtherFile]
    /// Under which ids they know them.
    let people: PeopleElsewhere
    /// The last event known when the first batch of the same months went past them; nil = this is the first.
    private let passedBefore: EventReference?

    init(
        _ history: HouseholdHistory, _ scope: BatchScope, closedAt: Moment, _ rules: PaymentRules,
        _ others: [HouseholdHistory], _ people: PeopleElsewhere = PeopleElsewhere(), passedAt: Moment? = nil
    ) {
        self.people = people.agreeing(with: history.household, others)
        passedBefore = passedAt.map { moment in
            // Of a family that was not on file yet nothing was known.
            history.events.last { $0.recordedAt <= moment }?.reference ?? EventReference(sequence: 0)
        }
        self.history = history
        self.scope = scope
        self.rules = rules
        known = history.household(knownAt: closedAt)
        present = history.paymentsTaken(from: scope.kind, closedAt)
        self.others = others.map { OtherFile($0, scope.kind, closedAt: closedAt) }
    }

    var lines: [OrderedLine] {
        let lines: [OrderedLine] =
            switch scope.kind {
            case .regular: regular
            case .arrears, .recovery: decided
            }
        return DueLine.joined(apart(lines))
    }

    /// Whether a month that this file would pay was paid by another file, when the person was in that one.
    var isPaidInOtherFile: Bool {
        guard scope.kind != .recovery, !others.isEmpty else { return false }
        return made.contains { made in
            let wanted = wantedMonths(made)
            return dues(made).keys.contains { month in
                wanted(month) && isOurs(month, made) && orderedElsewhere(made, month) > .zero
            }
        }
    }

    /// Whether a month that this file would pay is due in another one, in which the person was before.
    var isDueInOtherFile: Bool {
        guard scope.kind != .recovery, !others.isEmpty else { return false }
        return made.contains { made in
            let wanted = wantedMonths(made)
            return dues(made).keys.contains { wanted($0) && isHere($0, made) && isDueBefore($0, made) }
        }
    }

    /// Whether a month of the period is left out because it became known only after the regular batches had gone past it,
    /// and nobody has decided about it.
    var waitsForDecision: Bool {
        guard scope.kind == .regular else { return false }
        return made.contains { made in
            dues(made).keys.contains { scope.period.contains($0) && isOurs($0, made) && waiting($0, made) > .zero }
        }
    }

    /// Every month of the period that no regular batch ordered, at what was known in time: what people decided about as
    /// arrears, and what became known after the regular batches had gone past the month, is for them and a batch of that
    /// kind.
    private var regular: [OrderedLine] {
        made.flatMap { made in
            let dues = dues(made, through: made.horizon(of: scope.period.last))
            // What a hold kept back is paid with the month in which it ends.
            let wanted = dues.filter { month, due in
                scope.period.contains(due.fallsIn) && isOurs(month, made)
                    && !present.isOrderedRegularly(made.clause, made.subject, month)
                    && orderedElsewhere(made, month) == .zero
            }
            let sums = sums(of: wanted, made, dues)
            return wanted.sorted { $0.key < $1.key }.compactMap { month, due in
                sums[month].flatMap { line(made.clause, made.subject, month, $0, due.shares, nil) }
            }
        }
    }

    /// What the batch pays of each of some months, in all no more of months that are counted together than is open in them. Those
    /// come first of which something stands as owed, with that much: what is paid of one month does not stand as owed of another.
    private func sums(
        of wanted: [CivilMonth: SumDue], _ made: DeterminationMade, _ dues: [CivilMonth: SumDue]
    ) -> [CivilMonth: Fen] {
        let together = known.together(made, dues.keys, present)
        let standing = known.dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
        var sums: [CivilMonth: Fen] = [:]
        func pay(_ month: CivilMonth, _ due: Fen, atMost limit: Fen?) {
            let late = late(month, made)
            var rest = due - present.ordered(made.clause, made.subject, month) - late - (sums[month] ?? .zero)
            if let limit { rest = min(rest, limit - late) }
            let span = together.span(of: month)
            if span.isOfSeveral {
                let here = sums.filter { span.contains($0.key) }.reduce(Fen.zero) { $0 + $1.value }
                rest = min(rest, open(span, made, dues) - here)
            }
            if rest > .zero { sums[month, default: .zero] += rest }
        }
        let months = wanted.sorted { $0.key < $1.key }
        if let standing, !together.isEmpty {
            for (month, due) in months where together.span(of: month).isOfSeveral {
                pay(month, due.amount, atMost: standing.arrears(in: month, after: EventReference(sequence: 0)))
            }
        }
        for (month, due) in months { pay(month, due.amount, atMost: nil) }
        return sums
    }

    /// What of months that are counted together is due by the end of the period and not ordered, in whichever of them, less what
    /// waits for a person, and what stands as owed of earlier months that this batch does not pay: what is paid of one month does not
    /// stand as owed of another.
    private func open(
        _ span: ClosedRange<CivilMonth>, _ made: DeterminationMade, _ dues: [CivilMonth: SumDue]
    ) -> Fen {
        let standing = known.dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
        let waiting = span.months.reduce(Fen.zero) { sum, month in
            let left = late(month, made)
            let isEarlier = month <= scope.period.last && !scope.period.contains(month)
            guard isEarlier, let standing, let due = dues[month]?.amount,
                !present.isOrderedRegularly(made.clause, made.subject, month)
            else { return sum + left }
            // Of a month that a hold keeps back nothing is due yet.
            let listed = min(due, standing.arrears(in: month, after: EventReference(sequence: 0)))
            return sum + max(left, present.left(toDecisions: made.clause, made.subject, month) + listed)
        }
        return due(in: span, made.clause, made.subject, dues) - ordered(span, made.clause, made.subject) - waiting
    }

    /// What is due in some months by the end of the period; of later ones what was ordered already.
    private func due(
        in span: ClosedRange<CivilMonth>, _ clause: ClauseID, _ subject: FactSubject, _ dues: [CivilMonth: SumDue]
    ) -> Fen {
        span.months.reduce(.zero) { sum, month in
            let due = dues[month]?.amount ?? .zero
            return sum + (month <= scope.period.last ? due : min(due, present.ordered(clause, subject, month)))
        }
    }

    private func ordered(_ span: ClosedRange<CivilMonth>, _ clause: ClauseID, _ subject: FactSubject) -> Fen {
        span.months.reduce(.zero) { $0 + present.ordered(clause, subject, $1) }
    }

    /// What of a month is left to people, because they decided about it or it became known after the regular batches.
    private func late(_ month: CivilMonth, _ made: DeterminationMade) -> Fen {
        present.left(toDecisions: made.clause, made.subject, month) + waiting(month, made)
    }

    /// What of a month waits for a person: it was taken back beyond what was paid, or determined after a regular batch had gone
    /// past the month, one that paid the family something or the first of the same months, which could not. What somebody awarded
    /// after that first one was decided then, and waits for nobody.
    /// - Source: WZ-5.2 (分批实施, 分批发放), Decision 0058
    private func waiting(_ month: CivilMonth, _ made: DeterminationMade) -> Fen {
        let standing = known.dueStandings.first { $0.clause == made.clause && $0.subject == made.subject }
        let first = passedBefore.flatMap { isAwarded(month, made, after: $0) ? nil : $0 }
        guard let passed = [present.passedThrough(made.clause, month), first].compactMap({ $0 }).min() else {
            return standing?.owedBack(in: month) ?? .zero
        }
        return standing?.arrears(in: month, after: passed) ?? .zero
    }

    /// Whether all that is due with a month rests on what people awarded after an event.
    private func isAwarded(_ month: CivilMonth, _ made: DeterminationMade, after event: EventReference) -> Bool {
        let days = made.daysPaid(with: month)
        let due = made.intervals.filter {
            $0.status == .entitled && $0.amount != nil && $0.period.intersection(days) != nil
        }
        return !due.isEmpty && due.allSatisfy { $0.decision.map { $0 > event } ?? false }
    }

    /// What people decided, never more than stands between what is due and what was ordered: of months that are counted together
    /// between all of them.
    private var decided: [OrderedLine] {
        let kind: DueStanding.Kind = scope.kind == .arrears ? .arrears : .recovery
        var lines: [OrderedLine] = []
        for grant in known.payments.grants where grant.decided.kind == kind && scope.includes(grant.decided.clause) {
            let (clause, subject) = (grant.decided.clause, grant.decided.subject)
            let made = known.determinations.first { $0.made.clause == clause && $0.made.subject == subject }?.made
            let due = made.map { dues($0, through: $0.horizon(of: scope.period.last)) } ?? [:]
            let together = made.map { known.together($0, due.keys, present) } ?? MonthsTogether()
            for month in grant.months.keys.sorted() where made.map({ concerns(month, $0) }) ?? true {
                let span = together.span(of: month)
                // What was paid ahead is taken back as soon as the quarter or year has begun.
                guard (kind == .arrears ? month : span.lowerBound) <= scope.period.last else { continue }
                let here = lines.filter { $0.clause == clause && $0.subject == subject && span.contains($0.first) }
                let line = decidedLine(
                    grant, month, span, made, due, here: here.reduce(Fen.zero) { $0 + $1.monthly })
                if let line { lines.append(line) }
            }
        }
        return lines
    }

    /// - Parameter here: what the batch orders already for the span.
    private func decidedLine(
        _ grant: HouseholdPayments.Grant, _ month: CivilMonth, _ span: ClosedRange<CivilMonth>,
        _ made: DeterminationMade?, _ due: [CivilMonth: SumDue], here: Fen
    ) -> OrderedLine? {
        let (clause, subject) = (grant.decided.clause, grant.decided.subject)
        let ordered = ordered(span, clause, subject) + here
        let left = (grant.months[month] ?? .zero) - present.ordered(for: grant.reference, month)
        // What is yet to come of a quarter that has begun keeps what was paid of it.
        let owed =
            scope.kind == .arrears
            ? self.due(in: span, clause, subject, due)
            : due.filter { span.contains($0.key) }.reduce(Fen.zero) { $0 + $1.value.amount }
        let elsewhere = made.map { orderedElsewhere($0, month) } ?? .zero
        // What is due to the person in the file they went to keeps the money that this one paid for it.
        let kept = scope.kind == .recovery ? made.map { dueElsewhere($0, month) } ?? .zero : .zero
        let open = max(owed, kept) - ordered - elsewhere
        let amount = scope.kind == .arrears ? min(open, left) : max(open, left, -ordered)
        guard scope.kind == .arrears ? amount > .zero : amount < .zero else { return nil }
        let paid = present.shares(clause, subject, month)
        let before =
            paid.isEmpty ? span.months.lazy.map { present.shares(clause, subject, $0) }.first { !$0.isEmpty } : paid
        let shares = scope.kind == .arrears ? due[month]?.shares ?? before : before
        return line(clause, subject, month, amount, shares ?? [], grant.reference)
    }

    /// Which months a batch of the kind looks at for a right.
    private func wantedMonths(_ made: DeterminationMade) -> (CivilMonth) -> Bool {
        if scope.kind == .regular { return scope.period.contains }
        let months = known.payments.grants.filter {
            $0.decided.kind == .arrears && $0.decided.clause == made.clause && $0.decided.subject == made.subject
        }.flatMap(\.months.keys)
        return Set(months).contains
    }

    private var made: [DeterminationMade] {
        known.determinations.map(\.made).filter { scope.includes($0.clause) }
            .sorted { ($0.clause, $0.subject) < ($1.clause, $1.subject) }
    }

    /// What a determination makes due in each month.
    private func dues(_ made: DeterminationMade) -> [CivilMonth: SumDue] { dues(made, through: scope.period.last) }

    private func dues(_ made: DeterminationMade, through last: CivilMonth) -> [CivilMonth: SumDue] {
        var result: [CivilMonth: SumDue] = [:]
        for due in rules.dues(made, last) where due.isReleased(by: scope.period.last) {
            let none = SumDue(month: due.month, amount: .zero, shares: due.shares, fallsIn: due.fallsIn)
            result[due.month, default: none].amount += due.amount
        }
        return result
    }

    // MARK: Which file, which division

    /// Whether a decision about the month is carried out by a batch of this division: what this file paid is taken back
    /// from here, also where the person went on in another file.
    private func concerns(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        scope.kind == .recovery ? isHere(month, made) : isOurs(month, made)
    }

    /// Whether the month is paid by this file and in the batch's division.
    private func isOurs(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        !isElsewhere(month, made) && isHere(month, made)
    }

    /// Whether the month belongs to the batch's division.
    private func isHere(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        known.place(of: month, made, within: rules.territory(made.pack))?.isWithin(scope.division) ?? false
    }

    /// Whether the month is paid by the file that the person came from, or by the one that the person went to: the month
    /// of a move is paid by the file that is left, unless the move is on its first day. Of somebody who left and came
    /// back each time counts by itself. While the other file has not been told of a move, neither pays on a guess.
    private func isElsewhere(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        guard case .person(let person) = made.subject else { return false }
        let stays = history.stays(of: person, in: known)
        if let last = stays.last, last.cameFromFile, last.until == nil, others.contains(where: { $0.holds(person) }) {
            return true
        }
        return stays.leave(month, of: made) || isDueBefore(month, made)
    }

    // MARK: Other files

    /// What other files ordered of the right for the same month, quarter or year; of one that is paid once, for any, unless
    /// somebody decides about each sum: who does is told of those in other files.
    func orderedElsewhere(_ made: DeterminationMade, _ month: CivilMonth) -> Fen {
        switch made.subject {
        case .person(let person):
            return others.reduce(.zero) { sum, file in
                people.ids(of: person, in: file.known.id).reduce(sum) {
                    $0 + ordered(made, month, by: file, for: .person($1))
                }
            }
        case .household:
            let last = made.monthsPaid(with: month).last ?? month
            return absorbed(before: last, made).reduce(.zero) { $0 + ordered(made, month, by: $1, for: made.subject) }
        case .incident: return .zero
        }
    }

    /// What another file ordered of the right, for whom it has under an id of its own.
    private func ordered(
        _ made: DeterminationMade, _ month: CivilMonth, by file: OtherFile, for subject: FactSubject
    ) -> Fen {
        if made.rhythm == .once, !made.amountType.needsDecision { return file.payments.ordered(made.clause, subject) }
        // What it paid for a whole quarter or year pays this month of it, too.
        let paid = file.payments.together(made.clause, subject).span(of: month)
        return Set(made.monthsPaid(with: month) + paid.months).reduce(.zero) {
            $0 + file.payments.ordered(made.clause, subject, $1)
        }
    }

    /// The files that went on as part of this one by the end of a month, for rights of the household that are paid once in a
    /// quarter, a year or in all. By the month each file has months of its own until the merge.
    private func absorbed(before month: CivilMonth, _ made: DeterminationMade) -> [OtherFile] {
        guard made.rhythm != .month, !known.mergers.isEmpty else { return [] }
        let files = known.absorbed(among: others.map(\.history)).filter { $0.on <= month.lastDay }
        return others.filter { other in files.contains { $0.file.id == other.known.id } }
    }

    /// What is due of the right in another file for the same month, quarter or year, the most where there are several.
    func dueElsewhere(_ made: DeterminationMade, _ month: CivilMonth) -> Fen {
        guard case .person(let person) = made.subject else { return .zero }
        let months = made.monthsPaid(with: month)
        return others.flatMap { determinations(made.clause, of: person, in: $0) }
            .flatMap { rules.dues($0, scope.period.last) }.filter { months.contains($0.month) }
            .map(\.amount).max() ?? .zero
    }

    /// What another file determined of a right of a person, under whichever id.
    func determinations(_ clause: ClauseID, of person: PersonID, in file: OtherFile) -> [DeterminationMade] {
        let subjects = people.ids(of: person, in: file.known.id).map(FactSubject.person)
        return file.known.determinations.map(\.made).filter { $0.clause == clause && subjects.contains($0.subject) }
    }

    private func line(
        _ clause: ClauseID, _ subject: FactSubject, _ month: CivilMonth, _ amount: Fen, _ shares: [PayerShare],
        _ decision: EventReference?
    ) -> OrderedLine? {
        let parts = rules.split(amount, shares).filter { $0.amount != .zero }
        guard !parts.isEmpty else { return nil }
        return OrderedLine(
            clause: clause, subject: subject, first: month, last: month, parts: parts, decision: decision)
    }
}

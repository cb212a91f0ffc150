extension Proposal {
    /// The decision with the months that it is about: those of the line that belong to places for which the caller acts. Whose
    /// file it is today does not count; of a family that moved each place decides about its own months and no others. Arrears of
    /// months that the family's regular batches have not gone past are those batches' to pay: they are decided only where the
    /// command names them, or where no such batch has paid anything of the clause. Over-payments are decided of months of which
    /// it is known what is due.
    /// - Throws: `dueElsewhere` where none of them does, to those only who read the file; `dueNotKnown` where that is known of none, or
    ///   `dueAwaitsDecision` because the right itself waits for a decision;
    ///   `awaitsRegularBatch` where all of them wait for their regular batch and the command names none; `duePlaceMissing` where
    ///   several places are the caller's and the command names none; `staleView` where it names other months. A retry helps only
    ///   another key.
    mutating func aboutOwnMonths(_ decided: DueDecided) throws(Refusal) -> DueDecided {
        let standing = household.dueStandings.first { $0.clause == decided.clause && $0.subject == decided.subject }
        guard let standing else { return decided }
        let place = household.place(of: standing, within: context.policy.territory(of: standing.pack))
        let left = standing.months(decided.kind, of: decided.determination).map { (month: $0, place: place($0)) }
        guard !left.isEmpty else { return decided }
        let wanted = left.filter { one in decided.division.map { one.place?.isWithin($0) ?? false } ?? true }
        let own = wanted.filter { $0.place.map(context.mayAct) ?? true }
        let line = "#\(decided.determination.sequence)"
        guard !own.isEmpty else {
            guard context.readsFile(of: household) else {
                throw Refusal(.nothingToDecide, field: "determination", detail: line, clause: decided.clause)
            }
            throw Refusal(
                .dueElsewhere, field: "determination", detail: "\(line) \(Self.places(left))", clause: decided.clause)
        }
        let reasons = openMonths(own.map(\.month), decided)
        let open = own.map(\.month).filter { reasons[$0] != nil }
        let known = own.filter { reasons[$0.month] == nil }
        guard !known.isEmpty else {
            let isForPeople = reasons.values.allSatisfy { $0 == .awaitsDecision }
            throw Refusal(
                isForPeople ? .dueAwaitsDecision : .dueNotKnown, field: "determination",
                detail: "\(line) \(Self.text(open))", clause: decided.clause)
        }
        let ahead = Set(monthsAhead(own.map(\.month), decided))
        let meant = known.filter { decided.months.isEmpty ? !ahead.contains($0.month) : decided.concerns($0.month) }
        guard !meant.isEmpty || !decided.months.isEmpty else {
            throw Refusal(
                .awaitsRegularBatch, field: "months", detail: Self.text(own.map(\.month)), clause: decided.clause)
        }
        let places = Set(meant.map(\.place))
        guard decided.division != nil || places.count <= 1 else {
            throw Refusal(
                .duePlaceMissing, field: "division", detail: "\(line) \(Self.places(meant))", clause: decided.clause)
        }
        var result = decided
        if places.count == 1, let only = places.first { result.division = only }
        result.months = meant.map(\.month).spans
        let isWhole = decided.kind == .arrears || meant.count == known.count
        guard decided.months.isEmpty || (decided.months == result.months && isWhole) else {
            throw Refusal(.staleView, field: "months", detail: line, clause: decided.clause)
        }
        let waiting = own.map(\.month).filter(ahead.contains)
        if decided.months.isEmpty, !waiting.isEmpty {
            warn(.leftToRegularBatches, field: "months", detail: Self.text(waiting))
        }
        if !open.isEmpty { warn(.openMonthsLeft, field: "months", detail: Self.text(open)) }
        warnOfLoss(waiting, result)
        return result
    }

    /// Those of some months of which the latest determination cannot say what is due (`OpenDues`), and why: it is in the family's own
    /// stream, so what is decided depends on what stands there and on nothing else.
    /// - Source: Decisions 0024, 0028, 0045
    private func openMonths(_ months: [CivilMonth], _ decided: DueDecided) -> [CivilMonth: OpenDues.Reason] {
        let entry = household.determinations.first {
            $0.made.clause == decided.clause && $0.made.subject == decided.subject
        }
        guard decided.kind == .recovery, let rules = context.paymentRules, let made = entry?.made else { return [:] }
        let open = household.openDues(made, rules)
        var reasons: [CivilMonth: OpenDues.Reason] = [:]
        for month in months { reasons[month] = open.reason(month) }
        return reasons
    }

    /// Those of some months whose arrears the family's regular batches pay by themselves, because they have yet to reach them or a
    /// hold keeps them back, while they have paid others of the clause.
    private func monthsAhead(_ months: [CivilMonth], _ decided: DueDecided) -> [CivilMonth] {
        let standing = household.dueStandings.first { $0.clause == decided.clause && $0.subject == decided.subject }
        guard decided.kind == .arrears, let standing else { return [] }
        let awaited = AwaitedMonths(household, standing, context.paymentRules)
        return months.filter { awaited.contains($0, of: decided.determination) }
    }

    /// Says what regular batches will not pay because it is let go.
    /// - Parameters:
    ///   - ahead: The months that wait for their regular batch.
    ///   - decided: With its months.
    private mutating func warnOfLoss(_ ahead: [CivilMonth], _ decided: DueDecided) {
        guard decided.kind == .arrears, !decided.isCarriedOut else { return }
        // Where no batch has paid anything of the clause, all of its months are still before the regular batches.
        let isFirst = household.payments.lastPassed(decided.clause) == nil
        let lost = isFirst ? decided.months.flatMap(\.months) : ahead.filter(decided.concerns)
        if !lost.isEmpty { warn(.letGoForBatchesToo, field: "months", detail: Self.text(lost)) }
    }

    /// Months in order: `2015-06…2026-11, 2027-01`.
    private static func text(_ months: [CivilMonth]) -> String {
        months.spans.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)…\($0.upperBound)" }
            .joined(separator: ", ")
    }

    /// The places in the order of their months, each with how many there are: `431002: 37, 431003: 4`.
    private static func places(_ months: [(month: CivilMonth, place: DivisionCode?)]) -> String {
        var counts: [(place: DivisionCode, months: Int)] = []
        for place in months.compactMap(\.place) {
            if let index = counts.firstIndex(where: { $0.place == place }) {
                counts[index].months += 1
            } else {
                counts.append((place, 1))
            }
        }
        return counts.map { "\($0.place): \($0.months)" }.joined(separator: ", ")
    }

    /// Only what stands may be decided, once: beside the other files of the person, too. The function is held where the months
    /// belong.
    mutating func check(_ decided: DueDecided, field: String?) throws(Refusal) {
        let standing = household.dueStandings.first { $0.clause == decided.clause && $0.subject == decided.subject }
        let left = standing?.months(decided.kind, of: decided.determination) ?? []
        let isLeft = decided.months.allSatisfy { left.contains($0.lowerBound) && left.contains($0.upperBound) }
        guard let standing, !left.isEmpty, isLeft else {
            throw Refusal(
                .nothingToDecide, field: join(field, "determination"), detail: "#\(decided.determination.sequence)",
                clause: decided.clause)
        }
        try checkBesideOthers(decided, field: field)
        try checkReceived(decided, left, field: field)
        let place = household.place(of: standing, within: context.policy.territory(of: standing.pack))
        let months = decided.months.isEmpty ? left : left.filter(decided.concerns)
        let places = Set(months.compactMap(place)).sorted()
        for place in places.isEmpty ? [nil] : places.map(Optional.some) {
            try checkFunction(.review, decided.clause, decided.subject, in: place, field: join(field, "clause"))
        }
    }

    /// Nothing is taken back of what the bank did not pay, or sent back: its line is reversed. What may be under way counts as received.
    private func checkReceived(
        _ decided: DueDecided, _ left: [CivilMonth], field: String?
    ) throws(Refusal) {
        guard decided.kind == .recovery, decided.isCarriedOut else { return }
        let months = left.filter(decided.concerns)
        guard let first = months.first, let last = months.last else { return }
        let right = OrderedLine(clause: decided.clause, subject: decided.subject, first: first, last: last, parts: [])
        let spans = household.spans(of: right).filter { _, own in own.contains(where: months.contains) }.keys
        let all = spans.map { household.payments.held(right, $0) }
        guard all.contains(where: { $0.cameBack > .zero }) else { return }
        let held = all.reduce(Fen.zero) { $0 + max(.zero, $1.received + $1.underWay - $1.toCollect) }
        let standing = household.dueStandings.first { $0.clause == decided.clause && $0.subject == decided.subject }
        let wanted = (standing?.months ?? []).filter {
            $0.kind == .recovery && $0.cause.determination == decided.determination && decided.concerns($0.month)
        }.reduce(Fen.zero) { $0 + $1.amount }
        guard wanted <= held else {
            throw Refusal(
                .nothingReceived, field: join(field, "determination"),
                detail: "#\(decided.determination.sequence) \(wanted) > \(held)", clause: decided.clause)
        }
    }

    /// A line that another file of the same person made good already is nobody's to decide; of one that it made good in part
    /// whoever decides is told what is left.
    mutating func checkBesideOthers(_ decided: DueDecided, field: String?) throws(Refusal) {
        guard let rules = context.paymentRules, case .person(let person) = decided.subject, !context.others.isEmpty,
            household.isShared(person) || context.people.knows(person)
        else { return }
        let people = context.people.agreeing(with: household, context.others)
        let others = context.others.map { $0.household.sharedDues(rules, of: person, people) }
        // Another file counts where it has the right, too; between files that exchanged persons all do.
        let isTheirs = others.contains { $0.runs.contains { $0.clause == decided.clause && $0.person == person } }
        guard household.isShared(person) || isTheirs else { return }
        let lefts = SharedDues(household, rules, also: [person]).lefts.filter {
            $0.clause == decided.clause && $0.person == person && $0.left.kind == decided.kind
                && $0.left.cause.determination == decided.determination && decided.concerns($0.left.month)
        }
        // What a file owes in which the person was before is that one's to pay. Whoever lets it go here may.
        let made = household.determinations.first {
            $0.made.clause == decided.clause && $0.made.subject == decided.subject
        }?.made
        func isDueBefore(_ month: CivilMonth) -> Bool {
            guard let made, decided.kind == .arrears, decided.isCarriedOut else { return false }
            return context.others.contains {
                household.isDueBefore(month, made, in: $0.household, through: month, rules, people)
            }
        }
        let stands = lefts.filter { !isDueBefore($0.left.month) }.reduce(Fen.zero) { $0 + $1.stands(beside: others) }
        let whole = lefts.reduce(Fen.zero) { $0 + $1.left.amount }
        guard stands > .zero else {
            // A place that the family has left is not told where its people are now, nor anybody whom another family took in.
            let shown = context.others.filter { household.isShared(person) || context.readsFile(of: $0.household) }
            let isShown = context.readsFile(of: household) && !shown.isEmpty
            let files = shown.map(\.id.description).joined(separator: "、")
            let line = "#\(decided.determination.sequence) \(whole)"
            throw Refusal(
                .dueNetted, field: join(field, "determination"), detail: isShown ? "\(line)：\(files)" : line,
                english: isShown ? "\(line): \(files)" : line, clause: decided.clause)
        }
        if stands < whole {
            warn(.duePartlyNetted, field: join(field, "determination"), detail: "\(stands) / \(whole)")
        }
    }
}

extension DueDecided {
    /// Whether it is about a month.
    func concerns(_ month: CivilMonth) -> Bool { months.isEmpty || months.contains { $0.contains(month) } }
}

extension DecisionContext {
    /// Whether the caller reads the family's file: who acts where it is registered today.
    fileprivate func readsFile(of household: Household) -> Bool { household.division(on: today).map(mayAct) ?? true }
}

extension [CivilMonth] {
    /// Months in order as spans of months in a row.
    fileprivate var spans: [ClosedRange<CivilMonth>] {
        var result: [ClosedRange<CivilMonth>] = []
        for month in self {
            if let last = result.last, last.upperBound + 1 == month {
                result[result.count - 1] = last.lowerBound...month
            } else {
                result.append(month...month)
            }
        }
        return result
    }
}

import CareDomain
import RuleEngine

extension ArchiveFold {
    /// What each clause gives on the day, from the determinations in the log.
    ///
    /// What the *sources* knew on a day stands in no determination, because those were made when the log learned it:
    /// such a question is answered by evaluating what was known then.
    func entitlements() -> [CareArchive.EntitlementLine] {
        let lines = isWorkedOut ? workedOut() : household.determinations.map(standing)
        return lines.sorted { ($0.clause, order($0.subject)) < ($1.clause, order($1.subject)) }
    }

    func awards() -> [CareArchive.AwardLine] {
        household.awards.filter { $0.decidedOn <= day }.map { award in
            let decided = award.decided
            return CareArchive.AwardLine(
                sequence: award.reference.sequence, clause: decided.clause, title: words.title(decided.clause),
                subject: subject(decided.subject), outcome: decided.outcome, period: decided.period,
                reason: label(decided.reason), decidedOn: award.decidedOn, by: award.by?.rawValue,
                secondApprover: decided.secondApprover?.rawValue,
                revokedFrom: award.revokedFrom, revokedBy: award.revokedBy?.sequence, text: revealed(decided.sealed))
        }
    }

    private var isWorkedOut: Bool { question.basis == .learned && question.knownAt != nil && evaluator != nil }

    private var known: KnownAt {
        guard let moment = question.knownAt else { return .latest }
        return question.basis == .learned ? .learned(moment.day) : .recorded(moment)
    }

    private func workedOut() -> [CareArchive.EntitlementLine] {
        guard let evaluator else { return [] }
        let last = EventReference(sequence: history.lastSequence)
        return evaluator.determine(factsBesideFilesLeft, knownAt: known).filter { !$0.isEmpty }
            .map { line($0.event(readThrough: last, changes: []), 0) }
    }

    /// The latest determination of a right, and what all of them left for people to decide, by the place to which it belongs.
    private func standing(_ entry: MadeDetermination) -> CareArchive.EntitlementLine {
        var line = line(entry.made, entry.reference.sequence)
        tellMonthsOfOthers(entry.made, in: &line)
        let (clause, subject) = (entry.made.clause, entry.made.subject)
        guard let standing = household.dueStandings.first(where: { $0.clause == clause && $0.subject == subject })
        else { return line }
        let territory = standing.entries.first.flatMap { words.territories[$0.pack] }
        let place = household.place(of: standing, within: territory)
        let open = household.openDues(entry.made, .published)
        let awaited = AwaitedMonths(household, standing, .published)
        func key(_ month: CivilMonth, _ kind: DueStanding.Kind, _ cause: DueStanding.Cause) -> LeftKey {
            let reason = kind == .recovery ? open.reason(month) : nil
            let isAwaited = kind == .arrears && awaited.contains(month, of: cause.determination)
            return LeftKey(division: place(month), kind: .init(kind, isAwaited: isAwaited, reason))
        }
        if let person = subject.person, let others = sharing(clause, with: person) {
            let months = SharedDues(household, .published, also: [person]).lefts.filter {
                $0.clause == clause && $0.person == person
            }
            for left in months where !(left.left.kind == .arrears && others.isDueBefore(left.left.month, entry.made)) {
                let (month, key) = (left.left.month, key(left.left.month, left.left.kind, left.left.cause))
                line.leave(key, left.stands(beside: others.dues), month...month, words)
            }
        } else {
            for (entry, own) in standing.entries(by: key) {
                line.leave(own, entry.sum, entry.first...entry.last, words)
            }
        }
        return line
    }

    /// What other files say of the money of a person; nil where none has a say.
    private func sharing(_ clause: ClauseID, with person: PersonID) -> FilesBeside? {
        let isShared = household.isShared(person)
        guard isShared || people.knows(person) else { return nil }
        let files = others.map(question.household)
        let told = files.map { $0.sharedDues(.published, of: person, people) }
        let isTheirs = told.contains { $0.runs.contains { $0.clause == clause && $0.person == person } }
        return isShared || isTheirs ? FilesBeside(own: household, files: files, dues: told, people: people) : nil
    }

    /// Says which months another file pays to somebody who was there before.
    private func tellMonthsOfOthers(_ made: DeterminationMade, in line: inout CareArchive.EntitlementLine) {
        let months = history.monthsOfOthers(
            made, through: CivilMonth(containing: day), knownAt: question.knownAt ?? Moment(microseconds: .max),
            rules: .published,
            others: others, people: people)
        let told = [
            (CareArchive.EntitlementLine.paidThere, months.paidThere),
            (CareArchive.EntitlementLine.orderedTwice, months.orderedTwice),
        ].filter { !$0.1.isEmpty }
        guard !told.isEmpty else { return }
        // Beside a reason, what is missing is not told any more.
        if line.reasons.isEmpty { line.reasons = line.missingTexts }
        line.reasons += told.map { beginning, months in
            beginning + months.map(\.description).joined(separator: "、")
        }
    }

    private func line(_ made: DeterminationMade, _ sequence: UInt64) -> CareArchive.EntitlementLine {
        let now = made.intervals.first { $0.period.contains(day) }
        // A day on which the right held in another file is none of this one's.
        func isElsewhere(_ interval: DeterminationMade.Interval) -> Bool {
            interval.rightHolds && interval.status == .notEntitled
        }
        let next = made.intervals.first { $0.period.start > day && !isElsewhere($0) }
        let status = now?.status ?? .notEntitled
        return CareArchive.EntitlementLine(
            clause: made.clause, title: words.title(made.clause), subject: subject(made.subject), status: status,
            rightHolds: now.map { $0.rightHolds && !isElsewhere($0) } ?? false, period: now?.period,
            amount: now?.amount, standard: now?.standard,
            amountType: made.amountType, hoursThousandths: now?.hoursThousandths, hourlyRate: now?.hourlyRate,
            cadence: cadence(made.cadence), monthRule: made.monthRule, payers: now.map(payers) ?? [],
            department: made.department.map(label), missing: now?.missing.map(missingCode) ?? [],
            missingTexts: now?.missing.map(missingText) ?? [], reasons: reasons(made, status),
            changes: made.changes, standingArrears: .zero, standingRecovery: .zero, lefts: [],
            next: next.map { .init(day: $0.period.start, status: $0.status, amount: $0.amount) },
            pack: "\(made.pack)@\(made.packVersion)", sequence: sequence,
            facts: made.facts.map(\.sequence).filter { !withheld.sequences.contains($0) },
            decision: now?.decision?.sequence)
    }

    /// A clause without sums has no rhythm.
    func cadence(_ code: Code) -> CareArchive.Label {
        code.rawValue == Cadence.none.rawValue ? .init(code.rawValue, "不按周期") : label(code)
    }

    private func payers(_ interval: DeterminationMade.Interval) -> [CareArchive.EntitlementLine.Payer] {
        let parts = interval.amount.map { PayerSplit.split($0, interval.payers) }
        return interval.payers.enumerated().map { place, share in
            .init(payer: label(share.payer), parts: share.parts, amount: parts?[place].amount)
        }
    }

    /// What the file says, with the files beside it from which its people came: what was had there is not given again.
    private var factsBesideFilesLeft: FactBase {
        var facts = FactBase(events: history.events)
        for source in Set(facts.arrivals.map(\.source)) {
            facts.others[source] = others.first { $0.id == source }.map { FactBase(events: $0.events) }
        }
        return facts
    }

    /// Why the answer is no or open: worked out for the question, as design.md wants it.
    private func reasons(_ made: DeterminationMade, _ status: DeterminationMade.Status) -> [String] {
        switch status {
        case .entitled, .proposed, .held: return []
        case .notEntitled, .needsFact, .needsParameter, .failed: break
        }
        let isHad = made.intervals.contains { $0.period.contains(day) && $0.rightHolds && $0.status == .notEntitled }
        if isHad, made.rhythm == .once { return ["一次性的这一项，分户、并户前的档案已有，按那份档案计，本档案不另发"] }
        guard let evaluator else { return [] }
        if looksAtWithheld(made) { return [Self.withheldText] }
        let found = evaluator.explain(made.clause, subject: made.subject, on: day, factsBesideFilesLeft, knownAt: known)
        guard let found else { return [] }
        var reasons = found.missing.map(\.wording.chinese) + found.failures.map(\.wording.chinese)
        if let nearest = found.nearest {
            reasons.insert(nearest.later?.chinese ?? "不符合：\(nearest.title.chinese)", at: 0)
        }
        return reasons
    }

    /// Household first, then persons in the order of the file, then incidents by event.
    private func order(_ subject: CareArchive.Subject) -> Int {
        if let incident = subject.incident { return Int(clamping: incident) + 1000 }
        guard let person = subject.person else { return -1 }
        return household.members.firstIndex { $0.id == person } ?? 999
    }
}

/// The other files of a person whose right is told.
private struct FilesBeside {
    let own: Household
    let files: [Household]
    /// What each says of the person's money.
    let dues: [SharedDues]
    let people: PeopleElsewhere

    /// Whether one in which the person was before owes a month, too: then that one pays it, and here it is not owed.
    func isDueBefore(_ month: CivilMonth, _ made: DeterminationMade) -> Bool {
        files.contains { own.isDueBefore(month, made, in: $0, through: month, .published, people) }
    }
}

/// What tells the months of a right apart: whose they are, and which way they go.
private struct LeftKey: Hashable {
    let division: DivisionCode?
    let kind: HouseholdRows.Difference.Kind
}

extension CareArchive.EntitlementLine {
    /// How a reason begins that names months which another file pays.
    fileprivate static let paidThere = "一个月只发一次，下列月份由此人先在的（或已发的）另一户发放，本户不发："
    /// How one begins that names months which both have ordered.
    fileprivate static let orderedTwice = "下列月份本户和此人在过的另一户都列了，请核对此人当月在哪一户："

    /// The months which another file pays, as the page tells them, `2026-10、2026-11`; nil when there are none.
    package var monthsPaidThere: String? { months(after: Self.paidThere) }

    /// The months which both files have ordered, in the same way.
    package var monthsOrderedTwice: String? { months(after: Self.orderedTwice) }

    private func months(after beginning: String) -> String? {
        reasons.last { $0.hasPrefix(beginning) }.map { String($0.dropFirst(beginning.count)) }
    }

    /// Adds what is left of some months that belong to a place.
    fileprivate mutating func leave(
        _ key: LeftKey, _ sum: Fen, _ months: ClosedRange<CivilMonth>, _ words: CarePolicyWords
    ) {
        // Whether what is not known is over-paid is not known either; and what a regular batch pays waits for nobody.
        guard sum > .zero, [.arrears, .recovery, .awaitingDecision].contains(key.kind) else { return }
        let division = key.division
        let known = lefts.firstIndex { $0.division == division }
        var left =
            known.map { lefts.remove(at: $0) }
            ?? Left(
                division: division, text: division.map(words.chinese) ?? "", first: months.lowerBound,
                last: months.upperBound, arrears: .zero, recovery: .zero)
        left.first = min(left.first, months.lowerBound)
        left.last = max(left.last, months.upperBound)
        switch key.kind {
        case .arrears:
            left.arrears += sum
            standingArrears += sum
        case .awaitingDecision:
            left.awaiting += sum
            standingAwaiting += sum
        default:
            left.recovery += sum
            standingRecovery += sum
        }
        lefts.append(left)
        lefts.sort { ($0.first, $0.text) < ($1.first, $1.text) }
    }
}

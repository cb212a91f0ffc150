import CareDomain

/// Holds the decisions of a facts file against what a service would take, in the order in which they were taken: what intake
/// refuses is left out and told with its code and its place, and nothing is left out without a word.
///
/// Who decided and who approved is no part of a facts file, nor are applications and places; everything else is asked by the
/// same functions as in intake (``DecisionBasis``, ``Exclusion``).
struct DecisionScreen {
    private let evaluator: Evaluator
    private let knownAt: KnownAt
    private let file: String
    private let exclusions: [Exclusion]
    /// First day on which a version is in force; nil = there is none.
    private let first: CivilDay?

    /// One entry without the decisions that were refused.
    struct Screened {
        var entry: FactsFile.Entry
        /// Under the codes of intake.
        var refused: [PackIssue] = []
        /// Decisions that stand and change nothing.
        var idle: [PackIssue] = []
        var leftOut: Set<EventReference> = []
        /// Decisions that intake would have taken: they stand whatever the clause's figure becomes later.
        var taken: Set<EventReference> = []
    }

    init(_ evaluator: Evaluator, knownAt: KnownAt, file: String) {
        self.evaluator = evaluator
        self.knownAt = knownAt
        self.file = file
        var exclusions: [Exclusion] = []
        for version in evaluator.registry.versions {
            let own = version.pack.exclusions(evaluator.choices)
            exclusions.removeAll { old in own.contains { $0.clause == old.clause } }
            exclusions += own
        }
        self.exclusions = exclusions
        first = evaluator.registry.versions.map(\.effectiveFrom).min()
    }

    func screen(_ entry: FactsFile.Entry) -> Screened {
        var screened = Screened(entry: entry)
        guard !entry.facts.awards.isEmpty, first != nil else { return screened }
        func isKnown(_ award: Award) -> Bool {
            knownAt.knows(recordedAt: award.recordedAt, learnedOn: award.learnedOn)
        }
        let known = entry.facts.awards.filter(isKnown).sorted {
            ($0.recordedAt, $0.source) < ($1.recordedAt, $1.source)
        }
        var taken: [Award] = []
        // What a clause does not allow stays with the family: the answers of its days say so themselves.
        var marked: [Award] = []
        for award in known {
            // What was left out cannot be taken back, and needs no word of its own.
            if case .revoked(let earlier) = award.outcome {
                if (taken + marked).contains(where: { $0.source == earlier }) { taken.append(award) }
                continue
            }
            guard let refusal = refusal(of: award, after: taken, entry) else {
                var award = award
                award.wasTaken = true
                screened.taken.insert(award.source)
                taken.append(award)
                continue
            }
            if let left = leftOut(award, after: taken, entry), let issue = left.issue(in: file) {
                marked.append(award)
                screened.refused.append(issue)
            } else {
                screened.leftOut.insert(award.source)
                screened.refused += [issue(refusal, award, entry)].compactMap { $0 }
            }
        }
        screened.entry.facts.awards = taken + marked + entry.facts.awards.filter { !isKnown($0) }
        screened.idle = idle(taken, screened.entry)
        return screened
    }

    // MARK: What intake refuses

    /// Why intake refuses a decision after those taken before it; nil = it takes it.
    private func refusal(of award: Award, after taken: [Award], _ entry: FactsFile.Entry) -> Refusal? {
        do throws(Refusal) {
            try checkSubject(award, entry)
            guard !isEarlierGrant(award) else { return nil }
            try checkExclusions(award, after: taken)
            try checkBasis(award, after: taken, entry)
            if standing(taken).contains(where: { decided($0) == decided(award) }) { throw Refusal(.nothingToDo) }
            return nil
        } catch {
            return error
        }
    }

    /// Decisions that no later one of them took back.
    private func standing(_ taken: [Award]) -> [Award] {
        let revoked = Set(
            taken.compactMap { award -> EventReference? in
                if case .revoked(let earlier) = award.outcome { earlier } else { nil }
            })
        return taken.filter { !revoked.contains($0.source) }
    }

    private func checkSubject(_ award: Award, _ entry: FactsFile.Entry) throws(Refusal) {
        guard let rule = rule(award.clause), rule.unit.beneficiary == award.subject.kind(in: entry.facts.root) else {
            throw Refusal(.unknownClause, field: "subject", detail: award.clause.rawValue, clause: award.clause)
        }
        guard case .person = award.subject else { return }
        let isMember = entry.facts.statements.contains {
            $0.fact == FactVocabulary.role && $0.subject == award.subject && $0.value != nil
        }
        guard isMember else { throw Refusal(.personUnknown, field: "subject", clause: award.clause) }
    }

    /// A grant of a year before the pack, of a clause whose grants bar others: a fact of those years, which a service takes over
    /// from the lists of then, and no decision under this pack.
    /// - Source: WZ-3.7
    private func isEarlierGrant(_ award: Award) -> Bool {
        guard let first, award.period.start.year < first.year else { return false }
        return award.outcome.gives && exclusions.contains { $0.among.contains(award.clause) }
    }

    private func checkExclusions(_ award: Award, after taken: [Award]) throws(Refusal) {
        guard award.outcome.gives else { return }
        let isException = if case .excepted = award.outcome { true } else { false }
        let taken = taken.filter { grant in
            !taken.contains { $0.outcome == .revoked(grant.source) && $0.period.start <= grant.period.start }
        }
        for exclusion in exclusions where !(exclusion.isSoft && isException) {
            guard let found = taken.first(where: { exclusion.bars(decided($0), decided(award)) }) else { continue }
            let sum = found.outcome.amount.map { " \($0)" } ?? ""
            throw Refusal(
                exclusion.kind == .onePerYear ? .grantStands : .grantPriorYear, field: "clause",
                detail: "\(found.period.start.year) \(found.clause)\(sum)", clause: exclusion.clause)
        }
    }

    /// By what was known when it was decided, or by what is known now: facts that came later take a right away, and the decision
    /// stays one that was taken.
    private func checkBasis(_ award: Award, after taken: [Award], _ entry: FactsFile.Entry) throws(Refusal) {
        let type = rule(award.clause)?.amount?.type ?? .none
        let then = KnownAt.recorded(FactsReader.endOfDay(award.recordedAt.day))
        do throws(Refusal) {
            let made = outcome(award, after: taken, entry, then, by: versions(on: award.recordedAt.day))
            try DecisionBasis(made: made.flatMap(made(_:)), amountType: type).check(decided(award))
        } catch {
            let now = outcome(award, after: taken, entry, knownAt)
            try DecisionBasis(made: now.flatMap(made(_:)), amountType: type, refusals: refusals(in: taken, entry))
                .check(decided(award))
        }
    }

    /// Refusals of the file that nobody took back, by their places.
    private func refusals(in taken: [Award], _ entry: FactsFile.Entry) -> [DecisionBasis.StandingRefusal] {
        standing(taken).filter { $0.outcome == .refused }.map { award in
            let place = entry.places[award.source]
            let days = DayPeriod(start: award.period.start, end: award.period.end)
            return DecisionBasis.StandingRefusal(
                award.source,
                chinese: "\(place.map { "\($0.path)，第 \($0.line) 行，" } ?? "")自 \(days.start) 起"
                    + (days.lastDay.map { "，至 \($0)" } ?? "，没有止日"),
                english: "\(place.map { "\($0.path), line \($0.line), " } ?? "")from \(days.start)"
                    + (days.lastDay.map { " through \($0)" } ?? " without an end"))
        }
    }

    private func outcome(
        _ award: Award, after taken: [Award], _ entry: FactsFile.Entry, _ known: KnownAt, by versions: Evaluator? = nil
    ) -> RuleOutcome? {
        var facts = entry.facts
        facts.awards = taken
        let start = [first, award.period.start].compactMap { $0 }.min() ?? award.period.start
        let only = (clause: award.clause, subject: award.subject)
        return (versions ?? evaluator).outcomes(facts, known, DayPeriod(start: start), only: only).first
    }

    /// The versions that had come into force by a day, and were written by then; all of them where none had.
    private func versions(on day: CivilDay) -> Evaluator {
        let versions = evaluator.registry.versions.filter { $0.effectiveFrom <= day && $0.pack.dated <= day }
        guard !versions.isEmpty, versions.count < evaluator.registry.versions.count else { return evaluator }
        return Evaluator(
            registry: PackRegistry(versions: versions), parameters: evaluator.parameters, choices: evaluator.choices)
    }

    private func made(_ outcome: RuleOutcome) -> DeterminationMade? {
        evaluator.determination(outcome)?.event(readThrough: EventReference(sequence: 0), changes: [])
    }

    /// The decision as one whose sum the answers leave out; nil where they would take it, or give nothing on its days.
    private func leftOut(_ award: Award, after taken: [Award], _ entry: FactsFile.Entry) -> Trial.LeftOut? {
        var entry = entry
        entry.facts.awards = taken + [award]
        guard let outcome = outcome(award, after: taken + [award], entry, knownAt), let rule = rule(award.clause),
            !outcome.pieces.contains(where: { $0.decision == award.source }),
            let piece = outcome.pieces.first(where: { $0.refusedAward == award.source })
        else { return nil }
        return Trial.LeftOut(piece, evaluator.pack(piece.pack)?.rule(award.clause) ?? rule, entry)
    }

    private func rule(_ clause: ClauseID) -> Rule? {
        evaluator.registry.versions.lazy.reversed().compactMap { $0.pack.rule(clause) }.first
    }

    private func decided(_ award: Award) -> AwardDecided {
        AwardDecided(
            clause: award.clause, subject: award.subject, outcome: award.outcome, period: award.period,
            reason: Code(unchecked: "trial"))
    }

    // MARK: Words

    private func issue(_ refusal: Refusal, _ award: Award, _ entry: FactsFile.Entry) -> PackIssue? {
        guard let place = entry.places[award.source] else { return nil }
        return PackIssue(
            file: file, line: place.line, column: place.column, code: refusal.code,
            problem: Wording(
                "\(place.path) 对 \(award.clause) 的决定：\(refusal.chinese)",
                "\(place.path), the decision about \(award.clause): \(refusal.english)"),
            advice: advice(refusal, award))
    }

    private func advice(_ refusal: Refusal, _ award: Award) -> Wording {
        switch refusal.reason {
        case .nothingToDecide:
            return Wording(
                "核对 from、until、subject，补上使权利成立的事实；确属例外的写 decision: excepted",
                "check from, until and subject, state the facts that give the right, or write decision: excepted")
        case .refusalStands:
            return Wording(
                "给不予批准的那一项写 until，或写 revoked：从哪天起不再有效",
                "give the refusal an until, or revoked: the day from which it was taken back")
        case .unknownClause:
            let kind = rule(award.clause)?.unit.beneficiary.wording
            return Wording(
                "subject 应是\(kind?.chinese ?? "该条的对象")", "subject has to be a \(kind?.english ?? "subject of it")")
        case .personUnknown:
            return Wording("写上此人的 role，或改 subject", "write the person's role, or another subject")
        case .grantPriorYear:
            return Wording("去掉它，或写 decision: excepted", "leave it out, or write decision: excepted")
        case .amountIsFixed:
            return Wording("去掉它；停发写 held 或 refused", "leave it out; write held or refused to stop it")
        default: return Wording("改正或去掉这个决定", "correct the decision or leave it out")
        }
    }

    // MARK: Decisions that change nothing

    private func idle(_ taken: [Award], _ entry: FactsFile.Entry) -> [PackIssue] {
        var barring: Set<EventReference>?
        // What was taken back is told as that.
        return standing(taken).compactMap { award -> PackIssue? in
            guard let place = entry.places[award.source] else { return nil }
            let pieces = outcome(award, after: entry.facts.awards, entry, knownAt)?.pieces ?? []
            let isTaken = pieces.contains { piece in
                piece.decision == award.source || piece.refusedAward == award.source
                    || piece.facts.contains(award.source)
            }
            guard !isTaken else { return nil }
            if award.outcome.gives, exclusions.contains(where: { $0.among.contains(award.clause) }) {
                let found = barring ?? self.barring(entry)
                barring = found
                if found.contains(award.source) { return nil }
            }
            return PackIssue(
                file: file, line: place.line, column: place.column, code: "facts.decision_idle",
                problem: Wording(
                    "\(place.path) 对 \(award.clause) 的决定在现有事实下不起作用：这些日子没有这项权利、已由后来的决定取代，或属以前年度",
                    "\(place.path), the decision about \(award.clause), changes nothing as facts stand: there is no such right on "
                        + "its days, a later decision took its place, or it is of an earlier year"),
                advice: Wording(
                    "核对 from、until 和事实；本意如此的可以保留", "check from, until and the facts; it may stay where it is meant"))
        }
    }

    /// The grants by which something is barred.
    private func barring(_ entry: FactsFile.Entry) -> Set<EventReference> {
        guard let first else { return [] }
        var found: Set<EventReference> = []
        for piece in evaluator.evaluate(entry.facts, knownAt: knownAt, over: DayPeriod(start: first)).flatMap(\.pieces)
        {
            for case .barred(_, _, let grant?) in piece.unmet { found.insert(grant) }
        }
        return found
    }
}

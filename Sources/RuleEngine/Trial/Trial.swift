import CareDomain

/// 试算: a pack over a facts file, without a log or a service.
package struct Trial: Sendable {
    /// One clause's answer for one subject.
    package struct Answer: Sendable {
        /// The family or other subject of the file.
        package let entry: String
        /// The person, incident or whole it is about.
        package let subject: String
        package let rule: Rule
        package let outcome: RuleOutcome
        /// In the form that is stored: sums due by the month.
        package let determination: Determination?
        /// The stretch of days around the day asked for.
        package let piece: OutcomePiece
        /// The days on which the clause is in force, where the day asked for is not one of them; nil = it is.
        package let inForce: DayPeriod?
        /// Why; nil for versions no longer in force.
        package let explanation: Explanation?
        /// The decision of the file that the clause does not allow; nil = none.
        package let leftOut: LeftOut?
        /// All such decisions about the clause and the subject, whatever their days.
        package let refused: [LeftOut]
        /// Names of the entry's persons and incidents.
        let names: [String: RuleSubject]

        /// The code of what is missing, with the name the file gives the person or incident: `person.birth_date@wife`.
        package func code(of missing: Missing) -> String {
            guard case .fact(let fact, let subject) = missing,
                let name = names.first(where: { $0.value == subject })?.key
            else { return missing.code }
            return "\(fact.rawValue)@\(name)"
        }
    }

    /// A standard that follows an index, with its calculation sheet.
    package struct Adjustment: Sendable {
        package let indexation: Indexation
        package let series: String
        package let lines: [Indexation.SheetLine]
        package let proposals: [Indexation.Proposal]
        /// Figures upon which standards were approved and which read otherwise now. The standards stay; both values are told.
        package let revisions: [Revision]
    }

    /// A figure of an index that was revised after standards were approved upon it.
    package struct Revision: Hashable, Sendable {
        package let approvedUpon: Indexation.Level
        package let now: Indexation.Level
    }

    package let evaluator: Evaluator
    package let file: FactsFile
    package let knownAt: KnownAt
    /// The entries of the file without the decisions that a service would refuse.
    private let entries: [FactsFile.Entry]
    /// Those decisions, under the codes of intake.
    private let refusedDecisions: [PackIssue]
    /// What of the file should be looked at: it is computed nevertheless.
    package let warnings: [PackIssue]

    /// Makes a trial of the versions of one pack.
    package init(versions: [RulePack], file: FactsFile, knownAt: KnownAt = .latest) {
        evaluator = Evaluator(
            registry: PackRegistry(versions: versions.map { PublishedPack(pack: $0) }), parameters: file.parameters,
            choices: file.choices)
        self.file = file
        self.knownAt = knownAt
        let screen = DecisionScreen(evaluator, knownAt: knownAt, file: file.name)
        let screened = file.entries.map(screen.screen)
        entries = screened.map { one in
            var entry = one.entry
            // What a file that was left decided counts as it does there.
            for (place, left) in screened.enumerated() where !(left.leftOut.isEmpty && left.taken.isEmpty) {
                let file = FactsFile.Entry.file(place)
                guard let awards = entry.facts.others[file]?.awards else { continue }
                entry.facts.others[file]?.awards = awards.filter { !left.leftOut.contains($0.source) }.map { award in
                    var award = award
                    award.wasTaken = left.taken.contains(award.source)
                    return award
                }
            }
            return entry
        }
        refusedDecisions = screened.flatMap(\.refused)
        warnings = file.warnings + screened.flatMap(\.idle)
    }

    /// What the published versions lead to with the parameters that were set, asked about nobody: for what indexes propose.
    package init(published rules: PublishedRules) {
        evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        file = FactsFile(
            name: "", entries: [], warnings: [], refused: [], parameters: rules.parameters, choices: [:])
        knownAt = .latest
        entries = []
        refusedDecisions = []
        warnings = []
    }

    /// The answers on a day, in the order of the file, then of the rules, then by subject. A clause that is not in force on
    /// the day gives nothing, and its answer says when it is.
    /// - Parameter clause: with a clause, every person (or incident) has an answer, also one outside its circle; without,
    ///   those who are never in the circle of a clause are left out. A clause brings its parts along.
    package func answers(on day: CivilDay, clause: ClauseID? = nil) -> [Answer] {
        guard let first = evaluator.registry.versions.map(\.effectiveFrom).min() else { return [] }
        let whole = DayPeriod(start: min(first, day))
        return entries.flatMap { entry in
            outcomes(entry.facts, whole, clause).compactMap { answer($0, entry, day) }
        }
    }

    private func outcomes(_ facts: FactBase, _ whole: DayPeriod, _ clause: ClauseID?) -> [RuleOutcome] {
        guard let clause else { return evaluator.evaluate(facts, knownAt: knownAt, over: whole) }
        let subjects = Set(facts.statements.map(\.subject)).union([.household]).sorted()
        var clauses: [ClauseID] = []
        for rule in evaluator.registry.versions.flatMap(\.pack.rules)
        where rule.clause == clause || rule.clause.partOf == clause {
            if !clauses.contains(rule.clause) { clauses.append(rule.clause) }
        }
        return clauses.flatMap { part -> [RuleOutcome] in
            let kinds = evaluator.registry.versions.compactMap { $0.pack.rule(part)?.unit.beneficiary }
            return subjects.filter { kinds.contains($0.kind(in: facts.root)) }.flatMap {
                evaluator.outcomes(facts, knownAt, whole, only: (part, $0))
            }
        }
    }

    private func answer(_ outcome: RuleOutcome, _ entry: FactsFile.Entry, _ day: CivilDay) -> Answer? {
        guard let first = outcome.pieces.first, let last = outcome.pieces.last else { return nil }
        let found = outcome.piece(on: day)
        let near =
            found
            ?? OutcomePiece(
                period: DayPeriod(start: day, end: day < first.period.start ? first.period.start : nil),
                status: .notEntitled, pack: day < first.period.start ? first.pack : last.pack)
        guard let rule = evaluator.pack(near.pack)?.rule(outcome.clause) else { return nil }
        return Answer(
            entry: entry.name, subject: entry.name(of: outcome.subject), rule: rule, outcome: outcome,
            determination: evaluator.determination(outcome, of: entry.facts, knownAt: knownAt), piece: near,
            inForce: found == nil ? DayPeriod(start: first.period.start, end: last.period.end) : nil,
            explanation: evaluator.explain(
                outcome.clause, subject: outcome.subject, on: day, entry.facts, knownAt: knownAt),
            leftOut: LeftOut(near, rule, entry), refused: refused(outcome, rule, entry), names: entry.names)
    }

    private func refused(_ outcome: RuleOutcome, _ rule: Rule, _ entry: FactsFile.Entry) -> [LeftOut] {
        var found: [LeftOut] = []
        for piece in outcome.pieces {
            let own = evaluator.pack(piece.pack)?.rule(rule.clause) ?? rule
            guard let left = LeftOut(piece, own, entry), !found.contains(where: { $0.place == left.place }) else {
                continue
            }
            found.append(left)
        }
        return found
    }

    /// What of the file a service would refuse, by line and column, under the code with which it does: values of parameters,
    /// and decisions, whatever clause and day are asked about.
    package func refused(in answers: [Answer]) -> [PackIssue] {
        let later = answers.flatMap(\.refused).compactMap { $0.issue(in: file.name) }.filter { issue in
            !refusedDecisions.contains { $0.line == issue.line && $0.column == issue.column }
        }
        return (file.refused + refusedDecisions + later)
            .sorted { ($0.line, $0.column, $0.code) < ($1.line, $1.column, $1.code) }
    }

    /// What the indexes of the file and the packs propose on a day, by clause and series: from the figures of years that
    /// have begun by then.
    package func adjustments(on day: CivilDay) -> [Adjustment] {
        evaluator.registry.inForce(on: day, knownAt: knownAt).flatMap { version in
            version.pack.indexations.flatMap { adjustments($0, version.pack, day) }
        }
    }

    private func adjustments(_ indexation: Indexation, _ pack: RulePack, _ day: CivilDay) -> [Adjustment] {
        let positions = pack.positions(file.choices)
        guard case .code(let code) = positions[indexation.baseYear], let base = Int(code.rawValue) else { return [] }
        let isWholeYuan = indexation.rounding.map { positions[$0] == .code(Code(unchecked: "yuan")) } ?? false
        let set = known(file.parameters)
        let now = levels(indexation, pack, day, base, set[...])
        return now.keys.sorted().map { series in
            let (lines, proposals) = indexation.sheet(
                series: series, levels: now[series] ?? [], base: base,
                approvals: approvals(indexation, pack, day, base, series, set), unit: isWholeYuan ? .yuan(1) : Fen(1))
            return Adjustment(
                indexation: indexation, series: series, lines: lines, proposals: proposals,
                revisions: Self.revisions(proposals, now[series] ?? []))
        }
    }

    private static func revisions(_ proposals: [Indexation.Proposal], _ now: [Indexation.Level]) -> [Revision] {
        var found: [Revision] = []
        let approved = proposals.filter { $0.changes.contains { $0.state == .approved } }
        for level in approved.flatMap({ [$0.base, $0.level] }) {
            guard let present = now.first(where: { $0.year == level.year }), present.value != level.value,
                !found.contains(where: { $0.approvedUpon.year == level.year })
            else { continue }
            found.append(Revision(approvedUpon: level, now: present))
        }
        return found
    }

    /// The index by series.
    /// - Parameter set: what was set by then, in the order in which it was.
    private func levels(
        _ indexation: Indexation, _ pack: RulePack, _ day: CivilDay, _ base: Int, _ set: ArraySlice<ParameterValue>
    ) -> [String: [Indexation.Level]] {
        let published = figures(indexation.index, pack, day, set)
        let growth = indexation.growth.map { figures($0, pack, day, set) } ?? [:]
        let series = Set(published.keys).union(growth.keys)
        return Dictionary(
            uniqueKeysWithValues: series.map { series in
                let levels = (published[series] ?? [:]).map { year, figure in
                    Indexation.Level(year: year, value: figure.thousandths, published: figure.published)
                }
                return (series, Indexation.chained(levels, growth[series] ?? [:], base: base))
            })
    }

    /// Standards of the series that were set beside the pack by the day, in the order in which they were: also before they are in
    /// force, which is always the 1 January after. Each rests on the figures that had been set before it: one that came an hour
    /// later was not what the person answered.
    ///
    /// A standard is named after its parameter, with its key behind it: `gy.complication_allowance.grade_2`.
    /// - Parameter set: everything that was set, in the order in which it was.
    private func approvals(
        _ indexation: Indexation, _ pack: RulePack, _ day: CivilDay, _ base: Int, _ series: String,
        _ set: [ParameterValue]
    ) -> [Indexation.Approval] {
        let names = Set(indexation.standards.filter { $0.series == series }.map(\.id.rawValue))
        return set.enumerated().compactMap { place, value in
            let name = ([value.parameter.rawValue] + value.keys).joined(separator: ".")
            guard names.contains(name), min(Self.setOn(value), value.period.start) <= day,
                case .money(let sum) = value.value, let standard = Code(name)
            else { return nil }
            let levels = levels(indexation, pack, day, base, set[..<place])[series] ?? []
            return Indexation.Approval(standard: standard, value: sum, levels: levels)
        }
    }

    /// The day on which a value was set; where that is not known the day from which it holds.
    private static func setOn(_ value: ParameterValue) -> CivilDay {
        value.learnedOn ?? value.recordedAt?.day ?? value.period.start
    }

    /// What is known of it in the order in which it was set: by the day, on one day by the moment where that is known, then as in
    /// the log or the file.
    private func known(_ values: [ParameterValue]) -> [ParameterValue] {
        let known = values.filter { value in
            value.recordedAt.map { knownAt.knows(recordedAt: $0, learnedOn: value.learnedOn) } ?? true
        }
        let keyed = known.enumerated().map { place, value in
            (
                key: (Self.setOn(value), value.recordedAt ?? FactsReader.startOfDay(Self.setOn(value)), place),
                value: value
            )
        }
        return keyed.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The figures of a parameter by series and calendar year: those of the pack, and in their place those set later.
    private func figures(
        _ parameter: ParameterID, _ pack: RulePack, _ day: CivilDay, _ set: ArraySlice<ParameterValue>
    ) -> [String: [Int: (thousandths: Int64, published: Int?)]] {
        let shipped = pack.parameters.first { $0.id == parameter }?.values ?? []
        var figures: [String: [Int: (thousandths: Int64, published: Int?)]] = [:]
        // What is recorded for other days than a calendar year's is no year's figure.
        for value in shipped + set.filter({ $0.parameter == parameter })
        where value.period.start <= day && value.period.isCalendarYear {
            guard case .decimal(let number) = value.value else { continue }
            figures[value.keys.first ?? "", default: [:]][value.period.start.year] = (
                number, (value.learnedOn ?? value.recordedAt?.day)?.year
            )
        }
        return figures
    }
}

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
        /// Why; nil for versions no longer in force.
        package let explanation: Explanation?
    }

    /// A standard that follows an index, with its calculation sheet.
    package struct Adjustment: Sendable {
        package let indexation: Indexation
        package let series: String
        package let lines: [Indexation.SheetLine]
        package let proposals: [Indexation.Proposal]
    }

    package let evaluator: Evaluator
    package let file: FactsFile
    package let knownAt: KnownAt

    /// Makes a trial of the versions of one pack.
    package init(versions: [RulePack], file: FactsFile, knownAt: KnownAt = .latest) {
        evaluator = Evaluator(
            registry: PackRegistry(versions: versions.map { PublishedPack(pack: $0) }), parameters: file.parameters,
            choices: file.choices)
        self.file = file
        self.knownAt = knownAt
    }

    /// The answers on a day, in the order of the file, then of the rules, then by subject. A clause that no version in force
    /// on the day knows has none.
    /// - Parameter clause: with a clause, every person (or incident) has an answer, also one outside its circle; without,
    ///   those who are never in the circle of a clause are left out.
    package func answers(on day: CivilDay, clause: ClauseID? = nil) -> [Answer] {
        guard let first = evaluator.registry.versions.map(\.effectiveFrom).min() else { return [] }
        let whole = DayPeriod(start: min(first, day))
        return file.entries.flatMap { entry in
            outcomes(entry.facts, whole, clause).compactMap { answer($0, entry, day) }
        }
    }

    private func outcomes(_ facts: FactBase, _ whole: DayPeriod, _ clause: ClauseID?) -> [RuleOutcome] {
        guard let clause else { return evaluator.evaluate(facts, knownAt: knownAt, over: whole) }
        let subjects = Set(facts.statements.map(\.subject)).union([.household]).sorted()
        let kinds = evaluator.registry.versions.compactMap { $0.pack.rule(clause)?.unit.beneficiary }
        return subjects.filter { kinds.contains($0.kind(in: facts.root)) }.flatMap {
            evaluator.outcomes(facts, knownAt, whole, only: (clause, $0))
        }
    }

    private func answer(_ outcome: RuleOutcome, _ entry: FactsFile.Entry, _ day: CivilDay) -> Answer? {
        guard let piece = outcome.piece(on: day), let rule = evaluator.pack(piece.pack)?.rule(outcome.clause) else {
            return nil
        }
        return Answer(
            entry: entry.name, subject: entry.name(of: outcome.subject), rule: rule, outcome: outcome,
            determination: evaluator.determination(outcome), piece: piece,
            explanation: evaluator.explain(
                outcome.clause, subject: outcome.subject, on: day, entry.facts, knownAt: knownAt))
    }

    /// What the indexes of the file and the packs propose, by clause and series.
    package func adjustments(on day: CivilDay) -> [Adjustment] {
        evaluator.registry.inForce(on: day, knownAt: knownAt).flatMap { version in
            version.pack.indexations.flatMap { adjustments($0, version.pack) }
        }
    }

    private func adjustments(_ indexation: Indexation, _ pack: RulePack) -> [Adjustment] {
        let set = file.parameters.filter { value in
            value.parameter == indexation.index
                && (value.recordedAt.map { knownAt.knows(recordedAt: $0, learnedOn: value.learnedOn) } ?? true)
        }
        let shipped = pack.parameters.first { $0.id == indexation.index }?.values ?? []
        guard case .code(let code) = pack.positions(file.choices)[indexation.baseYear], let base = Int(code.rawValue)
        else { return [] }
        let bySeries = Dictionary(grouping: shipped + set) { $0.keys.first ?? "" }
        return bySeries.sorted { $0.key < $1.key }.map { series, values in
            // A value set later stands in the place of an earlier one of the same year.
            var levels: [Int: Indexation.Level] = [:]
            for value in values {
                guard case .decimal(let number) = value.value else { continue }
                let year = value.period.start.year
                levels[year] = Indexation.Level(
                    year: year, value: number, published: (value.learnedOn ?? value.recordedAt?.day)?.year)
            }
            let (lines, proposals) = indexation.sheet(
                series: series, levels: levels.values.sorted { $0.year < $1.year }, base: base)
            return Adjustment(indexation: indexation, series: series, lines: lines, proposals: proposals)
        }
    }
}

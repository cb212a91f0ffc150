import CareDomain
import RuleColumns
import RuleEngine

/// A replay of many households: over columns where both versions have that form, otherwise one by one. The answers are the
/// same.
package struct DistrictReplay: Sendable {
    /// What was found out about one household.
    package struct Found: Sendable {
        package let household: HouseholdID
        /// Where it belongs on the last day that counts.
        package let division: DivisionCode?
        /// Whether it belonged to the division asked for on some day compared.
        package let isWanted: Bool
        /// nil = nothing differs.
        package let difference: HouseholdDifference?

        package init(
            household: HouseholdID, division: DivisionCode?, isWanted: Bool, difference: HouseholdDifference?
        ) {
            self.household = household
            self.division = division
            self.isWanted = isWanted
            self.difference = difference
        }
    }

    package let replay: RuleReplay
    private let columns: ColumnReplay?
    /// For finding out what makes a household's difference; nil = that is not asked.
    private let counterfactuals: Counterfactuals?
    private let vocabularies: [FactVocabulary]
    /// Why households are looked at one by one; nil when they are not.
    package let obstacle: NotColumnar?
    /// Whether what other files had bears on a right on one of the sides: then families into whose file persons came
    /// from another one are looked at with that file, one by one.
    package let looksIntoFilesLeft: Bool

    /// - Parameters:
    ///   - codes: of the blocks that will be compared, where they are there already.
    ///   - kept: names of what those blocks keep beside their facts.
    ///   - tellsCauses: whether it is found out which changes make each household's difference; otherwise all are named that can.
    ///   - oneByOne: whether a few households are looked at by themselves, for whom compiling columns does not pay.
    package init(
        _ replay: RuleReplay, codes: CodeTable = CodeTable(), kept: Set<String> = [], tellsCauses: Bool = true,
        oneByOne: Bool = false
    ) {
        self.replay = replay
        vocabularies = replay.candidate.registry.versions.filter { $0.pack.id == replay.candidatePack }
            .map(\.pack.vocabulary)
        looksIntoFilesLeft = [replay.current, replay.candidate].contains {
            $0.looksIntoFilesLeft(in: replay.candidatePack)
        }
        do throws(NotColumnar) {
            if oneByOne { throw NotColumnar(what: "few households") }
            columns = try ColumnReplay(replay, codes: codes, kept: kept)
            obstacle = nil
        } catch {
            columns = nil
            obstacle = error
        }
        self.codes = columns?.codes ?? codes
        counterfactuals = tellsCauses ? Counterfactuals(replay, codes: columns?.codes, kept: kept) : nil
    }

    /// Texts to build blocks upon.
    private let codes: CodeTable

    /// What differs, household by household in the order given. Some hundred at a time are best.
    package func compare(_ households: [(id: HouseholdID, facts: FactBase)]) -> [Found] {
        guard let columns else { return compareOneByOne(households) }
        func block(_ codes: CodeTable, _ wanted: Set<HouseholdID>? = nil) -> FactBlock {
            var builder = FactBlockBuilder(vocabularies: vocabularies, codes: codes)
            for (id, facts) in households where wanted?.contains(id) ?? true { builder.add(id, facts) }
            return builder.finish()
        }
        var found = compare(block(codes), columns) { others, wanted in
            block(others.map(\.codes).max { $0.texts.count < $1.texts.count } ?? codes, wanted)
        }
        for (place, household) in households.enumerated() where isApart(household.facts) {
            found[place] = compareOneByOne(household.id, household.facts)
        }
        return found
    }

    /// Columns hold one file; who came from another one is not looked at in them alone.
    private func isApart(_ facts: FactBase) -> Bool { looksIntoFilesLeft && !facts.others.isEmpty }

    /// The same without columns.
    package func compareOneByOne(_ households: [(id: HouseholdID, facts: FactBase)]) -> [Found] {
        households.map { compareOneByOne($0.id, $0.facts) }
    }

    private func compareOneByOne(_ id: HouseholdID, _ facts: FactBase) -> Found {
        let units = facts.decisions(knownAt: .latest).units(in: replay.period)
        let wanted = ReplayPlaces(facts.divisionSteps, units: units, replay).told
        let standing = wanted == nil ? nil : replay.standing(facts)
        var difference = replay.compare(id, facts, division: wanted?.division, standing: standing)
        if let counterfactuals, let found = difference, found.rights.contains(where: \.asksForCauses) {
            func answers(_ others: [Counterfactual]) -> [Counterfactual.Answer] {
                others.map {
                    ($0.changes, $0.replay.compare(id, facts, division: wanted?.division, standing: standing))
                }
            }
            let others = answers(counterfactuals.takenBack(for: found.rights))
            difference =
                found.withOwnCauses(others, alone: nil)
                ?? found.withOwnCauses(others, alone: answers(counterfactuals.alone(for: found.rights)))
        }
        return Found(household: id, division: wanted?.division, isWanted: wanted != nil, difference: difference)
    }

    /// What differs, household by household in the order of a block; nil where households have to be looked at one by one.
    /// - Parameters:
    ///   - apart: facts, with those of the files left, of households that came from another one; they are read instead of the
    ///     block's rows.
    ///   - read: gives the block, whose codes were given at the start, with the columns asked for. It is asked once more for
    ///     what is needed to find out causes.
    /// - Returns: nil without having read anything where households have to be looked at one by one.
    package func compare(
        apart: [HouseholdID: FactBase] = [:], _ read: (BlockWish) throws -> FactBlock
    ) rethrows -> [Found]? {
        guard let columns else { return nil }
        let found = try compare(try read(columns.wish), columns) { others, _ in
            try read(others.dropFirst().reduce(others[0].wish) { $0.joined($1.wish) })
        }
        guard !apart.isEmpty else { return found }
        return found.map { one in apart[one.household].map { compareOneByOne(one.household, $0) } ?? one }
    }

    /// The columns that the rules of both sides read.
    package var wish: BlockWish { columns?.wish ?? BlockWish(facts: [:]) }

    /// Vocabularies of all versions of the pack.
    package var packVocabularies: [FactVocabulary] { vocabularies }

    private func compare(
        _ block: FactBlock, _ columns: ColumnReplay,
        _ again: (_ others: [ColumnReplay], _ wanted: Set<HouseholdID>) throws -> FactBlock
    ) rethrows -> [Found] {
        let found = columns.compare(block)
        let differences = try ownCauses(columns.differences(found), again)
        let byHousehold = Dictionary(differences.map { ($0.household, $0) }, uniquingKeysWith: { first, _ in first })
        return block.households.indices.map { row in
            let id = block.households[row]
            let wanted = columns.wanted(row, found)
            return Found(
                household: id, division: wanted?.division, isWanted: wanted != nil, difference: byHousehold[id])
        }
    }

    /// Names for each household the changes that make its difference.
    private func ownCauses(
        _ differences: [HouseholdDifference],
        _ read: (_ others: [ColumnReplay], _ wanted: Set<HouseholdID>) throws -> FactBlock
    ) rethrows -> [HouseholdDifference] {
        guard let counterfactuals else { return differences }
        let asking = differences.filter { $0.rights.contains(where: \.asksForCauses) }
        guard !asking.isEmpty else { return differences }
        let others = try answers(counterfactuals.takenBack(for: asking.lazy.flatMap(\.rights)), for: asking, read)
        let found = differences.map { $0.withOwnCauses(others($0.household), alone: nil) }
        let open = zip(differences, found).filter { $1 == nil }.map(\.0)
        guard !open.isEmpty else { return found.compactMap { $0 } }
        let single = try answers(counterfactuals.alone(for: open.lazy.flatMap(\.rights)), for: open, read)
        return zip(differences, found).map { difference, found in
            let id = difference.household
            return found ?? difference.withOwnCauses(others(id), alone: single(id)) ?? difference
        }
    }

    /// What would differ for each of some households.
    private func answers(
        _ others: [Counterfactual], for asking: [HouseholdDifference],
        _ read: (_ others: [ColumnReplay], _ wanted: Set<HouseholdID>) throws -> FactBlock
    ) rethrows -> (HouseholdID) -> [Counterfactual.Answer] {
        let compiled = others.compactMap { other in other.columns.map { (changes: other.changes, columns: $0) } }
        guard !compiled.isEmpty else { return { _ in [] } }
        let wanted = Set(asking.map(\.household))
        let block = try read(compiled.map(\.columns), wanted)
        let found = compiled.map { changes, columns in
            let found = columns.differences(columns.compare(block)) { household, _ in wanted.contains(household) }
            return (
                changes,
                Dictionary(found.map { ($0.household, $0) }, uniquingKeysWith: { first, _ in first })
            )
        }
        return { household in found.map { ($0, $1[household]) } }
    }
}

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
    /// The replay with some changes taken back, and with one alone, for finding out what makes a household's difference.
    private let takenBack: [Counterfactual]
    private let alone: [Counterfactual]
    private let vocabularies: [FactVocabulary]
    /// Why households are looked at one by one; nil when they are not.
    package let obstacle: NotColumnar?
    /// Whether a right may count from the month after it begins on one of the sides: then families into whose file persons came
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
            $0.countsFromNextMonth(in: replay.candidatePack)
        }
        do throws(NotColumnar) {
            if oneByOne { throw NotColumnar(what: "few households") }
            columns = try ColumnReplay(replay, codes: codes, kept: kept)
            obstacle = nil
        } catch {
            columns = nil
            obstacle = error
        }
        // Each builds on the texts of the one before, so that a block built upon the last suits all.
        var last = columns?.codes
        func compiled(_ others: [Counterfactual]) -> [Counterfactual] {
            others.map { other in
                var other = other
                other.columns = last.flatMap { try? ColumnReplay(other.replay, codes: $0, kept: kept) }
                last = other.columns?.codes ?? last
                return other
            }
        }
        takenBack = compiled(tellsCauses ? replay.takenBack() : [])
        alone = compiled(tellsCauses ? replay.alone() : [])
        self.codes = last ?? codes
    }

    /// Texts to build blocks upon.
    private let codes: CodeTable

    /// What differs, household by household in the order given. Some hundred at a time are best.
    package func compare(_ households: [(id: HouseholdID, facts: FactBase)]) -> [Found] {
        guard let columns else { return compareOneByOne(households) }
        var builder = FactBlockBuilder(vocabularies: vocabularies, codes: codes)
        for (id, facts) in households { builder.add(id, facts) }
        var found = compare(builder.finish(), columns)
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
        let wanted = ReplayPlaces(facts.divisionSteps, replay).wanted
        var difference = replay.compare(id, facts, division: wanted?.division)
        if let found = difference, found.rights.contains(where: { $0.causes.count > 1 }) {
            func answers(_ others: [Counterfactual]) -> [Counterfactual.Answer] {
                others.map { ($0.changes, $0.replay.compare(id, facts, division: wanted?.division)) }
            }
            let others = answers(takenBack)
            difference =
                found.withOwnCauses(others, alone: nil) ?? found.withOwnCauses(others, alone: answers(alone))
        }
        return Found(household: id, division: wanted?.division, isWanted: wanted != nil, difference: difference)
    }

    /// What differs, household by household in the order of a block whose codes were given at the start; nil where
    /// households have to be looked at one by one.
    /// - Parameter apart: facts, with those of the files left, of households that came from another one; they are read
    ///   instead of the block's rows.
    package func compare(_ block: FactBlock, apart: [HouseholdID: FactBase] = [:]) -> [Found]? {
        guard let columns else { return nil }
        let found = compare(block, columns)
        guard !apart.isEmpty else { return found }
        return found.map { one in apart[one.household].map { compareOneByOne(one.household, $0) } ?? one }
    }

    /// The columns that the rules of both sides read.
    package var wish: BlockWish {
        guard let columns else { return BlockWish(facts: [:]) }
        return (takenBack + alone).compactMap(\.columns).reduce(columns.wish) { $0.joined($1.wish) }
    }

    /// Vocabularies of all versions of the pack.
    package var packVocabularies: [FactVocabulary] { vocabularies }

    private func compare(_ block: FactBlock, _ columns: ColumnReplay) -> [Found] {
        let found = columns.compare(block)
        let differences = ownCauses(columns.differences(found), block)
        let byHousehold = Dictionary(differences.map { ($0.household, $0) }, uniquingKeysWith: { first, _ in first })
        return block.households.indices.map { row in
            let id = block.households[row]
            let wanted = columns.wanted(row, found)
            return Found(
                household: id, division: wanted?.division, isWanted: wanted != nil, difference: byHousehold[id])
        }
    }

    /// Names for each household the changes that make its difference.
    private func ownCauses(_ differences: [HouseholdDifference], _ block: FactBlock) -> [HouseholdDifference] {
        guard !takenBack.isEmpty, differences.contains(where: { $0.rights.contains { $0.causes.count > 1 } }) else {
            return differences
        }
        let others = answers(takenBack, for: Set(differences.map(\.household)), block)
        let found = differences.map { $0.withOwnCauses(others($0.household), alone: nil) }
        let open = zip(differences, found).filter { $1 == nil }.map(\.0.household)
        guard !open.isEmpty else { return found.compactMap { $0 } }
        let single = answers(alone, for: Set(open), block)
        return zip(differences, found).map { difference, found in
            let id = difference.household
            return found ?? difference.withOwnCauses(others(id), alone: single(id)) ?? difference
        }
    }

    /// What would differ for each of some households of a block.
    private func answers(
        _ others: [Counterfactual], for households: Set<HouseholdID>, _ block: FactBlock
    ) -> (HouseholdID) -> [Counterfactual.Answer] {
        let found = others.compactMap { other -> ([PackDifference.Change], [HouseholdID: HouseholdDifference])? in
            guard let columns = other.columns else { return nil }
            let found = columns.differences(columns.compare(block)) { household, _ in households.contains(household) }
            return (
                other.changes,
                Dictionary(found.map { ($0.household, $0) }, uniquingKeysWith: { first, _ in first })
            )
        }
        return { household in found.map { ($0, $1[household]) } }
    }
}

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
    }

    package let replay: RuleReplay
    private let columns: ColumnReplay?
    private let vocabularies: [FactVocabulary]
    /// Why households are looked at one by one; nil when they are not.
    package let obstacle: NotColumnar?

    /// - Parameters:
    ///   - codes: of the blocks that will be compared, where they are there already.
    ///   - kept: names of what those blocks keep beside their facts.
    package init(_ replay: RuleReplay, codes: CodeTable = CodeTable(), kept: Set<String> = []) {
        self.replay = replay
        vocabularies = replay.candidate.registry.versions.filter { $0.pack.id == replay.candidatePack }
            .map(\.pack.vocabulary)
        do throws(NotColumnar) {
            columns = try ColumnReplay(replay, codes: codes, kept: kept)
            obstacle = nil
        } catch {
            columns = nil
            obstacle = error
        }
    }

    /// What differs, household by household in the order given. Some hundred at a time are best.
    package func compare(_ households: [(id: HouseholdID, facts: FactBase)]) -> [Found] {
        guard let columns else { return compareOneByOne(households) }
        var builder = FactBlockBuilder(vocabularies: vocabularies, codes: columns.codes)
        for (id, facts) in households { builder.add(id, facts) }
        return compare(builder.finish(), columns)
    }

    /// The same without columns.
    package func compareOneByOne(_ households: [(id: HouseholdID, facts: FactBase)]) -> [Found] {
        households.map { id, facts in
            let wanted = ReplayPlaces(facts.divisionSteps, replay).wanted
            return Found(
                household: id, division: wanted?.division, isWanted: wanted != nil,
                difference: replay.compare(id, facts, division: wanted?.division))
        }
    }

    /// What differs, household by household in the order of a block whose codes were given at the start; nil where
    /// households have to be looked at one by one.
    package func compare(_ block: FactBlock) -> [Found]? {
        columns.map { compare(block, $0) }
    }

    /// The columns that the rules of both sides read.
    package var wish: BlockWish { columns?.wish ?? BlockWish(facts: [:]) }

    /// Vocabularies of all versions of the pack.
    package var packVocabularies: [FactVocabulary] { vocabularies }

    private func compare(_ block: FactBlock, _ columns: ColumnReplay) -> [Found] {
        let found = columns.compare(block)
        let differences = columns.differences(found)
        let byHousehold = Dictionary(differences.map { ($0.household, $0) }, uniquingKeysWith: { first, _ in first })
        return block.households.indices.map { row in
            let id = block.households[row]
            let wanted = columns.wanted(row, found)
            return Found(
                household: id, division: wanted?.division, isWanted: wanted != nil, difference: byHousehold[id])
        }
    }
}

import CareDomain
import RuleColumns
import RuleEngine

/// Writes the next state of a folder: changed households in their places, new ones behind the others.
///
/// Nothing counts before `finish` has put the manifest in place; stopped before, the folder stays as it was.
package struct StoreUpdate {
    package let folder: StoreFolder
    private let vocabularies: [FactVocabulary]
    private let keys: [String: FactColumnKey]
    private var codes: CodeTable
    private var blocks: [FactStore.Manifest.Block]
    private let before: FactStore?
    private let generation: Int
    private let standing: StandingPlan?
    /// Blocks that were there before and keep something else than what is asked for now.
    private var older: Set<Int>
    private var written = 0
    /// Households whose rows do not say what the log says, to be read the next time.
    package var behind: [String] = []
    /// What is kept from whoever reads the log, see `FactStore.Manifest.withheld`.
    package var withheld: String
    /// Households whose rights may go on from another file, see `FactStore.Manifest.arrived`.
    private var arrived: Set<String>

    /// - Parameters:
    ///   - store: what stands and is gone on with; nil = everything anew.
    ///   - vocabularies: of the packs whose rules may be asked.
    ///   - rules: those in force, for which answers are kept beside the facts; nil = facts alone.
    package init(
        _ folder: StoreFolder, from store: FactStore?, vocabularies: [FactVocabulary], rules: Evaluator? = nil
    ) {
        self.folder = folder
        self.vocabularies = vocabularies
        keys = FactStore.keys(of: vocabularies)
        before = store
        let codes = store?.codes ?? CodeTable(texts: Self.texts(of: vocabularies))
        let standing = rules.map { StandingPlan($0, codes: codes) }
        self.standing = standing
        self.codes = standing?.codes ?? codes
        blocks = store?.manifest.blocks ?? []
        arrived = Set(store?.manifest.arrived ?? [])
        withheld = store?.manifest.withheld ?? ""
        older = store.map { $0.manifest.kept == standing?.names ?? [] ? [] : Set($0.manifest.blocks.indices) } ?? []
        generation = (store ?? FactStore.open(folder)).map { $0.manifest.generation + 1 } ?? 1
    }

    /// Codes that vocabularies name, so that most payloads are the same whatever the order of households.
    private static func texts(of vocabularies: [FactVocabulary]) -> [String] {
        var table = CodeTable()
        for fact in vocabularies.flatMap(\.facts) {
            if case .code(let codes) = fact.type { for code in codes { _ = table.number(of: code.rawValue) } }
        }
        return table.texts
    }

    /// Where each household stands.
    package func places() throws(BadImage) -> [HouseholdID: (block: Int, row: Int)] {
        var places: [HouseholdID: (block: Int, row: Int)] = [:]
        guard let before else { return places }
        places.reserveCapacity(before.manifest.households)
        for index in before.manifest.blocks.indices {
            for (row, id) in try before.block(index, keys: [:]).households.enumerated() { places[id] = (index, row) }
        }
        return places
    }

    /// A builder for a block of new households; several may be at work at once.
    package func builder() -> FactBlockBuilder {
        FactBlockBuilder(vocabularies: vocabularies, codes: codes, standing: standing)
    }

    /// The blocks whose answers are of other rules than those in force now, in order.
    package var olderBlocks: [Int] { older.sorted() }

    /// A block with the same facts and the answers of the rules in force; several may be asked for at once.
    package func renewed(_ index: Int) throws(BadImage) -> FactBlock? {
        guard let block = try before?.block(index, keys: keys) else { return nil }
        return standing?.answers(for: block) ?? block
    }

    /// Puts a block in place of one, made by `renewed`.
    package mutating func put(_ block: FactBlock, at index: Int) throws(StoreError) {
        blocks[index] = try write(block, nextName())
        older.remove(index)
    }

    /// Adds a block of new households, made by `builder()`.
    package mutating func append(_ block: FactBlock) throws(StoreError) {
        guard !block.households.isEmpty else { return }
        let name = nextName()
        blocks.append(try write(block, name))
    }

    /// Writes a block anew with other facts of some of its households.
    /// - Parameters:
    ///   - changed: by row.
    ///   - more: households to put behind the others.
    package mutating func replace(
        _ index: Int, changed: [Int: FactBase], more: [(id: HouseholdID, facts: FactBase)] = []
    ) throws {
        guard let before else { return }
        let old = try before.block(index, keys: keys)
        var builder = builder()
        for row in old.households.indices {
            if let facts = changed[row] {
                builder.add(old.households[row], facts)
            } else {
                builder.add(row: row, of: old)
            }
        }
        for (id, facts) in more { builder.add(id, facts) }
        try put(builder.finish(), at: index)
    }

    /// Keeps in mind whether persons came into a household's file from another one.
    package mutating func note(_ id: HouseholdID, arrivals: [FileArrival]) {
        if arrivals.isEmpty { arrived.remove(id.description) } else { arrived.insert(id.description) }
    }

    /// Room in the last block.
    package var room: Int { blocks.last.map { max(0, FactStore.blockSize - $0.households) } ?? 0 }

    private mutating func nextName() -> String {
        written += 1
        return "\(generation)-\(written).block"
    }

    private mutating func write(_ block: FactBlock, _ name: String) throws(StoreError) -> FactStore.Manifest.Block {
        let image = FactBlockImage(block.recoded(into: &codes))
        try folder.write(image.bytes, to: name)
        return .init(
            file: name, households: block.households.count, digest: Digest.text(of: image.digest))
    }

    /// Puts the new state in place.
    /// - Parameters:
    ///   - cursor: up to where of the log this says what it says.
    ///   - lastEvent: the last event taken in.
    package func finish(cursor: String, lastEvent: String) throws(StoreError) -> FactStore {
        var manifest = FactStore.Manifest(
            cursor: cursor, lastEvent: lastEvent, columns: keys.keys.sorted(), texts: codes.texts)
        manifest.blocks = blocks
        // Blocks that were left as they are may have less.
        manifest.kept = (standing?.names ?? []).filter { older.isEmpty || before?.manifest.kept.contains($0) ?? true }
        manifest.behind = behind
        manifest.arrived = arrived.sorted()
        manifest.withheld = withheld
        manifest.generation = generation
        try folder.write(try FactStore.encode(manifest), to: FactStore.manifestName)
        folder.keep(Set(blocks.map(\.file) + [FactStore.manifestName]))
        return FactStore(folder: folder, manifest: manifest)
    }
}

/// Which columns of a block a plan reads.
package struct BlockWish: Sendable {
    /// Facts, where the block lacks one of the kept columns.
    let facts: WishedNames<FactColumnKey>
    /// Facts, where it has them all.
    let besides: WishedNames<FactColumnKey>
    /// Names of kept columns.
    package let kept: Set<String>
    let keptNames: WishedNames<String>
    /// Whether it is asked whose the rows are. Who only counts and sums does without; of a block in which people decided
    /// something it is read all the same.
    package private(set) var subjects = true

    init(facts: [FactColumnKey], besides: [FactColumnKey], kept: Set<String>) {
        self.facts = WishedNames(facts.map { ($0.text, $0) })
        self.besides = WishedNames(besides.map { ($0.text, $0) })
        self.kept = kept
        keptNames = WishedNames(kept.map { ($0, $0) })
    }

    /// Facts alone.
    package init(facts: [String: FactColumnKey]) {
        self.facts = WishedNames(facts.map { ($0.key, $0.value) })
        besides = self.facts
        kept = []
        keptNames = WishedNames([])
    }

    /// What either wants.
    package func joined(_ other: BlockWish) -> BlockWish {
        BlockWish(
            facts: facts.joined(other.facts), besides: besides.joined(other.besides),
            keptNames: keptNames.joined(other.keptNames), kept: kept.union(other.kept))
    }

    private init(
        facts: WishedNames<FactColumnKey>, besides: WishedNames<FactColumnKey>, keptNames: WishedNames<String>,
        kept: Set<String>
    ) {
        self.facts = facts
        self.besides = besides
        self.keptNames = keptNames
        self.kept = kept
    }

    /// The same, without whose the rows are.
    package var counting: BlockWish {
        var wish = self
        wish.subjects = false
        return wish
    }
}

/// Values by names that are looked up as bytes: a block lists more than a hundred, of which few are asked for.
struct WishedNames<Value: Sendable>: Sendable {
    private let entries: [(name: [UInt8], value: Value)]

    init(_ entries: [(name: String, value: Value)]) {
        self.entries = entries.map { (Array($0.name.utf8), $0.value) }
    }

    private init(all entries: [(name: [UInt8], value: Value)]) { self.entries = entries }

    func joined(_ other: WishedNames) -> WishedNames {
        WishedNames(all: entries + other.entries.filter { one in !entries.contains { $0.name == one.name } })
    }

    subscript(name: UnsafeRawBufferPointer) -> Value? {
        for entry in entries where entry.name.count == name.count && name.elementsEqual(entry.name) {
            return entry.value
        }
        return nil
    }
}

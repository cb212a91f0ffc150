import CareDomain
import RuleEngine

/// What the published packs ask of offices, worked out once for all divisions to which the same versions apply: there may be
/// tens of thousands of villages.
struct OfficeCalendar {
    /// What is asked of every version of a pack.
    struct Pack {
        let id: PackID
        /// The day on which its first version was published; nil = none was.
        let published: CivilDay?
        /// Where each of its versions applies; nil = everywhere.
        let territories: [DivisionCode?]
    }

    private struct Key: Hashable {
        let pack: PackID
        let year: Int
        /// Which of the versions apply.
        let applies: [Bool]
    }

    let packs: [Pack]
    private let registry: PackRegistry
    private var known: [Key: [DutyItem]] = [:]

    init(_ registry: PackRegistry) {
        self.registry = registry
        packs = registry.packs.map { id in
            let versions = registry.versions.filter { $0.pack.id == id }
            return Pack(
                id: id, published: versions.compactMap(\.publishedAt).min()?.day,
                territories: versions.map(\.pack.territory))
        }
    }

    /// What a pack asks of the offices of a division in a year.
    mutating func items(of pack: Pack, in division: DivisionCode, year: Int) -> [DutyItem] {
        let applies = pack.territories.map { territory in territory.map { division.isWithin($0) } ?? true }
        guard applies.contains(true) else { return [] }
        let key = Key(pack: pack.id, year: year, applies: applies)
        if let items = known[key] { return items }
        let items = registry.dutyItems(of: pack.id, in: division, year: year)
        known[key] = items
        return items
    }
}

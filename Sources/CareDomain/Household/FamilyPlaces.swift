/// Where a family belongs: by registration and by residence, day by day.
package struct FamilyPlaces: Hashable, Sendable {
    /// What was told of its places, by day.
    private let told: [ResidenceEntry]

    fileprivate init(told: [ResidenceEntry]) { self.told = told }

    /// Nothing is known of its places.
    package static let unknown = FamilyPlaces(told: [])

    /// The divisions to which it belongs on a day; before the first word about its place that one. Empty = not known.
    package func on(_ day: CivilDay) -> Set<DivisionCode> {
        let latest = [HouseholdMoved.Kind.registration, .residence].compactMap { kind in
            told.last { $0.kind == kind && $0.from <= day }
        }
        return Set((latest.isEmpty ? told.prefix(1).map { $0 } : latest).map(\.division))
    }
}

extension Household {
    /// Where it belongs.
    package var places: FamilyPlaces { FamilyPlaces(told: residences) }
}

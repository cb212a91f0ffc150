/// 岛内岛外模式: which kinds of aid which districts give. What a pack says of its own territory; elsewhere every kind may be given.
/// - Source: XM-4.1, reading XM-Q2: the mode is a property of the district
package struct LendingPlaces: Hashable, Sendable {
    /// Where it is said; nil = nowhere.
    package let territory: DivisionCode?
    /// The districts that give a kind of aid; a kind that is missing is given by none.
    package let districts: [LendingMode: [DivisionCode]]

    /// Nothing is said of any place.
    package static let everywhere = LendingPlaces(territory: nil, districts: [:])

    package init(territory: DivisionCode?, districts: [LendingMode: [DivisionCode]]) {
        self.territory = territory
        self.districts = districts
    }

    /// Whether families of a division get this kind of aid.
    package func gives(_ mode: LendingMode, in division: DivisionCode) -> Bool {
        guard let territory, division.isWithin(territory) else { return true }
        return districts[mode, default: []].contains { division.isWithin($0) }
    }

    /// Whether a fund of a division could help anybody with this kind of aid: a city's fund may, when one of its districts does.
    package func mayGive(_ mode: LendingMode, from division: DivisionCode) -> Bool {
        gives(mode, in: division) || districts[mode, default: []].contains { $0.isWithin(division) }
    }
}

extension AdministrativeLevel {
    /// The levels for which somebody acts in a place: the offices of villages and townships by what they are, all others by
    /// the divisions they are responsible for.
    ///
    /// `includes` asks whether somebody acts for a level or one above it; this asks for the level itself, for reviews that
    /// each level does on its own.
    package static func own(
        of department: DepartmentID?, actingFor divisions: [DivisionCode], in place: DivisionCode
    ) -> Set<AdministrativeLevel> {
        var levels = Set(divisions.filter { place.isWithin($0) }.compactMap(\.administrativeLevel))
        guard !levels.isEmpty || divisions.contains(.everywhere) else { return [] }
        switch department {
        case KnownOffices.community?: levels = [.village]
        case KnownOffices.township?: levels = levels == [.village] ? [] : [.township]
        default: break
        }
        return levels
    }
}

extension DepartmentID {
    /// The highest level for which an office acts by what it is; nil = that of its division.
    var highestLevel: AdministrativeLevel? {
        switch self {
        case KnownOffices.community: .village
        case KnownOffices.township: .township
        default: nil
        }
    }
}

extension DivisionCode {
    /// The level of the division; nil for a province and for everywhere.
    package var administrativeLevel: AdministrativeLevel? {
        switch prefixDigits {
        case 10...: .village
        case 7...9: .township
        case 5...6: .county
        case 3...4: .city
        default: nil
        }
    }
}

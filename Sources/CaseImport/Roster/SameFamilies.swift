import CareDomain

/// Families of one file that are one family told twice: two or more of their people are one person, as `PersonComparison` says.
/// Of whom the table says that it is somebody else is nobody else.
struct SameFamilies {
    /// Only rows that share both are compared: of others nothing says that they are of one person.
    private struct NameAndBirth: Hashable {
        let name: String
        let birth: CivilDay
    }

    private var others: [Int: [Int]] = [:]

    init(_ families: [[RosterRow]]) {
        var bearers: [NameAndBirth: [(family: Int, traits: PersonTraits)]] = [:]
        for rows in families {
            for row in rows {
                let traits = row.traits
                guard let name = traits.name, let birth = traits.birthDate, row.text(.namesake) == nil else {
                    continue
                }
                bearers[NameAndBirth(name: name, birth: birth), default: []].append((rows[0].row, traits))
            }
        }
        var shared: [Int: [Int: Int]] = [:]
        for one in bearers.values where one.count > 1 {
            for (place, first) in one.enumerated() {
                for second in one[(place + 1)...] where first.family != second.family {
                    guard PersonComparison(first.traits, second.traits).isSame else { continue }
                    shared[first.family, default: [:]][second.family, default: 0] += 1
                    shared[second.family, default: [:]][first.family, default: 0] += 1
                }
            }
        }
        others = shared.mapValues { counts in counts.filter { $0.value > 1 }.keys.sorted() }
    }

    /// First rows of the families that are the one which begins in a row.
    func others(of row: Int) -> [Int] { others[row] ?? [] }
}

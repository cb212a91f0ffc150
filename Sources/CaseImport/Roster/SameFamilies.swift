import CareDomain

/// Families of one file that are one family told twice: two or more of their people have one name and one birth date, and no ID
/// numbers tell them apart. Of whom the table says that it is somebody else is nobody else.
struct SameFamilies {
    private struct Person: Hashable {
        let name: String
        let birth: CivilDay
    }

    private var others: [Int: [Int]] = [:]

    init(_ families: [[RosterRow]]) {
        var bearers: [Person: [(family: Int, number: String?)]] = [:]
        for rows in families {
            for row in rows {
                guard let name = row.text(.name), let birth = row.birthDate, row.text(.namesake) == nil else {
                    continue
                }
                bearers[Person(name: name, birth: birth), default: []].append((rows[0].row, row.idNumber?.digits))
            }
        }
        var shared: [Int: [Int: Int]] = [:]
        for one in bearers.values where one.count > 1 {
            for (place, first) in one.enumerated() {
                for second in one[(place + 1)...] where first.family != second.family {
                    // Namesakes of one birthday with numbers are told apart by them.
                    if let number = first.number, let other = second.number, number != other { continue }
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

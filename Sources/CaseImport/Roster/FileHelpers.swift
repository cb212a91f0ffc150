import CareDomain

/// The helpers that a roster names: one name with one telephone is one person, and so is one name with one unit where one of
/// the two has no telephone.
struct FileHelpers: Sendable {
    private struct Post: Hashable {
        let name: String
        let unit: String?
    }

    /// The telephones given with a name and unit.
    private var phones: [Post: Set<String>] = [:]

    init(_ rows: [RosterRow]) {
        for row in rows {
            for columns in RosterColumn.pairings {
                guard let name = row.text(columns.name), let phone = Self.digits(row.text(columns.phone)) else {
                    continue
                }
                phones[Post(name: name, unit: row.text(columns.unit)), default: []].insert(phone)
            }
        }
    }

    /// What tells one helper of the file from another: telephone and name, or unit and name.
    func key(name: String, unit: String?, phone: String?) -> String {
        let known = phones[Post(name: name, unit: unit)] ?? []
        // Of several with telephones nobody can say which of them has left his out.
        guard let phone = Self.digits(phone) ?? (known.count == 1 ? known.first : nil) else {
            return "helper,\(unit ?? ""),\(name),"
        }
        return "helper,phone,\(phone),\(name)"
    }

    private static func digits(_ phone: String?) -> String? {
        let digits = phone?.filter(\.isNumber) ?? ""
        return digits.isEmpty ? nil : digits
    }
}

extension FamilyPlanner {
    /// The helper a row names, with a known id where all that is told says who it is.
    func helper(_ columns: RosterColumn.PairingColumns, in row: RosterRow) -> (Helper, [SealedPart]) {
        let name = row.text(columns.name)
        let unit = row.text(columns.unit)
        let phone = row.text(columns.phone)
        let found = name.flatMap { lookup.helper(name: $0, unit: unit, phone: phone) }
        let own = name.map { helpers.key(name: $0, unit: unit, phone: phone) } ?? "helper,\(unit ?? ""),,\(key)"
        let id = found ?? DerivedIDs.outsider(scope: file, own)
        let details = PersonalDetails(name: name, phone: phone)
        return (
            Helper(id: id, unit: unit, hasRealName: name != nil),
            details.isEmpty ? [] : [SealedPart(subject: id, details: details)]
        )
    }
}

import CareDomain
import OfficeFiles

/// A value of a file about a person of a household, to be held against the one on record without seeing that.
package struct HeldValue: Hashable, Sendable {
    package let person: PersonID
    package let field: PersonalField
    package let value: String
}

extension HeldValue {
    /// Most values of one household in one comparison; the contract's limit.
    private static let maximum = 512
    /// Most bytes of a value in a comparison; none on record is longer.
    private static let longest = 512

    /// What the rows of a family say of the people in a household that may be that family: nobody knows yet which row is
    /// about which member, so each is compared with each.
    package static func values(of rows: [RosterRow], about household: Household) -> [HeldValue] {
        let members = household.members.filter { $0.leftOn == nil }
        var pairs = rows.flatMap { row in members.map { (row, $0) } }
        // A table that calls a whole village one family: only who may be meant.
        if pairs.count * PersonalField.allCases.count > maximum { pairs.removeAll { $0.role != $1.role } }
        var found = pairs.flatMap { row, member in row.personalValues(about: member.id) }
        // An old table still lists who left since.
        let former = household.members.filter { member in
            member.leftOn != nil && !members.contains { $0.id == member.id }
        }
        found += rows.flatMap { row in former.flatMap { row.personalValues(about: $0.id, isFormer: true) } }
        for columns in RosterColumn.pairings {
            let row = rows.first { $0.values[columns.name] != nil } ?? rows.first { $0.values[columns.unit] != nil }
            guard let row else { continue }
            for tenure in household.pairings where tenure.kind == columns.kind && tenure.period.end == nil {
                found += [(PersonalField.name, columns.name), (.phone, columns.phone)].compactMap { field, column in
                    row.text(column).map { HeldValue(person: tenure.helper.id, field: field, value: $0) }
                }
            }
        }
        return distinct(found)
    }

    /// What a filled-in form says of the people in a household: who is its head, and who signed.
    package static func values(ofForm row: CSVRow, in table: CSVTable, about household: Household) -> [HeldValue] {
        let form = VisitRow(row: row, table: table)
        // Also of those who left: a form may be older, and whose it is hangs on its day.
        var found = household.members.flatMap { member in
            form.headValues.map { HeldValue(person: member.id, field: $0, value: $1) }
        }
        if let visitor = form.visitor {
            for tenure in household.pairings where tenure.helper.unit == nil {
                found.append(HeldValue(person: tenure.helper.id, field: .name, value: visitor))
            }
            // Whether a form of that day is by the same visitor tells whether it is the same form.
            for visit in household.visits where visit.day == form.formDay {
                guard let person = visit.visit.visitor else { continue }
                found.append(HeldValue(person: person, field: .name, value: visitor))
            }
        }
        return distinct(found)
    }

    private static func distinct(_ values: [HeldValue]) -> [HeldValue] {
        var seen: Set<HeldValue> = []
        let held = values.filter { $0.value.utf8.count <= longest && seen.insert($0).inserted }
        return Array(held.prefix(maximum))
    }
}

extension RosterRow {
    /// - Parameter isFormer: Of who left it is only asked whether it is that person.
    fileprivate func personalValues(about person: PersonID, isFormer: Bool = false) -> [HeldValue] {
        var values: [(PersonalField, String?)] = [(.name, text(.name)), (.idNumber, idNumber?.digits)]
        if !isFormer {
            values += [
                (.phone, text(.phone)), (.address, text(.address)), (.certificateNumber, text(.disabilityNumber)),
            ]
        }
        return values.compactMap { field, value in value.map { HeldValue(person: person, field: field, value: $0) } }
    }
}

import OfficeFiles

/// The empty forms an office fills in.
package enum OfficeTemplate: String, CaseIterable, Sendable {
    /// One row per family member.
    case roster
    /// One row per filled-in needs form.
    case visit

    /// The headings in order.
    package var headings: [String] {
        switch self {
        case .roster: RosterColumn.allCases.map(\.heading)
        case .visit:
            [NeedsForm.householdHeading, NeedsForm.headNumberHeading] + NeedsForm.fields.map(\.label)
        }
    }

    /// The form as a CSV file: the headings alone, because a row of explanations would be imported as a family.
    package var file: [UInt8] {
        var writer = CSVWriter()
        writer.append(headings)
        return writer.bytes
    }
}

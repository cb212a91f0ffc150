/// A value about a person that stands in sealed parts and can be compared without being shown.
package enum PersonalField: String, Hashable, Sendable, CaseIterable {
    case name
    case idNumber = "id_number"
    case phone
    case address
    case certificateNumber = "certificate_number"

    /// Where it stands in the details.
    package var path: WritableKeyPath<PersonalDetails, String?> {
        switch self {
        case .name: \.name
        case .idNumber: \.idNumber
        case .phone: \.phone
        case .address: \.address
        case .certificateNumber: \.certificateNumber
        }
    }
}

/// How a value stands to the one on record.
package enum ValueAgreement: Hashable, Sendable, CaseIterable {
    case same, differs, notOnRecord

    /// Compares a value with what is on record. A name is the same spread and closed (`PersonName`).
    package init(_ value: String, onRecord: String?, in field: PersonalField) {
        guard let onRecord else {
            self = .notOnRecord
            return
        }
        let isSame =
            field == .name ? PersonName.closed(value) == PersonName.closed(onRecord) : value == onRecord
        self = isSame ? .same : .differs
    }
}

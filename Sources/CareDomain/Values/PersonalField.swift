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

    /// Compares a value with what is on record.
    package init(_ value: String, onRecord: String?) {
        self = onRecord.map { $0 == value ? .same : .differs } ?? .notOnRecord
    }
}

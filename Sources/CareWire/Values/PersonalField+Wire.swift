import CareDomain

extension PersonalField {
    /// - Throws: `WireError` when the message leaves it open or names one that this program does not know.
    package init(wireField wire: Care_V1_PersonalField) throws(WireError) {
        switch wire {
        case .name: self = .name
        case .idNumber: self = .idNumber
        case .phone: self = .phone
        case .address: self = .address
        case .certificateNumber: self = .certificateNumber
        case .unspecified: throw WireError(.missing, "field")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "field", limit: Int64(number))
        }
    }

    package var wireField: Care_V1_PersonalField {
        switch self {
        case .name: .name
        case .idNumber: .idNumber
        case .phone: .phone
        case .address: .address
        case .certificateNumber: .certificateNumber
        }
    }
}

extension ValueAgreement {
    /// - Throws: `WireError` when the message leaves it open or says something that this program does not know.
    package init(wireAgreement wire: Care_V1_Agreement) throws(WireError) {
        switch wire {
        case .same: self = .same
        case .differs: self = .differs
        case .notOnRecord: self = .notOnRecord
        case .unspecified: throw WireError(.missing, "agreement")
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "agreement", limit: Int64(number))
        }
    }

    package var wireAgreement: Care_V1_Agreement {
        switch self {
        case .same: .same
        case .differs: .differs
        case .notOnRecord: .notOnRecord
        }
    }
}

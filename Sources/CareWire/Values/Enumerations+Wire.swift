import CareDomain

extension Sex {
    /// nil when the message leaves it open.
    static func ifSet(_ wire: Care_V1_Sex, _ field: String) throws(WireError) -> Sex? {
        switch wire {
        case .unspecified: nil
        case .female: .female
        case .male: .male
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_Sex {
        switch self {
        case .female: .female
        case .male: .male
        }
    }
}

extension Area {
    /// nil when the message leaves it open.
    static func ifSet(_ wire: Care_V1_Area, _ field: String) throws(WireError) -> Area? {
        switch wire {
        case .unspecified: nil
        case .urban: .urban
        case .rural: .rural
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_Area {
        switch self {
        case .urban: .urban
        case .rural: .rural
        }
    }
}

extension MemberRole {
    /// nil when the message leaves it open.
    static func ifSet(_ wire: Care_V1_MemberRole, _ field: String) throws(WireError) -> MemberRole? {
        switch wire {
        case .unspecified: nil
        case .wife: .wife
        case .husband: .husband
        case .singleParent: .singleParent
        case .onlyChild: .onlyChild
        case .adoptedChild: .adoptedChild
        case .other: .other
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_MemberRole {
        switch self {
        case .wife: .wife
        case .husband: .husband
        case .singleParent: .singleParent
        case .onlyChild: .onlyChild
        case .adoptedChild: .adoptedChild
        case .other: .other
        }
    }
}

extension Principal.Right {
    init(wire: Care_V1_Right) throws(WireError) {
        switch wire {
        case .command: self = .command
        case .query: self = .query
        case .reveal: self = .reveal
        case .importHistory: self = .importHistory
        case .vouch: self = .vouch
        case .operate: self = .operate
        case .append: self = .append
        case .unspecified: throw WireError(.missing)
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, limit: Int64(number))
        }
    }

    var wire: Care_V1_Right {
        switch self {
        case .command: .command
        case .query: .query
        case .reveal: .reveal
        case .importHistory: .importHistory
        case .vouch: .vouch
        case .operate: .operate
        case .append: .append
        }
    }
}

extension TransitionClause {
    init(wire: Care_V1_PackPublished.Transition, _ field: String) throws(WireError) {
        switch wire {
        case .unspecified: self = .all
        case .retroactive: self = .retroactive
        case .newCases: self = .newCases
        case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, field, limit: Int64(number))
        }
    }

    var wire: Care_V1_PackPublished.Transition {
        switch self {
        case .all: .unspecified
        case .retroactive: .retroactive
        case .newCases: .newCases
        }
    }
}

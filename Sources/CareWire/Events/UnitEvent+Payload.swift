import CareDomain

/// `UnitAdvanceSet`, whose payload is a `UnitSum` like that of the budget.
struct AdvanceSum: WireMapped {
    var sum: UnitSum

    init(_ sum: UnitSum) { self.sum = sum }

    init(wire: Care_V1_UnitSum) throws(WireError) { sum = try UnitSum(wire: wire) }

    func wire() throws(WireError) -> Care_V1_UnitSum { try sum.wire() }
}

extension UnitEvent {
    /// Its type's number.
    var kind: EventKind {
        switch self {
        case .guidanceSet: .guidanceSet
        case .budgetSet: .unitBudgetSet
        case .advanceSet: .unitAdvanceSet
        case .scored: .unitScored
        case .settled: .settlementFrozen
        case .placeReserved: .placeReserved
        case .placeConfirmed: .placeConfirmed
        case .placeReleased: .placeReleased
        }
    }

    /// `PlaceReserved`.
    package var name: String {
        switch self {
        case .guidanceSet: "GuidanceSet"
        case .budgetSet: "UnitBudgetSet"
        case .advanceSet: "UnitAdvanceSet"
        case .scored: "UnitScored"
        case .settled: "SettlementFrozen"
        case .placeReserved: "PlaceReserved"
        case .placeConfirmed: "PlaceConfirmed"
        case .placeReleased: "PlaceReleased"
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .guidanceSet(let event): try Payload.encode(event)
        case .budgetSet(let event): try Payload.encode(event)
        case .advanceSet(let event): try Payload.encode(AdvanceSum(event))
        case .scored(let event): try Payload.encode(event)
        case .settled(let event): try Payload.encode(event)
        case .placeReserved(let event): try Payload.encode(event)
        case .placeConfirmed(let event): try Payload.encode(event)
        case .placeReleased(let event): try Payload.encode(event)
        }
    }

    /// Reads a payload of the newest version; nil for a type that is none of a unit's.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .guidanceSet: self = .guidanceSet(try Payload.decode(bytes))
        case .unitBudgetSet: self = .budgetSet(try Payload.decode(bytes))
        case .unitAdvanceSet:
            let advance: AdvanceSum = try Payload.decode(bytes)
            self = .advanceSet(advance.sum)
        case .unitScored: self = .scored(try Payload.decode(bytes))
        case .settlementFrozen: self = .settled(try Payload.decode(bytes))
        case .placeReserved: self = .placeReserved(try Payload.decode(bytes))
        case .placeConfirmed: self = .placeConfirmed(try Payload.decode(bytes))
        case .placeReleased: self = .placeReleased(try Payload.decode(bytes))
        default: return nil
        }
    }
}

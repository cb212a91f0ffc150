import CareDomain

/// An event of any stream.
package enum CareEvent: Hashable, Sendable {
    case household(HouseholdEvent)
    case person(PersonEvent)
    case pack(PackEvent)
    case access(AccessEvent)
    case batch(BatchEvent)
    case unit(UnitEvent)
    case lending(LendingEvent)
    case duty(DutyEvent)
    case deployment(DeploymentEvent)

    /// Its type's number.
    package var kind: EventKind {
        switch self {
        case .household(let event): event.kind
        case .person(.reserved): .personReserved
        case .person(.confirmed): .personConfirmed
        case .person(.released): .personReleased
        case .pack(.published): .packPublished
        case .pack(.parameterSet): .parameterSet
        case .access(.read): .sealedPartsRead
        case .access(.compared): .detailsCompared
        case .access(.settled): .parkedEventSettled
        case .access(.attachmentKept): .attachmentKept
        case .access(.attachmentRead): .attachmentRead
        case .batch(let event): event.kind
        case .unit(let event): event.kind
        case .lending(let event): event.kind
        case .duty(let event): event.kind
        case .deployment(.tokenKeyAdopted): .tokenKeyAdopted
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .household(let event): try event.payload()
        case .person(.reserved(let claim)): try Payload.encode(ReservedClaim(claim))
        case .person(.confirmed(let claim)): try Payload.encode(ConfirmedClaim(claim))
        case .person(.released(let claim, let reason)): try Payload.encode(ReleasedClaim(claim, reason: reason))
        case .pack(.published(let event)): try Payload.encode(event)
        case .pack(.parameterSet(let event)): try Payload.encode(event)
        case .access(.read(let event)): try Payload.encode(event)
        case .access(.compared(let event)): try Payload.encode(event)
        case .access(.settled(let event)): try Payload.encode(event)
        case .access(.attachmentKept(let event)): try Payload.encode(event)
        case .access(.attachmentRead(let event)): try Payload.encode(event)
        case .batch(let event): try event.payload()
        case .unit(let event): try event.payload()
        case .lending(let event): try event.payload()
        case .duty(let event): try event.payload()
        case .deployment(.tokenKeyAdopted(let event)): try Payload.encode(event)
        }
    }

    /// Reads a payload of the newest version.
    init(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        if let event = try HouseholdEvent(kind: kind, newest: bytes) {
            self = .household(event)
            return
        }
        if let event = try BatchEvent(kind: kind, newest: bytes) {
            self = .batch(event)
            return
        }
        if let event = try UnitEvent(kind: kind, newest: bytes) {
            self = .unit(event)
            return
        }
        if let event = try LendingEvent(kind: kind, newest: bytes) {
            self = .lending(event)
            return
        }
        if let event = try DutyEvent(kind: kind, newest: bytes) {
            self = .duty(event)
            return
        }
        switch kind {
        case .personReserved:
            let reserved: ReservedClaim = try Payload.decode(bytes)
            self = .person(.reserved(reserved.claim))
        case .personConfirmed:
            let confirmed: ConfirmedClaim = try Payload.decode(bytes)
            self = .person(.confirmed(confirmed.claim))
        case .personReleased:
            let released: ReleasedClaim = try Payload.decode(bytes)
            self = .person(.released(released.claim, reason: released.reason))
        case .packPublished: self = .pack(.published(try Payload.decode(bytes)))
        case .parameterSet: self = .pack(.parameterSet(try Payload.decode(bytes)))
        case .sealedPartsRead: self = .access(.read(try Payload.decode(bytes)))
        case .detailsCompared: self = .access(.compared(try Payload.decode(bytes)))
        case .parkedEventSettled: self = .access(.settled(try Payload.decode(bytes)))
        case .attachmentKept: self = .access(.attachmentKept(try Payload.decode(bytes)))
        case .attachmentRead: self = .access(.attachmentRead(try Payload.decode(bytes)))
        case .tokenKeyAdopted: self = .deployment(.tokenKeyAdopted(try Payload.decode(bytes)))
        default: throw WireError(.unknownKind, "kind", limit: Int64(kind.rawValue))
        }
    }
}

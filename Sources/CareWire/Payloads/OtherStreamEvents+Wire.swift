import CareDomain

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The claim of `PersonReserved`.
struct ReservedClaim: WireMapped {
    var claim: PersonClaim

    init(_ claim: PersonClaim) { self.claim = claim }

    init(wire: Care_V1_PersonReserved) throws(WireError) {
        claim = try PersonClaim(household: wire.household, person: wire.person, command: wire.command)
    }

    func wire() throws(WireError) -> Care_V1_PersonReserved {
        var wire = Care_V1_PersonReserved()
        wire.household = claim.household.data
        wire.person = claim.person.data
        wire.command = claim.command.data
        return wire
    }
}

/// The claim of `PersonConfirmed`.
struct ConfirmedClaim: WireMapped {
    var claim: PersonClaim

    init(_ claim: PersonClaim) { self.claim = claim }

    init(wire: Care_V1_PersonConfirmed) throws(WireError) {
        claim = try PersonClaim(household: wire.household, person: wire.person, command: wire.command)
    }

    func wire() throws(WireError) -> Care_V1_PersonConfirmed {
        var wire = Care_V1_PersonConfirmed()
        wire.household = claim.household.data
        wire.person = claim.person.data
        wire.command = claim.command.data
        return wire
    }
}

/// The claim and reason of `PersonReleased`.
struct ReleasedClaim: WireMapped {
    var claim: PersonClaim
    var reason: Code

    init(_ claim: PersonClaim, reason: Code) {
        self.claim = claim
        self.reason = reason
    }

    init(wire: Care_V1_PersonReleased) throws(WireError) {
        claim = try PersonClaim(household: wire.household, person: wire.person, command: wire.command)
        reason = try Field.code(wire.reason, "reason")
    }

    func wire() throws(WireError) -> Care_V1_PersonReleased {
        var wire = Care_V1_PersonReleased()
        wire.household = claim.household.data
        wire.person = claim.person.data
        wire.command = claim.command.data
        wire.reason = reason.rawValue
        return wire
    }
}

extension PersonClaim {
    fileprivate init(household: Data, person: Data, command: Data) throws(WireError) {
        self.init(
            household: try Field.id(household, "household"), person: try Field.id(person, "person"),
            command: try Field.id(command, "command"))
    }
}

extension PackPublished: WireMapped {
    init(wire: Care_V1_PackPublished) throws(WireError) {
        guard !wire.content.isEmpty else { throw WireError(.missing, "content") }
        guard wire.content.count <= WireLimits.pack else {
            throw WireError(.tooLong, "content", limit: Int64(WireLimits.pack))
        }
        self.init(
            pack: try Field.code(wire.pack, "pack"),
            effectiveFrom: try Field.day(wire.effectiveFrom, "effective_from"),
            enactedOn: try Field.day(wire.enactedOn, "enacted_on"), hash: try Field.digest(wire.hash, "hash"),
            bytes: [UInt8](wire.content), transition: try .init(wire: wire.transition, "transition"))
    }

    func wire() throws(WireError) -> Care_V1_PackPublished {
        var wire = Care_V1_PackPublished()
        wire.pack = pack.rawValue
        wire.effectiveFrom = effectiveFrom.dayNumber
        wire.enactedOn = enactedOn.dayNumber
        wire.hash = Data(hash)
        wire.content = Data(bytes)
        wire.transition = transition.wire
        return wire
    }
}

extension ParameterSet: WireMapped {
    init(wire: Care_V1_ParameterSet) throws(WireError) {
        self.init(
            parameter: try Field.code(wire.parameter, "parameter"),
            keys: try Field.codes(wire.keys, "keys", limit: WireLimits.parameterKeys),
            value: try Field.required(wire.hasValue ? wire.value : nil, "value"),
            until: try Field.day(ifSet: wire.hasUntil ? wire.until : nil, "until"),
            source: try Field.text(
                ifSet: wire.hasSource ? wire.source : nil, "source", limit: WireLimits.parameterSource))
    }

    func wire() throws(WireError) -> Care_V1_ParameterSet {
        var wire = Care_V1_ParameterSet()
        wire.parameter = parameter.rawValue
        wire.keys = keys.map(\.rawValue)
        wire.value = try value.wire()
        if let until { wire.until = until.dayNumber }
        if let source { wire.source = source }
        return wire
    }
}

extension SealedPartsRead: WireMapped {
    init(wire: Care_V1_SealedPartsRead) throws(WireError) {
        self.init(
            household: try Field.id(wire.household, "household"), openReason: try Field.reason(wire.reason),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_SealedPartsRead {
        var wire = Care_V1_SealedPartsRead()
        wire.household = household.data
        if let openReason { wire.reason = openReason }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension DetailsCompared: WireMapped {
    init(wire: Care_V1_DetailsCompared) throws(WireError) {
        self.init(
            run: try Field.id(wire.run, "run"), purpose: try Field.code(wire.purpose, "purpose"),
            households: wire.householdCount, values: wire.valueCount)
    }

    func wire() throws(WireError) -> Care_V1_DetailsCompared {
        var wire = Care_V1_DetailsCompared()
        wire.run = run.data
        wire.purpose = purpose.rawValue
        wire.householdCount = households
        wire.valueCount = values
        return wire
    }
}

extension ParkedEventSettled: WireMapped {
    init(wire: Care_V1_ParkedEventSettled) throws(WireError) {
        guard let action = Action(wire.action) else {
            throw WireError(.unknownEnum, "action", limit: Int64(wire.action.rawValue))
        }
        guard wire.eventSequence > 0 else { throw WireError(.missing, "event_sequence") }
        self.init(
            consumer: try Field.code(wire.consumer, "consumer"),
            household: try Field.id(wire.household, "household"),
            event: EventReference(sequence: wire.eventSequence), action: action,
            reason: try Field.text(wire.reason, "reason", limit: WireLimits.accessReason))
    }

    func wire() throws(WireError) -> Care_V1_ParkedEventSettled {
        var wire = Care_V1_ParkedEventSettled()
        wire.consumer = consumer.rawValue
        wire.household = household.data
        wire.eventSequence = event.sequence
        wire.action = action.wire
        wire.reason = reason
        return wire
    }
}

extension ParkedEventSettled.Action {
    /// - Returns: nil for a value that this version does not know.
    package init?(_ wire: Care_V1_ParkedEventSettled.Action) {
        switch wire {
        case .retry: self = .retry
        case .skip: self = .skip
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }

    /// The same in the contract.
    package var wire: Care_V1_ParkedEventSettled.Action {
        switch self {
        case .retry: .retry
        case .skip: .skip
        }
    }
}

extension Field {
    /// A reason that stands open, as earlier programs wrote it; nil where it is sealed, or the reader stepped over it.
    static func reason(_ text: String) throws(WireError) -> String? {
        try Self.text(ifSet: text.isEmpty ? nil : text, "reason", limit: WireLimits.accessReason)
    }
}

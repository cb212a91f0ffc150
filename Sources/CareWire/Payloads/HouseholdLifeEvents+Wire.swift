import CareDomain

extension HouseholdRegistered: WireMapped {
    init(wire: Care_V1_HouseholdRegistered) throws(WireError) {
        self.init(
            division: try Field.division(wire.division, "division"), area: try Area.ifSet(wire.area, "area"),
            archiveNumber: try Field.text(
                ifSet: wire.hasArchiveNumber ? wire.archiveNumber : nil, "archive_number",
                limit: WireLimits.archiveNumber))
    }

    func wire() throws(WireError) -> Care_V1_HouseholdRegistered {
        var wire = Care_V1_HouseholdRegistered()
        wire.division = division.rawValue
        if let area { wire.area = area.wire }
        if let archiveNumber { wire.archiveNumber = archiveNumber }
        return wire
    }
}

extension HouseholdMoved: WireMapped {
    init(wire: Care_V1_HouseholdMoved) throws(WireError) {
        let kind: Kind =
            switch wire.kind {
            case .registration: .registration
            case .residence: .residence
            case .unspecified: throw WireError(.missing, "kind")
            case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "kind", limit: Int64(number))
            }
        self.init(
            kind: kind, division: try Field.division(wire.division, "division"),
            area: try Area.ifSet(wire.area, "area"),
            archiveNumber: try Field.text(
                ifSet: wire.hasArchiveNumber ? wire.archiveNumber : nil, "archive_number",
                limit: WireLimits.archiveNumber))
    }

    func wire() throws(WireError) -> Care_V1_HouseholdMoved {
        var wire = Care_V1_HouseholdMoved()
        wire.kind =
            switch kind {
            case .registration: .registration
            case .residence: .residence
            }
        wire.division = division.rawValue
        if let area { wire.area = area.wire }
        if let archiveNumber { wire.archiveNumber = archiveNumber }
        return wire
    }
}

extension HouseholdClosed: WireMapped {
    init(wire: Care_V1_HouseholdClosed) throws(WireError) {
        self.init(reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_HouseholdClosed {
        var wire = Care_V1_HouseholdClosed()
        wire.reason = reason.rawValue
        return wire
    }
}

extension HouseholdRegisteredInError: WireMapped {
    init(wire: Care_V1_HouseholdRegisteredInError) throws(WireError) {
        self.init(reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_HouseholdRegisteredInError {
        var wire = Care_V1_HouseholdRegisteredInError()
        wire.reason = reason.rawValue
        return wire
    }
}

extension HouseholdMerged: WireMapped {
    init(wire: Care_V1_HouseholdMerged) throws(WireError) {
        let side: Side =
            switch wire.side {
            case .absorbed: .absorbed
            case .absorbing: .absorbing
            case .unspecified: throw WireError(.missing, "side")
            case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "side", limit: Int64(number))
            }
        self.init(other: try Field.id(wire.other, "other"), side: side)
    }

    func wire() throws(WireError) -> Care_V1_HouseholdMerged {
        var wire = Care_V1_HouseholdMerged()
        wire.other = other.data
        wire.side =
            switch side {
            case .absorbed: .absorbed
            case .absorbing: .absorbing
            }
        return wire
    }
}

extension HouseholdSplit: WireMapped {
    init(wire: Care_V1_HouseholdSplit) throws(WireError) {
        let side: Side =
            switch wire.side {
            case .remaining: .remaining
            case .separated: .separated
            case .unspecified: throw WireError(.missing, "side")
            case .UNRECOGNIZED(let number): throw WireError(.unknownEnum, "side", limit: Int64(number))
            }
        self.init(
            other: try Field.id(wire.other, "other"), side: side,
            persons: try Field.ids(wire.personIds, "person_ids", limit: WireLimits.persons))
    }

    func wire() throws(WireError) -> Care_V1_HouseholdSplit {
        var wire = Care_V1_HouseholdSplit()
        wire.other = other.data
        wire.side =
            switch side {
            case .remaining: .remaining
            case .separated: .separated
            }
        wire.personIds = persons.map(\.data)
        return wire
    }
}

extension CommandAbandoned: WireMapped {
    init(wire: Care_V1_CommandAbandoned) throws(WireError) {
        self.init(command: try Field.id(wire.command, "command"))
    }

    func wire() throws(WireError) -> Care_V1_CommandAbandoned {
        var wire = Care_V1_CommandAbandoned()
        wire.command = command.data
        return wire
    }
}

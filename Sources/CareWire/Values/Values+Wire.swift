import CareDomain

extension FactValue: WireMapped {
    package init(wire: Care_V1_FactValue) throws(WireError) {
        switch wire.value {
        case .truth(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .decimalThousandths(let value): self = .decimal(thousandths: value)
        case .code(let value): self = .code(try Field.code(value, "code"))
        case .day(let value): self = .day(try Field.day(value, "day"))
        case .moneyFen(let value): self = .money(Fen(value))
        case .reference(let value):
            self = .reference(try Field.text(value, "reference", limit: WireLimits.reference))
        case nil: throw WireError(.missing)
        }
    }

    package func wire() throws(WireError) -> Care_V1_FactValue {
        var wire = Care_V1_FactValue()
        wire.value =
            switch self {
            case .bool(let value): .truth(value)
            case .int(let value): .integer(value)
            case .decimal(let thousandths): .decimalThousandths(thousandths)
            case .code(let value): .code(value.rawValue)
            case .day(let value): .day(value.dayNumber)
            case .money(let value): .moneyFen(value.amount)
            case .reference(let value): .reference(value)
            }
        return wire
    }
}

extension FactSubject: WireMapped {
    package init(wire: Care_V1_FactSubject) throws(WireError) {
        switch wire.subject {
        case .household(true): self = .household
        case .household(false): throw WireError(.outOfRange, "household")
        case .person(let data): self = .person(try Field.id(data, "person"))
        case .incidentSequence(let sequence):
            self = .incident(try Field.reference(sequence, "incident_sequence"))
        case nil: throw WireError(.missing)
        }
    }

    package func wire() throws(WireError) -> Care_V1_FactSubject {
        var wire = Care_V1_FactSubject()
        switch self {
        case .household: wire.household = true
        case .person(let person): wire.person = person.data
        case .incident(let incident): wire.incidentSequence = incident.sequence
        }
        return wire
    }
}

extension DayPeriod: WireMapped {
    init(wire: Care_V1_DayPeriod) throws(WireError) {
        self.init(
            start: try Field.day(wire.start, "start"),
            end: try Field.day(ifSet: wire.hasEnd ? wire.end : nil, "end"))
    }

    func wire() throws(WireError) -> Care_V1_DayPeriod {
        var wire = Care_V1_DayPeriod()
        wire.start = start.dayNumber
        if let end { wire.end = end.dayNumber }
        return wire
    }
}

extension FormAnswer: WireMapped {
    init(wire: Care_V1_FormAnswer) throws(WireError) {
        self.init(
            field: try Field.code(wire.field, "field"),
            value: try Field.required(wire.hasValue ? wire.value : nil, "value"))
    }

    func wire() throws(WireError) -> Care_V1_FormAnswer {
        var wire = Care_V1_FormAnswer()
        wire.field = field.rawValue
        wire.value = try value.wire()
        return wire
    }
}

extension Helper: WireMapped {
    init(wire: Care_V1_Helper) throws(WireError) {
        self.init(
            id: try Field.id(wire.person, "person"),
            unit: try Field.text(ifSet: wire.hasUnit ? wire.unit : nil, "unit", limit: WireLimits.unit),
            hasRealName: wire.realNameGiven, hasContact: wire.hasContactGiven ? wire.contactGiven : nil)
    }

    func wire() throws(WireError) -> Care_V1_Helper {
        var wire = Care_V1_Helper()
        wire.person = id.data
        if let unit { wire.unit = unit }
        wire.realNameGiven = hasRealName
        if let hasContact { wire.contactGiven = hasContact }
        return wire
    }
}

extension Correction: WireMapped {
    init(wire: Care_V1_Correction) throws(WireError) {
        self.init(
            corrects: try Field.reference(wire.correctsSequence, "corrects_sequence"),
            reason: try Field.code(wire.reason, "reason"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_Correction {
        var wire = Care_V1_Correction()
        wire.correctsSequence = corrects.sequence
        wire.reason = reason.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

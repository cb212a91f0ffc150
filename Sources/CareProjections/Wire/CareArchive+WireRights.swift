import CareDomain
import CareWire

extension CareArchive.SlotLine {
    var wire: Care_V1_SlotLine {
        var wire = Care_V1_SlotLine()
        wire.kind = kind.word
        wire.helpers = helpers.map(\.wire)
        wire.filled = isFilled
        wire.incomplete = isIncomplete
        set(missingSince) { wire.missingSince = $0.dayNumber }
        set(lastHelper) { wire.lastHelper = $0.wire }
        return wire
    }

    init(_ wire: Care_V1_SlotLine) throws(PageError) {
        self.init(
            kind: .init(wire.kind), helpers: try CareArchive.lines(wire.helpers, Helper.init), isFilled: wire.filled,
            isIncomplete: wire.incomplete, missingSince: day(wire.missingSince, ifSet: wire.hasMissingSince),
            lastHelper: wire.hasLastHelper ? try Helper(wire.lastHelper) : nil)
    }
}

extension CareArchive.SlotLine.Helper {
    var wire: Care_V1_HelperLine {
        var wire = Care_V1_HelperLine()
        wire.person = person.wireData
        set(name) { wire.name = $0 }
        set(unit) { wire.unit = $0 }
        wire.realNameGiven = hasRealName
        set(phone) { wire.phone = $0 }
        wire.since = since.dayNumber
        set(until) { wire.until = $0.dayNumber }
        wire.sequence = sequence
        wire.lackingDetails = lacking.codes
        return wire
    }

    init(_ wire: Care_V1_HelperLine) throws(PageError) {
        self.init(
            person: try PersonID(wireData: wire.person, "helpers.person"), name: wire.hasName ? wire.name : nil,
            unit: wire.hasUnit ? wire.unit : nil, hasRealName: wire.realNameGiven,
            phone: wire.hasPhone ? wire.phone : nil, since: CivilDay(dayNumber: wire.since),
            until: day(wire.until, ifSet: wire.hasUntil), sequence: wire.sequence,
            lacking: wire.lackingDetails.compactMap(HelperDetails.init(code:)).reduce([]) { $0.union($1) })
    }
}

extension CareArchive.GuardianLine {
    var wire: Care_V1_GuardianLine {
        var wire = Care_V1_GuardianLine()
        wire.member = member.wire
        wire.guardian = guardian.wireData
        set(guardianName) { wire.guardianName = $0 }
        wire.relation = relation.word
        wire.namedBy = namedBy.word
        wire.state = state.rawValue
        wire.namedOn = namedOn.dayNumber
        set(consentedOn) { wire.consentedOn = $0.dayNumber }
        set(notarisedOn) { wire.notarisedOn = $0.dayNumber }
        set(endedOn) { wire.endedOn = $0.dayNumber }
        set(certificate) { wire.certificate = $0 }
        wire.sequence = sequence
        wire.scopes = scopes.map(\.word)
        set(feeWaived) { wire.feeWaived = $0 }
        set(endReason) { wire.endReason = $0.word }
        return wire
    }

    init(_ wire: Care_V1_GuardianLine) throws(PageError) {
        guard let state = Guardianship.State(rawValue: wire.state) else { throw PageError("guardians.state") }
        self.init(
            member: try .init(wire.member), guardian: try PersonID(wireData: wire.guardian, "guardians.guardian"),
            guardianName: wire.hasGuardianName ? wire.guardianName : nil, relation: .init(wire.relation),
            namedBy: .init(wire.namedBy), state: state, namedOn: CivilDay(dayNumber: wire.namedOn),
            consentedOn: day(wire.consentedOn, ifSet: wire.hasConsentedOn),
            notarisedOn: day(wire.notarisedOn, ifSet: wire.hasNotarisedOn),
            endedOn: day(wire.endedOn, ifSet: wire.hasEndedOn),
            endReason: .init(wire.endReason, ifSet: wire.hasEndReason),
            certificate: wire.hasCertificate ? wire.certificate : nil,
            scopes: wire.scopes.map { .init($0) }, feeWaived: wire.hasFeeWaived ? wire.feeWaived : nil,
            sequence: wire.sequence)
    }
}

extension CareArchive.FactLine {
    var wire: Care_V1_FactLine {
        var wire = Care_V1_FactLine()
        wire.fact = fact.word
        wire.subject = subject.wire
        wire.value = value.wireValue
        wire.valueText = valueText
        wire.since = since.dayNumber
        set(until) { wire.until = $0.dayNumber }
        wire.source = source.word
        wire.sequence = sequence
        set(department) { wire.department = $0.word }
        wire.rivals = rivals.map(\.wire)
        return wire
    }

    init(_ wire: Care_V1_FactLine) throws(PageError) {
        self.init(
            fact: .init(wire.fact), subject: try .init(wire.subject), value: try FactValue(wire.value),
            valueText: wire.valueText, since: CivilDay(dayNumber: wire.since),
            until: day(wire.until, ifSet: wire.hasUntil), source: .init(wire.source), sequence: wire.sequence,
            department: wire.hasDepartment ? .init(wire.department) : nil,
            rivals: try CareArchive.lines(wire.rivals, CareArchive.FactRival.init))
    }
}

extension CareArchive.FactRival {
    var wire: Care_V1_FactRival {
        var wire = Care_V1_FactRival()
        wire.value = value.wireValue
        wire.valueText = valueText
        wire.since = since.dayNumber
        set(until) { wire.until = $0.dayNumber }
        wire.source = source.word
        set(department) { wire.department = $0.word }
        wire.sequence = sequence
        wire.bySource = isBySource
        return wire
    }

    init(_ wire: Care_V1_FactRival) throws(PageError) {
        self.init(
            value: try FactValue(wire.value), valueText: wire.valueText, since: CivilDay(dayNumber: wire.since),
            until: day(wire.until, ifSet: wire.hasUntil), source: .init(wire.source),
            department: wire.hasDepartment ? .init(wire.department) : nil, sequence: wire.sequence,
            isBySource: wire.bySource)
    }
}

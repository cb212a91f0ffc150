import CareDomain
import CareWire

extension CareArchive.EntitlementLine {
    var wire: Care_V1_EntitlementLine {
        var wire = Care_V1_EntitlementLine()
        wire.clause = clause.rawValue
        wire.title = title
        wire.subject = subject.wire
        wire.status = status.wireStatus
        set(period) { wire.period = $0.wirePeriod }
        set(amount) { wire.amountFen = $0.amount }
        set(hoursThousandths) { wire.hoursThousandths = $0 }
        wire.cadence = cadence.word
        set(payer) { wire.payer = $0.word }
        set(department) { wire.department = $0.word }
        wire.missingNames = missing
        wire.differenceFen = difference.amount
        set(next) { next in
            wire.next.day = next.day.dayNumber
            wire.next.status = next.status.wireStatus
            set(next.amount) { wire.next.amountFen = $0.amount }
        }
        wire.packVersion = pack
        wire.sequence = sequence
        wire.factSequences = facts
        return wire
    }

    init(_ wire: Care_V1_EntitlementLine) throws(PageError) {
        guard let clause = ClauseID(wire.clause) else { throw PageError("entitlements.clause") }
        var next: Next?
        if wire.hasNext {
            next = Next(
                day: CivilDay(dayNumber: wire.next.day), status: try .init(wireStatus: wire.next.status),
                amount: wire.next.hasAmountFen ? Fen(wire.next.amountFen) : nil)
        }
        self.init(
            clause: clause, title: wire.title, subject: try .init(wire.subject),
            status: try .init(wireStatus: wire.status), period: wire.hasPeriod ? DayPeriod(wire.period) : nil,
            amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil,
            hoursThousandths: wire.hasHoursThousandths ? wire.hoursThousandths : nil, cadence: .init(wire.cadence),
            payer: .init(wire.payer, ifSet: wire.hasPayer),
            department: .init(wire.department, ifSet: wire.hasDepartment), missing: wire.missingNames,
            difference: Fen(wire.differenceFen), next: next, pack: wire.packVersion, sequence: wire.sequence,
            facts: wire.factSequences)
    }
}

extension CareArchive.SlotLine {
    var wire: Care_V1_SlotLine {
        var wire = Care_V1_SlotLine()
        wire.kind = kind.word
        wire.helpers = helpers.map(\.wire)
        wire.filled = isFilled
        set(missingSince) { wire.missingSince = $0.dayNumber }
        set(lastHelper) { wire.lastHelper = $0.wire }
        return wire
    }

    init(_ wire: Care_V1_SlotLine) throws(PageError) {
        self.init(
            kind: .init(wire.kind), helpers: try CareArchive.lines(wire.helpers, Helper.init), isFilled: wire.filled,
            missingSince: day(wire.missingSince, ifSet: wire.hasMissingSince),
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
        return wire
    }

    init(_ wire: Care_V1_HelperLine) throws(PageError) {
        self.init(
            person: try PersonID(wireData: wire.person, "helpers.person"), name: wire.hasName ? wire.name : nil,
            unit: wire.hasUnit ? wire.unit : nil, hasRealName: wire.realNameGiven,
            phone: wire.hasPhone ? wire.phone : nil, since: CivilDay(dayNumber: wire.since),
            until: day(wire.until, ifSet: wire.hasUntil), sequence: wire.sequence)
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
            certificate: wire.hasCertificate ? wire.certificate : nil, sequence: wire.sequence)
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
        return wire
    }

    init(_ wire: Care_V1_FactLine) throws(PageError) {
        self.init(
            fact: .init(wire.fact), subject: try .init(wire.subject), value: try FactValue(wire.value),
            valueText: wire.valueText, since: CivilDay(dayNumber: wire.since),
            until: day(wire.until, ifSet: wire.hasUntil), source: .init(wire.source), sequence: wire.sequence)
    }
}

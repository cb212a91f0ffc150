import CareDomain
import CareWire

extension CareArchive {
    /// The page as the message that goes over the bus.
    package var wire: Care_V1_ArchivePage {
        var wire = Care_V1_ArchivePage()
        wire.header = header.wire
        wire.members = members.map(\.wire)
        wire.entitlements = entitlements.map(\.wire)
        wire.slots = slots.map(\.wire)
        wire.guardians = guardians.map(\.wire)
        wire.facts = facts.map(\.wire)
        wire.visits = visits.map(\.wire)
        wire.needs = needs.map(\.wire)
        wire.planItems = planItems.map(\.wire)
        wire.handOuts = handOuts.map(\.wire)
        wire.notices = notices.map(\.wire)
        wire.awards = awards.map(\.wire)
        wire.loans = loans.map(\.wire)
        wire.historyLines = history.map(\.wire)
        wire.unreadableSequences = unreadable
        wire.fenced = isFenced
        wire.withheldFacts = withheldFacts.map(\.word)
        return wire
    }

    /// Reads the page from the message that came over the bus.
    /// - Throws: `PageError` when the message does not keep to the contract; retrying does not help.
    package init(_ wire: Care_V1_ArchivePage) throws(PageError) {
        self.init(
            header: try Header(wire.header), members: try Self.lines(wire.members, MemberLine.init),
            entitlements: try Self.lines(wire.entitlements, EntitlementLine.init),
            slots: try Self.lines(wire.slots, SlotLine.init),
            guardians: try Self.lines(wire.guardians, GuardianLine.init),
            facts: try Self.lines(wire.facts, FactLine.init), visits: wire.visits.map(VisitLine.init),
            needs: try Self.lines(wire.needs, NeedLine.init), planItems: try Self.lines(wire.planItems, PlanLine.init),
            notices: try Self.lines(wire.notices, NoticeLine.init),
            awards: try Self.lines(wire.awards, AwardLine.init),
            history: wire.historyLines.map(HistoryLine.init),
            handOuts: try Self.lines(wire.handOuts, HandOutLine.init),
            withheldFacts: wire.withheldFacts.map(Label.init), loans: try Self.lines(wire.loans, LoanLine.init),
            unreadable: wire.unreadableSequences,
            isFenced: wire.fenced)
    }

    static func lines<Wire, Line>(
        _ wires: [Wire], _ make: (Wire) throws(PageError) -> Line
    ) throws(PageError) -> [Line] {
        var lines: [Line] = []
        for wire in wires { lines.append(try make(wire)) }
        return lines
    }
}

extension CareArchive.Basis {
    /// The message's number.
    package var wire: Care_V1_KnownBasis { self == .learned ? .learned : .recorded }

    /// Reads the message's number; unknown ones count as recorded.
    package init(_ wire: Care_V1_KnownBasis) { self = wire == .learned ? .learned : .recorded }
}

extension CareArchive.Header {
    var wire: Care_V1_ArchiveHeader {
        var wire = Care_V1_ArchiveHeader()
        wire.household = household.wireData
        set(archiveNumber) { wire.archiveNumber = $0 }
        wire.state = state.rawValue
        set(stateSince) { wire.stateSince = $0.dayNumber }
        set(stateReason) { wire.stateReason = $0.word }
        set(absorbedInto) { wire.absorbedInto = $0.wireData }
        set(registeredOn) { wire.registeredOn = $0.dayNumber }
        wire.division = division?.rawValue ?? ""
        wire.divisionText = divisionText
        wire.area = wireArea(area)
        wire.divisionArea = wireArea(divisionArea)
        set(residence) { residence in
            wire.residence = residence.division.rawValue
            wire.residenceText = residence.text
            wire.residenceArea = wireArea(residence.area)
        }
        set(status) { wire.status = $0.wire }
        wire.asOf = asOf.dayNumber
        set(knownAt) { wire.knownAt = $0.microseconds }
        wire.basis = basis.wire
        wire.revealed = isRevealed
        wire.lastKnownSequence = lastKnownSequence
        wire.lastSequence = lastSequence
        wire.learnedCount = learnedCount
        wire.packVersions = packVersions
        return wire
    }

    init(_ wire: Care_V1_ArchiveHeader) throws(PageError) {
        guard let state = CareArchive.FileState(rawValue: wire.state) else { throw PageError("header.state") }
        self.init(
            household: try HouseholdID(wireData: wire.household, "header.household"),
            archiveNumber: wire.hasArchiveNumber ? wire.archiveNumber : nil, state: state,
            stateSince: day(wire.stateSince, ifSet: wire.hasStateSince),
            stateReason: .init(wire.stateReason, ifSet: wire.hasStateReason),
            absorbedInto: wire.hasAbsorbedInto
                ? try HouseholdID(wireData: wire.absorbedInto, "header.absorbed_into") : nil,
            registeredOn: day(wire.registeredOn, ifSet: wire.hasRegisteredOn), division: DivisionCode(wire.division),
            divisionText: wire.divisionText,
            area: readArea(wire.area), divisionArea: readArea(wire.divisionArea),
            residence: DivisionCode(wire.residence).map {
                .init(division: $0, text: wire.residenceText, area: readArea(wire.residenceArea))
            },
            status: wire.hasStatus ? try CareArchive.Status(wire.status) : nil, asOf: CivilDay(dayNumber: wire.asOf),
            knownAt: wire.hasKnownAt ? Moment(microseconds: wire.knownAt) : nil, basis: .init(wire.basis),
            isRevealed: wire.revealed, lastKnownSequence: wire.lastKnownSequence, lastSequence: wire.lastSequence,
            learnedCount: wire.learnedCount, packVersions: wire.packVersions)
    }
}

extension CareArchive.Status {
    var wire: Care_V1_HardshipStatus {
        var wire = Care_V1_HardshipStatus()
        wire.kind = kind.rawValue
        wire.since = since.dayNumber
        set(until) { wire.until = $0.dayNumber }
        wire.causedOn = causedOn.dayNumber
        wire.restsOnSequence = restsOn
        return wire
    }

    init(_ wire: Care_V1_HardshipStatus) throws(PageError) {
        guard let kind = HardshipPeriod.Kind(rawValue: wire.kind) else { throw PageError("header.status.kind") }
        self.init(
            kind: kind, since: CivilDay(dayNumber: wire.since), until: day(wire.until, ifSet: wire.hasUntil),
            causedOn: CivilDay(dayNumber: wire.causedOn), restsOn: wire.restsOnSequence)
    }
}

extension CareArchive.MemberLine {
    var wire: Care_V1_MemberLine {
        var wire = Care_V1_MemberLine()
        wire.person = person.wireData
        wire.role = role.wireRole
        wire.sex = sex.map { $0 == .female ? .female : .male } ?? .unspecified
        set(birthDate) { wire.birthDate = $0.dayNumber }
        set(age) { wire.age = Int32($0) }
        wire.standing = standing.rawValue
        set(standingSince) { wire.standingSince = $0.dayNumber }
        set(name) { wire.name = $0 }
        set(idNumber) { wire.idNumber = $0 }
        set(phone) { wire.phone = $0 }
        set(address) { wire.address = $0 }
        set(disability) { wire.disability = $0.wire }
        wire.joinedOn = joinedOn.dayNumber
        wire.sequence = joinedBy
        set(fatalIncident) { incident in
            wire.fatalIncidentOn = incident.day.dayNumber
            wire.fatalIncidentSequence = incident.sequence
        }
        wire.adoptionUndated = isAdoptionUndated
        return wire
    }

    init(_ wire: Care_V1_MemberLine) throws(PageError) {
        guard let standing = Standing(rawValue: wire.standing) else { throw PageError("members.standing") }
        self.init(
            person: try PersonID(wireData: wire.person, "members.person"), role: try MemberRole(wireRole: wire.role),
            sex: wire.sex == .female ? .female : wire.sex == .male ? .male : nil,
            birthDate: day(wire.birthDate, ifSet: wire.hasBirthDate), age: wire.hasAge ? Int(wire.age) : nil,
            standing: standing, standingSince: day(wire.standingSince, ifSet: wire.hasStandingSince),
            name: wire.hasName ? wire.name : nil, idNumber: wire.hasIDNumber ? wire.idNumber : nil,
            phone: wire.hasPhone ? wire.phone : nil, address: wire.hasAddress ? wire.address : nil,
            disability: wire.hasDisability ? .init(wire.disability) : nil,
            joinedOn: CivilDay(dayNumber: wire.joinedOn), joinedBy: wire.sequence,
            fatalIncident: wire.hasFatalIncidentOn
                ? .init(day: CivilDay(dayNumber: wire.fatalIncidentOn), sequence: wire.fatalIncidentSequence) : nil,
            isAdoptionUndated: wire.adoptionUndated)
    }
}

extension CareArchive.Disability {
    var wire: Care_V1_DisabilityState {
        var wire = Care_V1_DisabilityState()
        wire.grade = UInt32(clamping: grade)
        set(kind) { wire.kind = $0.word }
        wire.since = since.dayNumber
        set(validThrough) { wire.validThrough = $0.dayNumber }
        set(certificateNumber) { wire.certificateNumber = $0 }
        wire.sequence = sequence
        return wire
    }

    init(_ wire: Care_V1_DisabilityState) {
        self.init(
            grade: Int(wire.grade), kind: .init(wire.kind, ifSet: wire.hasKind), since: CivilDay(dayNumber: wire.since),
            validThrough: day(wire.validThrough, ifSet: wire.hasValidThrough),
            certificateNumber: wire.hasCertificateNumber ? wire.certificateNumber : nil, sequence: wire.sequence)
    }
}

extension MemberRole {
    var wireRole: Care_V1_MemberRole {
        switch self {
        case .wife: .wife
        case .husband: .husband
        case .singleParent: .singleParent
        case .onlyChild: .onlyChild
        case .adoptedChild: .adoptedChild
        case .other: .other
        }
    }

    package init(wireRole: Care_V1_MemberRole) throws(PageError) {
        switch wireRole {
        case .wife: self = .wife
        case .husband: self = .husband
        case .singleParent: self = .singleParent
        case .onlyChild: self = .onlyChild
        case .adoptedChild: self = .adoptedChild
        case .other: self = .other
        case .unspecified, .UNRECOGNIZED: throw PageError("members.role")
        }
    }
}

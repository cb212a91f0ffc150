import CareDomain
import OfficeFiles
import RuleEngine

/// Makes the archive page of one household.
struct ArchiveFold {
    let history: HouseholdHistory
    let household: Household
    let question: ArchiveQuestion
    let words: CarePolicyWords
    /// The published rules, for reasons and for answers that stand nowhere; nil when there are none at hand.
    let evaluator: Evaluator?
    /// What was known at the moment asked about.
    let knownEvents: [KnownEvent]
    /// What of it holds, each event in the place of the one it corrects.
    let effective: [KnownEvent]
    /// Who helped, guarded or visited, by name.
    let names: HelperNames
    /// The files with which it exchanged persons, and those that know its people besides: what they say of the money of those counts.
    let others: [HouseholdHistory]
    /// Under which ids they know them.
    let people: PeopleElsewhere
    /// What is kept from whoever asks. Everything is worked out from the whole record, and told without it.
    let withheld: WithheldFacts
    /// Of that the events of their own kinds, and those that they put right.
    let kept: [KnownEvent]
    private let keptReferences: Set<EventReference>
    var day: CivilDay { question.asOf }

    init(
        _ history: HouseholdHistory, _ question: ArchiveQuestion, _ words: CarePolicyWords, _ evaluator: Evaluator?,
        others: [HouseholdHistory], people: PeopleElsewhere, withheld: WithheldFacts
    ) {
        self.withheld = withheld
        let keptReferences = withheld.kept(of: history)
        self.keptReferences = keptReferences
        kept = keptReferences.isEmpty ? [] : history.events.filter { keptReferences.contains($0.reference) }
        self.others = others
        self.people = people.agreeing(with: history.household, others)
        self.history = history
        self.household = question.household(from: history)
        self.question = question
        self.words = words
        self.evaluator = evaluator
        knownEvents = history.events.filter(question.knew)
        effective = HouseholdHistory.effective(knownEvents)
        names = HelperNames(knownEvents)
    }

    /// Whether nothing may be told of the event on which something rests.
    func isKept(_ reference: EventReference) -> Bool { keptReferences.contains(reference) }

    func archive() -> CareArchive {
        CareArchive(
            header: header(), members: members(), entitlements: entitlements(), slots: slots(),
            guardians: guardians(), facts: facts(), visits: visits(), needs: needs(), planItems: planItems(),
            notices: notices(), awards: awards(), history: HistoryFold(self).lines(), handOuts: handOuts(),
            withheldFacts: withheld.facts.sorted().map { .init($0.rawValue, words.title($0)) })
    }

    // MARK: Header and members

    private func header() -> CareArchive.Header {
        let (state, since, reason, other) = fileState()
        let division = household.division(on: day)
        let periods = household.hardshipPeriods()
        return CareArchive.Header(
            household: household.id, archiveNumber: household.archiveNumber(on: day)?.number, state: state,
            stateSince: since,
            stateReason: reason.map(label), absorbedInto: other, registeredOn: household.registeredOn,
            division: division, divisionText: division.map(words.registered) ?? "", area: household.area(on: day),
            divisionArea: household.registeredArea(on: day), residence: residence(),
            status: periods.first { $0.period.contains(day) }.map {
                let status = periods.unbroken($0)
                return CareArchive.Status(
                    kind: status.kind, since: status.period.start, until: status.period.end, causedOn: status.since,
                    restsOn: status.restsOn.sequence)
            },
            asOf: day, knownAt: question.knownAt, basis: question.basis, isRevealed: question.isRevealed,
            lastKnownSequence: history.events.last(where: question.knew)?.reference.sequence ?? 0,
            lastSequence: history.lastSequence, learnedCount: learnedCount,
            packVersions: words.packVersions.map { "\($0.pack)@\($0.effectiveFrom)" })
    }

    /// What was imported later had not been recorded by then: whoever asks is told that the sources knew of it.
    private var learnedCount: UInt64 {
        guard let knownAt = question.knownAt, question.basis == .recorded, effective.isEmpty else { return 0 }
        let learned = ArchiveQuestion(asOf: day, knownAt: knownAt, basis: .learned)
        return UInt64(history.events.lazy.filter(learned.knew).count)
    }

    /// Where the family lives, when a reader has to be told apart from its registration.
    private func residence() -> CareArchive.Residence? {
        guard let residence = household.residence(on: day) else { return nil }
        let isElsewhere = residence.division != household.division(on: day)
        let isOtherArea = residence.area.map { $0 != household.registeredArea(on: day) } ?? false
        guard isElsewhere || isOtherArea else { return nil }
        return .init(division: residence.division, text: words.chinese(residence.division), area: residence.area)
    }

    /// Whether the day lies before the file was made. What was registered then was true in the world all the same, and the
    /// page tells it; only a file there was not.
    private var isBeforeFile: Bool { household.registeredOn.map { day < $0 } ?? false }

    private func fileState() -> (CareArchive.FileState, CivilDay?, Code?, HouseholdID?) {
        switch household.status {
        case .active where isBeforeFile, .closed where isBeforeFile, .absorbed where isBeforeFile:
            (.absent, nil, nil, nil)
        case .absent: (.absent, nil, nil, nil)
        case .active: (.active, household.registeredOn, nil, nil)
        // The file was still open on an earlier day.
        case .closed(let on, let reason):
            day < on ? (.active, household.registeredOn, nil, nil) : (.closed, on, reason, nil)
        case .absorbed(let other, let on):
            day < on ? (.active, household.registeredOn, nil, nil) : (.absorbed, on, nil, other)
        case .registeredInError(let reason): (.registeredInError, nil, reason, nil)
        }
    }

    /// Whether the person belongs on the page. Whoever came with the file was of the family before: on days before it they
    /// are shown as they were, unless another file has those days, or they were not born.
    private func isShown(_ member: Member) -> Bool {
        if member.joinedOn <= day { return true }
        let cameWithFile = member.joinedOn == household.registeredOn && !member.cameFromFile
        return isBeforeFile && cameWithFile && member.birthDate.map { $0 <= day } ?? true
    }

    private static let adoptedOn = FactID(unchecked: "person.adopted_on")

    private func members() -> [CareArchive.MemberLine] {
        // Of an accident that is kept back nothing is told, not that somebody died of it either.
        let untold = household.unrecordedDeaths.filter { $0.day <= day && !isKept($0.incident) }
        // Where adoptions are kept back, that one is missing is, too.
        let undated = Set(
            withheld.facts.contains(Self.adoptedOn)
                ? [] : household.undatedAdoptions.lazy.filter { $0.from <= day }.map(\.person))
        return household.members.filter(isShown).map { member in
            let died = member.diedOn.flatMap { $0 <= day ? $0 : nil }
            let left = member.leftOn.flatMap { $0 <= day ? $0 : nil }
            let details = member.details(on: day)
            return CareArchive.MemberLine(
                person: member.id, role: member.role(on: day), sex: member.sex, birthDate: member.birthDate,
                age: member.birthDate.map { $0.age(on: min(day, died ?? day)) }.flatMap { $0 < 0 ? nil : $0 },
                standing: died != nil ? .died : left != nil ? .left : .present, standingSince: died ?? left,
                name: details?.name.map(shown(name:)),
                idNumber: details?.idNumber.map { question.isRevealed ? $0 : Masking.idNumber($0) },
                phone: details?.phone.map(shown(phone:)), address: question.isRevealed ? details?.address : nil,
                disability: died == nil ? disability(of: member) : nil, joinedOn: member.joinedOn,
                joinedBy: member.joinedBy.sequence,
                fatalIncident: untold.first { $0.person == member.id }.map {
                    .init(day: $0.day, sequence: $0.incident.sequence)
                }, isAdoptionUndated: undated.contains(member.id))
        }
    }

    private func disability(of member: Member) -> CareArchive.Disability? {
        member.disability(on: day).flatMap {
            isKept($0.reference)
                ? nil
                : CareArchive.Disability(
                    grade: $0.grade, kind: $0.kind.map(label), since: $0.period.start, validThrough: $0.validThrough,
                    certificateNumber: question.isRevealed ? certificateNumber(of: member, $0.reference) : nil,
                    sequence: $0.reference.sequence)
        }
    }

    private func certificateNumber(of member: Member, _ assessment: EventReference) -> String? {
        guard case .disabilityAssessed(let assessed)? = effective.first(where: { $0.reference == assessment })?.event
        else { return nil }
        return assessed.sealed.details(of: member.id)?.certificateNumber
    }

    // MARK: Rights and helpers

    private func slots() -> [CareArchive.SlotLine] {
        let slots = words.slots
        let coverage = SlotCoverage(household.pairings, slots: slots)
        let owed = household.owedPairings(words.pairingDuties, statuses: household.hardshipPeriods())
            .filter { $0.period.contains(day) }
        return slots.map { slot in
            let dutyFrom = owed.filter { $0.duty.slots.contains { $0.kind == slot.kind } }.map(\.period.start).min()
            let tenures = household.pairings.filter { $0.kind == slot.kind }
            let state = coverage.state(slot.kind, on: day)
            let isIncomplete = if case .incomplete = state { true } else { false }
            let last = tenures.filter { $0.period.end.map { $0 <= day } ?? false }
                .max { ($0.period.end ?? day, $0.startedBy) < ($1.period.end ?? day, $1.startedBy) }
            return CareArchive.SlotLine(
                kind: .init(slot.kind.rawValue, slot.chinese),
                helpers: tenures.filter { $0.period.contains(day) }.map { helper($0, slot.asks) },
                isFilled: state == .filled, isIncomplete: isIncomplete,
                missingSince: dutyFrom.flatMap { coverage.gapStart(slot.kind, on: day, dutyFrom: $0) },
                lastHelper: state == .filled || isIncomplete ? nil : last.map { helper($0, []) })
        }
    }

    private func helper(_ tenure: PairingTenure, _ asks: HelperDetails) -> CareArchive.SlotLine.Helper {
        CareArchive.SlotLine.Helper(
            person: tenure.helper.id, name: tenure.details?.name ?? names.helper(tenure.helper.id),
            unit: tenure.helper.unit, hasRealName: tenure.helper.hasRealName,
            phone: tenure.details?.phone.map(shown(phone:)), since: tenure.period.start, until: tenure.period.end,
            sequence: tenure.startedBy.sequence, lacking: tenure.lacking(asks, on: day))
    }

    /// A line stands on several events; when one of them is kept back, all of it is.
    private func isKept(_ guardianship: Guardianship) -> Bool {
        kept.contains { event in
            switch event.event {
            case .guardianNamed(let named):
                named.person == guardianship.person && named.guardian == guardianship.guardian
            case .guardianConsented(let consented): consented.person == guardianship.person
            case .guardianNotarised(let notarised): notarised.person == guardianship.person
            case .guardianEnded(let ended): ended.person == guardianship.person
            default: false
            }
        }
    }

    private func guardians() -> [CareArchive.GuardianLine] {
        household.guardianships.compactMap { guardianship in
            guard let state = guardianship.state(on: day), !isKept(guardianship) else { return nil }
            func past(_ other: CivilDay?) -> CivilDay? { other.flatMap { $0 <= day ? $0 : nil } }
            let isNotarised = past(guardianship.notarisedOn) != nil
            let lapsed = guardianship.lapsedOn.flatMap { $0.day <= day ? $0 : nil }
            // Of a guardian who belongs to the family the file knows the name as the member's.
            let name =
                guardianship.details?.name ?? household.member(guardianship.guardian)?.details(on: day)?.name
            return CareArchive.GuardianLine(
                member: subject(.person(guardianship.person)), guardian: guardianship.guardian,
                guardianName: name.map(shown(name:)), relation: label(guardianship.relation),
                namedBy: label(guardianship.namedBy), state: state, namedOn: guardianship.namedOn,
                consentedOn: past(guardianship.consentedOn), notarisedOn: past(guardianship.notarisedOn),
                endedOn: lapsed?.day, endReason: lapsed?.reason.map(label),
                certificate: isNotarised ? guardianship.certificate : nil,
                scopes: isNotarised ? guardianship.scope.map(label) : [],
                feeWaived: isNotarised ? guardianship.feeWaived : nil, sequence: guardianship.startedBy.sequence)
        }
    }
}

// MARK: - Words and masking

extension ArchiveFold {
    func shown(name: String) -> String { question.isRevealed ? name : Masking.name(name) }
    func shown(phone: String) -> String { question.isRevealed ? phone : Masking.phone(phone) }
    func label(_ code: Code) -> CareArchive.Label { .init(code.rawValue, words.chinese(code)) }
    func label(_ department: DepartmentID) -> CareArchive.Label {
        .init(department.rawValue, words.chinese(department))
    }

    func subject(_ subject: FactSubject) -> CareArchive.Subject {
        switch subject {
        case .household: return CareArchive.Subject(text: "户")
        case .person(let id):
            guard let member = household.member(id) else { return CareArchive.Subject(person: id, text: "其他人员") }
            let name = member.details(on: day)?.name.map { " " + shown(name: $0) } ?? ""
            return CareArchive.Subject(person: id, text: member.role(on: day).chinese + name)
        case .incident(let reference):
            let incident = household.incidents.first { $0.reference == reference && !isKept(reference) }
            let text = incident.map { "\($0.day) \(words.chinese($0.payload.kind))" } ?? "突发事件"
            return CareArchive.Subject(incident: reference.sequence, text: text)
        }
    }
}

/// The published rules as a page asks them, named here for readers of pages that know nothing of rules.
package typealias PageRules = Evaluator

extension CareArchive {
    /// The page of a household.
    ///
    /// - Parameters:
    ///   - history: All events of the household's stream; those not known at the moment asked for are left out here.
    ///   - question: As of which day, as known at which moment, masked or not.
    ///   - words: Words and readings of the published packs.
    ///   - evaluator: The published rules. With them the page gives the reason of every no, and what the sources knew on
    ///     a day (`basis` learned), of which no determination stands in the log.
    ///   - others: The files that have a say of the money of its people.
    ///   - people: Under which ids these know people who left one family and joined another.
    ///   - withheld: What is kept from whoever asks.
    package init(
        _ history: HouseholdHistory, _ question: ArchiveQuestion, words: CarePolicyWords, evaluator: Evaluator? = nil,
        others: [HouseholdHistory] = [], people: PeopleElsewhere = PeopleElsewhere(),
        withheld: WithheldFacts = WithheldFacts()
    ) {
        let fold = ArchiveFold(history, question, words, evaluator, others: others, people: people, withheld: withheld)
        self = fold.archive()
    }

    /// The page of a household as loaded from the log, with what could not be read.
    package init(
        _ loaded: LoadedHousehold, _ question: ArchiveQuestion, words: CarePolicyWords, evaluator: Evaluator? = nil,
        others: [HouseholdHistory] = [], people: PeopleElsewhere = PeopleElsewhere(),
        withheld: WithheldFacts = WithheldFacts()
    ) {
        self.init(
            loaded.history, question, words: words, evaluator: evaluator, others: others, people: people,
            withheld: withheld)
        unreadable = loaded.unreadable
        isFenced = loaded.fence != nil
    }
}

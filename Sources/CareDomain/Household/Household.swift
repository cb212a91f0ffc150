/// What is known of one household: the fold of its effective events.
///
/// Everything that changes with time is kept as entries with days, so that one state answers for any day; which events
/// were known at a moment is decided before folding (`HouseholdHistory.household(knownAt:)`). References are the
/// sequences of the original events: a correction takes over the reference of what it corrects.
package struct Household: Hashable, Sendable {
    /// Whether and how the file is open.
    package enum Status: Hashable, Sendable {
        case absent
        case active
        case closed(on: CivilDay, reason: Code)
        case registeredInError(reason: Code)
        case absorbed(into: HouseholdID, on: CivilDay)
    }

    package let id: HouseholdID
    package var status: Status = .absent
    package var registeredOn: CivilDay?
    /// The numbers of its file, by day; a county gives each of its own to one family.
    package var archiveNumbers: [ArchiveNumberEntry] = []
    package var residences: [ResidenceEntry] = []
    package var members: [Member] = []
    package var births: [DatedReference<ChildBorn>] = []
    package var adoptions: [DatedReference<ChildAdopted>] = []
    package var incidents: [DatedReference<IncidentReported>] = []
    package var facts: [StatedFact] = []
    package var guardianships: [Guardianship] = []
    package var pairings: [PairingTenure] = []
    package var visits: [Visit] = []
    package var needs: [Need] = []
    package var planItems: [PlanItem] = []
    /// Items and claims (`insuranceClaims`) that somebody has seen to, by the event that names them, with the day.
    package var seenTo: [EventReference: CivilDay] = [:]
    /// Goods handed out, in order.
    package var handOuts: [HandOut] = []
    /// Decisions of people about rights, in order; revocations stand in what they revoke.
    package var awards: [DecidedAward] = []
    /// Latest determination per clause and beneficiary, in the order they first appeared.
    package var determinations: [MadeDetermination] = []
    /// What revised determinations left to be paid or taken back, in the order in which the rights first appeared.
    package var dueStandings: [DueStanding] = []
    /// Orders, their outcomes, and what people decided about differences.
    package internal(set) var payments = HouseholdPayments()
    /// Applications in the order in which they were submitted.
    package internal(set) var applications: [ApplicationCase] = []
    package var notices: [Notice] = []
    /// The files that went on as part of this one, in order.
    package var mergers: [Merger] = []
    /// The file out of which this one came; nil where it was opened by a registration.
    package var origin: Origin?
    /// The event up to which a merge or a split is telling who came from the other file; nil before the first.
    var arrivalThrough: EventReference?
    /// Those who moved here by the split that is being told; nil where it is a merge.
    var separated: Set<PersonID>?
    /// The command that opened the file, and told whom the family had; nil before it.
    var openedBy: CommandID?
    package var abandonedCommands: Set<CommandID> = []

    /// Nothing known yet.
    package init(id: HouseholdID) { self.id = id }

    /// The files that went on as part of this one.
    package var mergedFrom: [HouseholdID] { mergers.map(\.file) }

    /// The member with this id, whether or not still in the household; of somebody who left and came back the present time.
    package func member(_ id: PersonID) -> Member? { members.last { $0.id == id } }

    /// Living members present on `day`.
    package func members(on day: CivilDay) -> [Member] { members.filter { $0.presence.contains(day) } }

    /// The number of its file, the last one that was given; nil = none.
    package var archiveNumber: String? { archiveNumbers.last?.number }

    /// Where the family was registered when it got the number: the office that gives numbers out.
    package var archiveNumberDivision: DivisionCode? { archiveNumbers.last?.division }

    /// The number of its file on `day`, of a day before the file the first one; nil = none.
    package func archiveNumber(on day: CivilDay) -> ArchiveNumberEntry? {
        archiveNumbers.last { $0.from <= day } ?? archiveNumbers.first
    }

    /// Division of registration in force on `day`; residence where only that is known.
    package func division(on day: CivilDay) -> DivisionCode? {
        let registration = residences.last { $0.kind == .registration && $0.from <= day }
        return (registration ?? residences.last { $0.kind == .residence && $0.from <= day } ?? residences.first)?
            .division
    }

    /// Urban or rural where the family lives on `day`; nil = unknown.
    ///
    /// A family lives where it is registered, and goes along when that changes, until it is told where it lives. From
    /// that day on the registration has no say in it; what is not told of the residence stays as it was.
    package func area(on day: CivilDay) -> Area? {
        let told = residences.filter { $0.from <= day }
        let own = told.first { $0.kind == .residence }?.from
        var area = told.first { $0.kind == .registration }?.area
        for entry in told {
            let isItsOwn = entry.kind == .residence
            if isItsOwn || own.map({ entry.from < $0 }) ?? true { area = entry.area ?? area }
        }
        return area
    }

    /// Urban or rural at the place of registration on `day`; nil = unknown.
    package func registeredArea(on day: CivilDay) -> Area? {
        residences.last { $0.kind == .registration && $0.from <= day && $0.area != nil }?.area
    }

    /// Where the family lives on `day`, where that was told apart from its registration, the latest word on each.
    package func residence(on day: CivilDay) -> (division: DivisionCode, area: Area?)? {
        let told = residences.filter { $0.kind == .residence && $0.from <= day }
        return told.last.map { ($0.division, $0.area) }
    }

    /// The tenures that hold a slot on `day`.
    package func pairings(on day: CivilDay) -> [PairingTenure] { pairings.filter { $0.period.contains(day) } }
}

/// A payload with its day and event.
package struct DatedReference<Payload: Hashable & Sendable>: Hashable, Sendable {
    package let reference: EventReference
    package let day: CivilDay
    package let payload: Payload
}

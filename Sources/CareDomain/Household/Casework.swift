/// A helper's time in one slot.
package struct PairingTenure: Hashable, Sendable {
    package let kind: PairingKind
    /// With all that was told by now.
    package private(set) var helper: Helper
    /// The helper's name and telephone, as given last; nil when unreadable or not given.
    package private(set) var details: PersonalDetails?
    package var period: DayPeriod
    package let startedBy: EventReference
    package var endedBy: EventReference?
    package var endReason: Code?
    /// First days on which each was on record.
    private var toldFrom = ToldFrom()

    private struct ToldFrom: Hashable, Sendable {
        var name: CivilDay?
        var unit: CivilDay?
        var contact: CivilDay?

        /// - Parameter detail: A single one.
        subscript(detail: HelperDetails) -> CivilDay? {
            switch detail {
            case .name: name
            case .unit: unit
            default: contact
            }
        }

        mutating func note(_ told: HelperDetails, on day: CivilDay) {
            func earlier(_ known: CivilDay?) -> CivilDay { known.map { min($0, day) } ?? day }
            if told.contains(.name) { name = earlier(name) }
            if told.contains(.unit) { unit = earlier(unit) }
            if told.contains(.contact) { contact = earlier(contact) }
        }
    }

    /// Begins on a day with what an event told of the helper.
    package init(
        kind: PairingKind, helper: Helper, sealed: [SealedPart], from day: CivilDay, startedBy: EventReference
    ) {
        self.kind = kind
        self.helper = helper
        self.startedBy = startedBy
        details = sealed.details(of: helper.id)
        period = DayPeriod(start: day)
        toldFrom.note(helper.told(with: sealed), on: day)
    }

    /// Takes in what was told of the same helper later: the latest word counts, and nothing is unsaid.
    mutating func complete(_ told: Helper, _ sealed: [SealedPart], on day: CivilDay) {
        toldFrom.note(told.told(with: sealed), on: day)
        helper.unit = told.unit ?? helper.unit
        helper.hasRealName = helper.hasRealName || told.hasRealName
        // An earlier event that does not say it told of a telephone, or not, by its own sealed part.
        if told.hasContact == true { helper.hasContact = true }
        if let newer = sealed.details(of: told.id) { details = details?.updated(by: newer) ?? newer }
    }

    /// Of what is asked for, what was not on record on a day.
    package func lacking(_ asked: HelperDetails, on day: CivilDay) -> HelperDetails {
        var lacking: HelperDetails = []
        for detail in HelperDetails.each where asked.contains(detail) {
            if toldFrom[detail].map({ $0 > day }) ?? true { lacking.insert(detail) }
        }
        return lacking
    }

    /// The days on which all of this was on record; nil when there is none.
    package func period(with asked: HelperDetails) -> DayPeriod? {
        var start = period.start
        for detail in HelperDetails.each where asked.contains(detail) {
            guard let from = toldFrom[detail] else { return nil }
            start = max(start, from)
        }
        let days = DayPeriod(start: start, end: period.end)
        return days.isEmpty ? nil : days
    }

    /// Whether it fills the slot on the day or on a later one, also when it has an end by now: whoever takes a slot from a day
    /// in the past on stands beside all that came after it.
    package func stands(from day: CivilDay) -> Bool {
        !period.isEmpty && (period.end.map { $0 > day } ?? true)
    }

    /// Whether it is that helper's, begun by the day, and has no end.
    func isOpen(on day: CivilDay, _ person: PersonID) -> Bool {
        helper.id == person && period.end == nil && period.start <= day
    }

    /// Whether nothing told of the two sets this helper apart from another one: they bear one name and have one telephone,
    /// or, where one of them gave none, one unit. Nothing is alike of those whose name is not given or cannot be read.
    package func isOfSamePerson(as other: Helper, _ otherDetails: PersonalDetails?) -> Bool {
        guard bearsName(of: otherDetails) else { return false }
        let phones = (Self.digits(details?.phone), Self.digits(otherDetails?.phone))
        if !phones.0.isEmpty, !phones.1.isEmpty { return phones.0 == phones.1 }
        return Self.plain(helper.unit) == Self.plain(other.unit)
    }

    /// Whether they bear one name, and neither telephones nor units that are both given set them apart.
    func mayBeSamePerson(as other: Helper, _ otherDetails: PersonalDetails?) -> Bool {
        func agree(_ first: String, _ second: String) -> Bool { first.isEmpty || second.isEmpty || first == second }
        return bearsName(of: otherDetails)
            && agree(Self.digits(details?.phone), Self.digits(otherDetails?.phone))
            && agree(Self.plain(helper.unit), Self.plain(other.unit))
    }

    private func bearsName(of other: PersonalDetails?) -> Bool {
        let name = Self.plain(details?.name.map(PersonName.closed))
        return !name.isEmpty && name == Self.plain(other?.name.map(PersonName.closed))
    }

    private static func plain(_ text: String?) -> String { text.map { $0.filter { !$0.isWhitespace } } ?? "" }
    private static func digits(_ phone: String?) -> String { phone.map { $0.filter(\.isNumber) } ?? "" }
}

/// A guardian's life cycle: named → consented → notarised (active) → ended.
/// - Source: CZ-2.13a
package struct Guardianship: Hashable, Sendable {
    /// How far it has come.
    package enum State: String, Hashable, Sendable { case named, consented, active, ended }

    package let person: PersonID
    package let guardian: PersonID
    package let namedBy: DepartmentID
    package let relation: Code
    package let details: PersonalDetails?
    package let startedBy: EventReference
    package let namedOn: CivilDay
    package var consentedOn: CivilDay?
    package var notarisedOn: CivilDay?
    package var certificate: String?
    package var scope: [Code] = []
    package var feeWaived: Bool?
    /// First day without it as a person recorded it; `lapsedOn` also knows of the ward's death.
    package var endedOn: CivilDay?
    package var endReason: Code?
    /// Day on which the member died who was to be cared for: nobody is anybody's guardian from then on.
    package var wardDiedOn: CivilDay?

    /// First day without the guardianship, and why where that is known; nil while it stands.
    package var lapsedOn: (day: CivilDay, reason: Code?)? {
        guard let wardDiedOn, endedOn.map({ wardDiedOn <= $0 }) ?? true else {
            return endedOn.map { (day: $0, reason: endReason) }
        }
        return (day: wardDiedOn, reason: RecordWords.wardDied)
    }

    /// The state on a day; nil before it was named.
    package func state(on day: CivilDay) -> State? {
        guard day >= namedOn else { return nil }
        if let lapsedOn, day >= lapsedOn.day { return .ended }
        if let notarisedOn, day >= notarisedOn { return consentedOn.map { $0 <= day } == true ? .active : .named }
        if let consentedOn, day >= consentedOn { return .consented }
        return .named
    }
}

/// A visit and the needs it found.
package struct Visit: Hashable, Sendable {
    package let reference: EventReference
    package let day: CivilDay
    package let visit: VisitRecorded
}

/// A need with what became of it.
package struct Need: Hashable, Sendable {
    package let reference: EventReference
    package let raisedOn: CivilDay
    package let raised: NeedRaised
    package var answers: [Answer] = []
    package var closedOn: CivilDay?
    package var closedFor: Code?

    /// One answer.
    package struct Answer: Hashable, Sendable {
        package let reference: EventReference
        package let day: CivilDay
        package let answered: NeedAnswered
    }
}

/// A plan item with what became of it.
package struct PlanItem: Hashable, Sendable {
    package let reference: EventReference
    package let openedOn: CivilDay
    package let opened: PlanItemOpened
    package var doneOn: CivilDay?
}

/// Goods handed out, with the event.
package struct HandOut: Hashable, Sendable {
    package let reference: EventReference
    package let day: CivilDay
    /// Account of the person who recorded it; nil where the reader did not take it from the record.
    package let recordedBy: Code?
    package let handed: GoodsHandedOut
}

/// A fact as stated, with its event.
package struct StatedFact: Hashable, Sendable {
    package let reference: EventReference
    package let recordedAt: Moment
    package let learnedOn: CivilDay?
    package let from: CivilDay
    /// Department that stated it; nil where the reader did not take it from the record.
    package let department: DepartmentID?
    /// Account of the person who stated it; nil likewise.
    package let by: Code?
    package let stated: FactStated
}

/// Where the household is registered or lives, from a day on.
package struct ResidenceEntry: Hashable, Sendable {
    package let reference: EventReference
    package let from: CivilDay
    package let kind: HouseholdMoved.Kind
    package let division: DivisionCode
    package let area: Area?
}

/// Which number the file has from a day on.
package struct ArchiveNumberEntry: Hashable, Sendable {
    /// The event that gave it: the registration, or a move to another county.
    package let reference: EventReference
    package let from: CivilDay
    /// Nil = none: the family was registered without one.
    package let number: String?
    /// Where the family was registered when it got it: the office that gives numbers out.
    package let division: DivisionCode
}

/// A decision about a right, with what became of it.
package struct DecidedAward: Hashable, Sendable {
    package let reference: EventReference
    package let recordedAt: Moment
    package let decidedOn: CivilDay
    /// Account of the person who decided; nil where the reader did not take it from the record.
    package let by: Code?
    package let decided: AwardDecided
    /// First day on which it no longer holds because it was revoked.
    package var revokedFrom: CivilDay?
    package var revokedBy: EventReference?

    /// Days on which it holds.
    package var period: DayPeriod {
        let end = [decided.period.end, revokedFrom].compactMap { $0 }.min()
        return DayPeriod(start: decided.period.start, end: end)
    }
}

/// A determination as made, with its event.
package struct MadeDetermination: Hashable, Sendable {
    package let reference: EventReference
    package let recordedAt: Moment
    /// Day of it.
    package let on: CivilDay
    package let made: DeterminationMade
    /// Earlier ones of the right, in order, whose sums paid other months together: what was ordered by them still does.
    private(set) var replaced: [MadeDetermination] = []
    /// The quarters and years that had begun while their months were counted together by an earlier one.
    private(set) var togetherUntilNow = MonthsTogether()

    init(_ made: DeterminationMade, _ known: KnownEvent) {
        reference = known.reference
        recordedAt = known.recordedAt
        on = known.occurredOn
        self.made = made
    }

    /// The same in the place of an earlier one.
    func replacing(_ earlier: MadeDetermination) -> MadeDetermination {
        var entry = self
        entry.replaced = earlier.replaced
        entry.togetherUntilNow = earlier.togetherUntilNow
        if !made.paysTheSameMonths(as: earlier.made) {
            var old = earlier
            old.replaced = []
            entry.replaced.append(old)
        }
        entry.togetherUntilNow.insert(earlier.made, through: CivilMonth(containing: on))
        return entry
    }

    /// What was determined when the stream was read up to an event, as far as it says which months a sum pays.
    func made(at reference: EventReference) -> DeterminationMade {
        self.reference <= reference
            ? made : replaced.last { $0.reference <= reference }?.made ?? replaced.first?.made ?? made
    }
}

/// A notice with its delivery.
package struct Notice: Hashable, Sendable {
    package let reference: EventReference
    package let raisedOn: CivilDay
    package let raised: NoticeRaised
    package var deliveries: [NoticeDelivered] = []
}

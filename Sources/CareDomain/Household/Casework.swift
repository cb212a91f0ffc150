/// A helper's time in one slot.
package struct PairingTenure: Hashable, Sendable {
    package let kind: PairingKind
    package let helper: Helper
    /// The helper's name and telephone, as given; nil when unreadable or not given.
    package let details: PersonalDetails?
    package var period: DayPeriod
    package let startedBy: EventReference
    package var endedBy: EventReference?
    package var endReason: Code?

    /// Whether it fills the slot on the day or on a later one, also when it has an end by now: whoever takes a slot from a day
    /// in the past on stands beside all that came after it.
    package func stands(from day: CivilDay) -> Bool {
        !period.isEmpty && (period.end.map { $0 > day } ?? true)
    }

    /// Whether nothing told of the two sets this helper apart from another one: they bear one name and have one telephone,
    /// or, where one of them gave none, one unit. Nothing is alike of those whose name is not given or cannot be read.
    package func isOfSamePerson(as other: Helper, _ otherDetails: PersonalDetails?) -> Bool {
        func plain(_ text: String?) -> String { text.map { $0.filter { !$0.isWhitespace } } ?? "" }
        func digits(_ phone: String?) -> String { phone.map { $0.filter(\.isNumber) } ?? "" }
        let name = plain(details?.name)
        guard !name.isEmpty, name == plain(otherDetails?.name) else { return false }
        let phones = (digits(details?.phone), digits(otherDetails?.phone))
        if !phones.0.isEmpty, !phones.1.isEmpty { return phones.0 == phones.1 }
        return plain(helper.unit) == plain(other.unit)
    }
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

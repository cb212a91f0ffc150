import CareDomain
import NotifierCore

func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
func code(_ text: String) -> Code { Code(unchecked: text) }
func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 0xA, low: number)) }
func household(_ number: UInt64) -> HouseholdID { HouseholdID(Identifier128(high: 0xB, low: number)) }

/// An invented family's stream, written the way a case is told.
struct Family {
    static let slots = ["department", "cadre", "party_member", "volunteer"]
    let id: HouseholdID
    private(set) var events: [KnownEvent] = []

    init(_ number: UInt64 = 1) { id = NotifierCoreTests.household(number) }

    /// A registered family with a wife (person 1), a husband (person 2) and helpers 10 to 13 in the four slots.
    static func complete(_ number: UInt64 = 1, on start: String = "2014-08-01") -> Family {
        var family = Family(number)
        family.register(on: start)
        for (place, slot) in slots.enumerated() { family.assign(slot, UInt64(10 + place), on: start) }
        return family
    }

    var state: Household { HouseholdHistory(id: id, events: events).household }
    var last: EventReference { EventReference(sequence: UInt64(events.count)) }

    mutating func add(_ event: HouseholdEvent, on text: String, correcting: EventReference? = nil) {
        add(event, onDay: day(text), correcting: correcting)
    }

    mutating func add(_ event: HouseholdEvent, onDay day: CivilDay, correcting: EventReference? = nil) {
        let sequence = UInt64(events.count + 1)
        let correction = correcting.map { Correction(corrects: $0, reason: code("typing_error")) }
        events.append(
            KnownEvent(
                reference: EventReference(sequence: sequence),
                // Noon in Shanghai of the day, a little later for each event.
                recordedAt: Moment(
                    microseconds: Int64(day.dayNumber) * 86_400_000_000 + 14_400_000_000 + Int64(sequence)),
                command: CommandID(Identifier128(high: id.value.low, low: sequence)),
                proposed: ProposedEvent(occurredOn: day, correction: correction, event: event)))
    }

    mutating func register(on text: String) {
        add(.registered(HouseholdRegistered(division: DivisionCode("431002")!, area: .urban)), on: text)
        add(.personJoined(PersonJoined(person: person(1), role: .wife, sex: .female)), on: text)
        add(.personJoined(PersonJoined(person: person(2), role: .husband, sex: .male)), on: text)
    }

    mutating func assign(_ slot: String, _ helper: UInt64, on text: String, named: Bool = true) {
        let sealed = [SealedPart(subject: person(helper), details: PersonalDetails(name: "帮扶人\(helper)"))]
        add(
            .pairingAssigned(
                PairingAssigned(
                    kind: PairingKind(unchecked: slot), helper: Helper(id: person(helper), hasRealName: named),
                    sealed: named ? sealed : [])),
            on: text)
    }

    mutating func end(_ slot: String, _ helper: UInt64, on text: String, correcting: EventReference? = nil) {
        add(
            .pairingEnded(
                PairingEnded(kind: PairingKind(unchecked: slot), helper: person(helper), reason: code("left"))),
            on: text, correcting: correcting)
    }

    mutating func handOver(
        _ slot: String, _ old: UInt64, _ new: UInt64, on text: String, correcting: EventReference? = nil
    ) {
        let sealed = [SealedPart(subject: person(new), details: PersonalDetails(name: "帮扶人\(new)"))]
        add(
            .pairingHandedOver(
                PairingHandedOver(
                    kind: PairingKind(unchecked: slot), from: person(old),
                    to: Helper(id: person(new), hasRealName: true), reason: code("transfer"), sealed: sealed)),
            on: text, correcting: correcting)
    }

    mutating func visit(_ kind: String = "holiday", holiday: String? = nil, on text: String) {
        add(.visitRecorded(VisitRecorded(kind: code(kind), holiday: holiday.map(code))), on: text)
    }

    mutating func assess(_ who: UInt64, grade: Int, validThrough: String?, on text: String) {
        add(
            .disabilityAssessed(
                DisabilityAssessed(person: person(who), grade: grade, validThrough: validThrough.map(day))),
            on: text)
    }

    /// A determination with stretches of (first day, first day after or nil, amount or nil, status).
    mutating func determine(
        _ clause: String, subject: FactSubject = .household,
        _ stretches: [(from: String, end: String?, fen: Int64?, status: DeterminationMade.Status)], on text: String
    ) {
        add(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID(clause)!, subject: subject, pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: day("2014-07-16"), packHash: [], cadence: code("month"),
                    department: DepartmentID(unchecked: "dept.fp"),
                    intervals: stretches.map {
                        DeterminationMade.Interval(
                            period: DayPeriod(start: day($0.from), end: $0.end.map(day)), status: $0.status,
                            amount: $0.fen.map { Fen($0) })
                    },
                    facts: [], readThrough: last)),
            on: text)
    }

    /// Takes the notices due on a day into the stream, and says what they were.
    @discardableResult mutating func raise(on text: String, _ policy: NoticePolicy = .chenzhou) -> [NoticeRaised] {
        let found = NotifierRules.notices(for: state, today: day(text), policy: policy)
        for notice in found { add(.noticeRaised(notice), on: text) }
        return found
    }

    /// Keys of the notices due on a day.
    func keys(on text: String, _ policy: NoticePolicy = .chenzhou) -> [String] {
        NotifierRules.notices(for: state, today: day(text), policy: policy).map(\.key)
    }
}

extension NoticePolicy {
    /// The four slots of Chenzhou; no holidays unless given.
    static func with(holidays: [String] = [], pairingClause: String? = nil, visitClause: String? = nil) -> NoticePolicy
    {
        NoticePolicy(
            slots: zip(Family.slots, ["部门", "干部", "党员", "志愿者"]).map {
                PolicyCatalog.PairingSlot(kind: PairingKind(unchecked: $0), title: $1)
            },
            holidays: holidays.map {
                PolicyCatalog.Word(code: code($0), title: Festival.named(code($0))?.chinese ?? $0)
            },
            pairing: pairingClause.flatMap { ClauseID($0) }.map { DutyNotice(clause: $0) },
            visiting: visitClause.flatMap { ClauseID($0) }.map { DutyNotice(clause: $0) })
    }

    static let chenzhou = NoticePolicy.with()
}

/// A small repeatable source of chance.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True once in `count` times.
    mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

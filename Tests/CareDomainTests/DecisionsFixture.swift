import CareDomain
import CareTestKit
import Testing

/// The invented family of these tests: wife, husband and a child who died; registered on 2014-08-01.
struct Family {
    static let today = CivilDay(year: 2015, month: 6, day: 30)!
    static let registered = CivilDay(year: 2014, month: 8, day: 1)!
    static let wife = person(1)
    static let husband = person(2)
    static let child = person(3)
    static let household = HouseholdID(Identifier128(high: 7, low: 7))

    var bench: HouseholdWorkbench
    private var commands: UInt64 = 100

    static func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 1, low: number)) }
    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }
    static func code(_ text: String) -> Code { Code(unchecked: text) }

    static func members() -> [PersonJoined] {
        [
            PersonJoined(
                person: wife, role: .wife, sex: .female, birthDate: day("1965-09-10"),
                sealed: [SealedPart(subject: wife, details: PersonalDetails(name: "李某", phone: "14000000001"))]),
            PersonJoined(person: husband, role: .husband, sex: .male, birthDate: day("1963-02-03")),
            PersonJoined(person: child, role: .onlyChild, sex: .female, birthDate: day("1990-05-06")),
        ]
    }

    static func registration(_ members: [PersonJoined] = members(), _ facts: [ProposedEvent] = []) -> HouseholdAction {
        let division = DivisionCode("431002001")!
        return .registerHousehold(
            RegisterHousehold(
                household: HouseholdRegistered(division: division, area: .urban), members: members, facts: facts))
    }

    init(registered: Bool = true) {
        bench = HouseholdWorkbench(Self.household, today: Self.today)
        if registered { say(Self.registration(), on: "2014-08-01") }
    }

    var state: Household { bench.household }
    var last: EventReference { EventReference(sequence: bench.history.lastSequence) }

    func command(
        _ action: HouseholdAction, on day: String, correcting: EventReference? = nil, number: UInt64 = 0
    ) -> HouseholdCommand {
        HouseholdCommand(
            id: CommandID(Identifier128(high: 9, low: number)), household: Self.household, occurredOn: Self.day(day),
            correction: correcting.map { Correction(corrects: $0, reason: Self.code("typing_error")) }, action: action)
    }

    @discardableResult
    mutating func say(_ action: HouseholdAction, on day: String, correcting: EventReference? = nil) -> Decision {
        commands += 1
        return bench.carryOut(command(action, on: day, correcting: correcting, number: commands))
    }

    /// Says it and expects it to be accepted.
    mutating func accept(
        _ action: HouseholdAction, on day: String, correcting: EventReference? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        if case .refused(let refusal) = say(action, on: day, correcting: correcting) {
            Issue.record("\(refusal.code) \(refusal.english)", sourceLocation: sourceLocation)
        }
    }

    /// Says it and expects this refusal.
    mutating func refuse(
        _ reason: Refusal.Reason, _ action: HouseholdAction, on day: String, correcting: EventReference? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let before = bench.history
        switch say(action, on: day, correcting: correcting) {
        case .refused(let refusal):
            #expect(refusal.reason == reason, sourceLocation: sourceLocation)
        case .events:
            Issue.record("accepted, expected \(reason)", sourceLocation: sourceLocation)
        }
        #expect(bench.history == before, "a refusal leaves nothing behind", sourceLocation: sourceLocation)
    }
}

/// Payloads that many tests use.
extension HouseholdAction {
    static func assign(_ kind: String, _ helper: UInt64, named: Bool = true) -> HouseholdAction {
        .assignHelper(
            PairingAssigned(
                kind: PairingKind(unchecked: kind), helper: Helper(id: Family.person(helper), hasRealName: named)))
    }

    static func handOver(_ kind: String, _ old: UInt64, _ new: UInt64) -> HouseholdAction {
        .handOverPairing(
            PairingHandedOver(
                kind: PairingKind(unchecked: kind), from: Family.person(old),
                to: Helper(id: Family.person(new), hasRealName: true), reason: Family.code("transfer")))
    }

    static func endPairing(_ kind: String, _ helper: UInt64) -> HouseholdAction {
        .endPairing(
            PairingEnded(
                kind: PairingKind(unchecked: kind), helper: Family.person(helper), reason: Family.code("left")))
    }

    static func assess(_ person: PersonID, grade: Int, through: String? = nil) -> HouseholdAction {
        .assessDisability(
            DisabilityAssessed(
                person: person, kind: Family.code("sight"), grade: grade, validThrough: through.map(Family.day)))
    }

    static func fact(
        _ id: String, _ value: FactValue?, _ subject: FactSubject = .household, until: String? = nil
    ) -> HouseholdAction {
        .stateFact(
            FactStated(
                fact: FactID(unchecked: id), subject: subject, value: value, until: until.map(Family.day),
                source: Family.code("certificate")))
    }

    static func visit(_ kind: String = "routine", needs: [String] = []) -> HouseholdAction {
        .recordVisit(
            RecordVisit(
                visit: VisitRecorded(kind: Family.code(kind)), needs: needs.map { NeedRaised(kind: Family.code($0)) }))
    }

    static func death(_ person: PersonID) -> HouseholdAction { .recordDeath(PersonDied(person: person)) }

    static func guardian(_ guardian: UInt64 = 50, of person: PersonID = Family.wife) -> HouseholdAction {
        .nameGuardian(
            GuardianNamed(
                person: person, guardian: Family.person(guardian), namedBy: DepartmentID(unchecked: "org.community"),
                relation: Family.code("relative")))
    }

    static func consent(_ guardian: UInt64 = 50) -> HouseholdAction {
        .recordGuardianConsent(GuardianConsented(person: Family.wife, guardian: Family.person(guardian)))
    }

    static func notarise(_ guardian: UInt64 = 50) -> HouseholdAction {
        .recordNotarisation(
            GuardianNotarised(person: Family.wife, guardian: Family.person(guardian), certificate: "1"))
    }

    static func endGuardian(_ guardian: UInt64 = 50) -> HouseholdAction {
        .endGuardianship(
            GuardianEnded(person: Family.wife, guardian: Family.person(guardian), reason: Family.code("moved_away")))
    }
}

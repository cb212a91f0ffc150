import CareDomain

/// An invented Chenzhou family, command by command: wife born 1965-09-10, husband 1963-01-20, an only child born 1990.
struct Family {
    static let wife = PersonID(Identifier128(high: 5, low: 1))
    static let husband = PersonID(Identifier128(high: 5, low: 2))
    static let child = PersonID(Identifier128(high: 5, low: 3))

    let number: UInt64
    private var commands: UInt64 = 0

    init(_ number: UInt64 = 1) { self.number = number }

    var id: HouseholdID { .init(Identifier128(high: number, low: 42)) }
    var wife: FactSubject { .person(Self.wife) }
    var husband: FactSubject { .person(Self.husband) }
    var child: FactSubject { .person(Self.child) }

    static func day(_ text: String) -> CivilDay {
        guard let day = CivilDay(parsing: text) else { preconditionFailure("Family.day: \(text) is no day") }
        return day
    }

    static func code(_ text: String) -> Code { Code(unchecked: text) }

    /// A command about this family.
    mutating func says(
        _ action: HouseholdAction, on day: String, correcting: UInt64? = nil, learned: String? = nil
    ) -> HouseholdCommand {
        commands += 1
        return HouseholdCommand(
            id: CommandID(Identifier128(high: number, low: commands)), household: id, occurredOn: Self.day(day),
            learnedOn: learned.map { Self.day($0) },
            correction: correcting.map {
                Correction(corrects: EventReference(sequence: $0), reason: Self.code("typing_error"))
            }, action: action)
    }

    /// The family's registration. Events 1 to 4: household, wife, husband, child.
    mutating func registers(on day: String = "2014-08-01", wifeBorn: String = "1965-09-10") -> HouseholdCommand {
        let members = [
            PersonJoined(person: Self.wife, role: .wife, sex: .female, birthDate: Self.day(wifeBorn)),
            PersonJoined(person: Self.husband, role: .husband, sex: .male, birthDate: Self.day("1963-01-20")),
            PersonJoined(person: Self.child, role: .onlyChild, sex: .male, birthDate: Self.day("1990-05-06")),
        ]
        guard let division = DivisionCode("431002") else { preconditionFailure("431002 is a division") }
        return says(
            .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: division, area: .urban), members: members)), on: day)
    }

    mutating func childDies(on day: String) -> HouseholdCommand {
        says(.recordDeath(PersonDied(person: Self.child)), on: day)
    }

    mutating func childAssessed(_ grade: Int, on day: String, correcting: UInt64? = nil) -> HouseholdCommand {
        says(
            .assessDisability(DisabilityAssessed(person: Self.child, grade: grade)), on: day, correcting: correcting)
    }

    mutating func states(
        _ fact: String, _ value: FactValue?, _ subject: FactSubject = .household, on day: String,
        until: String? = nil, correcting: UInt64? = nil
    ) -> HouseholdCommand {
        says(
            .stateFact(
                FactStated(
                    fact: FactID(unchecked: fact), subject: subject, value: value, until: until.map { Self.day($0) },
                    source: Self.code("certificate"))), on: day, correcting: correcting)
    }

    mutating func isVisited(on day: String) -> HouseholdCommand {
        says(.recordVisit(RecordVisit(visit: VisitRecorded(kind: Self.code("routine")))), on: day)
    }

    mutating func isHelped(by helper: UInt64, as kind: String, on day: String) -> HouseholdCommand {
        let person = PersonID(Identifier128(high: 6, low: helper))
        return says(
            .assignHelper(
                PairingAssigned(
                    kind: PairingKind(unchecked: kind), helper: Helper(id: person, unit: "某街道办", hasRealName: true),
                    sealed: [
                        SealedPart(
                            subject: person,
                            details: PersonalDetails(name: "帮扶人\(helper)", phone: "1400000\(1000 + helper)"))
                    ])), on: day)
    }
}

extension DeterminationMade {
    /// The stretches in short: `2014-09-10..: entitled 300.00`.
    var short: [String] {
        intervals.map { interval in
            let sum = interval.amount.map { " \($0)" } ?? ""
            return "\(interval.period.start)..\(interval.period.end?.description ?? ""): \(interval.status)\(sum)"
        }
    }

    /// The changed months in short: `2015-01..2015-03: 0.00 > 300.00`.
    var shortChanges: [String] { changes.map { "\($0.first)..\($0.last): \($0.before) > \($0.after)" } }
}

extension [DeterminationMade] {
    /// The latest of a clause and a subject.
    func last(_ clause: String, _ subject: FactSubject) -> DeterminationMade? {
        last { $0.clause.rawValue == clause && $0.subject == subject }
    }
}

import CareDomain
import Testing

@testable import RuleEngine

@Suite("由事件得出事实")
struct HistoryTests {
    private let wife = PersonID(Identifier128(high: 0, low: 1))
    private let child = PersonID(Identifier128(high: 0, low: 2))

    private func known(
        _ sequence: UInt64, _ day: String, recorded: String, command: UInt64, correcting: UInt64? = nil,
        _ event: HouseholdEvent
    ) -> KnownEvent {
        KnownEvent(
            reference: EventReference(sequence: sequence),
            recordedAt: Moment(microseconds: Int64(SmallPack.day(recorded).dayNumber) * 86_400_000_000),
            command: CommandID(Identifier128(high: 0, low: command)),
            proposed: ProposedEvent(
                occurredOn: SmallPack.day(day),
                correction: correcting.map {
                    Correction(corrects: EventReference(sequence: $0), reason: Code(unchecked: "typing_error"))
                }, event: event))
    }

    private var registration: [KnownEvent] {
        [
            known(
                1, "2016-03-01", recorded: "2016-03-02", command: 1,
                .registered(HouseholdRegistered(division: DivisionCode("431002")!, area: .urban))),
            known(
                2, "2016-03-01", recorded: "2016-03-02", command: 1,
                .personJoined(PersonJoined(person: wife, role: .wife, birthDate: SmallPack.day("1965-09-10")))),
            known(
                3, "2016-03-01", recorded: "2016-03-02", command: 1,
                .personJoined(PersonJoined(person: child, role: .onlyChild, birthDate: SmallPack.day("1990-05-01")))),
            known(4, "2015-01-05", recorded: "2016-03-02", command: 1, .personDied(PersonDied(person: child))),
        ]
    }

    private func value(
        _ facts: FactBase, _ fact: String, _ subject: RuleSubject, on day: String, _ knownAt: KnownAt = .latest
    ) -> FactValue? {
        facts.statements(knownAt: knownAt).filter {
            $0.fact.rawValue == fact && $0.subject == subject && $0.period.contains(SmallPack.day(day))
        }.max { $0.period.start < $1.period.start }?.value
    }

    /// Urban or rural where the family lives, as rules read it; the page says the same of days from the file on.
    private func area(_ events: [KnownEvent], on day: String, knownOn: String? = nil) -> String? {
        let moment = knownOn.map {
            Moment(microseconds: Int64(SmallPack.day($0).dayNumber) * 86_400_000_000)
        }
        let facts = FactBase(events: events)
        let known = value(facts, "household.area", .household, on: day, moment.map { .recorded($0) } ?? .latest)
        let history = HouseholdHistory(id: HouseholdID(Identifier128(high: 0, low: 9)), events: events)
        let page = moment.map { history.household(knownAt: $0) } ?? history.household
        #expect(known == page.area(on: SmallPack.day(day)).map { FactValue.code(Code(unchecked: $0.rawValue)) })
        guard case .code(let code)? = known else { return nil }
        return code.rawValue
    }

    private func moved(
        _ sequence: UInt64, _ kind: HouseholdMoved.Kind, _ area: Area?, _ day: String, recorded: String,
        correcting: UInt64? = nil
    ) -> KnownEvent {
        known(
            sequence, day, recorded: recorded, command: sequence, correcting: correcting,
            .moved(HouseholdMoved(kind: kind, division: DivisionCode("431002")!, area: area)))
    }

    @Test("没有单独登记居住地的，居住地的城乡随户籍，更正之后也是")
    func residenceFollowsRegistration() {
        let rural = registration + [moved(5, .registration, .rural, "2017-01-01", recorded: "2017-01-05")]
        #expect(area(rural, on: "2016-12-31") == "urban" && area(rural, on: "2017-01-01") == "rural")
        #expect(area(rural, on: "2017-06-01", knownOn: "2017-01-04") == "urban")
        #expect(value(FactBase(events: rural), "household.residence_division", .household, on: "2017-06-01") == nil)
        let later =
            rural + [moved(6, .registration, .rural, "2017-03-01", recorded: "2017-04-01", correcting: 5)]
        #expect(area(later, on: "2017-02-28") == "urban" && area(later, on: "2017-03-01") == "rural")
        let founding = known(
            6, "2016-03-01", recorded: "2017-04-01", command: 6, correcting: 1,
            .registered(HouseholdRegistered(division: DivisionCode("431002")!, area: .rural)))
        let urban = moved(5, .registration, .urban, "2017-01-01", recorded: "2017-01-05")
        #expect(area(registration + [urban, founding], on: "2016-12-31") == "rural")
        #expect(area(registration + [urban, founding], on: "2017-01-01") == "urban")
    }

    @Test("单独登记过居住地的，从那一天起户籍变动不再改它；登记作废的，重又随户籍")
    func residenceOfItsOwn() {
        let told =
            registration + [
                moved(5, .registration, .rural, "2017-01-01", recorded: "2017-01-05"),
                moved(6, .residence, .urban, "2016-06-01", recorded: "2018-01-01"),
            ]
        #expect(area(told, on: "2017-06-01") == "urban")
        #expect(area(told, on: "2017-06-01", knownOn: "2017-12-31") == "rural")
        let withdrawn =
            told + [known(7, "2018-02-01", recorded: "2018-02-02", command: 7, correcting: 6, .withdrawn)]
        #expect(area(withdrawn, on: "2017-06-01") == "rural")
        // A residence of which nobody said whether it is urban stays what it was.
        let silent =
            registration + [
                moved(5, .residence, nil, "2016-06-01", recorded: "2016-06-02"),
                moved(6, .registration, .rural, "2017-01-01", recorded: "2017-01-05"),
            ]
        #expect(area(silent, on: "2017-06-01") == "urban")
        let after =
            registration + [
                moved(5, .registration, .rural, "2017-01-01", recorded: "2017-01-05"),
                moved(6, .residence, nil, "2017-06-01", recorded: "2017-06-02"),
                moved(7, .registration, .urban, "2018-01-01", recorded: "2018-01-05"),
            ]
        #expect(area(after, on: "2018-06-01") == "rural")
    }

    @Test("首次登记的成员和户籍地追溯到以前")
    func foundersReachBack() {
        let facts = FactBase(events: registration)
        #expect(value(facts, "person.role", .person(wife), on: "1970-01-01") == .code(Code(unchecked: "wife")))
        #expect(value(facts, "household.division", .household, on: "2014-07-16") == .reference("431002"))
        #expect(value(facts, "household.area", .household, on: "2014-07-16") == .code(Code(unchecked: "urban")))
        #expect(
            value(facts, "person.death_date", .person(child), on: "2015-01-05") == .day(SmallPack.day("2015-01-05")))
    }

    @Test("更正之前按原来所知，更正之后按更正，撤回之后没有")
    func corrections() {
        let events =
            registration + [
                known(
                    5, "2015-02-05", recorded: "2016-05-01", command: 2, correcting: 4,
                    .personDied(PersonDied(person: child))),
                known(6, "2015-02-05", recorded: "2016-06-01", command: 3, correcting: 5, .withdrawn),
            ]
        let facts = FactBase(events: events)
        func death(_ moment: String, on day: String) -> FactValue? {
            value(
                facts, "person.death_date", .person(child), on: day,
                .recorded(Moment(microseconds: Int64(SmallPack.day(moment).dayNumber) * 86_400_000_000)))
        }
        #expect(death("2016-03-01", on: "2016-12-31") == nil)
        #expect(death("2016-04-01", on: "2016-12-31") == .day(SmallPack.day("2015-01-05")))
        #expect(death("2016-05-01", on: "2016-12-31") == .day(SmallPack.day("2015-02-05")))
        #expect(death("2016-06-01", on: "2016-12-31") == nil)
    }

    @Test("更正首次登记里的姓名：成员仍追溯到以前，什么权利也不变")
    func correctedFounder() {
        // The same words again, as a name put right leaves them: names are sealed, rules never see them.
        let renamed = known(
            5, "2016-03-01", recorded: "2017-01-10", command: 2, correcting: 2,
            .personJoined(PersonJoined(person: wife, role: .wife, birthDate: SmallPack.day("1965-09-10"))))
        let again = known(
            6, "2016-03-01", recorded: "2017-02-10", command: 3, correcting: 5,
            .personJoined(PersonJoined(person: wife, role: .wife, birthDate: SmallPack.day("1965-09-10"))))
        for events in [[renamed], [renamed, again]] {
            let facts = FactBase(events: registration + events)
            for day in ["1970-01-01", "2014-07-16", "2018-01-01"] {
                #expect(value(facts, "person.role", .person(wife), on: day) == .code(Code(unchecked: "wife")))
            }
        }
        // One who joined later and was put right still belongs from that later day only.
        let joined = known(
            5, "2018-01-01", recorded: "2018-01-02", command: 2,
            .personJoined(PersonJoined(person: PersonID(Identifier128(high: 0, low: 3)), role: .other)))
        let corrected = known(
            6, "2018-02-01", recorded: "2018-03-02", command: 3, correcting: 5,
            .personJoined(PersonJoined(person: PersonID(Identifier128(high: 0, low: 3)), role: .other)))
        let facts = FactBase(events: registration + [joined, corrected])
        let other = RuleSubject.person(PersonID(Identifier128(high: 0, low: 3)))
        #expect(value(facts, "person.role", other, on: "2018-01-31") == nil)
        #expect(value(facts, "person.role", other, on: "2018-02-01") == .code(Code(unchecked: "other")))
    }

    @Test("更正随户登记的独生子女出生：仍不是再生育")
    func correctedBirthOfTheOnlyChild() {
        let born = known(4, "1990-05-01", recorded: "2016-03-02", command: 1, .childBorn(ChildBorn(child: child)))
        let corrected = known(
            5, "1990-05-02", recorded: "2017-01-10", command: 2, correcting: 4, .childBorn(ChildBorn(child: child)))
        let facts = FactBase(events: registration.dropLast() + [born, corrected])
        #expect(!facts.statements.contains { $0.fact.rawValue == "household.rebirth_on" })
    }

    @Test("随户登记的另一名子女的出生是再生育，与档案页相同；后来补登的独生子女本人的出生不是")
    func birthFiledWithTheFamily() {
        let other = PersonID(Identifier128(high: 0, low: 4))
        let joined = known(
            5, "2016-03-01", recorded: "2016-03-02", command: 1,
            .personJoined(PersonJoined(person: other, role: .other, birthDate: SmallPack.day("2012-05-05"))))
        let born = known(6, "2012-05-05", recorded: "2016-03-02", command: 1, .childBorn(ChildBorn(child: other)))
        let facts = FactBase(events: registration + [joined, born])
        #expect(value(facts, "household.rebirth_on", .household, on: "2016-04-01") == .day(SmallPack.day("2012-05-05")))
        let own = known(5, "1990-05-01", recorded: "2017-01-10", command: 2, .childBorn(ChildBorn(child: child)))
        #expect(
            !FactBase(events: registration + [own]).statements.contains { $0.fact.rawValue == "household.rebirth_on" })
    }

    @Test("更正事故：仍是同一事故，对它的决定不失去对象")
    func correctedIncident() {
        let fire = IncidentReported(kind: Code(unchecked: "accident"), victims: [])
        let facts = FactBase(
            events: registration + [
                known(5, "2016-05-01", recorded: "2016-05-02", command: 2, .incidentReported(fire)),
                known(6, "2016-05-03", recorded: "2016-06-02", command: 3, correcting: 5, .incidentReported(fire)),
            ])
        let incidents = Set(facts.statements.filter { $0.fact.rawValue == "incident.date" }.map(\.subject))
        #expect(incidents == [.incident(EventReference(sequence: 5))])
    }

    @Test("证件印的最后一天仍有效，次日失效")
    func certificateEnd() {
        let assessed = known(
            5, "2012-01-01", recorded: "2016-04-01", command: 2,
            .disabilityAssessed(DisabilityAssessed(person: child, grade: 3, validThrough: SmallPack.day("2015-12-31"))))
        let facts = FactBase(events: registration + [assessed])
        #expect(value(facts, "person.disability_grade", .person(child), on: "2015-12-31") == .int(3))
        #expect(value(facts, "person.disability_grade", .person(child), on: "2016-01-01") == nil)
    }

    @Test("误登之后，该户的事实都不再算数")
    func registeredInError() {
        let error = known(
            5, "2016-09-01", recorded: "2016-09-01", command: 2,
            .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))))
        let facts = FactBase(events: registration + [error])
        #expect(facts.statements.allSatisfy { !KnownAt.latest.knows($0) })
        #expect(
            facts.statements.contains {
                KnownAt.recorded(Moment(microseconds: Int64(SmallPack.day("2016-08-31").dayNumber) * 86_400_000_000))
                    .knows($0)
            })
    }

    @Test("同一天的两次迁移：后记的算数，更正保留原来的先后；规则、档案说的是同一处", arguments: 0..<40)
    func movesOfOneDay(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        let places = ["431002", "431003", "431021", "430102"]
        let days = ["2016-04-01", "2016-05-01", "2016-05-02"]
        var events = registration
        for number in 0..<6 {
            let sequence = UInt64(events.count + 1)
            let moves = events.filter { event in
                guard case .moved = event.event else { return false }
                return !events.contains { $0.proposed.correction?.corrects == event.reference }
            }
            let corrects = moves.isEmpty || roll(3) > 0 ? nil : moves[roll(moves.count)].reference.sequence
            let moved = HouseholdMoved(
                kind: .registration, division: DivisionCode(places[roll(places.count)])!, area: nil)
            events.append(
                known(
                    sequence, days[roll(days.count)], recorded: "2016-06-0\(number + 1)", command: sequence,
                    correcting: corrects, corrects != nil && roll(4) == 0 ? .withdrawn : .moved(moved)))
        }
        let facts = FactBase(events: events)
        let household = HouseholdHistory(id: HouseholdID(Identifier128(high: 0, low: 9)), events: events).household
        for day in days + ["2016-03-01", "2016-04-30", "2016-05-31"] {
            #expect(
                facts.division(on: SmallPack.day(day)) == household.division(on: SmallPack.day(day)),
                "\(seed) \(day)")
        }
    }

    @Test("同一天先记的迁移后来更正，仍排在后记的前面")
    func correctedMoveKeepsItsPlace() {
        func moved(_ place: String) -> HouseholdEvent {
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode(place)!, area: nil))
        }
        let events =
            registration + [
                known(5, "2016-05-01", recorded: "2016-05-02", command: 2, moved("431003")),
                known(6, "2016-05-01", recorded: "2016-05-03", command: 3, moved("431021")),
                known(7, "2016-05-01", recorded: "2016-05-04", command: 4, correcting: 5, moved("430102")),
            ]
        let facts = FactBase(events: events)
        #expect(facts.division(on: SmallPack.day("2016-05-01")) == DivisionCode("431021"))
        #expect(facts.division(on: SmallPack.day("2016-04-30")) == DivisionCode("431002"))
    }
}

import CareDomain
import CareProjections
import CareTestKit
import Testing

@Suite("特殊困难家庭身份与结对空缺")
struct StatusTests {
    private let child = PersonID(Identifier128(high: 1, low: 3))

    private func household(_ build: (inout InventedStream) -> Void) -> Household {
        var stream = InventedStream(5)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        stream.add(.personJoined(PersonJoined(person: child, role: .onlyChild)), on: "2000-01-01")
        build(&stream)
        return stream.history.household
    }

    private func periods(_ household: Household) -> [String] {
        household.hardshipPeriods().map {
            "\($0.kind.rawValue) \($0.period.start) \($0.period.end?.description ?? "-")"
        }
    }

    private func owed(_ household: Household, _ duties: [PairingDuty]) -> [String] {
        household.owedPairings(duties, statuses: household.hardshipPeriods()).map {
            "\($0.duty.clause) \($0.period.start) \($0.period.end?.description ?? "-")"
        }
    }

    private func duty(_ clause: String, _ from: String, _ until: String? = nil, in place: String?) -> PairingDuty {
        PairingDuty(
            clause: ClauseID(clause)!,
            inForce: DayPeriod(start: .invented(from), end: until.map(CivilDay.invented)),
            territory: place.flatMap { DivisionCode($0) }, slots: CarePolicyWords.sample.slots)
    }

    private func assess(_ grade: Int, through: String? = nil) -> HouseholdEvent {
        .disabilityAssessed(
            DisabilityAssessed(person: child, grade: grade, validThrough: through.map(CivilDay.invented)))
    }

    @Test("三级属于，四级不属于，证到期次日不再属于")
    func grades() {
        #expect(periods(household { $0.add(assess(3), on: "2014-01-01") }) == ["disabled_child 2014-01-01 -"])
        #expect(periods(household { $0.add(assess(4), on: "2014-01-01") }) == [])
        #expect(
            periods(household { $0.add(assess(1, through: "2015-06-30"), on: "2014-01-01") })
                == ["disabled_child 2014-01-01 2015-07-01"])
    }

    @Test("二级改一级、证件换发：身份未断，自首次评定日起；中断后重新起算")
    func gradeWithinOneToThree() {
        let same = household {
            $0.add(assess(2), on: "2012-01-01")
            $0.add(assess(1), on: "2014-06-01")
        }.hardshipPeriods()
        #expect(same.count == 2)
        for part in same {
            let whole = same.unbroken(part)
            #expect(whole.period == DayPeriod(start: .invented("2012-01-01")))
            // The day and the event are of one assessment, the first.
            #expect(whole.since == .invented("2012-01-01") && whole.restsOn == same[0].restsOn)
        }
        let broken = household {
            $0.add(assess(2), on: "2012-01-01")
            $0.add(assess(4), on: "2013-01-01")
            $0.add(assess(3), on: "2014-06-01")
            $0.add(.personDied(PersonDied(person: child)), on: "2015-01-01")
        }.hardshipPeriods()
        #expect(
            broken.map { broken.unbroken($0).period } == [
                DayPeriod(start: .invented("2012-01-01"), end: .invented("2013-01-01")),
                DayPeriod(start: .invented("2014-06-01"), end: .invented("2015-01-01")),
                DayPeriod(start: .invented("2015-01-01")),
            ])
    }

    @Test("再生育或收养当日起不再属于")
    func rebirthEndsIt() {
        let reborn = household {
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
            $0.add(.childBorn(ChildBorn()), on: "2015-05-05")
        }
        #expect(periods(reborn) == ["bereaved 2014-01-01 2015-05-05"])
        let adopted = household {
            $0.add(.childAdopted(ChildAdopted()), on: "2013-05-05")
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
        }
        #expect(periods(adopted) == [])
    }

    @Test("登记独生子女本人的出生不算再生育")
    func ownBirthIsNoRebirth() {
        let household = household {
            $0.add(.childBorn(ChildBorn(child: child)), on: "2000-01-01")
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
        }
        #expect(periods(household) == ["bereaved 2014-01-01 -"])
    }

    @Test("伤残后死亡：同一天由伤残转为失独，失独自死亡之日起")
    func disabilityThenDeath() {
        let household = household {
            $0.add(assess(2), on: "2013-01-01")
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
        }
        let all = household.hardshipPeriods()
        #expect(periods(household) == ["disabled_child 2013-01-01 2014-01-01", "bereaved 2014-01-01 -"])
        #expect(all.map { all.unbroken($0) } == all)
    }

    @Test("失独不因迁出而变；结对是本市文件的要求：迁出当日起不再应有，迁回之日起重新应有")
    func movingAway() {
        let household = household {
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
            $0.add(
                .moved(HouseholdMoved(kind: .registration, division: DivisionCode("430102")!)), on: "2015-01-01")
            $0.add(
                .moved(HouseholdMoved(kind: .registration, division: DivisionCode("431003")!)), on: "2016-01-01")
        }
        #expect(periods(household) == ["bereaved 2014-01-01 -"])
        let chenzhou = duty("CZ-2.14a", "2014-07-16", in: "431000")
        #expect(owed(household, [chenzhou]) == ["CZ-2.14a 2014-07-16 2015-01-01", "CZ-2.14a 2016-01-01 -"])
    }

    @Test("结对由所在地的文件要求：没有文件要求的地方不缺人，文件到期即止，两份文件都管的以范围小的为准")
    func pairingIsThePlaces() {
        let family = household {
            $0.add(assess(2), on: "2013-01-01")
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
        }
        #expect(owed(family, []) == [])
        #expect(owed(family, [duty("BS-1", "2013-06-01", in: "370304")]) == [])
        #expect(
            owed(family, [duty("CZ-2.14a", "2013-06-01", "2014-07-01", in: "431000")])
                == ["CZ-2.14a 2013-06-01 2014-07-01"])
        #expect(
            owed(
                family,
                [
                    duty("HN-1", "2013-02-01", in: "430000"),
                    duty("CZ-2.14a", "2014-07-16", "2015-07-16", in: "431000"),
                ]) == ["HN-1 2013-02-01 2014-07-16", "CZ-2.14a 2014-07-16 2015-07-16", "HN-1 2015-07-16 -"])
    }

    @Test("应结对由 CZ-2.14a 的认定说：认定说没有的日子不应有，即使身份还在；没有认定的按身份")
    func theDeterminationSays() {
        func judged(_ intervals: [(String, String?, DeterminationMade.Status)]) -> Household {
            household {
                $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
                $0.add(
                    .determinationMade(
                        DeterminationMade(
                            clause: ClauseID("CZ-2.14a")!, subject: .household,
                            pack: PackID(unchecked: "chenzhou-2014"),
                            packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                            cadence: Code(unchecked: "none"),
                            intervals: intervals.map {
                                .init(
                                    period: DayPeriod(start: .invented($0.0), end: $0.1.map { .invented($0) }),
                                    status: $0.2)
                            }, facts: [], readThrough: EventReference(sequence: 1))), on: "2014-08-01")
            }
        }
        let chenzhou = duty("CZ-2.14a", "2014-07-16", in: "431000")
        let ended = judged([("2014-07-16", "2015-03-01", .entitled), ("2015-03-01", nil, .notEntitled)])
        #expect(periods(ended) == ["bereaved 2014-01-01 -"])
        #expect(owed(ended, [chenzhou]) == ["CZ-2.14a 2014-07-16 2015-03-01"])
        #expect(owed(judged([("2014-07-16", nil, .needsFact)]), [chenzhou]) == [])
        // Another place's duty is not what was judged.
        #expect(owed(ended, [duty("HN-1", "2014-07-16", in: "430000")]) == ["HN-1 2014-07-16 -"])
    }

    @Test("误登、销档的家庭不再计入")
    func closedFiles() {
        let wrong = household {
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
            $0.add(
                .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))), on: "2014-09-01")
        }
        #expect(periods(wrong) == [])
        let closed = household {
            $0.add(.personDied(PersonDied(person: child)), on: "2014-01-01")
            $0.add(.closed(HouseholdClosed(reason: Code(unchecked: "other"))), on: "2014-09-01")
        }
        #expect(periods(closed) == ["bereaved 2014-01-01 2014-09-01"])
    }

    @Test("未实名不算；一人占两个本人岗位只算先占的一个；两人同岗算一个")
    func slotReadings() {
        var stream = InventedStream(6)
        func tenure(_ kind: String, _ helper: UInt64, _ from: String, _ to: String? = nil, named: Bool = true) {
            let kind = PairingKind(unchecked: kind)
            let person = PersonID(Identifier128(high: 0, low: helper))
            let helper = Helper(id: person, unit: "某单位", hasRealName: named, hasContact: true)
            stream.add(.pairingAssigned(PairingAssigned(kind: kind, helper: helper)), on: from)
            guard let to else { return }
            stream.add(
                .pairingEnded(PairingEnded(kind: kind, helper: person, reason: Code(unchecked: "other"))), on: to)
        }
        tenure("department", 1, "2014-01-01", named: false)
        tenure("cadre", 2, "2014-01-01", "2014-06-01")
        tenure("party_member", 2, "2014-02-01")
        tenure("volunteer", 3, "2014-01-01", "2014-03-01")
        tenure("volunteer", 4, "2014-02-01", "2014-05-01")
        tenure("volunteer", 5, "2014-05-01", "2014-06-01")
        let coverage = SlotCoverage(stream.history.household.pairings, slots: CarePolicyWords.sample.slots)
        func days(_ line: Int) -> [String] {
            coverage.lines[line].filled.map { "\($0.start) \($0.end?.description ?? "-")" }
        }
        #expect(days(0) == [])
        #expect(days(1) == ["2014-01-01 2014-06-01"])
        #expect(days(2) == ["2014-06-01 -"])
        #expect(days(3) == ["2014-01-01 2014-06-01"])
        #expect(!coverage.isFull(on: .invented("2014-06-01")))
    }
}

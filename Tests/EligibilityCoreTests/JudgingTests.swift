import CareDomain
import EligibilityCore
import RuleEngine
import Testing

/// Given what happened, when the household is judged, then these determinations stand in its stream.
@Suite("认定：给定事实，当审核，则写入", .timeLimit(.minutes(10)))
struct JudgingTests {
    private func world(on day: String = "2015-01-01") throws -> EligibilityWorld {
        var world = try EligibilityWorld(on: day)
        try world.publish()
        try world.run()
        return world
    }

    @Test("没有发生任何可享待遇的事，就不写认定")
    func nothingForAnOrdinaryFamily() throws {
        var world = try world()
        var family = Family()
        try world.carryOut(family.registers())
        try world.run()
        #expect(try world.determinations(of: family.id).isEmpty)
    }

    @Test("独生子女死亡：定义、补助、结对、走访、监护各有认定，金额、承担者、部门、月份口径俱在")
    func bereaved() throws {
        var world = try world()
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        try world.run()
        let made = try world.determinations(of: family.id)
        let clauses = Set(made.map(\.clause.rawValue))
        #expect(clauses.isSuperset(of: ["CZ-1.1", "CZ-2.1", "CZ-2.13a", "CZ-2.14a", "CZ-2.14b"]))
        // Nobody is adopted, studies or had an accident: nothing to determine.
        #expect(clauses.isDisjoint(with: ["CZ-2.2", "CZ-2.6b", "CZ-2.10d", "CZ-2.10e"]))
        let supplement = try #require(made.last("CZ-2.1", family.husband))
        #expect(
            supplement.short == ["2014-07-16..2014-12-10: notEntitled", "2014-12-10..: entitled 300.00"])
        #expect(supplement.intervals[1].payers == [PayerShare(payer: Family.code("finance"), parts: 1)])
        #expect(supplement.department?.rawValue == "dept.fp" && supplement.cadence.rawValue == "month")
        #expect(supplement.monthRule == .anyDay && supplement.amountType == .exact)
        // Recorded on 2015-01-01: December is due in full, January has begun.
        #expect(supplement.shortChanges == ["2014-12..2015-01: 0.00 > 300.00"])
        #expect(supplement.changes.arrears == .yuan(600) && supplement.changes.overpayment == .zero)
    }

    @Test("走访、结对、需求等与规则无关的事件，不产生新的认定")
    func irrelevantEvents() throws {
        var world = try world()
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        try world.run()
        let before = try world.determinations(of: family.id)
        try world.carryOut(family.isVisited(on: "2014-12-20"))
        try world.carryOut(family.isHelped(by: 1, as: "cadre", on: "2014-12-20"))
        try world.run()
        #expect(try world.determinations(of: family.id) == before)
    }

    @Test("结论不变就不重写：同一事实再说一遍、与结论无关的事实、一字之改的更正")
    func sameOutcome() throws {
        var world = try world()
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        try world.run()
        let before = try world.determinations(of: family.id)
        try world.carryOut(family.states("household.dibao", .bool(true), on: "2014-12-11"))
        try world.carryOut(family.states("household.dibao", .bool(true), on: "2014-12-12"))
        try world.carryOut(
            family.says(
                .changePersonDetails(
                    PersonDetailsChanged(
                        person: Family.wife,
                        sealed: [SealedPart(subject: Family.wife, details: PersonalDetails(phone: "14000000001"))])),
                on: "2014-12-13"))
        try world.run()
        #expect(try world.determinations(of: family.id) == before)
    }

    @Test("晚报的事实修正以往月份：应补逐月列出，任何款项都不因此支付")
    func lateFact() throws {
        var world = try world(on: "2015-01-10")
        var family = Family()
        try world.carryOut(family.registers())
        try world.run()
        world.now = .at("2015-04-08")
        try world.carryOut(family.childDies(on: "2015-01-05"))
        try world.run()
        let wife = try #require(try world.determinations(of: family.id).last("CZ-2.1", family.wife))
        #expect(wife.shortChanges == ["2015-01..2015-04: 0.00 > 300.00"])
        #expect(wife.changes.arrears == .yuan(1200))
        let kinds = Set(try world.history(of: family.id).events.map(\.event.kindName))
        #expect(kinds == ["HouseholdRegistered", "PersonJoined", "PersonDied", "DeterminationMade"])
    }

    @Test("更正的事实收回已认定的月份：多发逐月列出")
    func correctedFact() throws {
        var world = try world(on: "2015-01-10")
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childAssessed(3, on: "2014-11-20"))
        try world.run()
        world.now = .at("2015-03-02")
        // The certificate said grade 4, and event 5 is the assessment.
        try world.carryOut(family.childAssessed(4, on: "2014-11-20", correcting: 5))
        try world.run()
        let wife = try world.determinations(of: family.id).filter {
            $0.clause.rawValue == "CZ-2.1" && $0.subject == family.wife
        }
        #expect(wife.map(\.shortChanges) == [["2014-11..2015-01: 0.00 > 300.00"], ["2014-11..2015-03: 300.00 > 0.00"]])
        #expect(wife.last?.short == ["2014-07-16..: notEntitled"])
        #expect(wife.last?.changes.overpayment == .yuan(1500) && wife.last?.changes.arrears == .zero)
    }

    @Test("权利与金额分开：失能程度成立而城乡不明，权利成立、金额待补事实")
    func rightWithoutSum() throws {
        var world = try world()
        var family = Family()
        try world.carryOut(family.registers(wifeBorn: "1950-03-01"))
        try world.carryOut(family.childDies(on: "2014-09-01"))
        for (fact, value, subject) in [
            ("household.economic_hardship", FactValue.bool(true), FactSubject.household),
            ("person.living_arrangement", .code(Family.code("home")), family.wife),
            ("person.care_dependency", .code(Family.code("partial")), family.wife),
        ] {
            try world.carryOut(family.states(fact, value, subject, on: "2014-10-01"))
        }
        try world.carryOut(family.states("household.area", nil, on: "2014-10-05"))
        try world.run()
        let care = try #require(try world.determinations(of: family.id).last("CZ-2.7b", .household))
        let known = try #require(care.intervals.first { $0.period.contains(Family.day("2014-10-02")) })
        #expect(known.amount == .yuan(300) && known.hoursThousandths == 20_000 && known.hourlyRate == .yuan(15))
        let open = try #require(care.intervals.last)
        #expect(open.status == .needsFact && open.rightHolds && open.amount == nil)
        #expect(open.missing == ["household.area"])
    }

    @Test("户籍城乡变动而居住地未单独登记：居家养老的标准随之改为农村的，20 小时 × 10 元")
    func registrationMoved() throws {
        var world = try world(on: "2017-02-01")
        var family = Family()
        try world.carryOut(family.registers(wifeBorn: "1950-03-01"))
        try world.carryOut(family.childDies(on: "2014-09-01"))
        for (fact, value, subject) in [
            ("household.economic_hardship", FactValue.bool(true), FactSubject.household),
            ("person.living_arrangement", .code(Family.code("home")), family.wife),
            ("person.care_dependency", .code(Family.code("full")), family.wife),
        ] {
            try world.carryOut(family.states(fact, value, subject, on: "2014-10-01"))
        }
        let division = try #require(DivisionCode("431002"))
        try world.carryOut(
            family.says(
                .moveHousehold(HouseholdMoved(kind: .registration, division: division, area: .rural)), on: "2016-01-01")
        )
        try world.run()
        let care = try #require(try world.determinations(of: family.id).last("CZ-2.7b", .household))
        let before = try #require(care.intervals.first { $0.period.contains(Family.day("2015-06-15")) })
        #expect(before.amount == .yuan(300) && before.hourlyRate == .yuan(15))
        let after = try #require(care.intervals.first { $0.period.contains(Family.day("2017-01-15")) })
        #expect(after.amount == .yuan(200) && after.hourlyRate == .yuan(10))
        #expect(after.hoursThousandths == 20_000)
    }

    @Test("销档之后什么也不再给")
    func closedFile() throws {
        var world = try world(on: "2015-06-01")
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        try world.carryOut(
            family.says(.closeHousehold(HouseholdClosed(reason: Family.code("moved_away"))), on: "2015-05-20"))
        try world.run()
        for made in Set(try world.determinations(of: family.id).map(\.clause.rawValue)) {
            let last = try world.determinations(of: family.id).last { $0.clause.rawValue == made }
            #expect(last?.intervals.last?.status == .notEntitled, "\(made)")
            #expect(last?.intervals.last?.period.start == Family.day("2015-05-20"), "\(made)")
        }
    }

    @Test("误登的户：全部认定收回")
    func registeredInError() throws {
        var world = try world(on: "2015-02-01")
        var family = Family()
        try world.carryOut(family.registers())
        try world.carryOut(family.childDies(on: "2014-12-10"))
        try world.run()
        try world.carryOut(
            family.says(
                .markRegisteredInError(HouseholdRegisteredInError(reason: Family.code("duplicate"))), on: "2015-02-01"))
        try world.run()
        let household = try world.history(of: family.id).household
        #expect(!household.determinations.isEmpty)
        #expect(
            household.determinations.allSatisfy { entry in
                entry.made.intervals.allSatisfy { $0.status == .notEntitled }
            })
        let wife = household.determinations.first {
            $0.made.subject == family.wife && $0.made.clause.rawValue == "CZ-2.1"
        }
        #expect(wife?.made.changes.overpayment == .yuan(900))
    }
}

import CareDomain
import CareTestKit
import CaseImport
import OfficeFiles
import Testing

@Suite("走访表的户编号、身份证号与户主姓名")
struct VisitIdentityTests {
    private static let others = RosterBench.number("43100219600101002")
    private static let nobodys = RosterBench.number("43100219700101002")
    private static let own = RosterBench.number("43100219650910002")

    /// The archive with two families: 李某 (with the child 陈某) and 周某.
    private static func bench() throws -> RosterBench {
        var bench = try RosterBench.imported()
        let other = RosterBench.wife(["户标识": "2", "姓名": "周某", "身份证号": others])
        bench.carryOut(try bench.plan([other]).commands)
        return bench
    }

    /// What is wrong with a form, by cell; of the family of 李某 unless its id is taken away.
    private func problems(_ cells: [String: String]) throws -> [String] {
        let bench = try Self.bench()
        let id = try #require(bench.known.family(idNumber: Self.own)?.id.description)
        let form = VisitTests.filled.merging(["户编号": id, "户主身份证号": ""]) { $1 }.merging(cells) { $1 }
        let (table, bytes) = try VisitTests.table([form])
        func told(_ known: KnownFamilies) throws -> [String] {
            let plan = try VisitPlan(
                table, file: DerivedIDs.digest(of: bytes), lookup: known, today: RosterBench.today)
            guard case .refused(let problems) = plan.entries[0].outcome else {
                #expect(plan.counts == (1, 0, 0, 0))
                return []
            }
            #expect(plan.commands.isEmpty && plan.reasons[2]?.count == problems.count)
            return problems.map { "\($0.code) \($0.heading ?? "")" }
        }
        let seen = try told(bench.known)
        #expect(try told(try bench.compared(table)) == seen, "a comparison that shows nothing says the same")
        return seen
    }

    @Test("栏目说明：每一栏都说可填什么，词与读表时接受的一致；止是最后一天")
    func columnsAreExplained() throws {
        for template in OfficeTemplate.allCases {
            #expect(template.columns.map(\.heading) == template.headings)
            #expect(template.columns.allSatisfy { !$0.allowed.chinese.isEmpty && !$0.allowed.english.isEmpty })
        }
        let roster = OfficeTemplate.roster.columns
        #expect(roster.first { $0.heading == "城乡" }?.allowed.chinese == "城镇、农村")
        let ends = roster.filter { $0.heading.hasSuffix("止") }
        #expect(ends.count == 12 && ends.allSatisfy { $0.meaning.chinese.hasPrefix("最后一天") })
    }

    @Test("户编号是一户，身份证号和姓名是另一户：退回，逐格说明；说出另一户的编号")
    func twoFamilies() throws {
        let told = try problems(["户主身份证号": Self.others, "户主姓名": "周某"])
        #expect(told == ["CARE-7266 户主身份证号", "CARE-7267 户主姓名"])
        #expect(try problems(["户主身份证号": Self.others]) == ["CARE-7266 户主身份证号"])
        let bench = try Self.bench()
        let other = try #require(bench.known.family(idNumber: Self.others)?.id.description)
        let own = try #require(bench.known.family(idNumber: Self.own)?.id.description)
        let form = VisitTests.filled.merging(["户编号": own, "户主身份证号": Self.others]) { $1 }
        let (table, bytes) = try VisitTests.table([form])
        let plan = try VisitPlan(
            table, file: DerivedIDs.digest(of: bytes), lookup: bench.known, today: RosterBench.today)
        let reason = try #require(plan.reasons[2]?.first)
        #expect(reason.chinese.contains(other) && !reason.chinese.contains(Self.others))
    }

    @Test("填了户编号也核对身份证号：校验位错的、档案中没有这个人的退回")
    func wrongNumbers() throws {
        #expect(try problems(["户主身份证号": "431002196509100021"]) == ["CARE-7205 户主身份证号"])
        #expect(try problems(["户主身份证号": Self.nobodys]) == ["CARE-7267 户主身份证号"])
        #expect(try problems(["户主身份证号": "4.31002E+17"]) == ["CARE-7207 户主身份证号"])
    }

    @Test("户主姓名不是这一户的人，或与身份证号是两个人：退回")
    func wrongNames() throws {
        #expect(try problems(["户主姓名": "别人"]) == ["CARE-7267 户主姓名"])
        #expect(try problems(["户编号": "", "户主身份证号": Self.own, "户主姓名": "别人"]) == ["CARE-7267 户主姓名"])
        #expect(try problems(["户主身份证号": Self.own, "户主姓名": "陈某"]) == ["CARE-7268 户主姓名"])
    }

    @Test("三格说的是同一户：照收；姓名中间的空格不算不同")
    func agreeing() throws {
        #expect(try problems([:]).isEmpty)
        #expect(try problems(["户主身份证号": Self.own]).isEmpty)
        #expect(try problems(["户主身份证号": Self.own, "户主姓名": ""]).isEmpty)
        #expect(try problems(["户主姓名": "李　某"]).isEmpty)
        #expect(try problems(["户编号": "", "户主身份证号": Self.own]).isEmpty)
    }

    @Test("只有姓名的表不归到本表另一行写明的户：要填户编号或身份证号，有没有住址都一样")
    func nameAlone() throws {
        let bench = try Self.bench()
        let id = try #require(bench.known.family(idNumber: Self.own)?.id.description)
        let first = VisitTests.filled.merging(["户编号": id, "户主身份证号": "", "家庭住址": "东街1号"]) { $1 }
        for address in ["", "东街1号", "西街2号"] {
            let second = first.merging(["户编号": "", "年 月 日": "2015-06-02", "家庭住址": address]) { $1 }
            let (table, bytes) = try VisitTests.table([first, second])
            for known in [bench.known, try bench.compared(table)] {
                let plan = try VisitPlan(
                    table, file: DerivedIDs.digest(of: bytes), lookup: known, today: RosterBench.today)
                #expect(plan.counts == (1, 0, 0, 1))
                let reason = try #require(plan.reasons[3]?.first)
                #expect(reason.chinese.hasPrefix("CARE-7290 户编号：请填写户编号，或填写户主身份证号"))
                #expect(reason.english.hasPrefix("CARE-7290 户编号: fill in the household id, or the head's ID number"))
            }
        }
    }

    @Test("姓名写得开的表与写得紧的是同一张表，档案里记写得紧的")
    func spreadNames() throws {
        var bench = try RosterBench.imported()
        let spread = VisitTests.filled.merging(["户主姓名": "李　某", "走访人签字：": "王 某"]) { $1 }
        func plan(_ form: [String: String]) throws -> VisitPlan {
            let (table, bytes) = try VisitTests.table([form])
            return try VisitPlan(
                table, file: DerivedIDs.digest(of: bytes), lookup: bench.known, today: RosterBench.today)
        }
        bench.carryOut(try plan(spread).commands)
        let sealed = bench.household?.visits.first?.visit.sealed.compactMap(\.details?.name) ?? []
        #expect(Set(sealed) == ["李某", "王某"])
        #expect(try plan(VisitTests.filled).counts == (0, 0, 1, 0))
        #expect(try plan(spread).counts == (0, 0, 1, 0))
    }

    @Test("间隔号写法不同的是同一张表，也找得到户主")
    func dots() throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife(["姓名": "买买提·吐"]), RosterBench.child]).commands)
        func plan(_ name: String, _ visitor: String) throws -> VisitPlan {
            let form = VisitTests.filled.merging(["户主姓名": name, "走访人签字：": visitor]) { $1 }
            return try VisitTests.plan([form], bench.known)
        }
        bench.carryOut(try plan("买买提 • 吐", "阿依・古丽").commands)
        let sealed = bench.household?.visits.first?.visit.sealed.compactMap(\.details?.name) ?? []
        #expect(Set(sealed) == ["买买提·吐", "阿依·古丽"])
        #expect(try plan("买买提．吐", "阿依‧古丽").counts == (0, 0, 1, 0))
    }

    /// 李某 left her family on 2015-03-03 and joined another one on 2015-04-04; she came with the file of 2014-08-01.
    private static func remarried() throws -> (bench: RosterBench, first: HouseholdID, second: HouseholdID) {
        var bench = try RosterBench.imported()
        let first = try #require(bench.household)
        let husband = [
            "户标识": "2", "档案号": "V-2", "建档日期": "2014-08-01", "区划代码": "431002001", "姓名": "乙父", "身份": "丈夫",
            "身份证号": RosterBench.number("43100219630910001"),
        ]
        let plan = try bench.plan([husband])
        let second = try #require(plan.commands.first?.household)
        bench.carryOut(plan.commands)
        let wife = try #require(first.members.first)
        func command(_ place: String, _ id: HouseholdID, _ day: CivilDay, _ action: HouseholdAction) -> HouseholdCommand
        {
            HouseholdCommand(
                id: DerivedIDs.command(scope: Identifier128(high: 3, low: 3), place), household: id, occurredOn: day,
                action: action)
        }
        let left = PersonLeft(person: wife.id, reason: Code(unchecked: "divorce"))
        let joined = PersonJoined(
            person: wife.id, role: .wife, sex: .female, birthDate: CivilDay(year: 1965, month: 9, day: 10),
            sealed: [SealedPart(subject: wife.id, details: PersonalDetails(name: "李某", idNumber: own))])
        bench.carryOut([
            command("left", first.id, CivilDay(year: 2015, month: 3, day: 3)!, .removePerson(left)),
            command("joined", second, CivilDay(year: 2015, month: 4, day: 4)!, .addPerson(joined)),
        ])
        return (bench, first.id, second)
    }

    @Test("只写身份证号的表归当天所在的户：再婚以前的归原来的户；两户之间的退回，说填户编号")
    func familyOfTheDay() throws {
        let (bench, first, second) = try Self.remarried()
        for (day, family) in [
            ("2014-05-01", first), ("2015-01-01", first), ("2015-03-02", first), ("2015-04-04", second),
            ("2015-06-01", second), ("2015-03-03", nil),
        ] as [(String, HouseholdID?)] {
            let form = VisitTests.filled.merging(["年 月 日": day]) { $1 }
            let (table, bytes) = try VisitTests.table([form])
            for known in [bench.known, try bench.compared(table)] {
                let plan = try VisitPlan(
                    table, file: DerivedIDs.digest(of: bytes), lookup: known, today: RosterBench.today)
                #expect(plan.commands.map(\.household) == [family].compactMap { $0 }, "\(day)")
                guard family == nil else { continue }
                let reason = try #require(plan.reasons[2]?.first)
                #expect(reason.chinese.hasPrefix("CARE-6354 户编号：") && reason.chinese.contains(day))
            }
        }
    }

    @Test("户主在走访以前已经去世的表照收并标出；当天去世的、写着家里别人的不标")
    func deadHead() throws {
        var bench = RosterBench()
        let rows = [RosterBench.wife(["死亡日期": "2015-05-01"]), RosterBench.child]
        bench.carryOut(try bench.plan(rows).commands)
        for (day, death) in [
            ("2015-06-01", CivilDay(year: 2015, month: 5, day: 1)), ("2015-05-01", nil), ("2015-01-01", nil),
        ] {
            let plan = try VisitTests.plan([VisitTests.filled.merging(["年 月 日": day]) { $1 }], bench.known)
            #expect(plan.counts == (1, 0, 0, 0) && plan.entries[0].headDiedOn == death)
        }
    }
}

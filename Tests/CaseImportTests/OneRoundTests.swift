import CareDomain
import CaseImport
import OfficeFiles
import Testing

@Suite("一次说清：一行里坏的格子都说，说在坏的那一格")
struct OneRoundTests {
    private func told(_ rows: [[String: String]], _ bench: RosterBench = RosterBench()) throws -> [String] {
        try bench.plan(rows).families.flatMap { family -> [String] in
            guard case .refused(let problems) = family.outcome else { return [] }
            return problems.map { "\($0.row) \($0.code) \($0.heading ?? "")" }
        }
    }

    @Test("身份写错的一行，区划代码不存在、没填、日期矛盾也一起说；读不出的格子不算没填")
    func everyBadCell() throws {
        let aunt = ["身份": "姨妈"]
        #expect(
            try told([RosterBench.wife(aunt.merging(["区划代码": "431099"]) { $1 })]) == [
                "2 CARE-7204 身份", "2 CARE-7293 区划代码",
            ])
        #expect(
            try told([RosterBench.wife(aunt.merging(["区划代码": "", "身份证号": ""]) { $1 })]) == [
                "2 CARE-7204 身份", "2 CARE-7202 区划代码", "2 CARE-7211 身份证号",
            ])
        #expect(
            try told([RosterBench.wife(aunt.merging(["出生日期": "1965-09-11", "死亡日期": "2015-07-01"]) { $1 })]) == [
                "2 CARE-7204 身份", "2 CARE-7206 出生日期", "2 CARE-7243 死亡日期",
            ])
        let unread = RosterBench.wife(["区划代码": "43100", "身份证号": "431002196509100021", "姓名": ""])
        #expect(try told([unread]) == ["2 CARE-7203 区划代码", "2 CARE-7205 身份证号"])
        // Of a family on file nothing is missing that the record has.
        let bench = try RosterBench.imported()
        #expect(try told([RosterBench.wife(aunt.merging(["区划代码": ""]) { $1 })], bench) == ["2 CARE-7204 身份"])
    }

    @Test("太长的内容说在那一格，不发出去")
    func tooLong() throws {
        let long = String(repeating: "长", count: 171)
        #expect(try told([RosterBench.wife(["住址": long])]) == ["2 CARE-7292 住址"])
        #expect(try told([RosterBench.wife(["住址": String(long.dropLast())])]).isEmpty)
        #expect(
            try told([RosterBench.wife(["姓名": long, "结对干部单位": long])]) == ["2 CARE-7292 姓名", "2 CARE-7292 结对干部单位"])
        let bench = try RosterBench.imported()
        let (table, bytes) = try VisitTests.table([VisitTests.filled.merging(["家庭住址": long, "其他需求": "3项"]) { $1 }])
        for known in [bench.known, try bench.compared(table)] {
            let plan = try VisitPlan(table, file: DerivedIDs.digest(of: bytes), lookup: known, today: RosterBench.today)
            let codes = plan.reasons[2]?.map { String($0.chinese.prefix(9)) }
            #expect(codes == ["CARE-7292", "CARE-7203"])
        }
    }

    @Test("此人已登记在另一户、档案号已有：指的是那个人的身份证号、那一格档案号")
    func cellsOfClaims() throws {
        let plan = try RosterBench().plan([RosterBench.wife(["档案号": "A-7"]), RosterBench.child])
        let command = try #require(plan.commands.first)
        guard case .registerHousehold(let register) = command.action else { return }
        for (index, member) in register.members.enumerated() {
            let cell = plan.families[0].cells[command.id]?.cell(of: command.idNumberField(of: member.person))
            #expect(cell?.row == index + 2 && cell?.heading == "身份证号")
        }
        #expect(plan.families[0].cells[command.id]?.cell(of: "household.archive_number")?.heading == "档案号")
    }

    @Test("同一张走访表在一个文件里出现两次：登记一次，另一行算未变")
    func oneFormTwice() throws {
        let bench = try RosterBench.imported()
        let other = VisitTests.filled.merging(["年 月 日": "2015-06-02"]) { $1 }
        let (table, bytes) = try VisitTests.table([VisitTests.filled, other, VisitTests.filled])
        let plan = try VisitPlan(
            table, file: DerivedIDs.digest(of: bytes), lookup: bench.known, today: RosterBench.today)
        #expect(plan.counts == (2, 0, 1, 0) && plan.commands.count == 2)
        #expect(Set(plan.commands.map(\.id)).count == 2)
    }

    @Test("姓名中间的空格不算：名册与走访表一样", arguments: ["张 桂兰", "张　桂兰", "张桂兰"])
    func spreadNames(name: String) throws {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife(["姓名": name, "结对干部姓名": "王　某"])]).commands)
        #expect(bench.household?.members.first?.details?.name == "张桂兰")
        #expect(bench.household?.pairings.first?.details?.name == "王某")
        for written in ["张桂兰", "张 桂兰"] {
            #expect(try bench.comparedPlan([RosterBench.wife(["姓名": written])]).counts == (0, 0, 1, 0))
        }
        #expect(PersonName.closed("阿依 古丽 Smith  Jr") == "阿依古丽 Smith  Jr")
    }

    @Test(
        "姓名中的间隔号：写法不同、前后有空格的是一个姓名，新登记的只有一种写法；档案里的不改写",
        arguments: [
            "买买提·吐尔逊", "买买提•吐尔逊", "买买提．吐尔逊", "买买提‧吐尔逊", "买买提・吐尔逊", "买买提 · 吐尔逊", "买买提.吐尔逊",
            "买买提　•　吐尔逊",
        ])
    func dots(name: String) throws {
        #expect(PersonName.closed(name) == "买买提·吐尔逊")
        #expect(PersonName.closed(PersonName.closed(name)) == PersonName.closed(name))
        var bench = RosterBench()
        let rows = [RosterBench.wife(["姓名": name, "结对干部姓名": name]), RosterBench.child]
        bench.carryOut(try bench.plan(rows).commands)
        #expect(bench.household?.members.first?.details?.name == "买买提·吐尔逊")
        let written = [RosterBench.wife(["姓名": "买买提‧吐尔逊", "结对干部姓名": "买买提・吐尔逊"]), RosterBench.child]
        for mode in [RosterMode.report, .correction(reason: Code(unchecked: "typing_error"), text: nil)] {
            #expect(try bench.plan(written, mode).counts == (0, 0, 1, 0))
            #expect(try bench.comparedPlan(written, mode).counts == (0, 0, 1, 0))
        }

        // An earlier version recorded the name as it was typed; the door takes it in its one form now.
        var older = try RosterBench.imported()
        let wife = try #require(older.household?.members.first)
        let typed = PersonDetailsChanged(
            person: wife.id, sealed: [SealedPart(subject: wife.id, details: PersonalDetails(name: name))])
        let command = HouseholdCommand(
            id: DerivedIDs.command(scope: Identifier128(high: 1, low: 2), "dots"),
            household: try #require(older.history?.id), occurredOn: RosterBench.today,
            action: .changePersonDetails(typed))
        var history = try #require(older.history)
        history.append(
            KnownEvent(
                reference: EventReference(sequence: history.lastSequence + 1), recordedAt: Moment(microseconds: 0),
                command: command.id,
                proposed: ProposedEvent(occurredOn: RosterBench.today, event: .personDetailsChanged(typed))))
        older.known.add(KnownFamily(history: history))
        let known = [RosterBench.wife(["姓名": "买买提・吐尔逊"]), RosterBench.child]
        #expect(try older.plan(known).counts == (0, 0, 1, 0))
        older.carryOut([command])
        #expect(older.household?.members.first?.details?.name == "买买提·吐尔逊")
    }

    @Test("别的点不是间隔号")
    func otherDots() {
        for name in ["J. Smith", "王某", "A.B", "李某.", "Ann-Marie", ""] { #expect(PersonName.closed(name) == name) }
        #expect(PersonName.closed("Ann • Marie") == "Ann·Marie")
        #expect(PersonName.unspread("买买提 • 吐") == "买买提 • 吐")
    }

    @Test("结对人：一个姓名一个电话是一个人；没写电话的看单位；电话不同的是两个人")
    func helpersOfOneFile() throws {
        func family(_ place: Int, _ phone: String, unit: String = "街道办") -> [String: String] {
            RosterBench.wife([
                "户标识": "\(place)", "身份证号": RosterBench.number("431002196\(place)0910002"),
                "结对干部姓名": "赵某", "结对干部单位": unit, "结对干部电话": phone,
            ])
        }
        func helpers(_ rows: [[String: String]], _ bench: RosterBench) throws -> [PersonID] {
            try bench.plan(rows).commands.flatMap { command -> [PersonID] in
                guard case .registerHousehold(let register) = command.action else { return [] }
                return register.facts.compactMap { fact in
                    if case .pairingAssigned(let assigned) = fact.event { assigned.helper.id } else { nil }
                }
            }
        }
        var bench = RosterBench()
        let first = [family(0, "13900008888"), family(1, "13900007777"), family(2, "13900008888", unit: "镇政府")]
        let ids = try helpers(first, bench)
        #expect(ids.count == 3 && ids[0] == ids[2] && ids[0] != ids[1])
        let open = try helpers([family(3, "13900008888"), family(4, "")], bench)
        #expect(open.count == 2 && open[0] == open[1])
        let unclear = try helpers([family(3, "13900008888"), family(4, ""), family(5, "13900007777")], bench)
        #expect(Set(unclear).count == 3)
        // Who is on record in a family of the file keeps the id, and nobody else gets it.
        bench.carryOut(try bench.plan([first[0]]).commands)
        let later = try helpers([first[0], family(6, "13900008888"), family(7, "13900007777")], bench)
        let known = try #require(bench.household?.pairings.first?.helper.id)
        #expect(later.count == 2 && later[0] == known && later[1] != known)
    }
}

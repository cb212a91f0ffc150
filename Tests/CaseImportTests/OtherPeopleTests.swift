import CareDomain
import CareTestKit
import CaseImport
import Testing

@Suite("名册中的人与档案中的人：谁也不顶替谁")
struct OtherPeopleTests {
    private static let other = RosterBench.number("43100219700910002")
    private static let correction = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)
    private static let change = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
    private static let modes = [RosterMode.report, change, correction]

    private func problems(_ plan: RosterPlan) -> [CellProblem.Kind] {
        guard case .refused(let problems)? = plan.families.first?.outcome else { return [] }
        return problems.map(\.kind)
    }

    @Test("在世的妻子，姓名和身份证号都不同：是另一个人，怎样导入都退回，并说先登记离开")
    func anotherWife() throws {
        let bench = try RosterBench.imported()
        let id = try #require(bench.household?.id.description)
        let rows = [
            RosterBench.wife(["户编号": id, "姓名": "柳某", "身份证号": Self.other]), RosterBench.child,
        ]
        for mode in Self.modes { #expect(problems(try bench.plan(rows, mode)) == [.anotherPerson]) }
        let problem = try #require(refusal(try bench.plan(rows, Self.change)))
        #expect(problem.code == "CARE-7298" && problem.chineseReason.contains("carectl case leave"))
        #expect(!problem.chinese.contains("柳某") && !problem.chinese.contains("李某"))
    }

    private func refusal(_ plan: RosterPlan) -> CellProblem? {
        guard case .refused(let problems)? = plan.families.first?.outcome else { return nil }
        return problems.first
    }

    @Test("丧偶再婚：已故的妻子原样留着，新的妻子从变更之日加入；更正则退回")
    func widower() throws {
        var bench = RosterBench()
        let first = [RosterBench.wife(["死亡日期": "2015-02-02"]), RosterBench.child]
        bench.carryOut(try bench.plan(first).commands)
        let id = try #require(bench.household?.id.description)
        let rows = [
            RosterBench.wife(["户编号": id, "姓名": "柳某", "身份证号": Self.other]), RosterBench.child,
        ]
        #expect(problems(try bench.plan(rows, Self.correction)) == [.notWhoDied])
        let plan = try bench.plan(rows, Self.change)
        #expect(plan.counts == (0, 1, 0, 0))
        bench.carryOut(plan.commands)
        let wives = try #require(bench.household).members.filter { $0.role == .wife }
        #expect(wives.map { $0.details?.name } == ["李某", "柳某"])
        #expect(wives[0].diedOn == CivilDay(year: 2015, month: 2, day: 2) && wives[1].diedOn == nil)
        #expect(wives[1].joinedOn == CivilDay(year: 2015, month: 6, day: 1))
        #expect(try bench.plan(rows, Self.change).counts == (0, 0, 1, 0))
    }

    @Test("身份证号、出生日期、性别不会变更，只能更正；录错一两位又写错姓名的，仍是同一人")
    func slips() throws {
        var bench = try RosterBench.imported()
        let id = try #require(bench.household?.id.description)
        let slip = [
            RosterBench.wife(["户编号": id, "身份证号": RosterBench.number("43100219650910004")]), RosterBench.child,
        ]
        #expect(problems(try bench.plan(slip, Self.change)) == [.onlyCorrection])
        let born = [RosterBench.wife, RosterBench.child(["出生日期": "1990-05-07"])]
        #expect(problems(try bench.plan(born, Self.change)) == [.onlyCorrection])
        let mistyped = [
            RosterBench.wife(["户编号": id, "姓名": "李木", "身份证号": RosterBench.number("43100219650910004")]),
            RosterBench.child,
        ]
        #expect(problems(try bench.plan(mistyped, .report)) == [.anotherPerson])
        bench.carryOut(try bench.plan(mistyped, Self.correction).commands)
        #expect(bench.household?.members.map { $0.details?.name } == ["李木", "陈某"])
        #expect(try bench.plan(mistyped, Self.correction).counts == (0, 0, 1, 0))
    }

    @Test("离婚离开的父亲另立一户、写着亡故独生子女的身份证号：退回，说孩子不写身份证号；不写的登记为新户；档案号没变的旧名册照旧退回")
    func fileOfFatherWhoLeft() throws {
        let father = [
            "户标识": "1", "姓名": "陈父", "身份": "丈夫", "身份证号": RosterBench.number("43100219630910001"),
        ]
        let childsNumber = RosterBench.number("43100219900506001")
        let child = RosterBench.child(["身份证号": childsNumber])
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife(["档案号": "D-021"]), father, child]).commands)
        let family = try #require(bench.household)
        let husband = try #require(family.members.first { $0.role == .husband })
        bench.carryOut([
            HouseholdCommand(
                id: CommandID(Identifier128(high: 7, low: 10)), household: family.id,
                occurredOn: CivilDay(year: 2015, month: 3, day: 3)!,
                action: .removePerson(PersonLeft(person: husband.id, reason: Code(unchecked: "divorce"))))
        ])
        let parent = father.merging([
            "档案号": "D-022", "身份": "单亲父母", "区划代码": "431002001", "建档日期": "2015-06-01",
        ]) { $1 }
        for mode in Self.modes {
            #expect(problems(try bench.plan([parent, child], mode)) == [.memberElsewhere])
            #expect(problems(try bench.comparedPlan([parent, child], mode)) == [.memberElsewhere])
        }
        let words = try #require(refusal(try bench.comparedPlan([parent, child])))
        #expect(words.code == "CARE-7299" && words.chinese.contains("这一行不写身份证号"))
        let own = try bench.comparedPlan([parent, RosterBench.child(["身份证号": "", "出生日期": "1990-05-06"])])
        #expect(own.counts == (1, 0, 0, 0))
        let old = [RosterBench.wife(["档案号": "D-021"]), father, child]
        #expect(problems(try bench.plan(old, Self.change)) == [.hasLeft])
    }

    @Test("身份证号登记在另一户、档案号不同、其他人也不是那一户的：是另一户，不把那一户改成这一户")
    func memberElsewhere() throws {
        var bench = RosterBench()
        let father = [
            "户标识": "1", "姓名": "曹某", "身份": "丈夫", "身份证号": RosterBench.number("43100219630910001"),
        ]
        bench.carryOut(
            try bench.plan([RosterBench.wife(["档案号": "D-011"]), RosterBench.child, father]).commands)
        let second = [
            father.merging(["档案号": "D-012", "区划代码": "431003001"]) { $1 },
            ["户标识": "1", "姓名": "黎小某", "身份": "独生子女", "出生日期": "2001-05-06", "子女状况": "死亡", "死亡日期": "2014-03-02"],
        ]
        for mode in Self.modes { #expect(problems(try bench.plan(second, mode)) == [.memberElsewhere]) }
        #expect(refusal(try bench.plan(second))?.code == "CARE-7299")
        // The same family with a wrong archive number is corrected as before, and nothing of another family.
        let same = [RosterBench.wife(["档案号": "D-013"]), RosterBench.child, father]
        #expect(try bench.plan(same, Self.correction).counts == (0, 1, 0, 0))
    }

    @Test("户里换了档案号、又添了孙辈或改了子女的名字：父母都是那一户的，就是那一户；父母不全的退回，说是哪一行")
    func renumbered() throws {
        var bench = RosterBench()
        let father = [
            "户标识": "1", "姓名": "曹某", "身份": "丈夫", "身份证号": RosterBench.number("43100219630910001"),
        ]
        bench.carryOut(
            try bench.plan([RosterBench.wife(["档案号": "RA"]), RosterBench.child, father]).commands)
        let wife = RosterBench.wife(["档案号": "RA-2"])
        let grandchild = ["户标识": "1", "姓名": "曹小某", "身份": "其他", "出生日期": "2012-05-06"]
        let renamed = RosterBench.child(["姓名": "陈木"])
        #expect(try bench.plan([wife, father, renamed], Self.correction).counts == (0, 1, 0, 0))
        let rows = [wife, father, RosterBench.child, grandchild]
        #expect(problems(try bench.plan(rows, Self.change)) == [.onlyCorrection])
        let single = try bench.plan([wife, RosterBench.child, grandchild], Self.correction)
        #expect(problems(single) == [.memberElsewhere] && refusal(single)?.chinese.contains("第 4 行") == true)
        bench.carryOut(try bench.plan(rows, Self.correction).commands)
        #expect(bench.household?.archiveNumber == "RA-2" && bench.household?.members.count == 4)
    }

    @Test("嫁出去、另有一户的独生女还在父母的旧名册里：不再登记，其余照常，说出在哪一户；没有另一户的退回")
    func marriedDaughter() throws {
        let number = RosterBench.number("43100219900506002")
        let daughter = ["户标识": "1", "姓名": "陈女", "身份": "独生子女", "身份证号": number]
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife, daughter]).commands)
        let family = try #require(bench.household)
        let child = try #require(family.members.first { $0.role == .onlyChild })
        bench.carryOut([
            HouseholdCommand(
                id: CommandID(Identifier128(high: 7, low: 8)), household: family.id,
                occurredOn: CivilDay(year: 2015, month: 3, day: 3)!,
                action: .removePerson(PersonLeft(person: child.id, reason: Code(unchecked: "marriage"))))
        ])
        let old = [RosterBench.wife(["联系电话": "14000000009"]), daughter]
        #expect(problems(try bench.comparedPlan(old, Self.change)) == [.hasLeft])
        let own = ["户标识": "9", "区划代码": "431003001", "姓名": "陈女", "身份": "妻子", "身份证号": number]
        let plan = try bench.comparedPlan([own])
        let home = try #require(plan.families.first?.household)
        #expect(plan.counts == (1, 0, 0, 0))
        bench.carryOut(plan.commands)
        let again = try bench.comparedPlan(old, Self.change)
        #expect(again.counts == (0, 1, 0, 0) && again.families[0].household == family.id)
        #expect(again.families[0].gone == [3: home] && again.commands.count == 1)
        // Her own roster is hers, also with her mother, who is on record with her parents: then it is not clear whose it is.
        #expect(try bench.comparedPlan([own]).families.map(\.household) == [home])
        let mother = RosterBench.wife(["户标识": "9", "身份": "其他", "区划代码": "", "城乡": "", "建档日期": ""])
        #expect(problems(try bench.comparedPlan([own, mother], Self.change)) == [.severalHouseholds])
    }

    @Test("区划代码在建档那天还没有、已经不用的：说哪天起用、用到哪天、前后是哪个，怎么办")
    func divisionsOfAnotherDay() throws {
        func told(_ division: String) throws -> CellProblem? {
            refusal(try RosterBench().plan([RosterBench.wife(["区划代码": division]), RosterBench.child]))
        }
        let founded = try #require(try told("330383"))
        #expect(founded.code == "CARE-7302" && founded.heading == "区划代码")
        #expect(founded.chinese.contains("330383 龙港市，") && founded.chinese.contains("变更"))
        #expect(try told("330305001")?.chinese.contains("以前是 330322 洞头县") == true)
        let ended = try #require(try told("520114"))
        #expect(ended.code == "CARE-7293" && ended.chinese.contains("后来是 520111 花溪区"))
        #expect(try told("431099")?.chinese.contains("请核对") == true)
    }

    /// A family in which nobody but the father has a number.
    private static func family(_ wife: [String: String]) -> [[String: String]] {
        [
            [
                "户标识": "1", "档案号": "V-001", "建档日期": "2014-08-01", "区划代码": "431002001", "姓名": "乙父", "身份": "丈夫",
                "身份证号": RosterBench.number("43100219630910001"),
            ],
            ["户标识": "1", "身份": "妻子"].merging(wife) { $1 }, RosterBench.child,
        ]
    }

    @Test(
        "没有号码可比：出生日期也对不上或没有的，换了姓名就不是同一人；已故的妻子原样留着",
        arguments: [
            (["出生日期": "1965-09-10"], ["出生日期": "1980-05-05"]), (["出生日期": "1965-09-10"], [:]),
            ([:], ["出生日期": "1980-05-05"]), ([:], ["身份证号": other]), ([:], [:]),
        ] as [([String: String], [String: String])])
    func withoutNumbers(_ known: [String: String], _ told: [String: String]) throws {
        let new = Self.family(["姓名": "乙妻"].merging(told) { $1 })
        var widower = RosterBench()
        let dead = ["姓名": "甲妻", "死亡日期": "2015-02-02"].merging(known) { $1 }
        widower.carryOut(try widower.plan(Self.family(dead)).commands)
        widower.carryOut(try widower.plan(new, Self.change).commands)
        let wives = try #require(widower.household).members.filter { $0.role == .wife }
        #expect(wives.map { $0.details?.name } == ["甲妻", "乙妻"] && wives.map { $0.diedOn == nil } == [false, true])
        #expect(try widower.plan(new, Self.change).counts == (0, 0, 1, 0))

        var living = RosterBench()
        let first = ["姓名": "甲妻"].merging(known) { $1 }
        living.carryOut(try living.plan(Self.family(first)).commands)
        for mode in [RosterMode.report, Self.change] {
            #expect(problems(try living.plan(new, mode)) == [.anotherPerson])
        }
        // A correction says that the name was wrong, as long as nothing else speaks against it.
        let isOther = known["出生日期"] != nil && told["出生日期"] != nil
        #expect(problems(try living.plan(new, Self.correction)) == (isOther ? [.anotherPerson] : []))
    }

    @Test("只有姓名：更正不把已故的妻子改成另一个人，写明死亡日期的才是她本人")
    func namesAloneOfTheDead() throws {
        for known in [[:], ["出生日期": "1965-09-10"]] as [[String: String]] {
            var bench = RosterBench()
            let dead = ["姓名": "甲妻", "死亡日期": "2015-02-02"].merging(known) { $1 }
            bench.carryOut(try bench.plan(Self.family(dead)).commands)
            let new = Self.family(["姓名": "乙妻"])
            #expect(problems(try bench.plan(new, Self.correction)) == [.notWhoDied])
            #expect(problems(try bench.comparedPlan(new, Self.correction)) == [.notWhoDied])
            #expect(try bench.plan(new, Self.change).counts == (0, 1, 0, 0))
            let herself = Self.family(["姓名": "乙妻", "死亡日期": "2015-02-02"])
            #expect(try bench.plan(herself, Self.correction).counts == (0, 1, 0, 0))
        }
    }

    @Test("旧表里是登记离开了的人，同一身份另有其人：退回，不把后来的人改成离开的人")
    func oldTableAfterAnother() throws {
        var bench = RosterBench()
        let old = Self.family(["姓名": "甲妻"])
        bench.carryOut(try bench.plan(old).commands)
        let family = try #require(bench.household)
        let wife = try #require(family.members.first { $0.role == .wife })
        bench.carryOut([
            HouseholdCommand(
                id: CommandID(Identifier128(high: 7, low: 9)), household: family.id,
                occurredOn: CivilDay(year: 2015, month: 3, day: 3)!,
                action: .removePerson(PersonLeft(person: wife.id, reason: Code(unchecked: "divorce"))))
        ])
        let new = Self.family(["姓名": "乙妻", "出生日期": "1980-05-05"])
        bench.carryOut(try bench.plan(new, Self.change).commands)
        #expect(bench.household?.members.filter { $0.role == .wife }.count == 2)
        for mode in Self.modes {
            #expect(problems(try bench.plan(old, mode)) == [.hasLeft])
            #expect(problems(try bench.comparedPlan(old, mode)) == [.hasLeft])
        }
        #expect(try bench.plan(new, Self.correction).counts == (0, 0, 1, 0))
    }

    @Test("没有填姓名、身份证号是另一个人的：更正也退回；录错一两位的照样更正")
    func numberAlone() throws {
        let bench = try RosterBench.imported()
        let id = try #require(bench.household?.id.description)
        func rows(_ number: String) -> [[String: String]] {
            [RosterBench.wife(["户编号": id, "姓名": "", "身份证号": number]), RosterBench.child]
        }
        #expect(problems(try bench.plan(rows(Self.other), Self.correction)) == [.anotherPerson])
        let slip = RosterBench.number("43100219650910004")
        #expect(problems(try bench.plan(rows(slip), Self.change)) == [.onlyCorrection])
        #expect(try bench.plan(rows(slip), Self.correction).counts == (0, 1, 0, 0))
    }

    @Test("已故的独生子女：另一个孩子不顶替，不要求登记离开，说该填什么身份；录错姓名的可以更正")
    func deadChild() throws {
        let bench = try RosterBench.imported()
        let other = RosterBench.child(["姓名": "吴某", "出生日期": "2005-05-06", "子女状况": "", "死亡日期": ""])
        for mode in Self.modes {
            let plan = try bench.plan([RosterBench.wife, other], mode)
            #expect(problems(plan).contains(.notWhoDied) && !problems(plan).contains(.anotherPerson))
            let words = try #require(refusal(plan)).chinese
            #expect(words.contains("再生育子女") && !words.contains("case leave"))
        }
        let renamed = [RosterBench.wife, RosterBench.child(["姓名": "陈木"])]
        #expect(try bench.plan(renamed, Self.correction).counts == (0, 1, 0, 0))
    }

    @Test("收养子女改了名字：更正的仍是同一人，变更的退回；另有其人的照样加入")
    func correctedChild() throws {
        func adopted(_ name: String) -> [String: String] {
            ["户标识": "1", "姓名": name, "身份": "收养子女", "出生日期": "2011-01-01", "收养日期": "2013-05-05"]
        }
        var bench = RosterBench()
        bench.carryOut(try bench.plan([RosterBench.wife, RosterBench.child, adopted("张小")]).commands)
        let renamed = [RosterBench.wife, RosterBench.child, adopted("张晓")]
        #expect(problems(try bench.plan(renamed, Self.change)) == [.anotherPerson])
        let twins = [RosterBench.wife, RosterBench.child, adopted("张小"), adopted("张大")]
        #expect(try bench.plan(twins, Self.change).counts == (0, 1, 0, 0))
        bench.carryOut(try bench.plan(renamed, Self.correction).commands)
        let children = try #require(bench.household).members.filter { $0.role == .adoptedChild }
        #expect(children.map { $0.details?.name } == ["张晓"])
    }

    @Test("登记离开了的人又在旧名册里：退回，说出离开的日子，不再登记一次；其余的人迁到另一县照常登记")
    func whoLeft() throws {
        var bench = RosterBench()
        let rows = Self.family(["姓名": "甲妻", "出生日期": "1965-09-10"])
        bench.carryOut(try bench.plan(rows).commands)
        let family = try #require(bench.household)
        let wife = try #require(family.members.first { $0.role == .wife })
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 7, low: 7)), household: family.id,
            occurredOn: CivilDay(year: 2015, month: 3, day: 3)!,
            action: .removePerson(PersonLeft(person: wife.id, reason: Code(unchecked: "divorce"))))
        bench.carryOut([command])
        for mode in Self.modes { #expect(problems(try bench.plan(rows, mode)) == [.hasLeft]) }
        #expect(refusal(try bench.plan(rows, Self.change))?.chinese.contains("2015-03-03") == true)
        // Also where the archive shows nothing and only compares, and where the table has the names alone.
        for table in [rows, Self.family(["姓名": "甲妻"])] {
            for mode in Self.modes { #expect(problems(try bench.comparedPlan(table, mode)) == [.hasLeft]) }
        }
        var moved = [rows[0], rows[2]]
        moved[0]["区划代码"] = "431102001"
        moved[0]["档案号"] = "W-9"
        moved[0]["户编号"] = family.id.description
        #expect(try bench.plan(moved, Self.change).counts == (0, 1, 0, 0))
    }

    @Test("同一户在一张表里写了两次：两户都退回，指出另一户；有身份证号区分的不算。建档以后出生的退回，说怎么办")
    func familyTwice() throws {
        let first = Self.family(["姓名": "甲妻", "出生日期": "1965-09-10"])
        let second = first.map {
            $0.merging(["户标识": "2", "档案号": "V-002", "身份证号": "", "出生日期": $0["出生日期"] ?? "1963-09-10"]) { $1 }
        }
        let plan = try RosterBench().plan(first + second)
        #expect(plan.counts == (0, 0, 0, 2))
        for (family, row) in zip(plan.families, ["5", "2"]) {
            guard case .refused(let problems) = family.outcome else {
                Issue.record("not refused")
                continue
            }
            #expect(problems.contains { $0.kind == .familyTwice && $0.chinese.contains("第 \(row) 行") })
        }
        let born =
            Self.family(["姓名": "甲妻", "出生日期": "1965-09-10"]) + [
                ["户标识": "1", "姓名": "乙女", "身份": "再生育子女", "出生日期": "2015-01-05"]
            ]
        #expect(problems(try RosterBench().plan(born)) == [.bornAfterFile])
    }

    @Test("用变更补上的电话写错了：更正补上的那一条；补过以后，起始日也改得了")
    func completedHelper() throws {
        var bench = try RosterBench.imported()
        func rows(_ phone: String, from day: String = "2014-09-01") -> [[String: String]] {
            [RosterBench.wife(["结对干部电话": phone, "结对干部起": day]), RosterBench.child]
        }
        bench.carryOut(try bench.plan(rows("14000000011"), Self.change).commands)
        bench.carryOut(try bench.plan(rows("14000000012"), Self.correction).commands)
        #expect(bench.household?.pairings.map { $0.details?.phone } == ["14000000012"])
        #expect(try bench.plan(rows("14000000012"), Self.correction).counts == (0, 0, 1, 0))
        bench.carryOut(try bench.plan(rows("14000000012", from: "2014-08-20"), Self.correction).commands)
        let tenure = try #require(bench.household?.pairings.first)
        #expect(bench.household?.pairings.count == 1)
        #expect(
            tenure.period.start == CivilDay(year: 2014, month: 8, day: 20) && tenure.details?.phone == "14000000012")
        // What was told later does not count from the new first day on.
        let early = CivilDay(year: 2014, month: 9, day: 15)!
        #expect(tenure.lacking([.unit, .contact], on: early) == .contact)
    }

    @Test("只比对、不查看，起始日也照样更正：后来补上的电话不提前算")
    func completedHelperCompared() throws {
        for opened in [false, true] {
            var bench = try RosterBench.imported()
            let phone = ["结对干部电话": "14000000011"]
            bench.carryOut(try bench.plan([RosterBench.wife(phone), RosterBench.child], Self.change).commands)
            let rows = [RosterBench.wife(phone.merging(["结对干部起": "2014-08-20"]) { $1 }), RosterBench.child]
            let seen = try bench.plan(rows, Self.correction)
            let compared = try bench.comparedPlan(rows, Self.correction, opened: opened)
            #expect(seen.commands.count == 1 && compared.commands == seen.commands)
            bench.carryOut(compared.commands)
            let tenure = try #require(bench.household?.pairings.first)
            let early = CivilDay(year: 2014, month: 9, day: 15)!
            #expect(tenure.lacking([.unit, .contact], on: early) == .contact && tenure.details?.phone == "14000000011")
        }
    }

    @Test("补过电话的结对人，更正姓名（连同电话）：仍是一个人，电话仍从补上之日起算；同一张表再来一次，未变")
    func completedHelperRenamed() throws {
        for phone in ["14000000011", "14000000012"] {
            var bench = try RosterBench.imported()
            let added = [RosterBench.wife(["结对干部电话": "14000000011"]), RosterBench.child]
            bench.carryOut(try bench.plan(added, Self.change).commands)
            let rows = [RosterBench.wife(["结对干部姓名": "汪某", "结对干部电话": phone]), RosterBench.child]
            let compared = try bench.comparedPlan(rows, Self.correction, opened: true)
            #expect(try compared.commands == bench.plan(rows, Self.correction).commands)
            bench.carryOut(compared.commands)
            let tenures = try #require(bench.household?.pairings)
            #expect(tenures.map { $0.details?.name } == ["汪某"] && tenures.map { $0.details?.phone } == [phone])
            let early = CivilDay(year: 2014, month: 9, day: 15)!
            #expect(tenures.first?.lacking([.name, .unit, .contact], on: early) == .contact)
            #expect(tenures.first?.lacking([.name, .unit, .contact], on: RosterBench.today) == [])
            for mode in [RosterMode.report, Self.correction] {
                #expect(try bench.plan(rows, mode).counts == (0, 0, 1, 0))
                #expect(try bench.comparedPlan(rows, mode, opened: true).counts == (0, 0, 1, 0))
            }
        }
    }

    @Test("更正姓名：在当初说错的那一条更正，不写进后来只改了电话的变更")
    func nameBesideLaterChange() throws {
        var bench = try RosterBench.imported()
        let phone = [RosterBench.wife(["联系电话": "14000000002"]), RosterBench.child]
        bench.carryOut(try bench.plan(phone, Self.change).commands)
        let name = [RosterBench.wife(["联系电话": "14000000002", "姓名": "李木"]), RosterBench.child]
        let seen = try bench.plan(name, Self.correction)
        let open = try bench.comparedPlan(name, Self.correction, opened: true)
        #expect(seen.commands.count == 1 && open.commands == seen.commands)
        bench.carryOut(open.commands)
        let wife = try #require(bench.household?.members.first)
        let before = CivilDay(year: 2015, month: 1, day: 1)!
        #expect(wife.details(on: before)?.name == "李木" && wife.details(on: before)?.phone == "14000000001")
        #expect(wife.details?.name == "李木" && wife.details?.phone == "14000000002")
    }
}

import CareDomain
import CaseImport
import Testing

@Suite("花名册：只比对、不查看")
struct ComparisonTests {
    private static let husband = [
        "户标识": "1", "姓名": "陈父", "身份": "丈夫", "出生日期": "1963-02-03", "联系电话": "14000000003",
    ]
    static let files: [[[String: String]]] = [
        [RosterBench.wife, RosterBench.child],
        [RosterBench.wife],
        [RosterBench.wife(["联系电话": "14000000002"]), RosterBench.child],
        [RosterBench.wife(["住址": "新路1号"]), RosterBench.child(["联系电话": "14000000004"])],
        [RosterBench.wife(["姓名": "李某某"]), RosterBench.child(["死亡日期": "2014-03-05"])],
        [RosterBench.wife(["结对干部姓名": "赵某", "结对干部起": "2015-06-01"]), RosterBench.child],
        [RosterBench.wife(["结对干部电话": "13900000001"]), RosterBench.child],
        [RosterBench.wife, RosterBench.child(["残疾证号": "43100219900506001X41"]), husband],
        [RosterBench.wife(["身份": "单亲父母"]), RosterBench.child],
        [RosterBench.child, RosterBench.wife(["城乡": "农村"])],
    ]

    @Test("比对得出的与看过全文得出的一样：户数、差异、命令", arguments: files)
    func comparingIsAsGoodAsSeeing(_ rows: [[String: String]]) throws {
        let bench = try RosterBench.imported()
        for mode in [RosterMode.report, .change(on: CivilDay(year: 2015, month: 6, day: 1)!)] {
            let seen = try bench.plan(rows, mode)
            let compared = try bench.comparedPlan(rows, mode)
            #expect(compared.counts == seen.counts, "\(mode)")
            #expect(compared.commands == seen.commands, "\(mode)")
            for (one, other) in zip(compared.families, seen.families) {
                #expect(one.changes.map(\.column) == other.changes.map(\.column))
                #expect(one.changes.map(\.new) == other.changes.map(\.new))
                // What the archive holds of a person is never said, only that it is another.
                for (blind, open) in zip(one.changes, other.changes) where blind.column.isPersonal {
                    #expect(blind.old == open.old.map { _ in ComparedPeople.unseen })
                }
            }
        }
    }

    @Test("同一花名册再来一次：没有差别，也不需要查看")
    func theSameFileAgain() throws {
        var bench = RosterBench()
        var rows = [RosterBench.wife(["住址": "某路1号"]), RosterBench.child(["残疾证号": "43100219900506001X41"])]
        bench.carryOut(try bench.comparedPlan(rows).commands)
        #expect(try bench.comparedPlan(rows).counts == (0, 0, 1, 0))
        rows.append(Self.husband)
        bench.carryOut(try bench.comparedPlan(rows, .change(on: RosterBench.today)).commands)
        #expect(try bench.comparedPlan(rows).counts == (0, 0, 1, 0))
        rows[0]["联系电话"] = "14000000009"
        bench.carryOut(try bench.comparedPlan(rows, .change(on: RosterBench.today)).commands)
        #expect(try bench.comparedPlan(rows).counts == (0, 0, 1, 0))
        #expect(bench.household?.members[0].details?.phone == "14000000009")
    }

    @Test("更正须看得到原值：没看过就退回，看过之后与从前一样", arguments: files)
    func correctionsNeedToSee(_ rows: [[String: String]]) throws {
        let bench = try RosterBench.imported()
        let mode = RosterMode.correction(reason: Code(unchecked: "typing_error"), text: nil)
        let seen = try bench.plan(rows, mode)
        let blind = try bench.comparedPlan(rows, mode)
        let open = try bench.comparedPlan(rows, mode, opened: true)
        #expect(open.counts == seen.counts)
        #expect(open.commands == seen.commands)
        let isRefused = blind.families.contains(where: \.needsOpening)
        #expect(isRefused || blind.commands == seen.commands)
        for command in blind.commands + open.commands {
            #expect(!"\(command)".contains(ComparedPeople.unseen))
        }
    }

    @Test("不给看的事项：不比对、不登记，相同与否答复一样；新成员的照常登记")
    func keptFacts() throws {
        var bench = RosterBench()
        let care = ["失能程度": "部分失能", "失能评定日期": "2014-09-01"]
        let rows = [RosterBench.wife(care), RosterBench.child]
        bench.carryOut(try bench.plan(rows).commands)
        let kept = ["person.care_dependency", "household.dibao", "person.disability_grade"].map {
            FactID(unchecked: $0)
        }
        bench.known.add(KnownFamily(history: try #require(bench.history), withheld: Set(kept)))
        let others = [
            RosterBench.wife(["失能程度": "完全失能", "失能评定日期": "2015-03-01", "低保起": "2015-02-01"]),
            RosterBench.child(["残疾等级": "二级"]),
        ]
        let modes: [RosterMode] = [
            .report, .change(on: CivilDay(year: 2015, month: 6, day: 1)!),
            .correction(reason: Code(unchecked: "typing_error"), text: nil),
        ]
        let uncompared: Set<RosterColumn> = [
            .careDependency, .careDependencyFrom, .dibaoFrom, .dibaoThrough, .disabilityGrade, .assessedOn,
        ]
        for (mode, rows) in modes.flatMap({ mode in [rows, others].map { (mode, $0) } }) {
            let plan = try bench.plan(rows, mode)
            #expect(plan.counts == (0, 0, 1, 0) && plan.commands.isEmpty)
            #expect(plan.families[0].uncompared == uncompared && plan.families[0].changes.isEmpty)
        }
        let husband = ["户标识": "1", "姓名": "陈父", "身份": "丈夫", "出生日期": "1963-02-03"].merging(care) { $1 }
        let plan = try bench.plan(rows + [husband], modes[1])
        #expect(plan.counts == (0, 1, 0, 0) && plan.families[0].uncompared == uncompared)
        #expect(plan.commands.map(\.action.name) == ["add_person", "state_fact"])
        bench.carryOut(plan.commands)
    }
}

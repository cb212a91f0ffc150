import CareDomain
import CaseImport
import OfficeFiles
import Testing

/// The column that says that somebody is another person than one of the same name and birth date (Decision 0053).
@Suite("名册：同名同日另有其人")
struct NamesakeRosterTests {
    private static let heading = "同名同日另有其人"
    private static let reason = "已与那一户核对，是两个人"

    private static func child(_ cell: String) -> [String: String] { RosterBench.child([heading: cell]) }

    private func kinds(_ rows: [[String: String]]) throws -> [CellProblem.Kind] {
        try RosterBench().plan(rows).families.flatMap { family -> [CellProblem.Kind] in
            if case .refused(let problems) = family.outcome { problems.map(\.kind) } else { [] }
        }
    }

    @Test("写了理由的随建档登记，理由密封；空着的什么都不说；同一张表再导入没有变化")
    func said() throws {
        let rows = [RosterBench.wife, Self.child(Self.reason)]
        var bench = RosterBench()
        let plan = try bench.plan(rows)
        guard case .registerHousehold(let register)? = plan.commands.first?.action else {
            Issue.record("not registered")
            return
        }
        #expect(register.members.map(\.namesake) == [nil, true])
        let child = register.members[1]
        #expect(child.sealed.details(of: child.person)?.text == Self.reason)
        #expect(register.members[0].sealed.details(of: register.members[0].person)?.text == nil)
        bench.carryOut(plan.commands)
        #expect(bench.household?.members.last?.isNamesake == true)
        #expect(try bench.plan(rows).counts == (0, 0, 1, 0))
        #expect(try bench.plan([RosterBench.wife, RosterBench.child]).counts == (0, 0, 1, 0))
    }

    @Test("只写是、否、有，不是理由：退回，说怎么写；写无的同样退回")
    func noReason() throws {
        for cell in ["是", "否", "有", "另一人"] {
            #expect(try kinds([RosterBench.wife, Self.child(cell)]) == [.noReason])
        }
        #expect(try kinds([RosterBench.wife, Self.child("无")]) == [.placeholder])
        #expect(CellProblem.Kind.noReason.rawValue == 1811)
    }

    @Test("变更姓名或出生日期时一并说明；别的变更不说")
    func changed() throws {
        var bench = RosterBench()
        let unborn = RosterBench.child(["出生日期": ""])
        bench.carryOut(try bench.plan([RosterBench.wife, unborn]).commands)
        let day = RosterMode.change(on: CivilDay(year: 2015, month: 6, day: 1)!)
        let changes = try bench.plan([RosterBench.wife, Self.child(Self.reason)], day).commands.compactMap { command in
            if case .changePersonDetails(let changed) = command.action { changed } else { nil }
        }
        #expect(changes.map(\.namesake) == [true])
        #expect(changes.first.flatMap { $0.sealed.details(of: $0.person)?.text } == Self.reason)
        let phone = RosterBench.wife(["联系电话": "14000000009", Self.heading: Self.reason])
        let others = try bench.plan([phone, unborn], day).commands.compactMap { command in
            if case .changePersonDetails(let changed) = command.action { changed } else { nil }
        }
        #expect(others.map(\.namesake) == [nil])
    }

    @Test("一张表里两户同样的人：写明另有其人的不算同一户")
    func twoFamilies() throws {
        let people = [
            ["户标识": "1", "档案号": "V-001", "区划代码": "431002001", "姓名": "甲妻", "身份": "妻子", "出生日期": "1965-09-10"],
            ["户标识": "1", "姓名": "甲夫", "身份": "丈夫", "出生日期": "1963-02-03"],
        ]
        let again = people.map { row in
            row.merging(["户标识": "2"]) { $1 }.merging(row["档案号"] == nil ? [:] : ["档案号": "V-002"]) { $1 }
        }
        #expect(try kinds(people + again).allSatisfy { $0 == .familyTwice })
        #expect(try RosterBench().plan(people + again).counts.refused == 2)
        let said = again.map { $0.merging([Self.heading: Self.reason]) { $1 } }
        #expect(try RosterBench().plan(people + said).counts == (2, 0, 0, 0))
    }
}

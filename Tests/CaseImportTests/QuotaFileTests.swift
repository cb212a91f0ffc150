import CareDomain
import CaseImport
import Testing

/// A table of guidance numbers, and everything that can be wrong with one.
@Suite("指导数表")
struct QuotaFileTests {
    private static let heading = "record_type,unit_code,unit_zh,健康促进,关怀救助,city_share,unit_share"
    private static let good = [
        heading, "unit,wz.lucheng,鹿城区,35,30,1,1", "unit,wz.longwan,龙湾区,25,,2,8", "printed_total,,合计,60,30,,",
    ]

    private static let projects = [("WZ-3.1", "健康促进"), ("WZ-3.2", "关怀救助")].map {
        GuidanceTerms.Project(clause: ClauseID($0.0)!, title: $0.1, column: $0.1, standard: .yuan(1))
    }

    private static let units = [("330302", "wz.lucheng", "鹿城区", 1, 1), ("330303", "wz.longwan", "龙湾区", 2, 8)].map {
        GuidanceTerms.Unit(
            division: DivisionCode($0.0)!, code: Code(unchecked: $0.1), title: $0.2,
            shares: CostShares(city: $0.3, unit: $0.4)!)
    }

    private static func read(_ lines: [String]) throws -> [QuotaFile.Row] {
        try QuotaFile.read(
            Array((lines.joined(separator: "\n") + "\n").utf8), projects: projects, units: units)
    }

    @Test("照附件1的样子读入；空格按0")
    func reads() throws {
        let rows = try Self.read(Self.good)
        #expect(rows.map(\.division.rawValue) == ["330302", "330303"])
        #expect(rows.map { $0.numbers.map(\.places) } == [[35, 30], [25, 0]])
    }

    static let wrong: [(line: Int, text: String, row: Int?, column: Int?)] = [
        (3, "printed_total,,合计,60,31,,", 4, 5), (3, "printed_total,,合计,59,30,,", 4, 4),
        (1, "unit,wz.lucheng,鹿城区,3x5,30,1,1", 2, 4), (1, "unit,wz.lucheng,鹿城区,-5,30,1,1", 2, 4),
        (2, "unit,wz.lucheng,鹿城区,25,,1,1", 3, 2), (2, "unit,wz.nowhere,某县,25,,2,8", 3, 2),
        (2, "unit,wz.longwan,龙湾区,25,,1,1", 3, 6), (2, "row,wz.longwan,龙湾区,25,,2,8", 3, 1),
        (3, "unit,wz.longwan,龙湾区,0,0,2,8", 4, 2),
        (0, "record_type,unit_code,unit_zh,健康促进,city_share,unit_share,x", nil, nil),
    ]

    @Test("合计不对、数不对、单位不认识或出现两次、份额与政策包不符：说明哪一行哪一列，整份不收", arguments: wrong.indices)
    func refuses(_ index: Int) throws {
        let (line, text, row, column) = Self.wrong[index]
        var lines = Self.good
        lines[line] = text
        do {
            _ = try Self.read(lines)
            Issue.record("read: \(text)")
        } catch let problem as QuotaProblem {
            #expect(problem.row == row && problem.column == column, "\(problem)")
            #expect(!problem.chinese.isEmpty && !problem.english.isEmpty)
        }
    }

    @Test("没有合计行，或合计之后还有内容")
    func total() {
        #expect(throws: QuotaProblem.self) { try Self.read(Array(Self.good.dropLast())) }
        #expect(throws: QuotaProblem.self) { try Self.read(Self.good + [Self.good[1]]) }
    }
}

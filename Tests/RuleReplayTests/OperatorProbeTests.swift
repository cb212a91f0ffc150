import CareDomain
import RuleColumns
import RuleEngine
import Testing

@Suite("常备判断的名称随算子的答案而变")
struct OperatorProbeTests {
    private let probe = OperatorProbe()

    private func day(_ text: String) -> Int32 { CivilDay(parsing: text)!.dayNumber }

    @Test("每次算出的都一样；任何一个答案变了，名称就变")
    func namesFollowTheAnswers() {
        let name = OperatorProbe.digest(of: probe.answers)
        #expect(name == OperatorProbe.digest(of: OperatorProbe().answers))
        for place in stride(from: 0, to: probe.answers.count, by: 7) {
            var answers = probe.answers
            let old = answers[place]
            var rows = old.rows
            guard let row = rows.indices.last, let step = rows[row].last else { continue }
            rows[row][rows[row].count - 1] = OperatorProbe.Step(
                day: step.day, cell: Cell(step.cell.tag, step.cell.payload == 0 ? 1 : 0))
            answers[place] = OperatorProbe.Answer(operation: old.operation, rows: rows)
            #expect(name != OperatorProbe.digest(of: answers), "\(old.operation)")
        }
    }

    @Test("凡进得了名称的算子都试到；不能按列算的函数列在这里")
    func coversAllOperators() {
        var functions: Set<Builtin> = []
        var kinds: Set<String> = []
        for answer in probe.answers {
            #expect(!answer.rows.isEmpty && answer.rows.allSatisfy { !$0.isEmpty })
            switch answer.operation {
            case .constant: kinds.insert("constant")
            case .entity: kinds.insert("entity")
            case .fact(_, let reading): kinds.insert("fact \(reading)")
            case .and: kinds.insert("and")
            case .or: kinds.insert("or")
            case .not: kinds.insert("not")
            case .conditional: kinds.insert("conditional")
            case .compared(let relation, _, _): kinds.insert("compared \(relation.rawValue)")
            case .isIn: kinds.insert("in")
            case .call(let builtin, _, _, _): functions.insert(builtin)
            case .elapsed(let unit, let relation, _, _, let shift):
                kinds.insert("elapsed \(unit.rawValue) \(relation.rawValue) \(shift)")
            case .reached: kinds.insert("reached")
            case .known: kinds.insert("known")
            case .reduced(let reduction, _, _, let test): kinds.insert("reduced \(reduction) \(test == nil)")
            case .at: kinds.insert("at")
            // Without a name: more than facts goes in.
            case .calendar, .periodStart, .parameter, .hasParameter, .shares: Issue.record("\(answer.operation)")
            }
        }
        // entity, and, or, not, conditional, in, reached, known, at; 3 readings; 6 relations; 3 × 6 × 2 times; 4 × 2 lists.
        #expect(kinds.count == 9 + 3 + 6 + 36 + 8)
        #expect(Set(Builtin.allCases).subtracting(functions) == [.isIn, .index, .uint, .double, .bytes, .type])
    }

    @Test("试出的答案与手算相同")
    func answersByHand() throws {
        func rows(_ matches: (PlanOperation) -> Bool) throws -> [[OperatorProbe.Step]] {
            let found = probe.answers.first { matches($0.operation) }
            return try #require(found).rows
        }
        // The first household's date is 28 February 1965 until 2009, from 2010 on 29 February 2000.
        let reached = try rows { if case .reached = $0 { true } else { false } }
        let last = try #require(reached[0].last { $0.day <= day("2009-12-31") })
        #expect(last.cell == Cell(.value, 1))
        #expect(reached.count == 3 && reached[1].allSatisfy { $0.cell.tag == .unknown })
        // Two of three are listed from 2001 on, all three from 2002, the second no longer from 2015.
        let counted = try rows {
            if case .reduced(.count, _, _, nil) = $0 { true } else { false }
        }
        func count(_ text: String) -> Int64? { counted[0].last { $0.day <= day(text) }?.cell.payload }
        #expect([count("1999-12-31"), count("2000-01-01"), count("2001-01-01"), count("2002-01-01")] == [0, 1, 2, 3])
        #expect(count("2014-12-31") == 3 && count("2015-01-01") == 2)
        #expect(counted[1].map(\.cell) == [Cell(.value, 0)])
    }
}

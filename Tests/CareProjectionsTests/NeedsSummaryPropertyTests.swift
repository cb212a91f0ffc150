import CareDomain
import CareProjections
import CareTestKit
import Testing

/// Random forms with corrections and withdrawals, summed up by the product and, cell by cell, by counting over a plain
/// list of what was written on paper.
@Suite("附件4：随机登记表与逐张点数一致", .timeLimit(.minutes(5)))
struct NeedsSummaryPropertyTests {
    /// A form as it lies in the office's folder, after every correction.
    private struct Paper {
        var family: Int
        var sequence: UInt64
        var day: CivilDay
        var isSigned: Bool
        /// Answers in the order of `InventedStream.answers`: y, n or -.
        var answers: [Character]
        var items: [String: Int]
        var isWithdrawn = false
    }

    private static let kinds = [
        "visit", "housekeeping", "farming", "serious_illness", "psychological", "errands", "adoption", "fertility",
        "checkup", "other",
    ]
    private static let start = CivilDay.invented("2021-01-01")

    private var random: SeededGenerator
    private var streams: [InventedStream] = []
    private var papers: [Paper] = []

    init() { random = SeededGenerator(seed: 0) }

    private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }

    private mutating func word() -> [Character] { (0..<5).map { _ in Array("yn-")[below(3)] } }

    private mutating func write(_ family: Int) {
        let day = Self.start + Int32(below(300))
        let signed = below(6) > 0
        let answers = word()
        let form = streams[family].add(InventedStream.form(String(answers), signed: signed), on: day)
        var items: [String: Int] = [:]
        for kind in Self.kinds where below(4) == 0 {
            items[kind] = 1 + below(5)
            streams[family].add(
                .needRaised(NeedRaised(kind: Code(unchecked: "need_" + kind), items: items[kind]!)), on: day,
                together: true)
        }
        papers.append(
            Paper(
                family: family, sequence: form.sequence, day: day, isSigned: signed, answers: answers, items: items))
    }

    /// Puts a form right, or withdraws it; the paper in the folder changes with it.
    private mutating func correct() {
        let place = below(papers.count)
        guard !papers[place].isWithdrawn else { return }
        let target = EventReference(sequence: papers[place].sequence)
        let family = papers[place].family
        if below(4) == 0 {
            papers[place].isWithdrawn = true
            streams[family].add(.withdrawn, on: papers[place].day, corrects: target)
        } else {
            papers[place].answers = word()
            papers[place].day = Self.start + Int32(below(300))
            let form = InventedStream.form(String(papers[place].answers), signed: papers[place].isSigned)
            streams[family].add(form, on: papers[place].day, corrects: target)
        }
    }

    private mutating func fill(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        streams = (0..<12).map { InventedStream(UInt64($0)) }
        papers = []
        for family in streams.indices {
            streams[family].add(
                .registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2020-01-01")
        }
        for _ in 0..<60 {
            if below(4) == 0, !papers.isEmpty { correct() } else { write(below(streams.count)) }
            // Needs that somebody raises by himself belong to no form.
            if below(8) == 0 {
                streams[below(streams.count)].add(
                    .needRaised(NeedRaised(kind: Code(unchecked: "need_other"), items: 7)), on: Self.start + 100)
            }
        }
    }

    /// The paper of a family that counts: by day, then by when it was written down.
    private func counting(_ family: Int, _ days: ClosedRange<CivilDay>) -> Paper? {
        var best: Paper?
        for paper in papers where paper.family == family && paper.isSigned && !paper.isWithdrawn {
            guard paper.day >= days.lowerBound, paper.day <= days.upperBound else { continue }
            if let best, best.day > paper.day || best.day == paper.day && best.sequence > paper.sequence { continue }
            best = paper
        }
        return best
    }

    @Test("每一格都与点数相同", arguments: 1...40 as ClosedRange<UInt64>)
    func everyCell(seed: UInt64) {
        var world = NeedsSummaryPropertyTests()
        world.fill(seed: seed)
        let first = Self.start + Int32(world.below(100))
        let days = first...(first + Int32(world.below(200)))
        func unit(_ family: Int) -> String { "37030400100\(family % 4)" }

        var summary = NeedsSummary(days: days)
        for (family, stream) in world.streams.enumerated() {
            summary.add(FamilyForms(stream.history, days: days), unit: unit(family))
        }
        var expected: [String: [Int]] = [:]
        for family in world.streams.indices {
            guard let paper = world.counting(family, days) else { continue }
            let wanted = Array("nnnyy")
            var cells = [1] + zip(paper.answers, wanted).map { $0 == $1 ? 1 : 0 }
            cells += Self.kinds.map { paper.items[$0] ?? 0 }
            // Behind the cells: how many left each of the five questions open.
            cells += paper.answers.map { $0 == "-" ? 1 : 0 }
            expected[unit(family)] = expected[unit(family)].map { zip($0, cells).map(+) } ?? cells
        }
        for row in summary.rows {
            let columns = NeedsSummary.Column.allCases
            let found = columns.map(row.count) + columns[1...5].map(row.openCount)
            #expect(found == expected[row.unit] ?? Array(repeating: 0, count: 21), "seed \(seed), \(row.unit)")
        }
        #expect(summary.total.visited == expected.values.reduce(0) { $0 + $1[0] }, "seed \(seed)")
    }
}

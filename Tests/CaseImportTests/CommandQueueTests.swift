import CareDomain
import CareTestKit
import CaseImport
import Testing

/// In which order commands of an import go out.
struct CommandQueueTests {
    private static func household(_ number: UInt64) -> HouseholdID { HouseholdID(Identifier128(high: 0, low: number)) }

    private static func draft(_ household: UInt64, _ line: Int, _ action: HouseholdAction = .withdraw) -> CommandDraft {
        CommandDraft(
            line: line,
            command: HouseholdCommand(
                id: CommandID(Identifier128(high: 1, low: UInt64(line))), household: Self.household(household),
                occurredOn: CivilDay(dayNumber: 0), action: action))
    }

    /// Takes whatever may go out now.
    private static func drain(_ queue: inout CommandQueue) -> [Int] {
        var lines: [Int] = []
        while let draft = queue.next() { lines.append(draft.line) }
        return lines
    }

    @Test("同一户的命令一条接一条")
    func oneHouseholdGoesInOrder() {
        var queue = CommandQueue()
        for line in 1...3 { queue.add(Self.draft(7, line)) }
        #expect(Self.drain(&queue) == [1])
        queue.finished(Self.household(7))
        #expect(Self.drain(&queue) == [2])
        queue.finished(Self.household(7))
        #expect(Self.drain(&queue) == [3])
        queue.finished(Self.household(7))
        #expect(queue.isEmpty)
    }

    @Test("不同户的命令同时发出")
    func householdsGoTogether() {
        var queue = CommandQueue()
        for line in 1...4 { queue.add(Self.draft(UInt64(line % 2), line)) }
        #expect(Self.drain(&queue) == [1, 2])
        #expect(queue.underWay == 2)
        queue.finished(Self.household(0))
        #expect(Self.drain(&queue) == [4])
    }

    @Test("并户与两户前后的命令依次，与别户同时")
    func mergeWaitsForBothHouseholds() {
        var queue = CommandQueue()
        queue.add(Self.draft(1, 1))
        queue.add(Self.draft(2, 2, .mergeHousehold(MergeHousehold(into: Self.household(1)))))
        queue.add(Self.draft(1, 3))
        queue.add(Self.draft(3, 4))
        #expect(Self.drain(&queue) == [1, 4])
        queue.finished(Self.household(1))
        #expect(Self.drain(&queue) == [2])
        queue.finished(Self.household(2))
        #expect(Self.drain(&queue) == [3])
        queue.finished(Self.household(1))
        queue.finished(Self.household(3))
        #expect(queue.isEmpty)
    }

    @Test("很多户也全部发出，每户次序不变")
    func manyHouseholdsKeepTheirOrder() {
        var queue = CommandQueue()
        for line in 0..<6000 { queue.add(Self.draft(UInt64(line % 97), line)) }
        var last: [Int: Int] = [:]
        var count = 0
        while !queue.isEmpty {
            let lines = Self.drain(&queue)
            for line in lines {
                #expect(last[line % 97] ?? -1 < line)
                last[line % 97] = line
                queue.finished(Self.household(UInt64(line % 97)))
            }
            count += lines.count
        }
        #expect(count == 6000)
    }
}

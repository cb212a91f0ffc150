import CareDomain
import ServiceKit
import Testing

@testable import carectl

@Suite("导入的计数：一户、一张表、一行各算一次")
struct ImportTallyTests {
    @Test("一户几处变更算一户，旁边写几条；部分登记过的算变更，全登记过的算此前已登记")
    func families() {
        var tally = ImportTally(differing: 1, unchanged: 4, refused: 1, uncompared: 2)
        tally.count(CommandAnswers(registered: 1, recorded: 1))
        tally.count(CommandAnswers(recorded: 3))
        tally.count(CommandAnswers(recorded: 1, repeated: 2))
        tally.count(CommandAnswers(repeated: 2))
        tally.count(CommandAnswers(recorded: 1, refused: 1))
        tally.count(CommandAnswers(recorded: 1, same: 1))
        tally.count(CommandAnswers(same: 2))
        tally.count(CommandAnswers(recorded: 1, unjudged: 1))
        tally.count(CommandAnswers(recorded: 1, queued: 1))
        tally.count(CommandAnswers())
        #expect(
            tally
                == ImportTally(
                    new: 1, changed: 3, entries: 5, differing: 1, unchanged: 5, repeated: 1, queued: 1, unjudged: 1,
                    refused: 2, uncompared: 2))
        #expect(
            tally.text.zh.hasPrefix(
                "新建档 1，变更 3（5 条），不同而未改 1，未变 5，此前已登记 1，退回 2；其中 2 户有无权查看的栏目，未能比对，未能预判 1"))
        #expect(
            tally.text.en.hasPrefix(
                "new 1, changed 3 (5 entries), different and left alone 1, unchanged 5, recorded before 1, refused 2; in 2 of "
                    + "them some cells could not be compared, not judged 1"))
        #expect(tally.json.text().contains("\"changed\":3,\"entries\":5,"))
    }

    @Test("命令文件按行计，不另写几条")
    func lines() {
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: 1, low: 1)), household: HouseholdID(Identifier128(high: 1, low: 2)),
            occurredOn: CivilDay(dayNumber: 0), action: .withdraw)
        var tally = ImportTally()
        for isRepeated in [false, false, true] { tally.count(command, isRepeated: isRepeated) }
        #expect((tally.changed, tally.entries, tally.repeated) == (2, 2, 1))
        #expect(tally.text.zh == "新建档 0，变更 2，未变 0，此前已登记 1，退回 0")
        #expect(tally.answered == 3)
    }
}

import CareDomain
import CareTestKit
import ReadModels
import Testing

@Suite("清单里的档案号")
struct ArchiveNumberListTests {
    @Test("迁到另一县、给了新号的：那一天是哪个号就列哪个；新旧号都找得到，给号以前只有旧号")
    func numbersOfAFamilyThatMoved() throws {
        var family = InventedFamily(number: 1)
        family.stream.add(
            .moved(
                HouseholdMoved(kind: .registration, division: DivisionCode("431003")!, archiveNumber: "GY-9")),
            on: "2016-01-10")
        let lists = ReadModelLists(try Bench().filled([family.stream]), words: .sample)
        func found(_ number: String, _ day: String) throws -> [String?] {
            try lists.households(.chenzhou(day), .init(archiveNumber: number)).entries.map(\.archiveNumber)
        }
        #expect(try found("CZ-1", "2016-01-09") == ["CZ-1"])
        #expect(try found("GY-9", "2016-01-09") == [])
        #expect(try found("CZ-1", "2016-01-10") == ["GY-9"])
        #expect(try found("GY-9", "2016-01-10") == ["GY-9"])
        #expect(try lists.households(.chenzhou("2013-01-01"), .init()).entries.map(\.archiveNumber) == ["CZ-1"])
    }
}

import CareDomain
import CareTestKit
import Testing

@testable import CareProjections

/// What the page tells of somebody of whom it was said that it is another person (Decision 0053).
@Suite("档案页：同名同日另有其人")
struct NamesakePageTests {
    @Test("历史里写着说过，理由不写；没有说过的不写")
    func told() throws {
        let person = PersonID(Identifier128(high: 8, low: 1))
        func history(_ namesake: Bool?) -> [CareArchive.HistoryLine] {
            var stream = InventedStream(9)
            stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
            let details = PersonalDetails(name: "欧阳某某", text: "已与那一户核对")
            stream.add(
                .personJoined(
                    PersonJoined(
                        person: person, role: .wife, namesake: namesake,
                        sealed: [SealedPart(subject: person, details: details)])), on: "2014-08-01")
            return CareArchive(stream.history, ArchiveQuestion(asOf: .invented("2016-01-01")), words: .sample).history
        }
        let line = try #require(history(true).first { $0.detail.contains("同名同日另有其人") })
        #expect(!line.detail.contains("核对"))
        #expect(!history(nil).contains { $0.detail.contains("同名同日") })
    }
}

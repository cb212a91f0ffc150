import CareDomain
import CareProjections
import CareTestKit
import Testing

/// What a reader of the page is told, in words: masked and revealed, on paper and in JSON.
@Suite("档案页上写明的内容")
struct PageWordsTests {
    private func page(_ stream: InventedStream, on day: String, isRevealed: Bool = false) -> CareArchive {
        CareArchive(
            stream.history, ArchiveQuestion(asOf: .invented(day), isRevealed: isRevealed), words: .sample)
    }

    @Test("自己写的更正理由，说明事由后显示，平时不显示；认得的理由用其名称")
    func reasonsOfCorrections() throws {
        var family = InventedFamily()
        let text = SealedPart(subject: family.wife, details: PersonalDetails(text: "户口簿看错了"))
        family.stream.add(
            .personDied(PersonDied(person: family.child)), on: .invented("2015-11-02"),
            recorded: .invented("2016-03-01"), corrects: family.died, because: [text])
        let masked = page(family.stream, on: "2016-03-01")
        #expect(masked.history.last?.correctionText == nil)
        #expect(!masked.text().contains("户口簿看错了") && !masked.json.text().contains("户口簿看错了"))
        let shown = page(family.stream, on: "2016-03-01", isRevealed: true)
        #expect(shown.text().contains("更正第 \(family.died.sequence) 条：其他 户口簿看错了"))
        #expect(shown.json.text().contains("\"correction_text\":\"户口簿看错了\""))
        #expect(try CareArchive(shown.wire) == shown)
    }

    @Test(
        "写下的理由若是认得的名称或代码，就记为该理由",
        arguments: [("录入错误", "typing_error"), ("Wrong person", "wrong_person"), ("late_document", "late_document")])
    func knownReasons(typed: String, code: String) {
        let reason = Correction.reason(typed: typed)
        #expect(reason.code.rawValue == code && reason.text == nil)
    }

    @Test("别的理由照原文留下")
    func ownReasons() {
        let reason = Correction.reason(typed: "户口簿看错了")
        #expect(reason.code.rawValue == "other" && reason.text == "户口簿看错了")
    }

    @Test("户籍与居住地不同的，各写各的，城乡也各写各的")
    func residenceBesideRegistration() throws {
        var stream = InventedStream(1)
        stream.add(
            .registered(HouseholdRegistered(division: DivisionCode("431002001001")!, area: .urban)), on: "2020-01-01")
        let before = page(stream, on: "2020-06-01")
        #expect(before.header.residence == nil && before.text().contains("所在区划  431002001001（城镇）"))
        stream.add(
            .moved(HouseholdMoved(kind: .residence, division: DivisionCode("431003001001")!, area: .rural)),
            on: "2021-01-01")
        let after = page(stream, on: "2021-06-01")
        #expect(after.text().contains("户籍所在  431002001001（城镇）\n居住地    431003001001（农村）"))
        #expect(!after.text().contains("所在区划"))
        #expect(after.json.text().contains("\"residence\":\"431003001001\""))
        #expect(after.header.divisionArea == .urban && after.header.area == .rural)
        #expect(try CareArchive(after.wire) == after)
        #expect(page(stream, on: "2020-06-01").header.residence == nil, "an earlier day knows nothing of it")
    }
}

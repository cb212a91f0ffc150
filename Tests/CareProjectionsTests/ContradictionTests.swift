import CareDomain
import CareProjections
import CareTestKit
import Testing

@Suite("档案：两个部门说法不一，并列并说明取舍")
struct ContradictionTests {
    private func page(_ told: [(value: Bool, source: String, department: String)], declared: Bool = true) -> CareArchive
    {
        var family = InventedFamily()
        for one in told {
            family.stream.add(
                .factStated(
                    FactStated(
                        fact: FactID(unchecked: "household.low_income"), subject: .household, value: .bool(one.value),
                        source: Code(unchecked: one.source))),
                on: .invented("2016-03-01"), by: DepartmentID(unchecked: one.department))
        }
        var words = CarePolicyWords.sample
        if declared {
            words.precedences = [
                CarePolicyWords.PlacedPrecedence(
                    territory: DivisionCode("431000"), inForce: DayPeriod(start: .invented("2014-07-16")),
                    facts: [
                        FactID(unchecked: "household.low_income"): FactPrecedence([[Code(unchecked: "certificate")]])
                    ])
            ]
        }
        return CareArchive(family.history, ArchiveQuestion(asOf: .invented("2016-03-05")), words: words)
    }

    private func line(_ page: CareArchive) throws -> CareArchive.FactLine {
        try #require(page.facts.first { $0.fact.code == "household.low_income" })
    }

    @Test("证件先于后说的本人陈述，两说都在页上")
    func certificateCounts() throws {
        let page = page([(true, "certificate", "dept.civil_affairs"), (false, "statement", "dept.hrss")])
        let line = try line(page)
        #expect(line.value == .bool(true))
        #expect(line.department?.code == "dept.civil_affairs")
        #expect(line.rivals.map(\.value) == [.bool(false)])
        #expect(line.rivals.map(\.department?.code) == ["dept.hrss"])
        #expect(line.rivals.map(\.isBySource) == [true])
        #expect(try CareArchive(page.wire) == page)
        let text = page.text()
        #expect(text.contains("【陈述不一致】共 1 条"))
        #expect(text.contains("采用") && text.contains("不采用：来源先后在后"))
        #expect(text.contains(KnownOffices.name(of: DepartmentID(unchecked: "dept.hrss"))))
    }

    @Test("没有声明先后的，以较后的陈述为准，也这样写明")
    func laterCounts() throws {
        let page = page(
            [(true, "certificate", "dept.civil_affairs"), (false, "statement", "dept.hrss")], declared: false)
        let line = try line(page)
        #expect(line.value == .bool(false))
        #expect(line.rivals.map(\.isBySource) == [false])
        #expect(page.text().contains("不采用：以较后的陈述为准"))
    }

    @Test("说法一致，或同一部门改口，都不算不一致")
    func noContradiction() throws {
        let same = page([(true, "certificate", "dept.civil_affairs"), (true, "statement", "dept.hrss")])
        #expect(try line(same).rivals.isEmpty)
        let changed = page([(true, "list", "dept.hrss"), (false, "list", "dept.hrss")])
        #expect(try line(changed).value == .bool(false))
        #expect(try line(changed).rivals.isEmpty)
        #expect(!changed.text().contains("陈述不一致"))
    }
}

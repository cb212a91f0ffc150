import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("博山包：走访的条款与期限")
struct BoshanTests {
    private func pack() throws -> RulePack { try #require(try PackLibrary.bundled.packs(of: "boshan-2021").first) }

    @Test("逐户走访由 BS-3.3a 要求：十月十一日起提醒，二十日后逾期；另一口径为十日")
    func visitingClause() throws {
        let pack = try pack()
        let clause = try #require(pack.duties.visitingClause)
        #expect(clause.rawValue == "BS-3.3a")
        let duty = try #require(pack.duties.duty(of: clause))
        let deadline = try #require(duty.due.deadlines(year: 2021).first)
        #expect(deadline.warnFrom.description == "2021-10-11" && deadline.lastDay.description == "2021-10-20")
        let byReading = try #require(duty.dueByReading)
        #expect(pack.readings[byReading.reading].id.rawValue == "mid_month_words")
        let other = try #require(byReading.rules[Code(unchecked: "before_the_11th")])
        #expect(other.deadlines(year: 2021).map(\.lastDay.description) == ["2021-10-10"])
    }

    @Test("汇总表所用的答案和需求，登记表上都有")
    func formHoldsWhatTheSummaryNeeds() throws {
        let duties = try pack().duties
        let form = try #require(duties.visitForms.first { $0.code.rawValue == "needs-2021" })
        let fields = Set(form.fields.map(\.code.rawValue))
        let asked = [
            "has_special_assistance", "has_comprehensive_policy", "joined_free_checkup", "is_dibao", "is_wubao",
        ]
        #expect(fields.isSuperset(of: asked))
        #expect(
            duties.needKinds.map(\.code.rawValue) == [
                "need_visit", "need_housekeeping", "need_farming", "need_serious_illness", "need_psychological",
                "need_errands", "need_adoption", "need_fertility", "need_checkup", "need_other",
            ])
    }
}

import CareDomain
import CareProjections
import CareTestKit
import CareWire
import Testing

@Suite("附件4 需求情况汇总表", .timeLimit(.minutes(5)))
struct NeedsSummaryTests {
    private let days = CivilDay.invented("2021-01-01")...CivilDay.invented("2021-10-20")

    private func family(_ number: UInt64, _ body: (inout InventedStream) -> Void) -> HouseholdHistory {
        var stream = InventedStream(number)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2020-01-01")
        body(&stream)
        return stream.history
    }

    private func forms(_ body: (inout InventedStream) -> Void) -> FamilyForms {
        FamilyForms(family(1, body), days: days)
    }

    @Test("表头与附件4逐字相同：享受二字重出，抱养为送子服务，家庭需求按条数")
    func headingsAreThoseOfThePaper() {
        #expect(
            NeedsSummary.headings == [
                "", "走访户数", "未享受享受特扶户数", "未享受综合保险户数", "未参加免费查体户数", "低保户数", "五保户数", "走访慰问",
                "家政服务", "助农帮扶", "大病救助", "心理慰藉", "家务代办", "送子服务", "助孕帮扶", "查体方面", "其他需求", "",
            ])
        #expect(
            NeedsSummary.groupHeadings == [
                "单位", "基本情况", "", "", "", "", "", "家庭需求（条数）", "", "", "", "", "", "", "", "", "", "备注",
            ])
        #expect(NeedsSummary.Column.withoutSpecialAssistance.label == "未享受特扶户数")
        #expect(NeedsSummary.Column(named: "送子服务") == .needAdoption)
        #expect(NeedsSummary.Column(named: "未享受特扶户数") == NeedsSummary.Column(named: "未享受享受特扶户数"))
        #expect(NeedsSummary.Column(named: "抱养方面需求") == nil)
    }

    @Test("同户两张表，后一张算数；同一天的，后登记的算数；迟登记的旧表不算")
    func latestFormWins() {
        let twice = forms {
            $0.addForm("nnnnn", ["visit": 1], on: "2021-07-01")
            $0.addForm("ynnnn", ["farming": 3], on: "2021-09-01")
            $0.addForm("nynnn", ["visit": 9], on: "2021-08-01")
        }
        #expect(twice.latest?.reference.sequence == 4)
        #expect(twice.latest?.needs.map(\.items) == [3])
        #expect(twice.superseded.map(\.reference.sequence) == [2, 6])
        let sameDay = forms {
            $0.addForm("nnnnn", on: "2021-07-01")
            $0.addForm("yyyyy", on: "2021-07-01")
        }
        #expect(sameDay.latest?.reference.sequence == 3)
    }

    @Test("并入的档案里的表是这一户的表：最近的一张算数，指回它所在的档案；同一天的以本档案的为准")
    func formsOfAnAbsorbedFile() {
        let own = family(1) { $0.addForm("nnnnn", ["visit": 1], on: "2021-07-01") }
        let gone = family(2) {
            $0.addForm("yyyyy", ["farming": 4], on: "2021-08-01")
            $0.addForm("nnnnn", on: "2021-06-01")
        }
        let found = FamilyForms(own, with: [gone], days: days)
        #expect(found.latest?.household == gone.id && found.latest?.needs.map(\.items) == [4])
        #expect(found.superseded.map(\.household) == [gone.id, own.id])
        #expect(FamilyForms(own, days: days).latest?.household == own.id)
        // A family that was visited before its files were merged was visited.
        let silent = family(3) { _ in }
        #expect(FamilyForms(silent, with: [gone], days: days).latest?.household == gone.id)
        let sameDay = family(4) { $0.addForm("nnnnn", on: "2021-08-01") }
        #expect(FamilyForms(sameDay, with: [gone], days: days).latest?.household == sameDay.id)
    }

    @Test("未签字、期外、作废的表不算，没有随表登记的需求不算")
    func whatDoesNotCount() {
        #expect(forms { $0.addForm("nnnnn", signed: false, on: "2021-07-01") }.latest == nil)
        #expect(forms { $0.addForm("nnnnn", signed: false, on: "2021-07-01") }.unsigned.count == 1)
        #expect(forms { $0.addForm("nnnnn", on: "2020-12-31") }.latest == nil)
        #expect(forms { $0.addForm("nnnnn", on: "2021-10-21") }.latest == nil)
        #expect(forms { $0.addForm("nnnnn", on: "2021-10-20") }.latest != nil)
        let withdrawn = forms {
            let form = $0.addForm("nnnnn", ["other": 1], on: "2021-07-01")
            $0.add(.withdrawn, on: "2021-07-02", corrects: form)
        }
        #expect(withdrawn.latest == nil && withdrawn.superseded.isEmpty)
        let alone = forms {
            $0.addForm("nnnnn", on: "2021-07-01")
            $0.add(.needRaised(NeedRaised(kind: Code(unchecked: "need_other"), items: 4)), on: "2021-07-01")
            $0.add(.visitRecorded(VisitRecorded(kind: Code(unchecked: "routine"))), on: "2021-07-03")
        }
        #expect(alone.latest?.needs.isEmpty == true)
    }

    @Test("更正后的表按更正后的内容，需求仍随原表")
    func correctedFormCounts() throws {
        let corrected = forms {
            let form = $0.addForm("yyyyy", ["checkup": 1, "other": 2], on: "2021-07-01")
            $0.add(InventedStream.form("nynyy"), on: "2021-07-05", recorded: "2021-08-01", corrects: form)
            $0.add(
                .needRaised(NeedRaised(kind: Code(unchecked: "need_checkup"), items: 2)), on: "2021-07-01",
                recorded: "2021-08-01", corrects: EventReference(sequence: form.sequence + 1))
            $0.add(
                .withdrawn, on: "2021-07-01", recorded: "2021-08-01",
                corrects: EventReference(sequence: form.sequence + 2))
        }
        let form = try #require(corrected.latest)
        #expect(form.reference.sequence == 2 && form.day == .invented("2021-07-05"))
        #expect(NeedsSummary.Column.withoutSpecialAssistance.reading(of: form) == (1, false))
        #expect(NeedsSummary.Column.needCheckup.reading(of: form) == (2, false))
        #expect(NeedsSummary.Column.needOther.reading(of: form) == (0, false))
    }

    @Test("大病救助两条、心理慰藉一条：加 2、加 1，走访户数加 1")
    func itemsNotHouseholds() {
        var summary = NeedsSummary(days: days)
        let needs = forms { $0.addForm("-n---", ["serious_illness": 2, "psychological": 1], on: "2021-07-01") }
        summary.add(needs, unit: "A")
        #expect(summary.total.visited == 1)
        #expect(summary.total.count(.needSeriousIllness) == 2)
        #expect(summary.total.count(.needPsychological) == 1)
    }

    @Test("没有答案的格子不写零：全未填写“未填”，没有登记表写横线，部分未填在备注里说明")
    func cellsWithoutAnswer() {
        var summary = NeedsSummary(days: days)
        summary.add(unit: "B", households: 2)
        summary.add(unit: "A", households: 3)
        summary.add(forms { $0.addForm("-n-yn", on: "2021-07-01") }, unit: "A")
        summary.add(forms { $0.addForm("-nyyn", on: "2021-07-01") }, unit: "A")
        summary.addClosed(unit: "A")
        summary.addIncomplete(unit: "B")
        #expect(
            summary.rows[0].cells(named: "甲") == [
                "甲", "2", "未填", "2", "0", "2", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0",
                "未享受特扶户数：2 户未填；未参加免费查体户数：1 户未填；已销档 1 户未计",
            ])
        #expect(
            summary.rows[1].cells(named: "乙")
                == ["乙", "0"] + Array(repeating: "—", count: 15) + ["无已签字的登记表；记录不全 1 户未计"])
        #expect(summary.total.households == 5)
    }

    @Test("失独、残疾都勾的表照算，备注写明待核")
    func bothFamilyTypes() throws {
        let both = forms {
            guard case .visitRecorded(var visit) = InventedStream.form("nnnnn") else { return }
            visit.answers += ["bereaved", "disabled_child"].map {
                FormAnswer(field: Code(unchecked: "family_type"), value: .code(Code(unchecked: $0)))
            }
            $0.add(.visitRecorded(visit), on: "2021-07-01")
        }
        var summary = NeedsSummary(days: days)
        summary.add(both, unit: "A")
        #expect(summary.total.visited == 1 && summary.total.remarks == "家庭类型两项都勾 1 户待核")
        #expect(try NeedsSummary(summary.wire) == summary)
    }

    @Test("经由查询往返不变")
    func wireRoundTrip() throws {
        var summary = NeedsSummary(days: days)
        summary.add(unit: "370304001002", households: 7)
        summary.add(
            forms {
                $0.addForm("n-nyn", ["adoption": 1, "other": 12], on: "2021-07-01")
                $0.addForm("yyyyy", signed: false, on: "2021-08-01")
            }, unit: "370304001001")
        summary.addClosed(unit: "370304001002")
        #expect(try NeedsSummary(summary.wire) == summary)
    }

    @Test("追溯只列算数的表：数目、未填、需求各在何处；姓名遮蔽，无权看的户不给姓名")
    func tracedForms() throws {
        let form = try #require(
            forms { $0.addForm("-nyyn", ["visit": 2, "other": 1, "errands": 3], on: "2021-07-01") }.latest)
        let division = DivisionCode("370304001001")!
        func line(_ column: NeedsSummary.Column, showsName: Bool = true) -> Care_V1_NeedsSummary.Form? {
            Care_V1_NeedsSummary.Form(form, behind: column, in: division, showsName: showsName)
        }
        let needs = try #require(line(.needErrands))
        #expect(needs.household == InventedStream(1).id.wireData)
        #expect(needs.count == 3 && needs.sequence == 2 && needs.needSequences == [5])
        #expect(needs.maskedName == "欧阳**" && needs.day == CivilDay.invented("2021-07-01").dayNumber)
        #expect(line(.needErrands, showsName: false)?.maskedName == "")
        #expect(line(.withoutSpecialAssistance)?.open == true && line(.withoutSpecialAssistance)?.count == 0)
        #expect(line(.withoutFreeCheckup) == nil && line(.needFarming) == nil)
    }
}

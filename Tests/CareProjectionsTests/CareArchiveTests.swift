import CareDomain
import CareProjections
import CareTestKit
import Testing

@Suite("关怀档案：截至某日、某时所知")
struct CareArchiveTests {
    let family = InventedFamily()

    private func page(asOf: String, knownAt: String? = nil, isRevealed: Bool = false) -> CareArchive {
        CareArchive(
            family.history,
            ArchiveQuestion(
                asOf: .invented(asOf), knownAt: knownAt.flatMap { Moment(parsing: $0) }, isRevealed: isRevealed),
            words: .sample)
    }

    private func supplement(_ page: CareArchive) throws -> CareArchive.EntitlementLine {
        try #require(page.entitlements.first { $0.clause.rawValue == "CZ-2.1" })
    }

    @Test("妻子满49周岁当日起享受，前一日尚不享受但预告")
    func wifeTurnsFortyNine() throws {
        let before = try supplement(page(asOf: "2014-09-09"))
        #expect(before.status == .notEntitled)
        #expect(before.next?.day == .invented("2014-09-10"))
        #expect(before.next?.amount == Fen(30_000))
        let after = try supplement(page(asOf: "2014-09-10"))
        #expect(after.status == .entitled)
        #expect(after.amount == Fen.yuan(300))
        #expect(page(asOf: "2014-09-10").members[0].age == 49)
        #expect(page(asOf: "2014-09-09").members[0].age == 48)
    }

    @Test("子女三级为伤残家庭，改评四级当日起不再是")
    func gradeThreeBecomesFour() throws {
        let status = try #require(page(asOf: "2015-01-31").header.status)
        #expect(status.kind == .disabledChild)
        #expect(status.since == .invented("2013-03-01"))
        #expect(status.restsOn == family.assessed.sequence)
        #expect(status.until == .invented("2015-02-01"))
        #expect(page(asOf: "2015-02-01").header.status == nil)
        #expect(page(asOf: "2015-02-01").members[2].disability?.grade == 4)
    }

    @Test("改评之前所知，2015年3月仍按三级")
    func gradeChangeIsUnknownBeforeItWasRecorded() {
        let page = page(asOf: "2015-03-01", knownAt: "2015-02-08")
        #expect(page.header.status?.kind == .disabledChild)
        #expect(page.members[2].disability?.grade == 3)
    }

    @Test("死亡迟报三个月：当时不知为失独，现在知道自死亡之日起")
    func lateDeathWorksBack() throws {
        let then = page(asOf: "2015-12-15", knownAt: "2016-01-01T09:00:00+08:00")
        #expect(then.header.status == nil)
        #expect(then.members[2].standing == .present)
        #expect(then.header.lastKnownSequence < then.header.lastSequence)
        let now = page(asOf: "2015-12-15")
        let status = try #require(now.header.status)
        #expect(status.kind == .bereaved)
        #expect(status.since == .invented("2015-11-20"))
        #expect(status.restsOn == family.died.sequence)
        #expect(now.members[2].standing == .died)
        #expect(try supplement(now).difference == Fen.yuan(1200))
        #expect(try supplement(now).standingArrears == Fen.yuan(1200))
        #expect(try supplement(now).status == .entitled)
        #expect(try supplement(then).status == .notEntitled)
    }

    @Test("志愿者离开次日起缺位；不属特困家庭期间不算缺")
    func helperLeaves() throws {
        func slot(_ day: String) throws -> CareArchive.SlotLine {
            try #require(page(asOf: day).slots.last)
        }
        #expect(try slot("2015-01-31").isFilled)
        #expect(try slot("2015-01-31").helpers.first?.name == "己志愿")
        let free = try slot("2015-07-01")
        #expect(!free.isFilled)
        #expect(free.missingSince == nil)
        let owed = try slot("2015-12-01")
        #expect(owed.missingSince == .invented("2015-11-20"))
        #expect(owed.lastHelper?.name == "己志愿")
        #expect(page(asOf: "2015-12-01").slots.dropLast().allSatisfy { $0.isFilled })
    }

    @Test("结对前的空缺自文件施行日算起")
    func gapBeganWithThePack() {
        let slots = page(asOf: "2014-08-04").slots
        #expect(slots.map(\.missingSince) == Array(repeating: .invented("2014-07-16"), count: 4))
    }

    @Test("建档之前的一天：写明尚未建档和建档日；成员、身份照当时的情况列出，不说在档")
    func beforeTheFile() throws {
        let people = (1...3).map { PersonID(Identifier128(high: 7, low: $0)) }
        var stream = InventedStream(3)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2026-03-01")
        let roles: [MemberRole] = [.wife, .onlyChild, .adoptedChild]
        let births = ["1966-01-12", "1990-01-02", "2020-05-06"]
        for (index, day) in ["2026-03-01", "2026-03-01", "2026-06-01"].enumerated() {
            let joined = PersonJoined(person: people[index], role: roles[index], birthDate: .invented(births[index]))
            stream.add(.personJoined(joined), on: .invented(day))
        }
        stream.add(.personDied(PersonDied(person: people[1])), on: "2014-08-06", recorded: "2026-03-01")
        func page(_ day: String) -> CareArchive {
            CareArchive(stream.history, ArchiveQuestion(asOf: .invented(day)), words: .sample)
        }
        let before = page("2026-02-01")
        #expect(before.header.state == .absent && before.header.stateSince == nil)
        #expect(before.members.map(\.person) == [people[0], people[1]])
        #expect(before.members.map(\.standing) == [.present, .died])
        #expect(before.header.status?.since == .invented("2014-08-06"))
        #expect(before.text().contains("档案状态  2026-02-01 尚未建档（2026-03-01 建档）；以下是建档后登记的、当日的情况"))
        #expect(!before.text().contains("在档，自"))
        #expect(try CareArchive(before.wire) == before)
        #expect(page("1980-01-01").members.map(\.person) == [people[0]], "the child was not born")
        let since = page("2026-03-01")
        #expect(since.text().contains("档案状态  在档，自 2026-03-01"))
        #expect(since.members.map(\.person) == before.members.map(\.person))
        #expect(before.slots.map(\.missingSince) == since.slots.map(\.missingSince))
    }

    @Test("成员姓名号码遮蔽，帮扶人实名")
    func membersAreMasked() {
        let page = page(asOf: "2014-10-01")
        #expect(page.members.map(\.name) == ["甲**", "乙**", "丙**"])
        #expect(page.members[0].idNumber == "4310**********0024")
        #expect(page.members[0].address == nil && !page.text().contains("【住址】"))
        #expect(page.slots.flatMap(\.helpers).map(\.name) == ["某区卫生健康局", "丁干部", "戊党员", "己志愿"])
        #expect(page.guardians.first?.guardianName == "庚**")
        #expect(page.needs.first?.text == nil)
        for secret in ["甲妻", "乙夫", "丙女", "庚亲属", "431002196509100024", "13800000001", "夜里睡不着"] {
            #expect(!page.text().contains(secret))
            #expect(!page.json.text().contains(secret))
        }
    }

    @Test("写明理由后显示全名与号码")
    func revealShowsEverything() {
        let page = page(asOf: "2014-10-01", isRevealed: true)
        #expect(page.members[0].name == "甲妻")
        #expect(page.members[0].idNumber == "431002196509100024")
        #expect(page.members[0].address == "某街道某路1号")
        #expect(page.text().contains("【住址】") && page.text().contains("某街道某路1号"))
        #expect(page.needs.first?.text == "夜里睡不着")
        #expect(page.header.isRevealed)
    }

    @Test("监护人经指定、同意、公证生效")
    func guardianStates() {
        #expect(page(asOf: "2014-08-31").guardians.isEmpty)
        #expect(page(asOf: "2014-09-04").guardians.first?.state == .named)
        #expect(page(asOf: "2014-09-05").guardians.first?.state == .consented)
        #expect(page(asOf: "2014-10-08").guardians.first?.state == .active)
        #expect(page(asOf: "2014-10-07").guardians.first?.certificate == nil)
    }

    @Test("监护：职责、公证费在页面上；监护人是本户成员的显示其遮蔽的姓名；被监护人去世当日起终止")
    func guardianLines() throws {
        var family = family
        let (wife, husband) = (family.wife, family.husband)
        family.stream.add(
            .guardianNamed(
                GuardianNamed(
                    person: husband, guardian: wife, namedBy: DepartmentID(unchecked: "org.community"),
                    relation: Code(unchecked: "relative"))), on: "2016-04-01")
        family.stream.add(.guardianConsented(GuardianConsented(person: husband, guardian: wife)), on: "2016-04-02")
        family.stream.add(
            .guardianNotarised(
                GuardianNotarised(
                    person: husband, guardian: wife, certificate: "8",
                    scope: [Code(unchecked: "admission"), Code(unchecked: "surgery")], feeWaived: true)),
            on: "2016-04-03")
        family.stream.add(.personDied(PersonDied(person: husband)), on: "2016-05-01")
        func line(_ day: String) throws -> CareArchive.GuardianLine {
            let page = CareArchive(family.history, ArchiveQuestion(asOf: .invented(day)), words: .sample)
            #expect(try CareArchive(page.wire).guardians == page.guardians)
            return try #require(page.guardians.last)
        }
        let consented = try line("2016-04-02")
        #expect(consented.guardianName == "甲**" && consented.scopes.isEmpty && consented.feeWaived == nil)
        let active = try line("2016-04-30")
        #expect(active.state == .active && active.endedOn == nil && active.endReason == nil)
        #expect(active.scopes.map(\.code) == ["admission", "surgery"] && active.feeWaived == true)
        let ended = try line("2016-05-01")
        #expect(ended.state == .ended && ended.endedOn == .invented("2016-05-01"))
        #expect(ended.endReason == CareArchive.Label("ward_died", "被监护人已故"))
        let page = CareArchive(family.history, ArchiveQuestion(asOf: .invented("2016-05-01")), words: .sample)
        #expect(page.text().contains("已终止（被监护人已故）") && page.text().contains("免除"))
        #expect(page.json.text().contains("\"ward_died\"") && page.json.text().contains("\"fee_waived\""))
    }

    @Test("需求先待答复、后已答复；计划项逾期")
    func careWork() {
        #expect(page(asOf: "2014-09-10").needs.first?.state == .open)
        #expect(page(asOf: "2014-09-20").needs.first?.state == .answered)
        #expect(page(asOf: "2014-12-31").planItems.first?.isOverdue == false)
        #expect(page(asOf: "2015-01-01").planItems.first?.isOverdue == true)
        #expect(page(asOf: "2015-01-01").facts.first?.fact.chinese == "低保")
    }

    @Test("更正取代原记录，历史两条都在并互相标明")
    func correctionsAreMarked() throws {
        var family = family
        let correction = family.stream.add(
            .personDied(PersonDied(person: family.child)), on: "2015-11-02", recorded: "2016-03-01",
            corrects: family.died)
        let page = CareArchive(family.history, ArchiveQuestion(asOf: .invented("2016-03-01")), words: .sample)
        #expect(page.header.status?.since == .invented("2015-11-02"))
        #expect(page.header.status?.restsOn == family.died.sequence)
        let original = try #require(page.history.first { $0.sequence == family.died.sequence })
        #expect(original.correctedBy == correction.sequence)
        #expect(page.history.last?.corrects == family.died.sequence)
        #expect(page.history.last?.correctionReason?.chinese == "材料迟到")
        let numbers = (family.died.sequence, correction.sequence)
        #expect(page.text().contains("自 2015-11-02（依据第 \(numbers.0) 条，已由第 \(numbers.1) 条更正）"))
    }

    @Test("按来源获知日期看：迟录的材料按获知日算")
    func learnedBasis() {
        var stream = InventedStream(9)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        let child = PersonID(Identifier128(high: 1, low: 1))
        stream.add(.personJoined(PersonJoined(person: child, role: .onlyChild)), on: "2014-08-01")
        stream.add(
            .personDied(PersonDied(person: child)), on: .invented("2014-09-01"), recorded: .invented("2015-01-01"),
            learned: .invented("2014-09-03"))
        func status(_ basis: CareArchive.Basis) -> CareArchive.Status? {
            let question = ArchiveQuestion(
                asOf: .invented("2014-10-01"), knownAt: Moment(parsing: "2014-10-01"), basis: basis)
            return CareArchive(stream.history, question, words: .sample).header.status
        }
        #expect(status(.recorded) == nil || status(.recorded)?.kind == nil)
        // The registration itself was learned on its day of recording, so only the late paper moves.
        #expect(status(.learned)?.kind == .bereaved)
    }
}

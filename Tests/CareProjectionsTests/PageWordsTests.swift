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

    @Test("没有规则适用于户籍所在地的，页上写明并请核对区划代码；没有公布任何规则的不写")
    func placesWithoutRules() throws {
        var stream = InventedStream(1)
        stream.add(
            .registered(HouseholdRegistered(division: DivisionCode("120101")!, area: .urban)), on: "2020-01-01")
        var words = CarePolicyWords.sample
        func text() -> String {
            let question = ArchiveQuestion(asOf: .invented("2020-06-01"))
            return CareArchive(stream.history, question, words: words).header.divisionText
        }
        words.precedences = []
        #expect(!text().contains("没有规则"))
        let since = DayPeriod(start: .invented("2014-07-16"))
        words.precedences = [.init(territory: DivisionCode("431000"), inForce: since, facts: [:])]
        #expect(text().hasPrefix("120101") && text().hasSuffix("（没有规则适用于这里：请核对区划代码）"))
        words.precedences.append(.init(territory: nil, inForce: since, facts: [:]))
        #expect(!text().contains("没有规则"))
    }

    @Test("户籍与居住地不同的，各写各的，城乡也各写各的")
    func residenceBesideRegistration() throws {
        var stream = InventedStream(1)
        stream.add(
            .registered(HouseholdRegistered(division: DivisionCode("431002001001")!, area: .urban)), on: "2020-01-01")
        let before = page(stream, on: "2020-06-01")
        #expect(before.header.residence == nil && before.text().contains("所在区划  431002001001 北湖区（城镇）"))
        stream.add(
            .moved(HouseholdMoved(kind: .residence, division: DivisionCode("431003001001")!, area: .rural)),
            on: "2021-01-01")
        let after = page(stream, on: "2021-06-01")
        #expect(after.text().contains("户籍所在  431002001001 北湖区（城镇）\n居住地    431003001001（农村）"))
        #expect(!after.text().contains("所在区划"))
        #expect(after.json.text().contains("\"residence\":\"431003001001\""))
        #expect(after.header.divisionArea == .urban && after.header.area == .rural)
        #expect(try CareArchive(after.wire) == after)
        #expect(page(stream, on: "2020-06-01").header.residence == nil, "an earlier day knows nothing of it")
    }

    @Test("迁到另一县、给了新号的：页上是那一天的号，变更记录写明新号")
    func numberOfTheDay() throws {
        var family = InventedFamily()
        family.stream.add(
            .moved(
                HouseholdMoved(kind: .registration, division: DivisionCode("431003")!, archiveNumber: "GY-9")),
            on: "2016-01-10")
        let before = page(family.stream, on: "2016-01-09")
        #expect(before.header.archiveNumber == "CZ-1" && before.text().contains("档案号    CZ-1\n"))
        let after = page(family.stream, on: "2016-01-10")
        #expect(after.header.archiveNumber == "GY-9" && after.text().contains("档案号    GY-9\n"))
        #expect(after.history.contains { $0.detail.hasSuffix("档案号 GY-9") })
        #expect(try CareArchive(after.wire) == after)
    }

    @Test("页上“至”是最后一天：登记到 6 月 30 日的低收入写至 2016-06-30；JSON 的 until 是次日")
    func lastDayOfFact() throws {
        var family = InventedFamily()
        family.stream.add(
            .factStated(
                FactStated(
                    fact: FactID(unchecked: "household.low_income"), subject: .household, value: .bool(true),
                    until: .invented("2016-07-01"), source: Code(unchecked: "certificate"))), on: "2016-03-01")
        let last = page(family.stream, on: "2016-06-30")
        #expect(last.text().contains("2016-03-01  2016-06-30") && !last.text().contains("2016-07-01"))
        #expect(last.json.text().contains("\"until\":\"2016-07-01\""))
        #expect(page(family.stream, on: "2016-07-01").facts.allSatisfy { $0.fact.code != "household.low_income" })
    }

    @Test("残疾证有效期在成员表里；证号说明事由后才显示，更正后显示新的")
    func certificate() throws {
        var family = InventedFamily()
        func assessed(_ number: String) -> HouseholdEvent {
            let sealed = SealedPart(subject: family.child, details: PersonalDetails(certificateNumber: number))
            return .disabilityAssessed(
                DisabilityAssessed(
                    person: family.child, kind: Code(unchecked: "sight"), grade: 3,
                    validThrough: .invented("2017-02-28"), sealed: [sealed]))
        }
        let first = family.stream.add(assessed("43100219900501002X13"), on: "2015-10-01")
        let masked = page(family.stream, on: "2015-10-02")
        #expect(masked.text().contains("视力三级，证至 2017-02-28"))
        #expect(!masked.text().contains("43100219900501002X13") && !masked.json.text().contains("43100219900501002X13"))
        let shown = page(family.stream, on: "2015-10-02", isRevealed: true)
        #expect(shown.text().contains("视力三级，证至 2017-02-28，证号 43100219900501002X13"))
        #expect(shown.json.text().contains("\"certificate_number\":\"43100219900501002X13\""))
        #expect(try CareArchive(shown.wire) == shown)
        family.stream.add(assessed("43100219900501002X23"), on: "2015-10-01", corrects: first)
        let corrected = page(family.stream, on: "2015-10-02", isRevealed: true)
        #expect(corrected.members[2].disability?.certificateNumber == "43100219900501002X23")
    }

    private func visit(by person: PersonID, named name: String? = nil) -> HouseholdEvent {
        let sealed = name.map { [SealedPart(subject: person, details: PersonalDetails(name: $0))] } ?? []
        return .visitRecorded(VisitRecorded(kind: Code(unchecked: "routine"), visitor: person, sealed: sealed))
    }

    @Test("走访人是档案里的帮扶人，写其姓名；是家里人，姓名遮蔽")
    func visitorsAreNamed() throws {
        var family = InventedFamily()
        let cadre = PersonID(Identifier128(high: 9, low: 22))
        let stranger = PersonID(Identifier128(high: 9, low: 77))
        family.stream.add(visit(by: cadre), on: "2014-10-09")
        family.stream.add(visit(by: family.husband), on: "2014-10-10")
        family.stream.add(visit(by: stranger, named: "辛网格员"), on: "2014-10-11")
        family.stream.add(visit(by: stranger), on: "2014-10-12")
        let masked = page(family.stream, on: "2014-10-20").visits.suffix(4).map(\.visitorName)
        #expect(masked == ["丁干部", "乙**", "辛网格员", "辛网格员"])
        let shown = page(family.stream, on: "2014-10-20", isRevealed: true).visits.suffix(4).map(\.visitorName)
        #expect(shown == ["丁干部", "乙夫", "辛网格员", "辛网格员"])
    }

    @Test("被更正的交接，新旧姓名都还在变更记录里")
    func correctedHandoverKeepsItsNames() {
        var family = InventedFamily()
        func handover(to number: UInt64, _ name: String) -> HouseholdEvent {
            let new = PersonID(Identifier128(high: 9, low: number))
            return .pairingHandedOver(
                PairingHandedOver(
                    kind: PairingKind(unchecked: "cadre"), from: PersonID(Identifier128(high: 9, low: 22)),
                    to: Helper(id: new, hasRealName: true), reason: Code(unchecked: "transfer"),
                    sealed: [SealedPart(subject: new, details: PersonalDetails(name: name))]))
        }
        let wrong = family.stream.add(handover(to: 41, "壬干部"), on: "2015-10-08")
        family.stream.add(handover(to: 42, "癸干部"), on: "2015-10-08", corrects: wrong)
        let lines = page(family.stream, on: "2015-11-01").history.filter { $0.kind == "PairingHandedOver" }
        #expect(lines.map(\.detail) == ["干部 丁干部 → 壬干部 调动", "干部 丁干部 → 癸干部 调动"])
    }

    private func waiting(_ missing: [String], _ cadence: String) -> HouseholdEvent {
        .determinationMade(
            DeterminationMade(
                clause: ClauseID("CZ-2.2")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                packVersion: .invented("2014-07-16"), packHash: [], cadence: Code(unchecked: cadence),
                intervals: [
                    .init(period: DayPeriod(start: .invented("2014-08-01")), status: .needsFact, missing: missing)
                ], facts: [], readThrough: EventReference(sequence: 6)))
    }

    @Test("待补的事实写名称和对象，参数写名称，没有周期的不写 none；机器读的代码还在")
    func missingIsSaidInWords() throws {
        var family = InventedFamily()
        let codes = [
            "household.dibao", "person.employer_kind@person:\(family.wife)", "parameter:cz.orphan_standard[urban]",
        ]
        family.stream.add(waiting(codes, "none"), on: "2014-10-20")
        var words = CarePolicyWords.sample
        words.factTitles[FactID(unchecked: "person.employer_kind")] = "单位性质"
        words.parameterTitles["cz.orphan_standard"] = "孤儿标准"
        words.codes[Code(unchecked: "urban")] = "城镇"
        let page = CareArchive(
            family.stream.history, ArchiveQuestion(asOf: .invented("2014-11-01")), words: words)
        let line = try #require(page.entitlements.first { $0.clause.rawValue == "CZ-2.2" })
        #expect(line.missing == codes)
        #expect(line.missingTexts == ["请补户的低保", "请补妻子 甲**的单位性质", "参数“孤儿标准”（城镇）尚未设定"])
        #expect(line.cadence.chinese == "不按周期")
        #expect(page.text().contains("CZ-2.2 户：请补妻子 甲**的单位性质"))
        #expect(!page.text().contains("@person:"))
        #expect(try CareArchive(page.wire) == page)
    }

    @Test("走访表写名称")
    func formsAreCalledByName() throws {
        var family = InventedFamily()
        family.stream.add(
            .visitRecorded(VisitRecorded(form: Code(unchecked: "needs-2021"), kind: Code(unchecked: "needs"))),
            on: "2014-10-09")
        var words = CarePolicyWords.sample
        words.forms[Code(unchecked: "needs-2021")] = "走访需求表"
        let page = CareArchive(
            family.stream.history, ArchiveQuestion(asOf: .invented("2014-11-01")), words: words)
        #expect(page.visits.last?.form == "needs-2021" && page.visits.last?.formText == "走访需求表")
        #expect(page.text().contains("走访需求表") && !page.text().contains("needs-2021"))
        // Where the place's own document has the form, it is called as there, whatever others call it.
        let place = try #require(family.stream.history.household.division(on: .invented("2014-10-09")))
        words.placedForms = [
            .init(code: Code(unchecked: "needs-2021"), territory: place, title: "需求信息登记表"),
            .init(code: Code(unchecked: "needs-2021"), territory: DivisionCode("110101")!, title: "别处的表"),
        ]
        let own = CareArchive(
            family.stream.history, ArchiveQuestion(asOf: .invented("2014-11-01")), words: words)
        #expect(own.visits.last?.formText == "需求信息登记表")
    }

    private func notice(
        _ kind: String, _ details: [FormAnswer] = [], persons: [PersonID] = []
    ) -> HouseholdEvent {
        .noticeRaised(
            NoticeRaised(
                kind: Code(unchecked: kind), key: "\(kind)/1", subject: .household, details: details, persons: persons))
    }

    @Test("提醒写明新旧帮扶人、残疾等级；各渠道只写最后的结果；没人承担的补齐写不再要求")
    func noticesAreSaidInWords() throws {
        var family = InventedFamily()
        let cadre = PersonID(Identifier128(high: 9, low: 22))
        let member = PersonID(Identifier128(high: 9, low: 23))
        let handover = family.stream.add(
            notice("pairing_handover", persons: [cadre, member]), on: "2016-02-28")
        for outcome in [NoticeDelivered.Outcome.parked, .delivered] {
            family.stream.add(
                .noticeDelivered(
                    NoticeDelivered(
                        notice: handover, channel: Code(unchecked: "webhook"), outcome: outcome, attempts: 1)),
                on: "2016-02-28")
        }
        let grade = FormAnswer(field: Code(unchecked: "grade"), value: .int(4))
        family.stream.add(notice("certificate_review_due", [grade]), on: "2016-02-28")
        family.stream.add(notice("pairing_gap_closed"), on: "2016-02-28")
        let page = page(family.stream, on: "2016-03-01")
        let lines = page.text().split(separator: "\n").map(String.init)
        let told = try #require(lines.first { $0.hasPrefix("结对交接") })
        #expect(told.contains("丁干部 → 戊党员") && told.contains("回调地址已送达") && !told.contains("滞留"))
        #expect(lines.contains { $0.hasPrefix("残疾证复评到期") && $0.contains("四级") })
        #expect(lines.contains { $0.hasPrefix("结对不再要求") })
        #expect(page.notices.first { $0.sequence == handover.sequence }?.deliveries.count == 2)
        #expect(try CareArchive(page.wire) == page)
    }

    @Test("当时还没登记而来源已获知的，页上提示换 --basis learned")
    func laterImportsAreHintedAt() throws {
        var stream = InventedStream(3)
        stream.add(
            .registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: .invented("2020-01-01"),
            recorded: .invented("2026-01-01"), learned: .invented("2020-01-05"))
        func asked(_ basis: CareArchive.Basis, _ known: String) -> CareArchive {
            let question = ArchiveQuestion(
                asOf: .invented("2024-06-01"), knownAt: Moment(parsing: known), basis: basis)
            return CareArchive(stream.history, question, words: .sample)
        }
        let recorded = asked(.recorded, "2024-06-01")
        #expect(recorded.header.learnedCount == 1)
        #expect(recorded.text().contains("按来源获知日期已有 1 条，加 --basis learned 查看"))
        #expect(try CareArchive(recorded.wire) == recorded)
        #expect(asked(.learned, "2024-06-01").header.learnedCount == 0)
        #expect(asked(.recorded, "2019-01-01").header.learnedCount == 0)
        #expect(asked(.recorded, "2026-06-01").header.learnedCount == 0)
    }
}

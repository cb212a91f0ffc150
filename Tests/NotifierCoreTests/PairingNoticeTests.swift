import CareDomain
import NotifierCore
import RuleEngine
import RulePacks
import Testing

@Suite("结对提醒")
struct PairingNoticeTests {
    @Test("四个结对齐全时没有提醒")
    func completeFamily() {
        #expect(Family.complete().keys(on: "2014-08-01").isEmpty)
        #expect(Family.complete().keys(on: "2016-01-01").isEmpty)
    }

    @Test("没有结对的新建档户，四个空缺从建档日算起")
    func newFamilyWithoutHelpers() {
        var family = Family()
        family.register(on: "2014-08-01")
        #expect(family.keys(on: "2014-08-05") == Family.slots.map { "pairing_gap_opened/\($0)/2014-08-01" })
        #expect(family.keys(on: "2014-07-31").isEmpty)
    }

    @Test("志愿者离开的那一天就是空缺的第一天，前一天没有提醒")
    func gapOpensOnTheDay() {
        var family = Family.complete()
        family.end("volunteer", 13, on: "2014-09-01")
        #expect(family.keys(on: "2014-08-31").isEmpty)
        #expect(
            NotifierRules.nextDueDay(for: family.state, after: day("2014-08-31"), policy: .chenzhou)
                == day("2014-09-01"))
        let raised = family.raise(on: "2014-09-01")
        #expect(raised.map(\.key) == ["pairing_gap_opened/volunteer/2014-09-01"])
        #expect(raised.first?.subject == .household)
        #expect(raised.first?.code(NoticeField.slot) == code("volunteer"))
        #expect(family.keys(on: "2014-09-01").isEmpty)
        #expect(family.keys(on: "2015-09-01").isEmpty)
    }

    @Test("没有实名的帮扶人不算补齐")
    func slotWithoutRealNameIsEmpty() {
        var family = Family.complete()
        family.end("volunteer", 13, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        family.assign("volunteer", 14, on: "2014-09-03", named: false)
        #expect(family.keys(on: "2014-09-03").isEmpty)
        family.assign("volunteer", 15, on: "2014-09-04")
        let raised = family.raise(on: "2014-09-04")
        #expect(raised.map(\.key) == ["pairing_gap_closed/volunteer/2014-09-01"])
        #expect(raised.first?.persons == [person(15)])
        #expect(raised.first?.day(NoticeField.day) == day("2014-09-04"))
    }

    @Test("只缺单位、电话的帮扶人算有人，不报空缺；没写姓名的，补上姓名之日算补齐")
    func incompleteHelperIsThere() {
        var family = Family.complete()
        family.end("volunteer", 13, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        family.assign("volunteer", 14, on: "2014-09-03", named: false)
        #expect(family.keys(on: "2014-09-05").isEmpty)
        // Told again of the same helper with the name, still without unit and telephone.
        family.assign("volunteer", 14, on: "2014-09-06")
        let raised = family.raise(on: "2014-09-06")
        #expect(raised.map(\.key) == ["pairing_gap_closed/volunteer/2014-09-01"])
        #expect(raised.first?.persons == [person(14)] && raised.first?.day(NoticeField.day) == day("2014-09-06"))
        #expect(family.keys(on: "2015-09-06").isEmpty)
    }

    @Test("看到之前已补齐的空缺，六十天内照样先报空缺、再报补齐；更早的是历史，不提醒")
    func gapThatPassedUnseen() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        family.assign("cadre", 14, on: "2014-09-05")
        #expect(family.keys(on: "2014-11-04").isEmpty)
        #expect(
            family.raise(on: "2014-11-03").map(\.key) == [
                "pairing_gap_opened/cadre/2014-09-01", "pairing_gap_closed/cadre/2014-09-01",
            ])
        #expect(family.keys(on: "2014-11-03").isEmpty)
    }

    @Test("多年前补齐、后来交接，两件一起看到：空缺止于补齐那天，承担的是补齐的人")
    func handedOverLongAfterTheGap() {
        var family = Family()
        family.register(on: "2017-01-15")
        family.raise(on: "2017-01-15")
        family.assign("cadre", 21, on: "2018-02-01")
        family.handOver("cadre", 21, 22, on: "2026-10-01")
        let event = family.last.sequence
        let raised = family.raise(on: "2026-11-20")
        #expect(
            raised.map(\.key) == [
                "pairing_gap_closed/cadre/2017-01-15",
                "pairing_handover/cadre/\(event)/\(person(21))/\(person(22))",
            ])
        #expect(raised.first?.day(NoticeField.gapFrom) == day("2017-01-15"))
        #expect(raised.first?.day(NoticeField.day) == day("2018-02-01"))
        #expect(raised.first?.persons == [person(21)])
    }

    @Test("离开的日子更正得更晚，空缺补齐时报更正后的那一段")
    func laterBeginning() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        let ended = family.last
        family.raise(on: "2014-09-01")
        family.end("cadre", 11, on: "2014-09-03", correcting: ended)
        family.assign("cadre", 14, on: "2014-09-07")
        let raised = family.raise(on: "2014-09-08")
        #expect(raised.map(\.key) == ["pairing_gap_closed/cadre/2014-09-01"])
        #expect(raised.first?.day(NoticeField.gapFrom) == day("2014-09-03"))
        #expect(raised.first?.day(NoticeField.day) == day("2014-09-07"))
    }

    @Test("补齐后再空缺是新的提醒")
    func secondGap() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        family.assign("cadre", 14, on: "2014-09-05")
        family.raise(on: "2014-09-05")
        family.end("cadre", 14, on: "2014-10-01")
        #expect(family.raise(on: "2014-10-01").map(\.key) == ["pairing_gap_opened/cadre/2014-10-01"])
    }

    @Test("停机期间补齐又空缺：先报补齐，再报新的空缺")
    func closedAndOpenedWhileAway() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        family.assign("cadre", 14, on: "2014-09-05")
        family.end("cadre", 14, on: "2014-10-01")
        #expect(
            family.raise(on: "2014-10-20").map(\.key) == [
                "pairing_gap_closed/cadre/2014-09-01", "pairing_gap_opened/cadre/2014-10-01",
            ])
        #expect(family.keys(on: "2014-10-20").isEmpty)
    }

    @Test("更正离开的日子不再提醒；撤回接替后空缺再次提醒，编号为二")
    func corrections() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        let ended = family.last
        family.raise(on: "2014-09-01")
        family.end("cadre", 11, on: "2014-08-25", correcting: ended)
        #expect(family.keys(on: "2014-09-02").isEmpty)
        family.end("cadre", 11, on: "2014-09-03", correcting: ended)
        #expect(family.keys(on: "2014-09-03").isEmpty)
        family.end("cadre", 11, on: "2014-09-01", correcting: ended)
        family.assign("cadre", 14, on: "2014-09-05")
        let assigned = family.last
        family.raise(on: "2014-09-05")
        family.add(.withdrawn, on: "2014-09-06", correcting: assigned)
        #expect(family.raise(on: "2014-09-06").map(\.key) == ["pairing_gap_opened/cadre/2014-09-01/2"])
        family.assign("cadre", 15, on: "2014-09-07")
        #expect(family.raise(on: "2014-09-07").map(\.key) == ["pairing_gap_closed/cadre/2014-09-01/2"])
    }

    @Test("建档前就该结对的，空缺与档案页一样自该结对之日算起")
    func gapBeforeTheFile() {
        let policy = NoticePolicy.with(pairingClause: "CZ-2.14a")
        var family = Family()
        family.register(on: "2014-08-01")
        family.raise(on: "2014-08-02", policy)
        family.determine("CZ-2.14a", [("2014-07-16", nil, nil, .entitled)], on: "2014-08-05")
        #expect(
            family.raise(on: "2014-08-05", policy).map(\.key)
                == Family.slots.map { "pairing_gap_opened/\($0)/2014-07-16" })
        #expect(family.keys(on: "2014-08-06", policy).isEmpty)
    }

    @Test("有条款时，只提醒认定属于特殊困难家庭的户，从认定期间的第一天算起")
    func dutyFollowsTheDetermination() {
        let policy = NoticePolicy.with(pairingClause: "CZ-2.14a")
        var family = Family()
        family.register(on: "2014-08-01")
        #expect(family.keys(on: "2014-08-05", policy).isEmpty)
        family.determine(
            "CZ-2.14a", [("2014-08-20", "2015-01-01", nil, .entitled), ("2015-01-01", nil, nil, .notEntitled)],
            on: "2014-08-05")
        #expect(family.keys(on: "2014-08-19", policy).isEmpty)
        #expect(
            NotifierRules.nextDueDay(for: family.state, after: day("2014-08-05"), policy: policy) == day("2014-08-20"))
        let raised = family.raise(on: "2014-08-20", policy)
        #expect(raised.map(\.key) == Family.slots.map { "pairing_gap_opened/\($0)/2014-08-20" })
        #expect(raised.first?.department == DepartmentID(unchecked: "dept.fp"))
        let ended = family.raise(on: "2015-01-01", policy)
        #expect(ended.map(\.key) == Family.slots.map { "pairing_gap_closed/\($0)/2014-08-20" })
        #expect(ended.allSatisfy { $0.persons.isEmpty && $0.day(NoticeField.day) == day("2015-01-01") })
        #expect(NoticeText(ended[1], policy: policy).chinese.hasPrefix("“干部”结对空缺自 2015-01-01 起不再要求"))
        #expect(family.keys(on: "2015-01-01", policy).isEmpty)
        family.determine("CZ-2.14a", [("2015-03-01", nil, nil, .entitled)], on: "2015-03-01")
        #expect(
            family.keys(on: "2015-03-01", policy) == Family.slots.map { "pairing_gap_opened/\($0)/2015-03-01" })
    }

    @Test("交接提醒写明旧、新帮扶人的编号，没有空缺提醒")
    func handover() {
        var family = Family.complete()
        family.handOver("party_member", 12, 22, on: "2014-09-15")
        let event = family.last.sequence
        let raised = family.raise(on: "2014-09-15")
        #expect(raised.count == 1)
        #expect(raised.first?.kind == code("pairing_handover"))
        #expect(raised.first?.key == "pairing_handover/party_member/\(event)/\(person(12))/\(person(22))")
        #expect(raised.first?.persons == [person(12), person(22)])
        #expect(family.keys(on: "2014-09-16").isEmpty)
    }

    @Test("交接的新人更正后再提醒一次，只更正日子则不提醒")
    func correctedHandover() {
        var family = Family.complete()
        family.handOver("cadre", 11, 21, on: "2014-09-15")
        let event = family.last
        family.raise(on: "2014-09-15")
        family.handOver("cadre", 11, 21, on: "2014-09-14", correcting: event)
        #expect(family.keys(on: "2014-09-16").isEmpty)
        family.handOver("cadre", 11, 31, on: "2014-09-14", correcting: event)
        #expect(
            family.keys(on: "2014-09-16") == [
                "pairing_handover/cadre/\(event.sequence)/\(person(11))/\(person(31))"
            ])
    }

    @Test("六十天以前的交接是历史，不提醒")
    func oldHandoverIsHistory() {
        var family = Family.complete()
        family.handOver("cadre", 11, 21, on: "2014-09-15")
        #expect(family.keys(on: "2014-11-13").count == 1)
        #expect(family.keys(on: "2014-11-14").isEmpty)
    }

    @Test("销档时，报过的空缺不再要求；只报一次")
    func closedFileEndsItsGaps() {
        var family = Family.complete()
        family.end("cadre", 11, on: "2014-09-01")
        family.raise(on: "2014-09-01")
        family.add(.closed(HouseholdClosed(reason: code("all_deceased"))), on: "2014-10-02")
        let raised = family.raise(on: "2014-10-03")
        #expect(raised.map(\.key) == ["pairing_gap_closed/cadre/2014-09-01"])
        #expect(raised.first?.day(NoticeField.day) == day("2014-10-02") && raised.first?.persons == [])
        #expect(family.keys(on: "2014-10-04").isEmpty)
    }

    @Test("通知机停着时身份终止又恢复：先报不再要求，再报新的空缺")
    func statusEndedWhileAway() {
        let policy = NoticePolicy.with(pairingClause: "CZ-2.14a")
        var family = Family()
        family.register(on: "2014-08-01")
        family.determine("CZ-2.14a", [("2014-08-20", nil, nil, .entitled)], on: "2014-08-20")
        family.raise(on: "2014-08-20", policy)
        family.determine(
            "CZ-2.14a",
            [
                ("2014-08-20", "2015-01-01", nil, .entitled), ("2015-01-01", "2015-03-01", nil, .notEntitled),
                ("2015-03-01", nil, nil, .entitled),
            ], on: "2015-03-02")
        let raised = family.raise(on: "2015-03-02", policy)
        #expect(
            raised.map(\.kind.rawValue) == Family.slots.flatMap { _ in ["pairing_gap_closed", "pairing_gap_opened"] })
        #expect(raised.first?.day(NoticeField.day) == day("2015-01-01"))
        #expect(raised.last?.day(NoticeField.gapFrom) == day("2015-03-01"))
        #expect(family.keys(on: "2015-03-03", policy).isEmpty)
    }

    @Test("销档、误登的户没有提醒")
    func closedFamily() {
        var family = Family()
        family.register(on: "2014-08-01")
        family.add(.closed(HouseholdClosed(reason: code("all_deceased"))), on: "2014-08-02")
        #expect(family.keys(on: "2014-08-03").isEmpty)
        #expect(NotifierRules.nextDueDay(for: family.state, after: day("2014-08-03"), policy: .chenzhou) == nil)
    }

    @Test("结对和节日走访只提醒文件要求的地方；没有文件的地方不借用别处的文件")
    func noticesAreThePlaces() throws {
        var rules = PublishedRules()
        for file in try PackLibrary.bundled.packFiles() {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            let published = PackPublished(
                pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash, bytes: file.bytes)
            _ = rules.take(
                .published(published), of: pack.id, occurredOn: pack.validFrom, recordedAt: Moment(microseconds: 0))
        }
        let policies = NoticePolicySet(rules: rules)
        func policy(in division: String) -> NoticePolicy? {
            var family = Family()
            family.add(.registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2021-08-01")
            return policies.policy(for: family.state, on: day("2021-08-02"))
        }
        #expect(policy(in: "431002")?.slots.count == 4 && policy(in: "431002")?.holidays.count == 4)
        for place in ["370304", "520103", "330302", "350203"] {
            let found = try #require(policy(in: place))
            #expect(found.slots.isEmpty && found.holidays.isEmpty && found.pairing == nil)
        }
        #expect(policy(in: "110101") == nil)
    }
}

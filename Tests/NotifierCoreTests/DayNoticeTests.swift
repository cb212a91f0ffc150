import CareDomain
import NotifierCore
import Testing

@Suite("到日子的提醒")
struct DayNoticeTests {
    @Test("中秋（2014-09-08）走访从前七天起提醒，当天仍提醒，过后不再提醒")
    func visitWindow() {
        let policy = NoticePolicy.with(holidays: ["mid_autumn"])
        var family = Family.complete()
        #expect(family.keys(on: "2014-08-31", policy).isEmpty)
        #expect(family.keys(on: "2014-09-01", policy) == ["holiday_visit_due/mid_autumn/2014-09-08"])
        #expect(family.keys(on: "2014-09-08", policy).count == 1)
        #expect(family.keys(on: "2014-09-09", policy).isEmpty)
        let raised = family.raise(on: "2014-09-01", policy)
        #expect(raised.first?.dueOn == day("2014-09-08"))
        #expect(family.keys(on: "2014-09-05", policy).isEmpty)
        let next = NotifierRules.nextDueDay(for: family.state, after: day("2014-09-01"), policy: policy)
        #expect(next == day("2015-09-20"))
    }

    @Test("春节走访到初三为止；腊八在十二月的年份也提醒")
    func longAndEarlyFeasts() {
        let policy = NoticePolicy.with(holidays: ["spring_festival", "laba"])
        var family = Family.complete(on: "2014-01-01")
        let raised = family.raise(on: "2014-01-24", policy)
        #expect(raised.map(\.key) == ["holiday_visit_due/spring_festival/2014-01-31"])
        #expect(raised.first?.dueOn == day("2014-02-02"))
        #expect(family.keys(on: "2022-12-22", policy).isEmpty)
        #expect(family.keys(on: "2022-12-23", policy) == ["holiday_visit_due/laba/2022-12-30"])
    }

    @Test("已有走访记录就不提醒：写明节日的前三十天内有效，没写明的七天内有效")
    func recordedVisitsCount() {
        let policy = NoticePolicy.with(holidays: ["mid_autumn"])
        func family(_ kind: String, _ holiday: String?, _ day: String) -> Family {
            var family = Family.complete(on: "2014-07-20")
            family.visit(kind, holiday: holiday, on: day)
            return family
        }
        #expect(family("holiday", "mid_autumn", "2014-08-09").keys(on: "2014-09-01", policy).isEmpty)
        #expect(family("holiday", "mid_autumn", "2014-08-08").keys(on: "2014-09-01", policy).count == 1)
        #expect(family("holiday", nil, "2014-09-01").keys(on: "2014-09-01", policy).isEmpty)
        #expect(family("holiday", nil, "2014-08-31").keys(on: "2014-09-01", policy).count == 1)
        #expect(family("routine", "mid_autumn", "2014-09-01").keys(on: "2014-09-01", policy).count == 1)
        #expect(family("holiday", "national_day", "2014-09-01").keys(on: "2014-09-01", policy).count == 1)
    }

    @Test("走访义务按条款认定；不认识的节日代码没有提醒")
    func visitDuty() {
        let policy = NoticePolicy.with(holidays: ["mid_autumn", "kite_day"], visitClause: "CZ-2.14b")
        var family = Family.complete()
        #expect(family.keys(on: "2014-09-01", policy).isEmpty)
        family.determine("CZ-2.14b", [("2014-09-03", nil, nil, .entitled)], on: "2014-08-01")
        #expect(family.keys(on: "2014-09-02", policy).isEmpty)
        #expect(family.keys(on: "2014-09-03", policy) == ["holiday_visit_due/mid_autumn/2014-09-08"])
    }

    @Test("残疾证在有效期满前九十天提醒复核，重新评定后不再提醒")
    func certificateReview() {
        var family = Family.complete()
        family.assess(2, grade: 3, validThrough: "2015-03-31", on: "2014-08-02")
        #expect(family.keys(on: "2014-12-30").isEmpty)
        #expect(
            NotifierRules.nextDueDay(for: family.state, after: day("2014-12-01"), policy: .chenzhou)
                == day("2014-12-31"))
        let raised = family.raise(on: "2014-12-31")
        #expect(raised.map(\.key) == ["certificate_review_due/\(person(2))/2015-03-31"])
        #expect(raised.first?.subject == .person(person(2)))
        #expect(raised.first?.dueOn == day("2015-03-31"))
        #expect(family.keys(on: "2015-04-01").isEmpty)
        family.assess(2, grade: 4, validThrough: "2020-03-31", on: "2015-03-20")
        #expect(family.keys(on: "2015-03-25").isEmpty)
        #expect(family.keys(on: "2020-01-01") == ["certificate_review_due/\(person(2))/2020-03-31"])
    }

    @Test("已重新评定、已死亡或证上没有期限的成员不提醒复核")
    func noReviewNeeded() {
        var renewed = Family.complete()
        renewed.assess(2, grade: 3, validThrough: "2015-03-31", on: "2014-08-02")
        renewed.assess(2, grade: 3, validThrough: nil, on: "2014-12-01")
        #expect(renewed.keys(on: "2015-02-01").isEmpty)
        var dead = Family.complete()
        dead.assess(2, grade: 3, validThrough: "2015-03-31", on: "2014-08-02")
        dead.add(.personDied(PersonDied(person: person(2))), on: "2014-12-01")
        #expect(dead.keys(on: "2015-02-01").isEmpty)
    }

    @Test("妻子 2014-09-10 满 49 周岁：认定里的将来期间提前六十天提醒，金额写明")
    func rightBegins() {
        var family = Family.complete(on: "2014-07-01")
        family.determine(
            "CZ-2.1", subject: .person(person(1)),
            [("2014-07-16", "2014-09-10", nil, .notEntitled), ("2014-09-10", nil, 30_000, .entitled)],
            on: "2014-07-05")
        #expect(family.keys(on: "2014-07-11").isEmpty)
        #expect(
            NotifierRules.nextDueDay(for: family.state, after: day("2014-07-05"), policy: .chenzhou)
                == day("2014-07-12"))
        let raised = family.raise(on: "2014-07-12")
        #expect(raised.map(\.key) == ["right_begins/CZ-2.1/\(person(1))/2014-09-10"])
        #expect(raised.first?.dueOn == day("2014-09-10"))
        #expect(raised.first?.detail(NoticeField.amount) == .money(Fen(30_000)))
        #expect(family.keys(on: "2014-09-10").isEmpty)
    }

    @Test("认定时已经开始的待遇、金额的变化、停机两个月以后的待遇都不提醒")
    func rightsThatAreNoNews() {
        var running = Family.complete()
        running.determine(
            "CZ-2.1", subject: .person(person(1)),
            [("2014-07-16", "2014-10-01", 30_000, .entitled), ("2014-10-01", nil, 40_000, .proposed)],
            on: "2014-08-05")
        #expect(running.keys(on: "2014-09-20").isEmpty)
        var late = Family.complete()
        late.determine(
            "CZ-2.1", subject: .person(person(1)), [("2014-10-01", nil, 30_000, .entitled)], on: "2014-08-05")
        #expect(late.keys(on: "2014-11-29").count == 1)
        #expect(late.keys(on: "2014-11-30").isEmpty)
    }

    @Test("出生日期更正后认定改日，按新的日子再提醒一次")
    func redeterminedRight() {
        var family = Family.complete()
        family.determine(
            "CZ-2.1", subject: .person(person(1)), [("2014-09-10", nil, 30_000, .entitled)], on: "2014-08-05")
        family.raise(on: "2014-08-05")
        family.determine(
            "CZ-2.1", subject: .person(person(1)), [("2014-09-20", nil, 30_000, .entitled)], on: "2014-08-06")
        #expect(family.keys(on: "2014-08-06") == ["right_begins/CZ-2.1/\(person(1))/2014-09-20"])
    }

    @Test("下一个到期日不漏：逐日检查与只在到期日检查得到同样的提醒", arguments: 1...12 as ClosedRange<UInt64>)
    func nextDueDayMissesNothing(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let policy = NoticePolicy.with(
            holidays: ["spring_festival", "mid_autumn", "laba", "national_day"], pairingClause: "CZ-2.14a")
        let family = RandomFamily.make(seed, using: &random)
        let first = day("2014-09-01")
        var daily = family
        var sparse = family
        var next: CivilDay? = first
        for today in (0..<500).map({ first + Int32($0) }) {
            let text = today.description
            daily.raise(on: text, policy)
            guard next == today else { continue }
            sparse.raise(on: text, policy)
            next = NotifierRules.nextDueDay(for: sparse.state, after: today, policy: policy)
        }
        #expect(daily.events == sparse.events)
        #expect(daily.events.count > family.events.count)
    }
}

/// Families with future ends, certificates, rights and duties.
enum RandomFamily {
    static func make(_ number: UInt64, using random: inout SplitMix) -> Family {
        func someDay(_ within: ClosedRange<Int32>) -> String {
            (CivilDay(parsing: "2014-09-01")! + Int32.random(in: within, using: &random)).description
        }
        var family = Family(number)
        family.register(on: someDay(-300...30))
        family.determine(
            "CZ-2.14a", [(someDay(-200...100), random.once(in: 3) ? someDay(200...500) : nil, nil, .entitled)],
            on: "2014-08-01")
        for (place, slot) in Family.slots.enumerated() where !random.once(in: 4) {
            family.assign(slot, UInt64(10 + place), on: someDay(-100...50))
            if random.once(in: 2) { family.end(slot, UInt64(10 + place), on: someDay(60...400)) }
            if random.once(in: 3) { family.assign(slot, UInt64(20 + place), on: someDay(100...450)) }
        }
        family.assess(2, grade: 2, validThrough: someDay(100...500), on: "2014-08-01")
        family.determine(
            "CZ-2.1", subject: .person(person(1)), [(someDay(10...450), nil, 30_000, .proposed)], on: "2014-08-02")
        return family
    }
}

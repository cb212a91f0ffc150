import CareDomain
import CareTestKit
import Testing

/// Given a right to goods once a year, when somebody records that they were handed out, then it is recorded or refused.
@Suite("实物发放")
struct HandOutTests {
    private static let clause = ClauseID("BS-3.2")!
    private static let slip = GoodsHandedOut.Receipt.slip(FileDigest(bytes: Array(repeating: 5, count: 32))!)
    private static let neighbour = Family.person(60)

    /// A family to which the goods are due from 10 August 2014, once a year, by the township.
    private static func family(
        _ status: DeterminationMade.Status = .entitled, until: String? = nil, rhythm: HandOutRhythm = .year
    ) -> Family {
        var family = Family()
        family.bench.context.policy.clauses[clause] = .init(
            clause: clause, title: "暖心行动·送清洁", subject: .household, amountType: .none,
            department: KnownOffices.township, handOut: rhythm)
        family.bench.context.policy.clauses[ClauseID("CZ-2.1")!] = .init(
            clause: ClauseID("CZ-2.1")!, title: "提高扶助标准", subject: .person, amountType: .exact)
        let start = Family.day("2014-08-10")
        family.bench.record(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .household, pack: PackID(unchecked: "boshan-2021"),
                    packVersion: Family.day("2014-07-16"), packHash: Array(repeating: 1, count: 32),
                    cadence: Family.code("year"),
                    intervals: [.init(period: DayPeriod(start: start, end: until.map(Family.day)), status: status)],
                    facts: [], readThrough: family.last)), on: start)
        return family
    }

    private static func goods(
        _ period: String = "2014", clause: ClauseID = clause, items: [(String, Int)] = [("detergent", 2)],
        to receiver: PersonID = Family.wife, relation: String? = nil, named name: String? = nil,
        receipt: GoodsHandedOut.Receipt = slip
    ) -> HouseholdAction {
        .handOutGoods(
            GoodsHandedOut(
                clause: clause, period: Family.code(period),
                items: items.map { HandedGoods(goods: Family.code($0.0), count: $0.1) }, receiver: receiver,
                relation: relation.map(Family.code), receipt: receipt,
                sealed: name.map { [SealedPart(subject: receiver, details: PersonalDetails(name: $0))] } ?? []))
    }

    @Test("一年一次：同一年第二次拒绝并指明那一条，下一年再发")
    func oncePerYear() throws {
        var family = Self.family()
        family.accept(Self.goods(), on: "2014-09-20")
        let first = try #require(family.state.handOuts.first)
        #expect(first.day == Family.day("2014-09-20") && first.handed.receipt == Self.slip)
        guard case .refused(let refusal) = family.say(Self.goods(), on: "2014-11-01") else {
            Issue.record("accepted twice")
            return
        }
        #expect(refusal.code == "CARE-1796" && refusal.detail == "2014：2014-09-20 #\(first.reference.sequence)")
        family.accept(Self.goods("2015"), on: "2015-01-05")
        #expect(family.state.handOuts.map(\.handed.period.rawValue) == ["2014", "2015"])
    }

    @Test("发放期按条款的写法，不早于该期第一天；条款要发实物")
    func periods() {
        var family = Self.family()
        for wrong in ["2014-q3", "2014-09", "once", "14"] {
            family.refuse(.handOutPeriod, Self.goods(wrong), on: "2014-09-20")
        }
        family.refuse(.handOutEarly, Self.goods("2015"), on: "2014-12-31")
        family.refuse(.handOutClause, Self.goods(clause: ClauseID("CZ-2.1")!), on: "2014-09-20")
        var quarterly = Self.family(rhythm: .quarter)
        quarterly.accept(Self.goods("2014-q3"), on: "2014-09-30")
        quarterly.refuse(.handOutEarly, Self.goods("2014-q4"), on: "2014-09-30")
        quarterly.accept(Self.goods("2014-q4"), on: "2014-10-01")
    }

    @Test("当日要享受这一条；过期补发的按该期最后一天；暂缓的不发")
    func right() {
        var family = Self.family(until: "2015-01-01")
        family.refuse(.handOutWithoutRight, Self.goods(), on: "2014-08-09")
        family.refuse(.handOutWithoutRight, Self.goods("2015"), on: "2015-02-01")
        family.accept(Self.goods(), on: "2015-02-01")
        for status in [DeterminationMade.Status.held, .needsFact, .notEntitled] {
            var other = Self.family(status)
            other.refuse(.handOutWithoutRight, Self.goods(), on: "2014-09-20")
        }
    }

    @Test("领取人是在世的本户成员，或写明姓名和关系的他人")
    func receivers() {
        var family = Self.family()
        family.accept(.death(Family.child), on: "2014-09-01")
        family.refuse(.afterDeath, Self.goods(to: Family.child), on: "2014-09-20")
        family.refuse(.personUnknown, Self.goods(to: Self.neighbour), on: "2014-09-20")
        family.refuse(.handOutReceiver, Self.goods(to: Self.neighbour, relation: "neighbour"), on: "2014-09-20")
        family.refuse(
            .handOutReceiver, Self.goods(to: Family.wife, relation: "neighbour", named: "某人"), on: "2014-09-20")
        family.refuse(
            .unknownCode, Self.goods(to: Self.neighbour, relation: "friend", named: "某人"), on: "2014-09-20")
        family.accept(
            Self.goods(to: Self.neighbour, relation: "neighbour", named: "某人"), on: "2014-09-20")
    }

    @Test("物品至少一种、不重复、一至九百九十九件；没有签收单的要写明规定的理由")
    func itemsAndReceipt() {
        var family = Self.family()
        for items in [[], [("towel", 1), ("towel", 2)], [("towel", 0)], [("towel", 1000)]] {
            family.refuse(.handOutItems, Self.goods(items: items), on: "2014-09-20")
        }
        family.refuse(.unknownCode, Self.goods(items: [("gold", 1)]), on: "2014-09-20")
        family.refuse(.unknownCode, Self.goods(receipt: .none(Family.code("lazy"))), on: "2014-09-20")
        family.accept(
            Self.goods(items: [("towel", 999), ("soap", 1)], receipt: .none(Family.code("cannot_write"))),
            on: "2014-09-20")
    }

    @Test(
        "由主管部门、村（居）、乡镇（街道）和卫生健康（人口计生）部门登记，撤回也是",
        arguments: [
            ("org.township", true), ("org.community", true), ("dept.fp", true), ("dept.health_commission", true),
            ("dept.civil_affairs", false), ("none", false),
        ])
    func offices(department: String, isAllowed: Bool) {
        var family = Self.family()
        family.bench.context.department = DepartmentID(unchecked: department)
        if isAllowed {
            family.accept(Self.goods(), on: "2014-09-20")
        } else {
            family.refuse(.handOutOffice, Self.goods(), on: "2014-09-20")
        }
        var taken = Self.family()
        taken.accept(Self.goods(), on: "2014-09-20")
        let reference = taken.last
        taken.bench.context.department = DepartmentID(unchecked: department)
        if isAllowed {
            taken.accept(.withdraw, on: "2014-09-20", correcting: reference)
            #expect(taken.state.handOuts.isEmpty)
        } else {
            taken.refuse(.handOutOffice, .withdraw, on: "2014-09-20", correcting: reference)
        }
    }

    @Test("更正留下没有重写的姓名；撤回以后同一期可以再发；更正不得占另一期")
    func corrections() throws {
        var family = Self.family()
        family.accept(
            Self.goods(to: Self.neighbour, relation: "neighbour", named: "某人"), on: "2014-09-20")
        let first = family.last
        family.accept(
            Self.goods(items: [("soap", 3)], to: Self.neighbour, relation: "neighbour"), on: "2014-09-21",
            correcting: first)
        let standing = try #require(family.state.handOuts.first)
        #expect(family.state.handOuts.count == 1 && standing.day == Family.day("2014-09-21"))
        #expect(standing.handed.items == [HandedGoods(goods: Family.code("soap"), count: 3)])
        #expect(standing.handed.sealed.details(of: Self.neighbour)?.name == "某人")
        let corrected = family.last
        family.accept(Self.goods("2015"), on: "2015-02-01")
        let second = family.last
        family.refuse(.handOutTwice, Self.goods("2014"), on: "2015-02-01", correcting: second)
        family.accept(.withdraw, on: "2014-09-21", correcting: corrected)
        #expect(family.state.handOuts.map(\.handed.period.rawValue) == ["2015"])
        family.accept(Self.goods(), on: "2014-10-08")
    }

    private static let mother = Family.person(70)

    /// The file of somebody who went on in the family's, with goods of two quarters: events 1 and 2 open it, 3 and 4 are goods.
    private static func file(_ number: UInt64, into target: HouseholdID, on day: String?) -> HouseholdHistory {
        var file = HouseholdWorkbench(HouseholdID(Identifier128(high: 7, low: number)), today: Family.today)
        let opened = Family.day("2014-08-01")
        file.record(.registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: opened)
        file.record(.personJoined(PersonJoined(person: mother, role: .other)), on: opened)
        for (period, handed) in [("2014-q3", "2014-09-20"), ("2014-q4", "2014-10-05")] {
            guard case .handOutGoods(let goods) = goods(period, to: mother) else { continue }
            file.record(.goodsHandedOut(goods), on: Family.day(handed))
        }
        if let day {
            file.record(.merged(HouseholdMerged(other: target, side: .absorbed)), on: Family.day(day))
        }
        return file.history
    }

    /// The family after that file went on as part of it on 15 November 2014.
    private static func merged(with file: HouseholdHistory, _ others: [HouseholdHistory] = []) -> Family {
        var family = family(rhythm: .quarter)
        let day = Family.day("2014-11-15")
        family.bench.record(.merged(HouseholdMerged(other: file.id, side: .absorbing)), on: day)
        family.bench.record(.personJoined(PersonJoined(person: mother, role: .other)), on: day)
        family.bench.context.others = [file] + others
        return family
    }

    @Test("并来的一户这一季已经发过：并户以后同一季不再发，下一季照发；并户以前就过去的季度两户各发各的")
    func mergedFamily() {
        let file = Self.file(71, into: Family.household, on: "2014-11-15")
        var family = Self.merged(with: file)
        guard case .refused(let refusal) = family.say(Self.goods("2014-q4"), on: "2014-12-01") else {
            Issue.record("accepted twice")
            return
        }
        #expect(refusal.code == "CARE-1429" && refusal.detail == "2014-q4：2014-10-05 \(file.id) #4")
        // Also when it is told late.
        family.refuse(.handOutInMerged, Self.goods("2014-q4"), on: "2015-01-10")
        family.accept(Self.goods("2014-q3"), on: "2014-12-01")
        family.accept(Self.goods("2015-q1"), on: "2015-01-10")
        #expect(family.state.handOuts.map(\.handed.period.rawValue) == ["2014-q3", "2015-q1"])
    }

    @Test("并来的一户自己也并过一户：那一户发过的也算；并户还没有登记完的先不发")
    func mergedTwice() {
        let first = Self.file(72, into: HouseholdID(Identifier128(high: 7, low: 73)), on: "2014-10-20")
        var second = HouseholdWorkbench(HouseholdID(Identifier128(high: 7, low: 73)), today: Family.today)
        second.record(
            .registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: Family.day("2014-08-01"))
        second.record(.merged(HouseholdMerged(other: first.id, side: .absorbing)), on: Family.day("2014-10-20"))
        second.record(
            .merged(HouseholdMerged(other: Family.household, side: .absorbed)), on: Family.day("2014-11-15"))
        var family = Self.merged(with: second.history, [first])
        family.refuse(.handOutInMerged, Self.goods("2014-q4"), on: "2014-12-01")
        family.accept(Self.goods("2014-q3"), on: "2014-12-01")

        let untold = Self.file(74, into: Family.household, on: nil)
        var halfway = Self.merged(with: untold)
        halfway.refuse(.mergeUnfinished, Self.goods("2015-q1"), on: "2015-01-10")
    }

    private static let taker = HouseholdID(Identifier128(high: 7, low: 80))

    /// The file into which the family's went on 15 November 2014, with goods of some quarters: events 1 and 2 open it.
    private static func takingFile(_ goods: [(String, String)] = []) -> HouseholdHistory {
        var file = HouseholdWorkbench(taker, today: Family.today)
        file.record(
            .registered(HouseholdRegistered(division: DivisionCode("431002001")!)), on: Family.day("2014-08-01"))
        file.record(
            .merged(HouseholdMerged(other: Family.household, side: .absorbing)), on: Family.day("2014-11-15"))
        for (period, day) in goods {
            guard case .handOutGoods(let handed) = Self.goods(period) else { continue }
            file.record(.goodsHandedOut(handed), on: Family.day(day))
        }
        return file.history
    }

    /// The family with goods of some quarters, gone into that file since.
    private static func takenIn(
        _ goods: [(String, String)], into file: HouseholdHistory
    ) -> (family: Family, entries: [EventReference]) {
        var family = family(rhythm: .quarter)
        var entries: [EventReference] = []
        for (period, day) in goods {
            family.accept(Self.goods(period), on: day)
            entries.append(family.last)
        }
        family.bench.record(
            .merged(HouseholdMerged(other: file.id, side: .absorbed)), on: Family.day("2014-11-15"))
        family.bench.context.others = [file]
        return (family, entries)
    }

    @Test("已并入别户的档案：发放登记有误的在这一份档案更正、撤回；新的不收，别的不改，并户以后的日子不收")
    func correctedAfterMerge() throws {
        let quarters = [("2014-q3", "2014-09-20"), ("2014-q4", "2014-10-05")]
        var (family, entries) = Self.takenIn(quarters, into: Self.takingFile())
        family.refuse(.householdNotActive, Self.goods("2015-q1"), on: "2015-01-05")
        family.refuse(.householdNotActive, .withdraw, on: "2014-08-01", correcting: EventReference(sequence: 1))
        family.accept(Self.goods("2014-q4", items: [("soap", 1)]), on: "2014-10-05", correcting: entries[1])
        #expect(
            family.state.handOuts.map(\.handed.items) == [
                [HandedGoods(goods: Family.code("detergent"), count: 2)],
                [HandedGoods(goods: Family.code("soap"), count: 1)],
            ])
        let corrected = family.last
        guard
            case .refused(let late) = family.say(
                Self.goods("2014-q4", items: [("soap", 1)]), on: "2014-11-16", correcting: corrected)
        else {
            Issue.record("accepted after the merge")
            return
        }
        #expect(late.code == "CARE-1435" && late.detail == "2014-11-16：2014-11-15 → \(Self.taker)")
        family.accept(Self.goods("2014-q4", items: [("soap", 1)]), on: "2014-11-15", correcting: corrected)
        let last = family.last
        family.accept(.withdraw, on: "2014-11-15", correcting: last)
        #expect(family.state.handOuts.map(\.handed.period.rawValue) == ["2014-q3"])
        #expect(family.state.status == .absorbed(into: Self.taker, on: Family.day("2014-11-15")))
    }

    @Test("更正到另一期的：并户的另一份档案那一期发过的不收，并户以前就过去的季度两户各发各的")
    func correctedToAnotherPeriod() {
        var (free, first) = Self.takenIn([("2014-q3", "2014-09-20")], into: Self.takingFile())
        free.accept(Self.goods("2014-q4"), on: "2014-10-02", correcting: first[0])

        let file = Self.takingFile([("2014-q3", "2014-09-01"), ("2014-q4", "2014-11-20")])
        var (family, entries) = Self.takenIn([("2014-q3", "2014-09-20")], into: file)
        guard
            case .refused(let refusal) = family.say(
                Self.goods("2014-q4"), on: "2014-10-02", correcting: entries[0])
        else {
            Issue.record("given twice")
            return
        }
        #expect(refusal.code == "CARE-1429" && refusal.detail == "2014-q4：2014-11-20 \(file.id) #4")
        // What both got before they were one family stays, also when its items are put right.
        family.accept(Self.goods("2014-q3", items: [("towel", 3)]), on: "2014-09-20", correcting: entries[0])
        var (other, later) = Self.takenIn([("2014-q4", "2014-10-05")], into: file)
        other.accept(Self.goods("2014-q3"), on: "2014-10-05", correcting: later[0])

        // The file that goes on: what it recorded before the merge does not turn to a period of the other, either.
        var going = Self.family(rhythm: .quarter)
        going.accept(Self.goods("2014-q3"), on: "2014-09-20")
        let own = going.last
        let taken = Self.file(71, into: Family.household, on: "2014-11-15")
        going.bench.record(
            .merged(HouseholdMerged(other: taken.id, side: .absorbing)), on: Family.day("2014-11-15"))
        going.bench.context.others = [taken]
        going.refuse(.handOutInMerged, Self.goods("2014-q4"), on: "2014-10-02", correcting: own)
    }

    @Test("在并入的那一户更正并来的一条：说明写哪一份档案的户编号")
    func correctedInTheWrongFile() {
        let file = Self.file(71, into: Family.household, on: "2014-11-15")
        var family = Self.merged(with: file)
        for action in [Self.goods("2014-q4"), .withdraw] {
            guard
                case .refused(let refusal) = family.say(
                    action, on: "2014-10-05", correcting: EventReference(sequence: 400))
            else {
                Issue.record("accepted")
                return
            }
            #expect(refusal.code == "CARE-1445" && refusal.detail == "#400：\(file.id)")
        }
        // The number may be another event's here.
        family.refuse(
            .correctionElsewhere, Self.goods("2014-q4"), on: "2014-10-05", correcting: EventReference(sequence: 1))
        var single = Self.family()
        single.refuse(.correctionTarget, .withdraw, on: "2014-10-05", correcting: EventReference(sequence: 400))
    }

    @Test("各种发放期的起止")
    func bounds() throws {
        let written: [(String, HandOutRhythm, String, String)] = [
            ("2021", .year, "2021-01-01", "2021-12-31"), ("2021-q4", .quarter, "2021-10-01", "2021-12-31"),
            ("2021-02", .month, "2021-02-01", "2021-02-28"),
        ]
        for (code, rhythm, first, last) in written {
            let period = try #require(HandOutPeriod(Family.code(code), rhythm: rhythm))
            #expect(period.first == Family.day(first) && period.last == Family.day(last))
            #expect(HandOutPeriod(containing: Family.day(last), rhythm: rhythm) == period)
            #expect(period.judged(on: Family.day("2022-03-01")) == Family.day(last))
        }
        let once = try #require(HandOutPeriod(Family.code("once"), rhythm: .once))
        #expect(once.first == nil && once.judged(on: Family.day("2022-03-01")) == Family.day("2022-03-01"))
        // No year of four digits names them; what is given once needs none.
        let far = [CivilDay(dayNumber: .min), Family.day("9999-12-31") + 1, CivilDay(dayNumber: .max)]
        for day in far + [Family.day("0999-12-31")] {
            for rhythm in [HandOutRhythm.month, .quarter, .year] {
                #expect(HandOutPeriod(containing: day, rhythm: rhythm) == nil)
            }
            #expect(HandOutPeriod(containing: day, rhythm: .once) == once)
        }
        for (code, rhythm) in [("2021-q5", HandOutRhythm.quarter), ("2021-13", .month), ("2021-2", .month)] {
            #expect(HandOutPeriod(Family.code(code), rhythm: rhythm) == nil)
        }
    }
}

import CareDomain
import CareProjections
import EligibilityCore
import RuleEngine
import Testing

/// One family of Chenzhou, worked by hand with the document beside it.
///
/// 郴政办发〔2014〕25号:
/// - CZ-1.1 “特殊困难家庭是指独生子女伤残（依法被鉴定为三级以上）或死亡，未再生育或未收养子女的家庭。”
/// - CZ-2.1 “对于女方49周岁及以上的特殊困难家庭夫妇，……继续给予每人每月增加300元经济扶助。”
/// - CZ-2.14a “对特殊困难家庭实现‘四个结对’（即部门、干部、党员和志愿者同时挂钩结对帮扶）全覆盖，挂钩结对实行实名制。”
///
/// Readings: 49 on the birthday; a month is due in full when the conditions hold on one of its days; a change counts
/// from the day it happened, a late one gives arrears; grade 4 is out from the day of the certificate.
///
/// | Day | What happened | Reported |
/// |---|---|---|
/// | 2012-03-01 | the only child is certified at grade 3 | 2014-08-01, with the registration |
/// | 2014-08-05 | four helpers | at once |
/// | 2014-09-20 | the wife turns 49 (born 1965-09-20); the husband is 47 | nobody has to |
/// | 2015-03-10 | certified anew: grade 4 | 2015-03-15 |
/// | 2015-06-17 | the child dies | 2015-09-18, three months late |
/// | 2015-10-05 | the volunteer leaves | 2015-10-06 |
/// | 2015-10-26 | another volunteer comes | at once |
@Suite("手算案例：月中满四十九、三级改四级、死亡晚报三个月、帮扶人离开", .timeLimit(.minutes(10)))
struct HandWorkedCaseTests {
    private struct Case {
        let history: HouseholdHistory
        let rules: PublishedRules
        let family: Family

        /// The page as of a day, as known on another; nil = everything.
        func page(
            _ day: String, known: String? = nil, basis: CareArchive.Basis = .recorded
        ) -> CareArchive {
            CareArchive(
                history,
                ArchiveQuestion(asOf: Family.day(day), knownAt: known.map { Moment.at($0) }, basis: basis),
                words: CarePolicyWords(rules: rules), evaluator: Evaluator(registry: rules.registry))
        }

        func supplement(
            _ person: PersonID, _ day: String, known: String? = nil, basis: CareArchive.Basis = .recorded
        ) -> CareArchive.EntitlementLine? {
            page(day, known: known, basis: basis).entitlements.first {
                $0.clause.rawValue == "CZ-2.1" && $0.subject.person == person
            }
        }

        /// What is due to a person in a month, as known on a day.
        func due(_ person: PersonID, _ month: CivilMonth, known: String? = nil) -> Fen {
            let household = known.map { history.household(knownAt: .at($0)) } ?? history.household
            let made = household.determinations.first {
                $0.made.clause.rawValue == "CZ-2.1" && $0.made.subject == .person(person)
            }
            let due = made.flatMap { Determination($0.made).due(in: month) }
            return due?.status == .entitled ? due?.amount ?? .zero : .zero
        }
    }

    /// What was reported, in its order: the day of the report, and the command.
    private static func reports(_ family: inout Family) -> [(String, HouseholdCommand)] {
        var reports = [("2014-08-01", family.registers(on: "2014-08-01", wifeBorn: "1965-09-20"))]
        reports.append(("2014-08-01", family.childAssessed(3, on: "2012-03-01")))
        for (number, kind) in ["department", "cadre", "party_member", "volunteer"].enumerated() {
            reports.append(("2014-08-05", family.isHelped(by: UInt64(number), as: kind, on: "2014-08-05")))
        }
        reports.append(("2015-03-15", family.childAssessed(4, on: "2015-03-10")))
        reports.append(("2015-09-18", family.childDies(on: "2015-06-17")))
        let volunteer = PersonID(Identifier128(high: 6, low: 3))
        let ended = PairingEnded(
            kind: PairingKind(unchecked: "volunteer"), helper: volunteer, reason: Family.code("moved_away"))
        reports.append(("2015-10-06", family.says(.endPairing(ended), on: "2015-10-05")))
        reports.append(("2015-10-26", family.isHelped(by: 9, as: "volunteer", on: "2015-10-26")))
        return reports
    }

    /// Each report came to the office on its day.
    private static func live() throws -> Case {
        var world = try EligibilityWorld(on: "2014-07-20")
        try world.publish()
        var family = Family()
        for (day, command) in reports(&family) {
            world.now = max(world.now, .at(day))
            try world.carryOut(command)
            try world.run()
        }
        return Case(history: try world.history(of: family.id), rules: world.rules, family: family)
    }

    /// The paper file is typed in on 2016-01-05, each sheet with the day on which it had come.
    private static func imported() throws -> Case {
        var world = try EligibilityWorld(on: "2016-01-05")
        try world.publish()
        var family = Family()
        for (day, command) in reports(&family) {
            var command = command
            command.learnedOn = Family.day(day)
            try world.carryOut(command)
        }
        try world.run()
        return Case(history: try world.history(of: family.id), rules: world.rules, family: family)
    }

    private static let wife = Family.wife
    private static let husband = Family.husband

    @Test("月中满四十九周岁：生日当天起，当月全额，夫妇二人同享；前一日说明差在何处、何日可享")
    func turnsFortyNine() throws {
        let file = try Self.live()
        let before = try #require(file.supplement(Self.wife, "2014-09-19", known: "2014-08-10"))
        #expect(before.status == .notEntitled && before.amount == nil)
        #expect(before.reasons == ["妻子（单亲的为本人）2014-09-20 年满 49 周岁"])
        #expect(before.next?.day == Family.day("2014-09-20") && before.next?.amount == .yuan(300))
        for person in [Self.wife, Self.husband] {
            let on = try #require(file.supplement(person, "2014-09-20", known: "2014-08-10"))
            #expect(on.status == .entitled && on.amount == .yuan(300) && on.reasons.isEmpty)
            #expect(on.payers.map(\.payer.chinese) == ["财政"] && on.department?.code == "dept.fp")
            #expect(file.due(person, CivilMonth(year: 2014, month: 8)) == .zero)
            #expect(file.due(person, CivilMonth(year: 2014, month: 9)) == .yuan(300))
        }
        // Nothing was due when it was found out: the first months lie ahead.
        #expect(before.changes.isEmpty)
        #expect(file.page("2014-09-19").header.status?.kind == .disabledChild)
        #expect(file.page("2014-09-19").header.status?.since == Family.day("2012-03-01"))
    }

    @Test("三级改四级：证书当日起不再享受，当月照发，次月停；报告之前仍按当时所知")
    func gradeChanges() throws {
        let file = try Self.live()
        #expect(file.supplement(Self.wife, "2015-03-12", known: "2015-03-12")?.status == .entitled)
        #expect(file.supplement(Self.wife, "2015-03-09", known: "2015-03-20")?.status == .entitled)
        let after = try #require(file.supplement(Self.wife, "2015-03-10", known: "2015-03-20"))
        #expect(after.status == .notEntitled && after.reasons == ["不符合：独生子女死亡，或持有一至三级残疾证"])
        // Reported in the month in which it happened, which stays due: nothing was paid too much.
        #expect(after.changes.isEmpty)
        #expect(file.due(Self.wife, CivilMonth(year: 2015, month: 3), known: "2015-03-20") == .yuan(300))
        #expect(file.due(Self.wife, CivilMonth(year: 2015, month: 4), known: "2015-03-20") == .zero)
        #expect(file.page("2015-03-10", known: "2015-03-20").header.status == nil)
    }

    @Test("死亡晚报三个月：自死亡之日起，六月至九月应补，报告之前按当时所知没有")
    func lateDeath() throws {
        let file = try Self.live()
        for person in [Self.wife, Self.husband] {
            #expect(file.supplement(person, "2015-07-01", known: "2015-09-17")?.status == .notEntitled)
            #expect(file.supplement(person, "2015-06-16", known: "2015-09-18")?.status == .notEntitled)
            let line = try #require(file.supplement(person, "2015-06-17", known: "2015-09-19"))
            #expect(line.status == .entitled && line.amount == .yuan(300))
            // June, July, August, September: 4 × 300 yuan.
            let months = CivilMonth(year: 2015, month: 6)
            #expect(
                line.changes == [DueChange(first: months, last: months + 3, before: .zero, after: .yuan(300))])
            #expect(line.difference == .yuan(1200))
            // September 2014 to March 2015 and June to December 2015: 7 + 7 months.
            let year = (0..<24).map { CivilMonth(year: 2014, month: 1) + $0 }
            #expect(year.map { file.due(person, $0) }.reduce(.zero, +) == .yuan(300 * 14))
        }
        let status = try #require(file.page("2015-09-19").header.status)
        #expect(status.kind == .bereaved && status.since == Family.day("2015-06-17"))
        #expect(file.page("2015-09-19", known: "2015-09-17").header.status == nil)
    }

    @Test("帮扶人离开：离开当天起缺，补齐之日起不缺；报告之前看不出；不属特殊困难家庭的日子不算缺")
    func helperLeaves() throws {
        let file = try Self.live()
        func volunteer(_ day: String, known: String? = nil) throws -> CareArchive.SlotLine {
            try #require(file.page(day, known: known).slots.first { $0.kind.code == "volunteer" })
        }
        #expect(try volunteer("2015-10-04").isFilled)
        let gap = try volunteer("2015-10-05", known: "2015-10-07")
        #expect(!gap.isFilled && gap.missingSince == Family.day("2015-10-05"))
        #expect(gap.lastHelper?.name == "帮扶人3")
        #expect(try volunteer("2015-10-05", known: "2015-10-05").isFilled)
        #expect(try volunteer("2015-10-25").missingSince == Family.day("2015-10-05"))
        let filled = try volunteer("2015-10-26")
        #expect(filled.isFilled && filled.helpers.map(\.name) == ["帮扶人9"])
        let duty = try #require(
            file.history.household.determinations.first { $0.made.clause.rawValue == "CZ-2.14a" }?.made)
        #expect(
            duty.short == [
                "2014-07-16..2015-03-10: entitled", "2015-03-10..2015-06-17: notEntitled", "2015-06-17..: entitled",
            ])
    }

    @Test("一次补录的旧档：按来源获知的日子问，每一时点与当时逐日登记的一样，理由也一样")
    func importedFile() throws {
        let (live, imported) = (try Self.live(), try Self.imported())
        let questions = [
            ("2014-09-19", "2014-08-10"), ("2014-09-20", "2014-08-10"), ("2015-03-12", "2015-03-12"),
            ("2015-03-10", "2015-03-20"), ("2015-07-01", "2015-09-17"), ("2015-06-17", "2015-09-19"),
            ("2015-10-05", "2015-10-07"),
        ]
        for (day, known) in questions {
            let recorded = live.page(day, known: known)
            let learned = imported.page(day, known: known, basis: .learned)
            func told(_ page: CareArchive) -> [String] {
                page.entitlements.filter { $0.status != .notEntitled || $0.clause.rawValue == "CZ-2.1" }.map {
                    "\($0.clause) \($0.subject.text) \($0.status) \($0.amount?.description ?? "") \($0.reasons)"
                }
            }
            #expect(told(learned) == told(recorded), "\(day) as known on \(known)")
            #expect(learned.header.status?.kind == recorded.header.status?.kind)
            #expect(learned.slots.map(\.isFilled) == recorded.slots.map(\.isFilled))
            #expect(learned.entitlements.allSatisfy { $0.isWorkedOut } && !recorded.text().contains("未计算"))
            // What is not worked out is not 0.00.
            let (text, json) = (learned.text(), learned.json.text())
            #expect(text.contains("待决定补差未计算") && !json.contains(#""arrears":{"#))
            #expect(json.contains(#""arrears":null,"recovery":null,"by_place":null,"not_worked_out":"basis_learned""#))
        }
        // What the log learned on that day, it judged as a whole.
        let changes = imported.supplement(Self.wife, "2016-01-06")?.changes ?? []
        #expect(changes.arrears == .yuan(300 * 15) && changes.overpayment == .zero)
    }
}

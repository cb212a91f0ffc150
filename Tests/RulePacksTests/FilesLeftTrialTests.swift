import CareDomain
import RuleEngine
import RulePacks
import Testing

/// 试算分户、并户：事实文件写明自哪一户迁来（`came_from`），次月起发的权利接着算。
///
/// The child died on 2014-08-01, the wife turns 49 on 2014-09-10: 300 yuan each are due from 2014-10. The husband goes on by
/// himself from 2015-05-01, and what is due to him goes on with that month.
@Suite("试算：分户、并户的家庭")
struct FilesLeftTrialTests {
    private static func file(_ came: String, start: String = "next", day: String = "2015-05-01") -> String {
        """
        readings: {start_month: \(start)}
        subjects:
          family:
            household: {division: "431002"}
            persons:
              wife: {birth_date: 1965-09-10}
              husband: {birth_date: 1963-01-20, role: [{value: husband, until: \(day)}]}
              child: {role: only_child, birth_date: 1990-05-06, death_date: 2014-08-01}
          alone:
            household: {division: "431002"}
            persons:
              husband: {birth_date: 1963-01-20, role: [{value: husband, from: \(day)}]}
              child: {role: only_child, birth_date: 1990-05-06, death_date: 2014-08-01}
            came_from: \(came)
        """
    }

    private static func load(_ text: String) throws -> (FactsFile, RulePack) {
        let bytes = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").last).bytes
        let pack = try RulePack.load(bytes: bytes, name: "chenzhou-2014")
        return (try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack), pack)
    }

    /// What is tried of the husband by himself on a day.
    private static func alone(
        _ text: String, on day: String = "2015-05-20", knownAt: KnownAt = .latest
    ) throws -> Trial.Answer {
        let (file, pack) = try load(text)
        let trial = Trial(versions: [pack], file: file, knownAt: knownAt)
        let answers = trial.answers(on: try #require(CivilDay(parsing: day)), clause: ClauseID("CZ-2.1"))
        return try #require(answers.first { $0.entry == "alone" && $0.subject == "husband" })
    }

    private static func months(_ answer: Trial.Answer) -> [String] {
        let last = CivilMonth(year: 2015, month: 8)
        let dues = answer.determination?.dues(through: last) ?? []
        return dues.filter { $0.amount != .zero }.map(\.month.description)
    }

    @Test("一日分户、次月起发：写明迁自哪一户，当月照发；不写的，从分户的次月算起")
    func firstOfTheMonth() throws {
        let carried = try Self.alone(Self.file("[{subject: family, on: 2015-05-01}]"))
        #expect(Self.months(carried) == ["2015-05", "2015-06", "2015-07", "2015-08"])
        #expect(
            carried.explanation?.month?.wording.chinese
                == "2015-05 全月有此权利，应发 300.00 元（按 2015-05-01 的条件）；权利自迁出的档案延续，当月照计")
        #expect(
            carried.explanation?.month?.wording.english
                == "2015-05, the right holds all month; due 300.00 yuan (as of 2015-05-01); "
                + "the right goes on from the file that was left, so the month counts")
        let anew = try Self.alone(Self.file("[]"))
        #expect(Self.months(anew) == ["2015-06", "2015-07", "2015-08"])
        #expect(
            anew.explanation?.month?.wording.chinese
                == "2015-05 全月有此权利，当月应发 0 元：权利开始的当月不计，从次月起计")
    }

    @Test("迁出的那一日不算在新档案里；以后的月份不再提延续")
    func otherMonths() throws {
        let text = Self.file("[{subject: family, on: 2015-05-01}]")
        let before = try Self.alone(text, on: "2015-04-30")
        #expect(before.piece.status == .notEntitled && before.explanation?.month == nil)
        let after = try Self.alone(text, on: "2015-06-20")
        #expect(
            after.explanation?.month?.wording.chinese == "2015-06 全月有此权利，应发 300.00 元（按 2015-06-01 的条件）")
    }

    @Test("二日分户的，当月在原档案发，新档案自次月起；当月起发的口径不受影响")
    func notAffected() throws {
        let second = Self.file("[{subject: family, on: 2015-05-02}]", day: "2015-05-02")
        #expect(try Self.months(Self.alone(second)) == ["2015-06", "2015-07", "2015-08"])
        let same = Self.file("[{subject: family, on: 2015-05-01}]", start: "same")
        #expect(try Self.months(Self.alone(same)) == ["2015-05", "2015-06", "2015-07", "2015-08"])
    }

    @Test("当月起发的，月中分户：当月只在原档案发，说明当月由那份档案计发；没有写明迁自哪一户的照旧")
    func withinAMonth() throws {
        let text = Self.file("[{subject: family, on: 2015-05-10}]", start: "same", day: "2015-05-10")
        let answer = try Self.alone(text)
        #expect(Self.months(answer) == ["2015-06", "2015-07", "2015-08"])
        #expect(
            answer.explanation?.month?.wording.chinese
                == "2015-05 2015-05-10 至 2015-05-31 有此权利，本档案不发：当月的这一笔由分户、并户前的档案计发")
        #expect(
            answer.explanation?.month?.wording.english
                == "2015-05, the right holds 2015-05-10 to 2015-05-31; nothing here: the file from before the split or merge "
                + "has the sum of this month")
        let unlinked = try Self.alone(Self.file("[]", start: "same", day: "2015-05-10"))
        #expect(Self.months(unlinked) == ["2015-05", "2015-06", "2015-07", "2015-08"])
    }

    @Test("分户后来才登记：登记以前按当时所知，没有延续")
    func recordedLater() throws {
        let text = Self.file("[{subject: family, on: 2015-05-01, recorded: 2015-07-10}]")
        let day = try #require(CivilDay(parsing: "2015-07-09"))
        let before = KnownAt.recorded(Moment(microseconds: Int64(day.dayNumber) * 86_400_000_000))
        #expect(try Self.months(Self.alone(text, knownAt: before)) == ["2015-06", "2015-07", "2015-08"])
        #expect(try Self.months(Self.alone(text)) == ["2015-05", "2015-06", "2015-07", "2015-08"])
    }

    @Test("原档案没有这项权利的，不延续")
    func nothingRan() throws {
        let text = Self.file("[{subject: family, on: 2015-05-01}]").replacing("1965-09-10", with: "1970-09-10")
        #expect(try Self.months(Self.alone(text)) == ["2015-06", "2015-07", "2015-08"])
    }

    @Test("迁自文件里没有的户、迁自自己，都指明并列出可用的", arguments: ["nobody", "alone"])
    func unknownFamily(name: String) throws {
        do {
            _ = try Self.load(Self.file("[{subject: \(name), on: 2015-05-01}]"))
            Issue.record("was taken")
        } catch let refused as PackRefused {
            #expect(refused.issues.map(\.code) == ["scenario.came_from"])
            #expect(refused.issues.first?.advice.chinese == "可用：family")
        }
    }
}

import CareDomain
import RuleEngine
import RulePacks
import Testing

/// 分户前已有的：一户一次、一户一年一项的，分出的档案不再有第二份。
@Suite("分户以前已有的一次性、当年一项")
struct GrantedBeforeSplitTests {
    private static func trial(_ pack: String, _ text: String) throws -> Trial {
        let bytes = try #require(try PackLibrary.bundled.packFiles(of: pack).last).bytes
        let pack = try RulePack.load(bytes: bytes, name: pack)
        let file = try FactsFile.load(bytes: Array(text.utf8), name: "facts.yaml", pack: pack)
        return Trial(versions: [pack], file: file, knownAt: .latest)
    }

    private static func answer(
        _ trial: Trial, _ entry: String, _ clause: String, of subject: String? = nil, on day: String
    ) throws -> Trial.Answer {
        let answers = trial.answers(on: try #require(CivilDay(parsing: day)), clause: ClauseID(clause))
        return try #require(answers.first { $0.entry == entry && (subject ?? $0.subject) == $0.subject })
    }

    private static func dues(_ answer: Trial.Answer) -> [Fen] {
        (answer.determination?.dues(through: CivilMonth(year: 2016, month: 12)) ?? []).compactMap(\.amount)
    }

    /// A bereaved family with a wife whose complications are of grade 1; she goes on by herself.
    /// - Parameter died: When the only child died.
    private static func bereaved(_ came: String, died: String = "2013-08-01") -> String {
        """
        subjects:
          family:
            household: {division: "520121", area: rural}
            persons:
              wife: {birth_date: 1965-01-10, role: [{value: wife, from: 2010-01-01, until: 2014-05-10}],
                complication_grade: 1, certificate_issuer: national_professional_body}
              husband: {birth_date: 1960-01-20}
              girl: {role: only_child, sex: female, birth_date: 1990-05-01, death_date: \(died)}
          alone:
            household: {division: "520121", area: rural, only_child_status: [{value: dead, from: \(died)}]}
            persons:
              wife: {birth_date: 1965-01-10, role: [{value: single_parent, from: 2014-05-10}],
                complication_grade: 1, certificate_issuer: national_professional_body}
            came_from: \(came)
        """
    }

    private static let link = "[{subject: family, on: 2014-05-10}]"

    @Test("GY-3.12a 按户一次：原档案已有 5 万元，分出的档案没有第二份，并说明；不写明迁自哪一户的各算各的")
    func householdOnce() throws {
        let trial = try Self.trial("guiyang-2013", Self.bereaved(Self.link))
        let family = try Self.answer(trial, "family", "GY-3.12a", on: "2014-05-20")
        let alone = try Self.answer(trial, "alone", "GY-3.12a", on: "2014-05-20")
        #expect(Self.dues(family) == [.yuan(50_000)])
        #expect(Self.dues(alone).isEmpty)
        #expect(
            alone.explanation?.month?.wording.chinese == "2014-05 不另发：一次性的这一项，分户、并户前的档案已有，按那份档案计")
        #expect(
            alone.explanation?.month?.wording.english
                == "2014-05, nothing more here: it is given once, and the file from before the split or merge has it")
        let unlinked = try Self.answer(
            try Self.trial("guiyang-2013", Self.bereaved("[]")), "alone", "GY-3.12a", on: "2014-05-20")
        #expect(Self.dues(unlinked) == [.yuan(50_000)])
    }

    @Test("GY-3.12b 按人一次：随人走，分出的档案也没有第二份")
    func personOnce() throws {
        let trial = try Self.trial("guiyang-2013", Self.bereaved(Self.link))
        let family = try Self.answer(trial, "family", "GY-3.12b", of: "wife", on: "2014-05-09")
        let alone = try Self.answer(trial, "alone", "GY-3.12b", of: "wife", on: "2014-05-20")
        #expect(Self.dues(family) == [.yuan(20_000)])
        #expect(Self.dues(alone).isEmpty)
    }

    @Test("分户以后才有的：分户前的档案没有过，不妨碍分出的档案")
    func afterTheSplit() throws {
        let trial = try Self.trial("guiyang-2013", Self.bereaved(Self.link, died: "2015-02-01"))
        let alone = try Self.answer(trial, "alone", "GY-3.12a", on: "2015-02-20")
        #expect(Self.dues(alone) == [.yuan(50_000)])
    }

    /// A family of Wenzhou with a grant, of which the husband goes on by himself from June 2021.
    private static func granted(_ year: Int, _ came: String) -> String {
        """
        subjects:
          family:
            household: {division: "330302", fp_hardship: true, special_family: true, business_kind: planting}
            persons:
              wife: {birth_date: 1970-01-01}
              husband: {birth_date: 1969-01-01, role: [{value: husband, from: 2000-01-01, until: 2021-06-01}]}
            awards: [{clause: WZ-3.2, decision: granted, amount: 3000, from: \(year)-05-10, recorded: \(year)-05-10}]
          alone:
            household: {division: "330303", fp_hardship: true, special_family: true, business_kind: planting}
            persons: {husband: {birth_date: 1969-01-01, role: [{value: husband, from: 2021-06-01}]}}
            came_from: \(came)
        """
    }

    @Test("WZ-3.7、WZ-3.8：原档案上年、当年批过的，分出的档案也受限；上年的可以例外", arguments: [2020, 2021])
    func exclusions(year: Int) throws {
        let link = "[{subject: family, on: 2021-06-01}]"
        let alone = try Self.answer(
            try Self.trial("wenzhou-2021", Self.granted(year, link)), "alone", "WZ-3.2", on: "2021-10-10")
        #expect(alone.piece.status == .notEntitled)
        let bar = try #require(ClauseID(year == 2020 ? "WZ-3.7" : "WZ-3.8"))
        #expect(alone.piece.unmet == [.barred(by: bar, isSoft: year == 2020, grant: nil)])
        let free = try Self.answer(
            try Self.trial("wenzhou-2021", Self.granted(year, "[]")), "alone", "WZ-3.2", on: "2021-10-10")
        #expect(free.piece.status == .proposed)
    }
}

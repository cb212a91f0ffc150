import CareDomain
import Foundation
import MessageBus
import OfficeFiles
import RuleEngine
import ServiceKit
import Testing

@testable import carectl

/// What people type, and how it is understood.
struct TypedTextTests {
    @Test("事件类型按名称或编号都认得")
    func eventTypes() {
        #expect(EventTypes.number("PairingAssigned") == 60)
        #expect(EventTypes.number("pairing_assigned") == 60)
        #expect(EventTypes.number("60") == 60)
        #expect(EventTypes.number("Nothing") == nil)
        #expect(EventTypes.all.first?.name == "HouseholdRegistered")
    }

    @Test(
        "金额和小数按位数换算",
        arguments: [("340", 2, 34000), ("340.5", 2, 34050), ("0.01", 2, 1), ("15.25", 3, 15250)])
    func scaling(text: String, digits: Int, result: Int64) {
        #expect(ParameterText.scaled(text, digits: digits) == result)
    }

    @Test("不是数的文字被拒绝", arguments: ["", ".", "1.", "-1", "1.234", "1e3", "99999999999999999999"])
    func notNumbers(text: String) {
        #expect(ParameterText.scaled(text, digits: 2) == nil)
    }

    @Test("参数的末日两种写法是同一天：--through 末日，--until 次日；早于起日的退回")
    func endOfAParameter() throws {
        let desk = Desk(try CommonOptions.parse([]))
        func end(_ words: String...) throws -> CivilDay? {
            let setting = ["chenzhou-2014", "cz.funeral_subsidy", "900", "--from", "2020-01-01"]
            return try RulesSetParameter.parse(setting + words).end(after: CivilDay(parsing: "2020-01-01")!, desk)
        }
        #expect(try end() == nil)
        #expect(try end("--through", "2020-12-31") == CivilDay(parsing: "2021-01-01"))
        #expect(try end("--until", "2021-01-01") == CivilDay(parsing: "2021-01-01"))
        #expect(try end("--through", "2020-01-01") == CivilDay(parsing: "2020-01-02"))
        for words in [["--through", "2019-12-31"], ["--until", "2020-01-01"], ["--until", "2019-12-31"]] {
            let failure = #expect(throws: Failure.self) { try end(words[0], words[1]) }
            #expect(failure?.code == "CARE-6193" && failure?.text.zh.contains(words.joined(separator: " ")) == true)
        }
        #expect(throws: (any Error).self) { try end("--through", "2020-12-31", "--until", "2021-01-01") }
        #expect(throws: Failure.self) { try end("--through", "2020-02-30") }
    }

    @Test("--reveal 空着不算理由")
    func reasonsForLooking() throws {
        let desk = Desk(try CommonOptions.parse([]))
        #expect(try desk.revealReason(nil).isEmpty)
        #expect(try desk.revealReason(" 回访核对 ") == " 回访核对 ")
        for blank in ["", " ", "\t\n", "\u{3000}"] {
            let failure = #expect(throws: Failure.self) { try desk.revealReason(blank) }
            #expect(failure?.code == "CARE-7270" && failure?.advice?.zh.contains("--reveal 回访核对") == true)
        }
    }

    @Test("起点可以是位置，也可以是游标")
    func startingPoints() throws {
        let cursor = try StartingPoint.cursor("1200")
        #expect(try StartingPoint.cursor(StartingPoint.text(cursor)) == cursor)
        #expect(throws: Failure.self) { try StartingPoint.cursor("later") }
    }

    @Test("二十六位编号就是那一户的流")
    func streamNames() throws {
        let id = HouseholdID(Identifier128(high: 1, low: 2))
        #expect(try StreamNames.typed(id.description).text == "household-\(id)")
        #expect(try StreamNames.typed("pack-chenzhou-2014").text == "pack-chenzhou-2014")
        #expect(throws: (any Error).self) { try StreamNames.typed("nothing") }
    }

    @Test("文件种类由内容认出")
    func contents() throws {
        #expect(try ImportFile(path: "a", bytes: Array("\u{FEFF}  {\"command\":1}".utf8)).holdsCommands())
        #expect(try !ImportFile(path: "a", bytes: Array("户标识,身份".utf8)).holdsCommands())
        #expect(throws: Failure.self) {
            try ImportFile(path: "a", bytes: Array("[{\"command\":1}]".utf8)).holdsCommands()
        }
        let roster = try CSVTable(Array("区划代码,姓名,身份\n431002,王某,妻子\n".utf8))
        #expect(try ImportFile.content(of: roster) == .roster)
        let visits = try CSVTable(Array("年 月 日,户主姓名\n2021-07-01,王某\n".utf8))
        #expect(try ImportFile.content(of: visits) == .visits)
        #expect(try ImportFile(path: "a", bytes: Array("区划代码,姓名,身份\n431002,王某,妻子\n".utf8)).table().rows.count == 1)
        let headless = ImportFile(path: "a", bytes: Array("F1,,431002,王某,妻子\nF1,,431002,陈某,丈夫\n".utf8))
        let failure = #expect(throws: Failure.self) { try headless.table() }
        #expect(failure?.code == "CARE-7271")
        // Headings with a gap among them are headings: told as what they are.
        let gap = ImportFile(path: "a", bytes: Array("区划代码,,姓名,身份\n431002,,王某,妻子\n".utf8))
        let problem = #expect(throws: FileProblem.self) { try gap.table() }
        #expect(problem?.kind == .emptyHeading)
        let other = try CSVTable(Array("日期,金额\n2021-07-01,1\n".utf8))
        #expect(throws: Failure.self) { try ImportFile.content(of: other) }
    }

    @Test("退回的行写在原文件旁边")
    func rejectedPaths() {
        #expect(ImportFile(path: "d/名册.csv", bytes: []).rejectedPath("csv") == "d/名册.csv.rejected.csv")
        #expect(ImportFile(path: "-", bytes: []).rejectedPath("ndjson") == "stdin.rejected.ndjson")
    }

    @Test("退回的命令认得出是导入时写的")
    func rejectedLinesAreKnownAgain() {
        func isOurs(_ text: String) -> Bool { CommandFileImport.wroteRejected(Array(text.utf8)) }
        #expect(isOurs("{\"line\":3,\"code\":\"CARE-1304\",\"field\":\"members\",\"text_zh\":\"在别户\"}\n"))
        #expect(!isOurs("{\"command\":\"record_death\"}\n") && !isOurs("") && !isOurs("line 3 CARE-1304"))
    }
}

/// How answers of services become words and exit statuses.
struct FailureTests {
    @Test("文件夹建不了：说出路径和原因，不是系统的错误文本")
    func unwritableFolder() {
        do {
            try FileManager.default.createDirectory(atPath: "/proc/kept", withIntermediateDirectories: true)
            Issue.record("/proc takes folders")
        } catch {
            let failure = Failure(explaining: error)
            #expect(failure.code == "CARE-6199")
            #expect(failure.text.zh == "读写不了 /proc/kept（No such file or directory）")
            #expect(failure.advice != nil)
        }
    }

    @Test(
        "各种答复对应的退出码",
        arguments: [
            (BusProblem.unreachable, Exit.unreachable), (.overloaded, .temporary), (.deadline, .temporary),
            (.unknownKey, .notPermitted), (.malformed, .badData), (.fault, .internalError), (.starting, .temporary),
        ])
    func statuses(problem: BusProblem, exit: Exit) {
        let failure = Failure(.problem(problem))
        #expect(failure.exit == exit)
        #expect(failure.line(in: .chinese).hasPrefix(problem.code))
        #expect(failure.line(in: .english).contains(problem.textEN))
    }

    @Test("连不上和繁忙值得等，密钥不对不值得")
    func waiting() {
        #expect(Failure(.problem(.unreachable)).isWorthWaiting)
        #expect(Failure(.problem(.overloaded)).isWorthWaiting)
        #expect(!Failure(.problem(.unknownKey)).isWorthWaiting)
        #expect(Failure(.problem(.unknownKey)).endsImport)
    }

    @Test("字段和办法写在句子后面")
    func lines() {
        var failure = Failure(
            6199, UserText(zh: "不对", en: "wrong"), advice: UserText(zh: "请改", en: "change it"), exit: .usage)
        failure.field = "members[0].name"
        #expect(failure.line(in: .chinese) == "CARE-6199 不对（字段 members[0].name）。请改")
        #expect(failure.line(in: .english) == "CARE-6199 wrong (field members[0].name). change it")
    }
}

import ArgumentParser
import Foundation
import RuleEngine
import ServiceKit

/// `carectl rules test`
struct RulesTest: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the scenarios that stand beside packs; exit status 1 if one fails.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "A pack id, a version, a folder or a file; default: all.")
    var pack: String?

    @Option(help: "Write the results as JUnit XML to this file.")
    var junit: String?

    @Flag(help: "Name every scenario, not only those that fail.")
    var verbose = false

    func perform(_ desk: Desk) async throws {
        var results: [(pack: String, result: ScenarioResult)] = []
        for file in try source.files(pack) {
            let read = try RulePack.load(bytes: file.bytes, name: file.name)
            for scenarios in try source.scenarios(of: read, pack) {
                let suite = try ScenarioSuite.load(bytes: scenarios.bytes, name: scenarios.name, pack: read)
                results += suite.run().map { ("\(read.id)@\(read.validFrom)", $0) }
            }
        }
        let failed = results.filter { !$0.result.failures.isEmpty }
        for (pack, result) in results where verbose || !result.failures.isEmpty {
            let mark = result.failures.isEmpty ? "✓" : "✗"
            desk.print("\(mark) \(pack) \(result.clause) \(result.id): \(result.sentence)")
            for failure in result.failures { desk.print("    \(result.file) \(failure)") }
        }
        if let junit {
            do {
                try Data(JUnit.document(results).utf8).write(to: URL(fileURLWithPath: junit))
            } catch {
                throw Failure(
                    6189, UserText(zh: "写不了 \(junit)", en: "cannot write \(junit)"),
                    advice: UserText(zh: "检查文件夹是否存在、可写", en: "check that its folder is there and may be written to"),
                    exit: .usage)
            }
        }
        desk.mention(
            UserText(
                zh: "\(results.count) 个场景，\(failed.count) 个未通过",
                en: "\(results.count) scenarios, \(failed.count) failed"))
        if results.isEmpty {
            throw Failure(
                6181, UserText(zh: "没有找到场景文件", en: "no scenario file was found"),
                advice: UserText(zh: "场景放在包的 scenarios 文件夹", en: "scenarios stand in the pack's scenarios folder"),
                exit: .usage)
        }
        if !failed.isEmpty { desk.status = .problemsFound }
    }
}

/// Results as JUnit XML.
enum JUnit {
    static func document(_ results: [(pack: String, result: ScenarioResult)]) -> String {
        let failures = results.count { !$0.result.failures.isEmpty }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(results.count)\" failures=\"\(failures)\">\n"
        var suites: [String] = []
        for (pack, result) in results where !suites.contains("\(pack) \(result.file)") {
            suites.append("\(pack) \(result.file)")
        }
        for suite in suites {
            let own = results.filter { "\($0.pack) \($0.result.file)" == suite }
            let bad = own.count { !$0.result.failures.isEmpty }
            text += "  <testsuite name=\"\(escaped(suite))\" tests=\"\(own.count)\" failures=\"\(bad)\">\n"
            for (_, result) in own {
                let name = "\(result.id): \(result.sentence)"
                text += "    <testcase classname=\"\(result.clause)\" name=\"\(escaped(name))\""
                if result.failures.isEmpty {
                    text += "/>\n"
                } else {
                    let message = escaped(result.failures.joined(separator: "\n"))
                    text += ">\n      <failure message=\"\(message)\"/>\n    </testcase>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            default: result.append(character)
            }
        }
    }
}

import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import RuleEngine
import RulePacks
import ServiceKit
import SwiftProtobuf

/// `carectl rules`
struct RuleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Rule packs: check, try and publish them, set their parameters.",
        subcommands: [
            RulesList.self, RulesFacts.self, RulesSchema.self, RulesLint.self, RulesTest.self, RulesTry.self,
            RulesDiff.self, RulesCalendar.self, RulesAdjustments.self,
            RulesReplay.self, RulesAdopt.self, RulesArrears.self, RulesForecast.self,
            RulesColumns.self,
            RulesPublish.self, RulesSetParameter.self,
        ])
}

/// `carectl rules set-parameter`
struct RulesSetParameter: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-parameter", abstract: "Set the value of a published pack's parameter from a day on.",
        discussion: """
            A value that is set counts in place of the figures that the pack publishes, also of those that it publishes from a
            later day or in a later version, until its last day or until another is set: the answer names them, and so does
            --dry-run before anything is recorded. carectl rules ls lists which value counts from which day.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The pack, such as chenzhou-2014.")
    var pack: String

    @Argument(help: "The parameter, such as national_special_assistance.")
    var parameter: String

    @Argument(help: "The value; money in the unit that the pack says. A figure below zero stands last, after --.")
    var value: String

    @Option(help: "First day on which it holds.")
    var from: String

    @Option(help: "First day on which it no longer holds; or say --through.")
    var until: String?

    @Option(help: "Last day on which it holds (至).")
    var through: String?

    @Option(
        name: .customLong("for"),
        help: "Code that the value is for, such as urban; one for each key of the parameter, in order.")
    var keys: [String] = []

    @Option(help: "Where the figure comes from, such as the number of the document.")
    var source: String?

    @Flag(help: "Say which values it would stand in place of; record nothing.")
    var dryRun = false

    func validate() throws {
        guard until == nil || through == nil else {
            throw ValidationError(
                UserText(
                    zh: "--until（不再成立的第一天）和 --through（最后一天）只写一个",
                    en: "say --until (the first day without it) or --through (the last day), not both"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let (newest, definition) = try await definition(archive)
        let codes = try keys.map { key in
            guard let code = Code(key) else { throw Self.wrongKeys(definition) }
            return code
        }
        guard codes.count == definition.keys.count else { throw Self.wrongKeys(definition) }
        let from = try desk.day(from, option: "--from")
        let until = try end(after: from, desk)
        let figure = try ParameterText.value(value, of: definition)
        let days = DayPeriod(start: from, end: until)
        let issue = newest.settingIssues(of: definition, keys: codes.map(\.rawValue), value: figure, on: days).first
        if let issue { throw Self.refused(issue) }
        let set = ParameterSet(
            parameter: definition.id, keys: codes, value: figure,
            until: until, source: source)
        guard let pack = PackID(pack) else { throw Self.unknown(self.pack, parameter) }
        let earlier = try await earlier(set, from, archive)
        guard !dryRun else { return preview(set, definition, from, earlier, desk) }
        let id = CommandID.random()
        let message = try PackCommand.set(set, of: pack, id: id, occurredOn: from)
        let intake = try await desk.line(to: .intake)
        let recorded = try await intake.send(try message.serializedBytes(), id: id, method: .setParameter)
        desk.print("\(pack) \(recorded.sequences.lowerBound)")
        desk.mention(
            UserText(
                zh: "\(definition.title.chinese) 自 \(from) 起为 \(ParameterText.text(set.value))",
                en: "\(definition.title.english) is \(ParameterText.text(set.value)) from \(from) on"))
        if let earlier { mention(earlier, from, desk) }
        recorded.tellRemarks(desk)
    }

    /// What it would stand in place of.
    private func preview(
        _ set: ParameterSet, _ definition: ParameterDefinition, _ from: CivilDay, _ earlier: ParameterValue?,
        _ desk: Desk
    ) {
        let last = set.until.map { $0 - 1 }
        desk.mention(
            UserText(
                zh: "预览（未登记）：\(definition.title.chinese) 自 \(from) 起\(last.map { "至 \($0) " } ?? "")为 "
                    + ParameterText.text(set.value),
                en: "preview (nothing recorded): \(definition.title.english) is \(ParameterText.text(set.value)) "
                    + "from \(from) \(last.map { "through \($0)" } ?? "on")"))
        if let earlier { mention(earlier, from, desk) }
        let value = ParameterValue(
            parameter: set.parameter, keys: set.keys.map(\.rawValue), value: set.value,
            period: DayPeriod(start: from, end: set.until))
        if let remark = definition.remark(onSetting: value) {
            desk.mention(
                UserText(zh: "\(remark.code) \(remark.chinese)", en: "\(remark.code) \(remark.english)"))
        }
    }

    private func mention(_ earlier: ParameterValue, _ from: CivilDay, _ desk: Desk) {
        desk.mention(
            UserText(
                zh: "此前设定自 \(earlier.period.start) 起为 \(ParameterText.text(earlier.value))，自 \(from) 起由此取代",
                en: "in place of \(ParameterText.text(earlier.value)), set before from \(earlier.period.start)"))
    }

    /// The first day on which the value no longer holds, said either way; nil = it has no end.
    func end(after from: CivilDay, _ desk: Desk) throws -> CivilDay? {
        if let through {
            let last = try desk.day(through, option: "--through")
            guard last >= from else { throw Self.endsBefore(from, last) }
            return last + 1
        }
        guard let until else { return nil }
        let day = try desk.day(until, option: "--until")
        guard day > from else { throw Self.ends(on: day, from) }
        return day
    }

    /// The value set before that holds on the first day of the new one, if it is another.
    private func earlier(_ set: ParameterSet, _ from: CivilDay, _ archive: Line) async throws -> ParameterValue? {
        let known = try await archive.publishedRules().parameters.last {
            $0.parameter == set.parameter && $0.keys == set.keys.map(\.rawValue) && $0.period.contains(from)
        }
        return known.flatMap { $0.value == set.value ? nil : $0 }
    }

    /// The parameter as the latest published version of the pack declares it.
    private func definition(_ archive: Line) async throws -> (RulePack, ParameterDefinition) {
        let versions = try await archive.publishedPacks().filter { $0.pack.pack.rawValue == pack }
        let newest = versions.max { $0.pack.effectiveFrom < $1.pack.effectiveFrom }
        guard let newest else { throw Self.unknown(pack, parameter) }
        let loaded = try RulePack.load(bytes: newest.pack.bytes, name: pack)
        guard let definition = loaded.parameters.first(where: { $0.id.rawValue == parameter }) else {
            throw Self.unknown(pack, parameter)
        }
        return (loaded, definition)
    }

    private static func endsBefore(_ from: CivilDay, _ last: CivilDay) -> Failure {
        Failure(
            6193,
            UserText(
                zh: "--through \(last) 早于 --from \(from)，这个值一天也不适用",
                en: "--through \(last) lies before --from \(from): the value would hold on no day"),
            advice: UserText(
                zh: "--through 写适用的最后一天", en: "--through is the last day on which it holds"),
            exit: .usage)
    }

    private static func ends(on until: CivilDay, _ from: CivilDay) -> Failure {
        Failure(
            6193,
            UserText(
                zh: "--until \(until) 不晚于 --from \(from)，这个值一天也不适用",
                en: "--until \(until) is not after --from \(from): the value would hold on no day"),
            advice: UserText(
                zh: "--until 写不再适用的第一天", en: "--until is the first day on which it no longer holds"),
            exit: .usage)
    }

    private static func refused(_ issue: ParameterIssue) -> Failure {
        let code =
            switch issue.part {
            case .keys: 6172
            case .value: 6174
            case .period: 6175
            }
        return Failure(
            code, UserText(zh: issue.what.chinese, en: issue.what.english),
            advice: UserText(zh: issue.advice.chinese, en: issue.advice.english), exit: .usage)
    }

    private static func unknown(_ pack: String, _ parameter: String) -> Failure {
        Failure(
            6171,
            UserText(zh: "已发布的 \(pack) 没有参数 \(parameter)", en: "no published \(pack) has a parameter \(parameter)"),
            advice: UserText(zh: "用 carectl rules ls 查看", en: "see: carectl rules ls"), exit: .usage)
    }

    private static func wrongKeys(_ definition: ParameterDefinition) -> Failure {
        let names = definition.keys.joined(separator: "、")
        return Failure(
            6172,
            UserText(
                zh: "参数 \(definition.id) 需要 \(definition.keys.count) 个 --for：\(names)",
                en: "\(definition.id) needs \(definition.keys.count) times --for: \(names)"), exit: .usage)
    }
}

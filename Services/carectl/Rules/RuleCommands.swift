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
            RulesDiff.self, RulesCalendar.self,
            RulesReplay.self, RulesAdopt.self, RulesArrears.self, RulesForecast.self,
            RulesColumns.self,
            RulesPublish.self, RulesSetParameter.self,
        ])
}

/// `carectl rules publish`
struct RulesPublish: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Check packs and append them to the log; what is published stays as it is.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "A pack id (chenzhou-2014), a version (chenzhou-2014@2014-07-16), a file or a folder.")
    var pack: String?

    @Flag(help: "All packs that come with this program, or those of --packs.")
    var all = false

    func validate() throws {
        guard all != (pack != nil) else {
            throw ValidationError(
                UserText(zh: "请写一个政策包，或用 --all 表示全部", en: "give a PACK, or --all for all of them"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let packs = try source.files(pack).map { ($0, try RulePack.load(bytes: $0.bytes, name: $0.name)) }
        guard !packs.isEmpty else {
            throw Failure(
                6170, UserText(zh: "没有找到政策包文件", en: "no pack file was found"), exit: .usage)
        }
        let published = Set(try await desk.line(to: .careArchive).publishedPacks().map(\.pack.hash))
        let intake = try await desk.line(to: .intake)
        for (file, pack) in packs {
            let title = "\(pack.id)@\(pack.validFrom) \(pack.reference.shortHash)"
            guard !published.contains(pack.hash) else {
                desk.mention(UserText(zh: "\(title) 已发布过", en: "\(title) is published already"))
                continue
            }
            // A file that begins before the date of its own document says so itself.
            let transition: TransitionClause = pack.validFrom < pack.dated ? .retroactive : .all
            let message = try PackCommand.publish(
                PackPublished(
                    pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
                    bytes: file.bytes, transition: transition), id: Self.id(pack, on: desk.today),
                occurredOn: desk.today)
            let id = CommandID(bytes: message.commandID) ?? .random()
            _ = try await intake.send(try message.serializedBytes(), id: id, method: .publishPack)
            desk.print(title)
            if transition == .retroactive {
                desk.mention(
                    UserText(
                        zh: "\(title) 按其文件追溯适用：\(pack.validFrom) 起，文件 \(pack.dated) 印发",
                        en: "\(title) is retroactive by its document: from \(pack.validFrom), dated \(pack.dated)"))
            }
            desk.mention(
                UserText(zh: "\(title) 已发布：\(pack.title.chinese)", en: "\(title) published: \(pack.title.english)"))
        }
    }

    /// The same pack published twice on one day is one command, also when two people do it at the same time.
    private static func id(_ pack: RulePack, on day: CivilDay) -> CommandID {
        CommandID(Derivation.digest(Array("publish,\(pack.id),\(pack.validFrom),\(day)".utf8) + pack.hash))
    }
}

/// `carectl rules ls`
struct RulesList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the published pack versions and the parameters set later.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let packs = try await archive.publishedPacks()
        let parameters = try await archive.setParameters()
        if json {
            desk.print(
                JSON.object([
                    ("packs", .array(packs.map(Self.json))), ("parameters", .array(parameters.map(Self.json))),
                ]).text(indented: true))
            return
        }
        var table = TextTable([
            .init("政策包"), .init("施行"), .init("印发"), .init("摘要"), .init("发布"), .init("适用"),
            .init("名称", mayShrink: true),
        ])
        for published in packs {
            let pack = published.pack
            let title = (try? RulePack.load(bytes: pack.bytes, name: pack.pack.rawValue))?.title
            table.append([
                pack.pack.rawValue, "\(pack.effectiveFrom)", "\(pack.enactedOn)",
                String(Hexadecimal.text(pack.hash).prefix(12)), published.recordedAt.wallClock,
                desk.text(pack.transition.wording),
                title.map { UserText(zh: $0.chinese, en: $0.english)[desk.language] } ?? "",
            ])
        }
        desk.show(table)
        guard !parameters.isEmpty else { return }
        var values = TextTable([
            .init("政策包"), .init("参数"), .init("分项"), .init("值", .right), .init("自"), .init("至"),
            .init("来源", mayShrink: true),
        ])
        for set in parameters {
            values.append([
                set.pack, set.parameter.parameter.rawValue,
                set.parameter.keys.map(\.rawValue).joined(separator: ","), ParameterText.text(set.parameter.value),
                "\(set.from)", set.parameter.until?.description ?? "", set.parameter.source ?? "",
            ])
        }
        desk.print("")
        desk.show(values)
    }

    private static func json(_ published: PublishedPack) -> JSON {
        .object([
            ("pack", .string(published.pack.pack.rawValue)), ("effective_from", .day(published.pack.effectiveFrom)),
            ("enacted_on", .day(published.pack.enactedOn)), ("hash", .string(Hexadecimal.text(published.pack.hash))),
            ("transition", .string(published.pack.transition.rawValue)), ("recorded_at", .moment(published.recordedAt)),
        ])
    }

    private static func json(_ set: PublishedParameter) -> JSON {
        .object([
            ("pack", .string(set.pack)), ("parameter", .string(set.parameter.parameter.rawValue)),
            ("keys", .array(set.parameter.keys.map { .string($0.rawValue) })),
            ("value", .string(ParameterText.text(set.parameter.value))), ("from", .day(set.from)),
            ("until", .day(set.parameter.until)), ("source", .optional(set.parameter.source)),
        ])
    }
}

/// `carectl rules set-parameter`
struct RulesSetParameter: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-parameter", abstract: "Set the value of a published pack's parameter from a day on.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The pack, such as chenzhou-2014.")
    var pack: String

    @Argument(help: "The parameter, such as national_special_assistance.")
    var parameter: String

    @Argument(help: "The value; money in the unit that the pack says.")
    var value: String

    @Option(help: "First day on which it holds.")
    var from: String

    @Option(help: "First day on which it no longer holds.")
    var until: String?

    @Option(
        name: .customLong("for"),
        help: "Code that the value is for, such as urban; one for each key of the parameter, in order.")
    var keys: [String] = []

    @Option(help: "Where the figure comes from, such as the number of the document.")
    var source: String?

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let (newest, definition) = try await definition(archive)
        let codes = try keys.map { key in
            guard let code = Code(key) else { throw Self.wrongKeys(definition) }
            return code
        }
        guard codes.count == definition.keys.count else { throw Self.wrongKeys(definition) }
        let from = try desk.day(from, option: "--from")
        let figure = try ParameterText.value(value, of: definition)
        let issue = newest.issues(of: definition, keys: codes.map(\.rawValue), value: figure).first
        if let issue { throw Self.refused(issue) }
        let set = ParameterSet(
            parameter: definition.id, keys: codes, value: figure,
            until: try until.map { try desk.day($0, option: "--until") }, source: source)
        guard let pack = PackID(pack) else { throw Self.unknown(self.pack, parameter) }
        let earlier = try await earlier(set, from, archive)
        let id = CommandID.random()
        let message = try PackCommand.set(set, of: pack, id: id, occurredOn: from)
        let intake = try await desk.line(to: .intake)
        let recorded = try await intake.send(try message.serializedBytes(), id: id, method: .setParameter)
        desk.print("\(pack) \(recorded.sequences.lowerBound)")
        desk.mention(
            UserText(
                zh: "\(definition.title.chinese) 自 \(from) 起为 \(ParameterText.text(set.value))",
                en: "\(definition.title.english) is \(ParameterText.text(set.value)) from \(from) on"))
        guard let earlier else { return }
        desk.mention(
            UserText(
                zh: "此前设定自 \(earlier.period.start) 起为 \(ParameterText.text(earlier.value))，自 \(from) 起由此取代",
                en: "in place of \(ParameterText.text(earlier.value)), set before from \(earlier.period.start)"))
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

    private static func refused(_ issue: ParameterIssue) -> Failure {
        Failure(
            issue.part == .keys ? 6172 : 6174, UserText(zh: issue.what.chinese, en: issue.what.english),
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

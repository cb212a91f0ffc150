import ArgumentParser
import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import ServiceKit

/// `carectl rules facts`
struct RulesFacts: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts", abstract: "List what a pack reads: facts, parameters and readings.",
        discussion: """
            Nature: certified = holds only by a certificate or list, nothing on record means no; event = happened or not;
            plain = nothing on record means unknown. With --clause only what that clause looks at; without it also the codes
            that commands may name: sources of facts, pairing kinds, visit kinds and forms, needs, holidays; which departments hold
            which function; whose money goes to an institution in place of the person (代缴、代办) and where its account is named;
            and who states the figures of a city or village (指标数据), of which other figure one is a part, by which clause.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var source: PackSource

    @Argument(help: "A pack id, a version, a folder or a file.")
    var pack: String

    @Option(help: "Only the facts, parameters and readings of this clause.")
    var clause: String?

    @Flag(help: "One JSON document.")
    var json = false

    /// What is listed: all of the pack, or what one clause looks at.
    private struct Listing {
        var facts: [FactDefinition]
        var parameters: [ParameterDefinition]
        var readings: [Reading]
    }

    private func listing(_ pack: RulePack) throws -> Listing {
        guard let clause else {
            return Listing(
                facts: pack.vocabulary.facts.filter { $0.id != FactVocabulary.familyRole },
                parameters: pack.parameters, readings: pack.readings)
        }
        guard
            let found = pack.rules.map(\.clause).first(where: { $0.rawValue.lowercased() == clause.lowercased() })
        else {
            throw Failure(
                6328,
                UserText(
                    zh: "\(pack.id) 没有由事实求出的条款 \(clause)",
                    en: "\(pack.id) has no clause \(clause) that is computed from facts"),
                advice: UserText(zh: "如 \(pack.rules[0].clause)", en: "such as \(pack.rules[0].clause)"), exit: .usage)
        }
        let reads = pack.reads(found)
        return Listing(
            facts: reads.facts.map { pack.vocabulary.facts[$0] },
            parameters: reads.parameters.map { pack.parameters[$0] },
            readings: reads.readings.map { pack.readings[$0] })
    }

    func perform(_ desk: Desk) async throws {
        guard let pack = try source.read(pack).max(by: { $0.validFrom < $1.validFrom }) else { return }
        let listing = try listing(pack)
        if json {
            desk.print(page(pack, listing).text(indented: true))
            return
        }
        show(listing, pack, desk)
        guard clause == nil else { return }
        showPayees(pack, desk)
        showCodes(pack, desk)
        showOffices(pack, desk)
        showFigures(pack, desk)
    }

    /// 代缴、代办: whose money goes to an institution in place of the person.
    private static func payees(_ pack: RulePack) -> [(clause: ClauseID, payee: RulePayee)] {
        pack.rules.compactMap { rule in
            guard rule.amount?.money != nil, let payee = rule.payee else { return nil }
            return (rule.clause, payee)
        }
    }

    private func showPayees(_ pack: RulePack, _ desk: Desk) {
        let payees = Self.payees(pack)
        guard !payees.isEmpty else { return }
        var table = TextTable([
            .init("条款 clause"), .init("代缴、代办：付给机构 paid to", mayShrink: true), .init("收款账户编号 account"),
        ])
        for (clause, payee) in payees {
            table.append([
                clause.rawValue, desk.text(payee.title),
                payee.account?.rawValue ?? FactID.institutionAccountReference.rawValue,
            ])
        }
        desk.print("")
        desk.show(table)
    }

    private static func payeesPage(_ pack: RulePack) -> JSON {
        .array(
            payees(pack).map { clause, payee in
                .object([
                    ("clause", .string(clause.rawValue)), ("paid_to", .wording(payee.title)),
                    ("parameter", .optional(payee.account?.rawValue)),
                    ("fact", .optional(payee.account == nil ? FactID.institutionAccountReference.rawValue : nil)),
                ])
            })
    }

    /// Who states the figures of cities and villages.
    private func showFigures(_ pack: RulePack, _ desk: Desk) {
        guard !pack.figures.isEmpty else { return }
        var table = TextTable([
            .init("指标数据 figure"), .init("条款 clause"), .init("登记部门 stated by", mayShrink: true),
            .init("不大于 at most"),
        ])
        for figure in pack.figures {
            table.append([
                figure.fact.rawValue, figure.clause.rawValue,
                figure.statedBy?.map(\.rawValue).joined(separator: " ") ?? "*",
                figure.whole?.rawValue ?? figure.most.map { "\($0)" } ?? "",
            ])
        }
        desk.print("")
        desk.show(table)
    }

    /// The codes that commands are checked against, beside those of facts.
    private func showCodes(_ pack: RulePack, _ desk: Desk) {
        let lists = PackCodes.lists(of: pack)
        guard !lists.isEmpty else { return }
        var table = TextTable([
            .init("代码表 list"), .init("代码 code"), .init(desk.word("名称", "title"), mayShrink: true),
        ])
        for list in lists {
            for word in list.words {
                table.append(["\(list.name) \(list.chinese)", word.code.rawValue, desk.text(word.title)])
            }
        }
        desk.print("")
        desk.show(table)
    }

    /// Which departments do what where the pack applies.
    private func showOffices(_ pack: RulePack, _ desk: Desk) {
        guard !pack.functions.isEmpty else { return }
        var table = TextTable([.init("职能 function"), .init("部门 departments", mayShrink: true)])
        for function in CaseFunction.allCases {
            let departments = pack.functions[function].map { $0.map(\.rawValue).joined(separator: " ") }
            table.append(["\(function.rawValue) \(function.chinese)", departments ?? "*"])
        }
        for act in OwnedAct.allCases {
            guard let departments = pack.owners[act] else { continue }
            table.append(["\(act.rawValue) \(act.chinese)", departments.map(\.rawValue).joined(separator: " ")])
        }
        for (fact, departments) in pack.factOwners.sorted(by: { $0.key < $1.key }) {
            let title = pack.vocabulary[fact].map { desk.text($0.title) } ?? ""
            table.append(["\(fact) \(title)", departments.map(\.rawValue).joined(separator: " ")])
        }
        desk.print("")
        desk.show(table)
    }

    private func show(_ listing: Listing, _ pack: RulePack, _ desk: Desk) {
        var table = TextTable([
            .init("事实 fact"), .init("类型 type"), .init("性质 nature"), .init("值 values", mayShrink: true),
            .init("名称 title"),
        ])
        for fact in listing.facts {
            table.append([
                fact.id.rawValue, fact.type.name, fact.nature.rawValue, values(fact.type), desk.text(fact.title),
            ])
        }
        desk.show(table)
        var parameters = TextTable([
            .init("参数 parameter"), .init("类型 type"), .init("单位 unit"), .init("按 per"), .init("键 keys"),
            .init("值 values", .right), .init("名称 title", mayShrink: true),
        ])
        for parameter in listing.parameters {
            parameters.append([
                parameter.id.rawValue, parameter.type.name, parameter.unit ?? "", parameter.per?.description ?? "",
                parameter.keys.joined(separator: ","), "\(parameter.values.count)", desk.text(parameter.title),
            ])
        }
        desk.print("")
        desk.show(parameters)
        var readings = TextTable([
            .init("口径 reading"), .init("编号 question"), .init("选项 choices"), .init("默认 default"),
            .init("名称 title", mayShrink: true),
        ])
        for reading in listing.readings {
            readings.append([
                reading.id.rawValue, reading.question,
                reading.choices?.map(\.rawValue).joined(separator: " | ") ?? "true | false",
                FactValueText.text(reading.standard),
                desk.text(reading.title) + (pack.reach(of: reading).map { " (\(desk.text($0)))" } ?? ""),
            ])
        }
        desk.print("")
        desk.show(readings)
    }

    private func values(_ type: FactType) -> String {
        switch type {
        case .code(let codes): codes.map(\.rawValue).joined(separator: " | ")
        case .int(let range) where range != Int64.min...Int64.max: "\(range.lowerBound)…\(range.upperBound)"
        case .bool: "true | false"
        case .date: "2014-07-16"
        case .money: "元 yuan, 0.01"
        case .decimal: "0.001"
        case .division: "6 | 9 | 12 位 digits"
        case .int, .reference: ""
        }
    }

    private static func figures(of pack: RulePack) -> JSON {
        .array(
            pack.figures.map { figure in
                .object([
                    ("fact", .string(figure.fact.rawValue)), ("clause", .string(figure.clause.rawValue)),
                    ("stated_by", figure.statedBy.map { .array($0.map { .string($0.rawValue) }) } ?? .null),
                    ("part_of", .optional(figure.whole?.rawValue)), ("most", figure.most.map { .int($0) } ?? .null),
                ])
            })
    }

    private func page(_ pack: RulePack, _ listing: Listing) -> JSON {
        .object([
            ("pack", .string(pack.id.rawValue)), ("version", .day(pack.validFrom)),
            ("codes", clause == nil ? PackCodes.json(of: pack) : .null),
            (
                "facts",
                .array(
                    listing.facts.map { fact in
                        .object([
                            ("id", .string(fact.id.rawValue)), ("type", .string(fact.type.name)),
                            ("nature", .string(fact.nature.rawValue)), ("values", .string(values(fact.type))),
                            ("timeless", .bool(fact.isTimeless)), ("title", .wording(fact.title)),
                        ])
                    })
            ),
            ("figures", clause == nil ? Self.figures(of: pack) : .null),
            ("payees", clause == nil ? Self.payeesPage(pack) : .null),
            (
                "parameters",
                .array(
                    listing.parameters.map { parameter in
                        .object([
                            ("id", .string(parameter.id.rawValue)), ("type", .string(parameter.type.name)),
                            ("unit", .optional(parameter.unit)), ("per", .optional(parameter.per?.description)),
                            ("keys", .array(parameter.keys.map { .string($0) })),
                            ("values", .int(Int64(parameter.values.count))), ("title", .wording(parameter.title)),
                        ])
                    })
            ),
            (
                "readings",
                .array(
                    listing.readings.map { reading in
                        .object([
                            ("id", .string(reading.id.rawValue)), ("question", .string(reading.question)),
                            (
                                "choices",
                                .array((reading.choices?.map(\.rawValue) ?? ["true", "false"]).map { .string($0) })
                            ),
                            ("default", .string(FactValueText.text(reading.standard))),
                            ("title", .wording(reading.title)),
                            ("not_for", pack.reach(of: reading).map(JSON.wording) ?? .null),
                        ])
                    })
            ),
        ])
    }
}

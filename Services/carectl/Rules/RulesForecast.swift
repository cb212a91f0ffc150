import ArgumentParser
import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import RuleReplay
import ServiceKit

/// `carectl rules forecast`
struct RulesForecast: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract:
            "Rights that will begin or end, and the budget by month, division and payer, from facts already known.")

    @OptionGroup var common: CommonOptions

    @Option(help: "How many months, this one included.")
    var months = 12

    @Option(help: "Only what belongs to this division, 2 to 12 digits; of a family that moves its time there.")
    var division: String?

    @Flag(help: "Count proposals that wait for a person's decision as granted.")
    var assumeAwards = false

    @Option(help: "List at most this many beginnings and ends; 0 = all.")
    var limit = 50

    @Flag(help: "One JSON document.")
    var json = false

    func validate() throws {
        guard (1...600).contains(months) else {
            throw ValidationError(UserText(zh: "--months 应是 1 到 600", en: "--months must be 1 to 600"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let rules = try await archive.publishedRules()
        let evaluator = Evaluator(registry: rules.registry, parameters: rules.parameters)
        let first = CivilMonth(containing: desk.today)
        let divisions = try await archive.divisions()
        let packs = rules.registry.versions.map(\.pack).filter { pack in
            pack.territory.map { place in divisions.own.contains { $0.isWithin(place) || place.isWithin($0) } } ?? true
        }
        let withheld = ClausesWithheld(try await archive.withheld(), in: packs)
        withheld.mention(desk)
        let scope = try ReplayScope(asked: division, of: divisions.own, desk)
        let facts = try await LogFacts.read(archive, desk)
        let empty = Forecast(
            evaluator, from: first, months: months, assumesAwards: assumeAwards,
            scope: scope)
        var forecast = empty
        let apart = divisions.all || !evaluator.looksIntoFilesLeft() ? [] : facts.withUnseen
        let asked = Set(apart)
        var more = 0
        try await facts.each(desk, UserText(zh: "预测", en: "forecasting"), size: 32) { entries in
            entries.map { entry -> Forecast in
                var own = empty
                let facts = entry.facts
                own.add(entry.id, facts, without: withheld.of(facts))
                return own
            }
        } take: { entry, own in
            guard !asked.contains(entry.id) else { return }
            if own.households > 0, withheld.differsByFamily, withheld.of(entry.facts).count > withheld.clauses.count {
                more += 1
            }
            forecast.add(own)
        }
        withheld.mention(families: more, desk)
        var leftOut = facts.leftOut
        if !divisions.all {
            let elsewhere = FamiliesElsewhere(archive: archive, division: division)
            for households in apart.isEmpty ? [[]] : [[], apart] {
                leftOut.add(
                    try await elsewhere.add(
                        to: &forecast, from: first, months: months, assumesAwards: assumeAwards, of: households))
            }
        } else if evaluator.looksIntoFilesLeft() {
            facts.mentionUnseen(desk)
        }
        leftOut.mention(desk)
        let turns = forecast.orderedTurns
        let told = json || limit == 0 ? turns[...] : turns.prefix(limit)
        let names = try await BeneficiaryNames.of(told.map { ($0.household, $0.subject.person) }, archive, desk)
        if forecast.households == 0, let division { desk.mentionNobody(in: division) }
        if json {
            desk.print(page(forecast, names, withheld).text(indented: true))
        } else {
            show(forecast, turns, names, desk)
        }
    }

    private func show(_ forecast: Forecast, _ turns: [Forecast.Turn], _ names: BeneficiaryNames, _ desk: Desk) {
        var list = TextTable([
            .init("日期 day"), .init("起止 turn"), .init("户 household"), .init("条款 clause"), .init("对象 who"),
            .init("金额 sum", .right),
        ])
        for turn in limit == 0 ? turns[...] : turns.prefix(limit) {
            list.append([
                turn.begins ? "\(turn.day)" : "\(turn.day - 1)", turn.begins ? "起 begins" : "止 ends",
                turn.household.description, turn.clause.rawValue,
                names.who(turn.subject, in: turn.household), turn.amount?.description ?? "",
            ])
        }
        desk.show(list)
        if limit != 0, turns.count > limit { desk.print("… \(turns.count - limit)") }
        var budget = TextTable([
            .init("月份 month"), .init("区县 county"), .init("承担 payer"), .init("应发 due", .right),
        ])
        for (key, sum) in forecast.budgetByCounty.sorted(by: { $0.key < $1.key }) {
            let payer =
                desk.language == .chinese ? KnownOffices.name(ofPayer: Code(unchecked: key.payer)) : key.payer
            budget.append([key.month.description, key.division, payer, sum.description])
        }
        desk.print("")
        desk.show(budget)
        showFailed(forecast, desk)
        desk.mention(
            UserText(
                zh: "共 \(forecast.households) 户，\(turns.count) 处起止",
                en: "\(forecast.households) households, \(turns.count) turns"))
    }

    /// What no budget counts.
    private func showFailed(_ forecast: Forecast, _ desk: Desk) {
        guard !forecast.failed.isEmpty else { return }
        var table = TextTable([
            .init("规则出错 failed"), .init("户 household"), .init("条款 clause"), .init("对象 who"),
        ])
        for failed in limit == 0 ? forecast.failed[...] : forecast.failed.prefix(limit) {
            table.append([
                failed.first == failed.last ? "\(failed.first)" : "\(failed.first)…\(failed.last)",
                failed.household.description, failed.clause.rawValue, ReplayText.who(failed.subject),
            ])
        }
        desk.print("")
        desk.show(table)
        desk.say(
            UserText(
                zh: "\(forecast.failed.count) 处规则出错，这些月份的金额不在预算中",
                en: "\(forecast.failed.count) times a rule ends in an error; sums of these months are in no budget"))
    }

    private func page(_ forecast: Forecast, _ names: BeneficiaryNames, _ withheld: ClausesWithheld) -> JSON {
        .object([
            ("households", .int(Int64(forecast.households))), ("assumes_awards", .bool(assumeAwards)),
            ("withheld", withheld.json),
            (
                "turns",
                .array(
                    forecast.orderedTurns.map { turn in
                        .object([
                            ("day", .day(turn.day)), ("begins", .bool(turn.begins)),
                            ("household", .string(turn.household.description)),
                            ("division", .optional(turn.division?.rawValue)),
                            ("clause", .string(turn.clause.rawValue)), ("who", .string(ReplayText.who(turn.subject))),
                            ("who_zh", .string(names.who(turn.subject, in: turn.household))),
                            ("amount_fen", .fen(turn.amount)),
                        ])
                    })
            ),
            (
                "failed",
                .array(
                    forecast.failed.map { failed in
                        .object([
                            ("household", .string(failed.household.description)),
                            ("division", .optional(failed.division?.rawValue)),
                            ("clause", .string(failed.clause.rawValue)),
                            ("who", .string(ReplayText.who(failed.subject))),
                            ("first_month", .string(failed.first.description)),
                            ("last_month", .string(failed.last.description)),
                        ])
                    })
            ),
            (
                "budget",
                .array(
                    forecast.budget.sorted { $0.key < $1.key }.map { key, sum in
                        .object([
                            ("month", .string(key.month.description)), ("division", .string(key.division)),
                            ("payer", .string(key.payer)), ("due_fen", .fen(sum)),
                        ])
                    })
            ),
        ])
    }
}

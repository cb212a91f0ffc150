import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl loan show`
struct LoanShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a case with its schedule, its acts and what is missing.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Case id, or a beginning of it that is unique.")
    var loan: String

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let page = try await desk.line(to: .careArchive).loan(loan, on: day)
        if json { return desk.print(page.json.text(indented: true)) }
        let entry = page.entry
        var head = TextTable([.init("个案"), .init(entry.loan.idText)])
        head.append(["户、母亲", "\(entry.application.household.idText) \(entry.application.mother.idText)"])
        head.append([
            "申请",
            "\(DayText.of(entry.appliedOn)) \(LendingWords.mode(entry.application.mode)) \(Fen(entry.application.amountFen)) 元",
        ])
        head.append(["状态", LendingWords.state(entry.state)])
        if !entry.missingSteps.isEmpty {
            head.append(["还缺", entry.missingSteps.map(LendingWords.missing).joined(separator: "、")])
        }
        head.append(["未还本金", Fen(entry.outstandingFen).description])
        let recovered = LendingWords.recovered(page.acts)
        if recovered > .zero { head.append(["核销后收回", recovered.description]) }
        head.append(["其中逾期", Fen(entry.overdueFen).description])
        head.append(["责任人", entry.helper])
        head.append(["阶段", LendingWords.stage(entry.stage)])
        head.append(["脱贫", entry.isOut ? "已认定" : ""])
        desk.show(head)
        if !page.instalments.isEmpty {
            var table = TextTable([.init("到期日"), .init("应还", .right), .init("已还", .right), .init("")])
            for line in page.instalments {
                table.append([
                    DayText.of(line.instalment.dueDay), Fen(line.instalment.amountFen).description,
                    Fen(line.repaidFen).description, line.isOverdue ? "逾期" : "",
                ])
            }
            desk.show(table)
        }
        var acts = TextTable([
            .init("序", .right), .init("日期"), .init("事项"), .init("内容"), .init("金额", .right), .init("经办"),
        ])
        for act in page.acts {
            acts.append([
                "#\(act.sequence)", DayText.of(act.occurredOn),
                EventKind(rawValue: Int(act.kind))?.title ?? "", LendingWords.detail(act) + LendingWords.reversal(act),
                act.amountFen == 0 ? "" : Fen(act.amountFen).description, act.actor,
            ])
        }
        desk.show(acts)
    }
}

/// Which cases to list.
struct LoanListOptions: ParsableArguments {
    @Option(help: "Only of this division: 6, 9 or 12 digits.")
    var division: String?

    @Option(help: "As of this day; otherwise today.")
    var asOf: String?

    @Flag(help: "One JSON document.")
    var json = false

    func show(_ filter: String, daysAhead: Int = 0, household: HouseholdID? = nil, _ desk: Desk) async throws {
        let day = try desk.day(asOf, option: "--as-of")
        let query = Care_V1_ListLoansQuery.with {
            $0.asOf = day.dayNumber
            $0.division = division ?? ""
            $0.filter = filter
            $0.daysAhead = UInt32(clamping: daysAhead)
            if let household { $0.household = .init(household.value.bytes) }
        }
        let entries = try await desk.line(to: .careArchive).loans(query)
        if json {
            return desk.print(JSON.object([("loans", .array(entries.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init("个案"), .init("户编号"), .init("模式"), .init("金额", .right), .init("状态"), .init("未还", .right),
            .init("逾期", .right), .init("下一期"), .init("应还", .right), .init("责任人"),
        ])
        for entry in entries {
            table.append([
                entry.loan.idText, entry.application.household.idText, LendingWords.mode(entry.application.mode),
                Fen(entry.application.amountFen).description, LendingWords.state(entry.state),
                Fen(entry.outstandingFen).description, Fen(entry.overdueFen).description,
                DayText.of(entry.next.dueDay, ifSet: entry.hasNext),
                entry.hasNext ? Fen(entry.nextRestFen).description : "", entry.helper,
            ])
        }
        desk.show(table)
        desk.mention(UserText(zh: "\(entries.count) 件", en: "\(entries.count) cases"))
    }
}

/// `carectl loan list`
struct LoanList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List loans and other aid.", aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LoanListOptions

    @Flag(help: "Only those that are not over.")
    var open = false

    @Option(help: "Only of this household.")
    var household: String?

    func perform(_ desk: Desk) async throws {
        let home: HouseholdID? =
            if let household {
                try await desk.line(to: .careArchive).household(household, on: desk.today)
            } else { nil }
        try await options.show(open ? "open" : "all", household: home, desk)
    }
}

/// `carectl loan due`
struct LoanDue: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "due", abstract: "Loans of which something falls due within the days ahead, or fell due already.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LoanListOptions

    @Option(help: "So many days ahead.")
    var days = 30

    func perform(_ desk: Desk) async throws { try await options.show("due", daysAhead: days, desk) }
}

/// `carectl loan overdue`
struct LoanOverdue: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "overdue",
        abstract: "Loans with an unpaid rest whose due day is over; the due day itself is in time.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: LoanListOptions

    func perform(_ desk: Desk) async throws { try await options.show("overdue", desk) }
}

extension Care_V1_LoanEntry {
    var json: JSON {
        .object([
            ("loan", .id(loan)), ("fund", .id(application.fund)), ("household", .id(application.household)),
            ("mother", .id(application.mother)), ("number", .int(Int64(application.number))),
            ("mode", .string(application.mode)), ("division", .string(application.division)),
            ("purpose", .string(application.purpose)), ("amount_fen", .int(application.amountFen)),
            ("applied_on", .day(appliedOn)), ("state", .string(state)),
            ("disbursed_on", .day(disbursedOn, ifSet: hasDisbursedOn)), ("outstanding_fen", .int(outstandingFen)),
            ("overdue_fen", .int(overdueFen)), ("next_due", .day(next.dueDay, ifSet: hasNext)),
            ("next_rest_fen", hasNext ? .int(nextRestFen) : .null),
            ("helper", helper.isEmpty ? .null : .string(helper)), ("stage", stage.isEmpty ? .null : .string(stage)),
            ("out_of_poverty", .bool(isOut)), ("missing", .array(missingSteps.map { .string($0) })),
        ])
    }
}

extension Care_V1_LoanPage {
    var json: JSON {
        let schedule = instalments.map { line in
            JSON.object([
                ("due", .day(line.instalment.dueDay)), ("amount_fen", .int(line.instalment.amountFen)),
                ("repaid_fen", .int(line.repaidFen)), ("overdue", .bool(line.isOverdue)),
            ])
        }
        let acts = self.acts.map { act in
            JSON.object([
                ("sequence", .count(act.sequence)), ("on", .day(act.occurredOn)), ("kind", .int(Int64(act.kind))),
                ("title", .string(EventKind(rawValue: Int(act.kind))?.title ?? "")),
                ("actor", act.actor.isEmpty ? .null : .string(act.actor)),
                ("detail", act.detail.isEmpty ? .null : .string(act.detail)), ("amount_fen", .int(act.amountFen)),
                ("reverses", act.reverses == 0 ? .null : .count(act.reverses)),
                ("reversed_by", act.reversedBy == 0 ? .null : .count(act.reversedBy)),
                ("reversed_on", .day(act.reversedOn, ifSet: act.hasReversedOn)),
            ])
        }
        return .object([("loan", entry.json), ("instalments", .array(schedule)), ("acts", .array(acts))])
    }
}

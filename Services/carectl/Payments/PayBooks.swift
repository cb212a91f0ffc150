import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl pay ls`
struct PayList: CareCommand {
    static let configuration = CommandConfiguration(commandName: "ls", abstract: "List payment batches.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only of this division: 6, 9 or 12 digits.")
    var division: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_ListPaymentBatchesQuery.with { $0.division = division ?? "" }
        let archive = try await desk.line(to: .careArchive)
        guard case .paymentBatches(let list) = try await archive.ask(.listPaymentBatches(query)) else {
            throw Failure.badAnswer
        }
        if json {
            desk.print(JSON.object([("batches", .array(list.batches.map(\.json)))]).text(indented: true))
            return
        }
        var table = TextTable([
            .init("批次"), .init("类别"), .init("区划"), .init("月份"), .init("状态"), .init("户数", .right), .init("笔数", .right),
            .init("金额", .right),
        ])
        for batch in list.batches {
            table.append([
                batch.batch.idText, batch.kindWord, desk.place(batch.scope.division), batch.months, batch.stateWord,
                "\(batch.memberCount)", "\(batch.lineCount)", Fen(batch.totalFen).description,
            ])
        }
        desk.show(table)
    }
}

/// `carectl pay show`
struct PayShow: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a batch with its lines, each with the family's order behind it, and its files for the bank.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Batch id, or a beginning of it that is unique.")
    var batch: String

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "The lines as a CSV file.")
    var csv = false

    private static let titles = ["笔", "户编号", "凭证", "条款", "名称", "对象", "月份", "金额", "出资", "状态", "原因"]
    /// Of whom of a line an accident alone says that they died.
    private static let deathTitle = "去世尚未登记"

    func perform(_ desk: Desk) async throws {
        let page = try await desk.line(to: .careArchive).batch(batch)
        if json {
            let lines = try page.lines.map(Self.json)
            let document = JSON.object([
                ("batch", page.summary.json), ("lines", .array(lines)), ("files", .array(page.files.map(\.json))),
            ])
            return desk.print(document.text(indented: true))
        }
        if csv {
            var file = CSVWriter()
            file.append(Self.titles + [Self.deathTitle])
            for line in page.lines {
                let death = line.hasUnrecordedDeath ? line.unrecordedDeath.roleWord(desk) : ""
                file.append(try Self.row(line, page.summary) + [death])
            }
            return StandardOutput.write(file.bytes)
        }
        desk.show(page.summaryTable)
        var table = TextTable(
            Self.titles.enumerated().map { .init($1, $0 == 0 || $0 == 7 ? .right : .left, mayShrink: $0 == 4) })
        for line in page.lines { table.append(try Self.row(line, page.summary)) }
        desk.show(table)
        if !page.files.isEmpty { desk.show(page.fileTable) }
        for line in page.lines where line.hasUnrecordedDeath {
            desk.say(line.unrecordedDeath.sentence(ofLine: line.number, desk))
        }
    }

    private static func row(
        _ line: Care_V1_PaymentBatchPage.Line, _ batch: Care_V1_PaymentBatchSummary
    ) throws -> [String] {
        let ordered = try OrderedLine(wire: line.line)
        let who: String
        switch ordered.subject {
        case .household: who = "户"
        case .person(let person): who = "人 \(person)"
        case .incident(let incident): who = "事件 #\(incident.sequence)"
        }
        return [
            "\(line.number)", line.household.idText, "#\(line.orderSequence)", ordered.clause.rawValue, line.title,
            who + line.institutionWords,
            ordered.first == ordered.last ? "\(ordered.first)" : "\(ordered.first)…\(ordered.last)",
            ordered.amount.description,
            ordered.parts.map { "\(PaymentWords.payer($0.payer.rawValue)) \($0.amount * ordered.months)" }.joined(
                separator: "、"),
            batch.lineStateWord(line.state), line.reason,
        ]
    }

    private static func json(_ line: Care_V1_PaymentBatchPage.Line) throws -> JSON {
        let ordered = try OrderedLine(wire: line.line)
        return .object([
            ("number", .int(Int64(line.number))), ("household", .id(line.household)),
            ("order", .count(line.orderSequence)), ("clause", .string(ordered.clause.rawValue)),
            ("subject", .string(ordered.subject.description)), ("first_month", .string(ordered.first.description)),
            ("last_month", .string(ordered.last.description)), ("sum_fen", .int(ordered.amount.amount)),
            (
                "payers",
                .array(
                    ordered.parts.map {
                        .object([
                            ("payer", .string($0.payer.rawValue)), ("sum_fen", .int($0.amount.amount * ordered.months)),
                        ])
                    })
            ), ("state", .string(line.state)), ("reason", line.reason.isEmpty ? .null : .string(line.reason)),
            ("unrecorded_death", line.hasUnrecordedDeath ? line.unrecordedDeath.json : .null),
            ("holders", .array(line.holders.map(\.json))),
        ])
    }
}

extension Care_V1_PaymentBatchPage.Line {
    /// Of a sum that is taken back from institutions which: `（向所住的养老机构收回）`.
    fileprivate var institutionWords: String {
        var titles: [String] = []
        for holder in holders where !holder.titleZh.isEmpty && !titles.contains(holder.titleZh) {
            titles.append(holder.titleZh)
        }
        return titles.isEmpty ? "" : "（向\(titles.joined(separator: "、"))收回）"
    }
}

extension Care_V1_PaymentBatchPage.Holder {
    fileprivate var json: JSON {
        .object([
            ("institution_zh", titleZh.isEmpty ? .null : .string(titleZh)),
            ("institution_en", titleEn.isEmpty ? .null : .string(titleEn)),
            ("account_ref", accountRef.isEmpty ? .null : .string(accountRef)), ("sum_fen", .int(amountFen)),
        ])
    }
}

/// `carectl pay reconcile`
struct PayReconcile: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Prove that the books are right: every event balanced, every line as its family's file has it.",
        discussion: """
            Exit status 0 when all is right, 1 when something is not; each finding is listed. A recovery whose payment was
            reversed is one (recovery_unfounded), until it is reversed, too, or what was collected was given back (pay decide,
            then a batch of kind arrears).
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Only this batch; otherwise all.")
    var batch: String?

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let query = Care_V1_ReconcileQuery.with { $0.batch = batch ?? "" }
        let archive = try await desk.line(to: .careArchive)
        guard case .reconciliation(let found) = try await archive.ask(.reconcile(query), timeout: .seconds(120)) else {
            throw Failure.badAnswer
        }
        let isRight = found.findings.isEmpty && found.sumFen == 0
        if !isRight { desk.status = .problemsFound }
        if json {
            let document = JSON.object([
                ("batches", .int(Int64(found.batchCount))), ("events", .count(found.eventCount)),
                ("lines", .count(found.lineCount)), ("sum_fen", .int(found.sumFen)),
                ("balances", .balances(found.balances)),
                (
                    "findings",
                    .array(
                        found.findings.map {
                            .object([
                                ("batch", .id($0.batch)), ("line", .int(Int64($0.line))), ("code", .string($0.code)),
                                ("household", $0.household.isEmpty ? .null : .id($0.household)),
                            ])
                        })
                ),
            ])
            return desk.print(document.text(indented: true))
        }
        var table = TextTable([.init("科目"), .init("余额（借为正）", .right)])
        for posting in found.balances {
            table.append([PaymentWords.account(posting.account), Fen(posting.amountFen).description])
        }
        table.append(["合计", Fen(found.sumFen).description])
        desk.show(table)
        for finding in found.findings {
            let what = desk.word(PaymentWords.finding(finding.code), finding.code)
            desk.print("\(what) \(finding.batch.idText) \(finding.line) \(finding.household.idText)")
        }
        desk.say(
            isRight
                ? UserText(
                    zh: "\(found.batchCount) 个批次、\(found.lineCount) 笔、\(found.eventCount) 条记录：账平，与各户档案一致",
                    en:
                        "\(found.batchCount) batches, \(found.lineCount) lines, \(found.eventCount) events: books balanced"
                )
                : UserText(zh: "有 \(found.findings.count) 处不符", en: "\(found.findings.count) findings"))
    }
}

import ArgumentParser
import CareDomain
import CareWire
import OfficeFiles
import ServiceKit

extension ConsultationAnswered.Outcome: ExpressibleByArgument {}

/// `carectl consult`
struct ConsultCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consult", abstract: "Prior consultation (事先征询): ask before a project, answer, arrange.",
        discussion: """
            Who asks is the department of the key that speaks; only the department that was asked answers, and a project is arranged only
            after the answer. Guiyang, item 18: every department asks the population department before it arranges a listed project.
            """,
        subcommands: [ConsultAsk.self, ConsultAnswer.self, ConsultArrange.self, ConsultList.self])
}

/// `carectl consult ask`
struct ConsultAsk: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask another department about a project, once.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions

    @Argument(help: "The project, a code.")
    var project: String

    @Option(help: "poverty, farmland, water, land, countryside or another code.")
    var kind: String

    @Option(help: "The clause on which it rests, such as GY-3.18a.")
    var clause: String

    @Option(help: "The department that is asked, such as dept.fp.")
    var to: String

    @Option(help: "The answer is due on this day; otherwise ten days later.")
    var due: String?

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let asked = ConsultationAsked(
            project: try Code.typed(project, option: "PROJECT"), kind: try Code.typed(kind, option: "--kind"),
            clause: try ClauseID.typed(clause), to: try DepartmentID.typed(to, option: "--to"),
            dueOn: try due.map { try desk.day($0, option: "--due") } ?? day + 10)
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, .asked(asked), [project, kind, clause, to, "\(asked.dueOn)"]), desk)
    }
}

/// `carectl consult answer`
struct ConsultAnswer: CareCommand {
    static let configuration = CommandConfiguration(commandName: "answer", abstract: "Answer a question.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions

    @Argument(help: "Number of the question in the division's book.")
    var number: UInt64

    @Option(help: "agreed, conditions or objected.")
    var outcome: ConsultationAnswered.Outcome

    @Option(help: "Reference of the letter, a code.")
    var paper: String?

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let answer = ConsultationAnswered(
            question: EventReference(sequence: number), outcome: outcome,
            paper: try paper.map { try Code.typed($0, option: "--paper") })
        try await desk.line(to: .intake).duty(
            DutyCommand(division, day, .answered(answer), ["\(number)", outcome.rawValue, paper ?? ""]), desk)
    }
}

/// `carectl consult arrange`
struct ConsultArrange: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "arrange", abstract: "The project was arranged; refused while there is no answer.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var book: DutyBookOptions

    @Argument(help: "Number of the question in the division's book.")
    var number: UInt64

    func perform(_ desk: Desk) async throws {
        let (division, day) = (try book.code(), try book.day(desk))
        let arranged = ProjectArranged(question: EventReference(sequence: number))
        try await desk.line(to: .intake).duty(DutyCommand(division, day, .arranged(arranged), ["\(number)"]), desk)
    }
}

/// `carectl consult list`
struct ConsultList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List questions and answers; ends with 1 when an answer is overdue.",
        aliases: ["ls"])

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: DutyListOptions

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(options.asOf, option: "--as-of")
        let query = Care_V1_ListConsultationsQuery.with {
            $0.division = options.division ?? ""
            $0.asOf = day.dayNumber
        }
        guard
            case .consultations(let list) = try await desk.line(to: .careArchive).ask(.listConsultations(query))
        else { throw Failure.badAnswer }
        if list.consultations.contains(where: { $0.state == DutyBook.Consultation.State.overdue.rawValue }) {
            desk.status = .problemsFound
        }
        if options.json {
            return desk.print(
                JSON.object([("consultations", .array(list.consultations.map(\.json)))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("区划", "division")), .init("", .right), .init(desk.word("项目", "project")),
            .init(desk.word("类别", "kind")), .init(desk.word("条款", "clause")), .init(desk.word("征询", "from")),
            .init(desk.word("答复部门", "to")), .init(desk.word("征询日", "asked")), .init(desk.word("期限", "due")),
            .init(desk.word("答复日", "answered")), .init(desk.word("答复", "answer")), .init(desk.word("状态", "state")),
        ])
        for one in list.consultations {
            table.append([
                desk.place(one.division), "#\(one.sequence)", one.question.project,
                DutyWords.project(one.question.kind, desk), one.question.clause,
                DutyWords.office(one.question.from, desk), DutyWords.office(one.question.to, desk),
                DayText.of(one.askedOn),
                DayText.of(one.question.dueDay), DayText.of(one.answeredOn, ifSet: one.hasAnsweredOn),
                one.hasAnsweredOn ? DutyWords.outcome(one.answer.outcome, desk) : "",
                DutyWords.state(one.state, desk),
            ])
        }
        desk.show(table)
    }
}

extension Care_V1_ConsultationList.Consultation {
    var json: JSON {
        .object([
            ("division", .string(division)), ("number", .count(sequence)), ("project", .string(question.project)),
            ("kind", .string(question.kind)), ("clause", .string(question.clause)), ("from", .string(question.from)),
            ("to", .string(question.to)), ("asked_on", .day(askedOn)), ("due_on", .day(question.dueDay)),
            ("answered_on", .day(answeredOn, ifSet: hasAnsweredOn)),
            ("outcome", hasAnsweredOn ? .string(answer.outcome) : .null),
            ("paper", answer.hasPaper ? .string(answer.paper) : .null),
            ("arranged_on", .day(arrangedOn, ifSet: hasArrangedOn)), ("state", .string(state)),
        ])
    }
}

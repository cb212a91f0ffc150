import ArgumentParser
import CareDomain
import CareProjections
import ServiceKit

/// `carectl incident`
struct IncidentCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "Accidents and disasters that struck a family (突发事件): report one.",
        discussion: """
            The claim on the accident insurance opens in the family's plan by itself (plan done, when it was seen to). A report
            that says somebody died records no death: that takes a day and a document (case death). What was reported wrongly
            is reported anew with --corrects, or taken back with case withdraw.
            """,
        subcommands: [IncidentReport.self])
}

/// Which earlier entry is put right, and why.
struct CorrectionOptions: ParsableArguments {
    @Option(help: "Put an earlier entry right: its number, as household show prints it.")
    var corrects: UInt64?

    @Option(help: "Why it was wrong: typing_error, wrong_person, late_document, duplicate or other.")
    var reason: String?

    func validate() throws {
        guard (corrects == nil) != (reason == nil) else { return }
        throw ValidationError(
            UserText(zh: "--corrects 与 --reason 要一起写", en: "--corrects and --reason belong together"))
    }

    /// What stands in the command; nil = nothing is put right.
    func correction(_ page: CareArchive) throws -> Correction? {
        guard let corrects, let reason else { return nil }
        return try page.correction(of: corrects, because: reason)
    }
}

extension CareArchive {
    /// The correction of an entry, in the form that it has now.
    /// - Parameter reason: As typed, a code or its word.
    func correction(of sequence: UInt64, because reason: String) throws -> Correction {
        guard sequence > 0 else {
            throw Failure(
                7277, UserText(zh: "记录序号从 1 起", en: "entries are numbered from 1"),
                advice: UserText(zh: "序号见 carectl household show", en: "carectl household show prints the numbers"),
                exit: .usage)
        }
        var latest = sequence
        while let next = history.first(where: { $0.sequence == latest })?.correctedBy { latest = next }
        let known = Correction.reason(typed: reason)
        guard known.text == nil else {
            let words = Correction.reasons
            throw Failure(
                7278,
                UserText(
                    zh: "--reason 应是 " + words.map { "\($0.chinese)（\($0.code)）" }.joined(separator: "、"),
                    en: "--reason must be one of " + words.map { "\($0.code)" }.joined(separator: ", ")), exit: .usage)
        }
        return Correction(corrects: EventReference(sequence: latest), reason: known.code)
    }
}

/// `carectl incident report`
struct IncidentReport: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Report what struck a family, whom, and with what outcome.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var putRight: CorrectionOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Option(help: "What it was: \(RecordWords.codes(RecordWords.incidentKinds)).")
    var kind: String

    @Option(
        help: """
            Whom it struck, as MEMBER=death, MEMBER=disability or MEMBER=disability:GRADE with a grade of 1 to 4; MEMBER is wife, \
            husband, single_parent, only_child or a person id. May be repeated.
            """)
    var victim: [String]

    @Option(help: "The day on which it happened; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let kind = try Code.typed(kind, option: "--kind")
        let typed = try victim.map(Self.victim)
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        var victims: [IncidentReported.Victim] = []
        for one in typed {
            victims.append(
                .init(person: try await one.member.person(in: page), outcome: one.outcome, grade: one.grade))
        }
        let command = HouseholdCommand(
            id: .random(), household: page.header.household, occurredOn: day,
            correction: try putRight.correction(page),
            action: .reportIncident(IncidentReported(kind: kind, victims: victims)))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// Reads `wife=disability:2`.
    static func victim(_ text: String) throws -> (member: TypedMember, outcome: Code, grade: Int?) {
        let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
        let parts = (halves.last ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        let grade = parts.count == 2 ? Int(parts[1]) : nil
        guard halves.count == 2, let outcome = parts.first.flatMap({ Code($0) }), parts.count == 1 || grade != nil
        else {
            throw Failure(
                7279,
                UserText(
                    zh: "--victim 应写成 成员=后果，如 wife=death、husband=disability:2",
                    en: "--victim is MEMBER=OUTCOME, such as wife=death or husband=disability:2"), exit: .usage)
        }
        return (try TypedMember(halves[0], option: "--victim"), outcome, grade)
    }
}

/// `carectl case withdraw`
struct CaseWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take an entry of a family's file back, with nothing in its place: it did not happen.",
        discussion: """
            The entry stays in the log and on the page, marked as withdrawn, with the reason. What rested on it is determined
            anew. A registration is not withdrawn: a file that should not be there is marked as registered in error.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Number of the entry, as household show prints it.")
    var entry: UInt64

    @Option(help: "Why: typing_error, wrong_person, late_document, duplicate or other.")
    var reason: String

    func perform(_ desk: Desk) async throws {
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        let correction = try page.correction(of: entry, because: reason)
        // The day of what is taken back: of an entry that this key does not see, today; intake says what is wrong with it.
        let day = page.history.first { $0.sequence == correction.corrects.sequence }?.day ?? desk.today
        let command = HouseholdCommand(
            id: .random(), household: page.header.household, occurredOn: day, correction: correction, action: .withdraw)
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import ServiceKit

/// `carectl apply`
struct ApplyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Applications: from the declaration over reviews and the public notice to the archive.",
        discussion: """
            The pack says which steps there are, who does them, which papers and how many days: submit, then forward each step, notice at
            the step of the notice, confirm when its period is over and no objection is open, forward what follows. return, reject,
            withdraw and a new submit go the other way; reverify is the yearly check. Several at once: carectl case import commands.ndjson.
            """,
        subcommands: [
            ApplySubmit.self, ApplyForward.self, ApplyReturn.self, ApplyReject.self, ApplyWithdraw.self,
            ApplyNotice.self, ApplyObject.self, ApplyAnswer.self, ApplyConfirm.self, ApplyReverify.self,
            ApplyList.self, ApplyShow.self, ApplyOverdue.self, ApplyNotices.self,
        ])
}

/// Which application, as typed.
struct ApplicationOptions: ParsableArguments {
    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Number of the application in its household, as listed; only needed when several are open.")
    var application: UInt64?

    @Option(help: "The day it was done; otherwise today.")
    var on: String?

    /// The application that is meant, as it stands now.
    func find(_ desk: Desk) async throws -> FoundApplication {
        let day = try desk.day(on, option: "--on")
        let entries = try await desk.line(to: .careArchive).applications(
            .with {
                $0.asOf = day.dayNumber
                $0.household = household.lowercased()
            })
        let ended: Set<String> = ["rejected", "withdrawn", "exited"]
        let matching = entries.filter { entry in
            application.map { entry.applicationSequence == $0 } ?? !ended.contains(entry.state.code)
        }
        guard let entry = matching.first, matching.count == 1 else {
            throw Failure(
                6220,
                UserText(
                    zh: matching.isEmpty ? "该户没有这件申报" : "该户有 \(matching.count) 件在办或有效的申报，请写明编号",
                    en: matching.isEmpty
                        ? "the household has no such application" : "\(matching.count) applications are open: say which"
                ),
                advice: UserText(zh: "用 carectl apply show 户编号 查看", en: "see: carectl apply show HOUSEHOLD"),
                exit: .problemsFound)
        }
        return FoundApplication(entry: entry, day: day)
    }
}

/// An application as the archive shows it, with the day of the act.
struct FoundApplication {
    let entry: Care_V1_ApplicationEntry
    let day: CivilDay

    var reference: EventReference { EventReference(sequence: entry.applicationSequence) }

    /// The step at which it is.
    func step() throws -> Code {
        guard entry.hasStep, let step = Code(entry.step.code) else {
            throw Failure(
                6221, UserText(zh: "这件申报已没有待办的步骤", en: "no step of the application is left"),
                advice: UserText(
                    zh: "经过见 carectl apply show 户编号", en: "what was done: carectl apply show HOUSEHOLD"),
                exit: .problemsFound)
        }
        return step
    }

    /// Does one act on it.
    func act(
        _ desk: Desk, _ make: (CommandID) throws -> ApplicationEvent
    ) async throws {
        let id = CommandID.random()
        let household = try HouseholdID(wireData: entry.household, "household")
        let command = HouseholdCommand(
            id: id, household: household, occurredOn: day, action: .application(try make(id)))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// What is said in words, about the beneficiary or somebody outside the file.
    func sealed(_ text: String?, _ command: CommandID) -> [SealedPart] {
        guard let text, !text.isEmpty else { return [] }
        let subject = PersonID(bytes: entry.subject.person) ?? PersonID.derived(from: command, place: 0)
        return [SealedPart(subject: subject, details: PersonalDetails(text: text))]
    }
}

/// Why something is done.
struct ReasonOptions: ParsableArguments {
    @Option(help: "Why, a code such as papers_wrong.")
    var reason: String

    @Option(help: "The same in words; kept with the personal data.")
    var text: String?

    func code() throws -> Code { try Code.typed(reason, option: "--reason") }
}

extension Code {
    /// A code as typed.
    static func typed(_ text: String, option: String) throws -> Code {
        guard let code = Code(text) else {
            throw Failure(
                6222,
                UserText(
                    zh: "\(option) 应是代码（小写字母、数字、下划线），如 late_document",
                    en: "\(option) must be a code of lower-case letters, digits and _, such as late_document"),
                exit: .usage)
        }
        return code
    }
}

extension Line {
    /// Applications as asked for.
    func applications(_ query: Care_V1_ListApplicationsQuery) async throws -> [Care_V1_ApplicationEntry] {
        guard case .applications(let list) = try await ask(.listApplications(query), timeout: .seconds(60)) else {
            throw Failure.badAnswer
        }
        return list.applications
    }
}

/// `carectl apply submit`
struct ApplySubmit: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Apply for what a clause gives.",
        discussion: "Papers that are still missing are told at once, all of them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Clause, such as CZ-2.1.")
    var clause: String

    @Option(
        help: "The beneficiary: a person id, or wife, husband, single_parent, only_child; left out = the household.")
    var person: String?

    @Option(help: "Sequence of the incident, for clauses about one.")
    var incident: UInt64?

    @OptionGroup var handed: HandedPapers

    @Option(help: "The day of the application; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        guard let clause = ClauseID(clause) else {
            throw Failure(
                6203, UserText(zh: "条款应是编号，如 CZ-2.1", en: "a clause is a number such as CZ-2.1"), exit: .usage)
        }
        let archive = try await desk.line(to: .careArchive)
        let page = try await archive.page(of: household, on: day)
        let subject = try await subject(page)
        let (papers, files) = try await handed.handedIn(to: page.header.household, desk)
        let submitted = ApplicationSubmitted(clause: clause, subject: subject, papers: papers, files: files)
        let command = HouseholdCommand(
            id: .random(), household: page.header.household, occurredOn: day,
            action: .application(.submitted(submitted)))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    private func subject(_ page: CareArchive) async throws -> FactSubject {
        if let incident { return .incident(EventReference(sequence: incident)) }
        guard let person else { return .household }
        return .person(try await TypedMember(person, option: "--person").person(in: page))
    }
}

/// `carectl apply forward`
struct ApplyForward: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward", abstract: "Pass the present step, and go on to the next.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions

    @OptionGroup var handed: HandedPapers

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let step = try found.step()
        let household = try HouseholdID(wireData: found.entry.household, "household")
        let (papers, files) = try await handed.handedIn(to: household, desk)
        try await found.act(desk) { _ in
            .forwarded(ApplicationForwarded(application: found.reference, step: step, papers: papers, files: files))
        }
    }
}

/// `carectl apply return`
struct ApplyReturn: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "return", abstract: "Send the application back to an earlier step, with the reason.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions
    @OptionGroup var why: ReasonOptions

    @Option(help: "The step, a code such as declare; otherwise the one before.")
    var to: String?

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let (step, reason) = (try found.step(), try why.code())
        let target = try to.map { try Code.typed($0, option: "--to") }
        try await found.act(desk) { id in
            .returned(
                ApplicationReturned(
                    application: found.reference, step: step, to: target, reason: reason,
                    sealed: found.sealed(why.text, id)))
        }
    }
}

/// `carectl apply reject`
struct ApplyReject: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Turn the application down, with the reason.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions
    @OptionGroup var why: ReasonOptions

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let (step, reason) = (try found.step(), try why.code())
        try await found.act(desk) { id in
            .rejected(
                ApplicationRejected(
                    application: found.reference, step: step, reason: reason, sealed: found.sealed(why.text, id)))
        }
    }
}

/// `carectl apply withdraw`
struct ApplyWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "The family takes the application back.",
        discussion: """
            While it is under way. A confirmed one on which nothing was granted, and whose entry was not done while it was open
            (WZ-5.3d), is ended by the level that confirms; the family may apply anew after that.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions
    @OptionGroup var why: ReasonOptions

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let reason = try why.code()
        try await found.act(desk) { id in
            .withdrawn(
                ApplicationWithdrawn(
                    application: found.reference, reason: reason, sealed: found.sealed(why.text, id)))
        }
    }
}

/// `carectl apply confirm`
struct ApplyConfirm: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Confirm the application, once its notice is over and no objection is open.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let step = try found.step()
        try await found.act(desk) { _ in
            .confirmed(ApplicationConfirmed(application: found.reference, step: step))
        }
    }
}

/// `carectl apply reverify`
struct ApplyReverify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "reverify", abstract: "The yearly check: it continues, or ends with a reason.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ApplicationOptions

    @Option(help: "The year; otherwise the earliest that waits.")
    var year: Int?

    @Option(help: "It ends, for this reason: a code of the pack such as died.")
    var exit: String?

    @Option(help: "What was found, in words; kept with the personal data.")
    var text: String?

    func perform(_ desk: Desk) async throws {
        let found = try await options.find(desk)
        let reason = try exit.map { try Code.typed($0, option: "--exit") }
        let waiting = found.entry.hasReverificationYear ? Int(found.entry.reverificationYear) : found.day.year
        try await found.act(desk) { id in
            .reverified(
                ApplicationReverified(
                    application: found.reference, year: year ?? waiting,
                    outcome: reason.map { .exits($0) } ?? .continues, sealed: found.sealed(text, id)))
        }
    }
}

import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import ServiceKit

/// `carectl guardian`
struct GuardianCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guardian", abstract: "Guardians (监护人): named, agreed to, notarised, ended.",
        discussion: """
            The steps come in this order, each on its day: name, consent, notarise; end at any time. Who may name one, whom and what
            for is the pack's (CZ-2.13a). A guardian who is replaced is ended first (--reason replaced). household show lists them.
            What was entered wrongly is taken back with case withdraw.
            """,
        subcommands: [GuardianName.self, GuardianConsent.self, GuardianNotarise.self, GuardianEnd.self])
}

/// Whose guardian.
struct WardOptions: ParsableArguments {
    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Who is to be cared for: wife, husband, single_parent, only_child, or a person id.")
    var member: String

    @Option(help: "The day of it; otherwise today.")
    var on: String?

    func ward(_ desk: Desk) async throws -> (page: CareArchive, person: PersonID, day: CivilDay) {
        let day = try desk.day(on, option: "--on")
        let member = try TypedMember(member, option: "member")
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        return (page, try await member.person(in: page), day)
    }

    /// Sends what is said of the guardian that the person has.
    func send(_ desk: Desk, _ action: (_ ward: PersonID, _ guardian: PersonID) throws -> HouseholdAction) async throws {
        let (page, person, day) = try await ward(desk)
        let current = page.guardians.last { $0.member.person == person && $0.state != .ended }
        guard let current else {
            throw Failure(
                Refusal(.guardianState, field: "person", detail: "未指定", english: "nobody is named"))
        }
        let command = HouseholdCommand(
            id: .random(), household: page.header.household, occurredOn: day,
            action: try action(person, current.guardian))
        try await desk.line(to: .intake).send(command, desk: desk)
    }
}

/// `carectl guardian name`
struct GuardianName: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "name", abstract: "Record whom the village or the employer named as a member's guardian.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var ward: WardOptions

    @Option(help: "Real name of the guardian; of a member of the family --guardian is enough.")
    var name: String?

    @Option(help: "Telephone of the guardian.")
    var phone: String?

    @Option(help: "Person id of the guardian, who is in the record already.")
    var guardian: String?

    @Option(help: "Who named: org.community or org.employer.")
    var namedBy: String

    @Option(help: "What the guardian is to the member: relative or staff.")
    var relation: String

    func validate() throws {
        guard name == nil, guardian == nil else { return }
        throw ValidationError(
            UserText(zh: "请写 --name 姓名，或 --guardian 人员编号", en: "give --name NAME or --guardian PERSON"))
    }

    func perform(_ desk: Desk) async throws {
        let id = CommandID.random()
        let (page, person, day) = try await ward.ward(desk)
        let command = HouseholdCommand(
            id: id, household: page.header.household, occurredOn: day,
            action: .nameGuardian(try named(person, by: id)))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// What is said.
    func named(_ person: PersonID, by command: CommandID) throws -> GuardianNamed {
        let guardian = try guardian.map(PersonID.typed) ?? PersonID.derived(from: command, place: 0)
        let details = PersonalDetails(name: name, phone: phone)
        return GuardianNamed(
            person: person, guardian: guardian, namedBy: try DepartmentID.typed(namedBy, option: "--named-by"),
            relation: try Code.typed(relation, option: "--relation"),
            sealed: details.isEmpty ? [] : [SealedPart(subject: guardian, details: details)])
    }
}

/// `carectl guardian consent`
struct GuardianConsent: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Record that the member agreed to the guardian.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var ward: WardOptions

    func perform(_ desk: Desk) async throws {
        try await ward.send(desk) { .recordGuardianConsent(GuardianConsented(person: $0, guardian: $1)) }
    }
}

/// `carectl guardian notarise`
struct GuardianNotarise: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "notarise", abstract: "Record that the guardianship was notarised: active from that day.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var ward: WardOptions

    @Option(help: "Number of the notarial certificate.")
    var certificate: String

    @Option(help: "What the guardian may do, such as admission, surgery, other; may be repeated.")
    var scope: [String] = []

    @Flag(inversion: .prefixedNo, help: "Whether the notary's fee was waived (CZ-2.13b); left out = not recorded.")
    var feeWaived: Bool?

    func perform(_ desk: Desk) async throws {
        let scopes = try scope.map { try Code.typed($0, option: "--scope") }
        try await ward.send(desk) {
            .recordNotarisation(
                GuardianNotarised(
                    person: $0, guardian: $1, certificate: certificate, scope: scopes, feeWaived: feeWaived))
        }
    }
}

/// `carectl guardian end`
struct GuardianEnd: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "end", abstract: "End a guardianship: the day is the first one without the guardian.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var ward: WardOptions

    @Option(help: "Why: \(RecordWords.codes(RecordWords.guardianEnds)).")
    var reason: String

    func perform(_ desk: Desk) async throws {
        let reason = try Code.typed(reason, option: "--reason")
        try await ward.send(desk) { .endGuardianship(GuardianEnded(person: $0, guardian: $1, reason: reason)) }
    }
}

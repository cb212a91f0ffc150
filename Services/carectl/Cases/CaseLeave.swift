import ArgumentParser
import CareDomain
import CareProjections
import ServiceKit

/// `carectl case leave`
struct CaseLeave: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "leave", abstract: "Record that a member left the family, after a divorce say.",
        discussion: """
            What was true until that day stays in the file. Whoever left can be registered in another family from then on.
            Somebody who died has not left: case death.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Who: wife, husband, single_parent, only_child, or a person id as household show --json prints it.")
    var member: String

    @Option(help: "Why: moved_out, moved_away, divorce, marriage, adopted, wrong_family, left or other.")
    var reason: String

    @Option(help: "The first day on which the family is without this person; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let reason = try Code.typed(reason, option: "--reason")
        let member = try TypedMember(member, option: "member")
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        let command = Self.command(
            id: .random(), household: page.header.household, person: try await member.person(in: page), for: reason,
            on: day)
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// What is sent to intake.
    static func command(
        id: CommandID, household: HouseholdID, person: PersonID, for reason: Code, on day: CivilDay
    ) -> HouseholdCommand {
        HouseholdCommand(
            id: id, household: household, occurredOn: day,
            action: .removePerson(PersonLeft(person: person, reason: reason)))
    }
}

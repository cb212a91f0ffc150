import ArgumentParser
import CareDomain
import CareProjections
import ServiceKit

/// `carectl case death`
struct CaseDeath: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "death", abstract: "Record that a member of a family died.",
        discussion: "What follows from it, such as a status or a claim on the insurance, follows by itself.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Who: wife, husband, single_parent, only_child, or a person id as household show --json prints it.")
    var member: String

    @Option(help: "The day of the death; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let member = try TypedMember(member, option: "member")
        let page = try await desk.line(to: .careArchive).page(of: household, on: desk.today)
        let command = Self.command(
            id: .random(), household: page.header.household, person: try await member.person(in: page), on: day)
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// What is sent to intake.
    static func command(
        id: CommandID, household: HouseholdID, person: PersonID, on day: CivilDay
    ) -> HouseholdCommand {
        HouseholdCommand(
            id: id, household: household, occurredOn: day, action: .recordDeath(PersonDied(person: person)))
    }
}

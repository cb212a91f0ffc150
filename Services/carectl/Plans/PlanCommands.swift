import ArgumentParser
import CareDomain
import CareProjections
import ServiceKit

/// `carectl plan`
struct PlanCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "A family's assistance plan (帮扶计划): open an item, and say that it was seen to.",
        discussion: """
            household show lists the items. Claims on the accident insurance open by themselves; done takes the number that
            stands beside them there.
            """,
        subcommands: [PlanOpen.self, PlanDone.self])
}

/// `carectl plan open`
struct PlanOpen: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open an item of the plan: which department sees to what, by when.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Option(help: "Department that sees to it, such as dept.fp.")
    var department: String

    @Option(help: "The clause it rests on, such as CZ-2.6a.")
    var clause: String?

    @Option(help: "Last day on which it is done in time.")
    var due: String?

    @Option(help: "The day on which it is opened; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let item = try item(desk)
        let target = try await desk.line(to: .careArchive).household(household, on: desk.today)
        let command = HouseholdCommand(
            id: .random(), household: target, occurredOn: day, action: .openPlanItem(item))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// The item as typed.
    func item(_ desk: Desk) throws -> PlanItemOpened {
        PlanItemOpened(
            clause: try clause.map { try ClauseID.typed($0.asClause) },
            department: try DepartmentID.typed(department, option: "--department"),
            dueOn: try due.map { try desk.day($0, option: "--due") })
    }
}

/// `carectl plan done`
struct PlanDone: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "done", abstract: "Say that an item of the plan, or a claim on the insurance, was seen to.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Household id, or a beginning of it that is unique.")
    var household: String

    @Argument(help: "Number of the item, as household show prints it; of a claim that of the accident or death.")
    var item: UInt64

    @Option(help: "The day on which it was done; otherwise today.")
    var on: String?

    func perform(_ desk: Desk) async throws {
        let day = try desk.day(on, option: "--on")
        let target = try await desk.line(to: .careArchive).household(household, on: desk.today)
        let command = HouseholdCommand(
            id: .random(), household: target, occurredOn: day, action: .completePlanItem(done))
        try await desk.line(to: .intake).send(command, desk: desk)
    }

    /// What is said.
    var done: PlanItemDone { PlanItemDone(item: EventReference(sequence: item)) }
}

import CareDomain
import CareWire
import CaseImport

/// Invented households for drills and what is written about them: each command after the registration makes exactly one
/// event, so that what was acknowledged and what is stored can be counted against each other.
///
/// They stand under a division that is nobody's, and their file numbers say what they are.
struct DrillFamilies {
    /// A code of no place, which `DivisionTable` holds for drills: no pack applies and no office finds them in its lists.
    static let division = DivisionCode("119999")!
    /// Beginning of their file numbers.
    static let mark = "DRILL-"
    /// Clause that drill events name; it is in no catalogue.
    static let clause = ClauseID("GH-DRILL")
    private static let department = DepartmentID(unchecked: "dept.drill")
    /// Events that one household gets.
    private static let eventsPerHousehold = 16

    /// Events still to be given.
    private(set) var left: Int
    private let run: CommandID
    private let day: CivilDay
    /// Households that are written side by side.
    private let width: Int
    /// Households of the present block: they are registered, then written to in turns.
    private var households: [HouseholdID] = []
    /// How many the present block is to have.
    private var block = 0
    /// Events given in the present block.
    private var place = 0
    private var registered = 0
    private var commands = 0

    /// - Parameters:
    ///   - count: how many events in all.
    ///   - width: households written side by side.
    ///   - run: a new random id; all other ids follow from it.
    ///   - day: the day everything is said to have happened on.
    init(count: Int, width: Int, run: CommandID, day: CivilDay) {
        left = count
        self.width = width
        self.run = run
        self.day = day
    }

    /// The next command; nil when all are given.
    mutating func next() -> CommandDraft? {
        guard left > 0 else { return nil }
        if place == households.count * Self.eventsPerHousehold {
            households.removeAll(keepingCapacity: true)
            place = 0
            block = min(width, left)
        }
        if place == 0, households.count < block { return register() }
        let household = households[place % households.count]
        place += 1
        left -= 1
        let item = PlanItemOpened(clause: Self.clause, department: Self.department)
        return draft(.openPlanItem(item), for: household, id: nextID())
    }

    private mutating func register() -> CommandDraft {
        let id = nextID()
        let household = DerivedIDs.household(of: id)
        households.append(household)
        registered += 1
        let member = PersonJoined(person: DerivedIDs.person(of: id, place: 0), role: .other)
        let number = "\(Self.mark)\(run.value.description.prefix(8))-\(registered)"
        return draft(
            .registerHousehold(
                RegisterHousehold(
                    household: HouseholdRegistered(division: Self.division, archiveNumber: number), members: [member])),
            for: household, id: id)
    }

    private func draft(_ action: HouseholdAction, for household: HouseholdID, id: CommandID) -> CommandDraft {
        CommandDraft(command: HouseholdCommand(id: id, household: household, occurredOn: day, action: action))
    }

    private mutating func nextID() -> CommandID {
        commands += 1
        return CommandID.derived(run, "drill", commands)
    }
}

extension HouseholdEvent {
    /// Whether only a drill writes such an event.
    var isOfDrill: Bool {
        switch self {
        case .registered(let registered): registered.archiveNumber?.hasPrefix(DrillFamilies.mark) ?? false
        case .planItemOpened(let item): item.clause != nil && item.clause == DrillFamilies.clause
        default: false
        }
    }
}

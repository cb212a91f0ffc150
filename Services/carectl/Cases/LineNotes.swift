import CareDomain
import ServiceKit

/// 登记时的提示: what intake remarks about lines that it recorded, such as what is still open in a file that is closed.
///
/// Of a correction all of it is told: what that leaves to be done elsewhere is nowhere else to be read. Of other lines the first
/// few are, and how many more there were; a file of an office's whole past would bury them otherwise. That a death, the
/// day of an adoption, or the birth of who may be a child of the couple, is still to be recorded is told at the end, and only of those that no later line records.
struct LineNotes {
    /// A remark that a later line may settle.
    private struct Open {
        let household: HouseholdID
        var people: Set<PersonID>
        /// The code of the remark: a death, an adoption or a birth that is still to be recorded.
        let code: String
        let text: UserText
    }

    private static let mostShown = 20
    private static let deathUnrecorded = Refusal(.deathUnrecorded).code
    private static let adoptionUndated = Refusal(.adoptionUndated).code
    private static let mayBeLaterChild = Refusal(.mayBeLaterChild).code
    private var shown = 0
    private var more = 0
    private var open: [Open] = []

    /// Tells what belongs to one line or row.
    /// - Parameter place: words for the line, at the beginning of each remark.
    mutating func tell(_ recorded: Recorded, of command: HouseholdCommand, at place: UserText, desk: Desk) {
        for text in take(recorded.warnings.map { (remark: $0, text: place + $0) }, of: command) { desk.say(text) }
    }

    /// Says what is still open, and how many were left out, when any were.
    mutating func finish(_ desk: Desk) {
        for text in rest() { desk.say(text) }
    }

    /// The remarks to be told now.
    /// - Parameter remarks: as intake said them, and as they are told.
    mutating func take(_ remarks: [(remark: UserText, text: UserText)], of command: HouseholdCommand) -> [UserText] {
        switch command.action {
        case .recordDeath(let died): settle(Self.deathUnrecorded, of: died.person, in: command.household)
        case .recordAdoption(let adopted): settle(Self.adoptionUndated, of: adopted.child, in: command.household)
        case .recordBirth(let born): settle(Self.mayBeLaterChild, of: born.child, in: command.household)
        default: break
        }
        let isCorrection = command.correction != nil
        return remarks.compactMap { remark, text in
            if case .reportIncident(let incident) = command.action, !isCorrection,
                remark.zh.hasPrefix(Self.deathUnrecorded)
            {
                let dead = incident.victims.filter { $0.outcome == IncidentReported.death }.map(\.person)
                open.append(
                    Open(household: command.household, people: Set(dead), code: Self.deathUnrecorded, text: text))
                return nil
            }
            if !isCorrection, remark.zh.hasPrefix(Self.adoptionUndated), let child = Self.oneAdopted(command.action) {
                open.append(
                    Open(household: command.household, people: [child], code: Self.adoptionUndated, text: text))
                return nil
            }
            if !isCorrection, remark.zh.hasPrefix(Self.mayBeLaterChild), let child = Self.oneOther(command.action) {
                open.append(
                    Open(household: command.household, people: [child], code: Self.mayBeLaterChild, text: text))
                return nil
            }
            return isCorrection ? text : counted(text)
        }
    }

    /// A later line records it: nil = of the one child there is.
    private mutating func settle(_ code: String, of person: PersonID?, in household: HouseholdID) {
        for index in open.indices where open[index].household == household && open[index].code == code {
            if let person { open[index].people.remove(person) } else { open[index].people = [] }
        }
        open.removeAll { $0.people.isEmpty }
    }

    /// The one other member whom the command tells of; nil where there are several or none: then the remark is told at once.
    private static func oneOther(_ action: HouseholdAction) -> PersonID? {
        switch action {
        case .registerHousehold(let register):
            let others = register.members.filter { $0.role == .other }
            return others.count == 1 ? others[0].person : nil
        case .addPerson(let joined): return joined.role == .other ? joined.person : nil
        default: return nil
        }
    }

    /// The adopted child that the command alone tells of; nil where there are several or none: then the remark is told at once.
    private static func oneAdopted(_ action: HouseholdAction) -> PersonID? {
        switch action {
        case .registerHousehold(let register):
            let children = register.members.filter { $0.role == .adoptedChild }
            return children.count == 1 ? children[0].person : nil
        case .addPerson(let joined): return joined.person
        case .changePersonDetails(let changed): return changed.person
        default: return nil
        }
    }

    /// What is told at the end.
    mutating func rest() -> [UserText] {
        var texts = open.compactMap { counted($0.text) }
        open = []
        if more > 0 {
            texts.append(UserText(zh: "另有 \(more) 处提示没有列出", en: "\(more) more notes are not listed"))
        }
        return texts
    }

    /// The text while there is room for it.
    private mutating func counted(_ text: UserText) -> UserText? {
        guard shown < Self.mostShown else {
            more += 1
            return nil
        }
        shown += 1
        return text
    }
}

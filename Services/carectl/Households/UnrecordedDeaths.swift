import CareDomain
import CareProjections
import ServiceKit

/// 去世尚未登记: members of whom an accident says that they died while their death is not on record. What clauses give is
/// worked out as if they lived, which whoever reads an explanation has to know.
struct UnrecordedDeaths {
    private let members: [CareArchive.MemberLine]

    init(_ members: [CareArchive.MemberLine]) { self.members = members.filter { $0.fatalIncident != nil } }

    /// - Parameter events: What this key may see of the family: without an accident the page need not be asked for.
    init(
        of household: HouseholdID, _ events: [KnownEvent], on day: CivilDay, knownAt: Moment?,
        basis: CareArchive.Basis, _ archive: Line
    ) async throws {
        let isTold = events.contains { event in
            guard case .incidentReported(let incident) = event.event else { return false }
            return incident.victims.contains { $0.outcome == IncidentReported.death }
        }
        guard isTold else {
            self.init([])
            return
        }
        let page = try await archive.page(of: household.description, on: day, knownAt: knownAt, basis: basis)
        self.init(page.members)
    }

    /// One sentence for each, with what to do.
    var notes: [UserText] {
        members.compactMap { member in
            guard let incident = member.fatalIncident, let chinese = member.unrecordedDeath else { return nil }
            let role = member.role.rawValue.split(separator: "_").joined(separator: " ")
            let bereaved = member.role == .onlyChild ? ", and no bereavement follows from it" : ""
            return UserText(
                zh: "提示：\(chinese)",
                en: "note: the death of the \(role)\(member.name.map { " \($0)" } ?? "") is not on record: event "
                    + "\(incident.sequence) says that they died of what happened on \(incident.day). Until it is recorded "
                    + "(on which day, certified by what) they count as living\(bereaved)")
        }
    }

    var json: JSON {
        .array(
            members.compactMap { member in
                member.fatalIncident.map { incident in
                    .object([
                        ("person", .string(member.person.description)), ("role", .string(member.role.rawValue)),
                        ("incident", .int(Int64(clamping: incident.sequence))),
                        ("incident_on", .string(incident.day.description)),
                    ])
                }
            })
    }
}

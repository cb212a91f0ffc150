import CareDomain
import CareProjections
import Foundation
import RuleEngine
import ServiceKit

/// Who the beneficiaries of some families are, as other lists show them: the role and the masked name, from the families'
/// pages. Facts alone know no names.
struct BeneficiaryNames {
    /// A page is asked for each family; beyond so many families the rest goes by its id.
    private static let mostFamilies = 1_000

    private var members: [HouseholdID: [PersonID: String]] = [:]

    /// Asks for the pages of the families, each once.
    /// - Parameter subjects: Those whose names are wanted; without a person none is.
    static func of(
        _ subjects: [(household: HouseholdID, person: PersonID?)], _ archive: Line, _ desk: Desk
    ) async throws -> BeneficiaryNames {
        var names = BeneficiaryNames()
        for (household, person) in subjects where person != nil && names.members[household] == nil {
            guard names.members.count < mostFamilies else { break }
            let page: CareArchive
            do {
                page = try await archive.page(of: household.description, on: desk.today)
            } catch let failure as Failure where failure.exit != .temporary {
                // A family that is damaged, or not for this key any more.
                names.members[household] = [:]
                continue
            }
            let told = page.members.map { ($0.person, [$0.role.chinese, $0.name ?? ""].joined(separator: " ")) }
            names.members[household] = Dictionary(
                told.map { ($0.0, $0.1.trimmingCharacters(in: .whitespaces)) }, uniquingKeysWith: { _, last in last })
        }
        return names
    }

    /// The beneficiary in words: 户, role and masked name, or the incident by its event.
    func who(_ subject: RuleSubject, in household: HouseholdID) -> String {
        switch subject {
        case .household: "户"
        case .person(let person): who(person, in: household) ?? subject.description
        case .incident(let event): "事件 #\(event.sequence)"
        }
    }

    /// Role and masked name of a person; nil when the page does not know them.
    func who(_ person: PersonID, in household: HouseholdID) -> String? { members[household]?[person] }
}

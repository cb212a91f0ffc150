import CareDomain
import CareProjections
import ServiceKit

/// How people name a member on the command line, wherever one is named: a person id, or the role of the only one who has it.
enum TypedMember {
    case person(PersonID)
    case role(MemberRole)

    /// - Parameter option: Where it was typed, `--person`.
    init(_ text: String, option: String) throws {
        if let role = MemberRole(rawValue: text) {
            self = .role(role)
        } else if let person = PersonID(text) {
            self = .person(person)
        } else {
            throw Failure(
                6682,
                UserText(
                    zh: "\(option) 应是人员编号（26 位），或身份：\(Self.roles("、"))",
                    en: "\(option) must be a person id of 26 characters or a role: \(Self.roles(", "))"),
                advice: UserText(
                    zh: "用 carectl household show --json 查看人员编号", en: "see: carectl household show --json"),
                exit: .usage)
        }
    }

    /// Whom a role may mean: the living, else the dead, never who left.
    static func meant<Bearer>(
        _ bearers: [Bearer], by standing: (Bearer) -> CareArchive.MemberLine.Standing
    ) -> [Bearer] {
        let living = bearers.filter { standing($0) == .present }
        return living.isEmpty ? bearers.filter { standing($0) == .died } : living
    }

    private static func roles(_ separator: String) -> String {
        MemberRole.allCases.map(\.rawValue).joined(separator: separator)
    }

    /// The person: of a role, the only member who has it and did not leave; of several the only living one, as of a widower's wives.
    /// - Parameter page: The family's page on the day; asked for only where a role was typed.
    func person(in page: @autoclosure () async throws -> CareArchive) async throws -> PersonID {
        switch self {
        case .person(let person): return person
        case .role(let role):
            let matching = Self.meant(try await page().members.filter { $0.role == role }, by: \.standing)
            guard let first = matching.first, matching.count == 1 else {
                throw Failure(
                    6223,
                    UserText(
                        zh: "该户以 \(role.rawValue) 为身份的成员有 \(matching.count) 名，请写人员编号",
                        en: "\(matching.count) members are \(role.rawValue): give the person id"),
                    advice: UserText(
                        zh: "用 carectl household show --json 查看人员编号", en: "see: carectl household show --json"),
                    exit: .usage)
            }
            return first.person
        }
    }
}

/// 专门事件: what facts are recorded by that no statement states: an event of its own kind, a case of its own, the file itself.
///
/// Such a record is told whole or not at all. Its hash covers all of it, so that a grade or a kind left out of it could be
/// found by trying the few there are; and its other facts would be missing where they are needed.
package enum OwnRecord: Hashable, Sendable, CaseIterable {
    /// 残疾评定: kind, grade and day, and the notice that the certificate runs out.
    case disability
    /// 收养: the day, that of the application, whether the child is an orphan.
    case adoption
    /// 生育: another birth.
    case birth
    /// 突发事件: what struck the family and what it did.
    case incident
    /// 监护: named, consented, notarised, ended.
    case guardian
    /// 借款、帮扶: a case of the Happiness Project.
    case loan
    /// 档案本身: who belongs to the family, since when and until when, where it is registered and lives. Everybody who may see
    /// the family has to know it, and the place decides who that is.
    case file
    /// 单位、村、市的数字: they are about no family.
    case figures

    /// 残疾评定 …
    package var chinese: String {
        switch self {
        case .disability: "残疾评定"
        case .adoption: "收养"
        case .birth: "生育"
        case .incident: "突发事件"
        case .guardian: "监护"
        case .loan: "借款、帮扶"
        case .file: "档案本身"
        case .figures: "指标数据"
        }
    }

    /// assessments of a disability …
    package var english: String {
        switch self {
        case .disability: "assessments of a disability"
        case .adoption: "adoptions"
        case .birth: "births"
        case .incident: "incidents"
        case .guardian: "guardians"
        case .loan: "loans and aid"
        case .file: "the file itself"
        case .figures: "figures"
        }
    }

    /// Whether a pack may keep it from departments.
    package var canBeKept: Bool { self != .file && self != .figures }

    /// The record by which a fact is recorded; nil = it is stated.
    package init?(_ fact: FactID) {
        if let record = Self.byFact[fact.rawValue] {
            self = record
            return
        }
        switch fact.rawValue.prefix(while: { $0 != "." }) {
        case "incident": self = .incident
        case "loan": self = .loan
        case "village", "unit", "city": self = .figures
        default: return nil
        }
    }

    private static let byFact: [String: OwnRecord] = [
        "person.birth_date": .file, "person.death_date": .file, "person.sex": .file, "person.role": .file,
        "person.family_role": .file, "household.division": .file, "household.residence_division": .file,
        "household.area": .file, "household.registration_area": .file, "household.closed_on": .file,
        "person.disability_grade": .disability, "person.disability_certified_on": .disability,
        "person.disability_kind": .disability, "person.adopted_on": .adoption, "person.is_orphan": .adoption,
        "household.adoption_on": .adoption, "household.adoption_applied_on": .adoption,
        "household.rebirth_on": .birth, "person.guardian_named_on": .guardian,
        "person.guardian_consented_on": .guardian, "person.guardian_notarised_on": .guardian,
    ]
}

extension HouseholdEvent {
    /// The record that it is, or part of; nil of statements, of the file itself and of everything that states no fact.
    package var ownRecord: OwnRecord? {
        switch self {
        case .disabilityAssessed: .disability
        // It tells the grade, and when the certificate runs out.
        case .noticeRaised(let notice) where notice.kind == Self.certificateReview: .disability
        case .childAdopted: .adoption
        case .childBorn: .birth
        case .incidentReported: .incident
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded: .guardian
        default: nil
        }
    }

    /// 残疾证复核, as the notifier calls it.
    package static let certificateReview = Code(unchecked: "certificate_review_due")
}

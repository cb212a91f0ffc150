/// What a pack says of the place where it applies: which departments hold which function there, who may bear money, and
/// how guardians come about.
package struct PolicyPlace: Hashable, Sendable {
    package var pack: PackID
    package var title: String
    /// nil = anywhere.
    package var territory: DivisionCode?
    /// 四项职能: the departments that hold each; of one that is not named, any department may do it.
    /// - Source: CZ-3.2a, WZ-A3.2b
    package var functions: [CaseFunction: [DepartmentID]]
    /// The departments that may state something of a family; of what is not named, see `OwnedAct.standing`.
    package var owners: [OwnedAct: [DepartmentID]]
    /// The same of single facts; of one that is not named, `OwnedAct.facts` counts.
    package var factOwners: [FactID: [DepartmentID]]
    /// Who may pay into a fund; empty = the pack does not say.
    package var payers: [Code]
    /// How guardians come about; nil = the pack does not speak of them.
    /// - Source: CZ-2.13a
    package var guardians: PolicyCatalog.Guardians?
    /// Whether one person may fill two personal slots of a family there; no, unless the pack says so.
    /// - Source: CZ-2.14a, reading CZ-Q26
    package var allowsHelperOverlap: Bool

    package init(
        pack: PackID, title: String, territory: DivisionCode?, functions: [CaseFunction: [DepartmentID]] = [:],
        owners: [OwnedAct: [DepartmentID]] = [:], factOwners: [FactID: [DepartmentID]] = [:], payers: [Code] = [],
        guardians: PolicyCatalog.Guardians? = nil,
        allowsHelperOverlap: Bool = false
    ) {
        self.owners = owners
        self.factOwners = factOwners
        self.allowsHelperOverlap = allowsHelperOverlap
        self.pack = pack
        self.title = title
        self.territory = territory
        self.functions = functions
        self.payers = payers
        self.guardians = guardians
    }

    /// Whether some of the division lies where the pack applies.
    func touches(_ division: DivisionCode) -> Bool {
        guard let territory else { return true }
        return division.isWithin(territory) || territory.isWithin(division)
    }

    /// Whether all of the division lies there.
    func covers(_ division: DivisionCode) -> Bool { territory.map { division.isWithin($0) } ?? true }
}

extension PolicyCatalog {
    /// Whether an act of the function may come from the department in the division. Where several packs apply, each that
    /// names departments has to name this one.
    /// - Throws: `functionOffice` with the departments that hold it; a retry helps with a key of one of them only.
    package func checkOffice(
        _ function: CaseFunction, of department: DepartmentID?, in division: DivisionCode?, field: String? = nil,
        clause: ClauseID? = nil
    ) throws(Refusal) {
        guard let department, let division else { return }
        for place in places where place.touches(division) {
            guard let holders = place.functions[function], !holders.contains(department) else { continue }
            let named = holders.map(KnownOffices.name).joined(separator: "、")
            let called = holders.map(KnownOffices.englishName).joined(separator: ", ")
            throw Refusal(
                .functionOffice, field: field,
                detail: "\(function.rawValue): \(holders.map(\.rawValue).joined(separator: ", ")); not \(department)",
                words: "\(function.chinese)由\(named)办理，您是\(KnownOffices.name(of: department))",
                english: "\(function.english) is with \(called); you are \(KnownOffices.englishName(of: department))",
                clause: clause)
        }
    }

    /// Whether a review of the clause may come from the department: a department with clauses of its own in the pack reviews
    /// those, and no other department's. Villages and townships review for all, and so does the family-planning authority,
    /// which keeps the files.
    /// - Throws: `clauseDepartment` with the clause's own; a retry helps with a key of that one only.
    func checkDepartment(
        of clause: ClauseID, _ department: DepartmentID?, field: String? = nil
    ) throws(Refusal) {
        let levels = [KnownOffices.community, KnownOffices.township]
        guard let department, let entry = clauses[clause], let own = entry.department, own != department,
            !(KnownOffices.keepers + levels).contains(department),
            clauses.values.contains(where: { $0.department == department && $0.pack == entry.pack })
        else { return }
        throw Refusal(
            .clauseDepartment, field: field, detail: "\(clause): \(own); not \(department)",
            words: "\(clause)由\(KnownOffices.name(of: own))主管，您是\(KnownOffices.name(of: department))",
            english: "\(clause) is with \(KnownOffices.englishName(of: own)); "
                + "you are \(KnownOffices.englishName(of: department))", clause: clause)
    }

    /// Who may pay into a fund there.
    /// - Throws: `unknownPayer` with those that the packs name.
    package func checkPayer(_ payer: Code, in division: DivisionCode?) throws(Refusal) {
        guard let division else { return }
        for place in places where place.touches(division) && !place.payers.isEmpty && !place.payers.contains(payer) {
            let known = place.payers.map { "\($0) \(KnownOffices.name(ofPayer: $0))" }.joined(separator: "、")
            throw Refusal(
                .unknownPayer, field: "payer", detail: "\(payer)；\(known)",
                english: "\(payer); \(place.payers.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// The terms of guardians for a family of the division; nil where no document speaks of guardians.
    package func guardians(in division: DivisionCode?) -> Guardians? {
        guard let division else { return nil }
        return places.last { $0.guardians != nil && $0.covers(division) }?.guardians
    }

    /// Whether one helper may fill two personal slots of a family of the division: only where a document that applies there
    /// allows it, so that a family of a place without such a document is not worse off.
    package func allowsHelperOverlap(in division: DivisionCode?) -> Bool {
        guard let division else { return false }
        return places.contains { $0.allowsHelperOverlap && $0.covers(division) }
    }

    /// Packs that apply in the division, for telling people: `chenzhou-2014 …`; empty when none does.
    package func packs(in division: DivisionCode) -> String {
        places.filter { $0.covers(division) }.map { "\($0.pack) \($0.title)" }.joined(separator: "、")
    }

    /// Whether some document applies in the place. Where none is published at all, nobody is told that one is lacking.
    package func reaches(_ division: DivisionCode) -> Bool {
        places.isEmpty || places.contains { $0.covers(division) }
    }

    /// What is said to whoever registers a family, or moves its registration, where no document applies: it is in no list of
    /// those that have rights, and mostly a digit was typed wrong. Where a family merely lives is not asked.
    func remarks(onPlacesOf action: HouseholdAction, in divisions: DivisionTable, on day: CivilDay) -> [Refusal] {
        let place: (division: DivisionCode, field: String)? =
            switch action {
            case .registerHousehold(let register): (register.household.division, "household.division")
            case .splitHousehold(let split): (split.household.division, "household.division")
            case .moveHousehold(let moved) where moved.kind == .registration: (moved.division, "division")
            default: nil
            }
        guard let place, !reaches(place.division) else { return [] }
        return [Refusal(.noRulesHere, field: place.field, detail: divisions.label(of: place.division, on: day))]
    }

    /// Refuses a clause of another place's pack.
    /// - Throws: `foreignClause` with the packs that apply to the family; a retry does not help.
    package func checkPlace(of clause: ClauseID, in division: DivisionCode?) throws(Refusal) {
        guard let division, let pack = workflow(for: clause)?.pack,
            let place = places.first(where: { $0.pack == pack }), !place.covers(division)
        else { return }
        let own = packs(in: division)
        throw Refusal(
            .foreignClause, field: "clause", detail: "\(clause)：\(pack)；\(division)：\(own.isEmpty ? "—" : own)",
            clause: clause)
    }
}

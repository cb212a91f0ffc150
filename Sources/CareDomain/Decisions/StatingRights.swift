/// Whether a department may say something of a family, as the packs of the family's places have it.
///
/// What a department may not see it neither states nor puts right (`shown_to`). A fact is stated by those to whom the pack gives
/// it, the file itself is kept by those who keep files (`stated_by`), and an item of the plan is done by whose it is. Keys of no
/// department, with which offices bring in what their files held, and those of the operator copy for the office whose paper it is.
struct StatingRights {
    private let policy: PolicyCatalog
    private let department: DepartmentID
    /// Where the family is registered: on the day of the command and today, so that nobody chooses a day on which more is allowed.
    private let divisions: Set<DivisionCode>
    /// Facts that are kept from the department.
    private let hidden: Set<FactID>
    private let places: Set<DivisionCode>
    private let today: CivilDay

    /// Nil where nobody of a department of the documents speaks.
    init?(_ command: HouseholdCommand, about household: Household, in context: DecisionContext) {
        guard let department = context.department, department.isOfTheDocuments else { return nil }
        self.department = department
        policy = context.policy
        today = context.today
        let days = [command.occurredOn, context.today]
        if case .registerHousehold(let register) = command.action, command.correction == nil {
            places = [register.household.division]
            divisions = places
        } else {
            places = days.reduce(into: []) { $0.formUnion(household.places.on($1)) }
            divisions = Set(days.compactMap(household.division(on:)))
        }
        hidden = policy.sight.hidden(from: department, in: places, on: today)
    }

    /// - Throws: `factKept`, `factOwner`, `fileOwner` or `planItemOwner` with whom to tell; a retry helps with a key of one of them.
    func check(_ event: HouseholdEvent, of household: Household, field: String?) throws(Refusal) {
        try checkSight(of: event, field: field)
        switch event {
        case .factStated(let stated): try policy.checkOwner(of: stated.fact, department, in: divisions, field: field)
        case .planItemDone(let done): try check(done, of: household, field: field)
        default: if event.isOfTheFile { try checkFile(field: field) }
        }
    }

    /// What begins, moves, joins, divides or ends a file, or says who belongs to the family.
    func checkFile(field: String? = nil) throws(Refusal) {
        for division in divisions { try policy.checkOwner(of: .file, department, in: division, field: field) }
    }

    /// An event that a correction names and of which the department is told nothing: neither kind nor fact is said.
    func checkTarget(_ target: KnownEvent, of household: Household) throws(Refusal) {
        let days = [target.occurredOn, target.recordedAt.day]
        let places = days.reduce(into: places) { $0.formUnion(household.places.on($1)) }
        guard !keeps(target.event, hidden: policy.sight.hidden(from: department, in: places, on: today)) else {
            throw Refusal(.factKept, field: "correction", detail: "#\(target.reference.sequence)")
        }
    }

    private func keeps(_ event: HouseholdEvent, hidden: Set<FactID>) -> Bool {
        if case .factStated(let stated) = event { return hidden.contains(stated.fact) }
        guard let record = event.ownRecord else { return false }
        return hidden.contains { OwnRecord($0) == record }
    }

    private func checkSight(of event: HouseholdEvent, field: String?) throws(Refusal) {
        if let record = event.ownRecord {
            do throws(Refusal) {
                try policy.checkSight(of: record, department, in: places, today: today)
            } catch {
                var refusal = error
                refusal.field = field
                throw refusal
            }
        }
        guard case .factStated(let stated) = event, hidden.contains(stated.fact) else { return }
        let seeing = KnownOffices.departments.map(\.id).filter { other in
            policy.mayState(stated.fact, other, in: divisions)
                && !policy.sight.hidden(from: other, in: places, on: today).contains(stated.fact)
        }
        throw Refusal(
            .factKept, field: field,
            detail: "\(stated.fact): \(seeing.map(\.rawValue).joined(separator: ", ")); not \(department)",
            words: "\(policy.facts[stated.fact]?.title ?? stated.fact.rawValue)，请告诉"
                + seeing.map(KnownOffices.name).joined(separator: "、") + "；您是\(KnownOffices.name(of: department))",
            english: "\(stated.fact); tell \(seeing.map(KnownOffices.englishName).joined(separator: ", ")); "
                + "you are \(KnownOffices.englishName(of: department))")
    }

    /// Done is told by the department whose the item is, or by one that answers for it; the township also for its villages.
    private func check(_ done: PlanItemDone, of household: Household, field: String?) throws(Refusal) {
        guard let item = household.planItems.first(where: { $0.reference == done.item }) else { return }
        let owner = item.opened.department
        guard owner.isOfTheDocuments, !department.answers(for: owner),
            !(owner == KnownOffices.community && department == KnownOffices.township)
        else { return }
        throw Refusal(
            .planItemOwner, field: field ?? "item", detail: "#\(done.item.sequence): \(owner); not \(department)",
            words: "第 \(done.item.sequence) 条由\(KnownOffices.name(of: owner))承办，您是\(KnownOffices.name(of: department))",
            english: "#\(done.item.sequence) is with \(KnownOffices.englishName(of: owner)); "
                + "you are \(KnownOffices.englishName(of: department))")
    }
}

extension PolicyCatalog {
    /// Whether a department of the documents may see the records of a kind of families of these places: otherwise it neither adds
    /// to them nor takes anything back.
    /// - Throws: `factKept` with those that may; a retry helps with a key of one of them only.
    func checkSight(
        of record: OwnRecord, _ department: DepartmentID?, in places: Set<DivisionCode>, today: CivilDay
    ) throws(Refusal) {
        guard let department, department.isOfTheDocuments else { return }
        func isKept(from other: DepartmentID) -> Bool {
            sight.hidden(from: other, in: places, on: today).contains { OwnRecord($0) == record }
        }
        guard isKept(from: department) else { return }
        let seeing = KnownOffices.departments.map(\.id).filter { !isKept(from: $0) }
        throw Refusal(
            .factKept, detail: "\(record): \(seeing.map(\.rawValue).joined(separator: ", ")); not \(department)",
            words: "\(record.chinese)，请告诉\(seeing.map(KnownOffices.name).joined(separator: "、"))；"
                + "您是\(KnownOffices.name(of: department))",
            english: "\(record.english); tell \(seeing.map(KnownOffices.englishName).joined(separator: ", ")); "
                + "you are \(KnownOffices.englishName(of: department))")
    }
}

extension HouseholdHistory {
    /// Whether whoever sends the command may say what it says: by department, and for accounts by person.
    ///
    /// Asked of the command alone: what is on record already was taken in by the rules of its day, and stays.
    func checkRights(of command: HouseholdCommand, in context: DecisionContext) throws(Refusal) {
        let target = command.correction.flatMap { correction in events.first { $0.reference == correction.corrects } }
        let said = command.action.said
        if let rights = StatingRights(command, about: household, in: context) {
            if let target { try rights.checkTarget(target, of: household) }
            switch command.action {
            case .mergeHousehold, .splitHousehold: try rights.checkFile()
            default: break
            }
            for one in said { try rights.check(one.event, of: household, field: one.field) }
            // Whoever may not say it does not take it back, nor say something else in its place.
            if let target { try rights.check(target.event, of: household, field: "correction") }
        }
        let accounts = said.first { $0.event.isAccount }
        guard accounts != nil || target?.event.isAccount == true else { return }
        try checkAccount(context, field: accounts.map(\.field) ?? "correction")
    }

    /// Who sends a family's money does not say where it goes (CZ-3.2a): by the role of the key, and by what the person did.
    private func checkAccount(_ context: DecisionContext, field: String?) throws(Refusal) {
        let holds = context.roles.contains(KnownOffices.payer)
        let paid = context.actor.map(household.payers.contains) ?? false
        guard holds || paid else { return }
        throw .accountPayer(context.actor, field: field)
    }
}

extension Refusal {
    /// Somebody both sends money and says where it goes.
    static func accountPayer(_ actor: Code?, field: String? = nil) -> Refusal {
        Refusal(.accountPayer, field: field, detail: actor?.rawValue)
    }
}

extension HouseholdAction {
    /// What the action says of the family, with the field; merging and splitting are asked apart.
    fileprivate var said: [(event: HouseholdEvent, field: String?)] {
        guard case .registerHousehold(let register) = self else { return singleEvent.map { [($0, nil)] } ?? [] }
        return [(.registered(register.household), "household")]
            + register.facts.enumerated().map { ($1.event, "facts[\($0)]") }
    }
}

extension HouseholdEvent {
    /// Whether it says where money goes.
    fileprivate var isAccount: Bool {
        if case .factStated(let stated) = self { stated.fact.isAccountReference } else { false }
    }

    /// Whether it belongs to the file itself: that there is one and where, and who belongs to the family.
    fileprivate var isOfTheFile: Bool {
        switch self {
        case .registered, .moved, .closed, .registeredInError, .merged, .split, .personJoined, .personLeft,
            .personDetailsChanged, .personDied, .childBorn, .childAdopted:
            true
        default: false
        }
    }
}

extension DepartmentID {
    /// Whether the documents know it: not so the operator and keys of no department.
    fileprivate var isOfTheDocuments: Bool { KnownOffices.departments.contains { $0.id == self } }
}

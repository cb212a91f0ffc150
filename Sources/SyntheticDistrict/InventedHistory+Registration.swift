import CareDomain
import CaseImport

extension InventedHistory {
    /// The file is opened, with everything that was known by then.
    mutating func register() {
        let members = (family.parents + [family.child]).map { person in
            PersonJoined(
                person: person.id, role: person.role, sex: person.sex, birthDate: person.birthDate,
                sealed: [SealedPart(subject: person.id, details: person.details)])
        }
        let archiveNumber = random.chance(70) ? "CZ\(family.place.prefix)-\(series)-\(100_000 + family.number)" : nil
        let household = HouseholdRegistered(
            division: family.place.division, area: family.place.area, archiveNumber: archiveNumber)
        note(
            .registerHousehold(RegisterHousehold(household: household, members: members, facts: knownFacts())),
            on: family.registeredOn, id: family.register)
    }

    private mutating func knownFacts() -> [ProposedEvent] {
        let day = family.registeredOn
        var facts: [ProposedEvent] = []
        if let assessedOn = family.assessedOn, assessedOn <= day {
            facts.append(
                ProposedEvent(
                    occurredOn: assessedOn, event: .disabilityAssessed(assessment(on: assessedOn))))
        }
        if let diedOn = family.child.diedOn, diedOn <= day {
            facts.append(ProposedEvent(occurredOn: diedOn, event: .personDied(PersonDied(person: family.child.id))))
        }
        for parent in family.parents {
            let age = parent.birthDate.age(on: day)
            let kind = age < 60 && random.chance(15) ? "public_institution" : (age < 60 ? "other" : "none")
            facts.append(known("person.employer_kind", Self.code(kind), parent.id))
            facts.append(
                known("person.medical_scheme", Self.code(random.chance(90) ? "resident" : "employee"), parent.id))
            facts.append(known("person.living_arrangement", Self.code("home"), parent.id))
        }
        return facts
    }

    private func known(_ fact: String, _ value: FactValue, _ person: PersonID) -> ProposedEvent {
        ProposedEvent(
            occurredOn: family.registeredOn,
            event: .factStated(Self.fact(fact, value, person: person, source: "form")))
    }

    /// An assessment of the child with its certificate.
    mutating func assessment(on day: CivilDay, grade: Int? = nil) -> DisabilityAssessed {
        let kinds = ["physical", "sight", "hearing", "speech", "intellectual", "mental", "multiple"]
        let drawn = random.number(0...99)
        let grade = grade ?? (drawn < 25 ? 1 : (drawn < 60 ? 2 : (drawn < 92 ? 3 : 4)))
        let through: CivilDay? = random.chance(60) ? day.adding(months: 12 * random.number(5...10)) - 1 : nil
        let number = (family.child.details.idNumber ?? "") + "\(random.number(1...7))\(grade)"
        return DisabilityAssessed(
            person: family.child.id, kind: Code(unchecked: random.pick(kinds)), grade: grade, validThrough: through,
            sealed: [SealedPart(subject: family.child.id, details: PersonalDetails(certificateNumber: number))])
    }

    /// 分类帮扶: what is to be done for the family, by whom and until when.
    mutating func plan() {
        let items: [(clause: String, department: String)] =
            family.isBereaved
            ? [("CZ-2.7b", "dept.civil_affairs"), ("CZ-2.3", "dept.fp"), ("CZ-2.15", "dept.fp_association")]
            : [("CZ-2.10c", "dept.health"), ("CZ-2.8a", "dept.civil_affairs"), ("CZ-2.4a", "dept.hrss")]
        for item in items where random.chance(45) {
            let day = family.registeredOn + Int32(random.number(10...200))
            let text = SealedPart(
                subject: speaker(on: day), details: PersonalDetails(text: "按计划落实，每半年回访一次"))
            let opened = PlanItemOpened(
                clause: ClauseID(item.clause), department: DepartmentID(unchecked: item.department),
                dueOn: day + 180, sealed: [text])
            guard let noted = note(.openPlanItem(opened), on: day), random.chance(75) else { continue }
            note(
                .completePlanItem(PlanItemDone(item: EventReference(sequence: 0))),
                on: day + Int32(random.number(20...240)), sources: [.item: EventSource(command: noted.command)])
        }
    }

    /// The file is closed once nobody of the family is left.
    mutating func close() {
        guard let childDied = family.child.diedOn, family.parents.allSatisfy({ $0.diedOn != nil }) else { return }
        // A child that was born or adopted later lives on.
        let hasAnother = entries.contains { if case .addPerson = $0.draft.command.action { true } else { false } }
        guard !hasAnother else { return }
        let last = (family.parents.compactMap(\.diedOn) + [childDied]).max() ?? childDied
        let day = last + Int32(random.number(160...300))
        note(.closeHousehold(HouseholdClosed(reason: Code(unchecked: "no_members"))), on: day)
    }
}

import CareDomain
import CaseImport

extension InventedHistory {
    /// Certificates of hardship: given, renewed some times, ended at last.
    mutating func followHardship() {
        for (fact, percent) in [
            ("household.dibao", 18), ("household.low_income", 20), ("household.economic_hardship", 26),
            ("household.tekun", 3),
        ] where random.chance(percent) {
            var from = family.registeredOn + Int32(random.number(0...500))
            for _ in 0..<random.number(1...5) {
                guard from <= days.last else { break }
                let until = from.adding(months: 12 * random.number(1...2))
                guard
                    let noted = note(
                        .stateFact(Self.fact(fact, .bool(true), until: until)), on: from, reportedOn: from + lag())
                else { break }
                if random.chance(5) {
                    let right = Self.fact(fact, .bool(true), until: until.adding(months: 6))
                    correct(noted.command, reportedOn: noted.reportedOn + 15, to: .stateFact(right), on: from)
                }
                from = random.chance(85) ? until : until + Int32(random.number(30...400))
            }
        }
    }

    /// The old: dependence on care, the move into an institution, a guardian.
    mutating func lookAfterParents() {
        for parent in family.parents {
            let sixty = parent.birthDate.birthday(years: 60)
            if random.chance(22) {
                let day = max(sixty + Int32(random.number(0...4000)), family.registeredOn + 20)
                guard parent.isAlive(on: day) else { continue }
                dependOnCare(parent, from: day)
            }
            if random.chance(18) {
                let day = max(sixty + Int32(random.number(0...3000)), family.registeredOn + 30)
                guard parent.isAlive(on: day + 200) else { continue }
                nameGuardian(of: parent, on: day)
            }
        }
    }

    private mutating func dependOnCare(_ parent: InventedFamily.Person, from day: CivilDay) {
        var reported = day + lag()
        let first = random.chance(65) ? "partial" : "full"
        let fact = Self.fact("person.care_dependency", Self.code(first), person: parent.id)
        guard note(.stateFact(fact), on: day, reportedOn: reported) != nil, random.chance(45) else { return }
        let entry = day + Int32(random.number(100...1500))
        guard parent.isAlive(on: entry) else { return }
        reported = max(reported, entry + lag())
        let stay = Self.fact("person.living_arrangement", Self.code("institution"), person: parent.id)
        guard note(.stateFact(stay), on: entry, reportedOn: reported) != nil, random.chance(20) else { return }
        let leave = entry + Int32(random.number(60...700))
        guard parent.isAlive(on: leave) else { return }
        let home = Self.fact("person.living_arrangement", Self.code("home"), person: parent.id)
        note(.stateFact(home), on: leave, reportedOn: max(reported, leave + lag()))
    }

    private mutating func nameGuardian(of parent: InventedFamily.Person, on day: CivilDay) {
        let guardian = PersonID(Identifier128(high: random.next(), low: random.next()))
        let surname = InventedNames.surname(&random)
        let name = InventedNames.name(surname: surname, isFemale: random.chance(50), &random)
        let details = PersonalDetails(name: name, phone: InventedNames.phone(&random))
        let isRelative = random.chance(70)
        let named = GuardianNamed(
            person: parent.id, guardian: guardian,
            namedBy: DepartmentID(unchecked: random.chance(80) ? "org.community" : "org.employer"),
            relation: Code(unchecked: isRelative ? "relative" : "staff"),
            sealed: [SealedPart(subject: guardian, details: details)])
        guard var last = note(.nameGuardian(named), on: day, reportedOn: day + 3)?.reportedOn else { return }
        let consent = GuardianConsented(person: parent.id, guardian: guardian)
        let consentDay = day + Int32(random.number(0...40))
        guard random.chance(90),
            let consented = note(.recordGuardianConsent(consent), on: consentDay, reportedOn: max(last, consentDay))
        else { return }
        last = consented.reportedOn
        let notarised = GuardianNotarised(
            person: parent.id, guardian: guardian, certificate: "郴证字第\(random.number(1000...9999))号",
            scope: [Code(unchecked: "admission"), Code(unchecked: "surgery")], feeWaived: true)
        let notaryDay = consentDay + Int32(random.number(5...90))
        guard random.chance(85),
            let done = note(.recordNotarisation(notarised), on: notaryDay, reportedOn: max(last, notaryDay))
        else { return }
        guard random.chance(10) else { return }
        let endDay = notaryDay + Int32(random.number(200...1500))
        let ended = GuardianEnded(person: parent.id, guardian: guardian, reason: Code(unchecked: "moved_away"))
        note(.endGuardianship(ended), on: endDay, reportedOn: max(done.reportedOn, endDay + 5))
    }
}

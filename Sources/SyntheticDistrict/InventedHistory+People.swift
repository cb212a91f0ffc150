import CareDomain
import CaseImport

extension InventedHistory {
    /// What happens to the child after the file was opened: new assessments, study, death.
    mutating func followChild() {
        let child = family.child
        if let assessedOn = family.assessedOn {
            var day = assessedOn
            if day > family.registeredOn {
                note(.assessDisability(assessment(on: day)), on: day, reportedOn: day + lag())
            }
            while true {
                day = day + Int32(random.number(900...3000))
                guard day <= days.last, child.isAlive(on: day) else { break }
                guard day > family.registeredOn else { continue }
                reassess(on: day)
            }
        }
        study()
        guard let diedOn = child.diedOn, diedOn > family.registeredOn else { return }
        let isAccident = random.chance(35)
        if isAccident {
            let victim = IncidentReported.Victim(person: child.id, outcome: Code(unchecked: "death"))
            note(
                .reportIncident(IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])), on: diedOn,
                reportedOn: diedOn + Int32(random.number(0...6)))
        }
        recordDeath(of: child.id, on: diedOn, byAccident: isAccident)
    }

    private mutating func reassess(on day: CivilDay) {
        let assessed = assessment(on: day)
        let reported = day + lag()
        guard let noted = note(.assessDisability(assessed), on: day, reportedOn: reported) else { return }
        guard random.chance(4) else { return }
        var right = assessed
        right.grade = assessed.grade == 4 ? 3 : assessed.grade + 1
        correct(
            noted.command, reportedOn: noted.reportedOn + Int32(random.number(5...60)), to: .assessDisability(right),
            on: day)
    }

    /// - Parameter byAccident: Whether an accident of the day is on record, too: nobody dies before it.
    private mutating func recordDeath(of person: PersonID, on day: CivilDay, byAccident: Bool = false) {
        guard let noted = note(.recordDeath(PersonDied(person: person)), on: day, reportedOn: day + lag()) else {
            return
        }
        guard random.rare(15) else { return }
        let later = Int32(random.number(3...40))
        guard !byAccident else { return }
        correct(
            noted.command, reportedOn: noted.reportedOn + later,
            to: .recordDeath(PersonDied(person: person)), on: day - 1)
    }

    /// Some of the disabled young go to college (CZ-2.10d).
    private mutating func study() {
        let child = family.child
        let from = CivilDay(year: child.birthDate.year + 19, month: 9, day: 1)
        guard family.assessedOn != nil, let from, random.chance(30), from > family.registeredOn,
            child.isAlive(on: from),
            let graduation = CivilDay(year: from.year + 3, month: 6, day: 30)
        else { return }
        let reported = from + lag()
        let stage = random.chance(60) ? "junior_college" : "bachelor"
        for (fact, value) in [
            ("person.school_stage", Self.code(stage)), ("person.study_mode", Self.code("full_time")),
            ("person.study_from", .day(from)), ("person.planned_graduation", .day(graduation)),
        ] {
            note(.stateFact(Self.fact(fact, value, person: child.id)), on: from, reportedOn: reported)
        }
    }

    /// Parents change telephone numbers, retire, begin to draw special assistance, move, die.
    mutating func followParents() {
        for parent in family.parents {
            if let diedOn = parent.diedOn { recordDeath(of: parent.id, on: diedOn) }
            drawAssistance(parent)
            for year in years where random.rare(45) {
                let day = someDay(year: year)
                guard parent.isAlive(on: day) else { continue }
                changePhone(of: parent, on: day)
            }
        }
        for year in years where random.rare(12) {
            let day = someDay(year: year)
            guard !family.parents(on: day).isEmpty else { continue }
            let township = random.number(0...(Place.townshipsPerCounty - 1))
            let place = Place(county: family.place.county, township: township)
            let kind: HouseholdMoved.Kind = random.chance(75) ? .residence : .registration
            note(
                .moveHousehold(HouseholdMoved(kind: kind, division: place.division, area: place.area)), on: day,
                reportedOn: day + lag())
        }
    }

    private mutating func changePhone(of parent: InventedFamily.Person, on day: CivilDay) {
        func change(_ random: inout SeededGenerator) -> HouseholdAction {
            let details = PersonalDetails(phone: InventedNames.phone(&random))
            return .changePersonDetails(
                PersonDetailsChanged(
                    person: parent.id, sealed: [SealedPart(subject: parent.id, details: details)]))
        }
        guard let noted = note(change(&random), on: day, reportedOn: day + Int32(random.number(0...9))) else { return }
        guard random.chance(10) else { return }
        let reported = noted.reportedOn + Int32(random.number(1...30))
        correct(noted.command, reportedOn: reported, to: change(&random), on: day)
    }

    private mutating func drawAssistance(_ parent: InventedFamily.Person) {
        guard random.chance(85) else { return }
        let cause = family.isBereaved ? "death" : "disability"
        let began = (family.isBereaved ? family.child.diedOn : family.assessedOn) ?? family.registeredOn
        let from = max(parent.birthDate.birthday(years: 49), began + 60, family.registeredOn)
        guard parent.isAlive(on: from) else { return }
        let reported = from + lag()
        note(
            .stateFact(Self.fact("person.special_assistance_from", .day(from), person: parent.id)), on: from,
            reportedOn: reported)
        note(
            .stateFact(Self.fact("person.special_assistance_cause", Self.code(cause), person: parent.id)), on: from,
            reportedOn: reported)
    }

    /// A few families adopt or bear another child, which ends their status (CZ-1.1).
    mutating func adoptOrBear() {
        guard random.rare(35), days.last - family.registeredOn > 800 else { return }
        let day = family.registeredOn + Int32(random.number(200...700))
        guard let mother = family.parents(on: day).first(where: { $0.sex == .female }) else { return }
        let isBirth = mother.birthDate.age(on: day) < 48
        let isGirl = random.chance(48)
        let name = InventedNames.name(
            surname: String(family.child.details.name?.first ?? "李"), isFemale: isGirl, &random)
        let born = isBirth ? day : day - Int32(random.number(100...3000))
        let id = CommandID(Identifier128(high: random.next(), low: random.next()))
        let child = DerivedIDs.person(of: id, place: 0)
        // Without an ID number: it is not known yet when the child comes into the file.
        let joined = PersonJoined(
            person: child, role: isBirth ? .other : .adoptedChild, sex: isGirl ? .female : .male, birthDate: born,
            sealed: [SealedPart(subject: child, details: PersonalDetails(name: name))])
        let reported = day + lag()
        guard note(.addPerson(joined), on: day, reportedOn: reported, id: id) != nil else { return }
        if isBirth {
            note(.recordBirth(ChildBorn(child: child)), on: day, reportedOn: reported)
        } else {
            let applied = day - Int32(random.number(40...190))
            note(
                .recordAdoption(ChildAdopted(child: child, isOrphan: random.chance(60), appliedOn: applied)), on: day,
                reportedOn: reported)
        }
    }
}

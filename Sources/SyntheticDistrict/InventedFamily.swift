import CareDomain
import CaseImport

/// Who belongs to one invented family, and the days that decide its history.
struct InventedFamily: Sendable {
    /// One person of the family.
    struct Person: Sendable {
        let id: PersonID
        let role: MemberRole
        let sex: Sex
        let birthDate: CivilDay
        let details: PersonalDetails
        /// Day of death, also when it lies after the last day of the district.
        var diedOn: CivilDay?

        func isAlive(on day: CivilDay) -> Bool { diedOn.map { day < $0 } ?? true }
    }

    let number: Int
    let place: Place
    let isBereaved: Bool
    var parents: [Person]
    var child: Person
    /// Day of the child's first assessment, in families with a disabled child.
    let assessedOn: CivilDay?
    let registeredOn: CivilDay
    let register: CommandID
    let household: HouseholdID

    /// The same for every family: the days of the district.
    struct Days: Sendable {
        let first: CivilDay
        let last: CivilDay
    }

    init(number: Int, seed: UInt64, days: Days) {
        var random = SeededGenerator(seed: seed, 0xFA, UInt64(number))
        let ordinal = Ordinal(number: number, seed: seed, last: days.last)
        let place = Place(county: ordinal.county, township: random.number(0...(Place.townshipsPerCounty - 1)))
        let register = CommandID(Identifier128(high: random.next(), low: random.next()))
        let surname = InventedNames.surname(&random)
        let isBereaved = random.chance(60)
        let wife = Draft(role: .wife, sex: .female, birthDate: ordinal.wifeBirth, code: 2 * ordinal.serial)
        let husband = Draft(role: .husband, sex: .male, birthDate: ordinal.husbandBirth, code: 2 * ordinal.serial + 1)
        let shape = random.number(0...99)
        var drafts = shape < 80 ? [wife, husband] : (shape < 91 ? [wife] : [husband])
        if drafts.count == 1 { drafts[0].role = .singleParent }
        let isGirl = random.chance(47)
        drafts.append(
            Draft(
                role: .onlyChild, sex: isGirl ? .female : .male, birthDate: ordinal.childBirth,
                code: 2 * (ordinal.serial + 200) + (isGirl ? 0 : 1)))
        let address = place.address(&random)
        var people = drafts.enumerated().map { index, draft in
            draft.person(
                id: DerivedIDs.person(of: register, place: index), prefix: place.prefix, surname: surname,
                address: address, &random)
        }
        for index in people.indices.dropLast() { people[index].diedOn = Self.dayOfDeath(people[index], days, &random) }
        var child = people.removeLast()
        let cause = Self.cause(of: child, isBereaved: isBereaved, days, &random)
        child.diedOn = cause.died
        let registeredOn = Self.registration(cause, people, days, &random)
        // A file opens with its parents alive: those who died before it would only be names in it.
        for index in people.indices where people[index].diedOn.map({ $0 < registeredOn + 30 }) == true {
            people[index].diedOn = nil
        }
        self.number = number
        self.place = place
        self.isBereaved = isBereaved
        self.parents = people
        self.child = child
        self.assessedOn = cause.assessed
        self.register = register
        self.household = DerivedIDs.household(of: register)
        self.registeredOn = registeredOn
    }

    /// The parents alive on a day.
    func parents(on day: CivilDay) -> [Person] { parents.filter { $0.isAlive(on: day) } }

    /// What made the family one in special hardship.
    private struct Cause {
        var died: CivilDay?
        var assessed: CivilDay?
    }

    private static func cause(
        of child: Person, isBereaved: Bool, _ days: Days, _ random: inout SeededGenerator
    ) -> Cause {
        let lastCause = days.last - 40
        func someDay(after birthday: Int, before limit: CivilDay) -> CivilDay {
            let earliest = child.birthDate.birthday(years: birthday)
            let span = max(0, Int(limit - earliest))
            // Half of the causes fall into the years of the district, so that its history has something to tell.
            let recent = max(0, Int(limit - max(earliest, days.first)))
            return random.chance(50)
                ? earliest + Int32(random.number(0...span)) : limit - Int32(random.number(0...recent))
        }
        if isBereaved {
            let died = someDay(after: 3, before: lastCause)
            guard random.chance(12) else { return Cause(died: died) }
            let sick = child.birthDate.birthday(years: 2)
            return Cause(died: died, assessed: sick + Int32(random.number(0...max(0, Int(died - sick) - 1))))
        }
        return Cause(assessed: someDay(after: 2, before: lastCause))
    }

    private static func registration(
        _ cause: Cause, _ parents: [Person], _ days: Days, _ random: inout SeededGenerator
    ) -> CivilDay {
        let began = [cause.assessed, cause.died].compactMap { $0 }.min() ?? days.first
        // Files of families known before are brought in during the first year; the others open some months later.
        let opened =
            began < days.first
            ? days.first + Int32(random.number(0...360)) : began + Int32(random.number(15...300))
        return min(opened, days.last)
    }

    /// A day on which this parent dies; nil for most.
    private static func dayOfDeath(
        _ person: Person, _ days: Days, _ random: inout SeededGenerator
    ) -> CivilDay? {
        var year = days.first
        while year < days.last {
            let age = person.birthDate.age(on: year)
            let permille = age < 60 ? 3 : (age < 70 ? 12 : (age < 80 ? 35 : 90))
            if random.rare(permille) { return year + Int32(random.number(0...360)) }
            year = year + 365
        }
        return nil
    }
}

extension InventedFamily {
    /// A person before id, name and number are made.
    struct Draft {
        var role: MemberRole
        let sex: Sex
        let birthDate: CivilDay
        /// The three digits after the birth date.
        let code: Int

        func person(
            id: PersonID, prefix: String, surname: String, address: String, _ random: inout SeededGenerator
        ) -> Person {
            let isFemale = sex == .female
            // Wives and husbands have surnames of their own; the child bears the family's.
            let own = role == .wife || (role == .singleParent && isFemale) ? InventedNames.surname(&random) : surname
            let name = InventedNames.name(surname: own, isFemale: isFemale, &random)
            var details = PersonalDetails(name: name, idNumber: idNumber(prefix: prefix), address: address)
            if role != .onlyChild, role != .adoptedChild { details.phone = InventedNames.phone(&random) }
            return Person(id: id, role: role, sex: sex, birthDate: birthDate, details: details)
        }

        private func idNumber(prefix: String) -> String {
            let (year, month, day) = birthDate.components
            let text = prefix + String(year * 10_000 + month * 100 + day) + String(1000 + code).dropFirst()
            let check = ResidentIDNumber.checkCharacter(text.utf8.map { Int($0) - 48 })
            return text + String(UnicodeScalar(check))
        }
    }

    /// County, birth dates and the running number of the ID numbers, all from the family's number by one to one
    /// arithmetic: no two families of a district share an ID number, however many there are (up to 25 million).
    struct Ordinal {
        let county: Int
        let serial: Int
        let wifeBirth: CivilDay
        let husbandBirth: CivilDay
        let childBirth: CivilDay

        private static let span = 12_775
        private static let serials = 180

        init(number: Int, seed: UInt64, last: CivilDay) {
            let counties = Place.counties.count
            let room = counties * Self.span * Self.serials
            // A step without common factor with the room (2, 3, 5, 7, 11, 73) visits every place once.
            let step = 1_000_003
            let start = Int(SeededGenerator.first(seed) % UInt64(room))
            let mixed = (start + number % room * step) % room
            county = mixed % counties
            let day = mixed / counties % Self.span
            serial = mixed / counties / Self.span
            // Wives are 45 to 80 on the last day. What is added depends on the serial alone: it stays one to one.
            var random = SeededGenerator(seed: seed, 0x0D, UInt64(serial))
            wifeBirth = last.adding(months: -12 * 80) + Int32(day)
            husbandBirth = wifeBirth - Int32(random.number(-300...2200))
            childBirth = wifeBirth + Int32(random.number(20 * 365...31 * 365))
        }
    }
}

extension SeededGenerator {
    /// The first number of a seed.
    static func first(_ seed: UInt64) -> UInt64 {
        var random = SeededGenerator(seed: seed)
        return random.next()
    }
}

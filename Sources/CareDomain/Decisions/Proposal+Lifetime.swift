/// Which days can be true of somebody at all: what a slip in a year makes of a life is refused with the days that
/// disagree.
extension Proposal {
    /// Nobody is a wife, a husband or a parent left alone at a younger age; the marriage laws since 1950 ask for more.
    private static let youngestParent = 14
    /// Nobody has a child at a younger age.
    private static let youngestAtBirth = 12
    /// No family is looked after on an earlier day: the first assistance for these families is of 2007.
    private static let earliestCare = CivilDay(year: 2000, month: 1, day: 1)!

    /// Nothing is told of a person before their birth. An unknown birth contradicts nothing.
    func requireBirth(of member: Member, by day: CivilDay, field: String?) throws(Refusal) {
        guard let birth = member.birthDate, day < birth else { return }
        throw Refusal(
            .dayOrder, field: field, detail: day.description, words: "\(day)，早于此人出生之日 \(birth)",
            english: "\(day), before this person's birth on \(birth)")
    }

    /// Somebody of this role is born by the day on which they are in the family, and of an age for it.
    /// - Source: CZ-1.1 (夫妻)
    func check(born birth: CivilDay, as role: MemberRole, on day: CivilDay, field: String?) throws(Refusal) {
        guard birth <= day else {
            throw Refusal(
                .dayOrder, field: field, detail: birth.description, words: "\(birth) 出生，\(day) 还不能在本户",
                english: "born on \(birth), and in the family on \(day)")
        }
        guard role.isParent, birth.age(on: day) < Self.youngestParent else { return }
        throw Refusal(
            .dayOrder, field: field, detail: birth.description,
            words: "\(birth) 出生，\(day) 才 \(birth.age(on: day)) 岁，不会是\(role.chinese)",
            english: "born on \(birth), aged \(birth.age(on: day)) on \(day): too young for this role")
    }

    /// A birth date or role that is told anew agrees with what is on record of the person.
    func checkBirth(
        _ changed: PersonDetailsChanged, of member: Member, on day: CivilDay, field: String?
    ) throws(Refusal) {
        if let birth = changed.birthDate, birth != member.birthDate {
            let place = join(field, "birth_date")
            guard birth >= Self.earliest else { throw Refusal(.dayTooEarly, field: place, detail: birth.description) }
            try check(born: birth, as: member.role(on: member.joinedOn), on: member.joinedOn, field: place)
            let told = household.facts.filter { $0.stated.subject == .person(member.id) }.map(\.from)
            let first = (told + member.disabilities.map(\.period.start) + [member.diedOn].compactMap { $0 }).min()
            if let first, first < birth {
                throw Refusal(
                    .dayOrder, field: place, detail: birth.description,
                    words: "\(birth) 出生，而档案里有此人 \(first) 的记录，先更正或撤回那一条",
                    english: "born on \(birth), and something is on record of \(first): correct or withdraw that first")
            }
        }
        guard let role = changed.role, let birth = changed.birthDate ?? member.birthDate else { return }
        try check(born: birth, as: role, on: day, field: join(field, "role"))
    }

    /// A child is born of parents of whom one at least is of an age for it, where birth dates are known: the wife of
    /// today need not be the mother of a child of long ago.
    func checkParents(on day: CivilDay, field: String?) throws(Refusal) {
        let births = household.members.filter(\.isParent).compactMap(\.birthDate)
        guard let oldest = births.min(), oldest.age(on: day) < Self.youngestAtBirth else { return }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，父母中年长的 \(oldest) 出生，那时还不能生育",
            english: "\(day), and the older of the parents was born on \(oldest)")
    }

    /// A file is moved, split, merged or closed on no day before it was opened.
    func checkFileIsOpen(on day: CivilDay, field: String?) throws(Refusal) {
        guard let registeredOn = household.registeredOn, day < registeredOn else { return }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，早于建档之日 \(registeredOn)", english: "\(day), before the file of \(registeredOn)")
    }

    /// Helpers, guardians, visits, needs and plans are of days on which there was such care.
    func checkCareDay(_ day: CivilDay, field: String?) throws(Refusal) {
        guard day < Self.earliestCare else { return }
        throw Refusal(
            .dayTooEarly, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)；走访、需求、计划、结对、监护不会早于 \(Self.earliestCare)",
            english: "\(day); visits, needs, plans, helpers and guardians are not earlier than \(Self.earliestCare)")
    }
}

/// Which days can be true of somebody at all: what a slip in a year makes of a life is refused with the days that
/// disagree.
extension Proposal {
    /// Nobody is a wife, a husband or a parent left alone at a younger age; the marriage laws since 1950 ask for more.
    private static let youngestParent = 14
    /// Nobody has a child at a younger age.
    private static let youngestAtBirth = 12

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

    /// A child is born to this family on its own birthday, of parents of whom one at least is of an age for it, where birth
    /// dates are known: the wife of today need not be the mother of a child of long ago. Nobody is born more than a year
    /// after the last of the parents died.
    func check(_ born: ChildBorn, on day: CivilDay, field: String?) throws(Refusal) {
        if let id = born.child {
            let child = try requireMember(id, field: join(field, "child"))
            if let birth = child.birthDate, birth != day {
                throw Refusal(
                    .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                    words: "\(day)，而这名子女的出生日期是 \(birth)",
                    english: "\(day), and this child's birth date is \(birth)")
            }
            try requireLife(of: child, on: day, field: field)
        }
        if let oldest = household.birthOfOldestParent, oldest.age(on: day) < Self.youngestAtBirth {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，父母中年长的 \(oldest) 出生，那时还不能生育",
                english: "\(day), and the older of the parents was born on \(oldest)")
        }
        if let last = Self.lastDeath(of: household.members.filter(\.isParent)), day > last + 365 {
            throw Refusal(
                .afterDeath, field: join(field, "occurred_on"), detail: last.description,
                words: "父母都已去世，后去世的在 \(last)", english: "both parents, the latter on \(last)")
        }
    }

    /// A child is adopted alive and by somebody alive.
    func check(_ adopted: ChildAdopted, on day: CivilDay, field: String?) throws(Refusal) {
        if let id = adopted.child {
            let child = try requireMember(id, field: join(field, "child"))
            try requireBirth(of: child, by: day, field: join(field, "occurred_on"))
            try requireLife(of: child, on: day, field: field)
            // A wrong id would end the family's status by adopting the wife.
            guard !child.isParent else {
                throw Refusal(
                    .adoptedParent, field: join(field, "child"), detail: child.role.rawValue, words: child.role.chinese)
            }
        }
        if let applied = adopted.appliedOn, applied > day {
            throw Refusal(.dayOrder, field: join(field, "applied_on"), detail: applied.description)
        }
        if let last = Self.lastDeath(of: household.members.filter { $0.id != adopted.child }), day > last {
            throw Refusal(
                .afterDeath, field: join(field, "occurred_on"), detail: last.description,
                words: "本户已无人在世，最后去世的在 \(last)", english: "everybody of the family, the last on \(last)")
        }
    }

    /// The day on which the last of them died; nil where somebody lives, or there is nobody.
    private static func lastDeath(of members: [Member]) -> CivilDay? {
        let deaths = members.compactMap(\.diedOn)
        return deaths.count == members.count ? deaths.max() : nil
    }

    /// Whom the members told now cannot have borne, and who was not so before; `field` says where a child's birth stands.
    ///
    /// Asked of the family as a whole: who is listed first says nothing, and a stepmother may come before the father.
    func checkChildren(
        of family: Household, besides known: Set<PersonID> = [], adopted: Set<PersonID> = [],
        field: (PersonID) -> String?
    ) throws(Refusal) {
        guard let oldest = family.birthOfOldestParent else { return }
        let limit = oldest.birthday(years: Self.youngestAtBirth)
        for child in family.children(bornBefore: limit) where !known.contains(child.id) && !adopted.contains(child.id) {
            guard let birth = child.birthDate else { continue }
            throw Refusal(
                .dayOrder, field: field(child.id), detail: birth.description,
                words: "独生子女 \(birth) 出生，父母中年长的 \(oldest) 才出生，不会是其亲生；生父母不在名单上的请一并登记，收养的身份写收养子女",
                english:
                    "the only child was born on \(birth), the older of the parents on \(oldest): not theirs by birth. "
                    + "List the parents by birth as well; the role of somebody adopted is adopted child")
        }
    }

    /// Children who cannot have been born of the parents told, so that a later change is not blamed for them.
    func childrenTooOld(in family: Household) -> Set<PersonID> {
        guard let oldest = family.birthOfOldestParent else { return [] }
        return Set(family.children(bornBefore: oldest.birthday(years: Self.youngestAtBirth)).map(\.id))
    }

    /// Somebody dies in the family that they have joined, and not before what they died of.
    ///
    /// Who belonged to it when the file was opened may have died long before: an only child, mostly. Who joined a file that
    /// was there, on a day of their own, was alive on it; of those who came from another file the days before stand there.
    func check(death day: CivilDay, of member: Member, field: String?) throws(Refusal) {
        try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
        let isOfTheFile = member.cameWithFile || member.cameFromFile
        if !isOfTheFile, day < member.joinedOn, household.registeredOn.map({ $0 < member.joinedOn }) ?? false {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，早于此人加入本户之日 \(member.joinedOn)；本就是本户的人，先把加入之日更正为实际的日子",
                english:
                    "\(day), before this person joined the family on \(member.joinedOn); if they had belonged to it "
                    + "before, correct the day of joining first")
        }
        // Whoever stands in one's place came after one's death: to put its day right must not make two living at once. A death
        // that is not on record yet is taken, whoever else is there.
        let successor = household.members.first { other in
            other.id != member.id && other.role == member.role && other.leftOn == nil && other.joinedOn < day
                && (other.diedOn ?? deathsTold[other.id]).map { $0 > other.joinedOn } ?? true
        }
        if command.correction != nil, member.isParent, member.leftOn == nil, let successor {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，而本户另一名\(member.role.chinese) \(successor.joinedOn) 已在户",
                english:
                    "\(day), and another \(member.role.rawValue) has been in the family since \(successor.joinedOn)")
        }
        let fatal = household.incidents.first { incident in
            incident.day > day
                && incident.payload.victims.contains { $0.person == member.id && $0.outcome.rawValue == "death" }
        }
        if let fatal, context.kept.contains(fatal.reference) {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，与不给本部门看的一条登记矛盾，请有权查看的部门核对",
                english: "\(day), against an entry that is kept from this department; have one check it that may see it"
            )
        }
        if let fatal {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，而第 \(fatal.reference.sequence) 条记此人死于 \(fatal.day) 的突发事件，先更正有误的一条",
                english: "\(day), and event \(fatal.reference.sequence) says that this person died of what happened on "
                    + "\(fatal.day): correct the wrong one first")
        }
    }
}

extension HouseholdEvent {
    /// Whether it tells when somebody was born, or who they are in the family.
    var tellsBirthOrRole: Bool {
        switch self {
        case .personJoined: true
        case .personDetailsChanged(let changed): changed.birthDate != nil || changed.role != nil
        default: false
        }
    }

    /// The field of the command that tells so.
    var fieldOfBirth: String {
        if case .personDetailsChanged(let changed) = self, changed.birthDate == nil { "role" } else { "birth_date" }
    }
}

extension Household {
    /// The earliest birth of somebody told as a parent; nil where one of them is not known: nothing contradicts that.
    fileprivate var birthOfOldestParent: CivilDay? {
        let parents = members.filter(\.isParent)
        let births = parents.compactMap(\.birthDate)
        return births.count == parents.count ? births.min() : nil
    }

    /// Children by birth who were born before a day. Of the adopted only the papers say what was possible.
    fileprivate func children(bornBefore limit: CivilDay) -> [Member] {
        members.filter { member in
            member.role == .onlyChild && member.birthDate.map { $0 < limit } ?? false
                && !adoptions.contains { $0.payload.child == member.id }
        }
    }
}

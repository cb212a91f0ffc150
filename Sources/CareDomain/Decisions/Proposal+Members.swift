extension Proposal {
    /// A wife is female and a husband male; what is not known contradicts nothing.
    ///
    /// The age from which a right runs hangs on the sex (CZ-2.1: 女年满49周岁), so a slip here would cost a family years.
    /// - Source: CZ-1.1, CZ-2.1
    func check(role: MemberRole, number: String?, sex: Sex?, field: String?) throws(Refusal) {
        guard let expected = role.sex, let known = sex ?? number.flatMap({ try? ResidentIDNumber($0).sex }),
            known != expected
        else { return }
        throw Refusal(.roleSex, field: join(field, "role"), detail: role.rawValue, words: role.chinese)
    }

    /// A person has one ID number for life, and with it one birth date and one sex. What a change says may be a number that was not
    /// known, never another one, and none that belies the birth date on record: with it one person would take the place of another,
    /// with the rights and the death that stand in the other's file. The dead do not change their names.
    /// - Throws: `numberNeverChanges`, `afterDeath`; a retry helps only as a correction.
    func checkSamePerson(_ changed: PersonDetailsChanged) throws(Refusal) {
        guard let member = household.member(changed.person) else { return }
        let (said, known) = (PersonTraits(changed), PersonTraits(member))
        let comparison = PersonComparison(said, known)
        if comparison.name == .differs { try requireLife(of: member, on: command.occurredOn, field: nil) }
        if comparison.idNumber == .differs { throw Refusal(.numberNeverChanges, field: "id_number") }
        if comparison.birthDate == .differs {
            throw Refusal(.numberNeverChanges, field: "birth_date", detail: known.birthDate?.description)
        }
        if comparison.sex == .differs { throw Refusal(.numberNeverChanges, field: "sex") }
    }

    /// Who left and comes back is the same member: as another one the month of both would be paid twice.
    ///
    /// Who is the same says `PersonComparison`.
    /// - Throws: `personBack` with the former person id and the day; a retry helps under that id.
    func checkNotBack(_ joined: PersonJoined) throws(Refusal) {
        let traits = PersonTraits(joined)
        let former = household.members.last { member in
            member.leftOn != nil && member.id != joined.person
                && PersonComparison(traits, PersonTraits(member)).isSame
        }
        guard let former, let leftOn = former.leftOn else { return }
        guard !household.members.contains(where: { $0.id == former.id && $0.leftOn == nil }) else { return }
        throw Refusal(
            .personBack, field: "person", detail: former.id.description, words: "编号 \(former.id)，\(leftOn) 离开",
            english: "person \(former.id), left on \(leftOn)")
    }

    /// Nobody is in a family twice: whom `PersonComparison` finds to be one person is one, whose role changed. As two people the
    /// family would be granted twice what is each parent's.
    ///
    /// Where the names are not visible nothing is said; one ID number is recognised by its token before.
    /// - Source: CZ-2.1 (each of the couple)
    /// - Throws: `personTwice`; a retry helps as a change of the role, or with the ID numbers of both. `personInHousehold`, where
    ///   one number is given of two people.
    func checkOnce(_ said: PersonDetailsChanged, of member: Member?, field: String?) throws(Refusal) {
        let traits = PersonTraits(said, over: member)
        let isNumberSaid = PersonTraits(said).isNumbered
        for other in household.members where other.id != said.person && other.leftOn == nil {
            switch PersonComparison(traits, PersonTraits(other)).verdict {
            case .same(by: .idNumber):
                if isNumberSaid { throw Refusal(.personInHousehold, field: join(field, "id_number")) }
            case .same:
                throw Refusal(
                    .personTwice, field: join(field, "name"), detail: other.role.rawValue, words: other.role.chinese)
            case .different, .unknown: continue
            }
        }
    }

    /// Who says that this is another person than one of the same name and birth date in another household says why.
    ///
    /// The reason can name people, so it is the text of the person's sealed part. One that cannot be opened here is a reason.
    /// - Throws: `namesakeWithoutReason`; a retry helps with the reason.
    func checkReason(
        namesake: Bool?, _ sealed: [SealedPart], of person: PersonID, field: String?
    ) throws(Refusal) {
        guard namesake == true else { return }
        let parts = sealed.filter { $0.subject == person }
        let isSaid = parts.contains { part in
            part.details.map { $0.text?.contains { !$0.isWhitespace } ?? false } ?? true
        }
        guard isSaid else { throw Refusal(.namesakeWithoutReason, field: join(field, "text")) }
    }

    /// Of somebody who died only what was true before can still be learned.
    func requireLife(of member: Member, on day: CivilDay, field: String?) throws(Refusal) {
        guard let diedOn = member.diedOn, day > diedOn else { return }
        throw Refusal(.afterDeath, field: join(field, "occurred_on"), detail: diedOn.description)
    }

    /// What is stated of a person needs that person alive on the day, but for what outlives them: where money that is
    /// still owed goes, bills and other sums, days of their life, and that something is no longer known.
    func requireLife(for stated: FactStated, of member: Member, on day: CivilDay, field: String?) throws(Refusal) {
        switch stated.value {
        case nil, .reference, .money: return
        case .day(let known):
            guard member.diedOn.map({ known > $0 }) ?? false else { return }
        case .bool, .int, .decimal, .code: break
        }
        try requireLife(of: member, on: day, field: field)
    }

    /// A file that is registered tells a life as a whole: nothing in it may lie behind the death that it tells.
    func checkNothingLater(than death: CivilDay, of member: Member, field: String?) throws(Refusal) {
        guard case .registerHousehold = command.action else { return }
        var dead = member
        dead.diedOn = death
        for proposed in events {
            switch proposed.event {
            case .disabilityAssessed(let assessed) where assessed.person == member.id:
                try requireLife(of: dead, on: proposed.occurredOn, field: field)
            case .factStated(let stated) where stated.subject == .person(member.id):
                try requireLife(for: stated, of: dead, on: proposed.occurredOn, field: field)
            default: break
            }
        }
    }

    /// A code of the record's own, refused with those that there are.
    func check(_ code: Code, among words: [PolicyCatalog.Word], field: String?) throws(Refusal) {
        guard !words.contains(where: { $0.code == code }) else { return }
        throw Refusal(.unknownCode, field: field, detail: Self.choice(code.rawValue, words))
    }

    /// Why a file is closed; 已无成员 is true only when nobody of the family lives in it.
    func check(closing reason: Code, on day: CivilDay, field: String?) throws(Refusal) {
        try check(reason, among: RecordWords.closing, field: join(field, "reason"))
        guard reason == RecordWords.noMembers else { return }
        let living = household.members(on: day).count
        guard living == 0 else { throw Refusal(.membersLive, field: join(field, "reason"), detail: "\(living)") }
    }

    /// Whoever closes a file is told of the applications and plan items in it that nobody has ended: they would stay in the
    /// lists of what is under way or overdue. Of a claim whose accident is kept from them the death is named, which is kept
    /// from nobody, and nothing where there is none.
    mutating func warnOfWhatIsOpen(field: String?) {
        let applications = household.applications.filter { $0.state == .underWay }.map(\.reference)
        let claims = household.insuranceClaims(context.policy.accidentInsurance)
        let own = household.planItems.map(\.reference).filter { item in
            household.seenTo[item] == nil && !groundless.contains(item) && !claims.contains { $0.item == item }
        }
        let open = claims.filter { $0.doneOn == nil }.compactMap { claim in
            claim.incident.map(context.kept.contains) ?? false ? claim.death : claim.reference
        }
        let items = Set(own + open).sorted()
        guard !applications.isEmpty || !items.isEmpty else { return }
        func told(_ what: String, _ events: [EventReference]) -> String? {
            events.isEmpty ? nil : what + events.map { "#\($0.sequence)" }.joined(separator: " ")
        }
        let all = (applications + items).map { "#\($0.sequence)" }.joined(separator: " ")
        warn(
            .closedWithOpen, field: field, detail: all,
            words: [told("申请 ", applications), told("帮扶计划 ", items)].compactMap { $0 }.joined(separator: "；"),
            english: [told("applications ", applications), told("plan items ", items)].compactMap { $0 }
                .joined(separator: "; "))
    }
}

extension Proposal {
    /// Whether the event may happen to the household as it stands; throws the refusal when not.
    mutating func check(_ event: HouseholdEvent, on day: CivilDay, field: String?) throws(Refusal) {
        switch event {
        case .merged, .split, .closed, .registeredInError:
            try checkEnd(event, on: day, field: field)
        case .registered(let registered):
            try checkFileDay(day, field: field)
            try check(registered.division, on: day, field: join(field, "division"))
        case .moved(let moved):
            try check(moved.division, on: day, field: join(field, "division"))
            // Residence may be known from before; where the household was registered on its first day is said there.
            if moved.kind == .registration { try checkFileIsOpen(on: day, field: field) }
            try checkNumber(of: moved, on: day, field: join(field, "archive_number"))
        case .personJoined(let joined):
            try check(joined, on: day, field: field)
        case .personLeft(let left):
            let member = try requireMember(left.person, field: join(field, "person"))
            guard member.leftOn == nil else { throw Refusal(.personNotPresent, field: join(field, "person")) }
            guard day >= member.joinedOn else {
                throw Refusal(
                    .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                    words: "\(day)，早于此人加入本户之日 \(member.joinedOn)",
                    english: "\(day), before this person joined the family on \(member.joinedOn)")
            }
            try requireLife(of: member, on: day, field: field)
            try check(left.reason, among: RecordWords.leaving, field: join(field, "reason"))
        case .personDetailsChanged(let changed):
            try check(changed, on: day, field: field)
        case .personDied(let died):
            let member = try requireMember(died.person, field: join(field, "person"))
            guard member.diedOn == nil else { throw Refusal(.alreadyDead, field: join(field, "person")) }
            try check(death: day, of: member, field: field)
            try checkNothingLater(than: day, of: member, field: field)
        case .childBorn(let born):
            try check(born, on: day, field: field)
        case .childAdopted(let adopted):
            try check(adopted, on: day, field: field)
        case .disabilityAssessed(let assessed):
            try check(assessed, on: day, field: field)
        case .factStated(let stated):
            try check(stated, on: day, field: field)
        case .incidentReported(let incident):
            try check(incident, on: day, field: field)
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded:
            try checkCareDay(day, field: field)
            try checkGuardian(event, on: day, field: field)
        case .pairingAssigned, .pairingHandedOver, .pairingEnded:
            try checkCareDay(day, field: field)
            try checkPairing(event, on: day, field: field)
        case .visitRecorded, .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone:
            try checkCareDay(day, field: field)
            try checkCasework(event, on: day, field: field)
        case .goodsHandedOut(let handed):
            try check(handed, on: day, field: field)
        case .awardDecided(let decided):
            try checkCareDay(day, field: field)
            try check(decided, on: day, field: field)
        case .dueDecided(let decided):
            try checkCareDay(day, field: field)
            try check(decided, field: field)
        // An application is decided as a whole (`decided`), never brought along or put in the place of something.
        case .application, .withdrawn, .commandAbandoned, .determinationMade, .noticeRaised, .noticeDelivered,
            .paymentOrdered, .paymentConcluded:
            throw Refusal(.correctionKind, field: field)
        }
    }

    /// The ways in which a file ends, and those in which people go on in another one.
    private mutating func checkEnd(_ event: HouseholdEvent, on day: CivilDay, field: String?) throws(Refusal) {
        try checkFileIsOpen(on: day, field: field)
        switch event {
        case .merged(let merged) where merged.side == .absorbed:
            try checkJoined({ _ in true }, by: day, field: field)
        case .split(let split) where split.side == .remaining:
            try checkJoined({ split.persons.contains($0.id) }, by: day, field: field)
        case .closed(let closed):
            try check(closing: closed.reason, on: day, field: field)
            try checkJoined({ _ in true }, by: day, field: field)
            warnOfWhatIsOpen(field: field)
        case .registeredInError(let error):
            try check(error.reason, among: RecordWords.registeredInError, field: join(field, "reason"))
        default: break
        }
    }

    private func check(_ joined: PersonJoined, on day: CivilDay, field: String?) throws(Refusal) {
        if let member = household.member(joined.person), member.leftOn == nil {
            throw Refusal(.personInHousehold, field: join(field, "person"))
        }
        if let token = joined.token, household.members.contains(where: { $0.token == token && $0.leftOn == nil }) {
            throw Refusal(.personInHousehold, field: join(field, "id_number"))
        }
        try checkBackAsKnown(joined, on: day, field: field)
        try checkRole(joined.role, of: joined.person, on: day, field: field)
        if let birth = joined.birthDate {
            guard birth <= context.today else {
                throw Refusal.future(birth, today: context.today, field: join(field, "birth_date"))
            }
            guard birth >= Self.earliest else {
                throw Refusal(.dayTooEarly, field: join(field, "birth_date"), detail: birth.description)
            }
            try check(born: birth, as: joined.role, on: day, field: join(field, "birth_date"))
        }
        try checkReason(namesake: joined.namesake, joined.sealed, of: joined.person, field: field)
        let number = joined.sealed.details(of: joined.person)?.idNumber
        try checkIdentity(number: number, birthDate: joined.birthDate, sex: joined.sex, field: field)
        try check(role: joined.role, number: number, sex: joined.sex, field: field)
        let said = PersonDetailsChanged(
            person: joined.person, role: joined.role, sex: joined.sex, birthDate: joined.birthDate, token: joined.token,
            sealed: joined.sealed)
        try checkOnce(said, of: nil, field: field)
    }

    private func check(_ changed: PersonDetailsChanged, on day: CivilDay, field: String?) throws(Refusal) {
        let member = try requireMember(changed.person, field: join(field, "person"))
        // Who they were when the family took them in was said then; that was wrong, or changed later.
        guard day >= member.joinedOn else {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，早于此人登记在本户之日 \(member.joinedOn)，当时就有误的请用更正",
                english: "\(day), before this person was in the file (\(member.joinedOn)); correct what was wrong then")
        }
        try checkReason(namesake: changed.namesake, changed.sealed, of: changed.person, field: field)
        let number = changed.sealed.details(of: changed.person)?.idNumber
        try checkIdentity(
            number: number, birthDate: changed.birthDate ?? member.birthDate, sex: changed.sex ?? member.sex,
            field: field)
        try checkBirth(changed, of: member, on: day, field: field)
        if let role = changed.role { try checkRole(role, of: changed.person, on: day, field: field) }
        // A telephone number may change of somebody whose role and sex an earlier version took in unlike each other.
        if changed.role != nil || changed.sex != nil || number != nil {
            try check(
                role: changed.role ?? member.role, number: number ?? member.details?.idNumber,
                sex: changed.sex ?? member.sex, field: field)
        }
        let name = changed.sealed.details(of: changed.person)?.name
        if changed.birthDate != nil || changed.sex != nil || name != nil {
            try checkOnce(changed, of: member, field: field)
        }
    }

    /// One living wife, husband and single parent at a time, and one only child. The dead take nobody's place: a file that is
    /// registered tells a widower's first wife beside the second.
    private func checkRole(
        _ role: MemberRole, of person: PersonID, on day: CivilDay, field: String?
    ) throws(Refusal) {
        guard role != .other, role != .adoptedChild else { return }
        func isDead(_ member: PersonID, _ diedOn: CivilDay?) -> Bool {
            (diedOn ?? deathsTold[member]).map { $0 <= day } ?? false
        }
        if role != .onlyChild, isDead(person, household.member(person)?.diedOn) { return }
        // Whoever left or died later than on the day was there on it.
        let taken = household.members.contains { other in
            guard other.id != person, other.role == role else { return false }
            // A family has one only child, also after that child married; whom others adopted, or who never was one, is none.
            if role == .onlyChild { return other.leftFor.map { !RecordWords.leavingAsNoChild.contains($0) } ?? true }
            return other.leftOn.map { $0 > day } ?? true && !isDead(other.id, other.diedOn)
        }
        if taken { throw Refusal(.roleTaken, field: join(field, "role"), detail: role.chinese) }
    }

    private func checkIdentity(
        number: String?, birthDate: CivilDay?, sex: Sex?, field: String?
    ) throws(Refusal) {
        guard let number else { return }
        let id: ResidentIDNumber
        do { id = try ResidentIDNumber(number) } catch {
            throw Refusal(.idNumberInvalid, field: join(field, "id_number"))
        }
        if let birthDate, birthDate != id.birthDate {
            throw Refusal(.idNumberDisagrees, field: join(field, "birth_date"), detail: "出生日期")
        }
        if let sex, sex != id.sex { throw Refusal(.idNumberDisagrees, field: join(field, "sex"), detail: "性别") }
    }

    private func check(_ assessed: DisabilityAssessed, on day: CivilDay, field: String?) throws(Refusal) {
        try context.policy.checkOwner(
            of: .disabilityAssessment, context.department, in: household.division(on: command.occurredOn), field: field)
        let member = try requireMember(assessed.person, field: join(field, "person"))
        guard (0...4).contains(assessed.grade) else {
            throw Refusal(.gradeOutOfRange, field: join(field, "grade"), detail: "\(assessed.grade)")
        }
        if let kind = assessed.kind { try check(kind, among: RecordWords.disabilityKinds, field: join(field, "kind")) }
        try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
        try requireLife(of: member, on: day, field: field)
        if let through = assessed.validThrough, through < day {
            throw Refusal(.dayOrder, field: join(field, "valid_through"), detail: through.description)
        }
    }

    private func check(_ stated: FactStated, on day: CivilDay, field: String?) throws(Refusal) {
        guard let definition = context.policy.facts[stated.fact] else {
            throw Refusal(.unknownFact, field: join(field, "fact"), detail: stated.fact.rawValue)
        }
        switch (definition.subject, stated.subject) {
        case (.household, .household): break
        case (.person, .person(let person)):
            let member = try requireMember(person, field: join(field, "subject"))
            try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
            if case .day(let known)? = stated.value {
                try requireBirth(of: member, by: known, field: join(field, "value"))
            }
            try requireLife(for: stated, of: member, on: day, field: field)
        default: throw Refusal(.factSubject, field: join(field, "subject"), detail: definition.title)
        }
        if let until = stated.until, until <= day {
            throw Refusal(.dayOrder, field: join(field, "until"), detail: until.description)
        }
        // Whose word counts where statements contradict one another hangs on the source.
        let sources = context.policy.sources
        if !sources.isEmpty { try check(stated.source, among: sources, field: join(field, "source")) }
        guard let value = stated.value else { return }
        guard value.form == definition.form else {
            throw Refusal(.factForm, field: join(field, "value"), detail: definition.title)
        }
        if case .code(let code) = value, !definition.codes.contains(code) {
            let codes = definition.codes.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.factCode, field: join(field, "value"), detail: "\(code) → \(codes)")
        }
        // The log holds references to payment details, never the number of an account or a card, nor whose it is.
        if stated.fact.isAccountReference, case .reference(let text) = value,
            text.looksLikeAccountNumber || (stated.fact == .accountReference && text.looksLikeName)
        {
            throw Refusal(
                .factForm, field: join(field, "value"), detail: "\(definition.title)：须是账户的编号，不得是银行账号、卡号、姓名",
                english: "\(stated.fact): the reference of an account, never its number, a card's, or a name")
        }
    }
}

extension String {
    /// Words without a number in them, such as 王丽 or 王丽 的卡: a reference in Chinese has one.
    fileprivate var looksLikeName: Bool {
        !utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } && utf8.contains { $0 >= 0x80 }
    }

    /// Twelve digits or more and, but for spaces and dashes, nothing else.
    package var looksLikeAccountNumber: Bool {
        let signs = utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        return signs.count >= 12 && signs.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension FactValue {
    /// The form the value has.
    package var form: PolicyCatalog.FactDefinition.Form {
        switch self {
        case .bool: .bool
        case .int: .int
        case .decimal: .decimal
        case .code: .code
        case .day: .day
        case .money: .money
        case .reference: .reference
        }
    }
}

extension Proposal {
    /// The guardian's steps come in their order: named, consented, notarised, ended; all but the last while both are alive.
    /// - Source: CZ-2.13a
    func checkGuardian(_ event: HouseholdEvent, on day: CivilDay, field: String?) throws(Refusal) {
        func current(_ person: PersonID, _ guardian: PersonID) throws(Refusal) -> Guardianship {
            let found = household.guardianships.last {
                $0.person == person && $0.guardian == guardian && $0.endedOn == nil
            }
            guard let found else { throw guardianRefusal("未指定", english: "nobody is named", field: field) }
            return found
        }
        func requireBothAlive(_ person: PersonID, _ guardian: PersonID) throws(Refusal) {
            try requireAlive(requireMember(person, field: join(field, "person")), on: day, join(field, "person"))
            guard let guardian = household.member(guardian) else { return }
            try requireAlive(guardian, on: day, join(field, "guardian"))
            try requireBirth(of: guardian, by: day, field: join(field, "occurred_on"))
        }
        switch event {
        case .guardianNamed(let named):
            let member = try requireMember(named.person, field: join(field, "person"))
            try requireBirth(of: member, by: day, field: join(field, "occurred_on"))
            try requireBothAlive(named.person, named.guardian)
            try checkTerms(of: named, on: day, field: field)
            guard named.guardian != named.person else { throw Refusal(.guardianIsSelf, field: join(field, "guardian")) }
            if household.guardianships.contains(where: { $0.person == named.person && $0.endedOn == nil }) {
                throw guardianRefusal("已有监护人，请先终止", english: "there is a guardian; end that first", field: field)
            }
        case .guardianConsented(let consented):
            let guardianship = try current(consented.person, consented.guardian)
            try requireBothAlive(consented.person, consented.guardian)
            try require(day, after: guardianship.namedOn, field: field)
            if let notarisedOn = guardianship.notarisedOn, day > notarisedOn {
                throw guardianRefusal("\(notarisedOn) 已公证", english: "notarised on \(notarisedOn)", field: field)
            }
        case .guardianNotarised(let notarised):
            let guardianship = try current(notarised.person, notarised.guardian)
            try requireBothAlive(notarised.person, notarised.guardian)
            guard let consentedOn = guardianship.consentedOn else {
                throw guardianRefusal("本人尚未同意", english: "no consent on record yet", field: field)
            }
            try require(day, after: consentedOn, field: field)
            let scopes = guardianTerms(on: day)?.scopes
            for scope in notarised.scope {
                guard let scopes, !scopes.contains(where: { $0.code == scope })
                else { continue }
                throw Refusal(
                    .guardianScope, field: join(field, "scope"), detail: Self.choice(scope.rawValue, scopes),
                    clause: ClauseID("CZ-2.13a"))
            }
        case .guardianEnded(let ended):
            let guardianship = try current(ended.person, ended.guardian)
            let steps = [guardianship.namedOn, guardianship.consentedOn, guardianship.notarisedOn]
            try require(day, after: steps.compactMap { $0 }.max() ?? day, field: field)
            try check(ended.reason, among: RecordWords.guardianEnds, field: join(field, "reason"))
        default:
            break
        }
    }

    /// Those of the place where the family belongs on the day.
    private func guardianTerms(on day: CivilDay) -> PolicyCatalog.Guardians? {
        context.policy.guardians(in: household.division(on: day))
    }

    /// Who may name a guardian and whom stands in the place's document, where that speaks of guardians at all.
    private func checkTerms(of named: GuardianNamed, on day: CivilDay, field: String?) throws(Refusal) {
        guard let terms = guardianTerms(on: day) else { return }
        guard terms.namers.contains(where: { $0.code.rawValue == named.namedBy.rawValue }) else {
            throw Refusal(
                .guardianNamer, field: join(field, "named_by"),
                detail: Self.choice(named.namedBy.rawValue, terms.namers),
                clause: ClauseID("CZ-2.13a"))
        }
        guard terms.relations.contains(where: { $0.code == named.relation }) else {
            throw Refusal(
                .guardianRelation, field: join(field, "relation"),
                detail: Self.choice(named.relation.rawValue, terms.relations), clause: ClauseID("CZ-2.13a"))
        }
    }

    /// `neighbour → relative 亲属, staff 工作人员`
    static func choice(_ given: String, _ words: [PolicyCatalog.Word]) -> String {
        "\(given) → " + words.map { "\($0.code) \($0.title)" }.joined(separator: ", ")
    }

    private func requireAlive(_ member: Member, on day: CivilDay, _ field: String?) throws(Refusal) {
        guard member.diedOn.map({ $0 > day }) ?? true else { throw Refusal(.alreadyDead, field: field) }
    }

    private func guardianRefusal(_ detail: String, english: String, field: String?) -> Refusal {
        Refusal(.guardianState, field: field, detail: detail, english: english, clause: ClauseID("CZ-2.13a"))
    }

    /// Slots are those of the packs; they are filled by different people, whoever stands for a department included, also in
    /// places whose documents ask for no helpers, unless the place's pack allows one person in two of them. Whoever is typed
    /// anew for each slot gets another id each time, so the name with the telephone, or with the unit, counts as well.
    /// - Source: CZ-2.14a, reading CZ-Q26
    mutating func checkPairing(_ event: HouseholdEvent, on day: CivilDay, field: String?) throws(Refusal) {
        switch event {
        case .pairingAssigned(let assigned):
            let slot = try slot(assigned.kind, field: field)
            // Who holds it by now may be told again only with what was lacking.
            let holder = household.pairings.last { $0.kind == assigned.kind && $0.isOpen(on: day, assigned.helper.id) }
            if stands(assigned.helper.id, from: day, in: { $0 == assigned.kind }) {
                let told = assigned.helper.told(with: assigned.sealed)
                guard let holder, !holder.lacking(told, on: day).isEmpty else {
                    throw Refusal(.alreadyPaired, field: join(field, "helper"), detail: slot.title)
                }
            } else {
                try checkNew(assigned.helper, assigned.sealed, in: slot, on: day, field: join(field, "helper"))
            }
            try check(
                newHelper: assigned.helper, assigned.sealed, holding: holder, for: slot, on: day, field: field)
        case .pairingHandedOver(let handover):
            let slot = try slot(handover.kind, field: field)
            guard holds(handover.from, handover.kind, on: day) else {
                throw Refusal(.notPaired, field: join(field, "from"), detail: slot.title)
            }
            try check(handover.reason, among: RecordWords.pairingEnds, field: join(field, "reason"))
            try checkSuccessor(handover, in: slot, on: day, field: join(field, "to"))
            try check(
                newHelper: handover.to, handover.sealed, holding: nil, for: slot, on: day, field: field)
        case .pairingEnded(let ended):
            let slot = try slot(ended.kind, field: field)
            guard holds(ended.helper, ended.kind, on: day) else {
                throw Refusal(.notPaired, field: join(field, "helper"), detail: slot.title)
            }
            try check(ended.reason, among: RecordWords.pairingEnds, field: join(field, "reason"))
        default:
            break
        }
    }

    /// An assignment that names somebody who holds the slot already and of whom something was lacking that it tells: the
    /// same person's, also where whoever typed it had another id made. Nothing told may set the two apart; whoever sends it is
    /// told.
    mutating func completing(_ event: HouseholdEvent, on day: CivilDay, field: String?) -> HouseholdEvent {
        guard case .pairingAssigned(var assigned) = event,
            !household.pairings.contains(where: { $0.kind == assigned.kind && $0.helper.id == assigned.helper.id })
        else { return event }
        let (new, details) = (assigned.helper, assigned.sealed.details(of: assigned.helper.id))
        let told = new.told(with: assigned.sealed)
        let holder = household.pairings.last {
            $0.kind == assigned.kind && $0.isOpen(on: day, $0.helper.id) && $0.mayBeSamePerson(as: new, details)
                && !$0.lacking(told, on: day).isEmpty
        }
        guard let holder else { return event }
        assigned.helper.id = holder.helper.id
        assigned.sealed = assigned.sealed.map { part in
            part.subject == new.id ? SealedPart(subject: holder.helper.id, details: part.details) : part
        }
        warn(.helperCompleted, field: join(field, "helper"), detail: "#\(holder.startedBy.sequence)")
        return .pairingAssigned(assigned)
    }

    private func slot(_ kind: PairingKind, field: String?) throws(Refusal) -> PolicyCatalog.PairingSlot {
        guard let slot = context.policy.pairingSlots.first(where: { $0.kind == kind }) else {
            let words = context.policy.pairingSlots.map {
                PolicyCatalog.Word(code: Code(unchecked: $0.kind.rawValue), title: $0.title)
            }
            throw Refusal(
                .unknownPairingKind, field: join(field, "kind"), detail: Self.choice(kind.rawValue, words),
                clause: ClauseID("CZ-2.14a"))
        }
        return slot
    }

    /// Whoever begins in a slot is told of by something, and is nobody who stands in it already, also not under another id:
    /// there the name is enough unless telephones or units that are both given set the two apart, as for completing.
    /// - Parameter leaving: Whose slot it was, who is no hindrance.
    private func checkNew(
        _ helper: Helper, _ sealed: [SealedPart], in slot: PolicyCatalog.PairingSlot, on day: CivilDay,
        leaving: PersonID? = nil, field: String?
    ) throws(Refusal) {
        if helper.told(with: sealed).isEmpty {
            throw Refusal(.helperUntold, field: field, clause: ClauseID("CZ-2.14a"))
        }
        let details = sealed.details(of: helper.id)
        let isThere = household.pairings.contains {
            $0.kind == slot.kind && $0.stands(from: day) && $0.helper.id != leaving
                && $0.mayBeSamePerson(as: helper, details)
        }
        if isThere {
            throw Refusal(.helperInSlot, field: field, detail: slot.title, clause: ClauseID("CZ-2.14a"))
        }
    }

    /// A handover is to somebody else than any who stand in the slot: to whoever has it, it would begin a second time of the
    /// same person's. Only from the day on which the pairing began another id may take its place: then nothing of the first is
    /// left, and whom two files brought is one again.
    private func checkSuccessor(
        _ handover: PairingHandedOver, in slot: PolicyCatalog.PairingSlot, on day: CivilDay, field: String?
    ) throws(Refusal) {
        let (new, old) = (handover.to, handover.from)
        guard new.id != old else { throw Refusal(.handoverToSelf, field: field, detail: slot.title) }
        if stands(new.id, from: day, in: { $0 == slot.kind }) {
            throw Refusal(.successorInSlot, field: field, detail: slot.title)
        }
        let details = handover.sealed.details(of: new.id)
        let isOwn = household.pairings.contains {
            $0.kind == slot.kind && $0.isOpen(on: day, old) && $0.period.start < day
                && $0.mayBeSamePerson(as: new, details)
        }
        if isOwn { throw Refusal(.handoverToSelf, field: field, detail: slot.title) }
        try checkNew(new, handover.sealed, in: slot, on: day, leaving: old, field: field)
    }

    private func holds(_ helper: PersonID, _ kind: PairingKind, on day: CivilDay) -> Bool {
        household.pairings.contains { $0.kind == kind && $0.isOpen(on: day, helper) }
    }

    /// Whether a person fills such a slot on the day or on a later one.
    private func stands(_ helper: PersonID, from day: CivilDay, in isSlot: (PairingKind) -> Bool) -> Bool {
        household.pairings.contains { $0.helper.id == helper && isSlot($0.kind) && $0.stands(from: day) }
    }

    /// - Parameter holder: The helper's own time in the slot, which this adds to; nil = it begins.
    private mutating func check(
        newHelper helper: Helper, _ sealed: [SealedPart], holding holder: PairingTenure?,
        for slot: PolicyCatalog.PairingSlot, on day: CivilDay, field: String?
    ) throws(Refusal) {
        if household.member(helper.id) != nil { throw Refusal(.helperIsMember, field: join(field, "helper")) }
        let details = sealed.details(of: helper.id)
        remark(on: slot.asks.subtracting(helper.told(with: sealed)), of: holder, on: day, field: field)
        let others = Set(context.policy.pairingSlots.map(\.kind)).subtracting([slot.kind])
        var reason = Refusal.Reason.helperOverlap
        var title = slot.title
        if !stands(helper.id, from: day, in: { others.contains($0) }) {
            guard let alike = tenure(of: helper, details, from: day, in: others) else { return }
            reason = .helperAlike
            title = context.policy.pairingSlots.first { $0.kind == alike.kind }?.title ?? alike.kind.rawValue
        }
        if context.policy.allowsHelperOverlap(in: household.division(on: day)) {
            warn(reason, field: join(field, "helper"), detail: title)
        } else {
            throw Refusal(reason, field: join(field, "helper"), detail: title, clause: ClauseID("CZ-2.14a"))
        }
    }

    /// Whoever pairs a family is told what real names ask for beside what they gave.
    /// - Source: CZ-2.14a 实名制, CZ-Q27
    private mutating func remark(
        on untold: HelperDetails, of holder: PairingTenure?, on day: CivilDay, field: String?
    ) {
        let lacking = holder?.lacking(untold, on: day) ?? untold
        if lacking.isEmpty { return }
        if lacking.contains(.name) { return warn(.helperWithoutName, field: join(field, "helper")) }
        warn(
            .helperIncomplete, field: join(field, "helper"), detail: lacking.lackingChinese,
            english: "\(lacking.english) not given")
    }

    /// The time of somebody in one of these slots, on the day or a later one, who by all that is told is the new helper.
    private func tenure(
        of helper: Helper, _ details: PersonalDetails?, from day: CivilDay, in kinds: Set<PairingKind>
    ) -> PairingTenure? {
        household.pairings.first {
            kinds.contains($0.kind) && $0.stands(from: day) && $0.isOfSamePerson(as: helper, details)
        }
    }

    func checkCasework(_ event: HouseholdEvent, on day: CivilDay, field: String?) throws(Refusal) {
        switch event {
        case .visitRecorded(let visit):
            try check(visit, field: field)
        case .needRaised(let need):
            try check(need.kind, among: context.policy.needKinds, field: join(field, "kind"))
            guard (1...99).contains(need.items) else {
                throw Refusal(.itemsOutOfRange, field: join(field, "items"), detail: "\(need.items)")
            }
        case .needAnswered(let answered):
            try requireOpenNeed(answered.need, on: day, field: field)
            try check(answered.outcome, among: RecordWords.answers, field: join(field, "outcome"))
        case .needClosed(let closed):
            let need = try requireOpenNeed(closed.need, on: day, field: field)
            try require(day, after: need.answers.map(\.day).max() ?? need.raisedOn, field: field)
            try check(closed.reason, among: RecordWords.needClosings, field: join(field, "reason"))
        case .planItemOpened(let opened):
            if let due = opened.dueOn, due < day {
                throw Refusal(.dayOrder, field: join(field, "due_on"), detail: due.description)
            }
        case .planItemDone(let done):
            let item = household.planItems.first { $0.reference == done.item }
            guard let openedOn = item?.openedOn ?? household.dayOfBlow(done.item), household.seenTo[done.item] == nil
            else { throw Refusal(.unknownPlanItem, field: join(field, "item"), detail: "#\(done.item.sequence)") }
            try require(day, after: openedOn, field: field)
        default:
            break
        }
    }

    private func check(_ visit: VisitRecorded, field: String?) throws(Refusal) {
        try check(visit.kind, among: context.policy.visitKinds, field: join(field, "kind"))
        if let holiday = visit.holiday {
            try check(holiday, among: context.policy.holidays, field: join(field, "holiday"))
        }
        guard let form = visit.form else { return }
        guard let fields = context.policy.visitForms[form] else {
            let forms = context.policy.visitForms.keys.sorted().map(\.rawValue).joined(separator: ", ")
            throw Refusal(.unknownVisitForm, field: join(field, "form"), detail: "\(form) → \(forms)")
        }
        for answer in visit.answers where !fields.contains(where: { $0.code == answer.field }) {
            throw Refusal(.unknownVisitForm, field: join(field, "answers"), detail: answer.field.rawValue)
        }
    }

    @discardableResult
    private func requireOpenNeed(
        _ reference: EventReference, on day: CivilDay, field: String?
    ) throws(Refusal) -> Need {
        guard let need = household.needs.first(where: { $0.reference == reference }) else {
            throw Refusal(.unknownNeed, field: join(field, "need"), detail: "#\(reference.sequence)")
        }
        guard need.closedOn == nil else {
            throw Refusal(.needClosed, field: join(field, "need"), detail: "#\(reference.sequence)")
        }
        try require(day, after: need.raisedOn, field: field)
        return need
    }

    /// Nothing goes on, or comes to its end, before what it goes on from.
    private func require(_ day: CivilDay, after earlier: CivilDay, field: String?) throws(Refusal) {
        guard day < earlier else { return }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，早于之前的一步 \(earlier)", english: "\(day), before the step of \(earlier)")
    }
}

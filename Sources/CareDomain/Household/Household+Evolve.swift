extension Household {
    /// Takes one effective event in. Corrections are resolved before (`HouseholdHistory`), so `event` is what holds.
    ///
    /// Total: an event that does not fit (a need nobody raised) changes nothing, because readers must survive any log.
    package mutating func evolve(_ known: KnownEvent) {
        let reference = known.reference
        let day = known.occurredOn
        switch known.event {
        case .registered, .moved, .closed, .registeredInError, .merged, .split, .commandAbandoned:
            evolveLife(known)
        case .personJoined, .personLeft, .personDetailsChanged, .personDied, .disabilityAssessed:
            evolvePerson(known)
        case .childBorn(let born):
            births.append(DatedReference(reference: reference, day: day, payload: born))
        case .childAdopted(let adopted):
            adoptions.append(DatedReference(reference: reference, day: day, payload: adopted))
        case .incidentReported(let incident):
            incidents.append(DatedReference(reference: reference, day: day, payload: incident))
        case .factStated(let stated):
            facts.append(
                StatedFact(
                    reference: reference, recordedAt: known.recordedAt, learnedOn: known.proposed.learnedOn, from: day,
                    department: known.department, by: known.actor, stated: stated))
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded:
            evolveGuardian(known)
        case .pairingAssigned, .pairingHandedOver, .pairingEnded:
            evolvePairing(known)
        case .visitRecorded, .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone:
            evolveCasework(known)
        case .goodsHandedOut(let handed):
            handOuts.append(
                HandOut(reference: known.reference, day: day, recordedBy: known.actor, handed: handed))
        case .awardDecided(let decided):
            evolve(decided, known)
        case .dueDecided, .paymentOrdered, .paymentConcluded:
            evolvePayments(known)
        case .application(let event):
            evolve(event, known)
        case .withdrawn:
            break
        case .determinationMade, .noticeRaised, .noticeDelivered:
            evolveOutcome(known)
        }
    }

    private mutating func evolve(_ decided: AwardDecided, _ known: KnownEvent) {
        guard case .revoked(let earlier) = decided.outcome else {
            awards.append(
                DecidedAward(
                    reference: known.reference, recordedAt: known.recordedAt, decidedOn: known.occurredOn,
                    by: known.actor, decided: decided))
            return
        }
        guard let index = awards.firstIndex(where: { $0.reference == earlier }) else { return }
        awards[index].revokedFrom = decided.period.start
        awards[index].revokedBy = known.reference
    }

    private mutating func evolveLife(_ known: KnownEvent) {
        let day = known.occurredOn
        switch known.event {
        case .registered(let registered):
            status = .active
            registeredOn = day
            openedBy = known.command
            addNumber(registered.archiveNumber, of: registered.division, known)
            addResidence(
                ResidenceEntry(
                    reference: known.reference, from: day, kind: .registration, division: registered.division,
                    area: registered.area))
        case .moved(let moved):
            addResidence(
                ResidenceEntry(
                    reference: known.reference, from: day, kind: moved.kind, division: moved.division,
                    area: moved.area))
            if let number = moved.archiveNumber { addNumber(number, of: moved.division, known) }
        case .closed(let closed):
            status = .closed(on: day, reason: closed.reason)
        case .registeredInError(let error):
            status = .registeredInError(reason: error.reason)
        case .merged(let merged):
            switch merged.side {
            case .absorbed: status = .absorbed(into: merged.other, on: day)
            case .absorbing:
                mergers.append(Merger(file: merged.other, on: day))
                arrivalThrough = known.reference
                separated = nil
            }
        case .split(let split):
            switch split.side {
            case .remaining:
                for person in split.persons {
                    let index = members.firstIndex { $0.id == person && $0.leftOn == nil }
                    end(member: person, on: day, by: known.reference)
                    if let index { members[index].wentToFile = true }
                }
            case .separated:
                origin = Origin(file: split.other, on: day)
                arrivalThrough = known.reference
                separated = Set(split.persons)
            }
        case .commandAbandoned(let abandoned):
            abandonedCommands.insert(abandoned.command)
        default:
            break
        }
    }

    private mutating func addNumber(_ number: String?, of division: DivisionCode, _ known: KnownEvent) {
        let place = archiveNumbers.firstIndex { $0.from > known.occurredOn } ?? archiveNumbers.endIndex
        archiveNumbers.insert(
            ArchiveNumberEntry(
                reference: known.reference, from: known.occurredOn, number: number, division: division),
            at: place)
    }

    private mutating func addResidence(_ entry: ResidenceEntry) {
        let place = residences.firstIndex { $0.from > entry.from } ?? residences.endIndex
        residences.insert(entry, at: place)
    }

    private mutating func end(
        member id: PersonID, on day: CivilDay, by reference: EventReference, for reason: Code? = nil
    ) {
        guard let index = members.firstIndex(where: { $0.id == id && $0.leftOn == nil }) else { return }
        members[index].leftOn = day
        members[index].leftBy = reference
        members[index].leftFor = reason
    }

    private mutating func evolvePerson(_ known: KnownEvent) {
        let day = known.occurredOn
        switch known.event {
        case .personJoined(let joined):
            // Those who come along with a move are told right after it, without a gap.
            let isArrival = arrivalThrough.map { known.reference.sequence == $0.sequence + 1 } ?? false
            if isArrival { arrivalThrough = known.reference }
            // A dead only child stands in both files after a split: coming back with the other parent makes no second one.
            guard !members.contains(where: { $0.id == joined.person && $0.leftOn == nil }) else { return }
            let former = members.last { $0.id == joined.person }
            members.append(Member(joined, on: day, by: known.reference))
            // Of who comes with a move the file tells all that is known, right after it.
            if let former, !isArrival { members[members.count - 1].goOn(from: former) }
            if isArrival {
                members[members.count - 1].cameFromFile = true
                members[members.count - 1].isAlsoElsewhere = separated.map { !$0.contains(joined.person) } ?? false
            }
            if known.command == openedBy { members[members.count - 1].cameWithFile = true }
        case .personLeft(let left):
            end(member: left.person, on: day, by: known.reference, for: left.reason)
        case .personDetailsChanged(let changed):
            guard let index = members.lastIndex(where: { $0.id == changed.person }) else { return }
            members[index].change(changed, on: day)
        case .personDied(let died):
            guard let index = members.lastIndex(where: { $0.id == died.person }) else { return }
            members[index].diedOn = day
            members[index].diedBy = known.reference
            for index in guardianships.indices where guardianships[index].person == died.person {
                guardianships[index].wardDiedOn = day
            }
        case .disabilityAssessed(let assessed):
            guard let index = members.lastIndex(where: { $0.id == assessed.person }) else { return }
            members[index].add(assessed, on: day, by: known.reference)
        default:
            break
        }
    }

    private mutating func evolveGuardian(_ known: KnownEvent) {
        let day = known.occurredOn
        if case .guardianNamed(let named) = known.event {
            guardianships.append(
                Guardianship(
                    person: named.person, guardian: named.guardian, namedBy: named.namedBy, relation: named.relation,
                    details: named.sealed.details(of: named.guardian), startedBy: known.reference, namedOn: day,
                    wardDiedOn: member(named.person)?.diedOn))
            return
        }
        func index(_ person: PersonID, _ guardian: PersonID) -> Int? {
            guardianships.lastIndex { $0.person == person && $0.guardian == guardian && $0.endedOn == nil }
        }
        switch known.event {
        case .guardianConsented(let consented):
            guard let index = index(consented.person, consented.guardian) else { return }
            guardianships[index].consentedOn = day
        case .guardianNotarised(let notarised):
            guard let index = index(notarised.person, notarised.guardian) else { return }
            guardianships[index].notarisedOn = day
            guardianships[index].certificate = notarised.certificate
            guardianships[index].scope = notarised.scope
            guardianships[index].feeWaived = notarised.feeWaived
        case .guardianEnded(let ended):
            guard let index = index(ended.person, ended.guardian) else { return }
            guardianships[index].endedOn = day
            guardianships[index].endReason = ended.reason
        default:
            break
        }
    }

    private mutating func evolvePairing(_ known: KnownEvent) {
        let day = known.occurredOn
        switch known.event {
        case .pairingAssigned(let assigned):
            // Told again of somebody who holds the slot: what was lacking came later (补齐).
            if let index = openTenure(of: assigned.helper.id, kind: assigned.kind, on: day) {
                pairings[index].complete(assigned.helper, assigned.sealed, on: day)
                return
            }
            pairings.append(
                PairingTenure(
                    kind: assigned.kind, helper: assigned.helper, sealed: assigned.sealed, from: day,
                    startedBy: known.reference))
        case .pairingHandedOver(let handover):
            endTenure(of: handover.from, kind: handover.kind, on: day, by: known.reference, reason: handover.reason)
            pairings.append(
                PairingTenure(
                    kind: handover.kind, helper: handover.to, sealed: handover.sealed, from: day,
                    startedBy: known.reference))
        case .pairingEnded(let ended):
            endTenure(of: ended.helper, kind: ended.kind, on: day, by: known.reference, reason: ended.reason)
        default:
            break
        }
    }

    private mutating func endTenure(
        of helper: PersonID, kind: PairingKind, on day: CivilDay, by reference: EventReference, reason: Code
    ) {
        guard let index = openTenure(of: helper, kind: kind, on: day) else { return }
        pairings[index].period = DayPeriod(start: pairings[index].period.start, end: day)
        pairings[index].endedBy = reference
        pairings[index].endReason = reason
    }

    private func openTenure(of helper: PersonID, kind: PairingKind, on day: CivilDay) -> Int? {
        pairings.lastIndex { $0.kind == kind && $0.isOpen(on: day, helper) }
    }

    private mutating func evolveCasework(_ known: KnownEvent) {
        let day = known.occurredOn
        switch known.event {
        case .visitRecorded(let visit):
            visits.append(Visit(reference: known.reference, day: day, visit: visit))
        case .needRaised(let raised):
            needs.append(Need(reference: known.reference, raisedOn: day, raised: raised))
        case .needAnswered(let answered):
            guard let index = needs.firstIndex(where: { $0.reference == answered.need }) else { return }
            needs[index].answers.append(Need.Answer(reference: known.reference, day: day, answered: answered))
        case .needClosed(let closed):
            guard let index = needs.firstIndex(where: { $0.reference == closed.need }) else { return }
            needs[index].closedOn = day
            needs[index].closedFor = closed.reason
        case .planItemOpened(let opened):
            planItems.append(PlanItem(reference: known.reference, openedOn: day, opened: opened))
        case .planItemDone(let done):
            seenTo[done.item] = day
            guard let index = planItems.firstIndex(where: { $0.reference == done.item }) else { return }
            planItems[index].doneOn = day
        default:
            break
        }
    }

    private mutating func evolveOutcome(_ known: KnownEvent) {
        switch known.event {
        case .determinationMade(let made):
            let entry = MadeDetermination(made, known)
            let index = determinations.firstIndex {
                $0.made.clause == made.clause && $0.made.subject == made.subject
            }
            let earlier = index.map { determinations[$0].made }
            if let index {
                determinations[index] = entry.replacing(determinations[index])
            } else {
                determinations.append(entry)
            }
            let isListed = dueStandings.contains { $0.clause == made.clause && $0.subject == made.subject }
            let together = isListed && made.isOpenSomewhere ? together(made) : MonthsTogether()
            dueStandings.take(made, after: earlier, known, together)
        case .noticeRaised(let raised):
            notices.append(Notice(reference: known.reference, raisedOn: known.occurredOn, raised: raised))
        case .noticeDelivered(let delivered):
            guard let index = notices.firstIndex(where: { $0.reference == delivered.notice }) else { return }
            notices[index].deliveries.append(delivered)
        default:
            break
        }
    }
}

extension Member {
    /// Puts an assessment in by its day: each holds until the next begins or its certificate runs out.
    mutating func add(_ assessed: DisabilityAssessed, on day: CivilDay, by reference: EventReference) {
        let record = DisabilityRecord(
            reference: reference, kind: assessed.kind, grade: assessed.grade, period: DayPeriod(start: day),
            validThrough: assessed.validThrough)
        let place = disabilities.firstIndex { $0.period.start > day } ?? disabilities.endIndex
        disabilities.insert(record, at: place)
        for index in disabilities.indices {
            let next: CivilDay? = index + 1 < disabilities.count ? disabilities[index + 1].period.start : nil
            let runsOut = disabilities[index].validThrough.map { $0 + 1 }
            let end = [next, runsOut].compactMap { $0 }.min()
            disabilities[index].period = DayPeriod(start: disabilities[index].period.start, end: end)
        }
    }
}

extension [SealedPart] {
    /// The details about one subject; nil when there is no such part or it cannot be opened.
    package func details(of subject: PersonID) -> PersonalDetails? {
        first { $0.subject == subject }?.details
    }
}

import ArchiveClient
import CareDomain
import CareWire

/// What a unit command on its way waits for.
enum UnitNeed {
    case readUnit(after: UInt64)
    case appendUnit(UnitAppend)
    case readHousehold(HouseholdID, after: UInt64)
    /// Read a file with which the household exchanged persons; the answer is one to the household's calls.
    case readOther(HouseholdID, after: UInt64)
    case appendHousehold(HouseholdAppend)
    case finished(CommandResult)
}

/// One command about a unit on its way. A grant goes: reserve a place in the unit's stream, decide in the household's,
/// confirm in the unit's; its end the other way round, so that a place is never free while its grant stands.
///
/// Pure: it says what it needs and is told the answers. After every answer it looks anew at what both streams hold and
/// takes the next step from there, with an id derived from the grant, so whoever sends the command again after a crash lets
/// it go on where it stopped. The household's stream alone decides whether the grant stands.
struct UnitRun {
    let command: UnitCommand
    let contentDigest: Identifier128
    let token: RequestToken
    let caller: Caller
    private var deciding: DecisionContext
    private var unit: KnownUnit
    private var household: CachedHousehold?
    /// The files with which it exchanged persons, and the one of them that is being read.
    private var others: [HouseholdID: HouseholdHistory] = [:]
    private var reading: HouseholdHistory?
    private var pendingUnit: UnitAppend?
    /// The unit's last event when the household's file was read whole.
    private var unitWhenSeen: UInt64 = 0
    private var attempts = 0
    /// What to answer when the append under way is in the log; nil = look what is left to do.
    private var pendingOutcome: CommandResult?
    /// Whether this very run appended to the household's stream.
    private var isOwn = false
    /// Cursor of the run's last append; a query that is to see all of it needs that.
    private var cursor: [UInt8] = []

    init(
        command: UnitCommand, contentDigest: Identifier128, token: RequestToken, caller: Caller,
        context: DecisionContext
    ) {
        self.command = command
        self.contentDigest = contentDigest
        self.token = token
        self.caller = caller
        deciding = context
        unit = KnownUnit(command.unit)
    }

    func start() -> [UnitNeed] {
        guard caller.principal.mayAct(in: command.unit) else {
            return refuse(Refusal(.notYourDivision, field: "division", detail: command.unit.rawValue))
        }
        return [.readUnit(after: 0)]
    }

    // MARK: Answers

    mutating func unitRead(_ events: [ReadUnitEvent], isWhole: Bool) -> [UnitNeed] {
        for event in events { unit.append(event) }
        guard isWhole else { return [.readUnit(after: unit.state.lastSequence)] }
        return look()
    }

    mutating func unitAppended(_ answer: AppendAnswer<ReadUnitEvent>) -> [UnitNeed] {
        guard let append = pendingUnit else { return fail(.unreadable) }
        pendingUnit = nil
        switch answer {
        case .appended(let place):
            unit.appended(append, at: place)
            cursor = place.cursor
            return pendingOutcome.map { [.finished($0)] } ?? look()
        case .repeated: return [.readUnit(after: unit.state.lastSequence)]
        case .conflict(let later):
            for event in later { unit.append(event) }
            return again()
        case .idReused: return fail(.idReused)
        case .failed(let failure): return fail(failure)
        }
    }

    mutating func householdRead(_ events: [ReadHouseholdEvent], isWhole: Bool) -> [UnitNeed] {
        if var other = reading {
            for event in events { other.append(event.known) }
            reading = isWhole ? nil : other
            guard isWhole else { return [.readOther(other.id, after: other.lastSequence)] }
            others[other.id] = other
            return look()
        }
        guard var known = household else { return fail(.unreadable) }
        household = nil
        for event in events { known.append(event) }
        household = known
        guard isWhole else { return [.readHousehold(known.history.id, after: known.history.lastSequence)] }
        unitWhenSeen = unit.state.lastSequence
        return look()
    }

    mutating func householdAppended(_ answer: AppendAnswer<ReadHouseholdEvent>) -> [UnitNeed] {
        guard var known = household else { return fail(.unreadable) }
        switch answer {
        case .appended(let place):
            isOwn = true
            cursor = place.cursor
            return [.readHousehold(known.history.id, after: known.history.lastSequence)]
        case .repeated: return [.readHousehold(known.history.id, after: known.history.lastSequence)]
        case .conflict(let later):
            household = nil
            for event in later { known.append(event) }
            household = known
            return again()
        case .idReused: return fail(.idReused)
        case .failed(let failure): return fail(failure)
        }
    }

    // MARK: Looking

    private mutating func again() -> [UnitNeed] {
        attempts += 1
        others = [:]
        guard attempts <= CommandFlow.maximumAttempts else { return fail(.contention) }
        return look()
    }

    /// Takes the next step from what both streams hold.
    private mutating func look() -> [UnitNeed] {
        switch command.action {
        case .give(let order):
            guard let household else { return open(order.household) }
            return give(order, household)
        case .release(let end): return close(end, .released)
        case .expire(let end): return close(end, .expired)
        case .setGuidance, .setBudget, .setAdvance, .score, .compute:
            if let known = unit.place(of: command.id) { return repeated(known, household: nil) }
            do throws(Refusal) {
                return append(try unit.state.decide(command, in: unitContext), id: command.id, then: nil)
            } catch { return refuse(error) }
        }
    }

    private var unitContext: UnitContext {
        UnitContext(
            today: deciding.today, policy: deciding.policy, department: deciding.department,
            actsFor: caller.principal.divisions, actor: caller.principal.actor)
    }

    /// The answer for a command of which the unit's stream knows.
    private mutating func repeated(
        _ known: KnownUnit.Place, household: HouseholdID?
    ) -> [UnitNeed] {
        guard known.digest == contentDigest else { return fail(.idReused) }
        if known.actor != caller.principal.actor {
            do throws(Refusal) {
                try unit.state.checkRepeat(of: command, in: unitContext)
            } catch { return refuse(error.ofRepeat) }
        }
        return [
            .finished(
                .recorded(
                    .init(
                        household: household ?? HouseholdID(command.id.value), place: known.place,
                        isRepeated: known.place.cursor.isEmpty)))
        ]
    }

    private mutating func open(_ id: HouseholdID) -> [UnitNeed] {
        household = CachedHousehold(id: id)
        return [.readHousehold(id, after: 0)]
    }

    // MARK: Giving

    private mutating func give(_ order: GrantOrder, _ known: CachedHousehold) -> [UnitNeed] {
        let grant = GrantID(command.id)
        let place = unit.state.places[grant]
        // What was refused before may be asked for anew, with a reason say.
        if let place, place.state == .reserved, unit.digests[grant] != contentDigest {
            return refuse(unfinished(place))
        }
        let decisive = Self.decisive(grant)
        if let digest = known.digest(of: decisive) {
            do throws(Refusal) {
                try known.history.checkRepeat(of: order, on: command.occurredOn, recordedAs: decisive, in: deciding)
                if known.history.events(of: decisive).first?.actor != caller.principal.actor {
                    try unit.state.checkSeparation(command.action, in: order.year, by: caller.principal.actor)
                }
            } catch { return refuse(error.ofRepeat) }
            guard digest == contentDigest else { return otherwise(order, grant, known) }
            guard let award = known.history.award(of: grant), place?.state == .reserved else {
                return finishGiven(known, decisive)
            }
            // Taken back meanwhile, and the place reserved once more by an attempt that had not heard of it.
            guard award.stands else {
                let released = PlaceReleased(grant: grant, cause: .released, reason: Code(unchecked: "revoked"))
                return append([.placeReleased(released)], id: step(grant, "revoked"), then: nil)
            }
            let confirmed = PlaceConfirmed(
                grant: grant, award: award.reference, amount: award.decided.outcome.amount ?? .zero)
            return append([.placeConfirmed(confirmed)], id: step(grant, "confirm"), then: nil)
        }
        guard isVisible(known.history.household) else { return settle(refused: Refusal(.householdNotFound), place) }
        // Another attempt was at work since the household was read: it may have given, and only the file tells.
        if place != nil, unitWhenSeen < unit.state.lastSequence, place?.state != .reserved {
            return [.readHousehold(known.history.id, after: known.history.lastSequence)]
        }
        // What a file was granted that went on as part of this one bars here, too.
        if let next = known.history.filesWanted(beside: others).first {
            reading = HouseholdHistory(id: next)
            return [.readOther(next, after: 0)]
        }
        deciding.others = others.values.sorted { $0.id < $1.id }
        let decision = known.history.decide(
            order, of: command.unit, grant: grant, id: decisive, on: command.occurredOn, in: deciding)
        switch decision {
        case .refused(let refusal): return settle(refused: refusal, place)
        case .events(let events, _):
            guard place?.state == .reserved else { return reserve(order, grant, events) }
            return propose(events, decisive, known)
        }
    }

    /// The id of a grant follows from what is granted to whom, so it is no number that somebody typed twice: what stands is said.
    private func otherwise(_ order: GrantOrder, _ grant: GrantID, _ known: CachedHousehold) -> [UnitNeed] {
        guard let award = known.history.award(of: grant), award.stands, award.decided.clause == order.clause,
            award.decided.subject == order.subject, let amount = award.decided.outcome.amount
        else { return fail(.idReused) }
        return refuse(
            Refusal(
                .grantGivenOtherwise, field: "grant", detail: "\(amount), \(grant)", words: "\(amount) 元，资助 \(grant)",
                english: "\(amount) yuan, grant \(grant)", clause: award.decided.clause))
    }

    private func unfinished(_ place: UnitStanding.Place) -> Refusal {
        let (amount, grant) = (place.amount, place.reserved.grant)
        return Refusal(
            .grantUnfinished, field: "grant", detail: "\(grant), \(amount)", words: "\(grant)，\(amount) 元",
            english: "\(grant), \(amount) yuan")
    }

    private mutating func reserve(_ order: GrantOrder, _ grant: GrantID, _ events: [ProposedEvent]) -> [UnitNeed] {
        guard case .awardDecided(let decided)? = events.first?.event, let amount = decided.outcome.amount else {
            return fail(.unreadable)
        }
        do throws(Refusal) {
            let event = try unit.state.reserve(order, grant, amount: amount, on: command.occurredOn, in: unitContext)
            return append([event], id: step(grant, "reserve"), then: nil)
        } catch { return refuse(error) }
    }

    /// Gives the place free that was taken for what the household's file refused, and says why.
    private mutating func settle(refused refusal: Refusal, _ place: UnitStanding.Place?) -> [UnitNeed] {
        guard let place, place.state == .reserved else { return refuse(refusal) }
        let released = PlaceReleased(
            grant: place.reserved.grant, cause: .refused, reason: PlaceReleased.reason(of: refusal))
        return append(
            [.placeReleased(released)], id: step(place.reserved.grant, "refused"), then: .refused(refusal))
    }

    private func finishGiven(_ known: CachedHousehold, _ decisive: CommandID) -> [UnitNeed] {
        guard var found = known.place(of: decisive, isRepeated: !isOwn) else { return fail(.unreadable) }
        found.place.cursor = cursor
        return [.finished(.recorded(found))]
    }

    /// What is said instead of a failure that would tell a stranger of the family's record.
    func concealing(_ failure: FlowFailure) -> Refusal? {
        // Who ends a grant of the unit knows of the family.
        guard case .give = command.action else { return nil }
        return failure.concealed(
            from: caller.principal, at: household?.history.household.division(on: deciding.today))
    }

    private func isVisible(_ household: Household) -> Bool {
        household.places(on: deciding.today).contains { caller.principal.mayAct(in: $0) }
    }

    // MARK: Ending

    private mutating func close(_ end: GrantEnd, _ cause: PlaceReleased.Cause) -> [UnitNeed] {
        guard let place = unit.state.places[end.grant] else {
            return refuse(Refusal(.unknownGrant, field: "grant", detail: end.grant.description))
        }
        if let known = unit.place(of: command.id) { return repeated(known, household: place.reserved.household) }
        guard let household else {
            if case .released(let before, _) = place.state { return refuse(released(end.grant, before)) }
            if let refusal = place.refusal(ofEndOn: command.occurredOn, today: deciding.today) {
                return refuse(refusal)
            }
            return open(place.reserved.household)
        }
        switch (place.state, cause) {
        case (.released(let before, _), _): return refuse(released(end.grant, before))
        case (.confirmed, .released):
            do throws(Refusal) {
                try unit.state.checkSeparation(
                    command.action, in: place.reserved.year, by: caller.principal.actor)
            } catch { return refuse(error) }
            return release(end, place, household)
        case (.confirmed, _):
            return refuse(Refusal(.grantConfirmed, field: "grant", detail: end.grant.description))
        case (.reserved, .expired): return expire(end, household)
        case (.reserved, _):
            return refuse(Refusal(.grantUnfinished, field: "grant", detail: end.grant.description))
        }
    }

    private func released(_ grant: GrantID, _ cause: PlaceReleased.Cause) -> Refusal {
        Refusal(.grantReleased, field: "grant", detail: "\(grant) \(cause.chinese)")
    }

    /// Takes the grant back in the household's file first; the place is free when that stands.
    private mutating func release(
        _ end: GrantEnd, _ place: UnitStanding.Place, _ known: CachedHousehold
    ) -> [UnitNeed] {
        if let award = known.history.award(of: end.grant), award.stands {
            let id = Self.revocation(by: command.id)
            let decision = known.history.decideRelease(
                of: award, reason: end.reason, id: id, on: command.occurredOn, in: deciding)
            switch decision {
            case .refused(let refusal): return refuse(refusal)
            case .events(let events, _): return propose(events, id, known)
            }
        }
        let released = PlaceReleased(grant: end.grant, cause: .released, reason: end.reason)
        return append([.placeReleased(released)], id: command.id, then: nil)
    }

    /// Lets the place go when the household's file does not hold the grant and never will: its command is abandoned there for
    /// good, so that a slow run that comes back is refused.
    private mutating func expire(_ end: GrantEnd, _ known: CachedHousehold) -> [UnitNeed] {
        let decisive = Self.decisive(end.grant)
        if known.digest(of: decisive) != nil, let award = known.history.award(of: end.grant) {
            guard award.stands else {
                let released = PlaceReleased(grant: end.grant, cause: .expired, reason: end.reason)
                return append([.placeReleased(released)], id: command.id, then: nil)
            }
            let confirmed = PlaceConfirmed(
                grant: end.grant, award: award.reference, amount: award.decided.outcome.amount ?? .zero)
            let refusal = Refusal(.grantConfirmed, field: "grant", detail: end.grant.description)
            return append([.placeConfirmed(confirmed)], id: step(end.grant, "confirm"), then: .refused(refusal))
        }
        guard known.history.household.abandonedCommands.contains(decisive) else {
            let abandoned = ProposedEvent(
                occurredOn: command.occurredOn, event: .commandAbandoned(CommandAbandoned(command: decisive)))
            let id = CommandID.derived(decisive, "abandon", 0)
            return propose([abandoned], id, digest: id.value, known)
        }
        let released = PlaceReleased(grant: end.grant, cause: .expired, reason: end.reason)
        return append([.placeReleased(released)], id: command.id, then: nil)
    }

    // MARK: Appending

    /// The household's append that decides about a grant.
    static func decisive(_ grant: GrantID) -> CommandID { CommandID.derived(grant.command, "grant") }

    /// The household's append by which a command takes a grant back.
    static func revocation(by command: CommandID) -> CommandID { CommandID.derived(command, "revoke") }

    /// The id of a step in the unit's stream: of each round another one, because a grant that was refused may be tried again.
    private func step(_ grant: GrantID, _ name: String) -> CommandID {
        CommandID.derived(grant.command, name, Int(unit.state.lastSequence))
    }

    private mutating func append(_ events: [UnitEvent], id: CommandID, then outcome: CommandResult?) -> [UnitNeed] {
        pendingOutcome = outcome
        let append = UnitAppend(
            unit: command.unit, expected: unit.state.lastSequence, id: id, contentDigest: contentDigest,
            context: context(id), occurredOn: command.occurredOn, events: events)
        pendingUnit = append
        return [.appendUnit(append)]
    }

    private func propose(
        _ events: [ProposedEvent], _ id: CommandID, digest: Identifier128? = nil, _ known: CachedHousehold
    ) -> [UnitNeed] {
        [
            .appendHousehold(
                HouseholdAppend(
                    household: known.history.id, expected: known.history.lastSequence, id: id,
                    contentDigest: digest ?? contentDigest, context: context(id), events: events))
        ]
    }

    private func context(_ id: CommandID) -> EventContext { caller.context(id, of: command.id) }

    private func refuse(_ refusal: Refusal) -> [UnitNeed] { [.finished(.refused(refusal))] }
    private func fail(_ failure: FlowFailure) -> [UnitNeed] { [.finished(.failed(failure))] }
}

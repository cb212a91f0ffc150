import ArchiveClient
import CareDomain
import CareWire

/// 并户、分户 on the way through the streams: reserve the persons, tell the receiving household, tell the other, confirm.
///
/// The receiving stream decides. Before it holds the arrival nothing has happened and the persons go back; from then on
/// the rest follows, by this flow, by a repeated command or by whoever finds the reservations open (`ReservationFlow`).
/// Every append has an id derived from the command.
package struct MoveFlow: Sendable {
    /// What the flow waits for. `Source` is the household the persons leave, `Target` the one they come to.
    package enum Need: Hashable, Sendable {
        case readTarget(HouseholdID, after: UInt64)
        /// Read on in the source's stream, then call `start` again.
        case readSource
        case appendTarget(HouseholdID, expected: UInt64, id: CommandID, events: [ProposedEvent])
        case appendSource(expected: UInt64, id: CommandID, events: [ProposedEvent])
        case readPerson(PersonToken)
        case appendPerson(PersonToken, expected: UInt64, id: CommandID, event: PersonEvent)
        /// nil when the flow was not begun by a command.
        case finished(CommandResult?)
    }

    /// Where a flow comes from.
    package enum Origin: Sendable {
        case command(HouseholdCommand, DecisionContext, Principal, isTrial: Bool)
        /// The arrival stands in the target's stream and what follows it may be missing.
        case arrival(source: HouseholdID, target: HouseholdID, step: CommandID)
    }

    private enum Stage: Hashable, Sendable {
        case start
        case readingTarget
        case reserving(Int)
        /// The persons are reserved; what the source's stream says now decides.
        case lookingAtSource
        case arriving
        case departing
        case confirming(Int)
        case releasing(Int, then: CommandResult)
        case done
    }

    package let origin: Origin
    /// Digest of the command's content; of a resumed move the one found in the target's stream.
    package private(set) var contentDigest: Identifier128
    package let source: HouseholdID
    package let target: HouseholdID
    /// Id of the append to the target, derived from the command's.
    package let arrivalID: CommandID
    /// Makes likenesses; nil = none are claimed.
    private let key: TokenKey?
    private var stage: Stage = .start
    private var targetKnown: CachedHousehold
    private var arrival: [ProposedEvent] = []
    private var claims: [PersonStep] = []
    private var reservedCount = 0
    private var reservations = OwnReservations()
    private var standings: [PersonToken: PersonStanding] = [:]
    private var attempts = 0
    private var recorded: CommandResult.Recorded?
    /// What the source's state answers, unless the target holds the arrival already.
    private var refusal: Refusal?

    /// Whether the command is one for this flow.
    package static func carriesOut(_ command: HouseholdCommand) -> Bool {
        guard command.correction == nil else { return false }
        switch command.action {
        case .mergeHousehold, .splitHousehold: return true
        default: return false
        }
    }

    /// The household whose stream decides a move, and the append that does; nil for a command that is none.
    static func arrival(of command: HouseholdCommand) -> (household: HouseholdID, id: CommandID)? {
        guard carriesOut(command) else { return nil }
        if case .mergeHousehold(let merge) = command.action { return (merge.into, arrivalID(of: command)) }
        return (HouseholdID.derived(from: command.id), arrivalID(of: command))
    }

    private static func arrivalID(of command: HouseholdCommand) -> CommandID { CommandID.derived(command.id, "arrive") }

    /// Begins with a command that merges or splits.
    package init(
        command: HouseholdCommand, contentDigest: Identifier128, context: DecisionContext, principal: Principal,
        key: TokenKey? = nil, isTrial: Bool = false
    ) {
        self.key = key
        origin = .command(command, context, principal, isTrial: isTrial)
        self.contentDigest = contentDigest
        source = command.household
        target = if case .mergeHousehold(let merge) = command.action { merge.into } else { context.newHousehold }
        arrivalID = Self.arrivalID(of: command)
        targetKnown = CachedHousehold(id: target)
    }

    /// Takes up a move whose arrival was found in the target's stream.
    package init(
        source: HouseholdID, target: HouseholdID, step: CommandID, contentDigest: Identifier128, key: TokenKey? = nil
    ) {
        self.key = key
        origin = .arrival(source: source, target: target, step: step)
        self.contentDigest = contentDigest
        self.source = source
        self.target = target
        arrivalID = step
        targetKnown = CachedHousehold(id: target)
    }

    /// The same move as if nothing had been done for it yet.
    var anew: MoveFlow {
        guard case .command(let command, let context, let principal, let isTrial) = origin else { return self }
        return MoveFlow(
            command: command, contentDigest: contentDigest, context: context, principal: principal, key: key,
            isTrial: isTrial)
    }

    /// Id of the append to the source.
    package var departureID: CommandID { CommandID.derived(arrivalID, "depart") }

    /// Begins, once the source's history is at hand; or goes on when it was read on in.
    package mutating func start(_ known: CachedHousehold) -> Need {
        if stage == .lookingAtSource { return sourceRead(known) }
        if let digest = known.digest(of: departureID) {
            guard digest == contentDigest else { return finish(.failed(.idReused)) }
            if case .command(let command, let context, _, _) = origin {
                do throws(Refusal) {
                    try known.history.checkRepeat(of: command, recordedAs: departureID, in: context)
                } catch { return finish(.refused(error.ofRepeat)) }
            }
            recorded = known.place(of: departureID, isRepeated: true)
            if let recorded, case .command(_, _, _, isTrial: true) = origin { return finish(.recorded(recorded)) }
        } else if case .command(let command, let context, _, _) = origin {
            // An arrival without its departure: another move may have emptied the source since.
            if case .refused(let refusal) = known.history.decide(command, in: context) { self.refusal = refusal }
        }
        stage = .readingTarget
        targetKnown = CachedHousehold(id: target)
        return .readTarget(target, after: 0)
    }

    /// Goes on with the target's stream.
    package mutating func targetRead(
        _ events: [ReadHouseholdEvent], isWhole: Bool, _ known: CachedHousehold
    ) -> Need {
        guard stage == .readingTarget else { return wrongStage("targetRead") }
        for event in events { targetKnown.append(event) }
        guard isWhole else { return .readTarget(target, after: targetKnown.history.lastSequence) }
        return arrive(known)
    }

    // MARK: The target

    private mutating func arrive(_ known: CachedHousehold) -> Need {
        if let digest = targetKnown.digest(of: arrivalID) {
            guard digest == contentDigest else { return giveUp(.failed(.idReused)) }
            if case .command(_, _, _, isTrial: true) = origin,
                let place = targetKnown.place(of: arrivalID, isRepeated: true)
            {
                return finish(.recorded(place))
            }
            return depart(known)
        }
        guard case .command(let command, let context, let principal, let isTrial) = origin else { return finish(nil) }
        if let refusal { return giveUp(.refused(refusal)) }
        do throws(Refusal) {
            arrival = try arrivalEvents(command, context, principal, known.history)
        } catch {
            return giveUp(.refused(error))
        }
        if isTrial { return finish(.acceptable(household: target, warnings: [])) }
        claims = claims(of: arrival)
        return reserve(0)
    }

    private func arrivalEvents(
        _ command: HouseholdCommand, _ context: DecisionContext, _ principal: Principal, _ history: HouseholdHistory
    ) throws(Refusal) -> [ProposedEvent] {
        let household = targetKnown.history.household
        if household.abandonedCommands.contains(arrivalID) { throw Refusal(.commandAbandoned) }
        switch command.action {
        case .splitHousehold(let split):
            guard principal.mayAct(in: split.household.division) else {
                throw Refusal(.notYourDivision, field: "household.division")
            }
            return history.separating(split, on: command.occurredOn, learnedOn: command.learnedOn)
        default:
            // Outside one's own divisions a household is answered like one that does not exist.
            guard let division = household.division(on: context.today), principal.mayAct(in: division) else {
                throw Refusal(.householdNotFound, field: "into")
            }
            guard household.status == .active else {
                throw Refusal(.householdNotActive, field: "into", detail: target.description)
            }
            return try history.merging(into: household, on: command.occurredOn, learnedOn: command.learnedOn)
        }
    }

    /// What a move without numbered persons claims in their place.
    static func slip(of arrival: CommandID) -> PersonToken { PersonToken(CommandID.derived(arrival, "slip").value) }

    /// One claim for each numbered person, each likeness and the new file's archive number. A move without any claims its own id, so that
    /// it is found if it stops halfway.
    private func claims(of arrival: [ProposedEvent]) -> [PersonStep] {
        var steps: [PersonStep] = []
        var likenesses: [PersonToken: PersonStep] = [:]
        var someone = PersonID(Identifier128(high: 0, low: 0))
        for event in arrival {
            guard case .personJoined(let joined) = event.event else { continue }
            someone = joined.person
            let likeness = PersonStep.likeness(
                of: joined, in: arrival, for: target, command: arrivalID, by: key)
            if let likeness { likenesses[likeness.token] = likeness }
            guard let token = joined.token else { continue }
            let claim = PersonClaim(household: target, person: joined.person, command: arrivalID)
            steps.append(PersonStep(kind: .person, token: token, claim: claim))
        }
        if steps.isEmpty {
            // The archive number would not lead back to the move (`ReservationFlow`), nor a likeness that others have.
            let claim = PersonClaim(household: target, person: someone, command: arrivalID)
            steps = [PersonStep(kind: .person, token: Self.slip(of: arrivalID), claim: claim)]
        }
        steps.sort { $0.token < $1.token }
        steps += likenesses.values.sorted { $0.token < $1.token }
        if let number = ArchiveNumberClaim.step(arrival, for: target, command: arrivalID) { steps.append(number) }
        return steps
    }

    /// Goes on after the append to the target; on conflict with what came in between.
    package mutating func targetAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> Need {
        guard stage == .arriving else { return wrongStage("targetAnswered") }
        switch answer {
        case .appended(let place):
            targetKnown.appended(arrival, of: arrivalID, digest: contentDigest, at: place)
            return depart(known)
        case .repeated:
            // It stands there, but not in what was read: read again, so that the departure is told from the log.
            return again(.readingTarget) { $0.readTarget() }
        case .conflict(let later):
            for event in later { targetKnown.append(event) }
            return again(.arriving) { $0.arrive(known) }
        case .idReused:
            return giveUp(.failed(.idReused))
        case .failed(let failure):
            // Whether it was appended is unknown: the reservations stay, a retry or the sweep goes on from there.
            return finish(.failed(failure))
        }
    }

    private mutating func readTarget() -> Need {
        targetKnown = CachedHousehold(id: target)
        return .readTarget(target, after: 0)
    }

    private mutating func again(_ stage: Stage, _ step: (inout MoveFlow) -> Need) -> Need {
        attempts += 1
        guard attempts <= CommandFlow.maximumAttempts else { return finish(.failed(.contention)) }
        self.stage = stage
        return step(&self)
    }

    // MARK: The source

    /// The persons are reserved, so nobody joins the source from now on. What was decided before on an older state, that
    /// of an intake which had not heard of the newest events, is decided again: somebody who left it, or left and came
    /// back as another member, would else live in both.
    private mutating func sourceRead(_ known: CachedHousehold) -> Need {
        guard case .command(let command, let context, let principal, _) = origin else {
            return wrongStage("sourceRead")
        }
        if case .refused(let refusal) = known.history.decide(command, in: context) {
            // Another attempt at this command may have come further: the target tells.
            self.refusal = refusal
            return again(.readingTarget) { $0.readTarget() }
        }
        do throws(Refusal) {
            arrival = try arrivalEvents(command, context, principal, known.history)
        } catch {
            return giveUp(.refused(error))
        }
        let fresh = claims(of: arrival)
        guard fresh == claims else {
            // A reservation that is not needed any more is settled when it has been silent for long.
            claims = fresh
            return again(.reserving(0)) { $0.reserve(0) }
        }
        stage = .arriving
        return .appendTarget(target, expected: targetKnown.history.lastSequence, id: arrivalID, events: arrival)
    }

    private mutating func depart(_ known: CachedHousehold) -> Need {
        let events = targetKnown.history.events(of: arrivalID)
        guard let arrival = HouseholdMove.Arrival(events) else { return finish(.failed(.unreadable)) }
        claims = claims(of: events.map(\.proposed))
        if known.digest(of: departureID) != nil {
            // Another attempt told the source; its receipt is the receipt.
            recorded = known.place(of: departureID, isRepeated: true)
            return departed()
        }
        guard let event = known.history.departure(to: target, of: arrival) else { return departed() }
        stage = .departing
        return .appendSource(
            expected: known.history.lastSequence, id: departureID,
            events: [ProposedEvent(occurredOn: arrival.occurredOn, event: event)])
    }

    /// Goes on after the append to the source. On conflict the caller has folded the later events into `known` before.
    package mutating func sourceAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> Need {
        guard stage == .departing else { return wrongStage("sourceAnswered") }
        switch answer {
        case .appended(let place):
            recorded = CommandResult.Recorded(household: target, place: place, isRepeated: false)
            return departed()
        case .repeated(let place):
            recorded = CommandResult.Recorded(household: target, place: place, isRepeated: !place.mayBeOwn)
            return departed()
        case .conflict: return again(.departing) { $0.depart(known) }
        case .idReused: return finish(.failed(.idReused))
        case .failed(let failure): return finish(.failed(failure))
        }
    }

    private mutating func departed() -> Need {
        // The source had nothing left to tell: the arrival is what was recorded.
        if recorded == nil { recorded = targetKnown.place(of: arrivalID, isRepeated: true) }
        recorded?.household = target
        return confirm(0)
    }

    // MARK: Persons

    /// Goes on with a person's stream as read.
    package mutating func read(_ events: [ReadPersonEvent]) -> Need {
        guard let index = personAtWork else { return wrongStage("read") }
        // Also an empty stream is one that was read: a move without numbered persons claims a token of its own.
        var standing = standings[claims[index].token] ?? PersonStanding()
        for event in events {
            standing.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
        }
        standings[claims[index].token] = standing
        switch stage {
        case .reserving: return reserve(index)
        case .confirming: return confirm(index)
        case .releasing(_, let result): return release(index, then: result)
        default: return wrongStage("read")
        }
    }

    private var personAtWork: Int? {
        switch stage {
        case .reserving(let index), .confirming(let index), .releasing(let index, _): index
        default: nil
        }
    }

    /// Goes on after the append to a person's stream.
    package mutating func personAnswered(_ answer: AppendAnswer<ReadPersonEvent>) -> Need {
        switch (answer, stage) {
        case (.appended(let place), .reserving(let index)):
            let step = claims[index]
            let standing = standings[step.token] ?? PersonStanding()
            reservations.appended(step, standing, at: place.last)
            standings[step.token] = standing.evolved(.reserved(step.claim), place)
            reservedCount = max(reservedCount, index + 1)
            return reserve(index + 1)
        case (.repeated(let place), .reserving(let index)):
            // An earlier attempt reserved the person here, and may have given them back since.
            let step = claims[index]
            standings[step.token] = (standings[step.token] ?? PersonStanding()).evolved(.reserved(step.claim), place)
            return reserve(index)
        case (.appended, .confirming(let index)), (.repeated, .confirming(let index)):
            return confirm(index + 1)
        case (.appended, .releasing(let index, let result)), (.repeated, .releasing(let index, let result)):
            return release(index + 1, then: result)
        case (.conflict(let later), _):
            attempts += 1
            guard attempts <= CommandFlow.maximumAttempts else { return finish(.failed(.contention)) }
            return read(later)
        case (.idReused, _): return finish(.failed(.idReused))
        case (.failed(let failure), _): return finish(.failed(failure))
        default: return wrongStage("personAnswered")
        }
    }

    private mutating func reserve(_ index: Int) -> Need {
        guard index < claims.count else {
            stage = .lookingAtSource
            return .readSource
        }
        stage = .reserving(index)
        let step = claims[index]
        // Most persons are held by the source, so their streams are not empty and are read first.
        guard let standing = standings[step.token] else { return .readPerson(step.token) }
        // People go along; the number of a family that stays is its own.
        switch standing.reserve(step.claim, movingFrom: step.kind == .archiveNumber ? nil : source) {
        case .append(let event): return append(event, step, "reserve", index)
        case .standing:
            if reservations.mustJoin(step, standing) {
                return append(.reserved(step.claim), step, "reserve", index)
            }
            reservedCount = max(reservedCount, index + 1)
            return reserve(index + 1)
        // A move registers nobody anew: a namesake of another household keeps the likeness.
        case .taken where step.kind == .likeness && !isLeaving(standing): return reserve(index + 1)
        case .taken where step.kind == .likeness: return giveUp(.refused(Refusal(.personElsewhere, field: "persons")))
        case .taken: return giveUp(.refused(step.taken()))
        }
    }

    /// Whether another move is taking the person along from the source.
    private func isLeaving(_ standing: PersonStanding) -> Bool {
        if case .reserved(_, _, let holder?) = standing.state { holder.household == source } else { false }
    }

    private mutating func confirm(_ index: Int) -> Need {
        guard index < claims.count else {
            guard let recorded else { return wrongStage("confirm") }
            return finish(.recorded(recorded))
        }
        let isFirst = stage != .confirming(index)
        stage = .confirming(index)
        let step = claims[index]
        guard !isFirst, let standing = standings[step.token] else {
            standings[step.token] = PersonStanding()
            return .readPerson(step.token)
        }
        switch standing.confirm(step.claim) {
        case .append(let event): return append(event, step, "confirm", index)
        case .standing, .taken: return confirm(index + 1)
        }
    }

    private mutating func giveUp(_ result: CommandResult) -> Need {
        guard reservedCount > 0 else { return finish(result) }
        return release(0, then: result)
    }

    private mutating func release(_ index: Int, then result: CommandResult) -> Need {
        guard index < min(reservedCount, claims.count) else { return finish(result) }
        let isFirst = stage != .releasing(index, then: result)
        stage = .releasing(index, then: result)
        let step = claims[index]
        guard !isFirst, let standing = standings[step.token] else {
            standings[step.token] = PersonStanding()
            return .readPerson(step.token)
        }
        guard let event = reservations.givingBack(step, standing) else { return release(index + 1, then: result) }
        return append(event, step, "release", index)
    }

    private func append(_ event: PersonEvent, _ step: PersonStep, _ purpose: String, _ index: Int) -> Need {
        let last = standings[step.token]?.lastSequence ?? 0
        let id = CommandID.derived(arrivalID, "\(purpose).\(index)", Int(last))
        return .appendPerson(step.token, expected: last, id: id, event: event)
    }

    private mutating func finish(_ result: CommandResult?) -> Need {
        stage = .done
        if case .arrival = origin { return .finished(nil) }
        return .finished(result)
    }

    private func wrongStage(_ method: String) -> Need {
        preconditionFailure("MoveFlow.\(method): not expected in stage \(stage)")
    }
}

extension PersonStanding {
    /// The standing with an event that was appended to the stream.
    fileprivate func evolved(_ event: PersonEvent, _ place: AppendPlace) -> PersonStanding {
        var standing = self
        standing.evolve(event, sequence: place.last, recordedAt: place.recordedAt)
        return standing
    }
}

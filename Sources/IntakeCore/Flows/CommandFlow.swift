import ArchiveClient
import CareDomain
import CareProjections
import CareWire

/// One household command on its way through the streams: read other files of its people where they count, reserve persons,
/// append to the household, confirm, free.
///
/// Pure: it asks for one thing at a time (`Need`) and is told the answer. Every append has an id derived from the
/// command, so a flow that starts again after a crash finds what it did before and goes on from there. The household's
/// own stream decides: a reservation without it is given up later by `ReservationSweep`.
package struct CommandFlow: Sendable {
    /// The command as decided upon.
    package let command: HouseholdCommand
    /// Digest of its canonical content.
    package let contentDigest: Identifier128
    private let context: DecisionContext
    private let principal: Principal
    /// What whoever speaks may see, where a remark could name more; nil = no remark of such a command names any event.
    private let sight: FactSight?
    /// Only asked what would become of the command: nothing is appended anywhere.
    let isTrial: Bool
    /// Makes likenesses; nil = none are claimed.
    private let key: TokenKey?
    private var stage: Stage = .start
    private var claims: [PersonStep] = []
    private var likenesses = LikenessClaims()
    private var reservedCount = 0
    private var reservations = OwnReservations()
    private var frees: [PersonStep] = []
    /// Commands by which this household may have come to hold those it gives up: what it knew when it decided.
    private var knownCommands: Set<CommandID> = []
    /// The command was found in the household's stream: its persons may have gone on from there.
    private var isResumed = false
    /// What is known of each person's stream; one not looked at yet is taken to be empty, and the log corrects that.
    private var standings: [PersonToken: PersonStanding] = [:]
    private var attempts = 0
    private var proposed: [ProposedEvent] = []
    private var warnings: [Refusal] = []
    /// Set once the household's stream holds the command, synced: what follows settles the persons and cannot undo it.
    package private(set) var recorded: CommandResult.Recorded?
    private var holder: CachedHousehold?
    /// The files that were read for the decision, and the one that is being read.
    private var others: [HouseholdID: HouseholdHistory] = [:]
    private var across: HouseholdHistory?
    /// Which other files know the person about whose money it is decided.
    private var sought: PeopleSought
    /// Of a file that is closed; nil = not asked.
    private var loans: OpenLoans?

    /// How often a flow decides again before it gives up.
    package static let maximumAttempts = 12

    package init(
        command: HouseholdCommand, contentDigest: Identifier128, context: DecisionContext, principal: Principal,
        sight: FactSight? = nil, loans: OpenLoans? = nil, key: TokenKey? = nil, isTrial: Bool = false
    ) {
        self.loans = loans
        self.key = key
        sought = PeopleSought(key: key)
        self.sight = sight
        self.isTrial = isTrial
        self.command = command
        self.contentDigest = contentDigest
        self.context = context
        self.principal = principal
    }

    /// The same command as if nothing had been done for it yet.
    var anew: CommandFlow {
        CommandFlow(
            command: command, contentDigest: contentDigest, context: context, principal: principal, sight: sight,
            loans: loans.map { _ in OpenLoans() }, key: key, isTrial: isTrial)
    }

    /// Begins, once the household's history is at hand.
    package mutating func start(_ known: CachedHousehold) -> Need {
        if let digest = known.digest(of: command.id) {
            if digest == contentDigest, let refusal = repeatRefusal(known) { return finish(.refused(refusal)) }
            if isTrial, digest == contentDigest, let place = known.place(of: command.id, isRepeated: true) {
                return finish(.recorded(place))
            }
            return resume(known, digest: digest)
        }
        return decide(known)
    }

    /// Of a command that is on record from somebody else, where whoever sends it now may not say that. What it reserved is the
    /// recorded command's, and stays.
    private func repeatRefusal(_ known: CachedHousehold) -> Refusal? {
        do throws(Refusal) {
            try known.history.checkRepeat(of: command, recordedAs: command.id, in: context)
            return nil
        } catch { return error.ofRepeat }
    }

    /// Goes on with a person's stream as read.
    package mutating func read(_ events: [ReadPersonEvent], _ known: CachedHousehold) -> Need {
        if case .lookingAtPerson(let token, let person) = stage {
            sought.add(events, of: PersonAsked(token: token, person: person), in: known.history)
            return decide(known)
        }
        guard let token = stepAtWork?.token else { return wrongStage("read") }
        var standing = standings[token] ?? PersonStanding()
        for event in events {
            standing.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
        }
        standings[token] = standing
        switch stage {
        case .reserving(let index), .lookingAtHolder(let index, _): return reserve(index, known)
        case .confirming(let index): return confirm(index, known)
        case .freeing(let index): return free(index, known)
        case .releasing(let index, let result): return release(index, then: result, known)
        default: return wrongStage("read")
        }
    }

    /// The person whose stream the flow is at.
    private var stepAtWork: PersonStep? {
        switch stage {
        case .reserving(let index), .lookingAtHolder(let index, _), .confirming(let index), .releasing(let index, _):
            claims[index]
        case .freeing(let index): frees[index]
        default: nil
        }
    }

    /// Goes on with the answer to an append to a person's stream.
    package mutating func personAnswered(_ answer: AppendAnswer<ReadPersonEvent>, _ known: CachedHousehold) -> Need {
        switch (answer, stage) {
        case (.appended(let place), .reserving(let index)):
            reservations.appended(claims[index], standing(of: claims[index]), at: place.last)
            standings[claims[index].token, default: PersonStanding()].evolve(
                .reserved(claims[index].claim), sequence: place.last, recordedAt: place.recordedAt)
            reservedCount = max(reservedCount, index + 1)
            return next(.reserving(index + 1), known)
        case (.repeated(let place), .reserving(let index)):
            // An earlier attempt reserved the person here, and may have given them back since.
            standings[claims[index].token, default: PersonStanding()].evolve(
                .reserved(claims[index].claim), sequence: place.last, recordedAt: place.recordedAt)
            return reserve(index, known)
        case (.appended(let place), .lookingAtHolder(let index, let claim)),
            (.repeated(let place), .lookingAtHolder(let index, let claim)):
            standings[claims[index].token, default: PersonStanding()].evolve(
                .released(claim, reason: Code(unchecked: "left")), sequence: place.last, recordedAt: place.recordedAt)
            return next(.reserving(index), known)
        case (.appended, .confirming(let index)), (.repeated, .confirming(let index)):
            return next(.confirming(index + 1), known)
        case (.appended, .freeing(let index)), (.repeated, .freeing(let index)):
            return next(.freeing(index + 1), known)
        case (.appended, .releasing(let index, let result)), (.repeated, .releasing(let index, let result)):
            return next(.releasing(index + 1, then: result), known)
        case (.conflict(let later), _):
            attempts += 1
            guard attempts <= Self.maximumAttempts else { return fail(.contention) }
            return read(later, known)
        case (.idReused, _):
            return fail(.idReused)
        case (.failed(let failure), _):
            return fail(failure)
        default:
            return wrongStage("personAnswered")
        }
    }

    /// Goes on with the answer to the append to the household's stream. On conflict the caller has folded the later
    /// events into `known` before.
    package mutating func householdAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> Need {
        switch answer {
        case .appended(let place):
            recorded = CommandResult.Recorded(
                household: command.household, place: place, isRepeated: false, warnings: warnings)
            return confirmAll(known)
        case .repeated(let place):
            // What had to be sent again is no repeat to whoever sent the command once.
            let isOwn = place.mayBeOwn
            recorded = CommandResult.Recorded(
                household: command.household, place: place, isRepeated: !isOwn, warnings: isOwn ? warnings : [])
            return next(.confirming(0), known)
        case .conflict:
            attempts += 1
            guard attempts <= Self.maximumAttempts else { return giveUp(.failed(.contention), known) }
            (others, sought) = ([:], PeopleSought(key: key))
            return start(known)
        case .idReused:
            return giveUp(.failed(.idReused), known)
        case .failed(let failure):
            // Whether it was appended is unknown: the reservations stay, a retry or the sweep settles them.
            return fail(failure)
        }
    }

    // MARK: Steps

    private mutating func decide(_ known: CachedHousehold) -> Need {
        var context = context
        if command.looksAcrossFiles {
            if let need = lookAcross(known) { return need }
            context.others = others.values.sorted { $0.id < $1.id }
            context.people = sought.people(of: command.household, beside: others.values)
        }
        if let sight { context.kept = sight.withheld(of: known.history).kept(of: known.history) }
        switch known.history.decide(command, in: context) {
        case .refused(let refusal):
            return giveUp(.refused(refusal), known)
        case .events(let events, let warnings):
            proposed = events
            self.warnings = warnings
            claims = []
            frees = []
            if let need = nextLoan(known) { return need }
            guard events.contains(where: \.mayChangePersons) else { return reserveAll(known) }
            let before = heldPersons(of: known.history.household, by: key)
            let household = known.history.appending(events, of: command.id).household
            let after = heldPersons(of: household, by: key)
            likenesses = LikenessClaims(before: before, after: after, in: household)
            claims = PersonStep.steps(adding: after, to: before, for: command.household, command: command.id)
            claims += PersonStep.restated(
                by: events, before: before, in: after, for: command.household, command: command.id)
            frees = PersonStep.steps(adding: before, to: after, for: command.household, command: command.id)
            rememberCommands(known)
            return reserveAll(known)
        }
    }

    /// The next stream or file to read of those that have a say; nil once all are read.
    private mutating func lookAcross(_ known: CachedHousehold) -> Need? {
        let persons = [command.personOfMoney].compactMap { $0 }
        if let asked = sought.next(of: persons, in: known.history) {
            stage = .lookingAtPerson(asked.token, asked.person)
            return .readPerson(asked.token)
        }
        let candidates = sought.candidates(of: command.household)
        guard let next = known.history.filesWanted(beside: others, candidates).first else { return nil }
        stage = .lookingAcross
        across = HouseholdHistory(id: next)
        return .readOther(next, after: 0)
    }

    // MARK: All persons at once

    /// Most persons of a new household are in no other, so all are reserved in one go; those who are not free are then
    /// looked at one by one.
    private mutating func reserveAll(_ known: CachedHousehold) -> Need {
        guard claims.count > 1, standings.isEmpty, !isTrial else { return next(.reserving(0), known) }
        stage = .reservingAll
        reservedCount = claims.count
        return .appendPersons(claims.indices.map { draft(.reserved(claims[$0].claim), $0, "reserve") })
    }

    private mutating func confirmAll(_ known: CachedHousehold) -> Need {
        let isOwn = claims.allSatisfy { step in
            if case .append = standing(of: step).confirm(step.claim) { true } else { false }
        }
        guard claims.count > 1, isOwn else { return next(.confirming(0), known) }
        stage = .confirmingAll
        return .appendPersons(claims.indices.map { draft(.confirmed(claims[$0].claim), $0, "confirm") })
    }

    private func draft(_ event: PersonEvent, _ index: Int, _ purpose: String) -> PersonDraft {
        let step = claims[index]
        let last = standing(of: step).lastSequence
        return PersonDraft(
            token: step.token, expected: last, id: CommandID.derived(command.id, "\(purpose).\(index)", Int(last)),
            event: event)
    }

    /// Goes on with the answers to appends to several persons' streams, in their order.
    package mutating func personsAnswered(_ answers: [AppendAnswer<ReadPersonEvent>], _ known: CachedHousehold) -> Need
    {
        let isReserving = stage == .reservingAll
        guard isReserving || stage == .confirmingAll, answers.count == claims.count else {
            return wrongStage("personsAnswered")
        }
        for (step, answer) in zip(claims, answers) {
            var standing = standing(of: step)
            if isReserving, case .appended(let place) = answer {
                reservations.appended(step, standing, at: place.last)
            }
            switch answer {
            case .appended(let place), .repeated(let place):
                standing.evolve(
                    isReserving ? .reserved(step.claim) : .confirmed(step.claim), sequence: place.last,
                    recordedAt: place.recordedAt)
            case .conflict(let later):
                for event in later {
                    standing.evolve(event.event, sequence: event.sequence, recordedAt: event.recordedAt)
                }
            case .idReused: return fail(.idReused)
            case .failed(let failure): return fail(failure)
            }
            standings[step.token] = standing
        }
        return next(isReserving ? .reserving(0) : .confirming(0), known)
    }

    // MARK: One after the other

    /// The command is in the household's stream already: finish what may be missing around it.
    private mutating func resume(_ known: CachedHousehold, digest: Identifier128) -> Need {
        guard digest == contentDigest else { return finish(.failed(.idReused)) }
        let events = known.history.events(of: command.id)
        guard let first = events.first, let last = events.last else { return wrongStage("resume") }
        let earlier = known.history.events.prefix { $0.reference < first.reference }
        let before = heldPersons(of: HouseholdHistory(id: command.household, events: earlier).household, by: key)
        let through = known.history.events.prefix { $0.reference <= last.reference }
        let after = heldPersons(of: HouseholdHistory(id: command.household, events: through).household, by: key)
        claims = PersonStep.steps(adding: after, to: before, for: command.household, command: command.id)
        frees = PersonStep.steps(adding: before, to: after, for: command.household, command: command.id)
        let now = heldPersons(of: known.history.household, by: key)
        claims.removeAll { now[$0.token] == nil }
        frees.removeAll { now[$0.token] != nil }
        rememberCommands(known)
        isResumed = true
        recorded = known.place(of: command.id, isRepeated: true)
        return next(.confirming(0), known)
    }

    private mutating func rememberCommands(_ known: CachedHousehold) {
        knownCommands = frees.isEmpty ? [] : Set(known.history.events.map(\.command))
    }

    private mutating func next(_ stage: Stage, _ known: CachedHousehold) -> Need {
        self.stage = stage
        switch stage {
        case .reserving(let index) where index < claims.count:
            return reserve(index, known)
        case .reserving where isTrial:
            return finish(.acceptable(household: command.household, warnings: warnings))
        case .reserving:
            self.stage = .appending
            return .appendHousehold(expected: known.history.lastSequence, events: proposed)
        case .confirming(let index) where index < claims.count:
            return confirm(index, known)
        case .confirming:
            return next(.freeing(0), known)
        case .freeing(let index) where index < frees.count:
            return .readPerson(frees[index].token)
        case .freeing:
            guard let recorded else { return wrongStage("freeing") }
            return finish(.recorded(recorded))
        case .releasing(let index, _) where index < min(reservedCount, claims.count):
            return .readPerson(claims[index].token)
        case .releasing(_, let result):
            return finish(result)
        default: return wrongStage("next")
        }
    }

    private func standing(of step: PersonStep) -> PersonStanding { standings[step.token] ?? PersonStanding() }

    private mutating func reserve(_ index: Int, _ known: CachedHousehold) -> Need {
        stage = .reserving(index)
        let step = claims[index]
        if isTrial, standings[step.token] == nil { return .readPerson(step.token) }
        switch standing(of: step).reserve(step.claim) {
        case .append where isTrial || isHeld(step):
            return next(.reserving(index + 1), known)
        case .append(let event):
            return append(event, step, "reserve", index)
        case .standing:
            if !isTrial, reservations.mustJoin(step, standing(of: step)) {
                return append(.reserved(step.claim), step, "reserve", index)
            }
            if !isTrial { reservedCount = max(reservedCount, index + 1) }
            return next(.reserving(index + 1), known)
        case .taken where likenesses.isOptional(step):
            return next(.reserving(index + 1), known)
        case .taken(let other, _):
            holder = CachedHousehold(id: other.household)
            stage = .lookingAtHolder(index, other)
            return .readOther(other.household, after: 0)
        }
    }

    /// Whether the household had the likeness before and holds it, as when a name is said again.
    private func isHeld(_ step: PersonStep) -> Bool {
        guard likenesses.wasHeld(step), case .held(let claim) = standing(of: step).state else { return false }
        return claim.household == command.household
    }

    /// Of what the family still has of the funds the next case to read; nil when it is not asked, known, or not for whoever speaks.
    private mutating func nextLoan(_ known: CachedHousehold) -> Need? {
        let household = known.history.household
        let places = Set([household.division(on: command.occurredOn)].compactMap { $0 })
        guard loans != nil, sight.map({ !$0.hides(.loan, in: places) }) ?? true else { return nil }
        if let next = loans?.next(of: household) {
            stage = .lookingAtLoans
            return .readLoan(next.loan, after: next.after)
        }
        if let remark = loans?.remark { warnings.append(remark) }
        return nil
    }

    /// Goes on with a loan's stream as read; nil = it cannot be read.
    package mutating func loanRead(_ events: [ReadLendingEvent]?, isWhole: Bool, _ known: CachedHousehold) -> Need {
        guard stage == .lookingAtLoans else { return wrongStage("loanRead") }
        if let events { loans?.read(events, isWhole: isWhole) } else { loans?.skip() }
        return decide(known)
    }

    /// Whether it waits for a loan's stream.
    var awaitsLoan: Bool { stage == .lookingAtLoans }

    /// Goes on with another household's stream: one with which this one exchanged persons, before it is decided; or that of
    /// the household that has the person: whether the caller may see it, and whether it still has them. One that was not
    /// heard when it gave the person up gives them up now.
    package mutating func otherRead(_ events: [ReadHouseholdEvent], isWhole: Bool, _ known: CachedHousehold) -> Need {
        if stage == .lookingAcross, var file = across {
            for event in events { file.append(event.known) }
            across = isWhole ? nil : file
            guard isWhole else { return .readOther(file.id, after: file.lastSequence) }
            others[file.id] = file
            return decide(known)
        }
        guard case .lookingAtHolder(let index, let claim) = stage, var other = holder else {
            return wrongStage("otherRead")
        }
        for event in events { other.append(event) }
        holder = other
        guard isWhole else { return .readOther(claim.household, after: other.history.lastSequence) }
        let step = claims[index]
        let household = other.history.household
        if case .held = standing(of: step).state, heldPersons(of: household, by: key)[step.token] == nil,
            let event = standing(of: step).release(claim, reason: Code(unchecked: "left"))
        {
            return isTrial ? next(.reserving(index + 1), known) : append(event, step, "heal", index)
        }
        switch likenesses.compare(step, with: household, by: key) {
        case .apart: return next(.reserving(index + 1), known)
        // Somebody with a number is being registered there: who it is, is told once they are.
        case .unknown: return giveUp(.failed(.contention), known)
        case .one: break
        }
        let isVisible = household.division(on: context.today).map(principal.mayAct) ?? false
        return giveUp(.refused(step.taken(in: command, by: isVisible ? claim.household : nil)), known)
    }

    private mutating func confirm(_ index: Int, _ known: CachedHousehold) -> Need {
        let step = claims[index]
        let standing = standing(of: step)
        // Reserved before the command was recorded and free now: they left since, and what is known here is older.
        if isResumed, standing.state == .free, standing.lastSequence > 0 {
            return next(.confirming(index + 1), known)
        }
        switch standing.confirm(step.claim) {
        case .append(let event): return append(event, step, "confirm", index)
        // Whoever frees a reservation abandons its command in the household's stream first, so a household that holds
        // the person cannot find them taken; should it happen, the fact stays recorded and `verify` shows the conflict.
        case .standing, .taken: return next(.confirming(index + 1), known)
        }
    }

    private mutating func free(_ index: Int, _ known: CachedHousehold) -> Need {
        let step = frees[index]
        let standing = standing(of: step)
        // A claim by a command that is not known here is a later one: the person came back, and stays.
        guard let claim = standing.claim, knownCommands.contains(claim.command),
            let event = standing.release(step.claim, reason: Code(unchecked: "left"))
        else {
            return next(.freeing(index + 1), known)
        }
        return append(event, step, "free", index)
    }

    private mutating func release(_ index: Int, then result: CommandResult, _ known: CachedHousehold) -> Need {
        let step = claims[index]
        guard let event = reservations.givingBack(step, standing(of: step)) else {
            return next(.releasing(index + 1, then: result), known)
        }
        return append(event, step, "release", index)
    }

    private func append(_ event: PersonEvent, _ step: PersonStep, _ purpose: String, _ index: Int) -> Need {
        // The stream's end is part of the id: a person released and claimed anew by a retried command is a new append.
        let last = standing(of: step).lastSequence
        let id = CommandID.derived(command.id, "\(purpose).\(index)", Int(last))
        return .appendPerson(step.token, expected: last, id: id, event: event)
    }

    private mutating func giveUp(_ result: CommandResult, _ known: CachedHousehold) -> Need {
        guard reservedCount > 0 else { return finish(result) }
        return next(.releasing(0, then: result), known)
    }

    private mutating func fail(_ failure: FlowFailure) -> Need { finish(.failed(failure)) }

    private mutating func finish(_ result: CommandResult) -> Need {
        stage = .done
        return .finished(result)
    }

    private func wrongStage(_ method: String) -> Need {
        preconditionFailure("CommandFlow.\(method): not expected in stage \(stage)")
    }
}

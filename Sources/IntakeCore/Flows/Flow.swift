import ArchiveClient
import CareDomain

/// What a flow of any kind waits for, in the core's terms.
enum FlowNeed {
    case readPerson(PersonToken)
    case appendPerson(PersonToken, expected: UInt64, id: CommandID, event: PersonEvent)
    case appendPersons([CommandFlow.PersonDraft])
    case appendHousehold(expected: UInt64, id: CommandID, digest: Identifier128, events: [ProposedEvent])
    /// What came later in the stream of the household at work; then the flow is started again.
    case readOwn
    /// Of another household than the one the flow works on.
    case readOther(HouseholdID, after: UInt64)
    case readLoan(LoanID, after: UInt64)
    case appendOther(HouseholdAppend.Draft)
    case finished(CommandResult?)
    /// Ended; a move that had stopped halfway is to be gone on with.
    case goOn(MoveFlow)
}

extension HouseholdAppend {
    /// An append whose context is not said yet.
    struct Draft {
        var household: HouseholdID
        var expected: UInt64
        var id: CommandID
        var contentDigest: Identifier128
        var events: [ProposedEvent]
    }
}

/// A command at work with who asked and what is being appended. Held by one flow at a time: an object, because a flow
/// is large and takes part in every answer, and moving it in and out of an enum copies all of it.
final class CommandWork {
    var flow: CommandFlow
    var request: Flow.Request
    /// What is being appended, to fold it once it is in the log.
    var appended: [ProposedEvent] = []

    init(_ flow: CommandFlow, _ request: Flow.Request) {
        self.flow = flow
        self.request = request
    }
}

/// Whatever works on one household: a command, a move between two, the settling of a reservation.
enum Flow {
    case command(CommandWork)
    indirect case move(MoveFlow, Request?)
    indirect case reservation(ReservationFlow)

    /// Who asked.
    struct Request {
        var token: RequestToken
        var caller: Caller
        var isAnswered = false
    }

    private var origin: Request? {
        switch self {
        case .command(let work): work.request
        case .move(_, let request): request
        case .reservation: nil
        }
    }

    /// Who waits for an answer; nil when intake works on its own or has answered.
    var request: Request? { origin.flatMap { $0.isAnswered ? nil : $0 } }

    /// For whom this is done; nil when intake works on its own.
    var caller: Caller? { origin?.caller }

    /// The command at the flow's beginning, if there is one.
    var command: HouseholdCommand? {
        switch self {
        case .command(let work): return work.flow.command
        case .move(let flow, _):
            if case .command(let command, _, _, _) = flow.origin { return command }
            return nil
        case .reservation: return nil
        }
    }

    /// Whether it is only asked what would become of the command, so that no append meets what is there.
    var isTrial: Bool {
        if case .command(let work) = self { work.flow.isTrial } else { false }
    }

    /// Goes back to the beginning, for another start.
    mutating func forgetProgress() {
        switch self {
        case .command(let work): work.flow = work.flow.anew
        case .move(let flow, let request): self = .move(flow.anew, request)
        case .reservation: break
        }
    }

    mutating func start(_ known: CachedHousehold) -> FlowNeed {
        step(
            command: { $0.start(known) }, move: { $0.start(known) }, reservation: { $0.start(known) })
    }

    mutating func personRead(_ events: [ReadPersonEvent], _ known: CachedHousehold) -> FlowNeed {
        step(
            command: { $0.read(events, known) }, move: { $0.read(events) }, reservation: { $0.read(events) })
    }

    mutating func personAppended(_ answer: AppendAnswer<ReadPersonEvent>, _ known: CachedHousehold) -> FlowNeed {
        step(
            command: { $0.personAnswered(answer, known) }, move: { $0.personAnswered(answer) },
            reservation: { $0.personAnswered(answer) })
    }

    mutating func personsAppended(
        _ answers: [AppendAnswer<ReadPersonEvent>], _ known: CachedHousehold
    ) -> FlowNeed {
        step(
            command: { $0.personsAnswered(answers, known) }, move: { _ in .finished(.failed(.unreadable)) },
            reservation: { _ in .finished(isSettled: false) })
    }

    /// What the caller can be told although the flow goes on: the command is in the log. Told once.
    mutating func earlyAnswer() -> (RequestToken, CommandResult)? {
        guard case .command(let work) = self, !work.request.isAnswered, let recorded = work.flow.recorded else {
            return nil
        }
        work.request.isAnswered = true
        return (work.request.token, .recorded(recorded))
    }

    mutating func householdAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> FlowNeed {
        step(
            command: { $0.householdAnswered(answer, known) }, move: { $0.sourceAnswered(answer, known) },
            reservation: { $0.householdAnswered(answer, known) })
    }

    mutating func otherRead(
        _ events: [ReadHouseholdEvent], isWhole: Bool, _ known: CachedHousehold
    ) -> FlowNeed {
        step(
            command: { $0.otherRead(events, isWhole: isWhole, known) },
            move: { $0.targetRead(events, isWhole: isWhole, known) },
            reservation: { _ in .finished(isSettled: false) })
    }

    mutating func loanRead(_ events: [ReadLendingEvent]?, isWhole: Bool, _ known: CachedHousehold) -> FlowNeed {
        step(
            command: { $0.loanRead(events, isWhole: isWhole, known) }, move: { _ in .finished(.failed(.unreadable)) },
            reservation: { _ in .finished(isSettled: false) })
    }

    mutating func otherAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> FlowNeed {
        step(
            command: { _ in .finished(.failed(.unreadable)) }, move: { $0.targetAnswered(answer, known) },
            reservation: { _ in .finished(isSettled: false) })
    }

    /// Keeps what is being appended, to fold it once it is in the log.
    mutating func remember(_ events: [ProposedEvent]) {
        if case .command(let work) = self { work.appended = events }
    }

    /// Folds what was appended into the cached household, as the log stamped it.
    func takeIn(_ place: AppendPlace, _ known: inout CachedHousehold) {
        switch self {
        case .command(let work):
            known.appended(
                work.appended, of: work.flow.command.id, by: work.request.caller.principal.actor,
                digest: work.flow.contentDigest, at: place)
        case .move, .reservation:
            // Rare: the stream is read again when the household is next needed.
            known = CachedHousehold(id: known.history.id)
        }
    }

    private mutating func step(
        command: (inout CommandFlow) -> CommandFlow.Need, move: (inout MoveFlow) -> MoveFlow.Need,
        reservation: (inout ReservationFlow) -> ReservationFlow.Need
    ) -> FlowNeed {
        switch self {
        case .command(let work):
            return FlowNeed(command(&work.flow), work.flow.command.id, work.flow.contentDigest)
        case .move(var flow, let request):
            let need = move(&flow)
            self = .move(flow, request)
            return FlowNeed(need, flow)
        case .reservation(var flow):
            let need = reservation(&flow)
            self = .reservation(flow)
            return FlowNeed(need, flow)
        }
    }
}

extension FlowNeed {
    fileprivate init(_ need: CommandFlow.Need, _ command: CommandID, _ contentDigest: Identifier128) {
        self =
            switch need {
            case .readPerson(let token): .readPerson(token)
            case .appendPerson(let token, let expected, let id, let event):
                .appendPerson(token, expected: expected, id: id, event: event)
            case .appendPersons(let drafts): .appendPersons(drafts)
            case .appendHousehold(let expected, let events):
                .appendHousehold(expected: expected, id: command, digest: contentDigest, events: events)
            case .readOther(let household, let after): .readOther(household, after: after)
            case .readLoan(let loan, let after): .readLoan(loan, after: after)
            case .finished(let result): .finished(result)
            }
    }

    fileprivate init(_ need: MoveFlow.Need, _ flow: MoveFlow) {
        self =
            switch need {
            case .readPerson(let token): .readPerson(token)
            case .appendPerson(let token, let expected, let id, let event):
                .appendPerson(token, expected: expected, id: id, event: event)
            case .appendSource(let expected, let id, let events):
                .appendHousehold(expected: expected, id: id, digest: flow.contentDigest, events: events)
            case .readTarget(let household, let after): .readOther(household, after: after)
            case .readSource: .readOwn
            case .appendTarget(let household, let expected, let id, let events):
                .appendOther(
                    HouseholdAppend.Draft(
                        household: household, expected: expected, id: id, contentDigest: flow.contentDigest,
                        events: events))
            case .finished(let result): .finished(result)
            }
    }

    fileprivate init(_ need: ReservationFlow.Need, _ flow: ReservationFlow) {
        self =
            switch need {
            case .readPerson: .readPerson(flow.token)
            case .appendPerson(let expected, let id, let event):
                .appendPerson(flow.token, expected: expected, id: id, event: event)
            case .appendHousehold(let expected, let id, let event):
                .appendHousehold(expected: expected, id: id, digest: id.value, events: [event])
            case .goOn(let move): .goOn(move)
            case .finished: .finished(nil)
            }
    }
}

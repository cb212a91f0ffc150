import ArchiveClient
import CareDomain
import CareWire

/// What a command about a duty book on its way waits for.
enum DutyNeed {
    case read(after: UInt64)
    /// Which of these files are kept for the book.
    case readKept([FileDigest])
    case append(DutyAppend)
    case finished(CommandResult)
}

/// One command about a division's duty book on its way: the book is read, the command decided, its event appended; when
/// somebody else was faster, it is decided again. Pure.
struct DutyRun {
    let command: DutyCommand
    let contentDigest: Identifier128
    let token: RequestToken
    let caller: Caller
    let stream: DutyStream
    private var context: DutyContext
    /// Whether the store has told of the files that the command names, if it names any.
    private var knowsFiles: Bool
    private var book: DutyBook
    private var places: [CommandID: (digest: Identifier128, actor: Code?, place: AppendPlace)] = [:]
    private var attempts = 0

    init(
        command: DutyCommand, contentDigest: Identifier128, token: RequestToken, caller: Caller, context: DutyContext
    ) {
        self.command = command
        self.contentDigest = contentDigest
        self.token = token
        self.caller = caller
        self.context = context
        knowsFiles = command.files.isEmpty
        stream = DutyStream(of: command)
        book = DutyBook(division: command.division)
    }

    func start() -> [DutyNeed] { [.read(after: 0)] }

    mutating func read(_ events: [ReadDutyEvent], isWhole: Bool) -> [DutyNeed] {
        for event in events { take(event) }
        return isWhole ? advance() : [.read(after: book.lastSequence)]
    }

    /// Takes in which of the files that the command names are kept.
    mutating func keptRead(_ kept: [FileDigest: Code]) -> [DutyNeed] {
        context.kept = kept
        knowsFiles = true
        return advance()
    }

    mutating func appended(_ answer: AppendAnswer<ReadDutyEvent>) -> [DutyNeed] {
        switch answer {
        case .appended(let place):
            return [.finished(.recorded(recorded(place, isRepeated: false)))]
        case .repeated:
            return [.read(after: book.lastSequence)]
        case .conflict(let later):
            for event in later { take(event) }
            attempts += 1
            guard attempts <= CommandFlow.maximumAttempts else { return [.finished(.failed(.contention))] }
            return advance()
        case .idReused: return [.finished(.failed(.idReused))]
        case .failed(let failure): return [.finished(.failed(failure))]
        }
    }

    private mutating func take(_ event: ReadDutyEvent) {
        let sequence = event.known.reference.sequence
        guard sequence > book.lastSequence else { return }
        book.evolve(event.known)
        places[event.known.command] = (
            event.contentDigest, event.known.actor,
            AppendPlace(first: sequence, last: sequence, recordedAt: event.known.recordedAt, cursor: [])
        )
    }

    private func advance() -> [DutyNeed] {
        guard caller.principal.mayAct(in: command.division) else {
            let refusal = Refusal(.notYourDivision, field: "division", detail: command.division.rawValue)
            return [.finished(.refused(refusal))]
        }
        if let known = places[command.id] {
            guard known.digest == contentDigest else { return [.finished(.failed(.idReused))] }
            if known.actor != caller.principal.actor {
                do throws(Refusal) {
                    try book.checkRepeat(of: command.action, in: context)
                } catch { return [.finished(.refused(error.ofRepeat))] }
            }
            return [.finished(.recorded(recorded(known.place, isRepeated: true)))]
        }
        guard knowsFiles else { return [.readKept(command.files)] }
        do throws(Refusal) {
            let event = try book.decide(command, in: context)
            return [
                .append(
                    DutyAppend(
                        stream: stream, expected: book.lastSequence, id: command.id,
                        contentDigest: contentDigest,
                        context: EventContext(
                            principal: caller.principal, command: command.id, traceparent: caller.traceparent,
                            legalBasis: caller.legalBasis),
                        occurredOn: command.occurredOn, event: event))
            ]
        } catch {
            return [.finished(.refused(error))]
        }
    }

    private func recorded(_ place: AppendPlace, isRepeated: Bool) -> CommandResult.Recorded {
        .init(household: HouseholdID(command.id.value), place: place, isRepeated: isRepeated)
    }
}

/// One payment batch: the fold of its `batch-<id>` stream.
///
/// It never reads a clock: its closing event fixes what counts as known, and everything after follows from the log.
package struct PaymentBatch: Hashable, Sendable {
    /// A file that went to the bank.
    package struct File: Hashable, Sendable {
        package let number: Int
        package let issuedOn: CivilDay
        package let entries: [BankFileIssued.Entry]
        /// The command that made it, with others when the lines were too many for one.
        package let by: CommandID
        /// Account of whoever sent it, as the record says.
        package let sentBy: Code?
        package var total: Fen { entries.lazy.map(\.amount).reduce(.zero, +) }
    }

    private struct Naming: Hashable, Sendable {
        let by: CommandID
        let through: Int
    }

    /// An answer of the bank, and the command that brought it.
    package struct Answer: Hashable, Sendable {
        package let taken: BankAnswerTaken
        package let by: CommandID
    }

    /// What a family's file has still to be told.
    package struct Step: Hashable, Sendable {
        package let household: HouseholdID
        package let concluded: PaymentConcluded
        /// The day on which it became so.
        package let on: CivilDay
    }

    package let id: BatchID
    /// nil before somebody began it.
    package private(set) var scope: BatchScope?
    /// In the order in which they were named, each once.
    package private(set) var members: [HouseholdID] = []
    package private(set) var preparedOn: CivilDay?
    /// When the log learned of the closing: what was recorded by then counts.
    package private(set) var closedAt: Moment?
    /// The command that closed it.
    package private(set) var closedBy: CommandID?
    /// Account of whoever closed it, as the record says.
    private var closer: Code?
    package private(set) var closedOn: CivilDay?
    /// Earlier batches that were damaged then: no right that one of them paid is ordered by this one.
    package private(set) var damagedAtClosing: Set<BatchID> = []
    /// So many members have been looked at since.
    package private(set) var membersDone = 0
    package private(set) var lines: [BatchLine] = []
    /// Whether all members were looked at, so that the batch will not change any more.
    package private(set) var isFrozen = false
    package private(set) var files: [File] = []
    /// What the bank answered, in the order in which it was taken in.
    package private(set) var answers: [Answer] = []
    package private(set) var ledger = Ledger()
    package private(set) var lastSequence: UInt64 = 0
    /// Steps that follow from events after the last that said that all are done.
    package private(set) var steps: [Step] = []
    /// Who did what, in order of the first time.
    package private(set) var actors: [Acted] = []
    /// Each member's place in `members`.
    private var known: [HouseholdID: Int] = [:]
    /// The commands that named families, in order, each with how many there were then.
    private var namings: [Naming] = []

    /// What somebody does for a batch.
    package enum Act: String, Hashable, Sendable, CaseIterable {
        case prepared, closed, issued, answered, returned, reversed
    }

    /// Somebody who did something.
    package struct Acted: Hashable, Sendable {
        package let act: Act
        package let actor: Code
    }

    /// Nothing known yet.
    package init(id: BatchID) { self.id = id }

    /// What all lines add up to, those reversed left out.
    package var total: Fen {
        lines.reduce(.zero) { sum, line in
            if case .reversed = line.state { return sum }
            return sum + line.amount
        }
    }

    /// What it pays: of its scope the months that had begun when it was closed, or that have on a day while nobody closed it.
    package func paying(on day: CivilDay) -> BatchScope? {
        scope?.begun(by: max(closedOn ?? day, preparedOn ?? day))
    }

    /// The command with which all of these families were named, the first of which that is true; nil = one is none of the
    /// batch's, or there are none.
    package func naming(of households: [HouseholdID]) -> CommandID? {
        var last = -1
        for household in households {
            guard let place = known[household] else { return nil }
            last = max(last, place)
        }
        return last < 0 ? nil : namings.first { $0.through > last }?.by
    }

    /// Takes the next event in; one already held is ignored. Total: an event that does not fit changes nothing.
    package mutating func evolve(_ known: KnownBatchEvent) {
        guard known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        ledger.post(known.event.postings)
        switch known.event {
        case .prepared(let scope):
            self.scope = scope
            preparedOn = known.occurredOn
            note(.prepared, known)
        case .membersNamed(let households):
            for household in households where self.known[household] == nil {
                self.known[household] = members.count
                members.append(household)
            }
            namings.append(Naming(by: known.command, through: members.count))
        case .closed(let closed):
            damagedAtClosing = Set(closed.damagedBatches)
            closedAt = known.recordedAt
            closedBy = known.command
            closer = known.actor
            closedOn = known.occurredOn
            note(.closed, known)
        case .linesFrozen(let frozen):
            membersDone = frozen.membersThrough
            for ordered in frozen.lines { lines.append(BatchLine(number: lines.count + 1, ordered: ordered)) }
        case .frozen:
            isFrozen = true
        case .fileIssued(let issued):
            files.append(
                File(
                    number: issued.file, issuedOn: known.occurredOn, entries: issued.entries, by: known.command,
                    sentBy: known.actor))
            for entry in issued.entries { set(.inTransit(file: issued.file), entry.line) }
            note(.issued, known)
        case .answerTaken(let taken):
            answers.append(Answer(taken: taken, by: known.command))
            for result in taken.results { conclude(result, of: taken.file, known) }
            note(.answered, known)
        case .returned(let returned):
            set(.returned(returned.reason), returned.line)
            add(.returned, returned.reason, returned.line, sentBy: sender(of: returned.line), known)
            note(.returned, known)
        case .reversed(let reversed):
            set(.reversed(reversed.reason), reversed.line)
            add(.reversed, reversed.reason, reversed.line, sentBy: sender(of: reversed.line), known)
            note(.reversed, known)
        case .stepsDone(let through):
            steps.removeAll { $0.concluded.cause <= through }
        }
    }

    private mutating func conclude(_ result: BankAnswerTaken.Result, of file: Int, _ known: KnownBatchEvent) {
        set(result.failure.map { .failed($0) } ?? .paid(file: file), result.line)
        let sender = files.last { $0.number == file }?.sentBy
        add(result.failure == nil ? .paid : .failed, result.failure, result.line, sentBy: sender, known)
    }

    /// Who sent a line to the bank, the last time; nil when nobody did, or the record does not say.
    private func sender(of line: Int) -> Code? {
        files.last { $0.entries.contains { $0.line == line } }?.sentBy
    }

    private mutating func set(_ state: BatchLine.State, _ line: Int) {
        guard lines.indices.contains(line - 1) else { return }
        lines[line - 1].state = state
    }

    private mutating func add(
        _ outcome: PaymentConcluded.Outcome, _ reason: Code?, _ line: Int, sentBy sender: Code?,
        _ known: KnownBatchEvent
    ) {
        guard lines.indices.contains(line - 1) else { return }
        let ordered = lines[line - 1].ordered
        steps.append(
            Step(
                household: ordered.household,
                concluded: PaymentConcluded(
                    batch: id, order: ordered.order, line: ordered.place, outcome: outcome, cause: known.reference,
                    reason: reason, closedBy: closer, issuedBy: sender, bookedBy: known.actor), on: known.occurredOn))
    }

    private mutating func note(_ act: Act, _ known: KnownBatchEvent) {
        guard let actor = known.actor else { return }
        let acted = Acted(act: act, actor: actor)
        if !actors.contains(acted) { actors.append(acted) }
    }
}

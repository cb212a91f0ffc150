import CareDomain
import CareWire
import CaseImport
import MessageBus
import ServiceKit

/// Sends many commands, a bounded number at a time, each until it is answered. What becomes of them is told one by one.
struct CommandPump {
    /// What became of a command.
    enum Outcome: Sendable {
        case recorded(Recorded)
        /// Intake keeps it on its own disk and records it when care-archive can be reached again.
        case queued
        /// Refused for good; sending it again gives the same.
        case refused(Failure)
        /// A trial cannot tell: it rests on earlier lines in a way that only a run shows.
        case unjudged
        /// Nobody answers, or this key may not speak: the import cannot go on.
        case stopped(Failure)
    }

    let intake: Line
    /// Where the log ended when the run began.
    var begun = RunBeginning(head: nil)
    /// Only ask what would become of the commands.
    var isTrial = false
    /// Commands under way at a time.
    var window = 32
    /// Commands that are read ahead, so that those which wait for others (`CommandQueue`) do not hold up the rest.
    var lookahead = 4096
    /// How long to go on asking when the services do not answer.
    var patience: Duration = .seconds(300)
    /// Whether a command that intake keeps counts as done; otherwise it is asked about until it is recorded.
    var takesQueued = false
    let interruption: Interruption
    let desk: Desk

    /// Sends everything.
    /// - Parameters:
    ///   - rehearsal: decides in a trial what rests on lines that are only tried.
    ///   - read: the next command; nil at the end.
    ///   - told: what became of each, in the order of the answers.
    /// - Returns: why the work ended early; nil when it is done.
    func run(
        rehearsing rehearsal: CommandRehearsal? = nil, reading read: () throws -> CommandDraft?,
        telling told: (CommandDraft, Outcome) -> Void
    ) async throws -> Failure? {
        var queue = CommandQueue()
        var sequences = RecordedSequences()
        var begun = begun
        var hasMore = true
        var end: Failure?
        let waiting = WaitReason(service: .intake)
        try await withThrowingTaskGroup(of: (CommandDraft, Outcome).self) { group in
            while true {
                while hasMore, end == nil, queue.count < lookahead, !interruption.isWanted {
                    if let draft = try read() { queue.add(draft) } else { hasMore = false }
                }
                while end == nil, !interruption.isWanted, queue.underWay < window, let draft = queue.next() {
                    guard let command = resolved(draft, sequences, rehearsal, told) else {
                        queue.finished(draft.command.household)
                        continue
                    }
                    switch rehearsal?.step(for: command) ?? .ask(command) {
                    case .ask(let asked): group.addTask { (draft, await send(asked, waiting)) }
                    case .told(let outcome):
                        queue.finished(draft.command.household)
                        if case .recorded(let place) = outcome {
                            sequences.note(command.id, first: place.sequences.lowerBound)
                        }
                        told(draft, outcome)
                    }
                }
                guard let (draft, answer) = try await group.next() else {
                    // Nothing is under way. Unless the work ended early, whatever waits can start now.
                    if end != nil || interruption.isWanted || (queue.isEmpty && !hasMore) { break }
                    continue
                }
                var outcome: Outcome
                switch try judged(draft, answer, sequences, rehearsal) {
                case .ask(let asked):
                    group.addTask { (draft, await send(asked, waiting)) }
                    continue
                case .told(let known): outcome = known
                }
                queue.finished(draft.command.household)
                switch outcome {
                case .recorded(var place):
                    if !isTrial { place.isRepeated = sequences.knows(draft.command.id) || begun.precedes(place) }
                    outcome = .recorded(place)
                    sequences.note(draft.command.id, first: place.sequences.lowerBound)
                case .refused, .queued, .unjudged: break
                case .stopped(let failure): end = failure
                }
                told(draft, outcome)
            }
        }
        return interruption.isWanted ? .interrupted : end
    }

    /// What intake's answer means for a line; a rehearsal may have more to ask.
    private func judged(
        _ draft: CommandDraft, _ answer: Outcome, _ sequences: RecordedSequences, _ rehearsal: CommandRehearsal?
    ) throws -> CommandRehearsal.Step {
        guard let rehearsal else { return .told(answer) }
        let command = try draft.resolved { sequences.sequence(of: $0) }
        switch answer {
        case .recorded(let recorded): return rehearsal.answered(command, recorded)
        case .refused(let failure): return rehearsal.refused(command, failure)
        case .queued, .unjudged, .stopped: return .told(answer)
        }
    }

    /// The command with its references put in; nil when one of them was not accepted, which is told.
    private func resolved(
        _ draft: CommandDraft, _ sequences: RecordedSequences, _ rehearsal: CommandRehearsal?,
        _ told: (CommandDraft, Outcome) -> Void
    ) -> HouseholdCommand? {
        do {
            return try draft.resolved { sequences.sequence(of: $0) }
        } catch {
            if let rehearsal, rehearsal.restsOnUnjudged(draft) {
                told(draft, rehearsal.giveUp(draft.command))
                return nil
            }
            told(draft, .refused(Failure(explaining: error)))
            return nil
        }
    }

    private func send(_ command: HouseholdCommand, _ waiting: WaitReason) async -> Outcome {
        let body: [UInt8]
        do { body = try CommandCodec.encode(command) } catch { return .refused(Failure(explaining: error)) }
        let end = ContinuousClock.now + patience
        var isResent = false
        var pause = Duration.milliseconds(200)
        while true {
            do {
                // A trial has an id of its own, so that its answer is never taken for that of the command itself.
                let id = isTrial ? CommandID.derived(command.id, "try") : command.id
                let timeout = min(.seconds(15), max(.milliseconds(500), end - .now))
                var recorded = try await intake.send(
                    body, id: id, method: isTrial ? .tryCommand : .submitCommand, timeout: timeout
                ) { hear($0, waiting) }
                waiting.settled()
                recorded.isResent = recorded.isResent || isResent
                return .recorded(recorded)
            } catch {
                let failure = Failure(explaining: error)
                if failure.isWorthWaiting { hear(failure, waiting) } else { waiting.settled() }
                if takesQueued, !isTrial, failure.code == Failure.keptByIntake { return .queued }
                guard failure.isWorthWaiting else {
                    return failure.endsImport ? .stopped(failure) : .refused(failure)
                }
                // The same command id: whether it was recorded or not, it is recorded once.
                guard .now < end, !interruption.isWanted else { return .stopped(failure) }
            }
            isResent = true
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }
}

extension CommandPump {
    /// Tells the person what all commands wait for, each reason once, below the bar of progress where there is one.
    private func hear(_ failure: Failure, _ waiting: WaitReason) {
        guard let text = waiting.hear(failure, at: .now) else { return }
        desk.say((Terminal.columns(of: 2) == nil ? "" : "\n") + text[desk.language])
    }
}

/// First sequence of every command recorded in this run, for later commands that refer to its events.
struct RecordedSequences {
    private var first: [CommandID: UInt64] = [:]

    mutating func note(_ command: CommandID, first sequence: UInt64) { first[command] = sequence }

    /// Whether the command was answered in this run.
    func knows(_ command: CommandID) -> Bool { first[command] != nil }

    func sequence(of source: EventSource) -> UInt64? {
        first[source.command].map { $0 + UInt64(source.place) }
    }
}

extension Failure {
    /// A failure that the next command would meet too: the key, the program, the version.
    var endsImport: Bool {
        let keyProblems: [BusProblem] = [
            .unknownKey, .keyWithdrawn, .keyExpired, .rightMissing, .unsupportedVersion, .unknownMethod,
        ]
        return exit == .internalError || keyProblems.contains { $0.code == code }
    }

    static let interrupted = Failure(
        6180, UserText(zh: "已按要求中断", en: "interrupted"),
        advice: UserText(
            zh: "已登记的不会丢失；再次执行同一命令即从中断处继续，不会重复登记",
            en: "nothing recorded is lost; the same command again goes on from here and records nothing twice"),
        exit: .interrupted)
}

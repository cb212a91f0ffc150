import ArchiveClient
import CareDomain
import CareWire
import MessageBus

/// What an intake keeps for care-archive while the line is down: a county's mountain township goes on working, and what
/// it took in is recorded when the line is there again.
///
/// A step machine without clock or disk. Commands are answered *queued* only when they stand on this intake's own disk,
/// synced. They are forwarded one after another in the order in which they came, so the order within each household is
/// kept too; a later command for a household that has one waiting here waits behind it, also when the line is back. A
/// command that is refused when it is forwarded is kept for a person: nothing is overwritten and nothing is thrown away.
/// - Source: design section 4, promise "store and forward"
package struct Outbox: Sendable {
    /// Bounds and times.
    package struct Settings: Sendable {
        /// Whether anything is kept at all; otherwise clients are told to come again, as ever.
        package var isEnabled = true
        /// How long care-archive must have been silent before it counts as out of reach.
        package var patience: Duration = .seconds(3)
        /// Commands kept at most, waiting or refused.
        package var maximumCommands = 10_000
        /// Pause after a forwarded command met a full disk or a starting archive.
        package var retryPause: Duration = .seconds(1)

        package init() {}
    }

    /// What is to be done with a command that came from a client.
    enum Taken {
        /// The line is there and nothing waits before it: decide it now.
        case pass
        /// Write it to disk, then answer.
        case store(KeptCommand)
        /// It is being written: answered with the first.
        case joined
        /// It is on disk already.
        case kept
        case refused(Refusal)
        case failed(FlowFailure)
    }

    private enum State {
        case writing([RequestToken])
        case waiting
        case underWay
        /// Refused when it was forwarded; waits for a person.
        case refused
    }

    private struct Entry {
        var kept: KeptCommand
        var state: State
    }

    let settings: Settings
    /// Files that cannot be read and wait for a person.
    private let unreadable: Int
    /// In the order in which they were taken in.
    private var entries: [Entry] = []
    private var nextNumber: UInt64 = 1
    private var lastHeard: MonotonicTime?
    private var retryAt: MonotonicTime?

    /// Nothing is kept: clients are told to come again.
    package static var off: Outbox {
        var settings = Settings()
        settings.isEnabled = false
        return Outbox(settings: settings)
    }

    /// - Parameters:
    ///   - kept: what the last run left behind, in any order.
    ///   - unreadable: how many files of it cannot be read.
    package init(settings: Settings = Settings(), kept: [KeptCommand] = [], unreadable: Int = 0) {
        self.settings = settings
        self.unreadable = unreadable
        entries = kept.sorted { $0.number < $1.number }.map {
            Entry(kept: $0, state: $0.refusal == nil ? .waiting : .refused)
        }
        nextNumber = (entries.last?.kept.number ?? 0) + 1
    }

    // MARK: The line

    /// Care-archive has said something, whatever it was.
    mutating func heard(at now: MonotonicTime) { lastHeard = now }

    /// The first moment this run knows of: silence counts from here.
    mutating func begin(at now: MonotonicTime) { lastHeard = lastHeard ?? now }

    /// Whether care-archive has been silent for too long. It is asked for news four times a second, so silence means that
    /// the line or the service is gone.
    func isCutOff(at now: MonotonicTime) -> Bool {
        guard settings.isEnabled, let lastHeard else { return false }
        return now - lastHeard > settings.patience
    }

    // MARK: Commands of clients

    /// - Parameters:
    ///   - bytes: the command as sent.
    ///   - token: whom to answer.
    ///   - submission: which one of its client it is; 0 = not said.
    mutating func take(
        _ received: ReceivedCommand, bytes: [UInt8], from caller: Caller, token: RequestToken, submission: UInt64 = 0,
        at now: BusMoment
    ) -> Taken {
        // Nearly always there is nothing here and the line is up.
        let isCutOff = isCutOff(at: now.monotonic)
        if entries.isEmpty, !isCutOff { return .pass }
        if let index = entries.firstIndex(where: { $0.kept.command.id == received.command.id }) {
            guard entries[index].kept.digest == received.digest else {
                return .failed(.idReused)
            }
            switch entries[index].state {
            case .writing(let tokens):
                entries[index].state = .writing(tokens + [token])
                return .joined
            case .waiting, .underWay: return .kept
            case .refused: return isCutOff ? .kept : .pass
            }
        }
        guard isCutOff || waits(for: received.command.household) else { return .pass }
        let principal = caller.principal
        guard principal.rights.contains(.command) else {
            return .refused(Refusal(.missingRight, detail: "command"))
        }
        guard received.command.learnedOn == nil || principal.rights.contains(.importHistory) else {
            return .refused(Refusal(.missingRight, detail: "import-history"))
        }
        if case .registerHousehold(let register) = received.command.action,
            !principal.mayAct(in: register.household.division)
        {
            return .refused(Refusal(.notYourDivision, field: "household.division"))
        }
        guard entries.count < settings.maximumCommands else { return .failed(.outboxFull) }
        let kept = KeptCommand(
            number: nextNumber, bytes: bytes, received, from: caller, submission: submission,
            at: Moment(microseconds: now.utcMicroseconds))
        nextNumber += 1
        entries.append(Entry(kept: kept, state: .writing([token])))
        return .store(kept)
    }

    private func waits(for household: HouseholdID) -> Bool {
        entries.contains { entry in
            if case .refused = entry.state { return false }
            return entry.kept.command.household == household
        }
    }

    /// The command is on disk, or could not be put there.
    /// - Returns: who is to be answered, and the household the command is about.
    mutating func stored(_ number: UInt64, isOnDisk: Bool) -> (tokens: [RequestToken], household: HouseholdID)? {
        guard let index = index(of: number), case .writing(let tokens) = entries[index].state else { return nil }
        let household = entries[index].kept.command.household
        if isOnDisk { entries[index].state = .waiting } else { entries.remove(at: index) }
        return (tokens, household)
    }

    // MARK: Forwarding

    /// The next command to forward; nil while one is under way, while the line is down, or when there is none.
    mutating func next(at now: MonotonicTime) -> KeptCommand? {
        guard !entries.isEmpty, !isCutOff(at: now), retryAt.map({ now >= $0 }) ?? true else { return nil }
        for (index, entry) in entries.enumerated() {
            switch entry.state {
            case .refused: continue
            // The order holds across what is still being written.
            case .writing, .underWay: return nil
            case .waiting:
                entries[index].state = .underWay
                return entry.kept
            }
        }
        return nil
    }

    /// What to do with the file of a command that was forwarded.
    enum Settled {
        case remove(UInt64)
        case rewrite(KeptCommand)
        /// It is tried again.
        case keep
    }

    /// What came of a forwarded command.
    mutating func settled(_ number: UInt64, _ result: CommandResult, at now: MonotonicTime) -> Settled {
        guard let index = index(of: number) else { return .keep }
        retryAt = nil
        switch result {
        case .recorded, .acceptable:
            entries.remove(at: index)
            return .remove(number)
        case .refused(let refusal):
            return refuse(index, refusal.wire(showsCandidate: false))
        case .failed(let failure) where failure.isRetriable:
            entries[index].state = .waiting
            retryAt = now + settings.retryPause
            return .keep
        case .failed(let failure):
            return refuse(
                index,
                .with {
                    $0.code = failure.code
                    $0.textZh = failure.chinese
                    $0.textEn = failure.english
                })
        }
    }

    private mutating func refuse(_ index: Int, _ refusal: Care_V1_Refusal) -> Settled {
        entries[index].kept.refusal = refusal
        entries[index].state = .refused
        return .rewrite(entries[index].kept)
    }

    /// The log is another one: whatever was under way has got no answer and is forwarded again.
    mutating func startAnew() {
        for index in entries.indices {
            if case .underWay = entries[index].state { entries[index].state = .waiting }
        }
    }

    private func index(of number: UInt64) -> Int? { entries.firstIndex { $0.kept.number == number } }

    // MARK: Operators

    /// How many wait for the line, and how many for a person.
    var counts: (waiting: Int, refused: Int) {
        let refused = entries.count { $0.kept.refusal != nil }
        return (entries.count - refused, refused)
    }

    /// Has a refused command tried again.
    /// - Returns: the file's new content; nil when no such command waits for a person.
    mutating func retry(_ command: CommandID, for divisions: [DivisionCode]) -> KeptCommand? {
        guard let index = refusedIndex(command, divisions) else { return nil }
        entries[index].kept.refusal = nil
        entries[index].kept.submission = 0
        entries[index].state = .waiting
        return entries[index].kept
    }

    /// Gives a refused command up.
    /// - Returns: its number; nil when no such command waits for a person.
    mutating func drop(_ command: CommandID, for divisions: [DivisionCode]) -> UInt64? {
        guard let index = refusedIndex(command, divisions) else { return nil }
        return entries.remove(at: index).kept.number
    }

    private func refusedIndex(_ command: CommandID, _ divisions: [DivisionCode]) -> Int? {
        entries.firstIndex { entry in
            if case .refused = entry.state {
                return entry.kept.command.id == command && entry.kept.isSent(within: divisions)
            }
            return false
        }
    }

    /// What it keeps, without a name or a number of anybody.
    /// - Parameter divisions: Those of who asks: what keys of other divisions sent is counted, not shown.
    func state(at now: MonotonicTime, for divisions: [DivisionCode]) -> Care_V1_OutboxState {
        .with {
            $0.cutOff = isCutOff(at: now)
            $0.waitingCount = UInt32(counts.waiting)
            $0.refusedCount = UInt32(counts.refused)
            $0.unreadableCount = UInt32(unreadable)
            $0.lines = entries.lazy.filter { $0.kept.isSent(within: divisions) }.prefix(1000).map { entry in
                .with {
                    $0.commandID = .init(entry.kept.command.id.value.bytes)
                    $0.household = .init(entry.kept.command.household.value.bytes)
                    $0.action = entry.kept.action
                    $0.queuedAt = entry.kept.queuedAt.microseconds
                    $0.peer = entry.kept.caller.principal.peer
                    if let refusal = entry.kept.refusal { $0.refusal = refusal }
                }
            }
        }
    }
}

extension FlowFailure {
    /// Too much is kept already.
    static let outboxFull = FlowFailure(
        code: "CARE-2008", chinese: "档案服务连不上，本机暂存已满，请待线路恢复后重试",
        english: "care-archive cannot be reached and the outbox is full; try again when the line is back",
        isRetriable: true)
    /// The command could not be put on disk.
    static let outboxUnwritable = FlowFailure(
        code: "CARE-2009", chinese: "档案服务连不上，本机也存不下（磁盘已满或出错），请通知管理员后重试",
        english: "care-archive cannot be reached and the command cannot be kept here (the disk is full or fails); "
            + "tell the administrator and try again", isRetriable: true)
}

import ArchiveClient
import CareDomain

/// What a flow of either kind waits for, in the core's terms.
enum FlowNeed {
    case readPerson(PersonToken)
    case appendPerson(PersonToken, expected: UInt64, id: CommandID, event: PersonEvent)
    case appendHousehold(expected: UInt64, id: CommandID, digest: Identifier128, events: [ProposedEvent])
    case finished(CommandResult?)
}

extension IntakeCore.Flow {
    mutating func start(_ known: CachedHousehold) -> FlowNeed {
        switch self {
        case .command(var flow, let token, let caller, let appended):
            let need = flow.start(known)
            self = .command(flow, token, caller, appended: appended)
            return translate(need, flow)
        case .reservation(var flow):
            let need = flow.start(known)
            self = .reservation(flow)
            return translate(need, flow)
        }
    }

    mutating func personRead(_ events: [ReadPersonEvent], _ known: CachedHousehold) -> FlowNeed {
        switch self {
        case .command(var flow, let token, let caller, let appended):
            let need = flow.read(events, known)
            self = .command(flow, token, caller, appended: appended)
            return translate(need, flow)
        case .reservation(var flow):
            let need = flow.read(events)
            self = .reservation(flow)
            return translate(need, flow)
        }
    }

    mutating func personAppended(_ answer: AppendAnswer<ReadPersonEvent>, _ known: CachedHousehold) -> FlowNeed {
        switch self {
        case .command(var flow, let token, let caller, let appended):
            let need = flow.personAnswered(answer, known)
            self = .command(flow, token, caller, appended: appended)
            return translate(need, flow)
        case .reservation(var flow):
            let need = flow.personAnswered(answer)
            self = .reservation(flow)
            return translate(need, flow)
        }
    }

    mutating func householdAnswered(
        _ answer: AppendAnswer<ReadHouseholdEvent>, _ known: CachedHousehold
    ) -> FlowNeed {
        switch self {
        case .command(var flow, let token, let caller, let appended):
            let need = flow.householdAnswered(answer, known)
            self = .command(flow, token, caller, appended: appended)
            return translate(need, flow)
        case .reservation(var flow):
            let need = flow.householdAnswered(answer, known)
            self = .reservation(flow)
            return translate(need, flow)
        }
    }

    /// Keeps what is being appended, to fold it once it is in the log.
    mutating func remember(_ events: [ProposedEvent]) {
        if case .command(let flow, let token, let caller, _) = self {
            self = .command(flow, token, caller, appended: events)
        }
    }

    /// Folds what was appended into the cached household, as the log stamped it.
    func takeIn(_ place: AppendPlace, _ known: inout CachedHousehold) {
        switch self {
        case .command(let flow, _, _, let appended):
            known.appended(appended, of: flow.command.id, digest: flow.contentDigest, at: place)
        case .reservation:
            // Rare: the stream is read again when the household is next needed.
            known = CachedHousehold(id: known.history.id)
        }
    }

    private func translate(_ need: CommandFlow.Need, _ flow: CommandFlow) -> FlowNeed {
        switch need {
        case .readPerson(let token): .readPerson(token)
        case .appendPerson(let token, let expected, let id, let event):
            .appendPerson(token, expected: expected, id: id, event: event)
        case .appendHousehold(let expected, let events):
            .appendHousehold(expected: expected, id: flow.command.id, digest: flow.contentDigest, events: events)
        case .finished(let result): .finished(result)
        }
    }

    private func translate(_ need: ReservationFlow.Need, _ flow: ReservationFlow) -> FlowNeed {
        switch need {
        case .readPerson: .readPerson(flow.token)
        case .appendPerson(let expected, let id, let event):
            .appendPerson(flow.token, expected: expected, id: id, event: event)
        case .appendHousehold(let expected, let id, let event):
            .appendHousehold(expected: expected, id: id, digest: id.value, events: [event])
        case .finished: .finished(nil)
        }
    }
}

import ArchiveClient
import CareDomain
import CareWire
import EventLog
import MessageBus
import SwiftProtobuf

extension EligibilityService {
    /// Judges a household, from its history at hand or after reading its stream.
    mutating func begin(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard active[id] == nil else {
            active[id]?.isDirtyAgain = true
            return
        }
        if let history = cache.take(id) {
            active[id] = JudgedHousehold(history: history, head: history.lastSequence)
            judge(id, &actions)
        } else {
            active[id] = JudgedHousehold()
            read(id, &actions)
        }
    }

    private mutating func read(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        counters.reads += 1
        active[id]?.append = nil
        let after = active[id]?.history?.lastSequence ?? 0
        ask(.read(id), .readStream, ArchiveMessages.read(DecidingStream(id), after: after), &actions)
    }

    mutating func householdRead(
        _ reply: BusReply, _ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard active[id] != nil else { return }
        guard reply.status == .ok else { return rest(id) }
        var history = active[id]?.history ?? HouseholdHistory(id: id)
        guard
            let read = try? ArchiveMessages.consumed(
                reply.body, of: id, after: history.lastSequence, skipping: parked.skips(of: id))
        else { return rest(id) }
        switch read {
        case .stuck(let event): park(event, &actions)
        case .events(let events, let isWhole):
            for event in events { history.append(event) }
            active[id]?.history = history
            if isWhole { judge(id, &actions) } else { self.read(id, &actions) }
        }
    }

    /// Appends what the household's stream should say and does not; lets it go when there is nothing.
    private mutating func judge(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard let entry = active[id], let history = entry.history else { return }
        guard entry.head <= history.lastSequence else { return read(id, &actions) }
        if let other = assessment.filesWanted(for: history).first(where: { entry.others[$0] == nil }) {
            return readOther(other, of: id, &actions)
        }
        active[id]?.isDirtyAgain = false
        guard let step = assessment.nextStep(for: history, others: entry.others) else { return finish(id) }
        let append = HouseholdAppend(
            household: id, expected: history.lastSequence, id: step.id, contentDigest: step.id.value,
            context: EventContext(principal: principal, command: step.id, causation: "#\(step.readThrough.sequence)"),
            events: step.events)
        guard let message = try? ArchiveMessages.message(append) else {
            return park(ParkedEvent(last: history, reason: .tooLarge), &actions)
        }
        active[id]?.append = append
        outgoing.append((id, message))
    }

    private mutating func readOther(
        _ other: HouseholdID, of id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        counters.reads += 1
        let after = active[id]?.reading.map { $0.id == other ? $0.lastSequence : 0 } ?? 0
        if after == 0 { active[id]?.reading = HouseholdHistory(id: other) }
        ask(
            .readOther(other, of: id), .readStream, ArchiveMessages.read(DecidingStream(other), after: after), &actions)
    }

    mutating func otherRead(
        _ reply: BusReply, _ other: HouseholdID, of id: HouseholdID,
        _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard var history = active[id]?.reading, history.id == other else { return }
        guard reply.status == .ok else { return rest(id) }
        guard
            let read = try? ArchiveMessages.consumed(
                reply.body, of: other, after: history.lastSequence, skipping: parked.skips(of: other))
        else { return rest(id) }
        var isWhole = true
        // A file that cannot be read waits for the operator by itself and holds up no other: what can be read of it counts.
        if case .events(let events, let reachesEnd) = read {
            for event in events { history.append(event) }
            isWhole = reachesEnd
        }
        if isWhole {
            active[id]?.others[other] = history
            active[id]?.reading = nil
            judge(id, &actions)
        } else {
            active[id]?.reading = history
            readOther(other, of: id, &actions)
        }
    }

    /// Has a household judged once more because what another file says of its persons changed.
    private mutating func mark(_ id: HouseholdID, becauseOf cause: HouseholdID) {
        guard active[id] != nil else { return ledger.add(id, becauseOf: cause) }
        active[id]?.isDirtyAgain = true
        active[id]?.others[cause] = nil
    }

    private mutating func finish(_ id: HouseholdID) {
        counters.judged += 1
        let entry = active.removeValue(forKey: id)
        if entry?.hasAppended ?? false, let history = entry?.history {
            for other in assessment.filesConcerned(by: history) { mark(other, becauseOf: id) }
        }
        failures[id] = nil
        restingUntil[id] = nil
        parked.release(id)
        ledger.settle(id)
        let isResettled = resettled.remove(id) != nil
        if !isResettled, let history = entry?.history, entry?.head ?? 0 <= history.lastSequence { cache.put(history) }
        if isResettled || entry?.isDirtyAgain ?? false { ledger.add(id) }
    }

    /// Sends the appends of this turn, many in one request: care-archive makes each request one commit at most.
    mutating func sendAppends(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        var rest = outgoing[...]
        outgoing = []
        while !rest.isEmpty {
            let batch = rest.prefix(limits.maximumPerBatch)
            rest = rest.dropFirst(batch.count)
            ask(.append(batch.map(\.0)), .append, ArchiveMessages.batch(batch.map(\.1)), &actions)
        }
    }

    mutating func appended(
        _ reply: BusReply, _ ids: [HouseholdID], _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard reply.status == .ok, let batch = try? Care_V1_AppendBatchReply(serializedBytes: reply.body),
            batch.replies.count == ids.count
        else {
            for id in ids { rest(id) }
            return
        }
        for (id, single) in zip(ids, batch.replies) { appended(single, id, &actions) }
    }

    private mutating func appended(
        _ reply: Care_V1_AppendReply, _ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard let append = active[id]?.append else { return }
        switch ArchiveMessages.answer(reply, read: ArchiveMessages.household) {
        case .appended(let place):
            counters.determinations += append.events.count
            active[id]?.hasAppended = true
            foldOwn(append, place, id)
            judge(id, &actions)
        case .repeated:
            read(id, &actions)
        case .conflict(let later):
            counters.conflicts += 1
            for event in later.map(\.known) where event.reference.sequence == lastSequence(id) + 1 {
                active[id]?.history?.append(event)
            }
            let head = reply.wrongExpected.currentSequence
            if lastSequence(id) == head { judge(id, &actions) } else { read(id, &actions) }
        case .idReused:
            park(parkedAtEnd(of: id, reason: .idReused), &actions)
        case .failed(let failure) where failure.isRetriable:
            rest(id)
        case .failed(.unreadable):
            // Newer events that cannot be read: reading the stream tells which.
            read(id, &actions)
        case .failed(let failure):
            park(parkedAtEnd(of: id, reason: .refused, detail: failure.code), &actions)
        }
    }

    private func lastSequence(_ id: HouseholdID) -> UInt64 { active[id]?.history?.lastSequence ?? 0 }

    /// Takes in what was appended, as the feed will show it.
    private mutating func foldOwn(_ append: HouseholdAppend, _ place: AppendPlace, _ id: HouseholdID) {
        let first = Moment(microseconds: place.recordedAt.microseconds - Int64(place.last - place.first))
        for (offset, proposed) in append.events.enumerated() where place.first + UInt64(offset) == lastSequence(id) + 1
        {
            active[id]?.history?.append(
                KnownEvent(
                    reference: EventReference(sequence: place.first + UInt64(offset)),
                    recordedAt: Moment(microseconds: first.microseconds + Int64(offset)), command: append.id,
                    actor: principal.actor, proposed: proposed))
        }
    }

    // MARK: What does not go

    /// Nobody answered: the household is tried again after a pause that grows.
    private mutating func rest(_ id: HouseholdID) {
        active[id] = nil
        failures[id, default: 0] += 1
        wake(id, after: 1 << min(failures[id] ?? 1, 7))
    }

    private mutating func wake(_ id: HouseholdID, after pause: Int) {
        restingUntil[id] = ticks + pause
        resting[ticks + pause, default: []].append(id)
    }

    /// Puts the households in line whose pause is over.
    mutating func wakeRested() {
        for id in resting.removeValue(forKey: ticks) ?? [] where restingUntil[id] == ticks {
            restingUntil[id] = nil
            ledger.add(id)
        }
    }

    private func parkedAtEnd(of id: HouseholdID, reason: ParkingReason, detail: String = "") -> ParkedEvent {
        ParkedEvent(last: active[id]?.history ?? HouseholdHistory(id: id), reason: reason, detail: detail)
    }

    /// This household cannot be judged: it waits at the event for the operator, for a new fact or for new rules, and is
    /// looked at now and then. It stands in the checkpoint, so that a restart does not forget it.
    private mutating func park(_ event: ParkedEvent, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        let id = event.household
        let isAgain = active.removeValue(forKey: id)?.isDirtyAgain ?? false
        let isResettled = resettled.remove(id) != nil
        ledger.settle(id)
        failures[id] = nil
        if parked.park(event, at: utcMicroseconds) {
            actions.append(
                .log(
                    BusLogEntry(
                        .error, "event parked",
                        [
                            "household": id.description, "sequence": "\(event.sequence)",
                            "reason": event.reason.rawValue, "detail": event.detail,
                        ])))
        }
        if isAgain || isResettled { ledger.add(id) } else { wake(id, after: limits.setAsideTicks) }
    }
}

extension ParkedEvent {
    /// Parks a household at its last event: what follows from its state does not go.
    fileprivate init(last history: HouseholdHistory, reason: ParkingReason, detail: String = "") {
        self.init(
            household: history.id, sequence: history.lastSequence,
            kind: UInt32(history.events.last?.event.kind.rawValue ?? 0), reason: reason, detail: detail)
    }
}

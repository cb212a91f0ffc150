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
        do {
            let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.household)
            var history = active[id]?.history ?? HouseholdHistory(id: id)
            for event in read.events.map(\.known) where event.reference.sequence == history.lastSequence + 1 {
                history.append(event)
            }
            active[id]?.history = history
            if read.isWhole { judge(id, &actions) } else { self.read(id, &actions) }
        } catch {
            putAside(id, "household stream cannot be read", &actions)
        }
    }

    /// Appends what the household's stream should say and does not; lets it go when there is nothing.
    private mutating func judge(_ id: HouseholdID, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard let entry = active[id], let history = entry.history else { return }
        guard entry.head <= history.lastSequence else { return read(id, &actions) }
        active[id]?.isDirtyAgain = false
        guard let step = assessment.nextStep(for: history) else { return finish(id) }
        let append = HouseholdAppend(
            household: id, expected: history.lastSequence, id: step.id, contentDigest: step.id.value,
            context: EventContext(principal: principal, command: step.id, causation: "#\(step.readThrough.sequence)"),
            events: step.events)
        guard let message = try? ArchiveMessages.message(append) else {
            return putAside(id, "determination cannot be encoded", &actions)
        }
        active[id]?.append = append
        outgoing.append((id, message))
    }

    private mutating func finish(_ id: HouseholdID) {
        counters.judged += 1
        let entry = active.removeValue(forKey: id)
        failures[id] = nil
        restingUntil[id] = nil
        setAside.remove(id)
        ledger.settle(id)
        if let history = entry?.history, entry?.head ?? 0 <= history.lastSequence { cache.put(history) }
        if entry?.isDirtyAgain ?? false { ledger.add(id) }
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
            putAside(id, "determination id reused", &actions)
        case .failed(let failure) where failure.isRetriable:
            rest(id)
        case .failed(let failure):
            putAside(id, "append refused: \(failure.code)", &actions)
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

    /// This household cannot be judged: it waits for the operator, for a new fact or for new rules, and is looked at
    /// now and then. It stands in the checkpoint, so that a restart does not forget it.
    private mutating func putAside(
        _ id: HouseholdID, _ reason: String, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        let isAgain = active.removeValue(forKey: id)?.isDirtyAgain ?? false
        ledger.settle(id)
        failures[id] = nil
        if setAside.insert(id).inserted {
            actions.append(.log(BusLogEntry(.error, reason, ["household": id.description])))
        }
        if isAgain { ledger.add(id) } else { wake(id, after: limits.setAsideTicks) }
    }
}

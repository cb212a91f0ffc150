import ArchiveClient
import CareDomain
import CareWire
import EventLog
import MessageBus
import RuleEngine
import SwiftProtobuf

extension EligibilityService {
    // MARK: The feed

    mutating func take(_ segment: FeedSegment, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        var rulesChanged = false
        for event in segment.events {
            let record = Array(event.record)
            guard let header = try? record.withUnsafeBytes({ try RecordHeader(parsing: $0) }) else { continue }
            seenAt = max(seenAt, header.recordedAt.microseconds)
            let name = record.withUnsafeBytes { String(decoding: header.name(in: $0), as: UTF8.self) }
            if name.hasPrefix("household-") {
                if let id = HouseholdID(name.dropFirst(10)) { take(record, header, of: id) }
            } else if name.hasPrefix("pack-") {
                rulesChanged = takePack(record, &actions) || rulesChanged
            } else if name.hasPrefix("access-"), let settled = ArchiveMessages.settled(record: record) {
                take(settled)
            }
        }
        seenCursor = segment.cursorAfter.bytes
        if rulesChanged { beginSweep(&actions) }
    }

    /// Takes in what an operator said of a parked event: the household is read again and judged.
    private mutating func take(_ settled: ParkedEventSettled) {
        guard let id = parked.settle(settled) else { return }
        _ = cache.take(id)
        if active[id] != nil { resettled.insert(id) } else { ledger.add(id) }
    }

    /// Takes an event of a household in: into its history where that is at hand, and into the line when it is a fact.
    private mutating func take(_ record: [UInt8], _ header: RecordHeader, of id: HouseholdID) {
        // Nothing published: nobody can be judged, and the first publication looks at everybody.
        guard !rules.registry.versions.isEmpty else { return }
        let sequence = header.sequence.rawValue
        let isFact = EventKind(rawValue: Int(header.kind))?.bearsOnRules ?? false
        if var entry = active[id] {
            entry.head = max(entry.head, sequence)
            if var history = entry.history, fold(record, sequence, into: &history) { entry.history = history }
            entry.isDirtyAgain = entry.isDirtyAgain || isFact
            active[id] = entry
            return
        }
        if var history = cache.take(id) {
            guard sequence > history.lastSequence else { return cache.put(history) }
            if fold(record, sequence, into: &history) { cache.put(history) }
        } else if sequence == 1 {
            // A new stream is followed from its first event, so that a registration needs no reading.
            var history = HouseholdHistory(id: id)
            if fold(record, sequence, into: &history) { cache.put(history) }
        }
        if isFact { ledger.add(id) }
    }

    /// Appends a record to a history when it is the next one.
    /// - Returns: false when something is missing in between, or it cannot be read: the history is of no use then.
    func fold(_ record: [UInt8], _ sequence: UInt64, into history: inout HouseholdHistory) -> Bool {
        guard sequence > history.lastSequence else { return true }
        let skips = parked.skips(of: history.id)
        guard sequence == history.lastSequence + 1,
            case .success(let event) = ArchiveMessages.consumed(
                record: record, sequence: sequence, skipping: skips, after: history.events.last)
        else { return false }
        history.append(event)
        return true
    }

    // MARK: Packs

    private mutating func takePack(
        _ record: [UInt8], _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) -> Bool {
        guard let fields = try? RecordCoder.decode(record), let pack = PackID(fields.stream.key),
            case .pack(let event)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return false }
        let recordedAt = Moment(microseconds: fields.recordedAt.microseconds)
        if let changedAt = rules.changedAt, recordedAt <= changedAt { return false }
        let unreadable = rules.unreadable.count
        let isNew = rules.take(
            event, of: pack, occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue), recordedAt: recordedAt)
        if rules.unreadable.count > unreadable {
            actions.append(
                .log(BusLogEntry(.error, "published pack cannot be read by this program", ["pack": pack.rawValue])))
        }
        if isNew { assessment = Assessment(rules: rules) }
        return isNew
    }

    mutating func askForPacks(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(packCursor)
            $0.maxBytes = 4 << 20
            $0.categories = ["pack"]
        }
        ask(.packs, .readAll, bytes(body), &actions)
    }

    mutating func packsRead(_ reply: BusReply, _ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard reply.status == .ok, let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body) else { return }
        for event in page.events { _ = takePack(Array(event.record), &actions) }
        packCursor = Array(page.cursor)
        guard page.atHead else { return askForPacks(&actions) }
        guard !isFollowing else { return }
        isFollowing = true
        for id in parked.households { ledger.add(id) }
        if rules.changedAt != checkpoint.rulesOf { beginSweep(&actions) }
        actions.append(.follow(from: EncodedCursor(checkpoint.cursor)))
    }

    // MARK: Looking at everybody

    mutating func beginSweep(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard !rules.registry.versions.isEmpty else { return }
        sweep += 1
        sweepCursor = []
        continueSweep(&actions)
    }

    mutating func continueSweep(_ actions: inout [ServiceAction<EligibilityCheckpoint>]) {
        guard let sweepCursor, ledger.waiting < 20_000 else { return }
        let body = Care_V1_ReadAll.with {
            $0.cursor = .init(sweepCursor)
            $0.maxEvents = 4096
            $0.kinds = [.householdRegistered, .householdSplit]
            $0.categories = ["household"]
        }
        ask(.households(sweep: sweep), .readAll, bytes(body), &actions)
    }

    mutating func householdsRead(
        _ reply: BusReply, _ sweep: Int, _ actions: inout [ServiceAction<EligibilityCheckpoint>]
    ) {
        guard sweep == self.sweep, reply.status == .ok,
            let page = try? Care_V1_ReadAllReply(serializedBytes: reply.body)
        else { return }
        for event in page.events {
            let record = Array(event.record)
            guard let header = try? record.withUnsafeBytes({ try RecordHeader(parsing: $0) }) else { continue }
            let name = record.withUnsafeBytes { String(decoding: header.name(in: $0), as: UTF8.self) }
            if let id = HouseholdID(name.dropFirst(10)) { mark(id) }
        }
        sweepCursor = page.atHead ? nil : Array(page.cursor)
        continueSweep(&actions)
    }

    /// Puts a household in line, or notes that it has to be judged once more.
    private mutating func mark(_ id: HouseholdID) {
        if active[id] != nil { active[id]?.isDirtyAgain = true } else { ledger.add(id) }
    }
}

extension EventKind {
    /// Whether events of the kind may change what rules say.
    fileprivate var bearsOnRules: Bool {
        switch self {
        case .householdRegistered, .householdMoved, .householdClosed, .householdRegisteredInError, .householdMerged,
            .householdSplit, .personJoined, .personLeft, .personDetailsChanged, .personDied, .childBorn, .childAdopted,
            .disabilityAssessed, .factStated, .incidentReported, .guardianNamed, .guardianConsented,
            .guardianNotarised, .guardianEnded, .awardDecided, .withdrawn:
            true
        // A type of a newer program may be a fact: the household is read, and waits when it cannot be.
        case .UNRECOGNIZED: true
        case .unspecified, .commandAbandoned, .pairingAssigned, .pairingHandedOver, .pairingEnded, .visitRecorded,
            .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone, .goodsHandedOut,
            .determinationMade, .noticeRaised, .noticeDelivered, .personReserved, .personConfirmed, .personReleased,
            .packPublished,
            .parameterSet, .sealedPartsRead, .detailsCompared, .parkedEventSettled, .dueDecided, .paymentOrdered,
            .paymentConcluded,
            .paymentBatchPrepared, .paymentMembersNamed, .paymentBatchClosed, .paymentLinesFrozen, .paymentBatchFrozen,
            .bankFileIssued, .bankAnswerTaken, .paymentReturned, .paymentReversed, .paymentStepsDone,
            .applicationSubmitted, .applicationForwarded, .applicationReturned, .applicationRejected,
            .applicationWithdrawn, .publicNoticeOpened, .objectionRaised, .objectionDecided, .applicationConfirmed,
            .applicationReverified, .guidanceSet, .unitBudgetSet, .unitAdvanceSet, .unitScored, .settlementFrozen,
            .placeReserved, .placeConfirmed, .placeReleased,
            .fundOpened, .fundDeposited, .fundReserved, .fundReleased, .fundPosted, .fundHandedOver, .fundTakenOver,
            .fundHistoryStated, .fundReferenceTaken, .fundReferenceFreed, .fundPostingReversed, .fundEntryReversed,
            .loanReversed,
            .loanApplied, .loanReviewed, .loanGuaranteed,
            .loanSigned, .loanInformed,
            .loanHelperNamed, .loanDisbursed, .loanRepaid, .loanWriteOffProposed, .loanWrittenOff, .loanStaged,
            .loanExitAssessed, .loanWithdrawn, .loanReportSent,
            .dutyReported, .dutyCorrected, .dutyWithdrawn, .listSent, .listReceived, .consultationAsked,
            .consultationAnswered, .projectArranged, .surveyStated, .sampleDrawn, .figureStated, .reportSent,
            .dutyNoticeRaised, .dutyNoticeDelivered, .loanNoticeRaised, .loanNoticeDelivered, .attachmentKept,
            .attachmentRead, .tokenKeyAdopted:
            false
        }
    }
}

import ArchiveCore
import CareWire
import EventLog

@testable import MessageBus
@testable import NotifierCore

/// Faults that are put into a run on purpose, each of which the checks must find.
///
/// None stands in shipping code: each is a wrapper round a port of the simulation, or its disk.
enum Mutant: String, CaseIterable {
    /// A sync makes durable only what the sync before it was asked for: care-archive answers too early.
    case acknowledgesBeforeSync
    /// The log takes an append that it has taken before as a new one.
    case forgetsCommandIDs
    /// A gap of feed (a) is not noticed.
    case skipsFeedGaps
    /// The log says that a reservation is confirmed and does not keep it.
    case losesConfirmations
    /// The log says that a fund has booked what a loan moved and does not keep it.
    case losesBookings
    /// The notifier's checkpoint says that a household is done before its notice is in the log.
    case checkpointsBeforeNotice
    /// care-archive forgets at once what was refused: an attempt that is late on its way is carried out.
    case forgetsRefusals
}

/// Makes a message of the feed fit where the follower stands, so that it sees no gap.
enum GapHider {
    static func hide(_ message: [UInt8], cursor: EncodedCursor?) -> [UInt8]? {
        guard let cursor, case .frame(let epoch, var segment)? = try? FeedMessage(decoding: message) else { return nil }
        guard segment.cursorAfter != cursor else { return nil }
        segment.cursorBefore = cursor
        return FeedMessage.frame(epoch: epoch, segment).encoded()
    }
}

extension NotifierCheckpoint {
    /// The checkpoint of the mutant that counts what is under way as done.
    var countingOpenAsDone: NotifierCheckpoint {
        var checkpoint = self
        for (household, due) in checkpoint.due where due == .now { checkpoint.due[household] = .idle }
        return checkpoint
    }
}

/// A log with a fault.
final class MutantLog: EventLogWriter {
    private let log: any EventLogWriter
    private let mutant: Mutant
    private var receipts: [StreamName: [AppendID: AppendReceipt]] = [:]
    private var count: UInt64 = 0

    init(_ log: any EventLogWriter, _ mutant: Mutant) {
        self.log = log
        self.mutant = mutant
    }

    var epoch: UInt64 { log.epoch }
    var head: LogHead { log.head }
    var fences: [Fence] { log.fences }
    var onHeadMoved: ((LogHead) -> Void)? {
        get { log.onHeadMoved }
        set { log.onHeadMoved = newValue }
    }

    func append(_ requests: [AppendRequest], at now: RecordedTime) throws(EventLogError) -> [AppendOutcome] {
        switch mutant {
        case .forgetsCommandIDs: try forgetting(requests, at: now)
        case .losesConfirmations: try losing(requests, at: now) { $0.events.contains { $0.kind == Self.confirmed } }
        case .losesBookings: try losing(requests, at: now) { $0.events.contains { $0.kind == Self.booked } }
        case .acknowledgesBeforeSync, .skipsFeedGaps, .checkpointsBeforeNotice, .forgetsRefusals:
            try log.append(requests, at: now)
        }
    }

    private static let booked = UInt32(EventKind.fundPosted.rawValue)
    private static let confirmed = UInt32(EventKind.personConfirmed.rawValue)

    /// Stores again what was stored before, and answers as if it had not.
    private func forgetting(
        _ requests: [AppendRequest], at now: RecordedTime
    ) throws(EventLogError) -> [AppendOutcome] {
        let again = requests.map { receipts[$0.stream]?[$0.appendID] }
        let sent = zip(requests, again).map { request, known in
            guard known != nil else { return request }
            count += 1
            var request = request
            request.appendID = AppendID(high: request.appendID.high ^ count, low: ~request.appendID.low)
            request.expected = .any
            return request
        }
        let outcomes = try log.append(sent, at: now)
        return zip(zip(requests, again), outcomes).map { asked, outcome in
            if let known = asked.1 { return .repeated(known) }
            if case .appended(let receipt) = outcome {
                receipts[asked.0.stream, default: [:]][asked.0.appendID] = receipt
            }
            return outcome
        }
    }

    /// Answers as if everything were appended and leaves some out.
    private func losing(
        _ requests: [AppendRequest], at now: RecordedTime, where isLost: (AppendRequest) -> Bool
    ) throws(EventLogError) -> [AppendOutcome] {
        let marks = requests.map(isLost)
        var kept = try log.append(zip(requests, marks).filter { !$0.1 }.map(\.0), at: now)[...]
        return zip(requests, marks).compactMap { request, isLost in
            guard isLost else { return kept.popFirst() }
            let last = log.streamHead(request.stream)?.sequence.rawValue ?? 0
            return .appended(
                AppendReceipt(
                    stream: request.stream, firstSequence: SequenceNumber(last + 1),
                    lastSequence: SequenceNumber(last + UInt64(request.events.count)), shard: log.head.shard,
                    lastPosition: log.head.position, recordedAt: now, hash: .zero))
        }
    }

    func forEachAppended(_ body: (ScannedEvent) -> Void) { log.forEachAppended(body) }
    func streamHead(_ stream: StreamName) -> StreamHead? { log.streamHead(stream) }

    func fence(_ stream: StreamName, reason: String, at now: RecordedTime) throws(EventLogError) {
        try log.fence(stream, reason: reason, at: now)
    }

    func liftFence(_ stream: StreamName) throws(EventLogError) { try log.liftFence(stream) }
    func makeReader() throws(EventLogError) -> any EventLogReader { try log.makeReader() }
    func close() throws(EventLogError) { try log.close() }
}

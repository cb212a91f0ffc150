import CareDomain
import CareWire
import EventLog
import EventLogSQLite

/// Fills a log with the district through the EventLog port, with the encoder that intake uses.
struct DistrictLog {
    let district: BenchDistrict
    /// Appends per commit.
    var perCommit = 4_000

    /// What was written.
    struct Content: Sendable {
        var events: UInt64 = 0
        var commands = 0
        var bytes = 0

        /// Payload and metadata of the mean event.
        var bytesPerEvent: Int { events == 0 ? 0 : bytes / Int(events) }
    }

    /// Writes everything.
    /// - Throws: `EventLogError`, or `WireError` when the district says something that cannot be encoded.
    func fill(_ directory: String) throws -> Content {
        let log = try SQLiteEventLog(directory: directory)
        var content = Content()
        var batch: [AppendRequest] = []
        var clock: Int64 = 1_400_000_000_000_000
        func commit() throws {
            clock += 1_000_000
            for outcome in try log.append(batch, at: RecordedTime(microseconds: clock)) {
                precondition(outcome.receipt != nil, "DistrictLog.fill: \(outcome)")
            }
            batch.removeAll(keepingCapacity: true)
        }
        try district.forEachBlock(withServices: true) { steps in
            for step in steps {
                let request = try step.request(principal: district.principal)
                content.commands += 1
                content.events += UInt64(request.events.count)
                content.bytes += request.events.reduce(0) { $0 + $1.payload.count + $1.metadata.count }
                batch.append(request)
                if batch.count >= perCommit { try commit() }
            }
        }
        try commit()
        try log.close()
        return content
    }
}

extension BenchDistrict.Step {
    /// The append that intake, eligibility or notifier would make of it.
    /// - Throws: `WireError` when an event breaks a limit of the contract.
    func request(principal: Principal) throws -> AppendRequest {
        let context = EventContext(principal: principal, command: command.id)
        let id = command.id.value
        var encoded: [NewEvent] = []
        encoded.reserveCapacity(events.count)
        for event in events {
            let bytes = try EventCodec.encode(event, context: context)
            encoded.append(
                NewEvent(
                    kind: bytes.kind, version: bytes.version, occurredOn: DayNumber(bytes.occurredOn),
                    learnedOn: bytes.learnedOn.map { DayNumber($0) }, metadata: bytes.metadata,
                    payload: bytes.payload))
        }
        return AppendRequest(
            stream: try StreamName(.household, household.description),
            expected: expected == 0 ? .noStream : .exactly(SequenceNumber(expected)),
            appendID: AppendID(high: id.high, low: id.low), contentDigest: ContentDigest(high: id.low, low: id.high),
            events: encoded)
    }
}

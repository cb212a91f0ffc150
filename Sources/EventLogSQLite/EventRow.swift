import EventLog

/// A row of a statement over the events table.
protocol LogRow {
    /// The statement's present row.
    init(_ statement: Statement)
    var position: UInt64 { get }
}

/// What a scan over the whole log needs of a row, read in place: who replays reads millions. Valid until the statement
/// moves on.
struct ScannedRow: LogRow {
    /// What its statement selects, in this order.
    static let columns = "position, kind, record, hash"

    let position: UInt64
    let kind: Int64
    let record: UnsafeRawBufferPointer
    private let hashBytes: UnsafeRawBufferPointer

    @inline(__always)
    init(_ statement: Statement) {
        position = statement.unsigned(0)
        kind = statement.integer(1)
        record = statement.bytes(2)
        hashBytes = statement.bytes(3)
    }

    init(_ row: EventRow) {
        position = row.position
        kind = row.kind
        record = row.record
        hashBytes = row.hashBytes
    }

    /// The stored hash; nil when it does not have 32 bytes.
    @inline(__always)
    var hash: EventHash? { EventHash(bytes: hashBytes) }
}

/// A row of the events table, read in place. Valid until the statement moves on.
struct EventRow: LogRow {
    /// What every statement that reads rows selects, in this order.
    static let columns = "position, stream, sequence, prev, kind, day, record, hash"

    let position: UInt64
    let stream: UInt64
    let sequence: UInt64
    let previous: UInt64
    let kind: Int64
    let day: Int64
    let record: UnsafeRawBufferPointer
    let hashBytes: UnsafeRawBufferPointer

    @inline(__always)
    init(_ statement: Statement) {
        position = statement.unsigned(0)
        stream = statement.unsigned(1)
        sequence = statement.unsigned(2)
        previous = statement.unsigned(3)
        kind = statement.integer(4)
        day = statement.integer(5)
        record = statement.bytes(6)
        hashBytes = statement.bytes(7)
    }

    /// The stored hash; nil when it does not have 32 bytes.
    @inline(__always)
    var hash: EventHash? { EventHash(bytes: hashBytes) }

    /// The hash that the record has by the algorithm it names; of one that cannot be read, by SHA-256.
    var ownHash: EventHash { EventHash(ofRecord: record) ?? EventHash(of: record) }

    /// What is wrong with the row taken alone; nil when record, hash and columns agree.
    /// - Parameter header: The parsed record; nil when it cannot be parsed.
    func flaw(_ header: RecordHeader?) -> Damage.Kind? {
        guard let hash else { return .hashMismatch }
        guard let header else { return EventHash(of: record) == hash ? .unreadable : .hashMismatch }
        guard EventHash(of: record, header) == hash else { return .hashMismatch }
        guard header.sequence.rawValue == sequence, Int64(header.kind) == kind,
            Int64(header.occurredOn.rawValue) == day, previous < position, stream <= position,
            (sequence == 1) == (stream == position), (sequence == 1) == (previous == 0)
        else { return .columnMismatch }
        return nil
    }

    /// A copy that outlives the row.
    func stored(_ hash: EventHash) -> StoredEvent {
        StoredEvent(position: Position(position), record: Array(record), hash: hash)
    }
}

import EventLog

/// Tells to which stream a damaged event belongs, by what sound events around it say. Used by one reader.
///
/// The damaged bytes themselves are not believed: a name read from them could fence a stranger.
struct DamageOwner {
    private let rows: EventRows
    private let heads: HeadTable
    /// What was found, so that each reading of the same place does not search the log again.
    private var known: [UInt64: StreamName?] = [:]
    private static let capacity = 10_000

    init(_ rows: EventRows, heads: HeadTable) {
        self.rows = rows
        self.heads = heads
    }

    /// The damage with its stream, or without one where no sound event tells.
    /// - Parameter claimed: the name that the damaged record gives; counts only when the heads agree.
    mutating func placed(_ damage: Damage, claimed: StreamName?) throws(EventLogError) -> Damage {
        guard let position = damage.position?.rawValue else { return damage }
        let name: StreamName?
        if let found = known[position] {
            name = found
        } else {
            name = try find(position, claimed)
            if known.count >= Self.capacity { known.removeAll() }
            known[position] = name
        }
        return Damage(
            damage.kind, position: damage.position, stream: name, sequence: damage.sequence, detail: damage.detail)
    }

    private func find(_ position: UInt64, _ claimed: StreamName?) throws(EventLogError) -> StreamName? {
        // The next event of its stream names it as the one before; so does a first event that all others name.
        for candidate in try rows.positions(pointingTo: position) {
            if let name = try name(at: candidate) { return name }
        }
        // The last of its stream: the heads know, and an earlier event has the name.
        if let head = heads.first(where: { $0.last.rawValue == position }), head.first.rawValue != position,
            let name = try name(at: head.first.rawValue)
        {
            return name
        }
        guard let claimed, let head = heads.head(of: StreamKey(claimed)),
            head.first.rawValue <= position, position <= head.last.rawValue
        else { return nil }
        return head.first.rawValue == position || head.last.rawValue == position ? claimed : nil
    }

    private func name(at position: UInt64) throws(EventLogError) -> StreamName? {
        try rows.row(at: position) { row -> StreamName? in
            guard let header = try? RecordHeader(parsing: row.record), row.flaw(header) == nil else { return nil }
            return try? StreamName(bytes: header.name(in: row.record))
        } ?? nil
    }
}

extension EventRows {
    /// A few events whose columns name the one at a position as the first of their stream or the one before.
    /// Looks at every row: for damage only.
    func positions(pointingTo position: UInt64) throws(EventLogError) -> [UInt64] {
        let found = try text(
            "SELECT group_concat(position) FROM (SELECT position FROM events "
                + "WHERE (prev = \(position) OR stream = \(position)) AND position <> \(position) LIMIT 8)")
        return found.split(separator: ",").compactMap { UInt64($0) }
    }
}

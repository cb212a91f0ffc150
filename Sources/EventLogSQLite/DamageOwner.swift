import EventLog

/// Tells to which streams damaged events belong, by what sound events around them say. Used by one reader.
///
/// The damaged bytes themselves are not believed: a name read from them could fence a stranger.
struct DamageOwner {
    private let rows: EventRows
    private let heads: HeadTable
    private var trail: TrailReader?
    /// What was found, so that each reading of the same place does not search the log again.
    private var known: [UInt64: StreamName?] = [:]
    private static let capacity = 10_000
    /// Damaged events of one reading whose streams are looked for; the rest wait for `log verify`.
    private static let searched = 512

    init(_ rows: EventRows, heads: HeadTable, trail: TrailReader?) {
        self.rows = rows
        self.heads = heads
        self.trail = trail
    }

    /// The damages with their streams, or without one where no sound event tells.
    /// - Parameter found: each with the name that the damaged record gives, which counts only when the heads agree.
    mutating func placed(
        _ found: [(damage: Damage, claimed: StreamName?)], upTo last: UInt64
    ) throws(EventLogError) -> [Damage] {
        let new = found.filter { one in one.damage.position.map { known[$0.rawValue] == nil } ?? false }
        if !new.isEmpty { try look(for: Array(new.prefix(Self.searched)), upTo: last) }
        return found.map { one in
            let name = one.damage.position.flatMap { known[$0.rawValue] ?? nil }
            return Damage(
                one.damage.kind, position: one.damage.position, stream: name, sequence: one.damage.sequence,
                detail: one.damage.detail)
        }
    }

    /// One look at the log and one at the heads, for all of them.
    private mutating func look(
        for new: [(damage: Damage, claimed: StreamName?)], upTo last: UInt64
    ) throws(EventLogError) {
        if known.count >= Self.capacity { known.removeAll() }
        let told = tell(new)
        let positions = Set(new.compactMap { $0.damage.position?.rawValue }).subtracting(told)
        guard !positions.isEmpty else { return }
        let pointers = try rows.pointers(to: positions, upTo: last)
        // The last of its stream: nothing points to it, but the heads know it, and an earlier event has the name.
        var ends: [UInt64: UInt64] = [:]
        _ = heads.first { head in
            if positions.contains(head.last.rawValue) { ends[head.last.rawValue] = head.first.rawValue }
            return false
        }
        for (damage, claimed) in new {
            guard let position = damage.position?.rawValue, positions.contains(position) else { continue }
            var name: StreamName?
            for candidate in (pointers[position] ?? []) + [ends[position]].compactMap({ $0 })
            where candidate != position && name == nil {
                name = try rows.soundName(at: candidate)
            }
            if name == nil { name = vouched(claimed, position) }
            known.updateValue(name, forKey: position)
        }
    }

    /// The trail knows the stream of each position, and the heads know that stream.
    /// - Returns: The positions whose streams it could name.
    private mutating func tell(_ new: [(damage: Damage, claimed: StreamName?)]) -> Set<UInt64> {
        var keys: [UInt64: StreamKey] = [:]
        for position in new.compactMap({ $0.damage.position?.rawValue }) {
            guard let key = trail?.entry(at: position)?.key, let head = heads.head(of: key),
                head.first.rawValue <= position, position <= head.last.rawValue
            else { continue }
            keys[position] = key
        }
        let names = trail?.names(of: Set(keys.values)) ?? [:]
        for (position, key) in keys { if let name = names[key] { known.updateValue(name, forKey: position) } }
        return Set(keys.filter { names[$0.value] != nil }.keys)
    }

    /// The name that the damaged record gives, when the heads know an end of that stream there.
    private func vouched(_ claimed: StreamName?, _ position: UInt64) -> StreamName? {
        guard let claimed, let head = heads.head(of: StreamKey(claimed)) else { return nil }
        return head.first.rawValue == position || head.last.rawValue == position ? claimed : nil
    }
}

extension EventRows {
    /// For each position a few later events whose columns name it as the first of their stream or the one before.
    /// Looks at every row behind them, in short transactions; single rows that cannot be read are stepped over.
    func pointers(to positions: Set<UInt64>, upTo last: UInt64) throws(EventLogError) -> [UInt64: [UInt64]] {
        var found: [UInt64: [UInt64]] = [:]
        guard var place = positions.min() else { return found }
        func note(_ position: UInt64, _ previous: UInt64, _ first: UInt64) {
            for target in Set([previous, first])
            where positions.contains(target) && target != position && (found[target]?.count ?? 0) < 4 {
                found[target, default: []].append(position)
            }
        }
        let list = positions.sorted().map(String.init).joined(separator: ",")
        let statement = try statement(
            "SELECT position, prev, stream FROM events WHERE position > ?1 AND position <= ?2 "
                + "AND (prev IN (\(list)) OR stream IN (\(list))) ORDER BY position")
        while place < last {
            let end = min(last, place + UInt64(SQLiteEventReader.rowsPerTransaction))
            statement.bind(1, place)
            statement.bind(2, end)
            do throws(EventLogError) {
                while try statement.step() {
                    place = max(place, statement.unsigned(0))
                    note(statement.unsigned(0), statement.unsigned(1), statement.unsigned(2))
                }
            } catch {
                guard error.code == .corrupted else { throw error }
                // Behind the page that cannot be read there are others: asked for by their numbers they are found.
                while place < end {
                    place += 1
                    _ = try row(at: place) { row in note(place, row.previous, row.stream) }
                }
            }
            place = end
        }
        return found
    }
}

import EventLog

/// Where a log ends in its database, and which rows there are none of its events.
///
/// The head file vouches for the events up to a position. What stands behind it was never acknowledged, unless the head
/// file may be behind (`HeadFile.State`): it is the log's own when the trail says that this log wrote it there, and else
/// was put there by somebody. Rows numbered as no event is are nobody's either way. Where the log was closed in order and
/// the trail still knows rows behind its end, the head file is an older one: such rows are nobody's never.
struct LogEnd {
    /// A row that is none of the log's events.
    struct Stray {
        var position: Int64
        /// The stored hash, and whether the row agrees with itself.
        var hash: EventHash?
        var isSound: Bool
        /// The event that it claims to be.
        var claim: String
    }

    /// Rows behind the end that are looked at; of more only the number is told.
    static let most = 100

    /// Position of the log's last event: its own last row, or what the head file vouches for.
    private(set) var last: UInt64
    /// The last position at which a row stands. Below `last` where the newest rows are gone or have other numbers.
    private(set) var standing: UInt64
    /// Rows of others, the first `most`, and how many there are.
    private(set) var strays: [Stray] = []
    private(set) var strayCount = 0
    /// Rows behind the end of a log closed in order that this log wrote, by chain and trail, and the last of them. Then the
    /// head file is older than the log.
    private(set) var newer: UInt64 = 0
    private var newest: UInt64 = 0
    private let state: HeadFile.State
    /// What the head file vouches for; 0 without one.
    private let vouched: UInt64
    /// Whether each row that is gone at the end is surely one of the strays.
    private var isExplained = true

    /// Looks at the end of the rows.
    /// - Parameter trail: What says which rows this log wrote.
    /// - Throws: `EventLogError` with `corrupted` or `readFailed`.
    init(_ rows: EventRows, _ look: HeadFile.Look, _ trail: TrailReader?) throws(EventLogError) {
        vouched = look.content?.position ?? 0
        state = look.state
        last = vouched
        standing = vouched
        let top = try rows.lastPosition()
        if look.content == nil {
            // Nothing tells the log's own rows: all are taken for it that so many rows can reach.
            last = try rows.lastPosition(
                upTo: UInt64(try rows.integer("SELECT count(*) FROM events")) + Self.longestGap)
            standing = last
        } else if top != vouched {
            standing = try rows.standing(upTo: vouched, top: top)
            if standing == vouched { try takeTail(rows, trail) }
        }
        if top > last || standing < last { try takeStrays(rows, trail, "position > \(standing)") }
        do throws(EventLogError) { try takeStrays(rows, trail, "position <= 0") } catch {
            // The first page is damaged: its rows are met, or missed, like any others.
            guard error.code == .corrupted else { throw error }
        }
        if standing < last, let trail { isExplained = try explains(rows, trail) }
        if standing < last, trail == nil { isExplained = false }
    }

    /// Without a head file: how far missing rows may stretch the numbers.
    private static let longestGap: UInt64 = 1 << 20

    /// Goes on over the rows behind the vouched ones for as long as they are the log's own.
    private mutating func takeTail(_ rows: EventRows, _ trail: TrailReader?) throws(EventLogError) {
        guard state != .closed else { return }
        var trail = trail
        let select = try rows.statement(
            "SELECT \(EventRow.columns) FROM events WHERE position > \(last) ORDER BY position")
        defer { select.reset() }
        while try select.step() {
            let row = EventRow(select)
            guard row.position == last + 1 else { break }
            let entry = trail?.entry(at: row.position)
            guard state == .unsure || (entry != nil && entry?.hash == row.hash) else { break }
            last = row.position
        }
        standing = last
    }

    private mutating func takeStrays(
        _ rows: EventRows, _ trail: TrailReader?, _ which: String
    ) throws(EventLogError) {
        var own = state == .closed ? trail.map { NewerRows($0, after: vouched) } : nil
        let select = try rows.statement("SELECT \(EventRow.columns) FROM events WHERE \(which)")
        defer { select.reset() }
        while try select.step() {
            let row = EventRow(select)
            if try own?.contain(row, rows) ?? false {
                newer += 1
                newest = max(newest, row.position)
                continue
            }
            strayCount += 1
            if strays.count < Self.most { strays.append(Stray(row)) }
        }
    }

    /// Whether each row that is gone at the end stands among the strays: by its hash, or as one that can be any row,
    /// because it does not even agree with itself.
    private func explains(_ rows: EventRows, _ trail: TrailReader) throws(EventLogError) -> Bool {
        var trail = trail
        var open = try strays + StrayRows.all(in: rows)
        for position in standing + 1...last {
            guard let entry = trail.entry(at: position) else { return false }
            guard
                let place = open.firstIndex(where: { $0.hash == entry.hash }) ?? open.firstIndex(where: { !$0.isSound })
            else { return false }
            open.remove(at: place)
        }
        return true
    }

    /// Why the head file is not that of these rows; nil when it is not known to be another.
    var whyHeadIsOlder: String? {
        guard newer > 0 else { return nil }
        return "events.head says that the log was closed in order with \(vouched) events, but behind them stand "
            + "\(newer) more, up to position \(newest), that this log wrote, as their hashes, their sequences and the "
            + "trail say: the head file is older than the log"
    }

    /// Makes sure that the head file is not older than the rows.
    /// - Throws: `headOlder`: the rows behind it are acknowledged events, and none of them may be set aside.
    func requireNewestHead() throws(EventLogError) {
        guard let whyHeadIsOlder else { return }
        throw EventLogError(
            .headOlder,
            "\(whyHeadIsOlder). No file was changed. Put back the events.head that belongs to these files; without it see "
                + "carectl log mend-head, or keep them all as they are, restore the newest backup whole into another folder (carectl backup restore) and "
                + "compare")
    }

    /// Makes sure that the newest events are there.
    /// - Throws: `eventsMissing` when rows are gone at the end; a row there whose number was changed is not gone.
    func requireAll(_ vouched: HeadFile.Content, _ hint: String) throws(EventLogError) {
        guard standing < vouched.position, !isExplained else { return }
        throw EventLogError(
            .eventsMissing,
            "the head file vouches for \(vouched.position) events (epoch \(vouched.epoch)), the database has "
                + "\(standing): \(vouched.position - standing) acknowledged events are missing. Keep all files of this "
                + "directory as they are, restore the newest backup elsewhere and compare\(hint)")
    }

    /// Whether the newest rows are gone.
    var isCut: Bool { standing < last && !isExplained }

    /// The strays, for people.
    var damages: [Damage] {
        var damages = strays.map { $0.damage(because: why($0)) }
        if strayCount > strays.count {
            damages.append(Damage(.stray, position: nil, detail: "and \(strayCount - strays.count) more such rows"))
        }
        return damages
    }

    private func why(_ stray: Stray) -> String {
        if stray.position <= 0 { return "no event of a log has such a number" }
        if state == .closed { return "no event of this log, which was closed in order with \(last) events" }
        return "no event of this log, which ends with \(last): nobody was told of it, and the trail does not know it"
    }
}

extension LogEnd.Stray {
    /// The row for people. Its family is only said to be one: nothing of it is believed.
    func damage(because why: String) -> Damage {
        Damage(
            .stray, position: position < 0 ? nil : Position(UInt64(position)), detail: "row \(position)\(claim): \(why)"
        )
    }

    /// The same of one that was set aside.
    var damage: Damage { damage(because: "no event of this log, set aside") }

    init(_ row: EventRow) {
        let header = try? RecordHeader(parsing: row.record)
        position = Int64(bitPattern: row.position)
        hash = row.hash
        isSound = row.flaw(header) == nil
        let name = header.flatMap { try? StreamName(bytes: $0.name(in: row.record)) }
        claim = name.map { ", said to be \($0) sequence \(row.sequence)" } ?? ""
    }
}

extension EventRows {
    /// Position of the last row; 0 when there is none.
    func lastPosition() throws(EventLogError) -> UInt64 {
        UInt64(max(0, try integer("SELECT coalesce(max(position), 0) FROM events")))
    }

    /// Position of the last row up to one; 0 when there is none.
    fileprivate func lastPosition(upTo bound: UInt64) throws(EventLogError) -> UInt64 {
        UInt64(max(0, try integer("SELECT coalesce(max(position), 0) FROM events WHERE position <= \(bound)")))
    }

    /// The last position up to one at which a row stands.
    fileprivate func standing(upTo end: UInt64, top: UInt64) throws(EventLogError) -> UInt64 {
        var place = end
        while place > 0, end - place < UInt64(LostRows.most) {
            if try row(at: place, { _ in }) != nil { return place }
            place -= 1
        }
        return min(top, place)
    }
}

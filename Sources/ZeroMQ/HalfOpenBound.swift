/// How many half-open connections may stand, and which of them go when there are more.
///
/// Pure. Each connection takes one of the files that a process may have open, and a stranger who says nothing keeps it for
/// the whole handshake time; whoever connects again and again could have them all. So only a part of the files is for
/// connections without a key. Connections with a key are never counted, let alone ended.
package struct HalfOpenBound: Sendable, Hashable {
    /// Files that the process may have open.
    package let files: Int

    /// Never more than so many, however many files there are: each takes some 30 KiB of memory, too.
    static let most = 1_024

    package init(files: Int) { self.files = files }

    /// A quarter of the files.
    package var usual: Int { max(1, min(Self.most, files / 4)) }

    /// How many may stand while so many other files are open: a quarter, less when these need more than half of all, but
    /// always a few, so that whoever has a key gets in.
    package func allowed(besides others: Int) -> Int {
        min(usual, max(files / 16, files - files / 4 - others, 1))
    }

    /// Those that are to go so that `allowed` are left.
    ///
    /// First those of origins that have more than an equal share, so that strangers of one address take no place from
    /// others; within an origin whoever has not come as far, then whoever has been waiting longest: a peer with a key
    /// takes only the time of two journeys.
    package static func excess(of connections: [HalfOpenConnection], allowed: Int) -> [HalfOpenConnection] {
        guard connections.count > allowed else { return [] }
        let origins = Dictionary(grouping: connections, by: \.origin)
        let share = share(of: origins.values.map(\.count), allowed: allowed)
        var ended: [HalfOpenConnection] = []
        var kept: [HalfOpenConnection] = []
        for list in origins.values {
            let sorted = list.sorted(by: goesBefore)
            ended += sorted.prefix(max(0, list.count - share))
            kept += sorted.suffix(share)
        }
        // More origins than places.
        if kept.count > allowed { ended += kept.sorted(by: goesBefore).prefix(kept.count - allowed) }
        return ended.sorted(by: goesBefore)
    }

    /// The most that each origin may keep, at least one: shares add up to no more than what is allowed, unless one each
    /// does already.
    private static func share(of counts: [Int], allowed: Int) -> Int {
        var left = allowed
        let sorted = counts.sorted()
        for (index, count) in sorted.enumerated() {
            let each = left / (sorted.count - index)
            if count > each { return max(1, each) }
            left -= count
        }
        return sorted.last ?? 1
    }

    private static func goesBefore(_ left: HalfOpenConnection, _ right: HalfOpenConnection) -> Bool {
        if left.stage != right.stage { return left.stage < right.stage }
        if left.idleMilliseconds != right.idleMilliseconds { return left.idleMilliseconds > right.idleMilliseconds }
        return left.descriptor < right.descriptor
    }
}

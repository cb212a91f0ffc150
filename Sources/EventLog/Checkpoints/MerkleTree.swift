/// A Merkle tree as in RFC 6962 whose leaves may be added and changed: leaf `SHA-256(0 ‖ content)`, node
/// `SHA-256(1 ‖ left ‖ right)`, an odd last node goes up as it is. The empty tree has the hash of nothing.
///
/// Keeps all nodes, about 64 bytes for each leaf. A change costs nothing until the root is asked for, and then only
/// the paths of changed leaves are hashed again.
package struct MerkleTree: Sendable {
    /// Nodes by level, leaves first.
    private var levels: [[EventHash]] = [[]]
    private var changed: Set<Int> = []

    /// An empty tree.
    package init() {}

    /// How many leaves there are.
    package var count: Int { levels[0].count }

    /// Adds a leaf at the end, or changes the one at `index`.
    /// - Parameter index: at most `count`.
    package mutating func set(_ leaf: EventHash, at index: Int) {
        precondition(index <= count, "MerkleTree.set: a leaf beyond the end")
        if index == count { levels[0].append(leaf) } else { levels[0][index] = leaf }
        changed.insert(index)
    }

    /// The root over all leaves.
    package mutating func root() -> EventHash {
        guard count > 0 else { return EventHash(of: UnsafeRawBufferPointer(start: nil, count: 0)) }
        var dirty = changed
        changed.removeAll(keepingCapacity: true)
        var level = 0
        while levels[level].count > 1 {
            let parents = (levels[level].count + 1) / 2
            if level + 1 == levels.count { levels.append([]) }
            // The right edge may have been an odd node before.
            var above: Set<Int> = dirty.isEmpty ? [] : [parents - 1]
            for index in dirty { above.insert(index / 2) }
            while levels[level + 1].count < parents { levels[level + 1].append(.zero) }
            for index in above { levels[level + 1][index] = node(above: level, at: index) }
            dirty = above
            level += 1
        }
        return levels[level][0]
    }

    /// The hashes that lead from a leaf to the root, lowest first. Call `root` first.
    package func path(of index: Int) -> [EventHash] {
        precondition(index < count && changed.isEmpty, "MerkleTree.path: no such leaf, or the root is not up to date")
        var path: [EventHash] = []
        var index = index
        var level = 0
        while levels[level].count > 1 {
            let sibling = index ^ 1
            if sibling < levels[level].count { path.append(levels[level][sibling]) }
            index /= 2
            level += 1
        }
        return path
    }

    /// The root that a leaf and its path lead to; nil when the path has not the length that belongs to the place.
    package static func root(from leaf: EventHash, at index: Int, of count: Int, path: [EventHash]) -> EventHash? {
        guard index >= 0, index < count else { return nil }
        var hash = leaf
        var rest = path[...]
        var index = index
        var width = count
        while width > 1 {
            let sibling = index ^ 1
            if sibling < width {
                guard let other = rest.popFirst() else { return nil }
                hash = index & 1 == 0 ? node(hash, other) : node(other, hash)
            }
            index /= 2
            width = (width + 1) / 2
        }
        return rest.isEmpty ? hash : nil
    }

    private func node(above level: Int, at index: Int) -> EventHash {
        let left = levels[level][index * 2]
        return index * 2 + 1 < levels[level].count ? Self.node(left, levels[level][index * 2 + 1]) : left
    }

    static func node(_ left: EventHash, _ right: EventHash) -> EventHash {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * EventHash.byteCount, alignment: 8) { bytes in
            guard let base = bytes.baseAddress else { return .zero }
            base.storeBytes(of: 1, as: UInt8.self)
            left.write(to: base + 1)
            right.write(to: base + 1 + EventHash.byteCount)
            return EventHash(of: UnsafeRawBufferPointer(bytes))
        }
    }
}

/// A file as the system shows it, and as it would be found after the power went.
///
/// What is written is pending until it is synced. A loss of power keeps any part of what is pending, in sectors and in
/// any order; a sync that fails leaves open what of it is durable, and no later sync makes it so.
final class SimulatedFile {
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case truncate(length: Int)
    }

    static let sectorBytes = 512

    private(set) var content: [UInt8] = []
    private var durable: [UInt8] = []
    private var pending: [Change] = []
    /// What a mutant disk has promised to be durable and has not made so.
    private var late: [Change] = []

    var size: Int { content.count }

    func read(_ count: Int, at offset: Int, into buffer: UnsafeMutableRawPointer) -> Int {
        let found = max(0, min(count, content.count - offset))
        guard found > 0 else { return 0 }
        content.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            buffer.copyMemory(from: start + offset, byteCount: found)
        }
        return found
    }

    func write(_ bytes: [UInt8], at offset: Int) {
        Self.put(bytes[...], at: offset, in: &content)
        pending.append(.write(offset: offset, bytes: bytes))
    }

    func truncate(to length: Int) {
        Self.cut(&content, to: length)
        pending.append(.truncate(length: length))
    }

    /// Makes everything durable that is pending.
    /// - Parameter isLate: a mutant: only what the sync before promised becomes durable.
    func sync(isLate: Bool) {
        let now = isLate ? late : late + pending
        late = isLate ? pending : []
        pending = []
        for change in now { apply(change) }
    }

    /// A sync that fails: some of what is pending is durable, some never will be, and nobody can tell.
    func failSync(_ random: inout SeededRandom) {
        settle(keeping: random.one(of: [0, 300, 700]), &random)
    }

    /// The power goes: of what is pending, these thousandths of the sectors are kept.
    func losePower(keeping thousandths: Int, _ random: inout SeededRandom) {
        pending = late + pending
        late = []
        settle(keeping: thousandths, &random)
        content = durable
    }

    private func settle(keeping thousandths: Int, _ random: inout SeededRandom) {
        for change in pending {
            guard case .write(let offset, let bytes) = change else {
                if random.chance(thousandths) { apply(change) }
                continue
            }
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, (offset + start) / Self.sectorBytes * Self.sectorBytes + 512 - offset)
                if random.chance(thousandths) { Self.put(bytes[start..<end], at: offset + start, in: &durable) }
                start = end
            }
        }
        pending = []
    }

    private func apply(_ change: Change) {
        switch change {
        case .write(let offset, let bytes): Self.put(bytes[...], at: offset, in: &durable)
        case .truncate(let length): Self.cut(&durable, to: length)
        }
    }

    private static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, in target: inout [UInt8]) {
        let end = offset + bytes.count
        if target.count < end { target.append(contentsOf: repeatElement(0, count: end - target.count)) }
        target.withUnsafeMutableBytes { all in
            bytes.withUnsafeBytes { part in
                guard let to = all.baseAddress, let from = part.baseAddress else { return }
                (to + offset).copyMemory(from: from, byteCount: part.count)
            }
        }
    }

    private static func cut(_ target: inout [UInt8], to length: Int) {
        if target.count > length {
            target.removeLast(target.count - length)
        } else {
            target.append(contentsOf: repeatElement(0, count: length - target.count))
        }
    }
}

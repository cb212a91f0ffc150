/// What the connections of one process share of a database's write-ahead log: the index in memory, and eight locks.
final class SharedMemory {
    private(set) var regions: [UnsafeMutableRawPointer] = []
    /// For each lock who holds it for all, or how many hold it together.
    private var exclusive: [Int: ObjectIdentifier] = [:]
    private var together: [Int: Set<ObjectIdentifier>] = [:]

    deinit { for region in regions { region.deallocate() } }

    /// A region of the index; nil when it does not exist and is not to be made.
    func region(_ number: Int, bytes: Int, makes: Bool) -> UnsafeMutableRawPointer? {
        while regions.count <= number {
            guard makes else { return nil }
            let region = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
            region.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
            regions.append(region)
        }
        return regions[number]
    }

    /// Takes some locks for all or none; false when another connection holds one.
    func lock(_ numbers: Range<Int>, exclusively: Bool, by holder: ObjectIdentifier) -> Bool {
        for number in numbers {
            if let other = exclusive[number], other != holder { return false }
            if exclusively, together[number, default: []].contains(where: { $0 != holder }) { return false }
        }
        for number in numbers {
            if exclusively { exclusive[number] = holder } else { together[number, default: []].insert(holder) }
        }
        return true
    }

    func unlock(_ numbers: Range<Int>, exclusively: Bool, by holder: ObjectIdentifier) {
        for number in numbers {
            if exclusively {
                if exclusive[number] == holder { exclusive[number] = nil }
            } else {
                together[number]?.remove(holder)
            }
        }
    }

    /// A connection goes: whatever it held is given back.
    func leave(_ holder: ObjectIdentifier) {
        unlock(0..<8, exclusively: true, by: holder)
        unlock(0..<8, exclusively: false, by: holder)
    }
}

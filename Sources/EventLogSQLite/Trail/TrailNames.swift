import EventLog

/// The names of all streams beside the trail, in the order of their first events: whose rows are all gone can still be
/// named.
///
/// Slots of 64 bytes: sum, position of the stream's first event, number of the slot and length of the name, 40 bytes of
/// it. A longer name takes two.
enum TrailNames {
    static let slotBytes = 64
    private static let textBytes = 40

    /// The slots of a name.
    static func slots(of name: UnsafeRawBufferPointer, first position: UInt64, log: LogIdentity) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0..<max(1, (name.count + textBytes - 1) / textBytes) {
            var text = [UInt8](repeating: 0, count: textBytes)
            for (place, byte) in name[(number * textBytes)...].prefix(textBytes).enumerated() { text[place] = byte }
            let shape = UInt64(number) << 32 | UInt64(name.count)
            bytes.add(sum(position, shape, text[...], log))
            bytes.add(position)
            bytes.add(shape)
            bytes += text
        }
        return bytes
    }

    private static func sum(
        _ position: UInt64, _ shape: UInt64, _ text: ArraySlice<UInt8>, _ log: LogIdentity
    ) -> UInt64 {
        var sum = TrailSum(log, position)
        sum.add(shape)
        text.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: textBytes, by: 8) {
                sum.add(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
        }
        return sum.value
    }

    /// One readable slot.
    struct Slot {
        var position: UInt64
        var number: Int
        var length: Int
        var text: ArraySlice<UInt8>
    }

    /// Reads a slot; nil when the bytes are none.
    static func slot(_ bytes: ArraySlice<UInt8>, log: LogIdentity) -> Slot? {
        guard bytes.count == slotBytes else { return nil }
        func word(_ offset: Int) -> UInt64 {
            bytes[(bytes.startIndex + offset)...].prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        let (position, shape) = (word(8), word(16))
        let text = bytes.dropFirst(24)
        guard word(0) == sum(position, shape, text, log) else { return nil }
        let (number, length) = (Int(shape >> 32), Int(shape & 0xffff_ffff))
        guard number <= length / textBytes else { return nil }
        return Slot(position: position, number: number, length: length, text: text.prefix(length - number * textBytes))
    }

    /// Gives every name that can be read whole.
    static func forEach(_ file: any LogDiskFile, log: LogIdentity, _ body: ([UInt8]) -> Void) {
        var offset = 0
        var open: (position: UInt64, bytes: [UInt8], length: Int)?
        while let block = try? file.read(slotBytes * 4096, at: offset), block.count >= slotBytes {
            for place in stride(from: 0, through: block.count - slotBytes, by: slotBytes) {
                guard let slot = slot(block[place..<place + slotBytes], log: log) else {
                    open = nil
                    continue
                }
                if slot.number == 0 { open = (slot.position, [], slot.length) }
                guard var name = open, name.position == slot.position, name.bytes.count == slot.number * textBytes
                else { continue }
                name.bytes += slot.text
                open = name.bytes.count < name.length ? name : nil
                if name.bytes.count == name.length { body(name.bytes) }
            }
            offset += block.count / slotBytes * slotBytes
        }
    }

    /// Where the slots of streams that began after a position start: behind the last slot of an earlier one.
    static func end(_ file: any LogDiskFile, upTo position: UInt64, log: LogIdentity) throws(EventLogError) -> Int {
        var end = try file.size() / slotBytes * slotBytes
        while end > 0 {
            let start = max(0, end - slotBytes * 4096)
            let block = try file.read(end - start, at: start)
            for place in stride(from: block.count - slotBytes, through: 0, by: -slotBytes) {
                if let slot = slot(block[place..<place + slotBytes], log: log), slot.position <= position {
                    return start + place + slotBytes
                }
            }
            end = start
        }
        return 0
    }
}

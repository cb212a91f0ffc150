import CareTestKit
import Foundation

/// Plays a record of calls up to any place and says what a machine could find in its files after the power went there.
///
/// A file has what was synced; of what was written since, each sector of 512 bytes is there, is not, or is torn, in any
/// combination; lengths and names that were not synced are there or not.
struct PowerLossReplay {
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case truncate(length: Int)
    }

    private struct Content {
        var durable: [UInt8] = []
        var pending: [Change] = []
    }

    /// What the files' entries in the directory are: contents by their number.
    private var names: [String: Int] = [:]
    /// The entries as they are surely on disk.
    private var durableNames: [String: Int] = [:]
    private var contents: [Content] = []
    /// Events acknowledged up to here.
    private(set) var acknowledged = 0

    private static let sectorBytes = 512

    /// Goes on by one call.
    mutating func play(_ call: RecordedCall, _ random: inout ConformanceGenerator) {
        switch call {
        case .create(let name):
            names[name] = contents.count
            contents.append(Content())
        case .write(let name, let offset, let bytes):
            contents[number(name)].pending.append(.write(offset: offset, bytes: bytes))
        case .truncate(let name, let length): contents[number(name)].pending.append(.truncate(length: length))
        case .sync(let name): settle(number(name), keeping: 1000, &random)
        case .failedSync(let name): settle(number(name), keeping: 500, &random)
        case .syncDirectory: durableNames = names
        case .rename(let name, let new):
            names[new] = number(name)
            names[name] = nil
        case .remove(let name): names[name] = nil
        case .acknowledged(let count): acknowledged = count
        }
    }

    private mutating func number(_ name: String) -> Int {
        if let number = names[name] { return number }
        names[name] = contents.count
        contents.append(Content())
        return contents.count - 1
    }

    private mutating func settle(_ number: Int, keeping thousandths: Int, _ random: inout ConformanceGenerator) {
        let pending = contents[number].pending
        contents[number].pending = []
        for change in pending { Self.apply(change, keeping: thousandths, to: &contents[number].durable, &random) }
    }

    private static func apply(
        _ change: Change, keeping thousandths: Int, to bytes: inout [UInt8], _ random: inout ConformanceGenerator
    ) {
        func isKept() -> Bool { Int.random(in: 0..<1000, using: &random) < thousandths }
        switch change {
        case .truncate(let length):
            guard isKept() else { return }
            if bytes.count > length {
                bytes.removeLast(bytes.count - length)
            } else {
                bytes += [UInt8](repeating: 0, count: length - bytes.count)
            }
        case .write(let offset, let new):
            var start = 0
            while start < new.count {
                let end = min(new.count, (offset + start) / sectorBytes * sectorBytes + sectorBytes - offset)
                if isKept() {
                    put(new[start..<end], at: offset + start, in: &bytes)
                } else if thousandths > 0, Int.random(in: 0..<4, using: &random) == 0 {
                    // Torn within the sector.
                    put(new[start..<Int.random(in: start..<end, using: &random)], at: offset + start, in: &bytes)
                }
                start = end
            }
        }
    }

    private static func put(_ new: ArraySlice<UInt8>, at offset: Int, in bytes: inout [UInt8]) {
        guard !new.isEmpty else { return }
        if bytes.count < offset + new.count {
            bytes += [UInt8](repeating: 0, count: offset + new.count - bytes.count)
        }
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }

    /// The files when the process is killed here and the machine goes on.
    func filesAfterKill() -> [String: [UInt8]] {
        var random = ConformanceGenerator(seed: 0)
        return names.mapValues { number in
            var bytes = contents[number].durable
            for change in contents[number].pending { Self.apply(change, keeping: 1000, to: &bytes, &random) }
            return bytes
        }
    }

    /// The files when the power goes here.
    func filesAfterPowerLoss(seed: UInt64) -> [String: [UInt8]] {
        var random = ConformanceGenerator(seed: seed)
        let keeping = [0, 100, 500, 900, 1000].randomElement(using: &random) ?? 0
        var files: [String: [UInt8]] = [:]
        for name in Set(names.keys).union(durableNames.keys).sorted() {
            // A name that is not surely there, or not surely this file's, is what it was or what it became.
            let isNew = Int.random(in: 0..<1000, using: &random) < keeping
            guard let number = names[name] == durableNames[name] || isNew ? names[name] : durableNames[name] else {
                continue
            }
            var bytes = contents[number].durable
            for change in contents[number].pending { Self.apply(change, keeping: keeping, to: &bytes, &random) }
            files[name] = bytes
        }
        return files
    }
}

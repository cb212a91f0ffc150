import CareDomain
import CareProjections
import EventLog
import Foundation

/// What one thread gathered from its part of the log: per household a chain of compact events.
///
/// An event takes a fixed head and its payload without sealed parts (but for pairings), about 90 bytes in all, so that the rows of a
/// household can be folded at once at the end, however its events were scattered over the log.
final class EventArena {
    /// One household's chain and the last sequence seen, relevant for rows or not.
    struct Chain {
        let household: HouseholdID
        var first = EventArena.end
        var last = EventArena.end
        var lastSequence: UInt64 = 0
        var hasCorrections = false
    }

    /// One gathered event, read in place.
    struct Gathered {
        let sequence: UInt64
        let kind: UInt32
        let version: UInt32
        let occurredOn: Int32
        /// Which command brought it: who was told with the opening of a file belonged to the family before.
        let command: CommandID
        /// 0 = corrects nothing.
        let corrects: UInt64
        let payload: UnsafeRawBufferPointer
        let next: Int
    }

    /// No further event.
    static let end = -1
    fileprivate static let headSize = 56

    // One value that is changed as a whole: every event changes several parts of it.
    private var chains = StreamChains()
    private var memory: EventMemory

    /// - Parameter events: How many will probably be taken in; more is allowed.
    init(events: Int = 1 << 17) { memory = EventMemory(capacity: max(events, 1) * Self.usualSize) }

    /// Bytes of most events; memory that stays unused is never touched.
    private static let usualSize = 128

    deinit { memory.deallocate() }

    /// Takes an event in, when it belongs to a household of the wanted share.
    func take(_ event: ScannedEvent, share: Share) {
        guard let place = chains.place(of: event.streamBytes, in: share) else { return }
        chains.take(event, at: place, into: &memory)
    }

    /// The event at a place of a chain. Valid as long as nothing more is taken in.
    func event(at offset: Int) -> Gathered { memory.event(at: offset) }

    /// The chain of a household; nil when nothing of it was taken in.
    func chain(of household: HouseholdID) -> Chain? { chains.chain(of: household) }

    /// In the order in which they were first met.
    var households: [HouseholdID] { chains.households }
}

extension EventArena {
    /// Which households one round takes: a log that does not fit into memory is read in several rounds.
    struct Share {
        let round: UInt64
        let rounds: UInt64

        func contains(_ household: HouseholdID) -> Bool {
            // The low half of an id is the tail of a hash, so the rounds are even.
            rounds == 1 || household.value.low % rounds == round
        }
    }
}

/// The chains by the names of their streams.
private struct StreamChains {
    /// Bytes of a household stream's name.
    private static let nameSize = 36

    private var all: [EventArena.Chain] = []
    /// The name of each chain's stream, one behind the other.
    private var names: [UInt8] = []
    /// By the end of a name, which is the tail of a hash: place in `all`; -1 = free. Its length is a power of two.
    private var slots = [Int32](repeating: -1, count: 1 << 12)
    private var places: [HouseholdID: Int] = [:]

    var households: [HouseholdID] { all.map(\.household) }

    func chain(of household: HouseholdID) -> EventArena.Chain? { places[household].map { all[$0] } }

    /// The chain of a stream, begun where it is new; nil for a stream that is none of a household of the share.
    mutating func place(of name: UnsafeRawBufferPointer, in share: EventArena.Share) -> Int? {
        guard name.count == Self.nameSize else { return nil }
        var slot = self.slot(name)
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            if isName(name, of: place) { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        guard let household = RecordedHouseholdEvent.household(streamNamed: name), share.contains(household) else {
            return nil
        }
        if let place = places[household] { return place }
        let place = all.count
        slots[slot] = Int32(place)
        all.append(EventArena.Chain(household: household))
        names += name
        places[household] = place
        if all.count * 2 > slots.count { grow() }
        return place
    }

    private func slot(_ name: UnsafeRawBufferPointer) -> Int {
        let tail = name.loadUnaligned(fromByteOffset: Self.nameSize - 8, as: UInt64.self)
        // The characters differ in their low bits alone.
        return Int(truncatingIfNeeded: (tail &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
    }

    private func isName(_ name: UnsafeRawBufferPointer, of place: Int) -> Bool {
        names.withUnsafeBytes { names in
            guard let all = names.baseAddress, let name = name.baseAddress else { return false }
            return memcmp(all + place * Self.nameSize, name, Self.nameSize) == 0
        }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for place in all.indices {
            let name = place * Self.nameSize..<(place + 1) * Self.nameSize
            var slot = names.withUnsafeBytes { self.slot(UnsafeRawBufferPointer(rebasing: $0[name])) }
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(place)
        }
    }

    /// Takes an event in at the end of a chain, when rows depend on it.
    mutating func take(_ event: ScannedEvent, at place: Int, into memory: inout EventMemory) {
        let sequence = event.header.sequence.rawValue
        all[place].lastSequence = max(all[place].lastSequence, sequence)
        guard RowEventDecoder.isRelevant(event.header.kind, payload: event.payload) else { return }
        let corrects = RowEventDecoder.corrects(metadata: event.metadata) ?? 0
        if corrects != 0 { all[place].hasCorrections = true }
        let offset = memory.append(
            event, corrects: corrects, payload: RowEventDecoder.open(event.header.kind, event.payload))
        if all[place].last == EventArena.end {
            all[place].first = offset
        } else {
            memory.follow(all[place].last, by: offset)
        }
        all[place].last = offset
    }
}

/// Events one behind the other. Whoever holds it gives its memory back.
private struct EventMemory {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = Self.allocate(capacity)
    }

    func deallocate() { base.deallocate() }

    mutating func append(_ event: ScannedEvent, corrects: UInt64, payload: UnsafeRawBufferPointer) -> Int {
        let size = (EventArena.headSize + payload.count + 7) & ~7
        if capacity - count < size { grow(size) }
        let offset = count
        let head = base + offset
        head.storeBytes(of: EventArena.end, as: Int.self)
        head.storeBytes(of: event.header.sequence.rawValue, toByteOffset: 8, as: UInt64.self)
        head.storeBytes(of: corrects, toByteOffset: 16, as: UInt64.self)
        head.storeBytes(of: event.header.kind, toByteOffset: 24, as: UInt32.self)
        head.storeBytes(of: event.header.version, toByteOffset: 28, as: UInt32.self)
        head.storeBytes(of: event.header.occurredOn.rawValue, toByteOffset: 32, as: Int32.self)
        head.storeBytes(of: UInt32(payload.count), toByteOffset: 36, as: UInt32.self)
        let command = event.header.appendID(in: event.bytes)
        head.storeBytes(of: command.high, toByteOffset: 40, as: UInt64.self)
        head.storeBytes(of: command.low, toByteOffset: 48, as: UInt64.self)
        if let start = payload.baseAddress {
            (head + EventArena.headSize).copyMemory(from: start, byteCount: payload.count)
        }
        count += size
        return offset
    }

    /// Lets an event be followed by a later one.
    func follow(_ offset: Int, by later: Int) { base.storeBytes(of: later, toByteOffset: offset, as: Int.self) }

    func event(at offset: Int) -> EventArena.Gathered {
        let head = UnsafeRawPointer(base + offset)
        return EventArena.Gathered(
            sequence: head.load(fromByteOffset: 8, as: UInt64.self),
            kind: head.load(fromByteOffset: 24, as: UInt32.self),
            version: head.load(fromByteOffset: 28, as: UInt32.self),
            occurredOn: head.load(fromByteOffset: 32, as: Int32.self),
            command: CommandID(
                Identifier128(
                    high: head.load(fromByteOffset: 40, as: UInt64.self),
                    low: head.load(fromByteOffset: 48, as: UInt64.self))),
            corrects: head.load(fromByteOffset: 16, as: UInt64.self),
            payload: UnsafeRawBufferPointer(
                start: head + EventArena.headSize, count: Int(head.load(fromByteOffset: 36, as: UInt32.self))),
            next: head.load(as: Int.self))
    }

    private mutating func grow(_ size: Int) {
        let larger = max(capacity * 2, count + size)
        let moved = Self.allocate(larger)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    /// Large pages, where the system has them: chains jump about in this memory, and it is filled once.
    private static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        #if os(Linux)
            let page = 1 << 21
            guard size >= page * 4 else { return .allocate(byteCount: size, alignment: 16) }
            let memory = UnsafeMutableRawPointer.allocate(byteCount: (size + page - 1) & ~(page - 1), alignment: page)
            madvise(memory, (size + page - 1) & ~(page - 1), MADV_HUGEPAGE)
            return memory
        #else
            return .allocate(byteCount: size, alignment: 16)
        #endif
    }
}

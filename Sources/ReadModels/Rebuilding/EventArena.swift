import CareDomain
import CareProjections
import EventLog

/// What one thread gathered from its part of the log: per household a chain of compact events.
///
/// An event takes a fixed head and its payload without sealed parts, about 80 bytes in all, so that the rows of a
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
        /// 0 = corrects nothing.
        let corrects: UInt64
        let payload: UnsafeRawBufferPointer
        let next: Int
    }

    /// No further event.
    static let end = -1
    private static let headSize = 48

    private(set) var chains: [Chain] = []
    private var places: [HouseholdID: Int] = [:]
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0
    private(set) var events = 0

    init(capacity: Int = 1 << 24) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// Takes an event in, when it belongs to a household of the wanted share.
    func take(_ event: ScannedEvent, share: Share) {
        guard let household = RecordedHouseholdEvent.household(streamNamed: event.streamBytes),
            share.contains(household)
        else { return }
        events += 1
        let chain = place(of: household)
        let sequence = event.header.sequence.rawValue
        chains[chain].lastSequence = max(chains[chain].lastSequence, sequence)
        guard RowEventDecoder.isRelevant(event.header.kind, payload: event.payload) else { return }
        let corrects = RowEventDecoder.corrects(metadata: event.metadata) ?? 0
        if corrects != 0 { chains[chain].hasCorrections = true }
        let payload = RowEventDecoder.open(event.payload)
        let offset = append(event, corrects: corrects, payload: payload)
        if chains[chain].last == Self.end {
            chains[chain].first = offset
        } else {
            base.storeBytes(of: offset, toByteOffset: chains[chain].last, as: Int.self)
        }
        chains[chain].last = offset
    }

    private func append(_ event: ScannedEvent, corrects: UInt64, payload: UnsafeRawBufferPointer) -> Int {
        let size = (Self.headSize + payload.count + 7) & ~7
        if capacity - count < size { grow(size) }
        let offset = count
        let head = base + offset
        head.storeBytes(of: Self.end, as: Int.self)
        head.storeBytes(of: event.header.sequence.rawValue, toByteOffset: 8, as: UInt64.self)
        head.storeBytes(of: corrects, toByteOffset: 16, as: UInt64.self)
        head.storeBytes(of: event.header.kind, toByteOffset: 24, as: UInt32.self)
        head.storeBytes(of: event.header.version, toByteOffset: 28, as: UInt32.self)
        head.storeBytes(of: event.header.occurredOn.rawValue, toByteOffset: 32, as: Int32.self)
        head.storeBytes(of: UInt32(payload.count), toByteOffset: 36, as: UInt32.self)
        if let start = payload.baseAddress {
            (head + Self.headSize).copyMemory(from: start, byteCount: payload.count)
        }
        count += size
        return offset
    }

    /// The event at a place of a chain. Valid as long as nothing more is taken in.
    func event(at offset: Int) -> Gathered {
        let head = UnsafeRawPointer(base + offset)
        return Gathered(
            sequence: head.load(fromByteOffset: 8, as: UInt64.self),
            kind: head.load(fromByteOffset: 24, as: UInt32.self),
            version: head.load(fromByteOffset: 28, as: UInt32.self),
            occurredOn: head.load(fromByteOffset: 32, as: Int32.self),
            corrects: head.load(fromByteOffset: 16, as: UInt64.self),
            payload: UnsafeRawBufferPointer(
                start: head + Self.headSize, count: Int(head.load(fromByteOffset: 36, as: UInt32.self))),
            next: head.load(as: Int.self))
    }

    /// The chain of a household; nil when nothing of it was taken in.
    func chain(of household: HouseholdID) -> Chain? { places[household].map { chains[$0] } }

    private func place(of household: HouseholdID) -> Int {
        if let place = places[household] { return place }
        let place = chains.count
        chains.append(Chain(household: household))
        places[household] = place
        return place
    }

    private func grow(_ size: Int) {
        let larger = max(capacity * 2, count + size)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
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

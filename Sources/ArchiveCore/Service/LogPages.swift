import CareDomain
import CareProjections
import CareWire
import EventLog
import MessageBus

/// Pages of the log for services and for subscribers, read on the worker thread with its own reader.
package struct LogPages {
    /// What was read, and the damaged events that stood on the way and are left out of it.
    package struct Found<Answer: Sendable>: Sendable {
        package var answer: Answer
        package var damages: [Damage] = []
    }

    private let reader: any EventLogReader
    private let division: (StreamName) -> DivisionCode?
    private let places: (StreamName) -> FamilyPlaces?
    private let sight: (DepartmentID) -> FactSight?

    /// - Parameters:
    ///   - division: Where a household is registered today; nil when it is not known.
    ///   - places: Where it belongs and belonged; nil when it is not known.
    ///   - sight: What somebody of a department may see of families' facts; nil while the published packs are not known yet.
    package init(
        reader: any EventLogReader, division: @escaping (StreamName) -> DivisionCode?,
        places: @escaping (StreamName) -> FamilyPlaces?, sight: @escaping (DepartmentID) -> FactSight?
    ) {
        self.sight = sight
        self.places = places
        self.reader = reader
        self.division = division
    }

    /// Answers `ReadAll`.
    /// - Parameter takesNoAppends: Whether the disk takes nothing at present.
    package func readAll(_ body: [UInt8], takesNoAppends: Bool = false) -> Found<BusReply> {
        guard let wire = try? Care_V1_ReadAll(serializedBytes: body),
            let cursor = try? Cursor(bytes: Array(wire.cursor))
        else { return Found(answer: .problem(.malformed)) }
        let categories = wire.categories.compactMap(StreamCategory.init(rawValue:))
        guard categories.count == wire.categories.count else { return Found(answer: .problem(.malformed)) }
        let filter = ReadFilter(
            kinds: wire.kinds.isEmpty ? nil : Set(wire.kinds.map { UInt32(truncatingIfNeeded: $0.rawValue) }),
            categories: categories.isEmpty ? nil : Set(categories))
        let limit = wire.maxEvents == 0 ? 4096 : min(Int(wire.maxEvents), 65_536)
        do {
            let slice = try reader.readAll(after: cursor, limit: limit, filter: filter)
            var page = Self.cut(slice, shard: try reader.head().shard, maximumBytes: Int(wire.maxBytes))
            page.takesNoAppends = takesNoAppends
            return Found(answer: .ok(page.encoded()), damages: slice.damages)
        } catch {
            return Found(answer: .problem(error.code == .invalidCursor ? .placeUnknown : .fault))
        }
    }

    private static func cut(_ slice: LogSlice, shard: ShardNumber, maximumBytes: Int) -> LogPage {
        let limit = maximumBytes == 0 ? 1 << 20 : maximumBytes
        var page = LogPage(events: [], cursorAfter: EncodedCursor(slice.cursor.bytes), atHead: slice.isAtHead)
        var bytes = 0
        var previous: Position?
        for event in slice.events {
            bytes += event.record.count
            if bytes > limit, let previous {
                page.cursorAfter = EncodedCursor(slice.cursor.moved(to: previous, in: shard).bytes)
                page.atHead = false
                break
            }
            previous = event.position
            page.events.append(
                BusEvent(position: event.position.rawValue, record: event.record, hash: event.hash.bytes))
        }
        return page
    }

    /// The next page of a subscription: what the filter wants and the peer may see, names and numbers withheld, and the words
    /// of reasons for looking into the record too, unless the peer both operates and may see names.
    package func page(_ read: SubscriptionRead) -> Found<SubscriptionPage> {
        guard read.grant.isEmpty, let scope = SubscriberScope(peer: read.peer) else {
            return Found(answer: .refused(.problem(.rightMissing)))
        }
        do {
            guard let sight = sight(scope.department) else { return Found(answer: .failed) }
            if read.fromHead {
                let head = try reader.head()
                return Found(
                    answer: .events(
                        LogPage(events: [], cursorAfter: EncodedCursor(head.cursor.bytes), atHead: true)))
            }
            guard let cursor = try? Cursor(bytes: read.cursor.bytes) else {
                return Found(answer: .refused(.problem(.malformed)))
            }
            let wanted = Set(read.filter.categories.compactMap(StreamCategory.init(rawValue:)))
            let categories = wanted.isEmpty ? scope.categories : wanted.intersection(scope.categories)
            let filter = ReadFilter(
                kinds: read.filter.kinds.isEmpty ? nil : Set(read.filter.kinds), categories: categories)
            let shard = try reader.head().shard
            let slice = try reader.readAll(after: cursor, limit: 2048, filter: filter)
            var page = LogPage(events: [], cursorAfter: EncodedCursor(slice.cursor.bytes), atHead: slice.isAtHead)
            var bytes = 0
            var previous: Position?
            for event in slice.events {
                if bytes >= read.maximumBytes, let previous {
                    page.cursorAfter = EncodedCursor(slice.cursor.moved(to: previous, in: shard).bytes)
                    page.atHead = false
                    break
                }
                previous = event.position
                guard let shown = try shown(event, read.filter, scope, sight) else { continue }
                bytes += shown.record.count
                page.events.append(shown)
            }
            return Found(answer: .events(page), damages: slice.damages)
        } catch let error as EventLogError where error.code == .invalidCursor {
            return Found(answer: .refused(.problem(.placeUnknown)))
        } catch {
            return Found(answer: .failed)
        }
    }

    private func shown(
        _ event: StoredEvent, _ filter: EventFilter, _ scope: SubscriberScope, _ sight: FactSight
    ) throws -> BusEvent? {
        let header = try event.header()
        let stream = try event.record.withUnsafeBytes { bytes in try StreamName(bytes: header.name(in: bytes)) }
        guard filter.streams.isEmpty || filter.streams.contains(stream.text) else { return nil }
        if stream.category == .household {
            let division = division(stream)
            guard scope.maySee(division), filter.divisions.isEmpty || filter.wants(division) else { return nil }
            if RecordedHouseholdEvent.isHidden(event, from: sight, { places(stream) }) { return nil }
        } else if !scope.seesEverywhere, SubscriberScope.namesHouseholds.contains(stream.category) {
            guard let place = try? EventPlace(event), scope.maySee(place, division) else { return nil }
        }
        if stream.category != .household, !filter.divisions.isEmpty {
            guard let place = try? EventPlace(event), filter.wants(place.division(division)) else { return nil }
        }
        if stream.category == .access, scope.readsReasons {
            return BusEvent(position: event.position.rawValue, record: event.record, hash: event.hash.bytes)
        }
        // What cannot be stripped is not shown at all.
        guard let open = try? SealedFields.withheld(record: event.record) else { return nil }
        return BusEvent(position: event.position.rawValue, record: open, hash: event.hash.bytes)
    }
}

extension EventFilter {
    /// Whether something that lies there is picked where divisions are named: what lies nowhere is not.
    fileprivate func wants(_ division: DivisionCode?) -> Bool {
        guard let division else { return false }
        return divisions.contains { division.rawValue.hasPrefix($0) }
    }
}

extension DivisionCode {
    /// The divisions of a peer in the list; beginnings of codes are filled up. Nil when one is not a code.
    package static func list(of peer: Peer) -> [DivisionCode]? {
        var divisions: [DivisionCode] = []
        for text in peer.divisions {
            let padded = text + String(repeating: "0", count: max(0, 6 - text.utf8.count))
            guard let division = DivisionCode(padded) else { return nil }
            divisions.append(division)
        }
        return divisions
    }
}

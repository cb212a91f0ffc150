import CareDomain
import CareProjections
import EventLog
import ReadModels

/// Where households are registered today, for deciding who may follow their events. Used by one thread.
///
/// A division once found holds until the stream has grown, so that following a long log does not fold a household for
/// every event of it.
final class HouseholdDivisions {
    private struct Entry {
        var lastSequence: UInt64
        var division: DivisionCode?
        var places: FamilyPlaces
    }

    private let reader: any EventLogReader
    private var entries: [HouseholdID: Entry] = [:]
    /// About 10 MB; when it is full, all is looked up anew.
    private static let capacity = 100_000

    init(reader: any EventLogReader) { self.reader = reader }

    /// The latest division of the household's registration; nil when it is not known.
    func division(of stream: StreamName) -> DivisionCode? { entry(of: stream)?.division }

    /// Where the household belongs and belonged, by registration and residence; nil when it is not known.
    func places(of stream: StreamName) -> FamilyPlaces? { entry(of: stream)?.places }

    private func entry(of stream: StreamName) -> Entry? {
        guard let id = HouseholdID(stream.key) else { return nil }
        // What is left of a damaged file may lack its last move.
        guard let fences = try? reader.fences(), !fences.contains(where: { $0.stream == stream }),
            let head = try? reader.streamHead(stream)
        else { return nil }
        if let entry = entries[id], entry.lastSequence == head.sequence.rawValue { return entry }
        guard let loaded = try? LoadedHousehold(id, from: reader, sealed: .skip) else { return nil }
        let division = loaded.history.household.division(on: CivilDay(dayNumber: Int32.max / 2))
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        let entry = Entry(
            lastSequence: loaded.history.lastSequence, division: division, places: loaded.history.household.places)
        entries[id] = entry
        return entry
    }
}

import CareDomain
import CareProjections
import CareWire
import CaseImport
import MessageBus
import OfficeFiles
import ServiceKit
import ServiceWiring

/// The families that a table names, as the archive holds them: what an import is compared with.
///
/// Histories come over the subscription that every client may use, which withholds names and numbers; care-archive holds
/// those of the table against them without showing any. Only what is to be corrected is opened, with a reason, so that
/// the log shows who saw what.
struct ArchiveFamilies {
    /// Families found by the cells of a table.
    struct Found {
        /// By id, names and numbers withheld; those that the caller may see.
        var histories: [HouseholdID: HouseholdHistory] = [:]
        /// What each row of the table names.
        var byRow: [Int: Set<HouseholdID>] = [:]
    }

    let archive: Line
    let today: CivilDay

    private static let reason = "更正比对 comparison for a correction"
    /// Streams of one subscription; the contract allows 256.
    private static let streamsAtOnce = 256

    /// The families that the rows name by household id, archive number or ID number.
    func named(in table: CSVTable) async throws -> Found {
        let idHeadings = [RosterColumn.householdID.heading, NeedsForm.householdHeading]
        let numberHeadings = [RosterColumn.idNumber.heading, NeedsForm.headNumberHeading]
        var found = Found()
        for (text, rows) in cells(idHeadings, in: table) {
            if let id = HouseholdID(text) { found.add([id], rows) }
        }
        for (number, rows) in cells([RosterColumn.archiveNumber.heading], in: table) {
            found.add(try await households { $0.archiveNumber = number }, rows)
        }
        for (text, rows) in cells(numberHeadings, in: table) {
            guard let number = try? ResidentIDNumber(text) else { continue }
            found.add(try await households { $0.idNumber = number.digits }, rows)
        }
        found.histories = try await histories(of: Set(found.byRow.values.joined()))
        return found
    }

    /// The cells under some headings that hold something, with the rows in which they stand.
    private func cells(_ headings: [String], in table: CSVTable) -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for row in table.rows {
            for heading in Set(headings) {
                let cell = CellText.plain(table.cell(heading, in: row) ?? "")
                if !cell.isEmpty { found[cell, default: []].append(row.row) }
            }
        }
        return found
    }

    private func households(
        _ condition: (inout Care_V1_FindHouseholdsQuery) -> Void
    ) async throws -> [HouseholdID] {
        var query = Care_V1_FindHouseholdsQuery()
        query.asOf = today.dayNumber
        condition(&query)
        guard case .households(let list) = try await archive.ask(.findHouseholds(query)) else {
            throw Failure.badAnswer
        }
        return list.households.compactMap { HouseholdID(bytes: $0.household) }
    }

    /// The whole history of each household that the caller may see.
    func histories(of ids: Set<HouseholdID>) async throws -> [HouseholdID: HouseholdHistory] {
        var events: [HouseholdID: [KnownEvent]] = [:]
        let sorted = ids.sorted()
        for start in stride(from: 0, to: sorted.count, by: Self.streamsAtOnce) {
            let part = sorted[start..<min(sorted.count, start + Self.streamsAtOnce)]
            let filter = EventFilter(categories: ["household"], streams: part.map(\.stream.text))
            try await archive.scan(filter) { event in
                guard let id = HouseholdID(event.stream.dropFirst("household-".count)) else { return true }
                events[id, default: []].append(event.household ?? Self.unreadable(event))
                return true
            }
        }
        for (id, found) in events where !Self.isWhole(found) { events[id] = try await filled(id) }
        return events.filter { Self.isWhole($0.value) }.reduce(into: [:]) { histories, entry in
            histories[entry.key] = HouseholdHistory(id: entry.key, events: entry.value)
        }
    }

    /// The events of a household of which statements are kept from this key, with something in their places that changes
    /// nothing: none of them is about people. Nil where the gaps are of another kind.
    private func filled(_ id: HouseholdID) async throws -> [KnownEvent]? {
        let family: (events: [KnownEvent], withheld: [FactID: String])
        do { family = try await LogFacts.family(id, archive) } catch is Failure { return nil }
        guard !family.withheld.isEmpty else { return nil }
        var whole: [KnownEvent] = []
        for event in family.events {
            while UInt64(whole.count) + 1 < event.reference.sequence {
                whole.append(
                    RecordedHouseholdEvent.unreadable(
                        sequence: UInt64(whole.count) + 1, recordedAt: event.recordedAt))
            }
            whole.append(event)
        }
        return whole
    }

    /// The facts of each household that are kept from this key, whether or not anything is stated; a household that is
    /// damaged is left out.
    func withheld(of histories: [HouseholdID: HouseholdHistory]) async throws -> [HouseholdID: Set<FactID>] {
        // Where nothing is kept from the key anywhere, none of the families need be asked about.
        guard try await archive.withheld().packs.contains(where: { !$0.facts.isEmpty }) else { return [:] }
        var found: [HouseholdID: Set<FactID>] = [:]
        for (id, history) in histories {
            let query = Care_V1_HouseholdEventsQuery.with {
                $0.household = id.description
                $0.afterSequence = history.lastSequence
            }
            do {
                guard case .householdEvents(let reply) = try await archive.ask(.householdEvents(query)) else {
                    throw Failure.badAnswer
                }
                found[id] = Set(reply.withheldFacts.map { FactID(unchecked: $0.code) })
            } catch let failure as Failure {
                guard failure.code == "CARE-3511" else { throw failure }
            }
        }
        return found
    }

    private static func isWhole(_ events: [KnownEvent]) -> Bool {
        zip(events, 1...).allSatisfy { $0.reference.sequence == UInt64($1) }
    }

    private static func unreadable(_ event: ShownEvent) -> KnownEvent {
        RecordedHouseholdEvent.unreadable(sequence: event.sequence, recordedAt: event.recordedAt)
    }

    /// What each person's page shows by name; nil when the caller may not see it.
    func shown(of id: HouseholdID, on day: CivilDay? = nil) async throws -> [PersonID: PersonalDetails]? {
        do {
            let page = try await archive.page(of: id.description, on: day ?? today, reveal: Self.reason)
            return page.header.isRevealed ? page.personalDetails : nil
        } catch let failure as Failure where failure.exit == .problemsFound || failure.exit == .notPermitted {
            return nil
        } catch let error as BusError where error.reply.status == .unauthorised {
            return nil
        }
    }

    /// The pages that tell which event said what of the family's people; days of which there is no page are left out.
    func pages(of history: HouseholdHistory) async throws -> RecordPages {
        var pages: [CivilDay: [PersonID: PersonalDetails]] = [:]
        for day in RecordPages.days(of: history) { pages[day] = try await shown(of: history.id, on: day) }
        return RecordPages(pages)
    }
}

extension ArchiveFamilies.Found {
    fileprivate mutating func add(_ ids: [HouseholdID], _ rows: [Int]) {
        for row in rows { byRow[row, default: []].formUnion(ids) }
    }

    /// The families that any of some rows names.
    func families(of rows: [Int]) -> [HouseholdHistory] {
        let ids = rows.reduce(into: Set<HouseholdID>()) { $0.formUnion(byRow[$1] ?? []) }
        return ids.sorted().compactMap { histories[$0] }
    }
}

extension CareArchive {
    /// Names and numbers of members and helpers, as this page shows them.
    fileprivate var personalDetails: [PersonID: PersonalDetails] {
        var details: [PersonID: PersonalDetails] = [:]
        for line in members {
            details[line.person] = PersonalDetails(
                name: line.name, idNumber: line.idNumber, phone: line.phone, address: line.address)
        }
        for helper in slots.flatMap({ $0.helpers + [$0.lastHelper].compactMap { $0 } }) {
            details[helper.person] = PersonalDetails(name: helper.name, phone: helper.phone)
        }
        return details
    }
}

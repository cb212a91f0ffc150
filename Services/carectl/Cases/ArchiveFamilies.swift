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
/// Histories come over the subscription that every client may use, which withholds names and numbers; those come from
/// the archive page, asked for with a reason, so that the log shows who compared what.
struct ArchiveFamilies {
    let archive: Line
    let today: CivilDay

    private static let reason = "导入比对 import comparison"
    /// Streams of one subscription; the contract allows 256.
    private static let streamsAtOnce = 256

    /// The families that the rows name by household id, archive number or ID number.
    func named(in table: CSVTable) async throws -> KnownFamilies {
        var ids: Set<HouseholdID> = []
        let idHeadings = [RosterColumn.householdID.heading, NeedsForm.householdHeading]
        let numberHeadings = [RosterColumn.idNumber.heading, NeedsForm.headNumberHeading]
        for text in cells(idHeadings, in: table) {
            if let id = HouseholdID(text) { ids.insert(id) }
        }
        for number in cells([RosterColumn.archiveNumber.heading], in: table) {
            ids.formUnion(try await households { $0.archiveNumber = number })
        }
        for text in cells(numberHeadings, in: table) {
            guard let number = try? ResidentIDNumber(text) else { continue }
            ids.formUnion(try await households { $0.idNumber = number.digits })
        }
        return KnownFamilies(try await histories(of: ids))
    }

    private func cells(_ headings: [String], in table: CSVTable) -> Set<String> {
        var found: Set<String> = []
        for row in table.rows {
            for heading in Set(headings) {
                if let cell = table.cell(heading, in: row), !cell.isEmpty { found.insert(cell) }
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
    private func histories(of ids: Set<HouseholdID>) async throws -> [KnownFamily] {
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
        var families: [KnownFamily] = []
        for id in sorted {
            guard let found = events[id], Self.isWhole(found) else { continue }
            let names = try await names(of: id)
            families.append(KnownFamily(history: HouseholdHistory(id: id, events: found.map { names.put(into: $0) })))
        }
        return families
    }

    private static func isWhole(_ events: [KnownEvent]) -> Bool {
        zip(events, 1...).allSatisfy { $0.reference.sequence == UInt64($1) }
    }

    private static func unreadable(_ event: ShownEvent) -> KnownEvent {
        RecordedHouseholdEvent.unreadable(sequence: event.sequence, recordedAt: event.recordedAt)
    }

    /// What the page says of each person by name; nobody when the caller may not read it.
    private func names(of id: HouseholdID) async throws -> PersonNames {
        do {
            return PersonNames(try await archive.page(of: id.description, on: today, reveal: Self.reason))
        } catch let failure as Failure where failure.exit == .problemsFound || failure.exit == .notPermitted {
            return PersonNames()
        } catch let error as BusError where error.reply.status == .unauthorised {
            return PersonNames()
        }
    }
}

/// Names and numbers of a household's people as its page shows them.
struct PersonNames {
    private var details: [PersonID: PersonalDetails] = [:]

    init() {}

    init(_ page: CareArchive) {
        guard page.header.isRevealed else { return }
        for line in page.members {
            details[line.person] = PersonalDetails(
                name: line.name, idNumber: line.idNumber, phone: line.phone, address: line.address)
        }
        for helper in page.slots.flatMap({ $0.helpers + [$0.lastHelper].compactMap { $0 } }) {
            details[helper.person] = PersonalDetails(name: helper.name, phone: helper.phone)
        }
    }

    /// The event with its withheld parts about people filled in.
    func put(into event: KnownEvent) -> KnownEvent {
        guard !details.isEmpty else { return event }
        var event = event
        switch event.proposed.event {
        case .personJoined(var payload):
            payload.sealed = payload.sealed.map(opened)
            event.proposed.event = .personJoined(payload)
        case .personDetailsChanged(var payload):
            payload.sealed = payload.sealed.map(opened)
            event.proposed.event = .personDetailsChanged(payload)
        case .pairingAssigned(var payload):
            payload.sealed = payload.sealed.map(opened)
            event.proposed.event = .pairingAssigned(payload)
        case .pairingHandedOver(var payload):
            payload.sealed = payload.sealed.map(opened)
            event.proposed.event = .pairingHandedOver(payload)
        default: break
        }
        return event
    }

    private func opened(_ part: SealedPart) -> SealedPart {
        part.details == nil ? SealedPart(subject: part.subject, details: details[part.subject]) : part
    }
}

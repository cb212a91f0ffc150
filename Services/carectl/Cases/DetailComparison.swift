import CareDomain
import CareProjections
import CareWire
import CaseImport
import Foundation

/// Has the personal values of a file held against the record, in parts, as one run.
struct DetailComparison {
    let archive: Line
    /// What is compared, by household.
    private(set) var values: [HouseholdID: [HeldValue]] = [:]

    private static let householdsAtOnce = 64
    private static let valuesAtOnce = 4096

    init(archive: Line) { self.archive = archive }

    /// Adds what a part of the file says of a family.
    mutating func add(_ more: [HeldValue], of household: HouseholdID) {
        let known = values[household, default: []]
        values[household] = known + more.filter { !known.contains($0) }
    }

    /// What became of it, by household; those that the caller may not see are left out.
    /// - Throws: `Failure` when care-archive refuses, `BusError` when there is no answer.
    func run() async throws -> [HouseholdID: ComparedPeople] {
        let wanted = values.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.prefix(512))) }
            .filter { !$0.1.isEmpty }
        // Nothing to compare, nothing to record.
        var people = values.mapValues { _ in ComparedPeople([], []) }
        guard !wanted.isEmpty else { return people }
        var query = Care_V1_CompareDetailsQuery()
        query.run = Data(CommandID.random().value.bytes)
        query.runHouseholdCount = UInt64(wanted.count)
        query.runValueCount = UInt64(wanted.reduce(0) { $0 + $1.1.count })
        for part in Self.parts(wanted) {
            query.households = part.map(Self.wire)
            guard case .comparedDetails(let answer) = try await archive.ask(.compareDetails(query)),
                answer.households.count == part.count
            else { throw Failure.badAnswer }
            for ((id, held), found) in zip(part, answer.households) {
                let agreements = try found.agreements.map { try ValueAgreement(wireAgreement: $0) }
                people[id] = agreements.count == held.count ? ComparedPeople(held, agreements) : nil
            }
        }
        return people
    }

    private static func parts(
        _ wanted: [(HouseholdID, [HeldValue])]
    ) -> [[(HouseholdID, [HeldValue])]] {
        var parts: [[(HouseholdID, [HeldValue])]] = []
        var count = 0
        for entry in wanted {
            if parts.isEmpty || parts[parts.count - 1].count == householdsAtOnce || count + entry.1.count > valuesAtOnce
            {
                parts.append([])
                count = 0
            }
            parts[parts.count - 1].append(entry)
            count += entry.1.count
        }
        return parts
    }

    private static func wire(_ id: HouseholdID, _ values: [HeldValue]) -> Care_V1_CompareDetailsQuery.Household {
        .with {
            $0.household = id.wireData
            $0.values = values.map { value in
                .with {
                    $0.person = value.person.wireData
                    $0.field = value.field.wireField
                    $0.value = value.value
                }
            }
        }
    }
}

import CareDomain
import CareProjections
import CareWire
import ServiceKit
import SwiftProtobuf

extension Line {
    /// The household that a person typed: its 26 characters, or a beginning of them that only one household has.
    func household(_ typed: String, on day: CivilDay) async throws -> HouseholdID {
        if let id = HouseholdID(typed) { return id }
        let query = Care_V1_FindHouseholdsQuery.with {
            $0.asOf = day.dayNumber
            $0.householdPrefix = typed.lowercased()
            $0.page.size = 2
        }
        guard case .households(let list) = try await ask(.findHouseholds(query)) else { throw Failure.badAnswer }
        guard let first = list.households.first else {
            throw Failure(
                6107, UserText(zh: "没有编号以 \(typed) 开头的户", en: "no household's id begins with \(typed)"),
                advice: UserText(zh: "用 carectl household find 查找", en: "look for it: carectl household find"),
                exit: .problemsFound)
        }
        guard list.total == 1 else {
            throw Failure(
                6108,
                UserText(
                    zh: "有 \(list.total) 户的编号以 \(typed) 开头", en: "\(list.total) households begin with \(typed)"),
                advice: UserText(zh: "请多写几位", en: "type more characters"), exit: .usage)
        }
        return try HouseholdID(wireData: first.household, "household")
    }

    /// A household's archive page.
    /// - Parameter reveal: why names and numbers shall be shown; empty = masked.
    func page(
        of typed: String, on day: CivilDay, knownAt: Moment? = nil, basis: CareArchive.Basis = .recorded,
        reveal: String = ""
    ) async throws -> CareArchive {
        let query = Care_V1_HouseholdPageQuery.with {
            $0.household = typed.lowercased()
            $0.asOf = day.dayNumber
            if let knownAt { $0.knownAt = knownAt.microseconds }
            $0.basis = basis.wire
            $0.revealReason = reveal
        }
        guard case .householdPage(let page) = try await ask(.householdPage(query)) else { throw Failure.badAnswer }
        return try CareArchive(page)
    }

    /// Every part of a list, one after the other.
    /// - Parameters:
    ///   - limit: at most this many entries; nil = all.
    ///   - part: asks for one part and hands its entries, the total and the next part's name over.
    func all<Entry>(
        limit: Int?, _ part: (Care_V1_Page) async throws -> (entries: [Entry], total: UInt64, next: String)
    ) async throws -> (entries: [Entry], total: UInt64) {
        var entries: [Entry] = []
        var page = Care_V1_Page()
        while true {
            page.size = UInt32(min(1000, (limit ?? .max) - entries.count))
            let found = try await part(page)
            entries += found.entries
            if found.next.isEmpty || entries.count >= limit ?? .max { return (entries, found.total) }
            page.after = found.next
        }
    }
}

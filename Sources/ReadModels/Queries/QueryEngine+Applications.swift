import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Applications in one answer.
    private static let mostApplications = 2000

    func applications(_ query: Care_V1_ListApplicationsQuery) throws -> Care_V1_ApplicationList {
        let asOf = try day(query.asOf, "as_of")
        var list = Care_V1_ApplicationList()
        let filter = try ApplicationFilter(query, asOf: asOf, words: words)
        guard query.household.isEmpty else {
            let history = try household(query.household, sealed: .open).history
            list.applications = entries(history.household.applications, of: history, filter)
            return list
        }
        var wanted: DivisionCode?
        if !query.division.isEmpty {
            wanted = DivisionCode(query.division)
            if wanted == nil { throw QueryRefusal.field("division") }
        }
        guard let books = surroundings.applications else { return list }
        for id in books.households {
            guard let cases = books.cases[id]?.filter(filter.matches), !cases.isEmpty else { continue }
            guard let history = try visible(id, in: wanted, on: asOf) else { continue }
            let entries = entries(cases, of: history, filter)
            guard list.applications.count + entries.count <= Self.mostApplications else {
                list.hasMore_p = true
                return list
            }
            list.applications += entries
        }
        return list
    }

    /// The entries as whoever asks may read them: of an accident that is kept from it, not whom it struck.
    private func entries(
        _ cases: [ApplicationCase], of history: HouseholdHistory, _ filter: ApplicationFilter
    ) -> [Care_V1_ApplicationEntry] {
        let isAboutIncident = cases.contains { if case .incident = $0.subject { true } else { false } }
        let kept = isAboutIncident && sight.mayHide(.incident) ? sight.withheld(of: history).kept(of: history) : []
        return checked(filter.entries(cases, of: history.household, kept: kept), history.id)
    }

    /// The entries with what the store knows of the papers' files.
    private func checked(
        _ entries: [Care_V1_ApplicationEntry], _ household: HouseholdID
    ) -> [Care_V1_ApplicationEntry] {
        entries.map { entry in
            var entry = entry
            for index in entry.handedPapers.indices {
                guard let digest = FileDigest(bytes: Array(entry.handedPapers[index].digest)),
                    let found = surroundings.attachments?.entry(digest, in: .household(household))
                else { continue }
                entry.handedPapers[index].type = found.kept.type.rawValue
            }
            return entry
        }
    }

    /// A household in whose division the caller may act today, and which lies in the division asked for.
    private func visible(_ id: HouseholdID, in wanted: DivisionCode?, on asOf: CivilDay) throws -> HouseholdHistory? {
        guard let history = try LoadedHousehold(id, from: reader, sealed: .open)?.history,
            let division = history.household.division(on: today), principal.mayAct(in: division)
        else { return nil }
        guard let wanted else { return history }
        return history.household.division(on: asOf)?.isWithin(wanted) ?? false ? history : nil
    }

    /// Households of the caller's divisions with applications, for the audit.
    func householdsWithApplications() throws -> [HouseholdID] {
        try surroundings.applications?.households.filter { try visible($0, in: nil, on: today) != nil } ?? []
    }
}

/// Which applications are asked for.
private struct ApplicationFilter {
    private let filter: Care_V1_ListApplicationsQuery.Filter
    private let clause: ClauseID?
    private let step: Code?
    private let withActs: Bool
    private let asOf: CivilDay
    private let words: CarePolicyWords

    init(_ query: Care_V1_ListApplicationsQuery, asOf: CivilDay, words: CarePolicyWords) throws {
        clause = query.clause.isEmpty ? nil : ClauseID(query.clause)
        step = query.step.isEmpty ? nil : Code(query.step)
        if !query.clause.isEmpty, clause == nil { throw QueryRefusal.field("clause") }
        if !query.step.isEmpty, step == nil { throw QueryRefusal.field("step") }
        if case .UNRECOGNIZED = query.filter { throw QueryRefusal.field("filter") }
        filter = query.filter
        withActs = query.withActs
        self.asOf = asOf
        self.words = words
    }

    func matches(_ found: ApplicationCase) -> Bool {
        guard clause.map({ $0 == found.clause }) ?? true, step.map({ $0 == found.step }) ?? true else { return false }
        switch filter {
        case .unspecified, .UNRECOGNIZED: return true
        case .open:
            switch found.state {
            case .underWay: return true
            case .confirmed: return found.step != nil
            case .rejected, .withdrawn, .exited: return false
            }
        case .overdue: return words.workflow(for: found.clause).map { found.isOverdue($0, on: asOf) } ?? false
        case .onNotice:
            guard found.state == .underWay, let notice = found.notice, notice.step == found.step else { return false }
            return notice.openedOn <= asOf && !notice.isOver(on: asOf)
        }
    }

    func entries(
        _ cases: [ApplicationCase], of household: Household, kept: Set<EventReference>
    ) -> [Care_V1_ApplicationEntry] {
        cases.filter(matches).map {
            Care_V1_ApplicationEntry($0, of: household, on: asOf, words: words, withActs: withActs, kept: kept)
        }
    }
}

import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    func dueDifferences(_ query: Care_V1_ListDueDifferencesQuery) throws -> Care_V1_DueDifferenceList {
        var filter = ReadModelLists.DifferenceFilter(pack: try code(query.pack, "pack"))
        if !query.kind.isEmpty {
            filter.kind = HouseholdRows.Difference.Kind(rawValue: query.kind)
            if filter.kind == nil { throw QueryRefusal.field("kind") }
        }
        filter.everyPlace = query.everyPlace
        if !query.household.isEmpty { filter.household = try prefix(query.household) }
        if query.hasAdoptedFrom { filter.adoptedFrom = try day(query.adoptedFrom, "adopted_from") }
        // Of another place only months of files that the caller reads are told, and only where they are asked for.
        if let asked = DivisionCode(query.division), !query.everyPlace,
            !principal.divisions.contains(where: { asked.isWithin($0) || $0.isWithin(asked) })
        {
            throw QueryRefusal.notYourDivision
        }
        let (part, arrears, recoveries) = try lists.differences(
            scope(day(query.asOf, "as_of"), query.division), filter, page(query.page))
        var list = Care_V1_DueDifferenceList()
        list.entries = part.entries.map(wire)
        try tellInstitutions(of: part.entries, in: &list.entries)
        list.total = UInt64(part.total)
        list.arrearsFen = arrears.amount
        list.recoveriesFen = recoveries.amount
        list.nextPage = part.next?.text ?? ""
        return list
    }

    private func wire(_ entry: DueDifferenceEntry) -> Care_V1_DueDifferenceList.Entry {
        var wire = Care_V1_DueDifferenceList.Entry()
        wire.household = entry.household.wireData
        wire.division = entry.division.rawValue
        wire.clause = entry.clause
        wire.title = ClauseID(entry.clause).map(words.title) ?? ""
        if let person = entry.person { wire.person = person.wireData }
        if let incident = entry.incident { wire.incidentSequence = incident }
        wire.kind = entry.kind.rawValue
        wire.firstMonth = entry.first.wireIndex
        wire.lastMonth = entry.last.wireIndex
        wire.monthCount = UInt32(clamping: entry.months)
        wire.sumFen = entry.sum.amount
        wire.sequence = entry.sequence
        wire.since = entry.since.dayNumber
        if let change = entry.rulesChange { wire.rulesChange = change.wire() }
        if let fact = entry.fact { wire.factSequence = fact }
        if let department = entry.department {
            wire.department = CareArchive.Label(department.rawValue, words.chinese(department)).word
        }
        wire.pack = entry.pack.rawValue
        wire.direction = entry.direction.rawValue
        wire.missingFacts = missing(entry).map(\.word)
        wire.dueInOtherFile = entry.isDueInOtherFile
        return wire
    }

    /// Names the institutions that get money in place of persons, or got it, row by row.
    /// - Source: CZ-2.7d
    private func tellInstitutions(
        of entries: [DueDifferenceEntry], in wires: inout [Care_V1_DueDifferenceList.Entry]
    ) throws {
        let batches = surroundings.books?.entries ?? [:]
        var histories: [HouseholdID: HouseholdHistory] = [:]
        for (place, entry) in entries.enumerated() {
            guard let clause = ClauseID(entry.clause), let payee = words.payees[clause] else { continue }
            if histories[entry.household] == nil {
                histories[entry.household] = try LoadedHousehold(entry.household, from: reader, sealed: .skip)?.history
            }
            guard let history = histories[entry.household] else { continue }
            let subject: FactSubject =
                entry.person.map { .person($0) }
                ?? entry.incident.map { .incident(EventReference(sequence: $0)) } ?? .household
            let showsAccounts = !sight.hides(.accountReference, in: entry.division)
            wires[place].institutions = history.institutions(
                of: clause, subject, in: entry.first...max(entry.first, entry.last),
                isTakenBack: entry.direction == .recovery, payee: payee, in: entry.division
            ) { batches[$0]?.batch }.map { one in
                .with {
                    $0.titleZh = one.institution.chinese
                    $0.titleEn = one.institution.english
                    $0.accountRef = one.account.map { showsAccounts ? $0 : "***" } ?? ""
                }
            }
        }
    }

    /// What is missing to know it, each once; facts that are kept from the caller stand as one that is.
    private func missing(_ entry: DueDifferenceEntry) -> [CareArchive.Label] {
        var found: [CareArchive.Label] = []
        for code in entry.missing {
            let label = words.missing(code) { sight.hides($0, in: entry.division) }
            if !found.contains(label) { found.append(label) }
        }
        return found
    }
}

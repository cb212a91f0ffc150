import CareDomain
import CareProjections
import CareWire

/// Who helps how many families, and who could help one more.
extension QueryEngine {
    /// Helpers among whom suggestions are looked for.
    private static let mostKnown = 20_000

    func helperLoad(_ query: Care_V1_HelperLoadQuery) throws -> Care_V1_HelperLoadList {
        let kind = try slotKind(query.kind)
        let day = try day(query.asOf, "as_of")
        let limit = query.limit == 0 ? 100 : Int(query.limit)
        guard limit <= 1000 else { throw QueryRefusal.limit(most: 1000) }
        let found = try lists.helpers(
            scope(day, query.division), helper: helper(query), kind: kind, least: Int(query.least), limit: limit)
        return try .with {
            $0.entries = try found.entries.map { entry in
                let name = try details(of: entry, on: day)?.name
                return .with {
                    $0.helper = entry.helper.wireData
                    $0.name = name ?? ""
                    $0.unit = entry.unit ?? ""
                    $0.householdCount = UInt64(entry.households)
                    $0.kinds = entry.kinds.map { CareArchive.Label($0.rawValue, words.chinese($0)).word }
                    $0.divisions = entry.divisions
                }
            }
            $0.total = UInt64(found.total)
        }
    }

    /// Helpers who fill such a slot elsewhere: those of the same township first, and among them those with the fewest
    /// families. Nobody who is in the family or fills one of its slots, also under another id: the measure is the one by which
    /// the door refuses one person in two slots.
    /// - Source: CZ-2.14a, CZ-Q26: the slots are filled by different people
    func helperSuggestions(_ query: Care_V1_HelperSuggestionQuery) throws -> Care_V1_HelperSuggestionList {
        guard let kind = try slotKind(query.kind) else { throw QueryRefusal.field("kind") }
        let day = try day(query.asOf, "as_of")
        let limit = query.limit == 0 ? 10 : Int(query.limit)
        guard limit <= 100 else { throw QueryRefusal.limit(most: 100) }
        let history = try household(query.household, sealed: .open).history
        let home = history.household.division(on: day)
        let present = try lists.helpers(of: history.id, on: day).union(history.household.members.map(\.id))
        let known = try lists.helpers(scope(day, ""), kind: kind, limit: Self.mostKnown).entries
        let ranked =
            known.filter { !present.contains($0.helper) }
            .map { (entry: $0, nearness: Self.nearness(of: $0, to: home)) }
            .sorted {
                ($0.nearness.rawValue, $0.entry.households, $0.entry.helper)
                    < ($1.nearness.rawValue, $1.entry.households, $1.entry.helper)
            }
        let tenures = history.household.pairings.filter { $0.stands(from: day) }
        var list = Care_V1_HelperSuggestionList()
        list.household = history.id.wireData
        for (entry, nearness) in ranked {
            if list.entries.count == limit { break }
            let details = try details(of: entry, on: day)
            let helper = Helper(id: entry.helper, unit: entry.unit, hasRealName: details?.name != nil)
            if tenures.contains(where: { $0.isOfSamePerson(as: helper, details) }) { continue }
            list.entries.append(
                .with {
                    $0.helper = entry.helper.wireData
                    $0.name = details?.name ?? ""
                    $0.unit = entry.unit ?? ""
                    $0.householdCount = UInt64(entry.households)
                    $0.nearness = nearness
                })
        }
        return list
    }

    private func helper(_ query: Care_V1_HelperLoadQuery) throws -> PersonID? {
        guard query.hasHelper else { return nil }
        guard let helper = PersonID(bytes: query.helper) else { throw QueryRefusal.field("helper") }
        return helper
    }

    private func slotKind(_ text: String) throws -> PairingKind? {
        let kind: PairingKind? = try code(text, "kind")
        if let kind, words.slot(kind) == nil { throw QueryRefusal.field("kind") }
        return kind
    }

    /// Township = nine digits, county = six. A family that is only known by its county is near nobody's township.
    static func nearness(
        of entry: HelperEntry, to home: DivisionCode?
    ) -> Care_V1_HelperSuggestionList.Nearness {
        guard let home = home?.rawValue else { return .elsewhere }
        if home.count >= 9, entry.divisions.contains(where: { $0.hasPrefix(home.prefix(9)) }) { return .township }
        return entry.divisions.contains { $0.hasPrefix(home.prefix(6)) } ? .county : .elsewhere
    }

    /// The helper's name and telephone from the file of a family: helpers are named to whoever may see the family. The
    /// telephone tells two of one name apart and is not passed on.
    private func details(of entry: HelperEntry, on day: CivilDay) throws -> PersonalDetails? {
        guard let history = try LoadedHousehold(entry.latest, from: reader, sealed: .open)?.history else { return nil }
        let told = history.household.pairings(on: day).filter { $0.helper.id == entry.helper }.compactMap(\.details)
        let name = told.lazy.compactMap(\.name).first ?? HelperNames(history.events).helper(entry.helper)
        return PersonalDetails(name: name, phone: told.lazy.compactMap(\.phone).first)
    }
}

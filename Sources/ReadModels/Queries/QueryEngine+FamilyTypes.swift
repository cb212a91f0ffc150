import CareDomain
import CareProjections
import CareWire
import RuleEngine

/// Which families are of which type (类别) by the document of their place.
///
/// A type is an answer of the rules (its parameters and readings may change without an event of the family), so it stands
/// in no row: the rows say which families are asked about, and the record of each is read.
extension QueryEngine {
    /// Families of whom one answer reads the records, while other questions wait.
    private static let mostTyped = 5000

    /// The type with that code.
    /// - Throws: `QueryRefusal` with the known ones; a retry does not help.
    func familyType(_ text: String) throws -> Code {
        let known = surroundings.rules?.knownFamilyTypes ?? []
        guard let type = known.first(where: { $0.code.rawValue == text }) else {
            throw QueryRefusal.familyType(text, known: known.map { "\($0.code) \($0.title.chinese)" })
        }
        return type.code
    }

    /// Families of one type, by id.
    func households(
        _ scope: ListScope, _ filter: ReadModelLists.HouseholdFilter, of type: Code, _ page: ListPage
    ) throws -> Care_V1_HouseholdList {
        var found: [(entry: HouseholdEntry, types: FamilyTypes)] = []
        var open = 0
        var place = ListPage(size: ListPage.largest)
        while true {
            let part = try lists.households(scope, filter, place)
            guard part.total <= Self.mostTyped else { throw QueryRefusal.tooManyHouseholds(most: Self.mostTyped) }
            for entry in part.entries {
                let types = try familyTypes(of: entry, on: scope.asOf)
                if types.held.contains(where: { $0.code == type }) { found.append((entry, types)) }
                if types.open.contains(type) { open += 1 }
            }
            guard let next = part.next else { break }
            place.after = next
        }
        let part = page.part(of: found) { $0.entry.household }
        var list = Care_V1_HouseholdList()
        list.households = part.entries.map { family in
            var wire = Care_V1_HouseholdList.Entry(family.entry)
            wire.take(family.types)
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        list.openCount = UInt64(open)
        return list
    }

    /// Of a record that cannot be read whole it is not known of what type the family is.
    func familyTypes(of entry: HouseholdEntry, on day: CivilDay) throws -> FamilyTypes {
        guard let rules = surroundings.rules else { return FamilyTypes() }
        guard let loaded = try LoadedHousehold(entry.household, from: reader, sealed: .skip),
            loaded.fence == nil, loaded.unread.isEmpty
        else { return FamilyTypes(held: [], open: Set(rules.knownFamilyTypes.map(\.code))) }
        // Types look at nothing that is kept from anybody (lint.type_reads_restricted), so the whole record may answer.
        let facts = FactBase(events: loaded.history.events)
        var types = FamilyTypes()
        for (type, holds) in rules.familyTypes(facts, in: entry.division, on: day) {
            switch holds {
            case true?: types.held.append(type)
            case false?: break
            case nil: types.open.insert(type.code)
            }
        }
        return types
    }
}

/// The types of one family on a day.
struct FamilyTypes: Sendable {
    var held: [FamilyType] = []
    /// Those of which facts are missing.
    var open: Set<Code> = []
}

extension Care_V1_HouseholdList.Entry {
    init(_ entry: HouseholdEntry) {
        self.init()
        household = entry.household.wireData
        division = entry.division.rawValue
        status = entry.status?.rawValue ?? ""
        if let since = entry.statusSince { statusSince = since.dayNumber }
        state = entry.state.rawValue
        if let number = entry.archiveNumber { archiveNumber = number }
        memberCount = UInt32(clamping: entry.memberCount)
        filledSlots = UInt32(clamping: entry.filledSlots)
        lastSequence = entry.lastSequence
    }

    mutating func take(_ types: FamilyTypes) {
        familyTypes = types.held.map { CareArchive.Label($0.code.rawValue, $0.title.chinese).word }
        familyTypesOpen = !types.open.isEmpty
    }
}

import CareDomain

/// What the archive holds about one family, as far as the caller may see it.
package struct KnownFamily: Hashable, Sendable {
    /// The family's events with their sealed parts opened; corrections need to know which event said what.
    package var history: HouseholdHistory
    /// Whether the sealed parts were seen. If not, they were only compared: what the file holds of them stands there, and
    /// a correction, which says everything again, cannot be made of them.
    package var isOpened: Bool
    /// Facts that are kept from the caller, whether or not anything is stated: the history holds nothing of them.
    package var withheld: Set<FactID> = []

    package init(history: HouseholdHistory, isOpened: Bool = true, withheld: Set<FactID> = []) {
        self.history = history
        self.isOpened = isOpened
        self.withheld = withheld
    }

    /// Whether the assessments of disabilities are kept from the caller; they are kept whole.
    var keepsDisabilities: Bool { withheld.contains { $0.rawValue.hasPrefix("person.disability_") } }

    /// Whether adoptions are kept from the caller; they are kept whole.
    var keepsAdoptions: Bool { withheld.contains { $0.rawValue == "person.adopted_on" } }

    /// Whether births are kept from the caller; they are kept whole.
    var keepsBirths: Bool { withheld.contains { $0.rawValue == "household.rebirth_on" } }

    package var id: HouseholdID { history.id }
    var household: Household { history.household }

    /// The event that now stands in the place of `reference`: itself, or the last correction of it.
    func standing(_ reference: EventReference) -> EventReference {
        var current = reference
        while let next = history.events.last(where: { $0.proposed.correction?.corrects == current }) {
            current = next.reference
        }
        return current
    }

    /// What holds in the place of `reference`, with its day.
    func effective(_ reference: EventReference) -> KnownEvent? {
        let current = standing(reference)
        return history.events.first { $0.reference == current }
    }

    /// The last effective event that `says` something.
    func lastEvent(where says: (HouseholdEvent) -> Bool) -> KnownEvent? {
        HouseholdHistory.effective(history.events).last { says($0.event) }
    }
}

/// Finds families the archive already holds. The caller asks the services beforehand; nothing here waits.
package protocol FamilyLookup {
    /// The family with this id; nil when there is none or the caller may not see it.
    func family(_ id: HouseholdID) -> KnownFamily?
    /// The family in which the bearer of this ID number is a member.
    func family(idNumber: String) -> KnownFamily?
    /// The families in which the bearer of this ID number is a member, or was one.
    func families(idNumber: String) -> [KnownFamily]
    /// The families with this archive number, at most one of a county that gives numbers out.
    func families(archiveNumber: String) -> [KnownFamily]
    /// Of the families that were looked up those whose head has this name: others may bear it, of whom nobody was asked.
    func families(headName: String) -> [KnownFamily]
    /// The helper already paired with some family who by all that is told is this one, so that one person keeps one id: one
    /// name with one telephone, or with one unit where one of the two has no telephone. Nil where it may be several.
    func helper(name: String, unit: String?, phone: String?) -> PersonID?
}

/// Families kept in memory, found by what their events say.
package struct KnownFamilies: FamilyLookup, Sendable {
    private var byID: [HouseholdID: KnownFamily] = [:]
    private var byIDNumber: [String: HouseholdID] = [:]
    private var byBearer: [String: Set<HouseholdID>] = [:]
    private var byArchiveNumber: [String: [HouseholdID]] = [:]
    private var byHeadName: [String: [HouseholdID]] = [:]
    private var helpers: [String: [PairingTenure]] = [:]

    package init(_ families: some Sequence<KnownFamily> = []) {
        for family in families { add(family) }
    }

    /// Adds a family, or puts its newer state in the place of the older. Of two that a number names, as after a merge,
    /// the open one is found.
    package mutating func add(_ family: KnownFamily) {
        let household = family.household
        byID[family.id] = family
        func names(_ other: HouseholdID?) -> Bool { other == nil || household.status == .active }
        if let number = household.archiveNumber, byArchiveNumber[number]?.contains(family.id) != true {
            byArchiveNumber[number, default: []].append(family.id)
        }
        for member in household.members {
            if let number = member.details?.idNumber { byBearer[number, default: []].insert(family.id) }
        }
        for member in household.members where member.leftOn == nil {
            if let number = member.details?.idNumber, names(byIDNumber[number]) { byIDNumber[number] = family.id }
            let name = member.isParent ? member.details?.name.map(PersonName.closed) : nil
            if let name, byHeadName[name]?.contains(family.id) != true {
                byHeadName[name, default: []].append(family.id)
            }
        }
        for tenure in household.pairings {
            guard let name = tenure.details?.name.map(PersonName.closed) else { continue }
            helpers[name, default: []].append(tenure)
        }
    }

    package func family(_ id: HouseholdID) -> KnownFamily? { byID[id] }
    package func family(idNumber: String) -> KnownFamily? { byIDNumber[idNumber].flatMap { byID[$0] } }
    package func families(idNumber: String) -> [KnownFamily] {
        (byBearer[idNumber] ?? []).sorted().compactMap { byID[$0] }
    }
    package func families(archiveNumber: String) -> [KnownFamily] {
        var byCounty: [DivisionCode?: KnownFamily] = [:]
        for family in (byArchiveNumber[archiveNumber] ?? []).compactMap({ byID[$0] }) {
            guard family.household.archiveNumber == archiveNumber else { continue }
            let county = family.household.archiveNumberDivision?.county
            if byCounty[county] == nil || family.household.status == .active { byCounty[county] = family }
        }
        return byCounty.values.sorted { $0.id < $1.id }
    }
    package func families(headName: String) -> [KnownFamily] { (byHeadName[headName] ?? []).compactMap { byID[$0] } }
    package func helper(name: String, unit: String?, phone: String?) -> PersonID? {
        let asked = Helper(id: PersonID(Identifier128(high: 0, low: 0)), unit: unit, hasRealName: true)
        let details = PersonalDetails(name: name, phone: phone)
        let found = (helpers[name] ?? []).filter { tenure in
            // Another telephone is on record than the table's, which nobody has seen.
            if phone != nil, tenure.details?.phone == ComparedPeople.unseen { return false }
            return tenure.isOfSamePerson(as: asked, details)
        }
        let ids = Set(found.map(\.helper.id))
        return ids.count == 1 ? ids.first : nil
    }
}

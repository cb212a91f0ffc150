/// 受限查看: which departments may see which fact, by place and days, as the published packs declare it (`shown_to`).
///
/// A declaration holds in the place of its pack and nowhere else: what Boshan shows to few, another district may not know.
/// Of a pack's versions the one in force on the day counts, otherwise the last one that knows the fact: a mark does not
/// become everybody's because the document of its year ran out.
package struct FactRestrictions: Hashable, Sendable {
    /// One version of a pack, as far as it says who sees what.
    package struct Version: Hashable, Sendable {
        /// Where the pack applies; nil = anywhere.
        package var territory: DivisionCode?
        /// From its first day to its own last.
        package var inForce: DayPeriod
        /// Facts of its vocabulary.
        package var facts: Set<FactID>
        /// Of these the ones that only some departments may see.
        package var shownTo: [FactID: Set<DepartmentID>]

        package init(
            territory: DivisionCode?, inForce: DayPeriod, facts: Set<FactID>, shownTo: [FactID: Set<DepartmentID>]
        ) {
            self.territory = territory
            self.inForce = inForce
            self.facts = facts
            self.shownTo = shownTo
        }
    }

    /// Of each pack its versions, the earlier first.
    private var packs: [PackID: [Version]] = [:]

    package init() {}

    /// Takes in a version of a pack; the versions of one pack come in the order of their days.
    package mutating func add(_ version: Version, of pack: PackID) { packs[pack, default: []].append(version) }

    /// Facts that some version somewhere keeps from a department: whatever is not among them needs no further look.
    package func mayHide(from department: DepartmentID) -> Set<FactID> {
        var found: Set<FactID> = []
        for version in packs.values.joined() {
            for (fact, departments) in version.shownTo where !departments.contains(department) { found.insert(fact) }
        }
        return found
    }

    /// Facts that somebody of a department may not see of a family.
    /// - Parameters:
    ///   - places: Where the family belongs, by registration and by residence: it is enough that one of the places keeps the
    ///     fact from the department. Without any the packs of all places count.
    ///   - day: The day by which versions are chosen.
    package func hidden(
        from department: DepartmentID, in places: Set<DivisionCode>, on day: CivilDay
    ) -> Set<FactID> {
        Set(packs.values.lazy.flatMap { Self.hidden(by: $0, from: department, in: places, on: day) })
    }

    /// The same pack by pack, for whoever asks about documents and not about a family.
    package func hiddenByPack(from department: DepartmentID, on day: CivilDay) -> [(pack: PackID, facts: [FactID])] {
        packs.keys.sorted().compactMap { pack in
            let facts = Self.hidden(by: packs[pack] ?? [], from: department, in: [], on: day)
            return facts.isEmpty ? nil : (pack, facts.sorted())
        }
    }

    private static func hidden(
        by versions: [Version], from department: DepartmentID, in places: Set<DivisionCode>, on day: CivilDay
    ) -> Set<FactID> {
        let here = versions.filter { version in
            guard let territory = version.territory, !places.isEmpty else { return true }
            return places.contains { $0.isWithin(territory) }
        }
        let inForce = here.filter { $0.inForce.contains(day) }
        var decided: Set<FactID> = []
        var found: Set<FactID> = []
        for version in inForce.reversed() + here.reversed() {
            for fact in version.facts where decided.insert(fact).inserted {
                if let departments = version.shownTo[fact], !departments.contains(department) { found.insert(fact) }
            }
        }
        return found
    }
}

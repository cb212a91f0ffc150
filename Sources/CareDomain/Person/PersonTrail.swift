/// Which files have had a person, in the order in which they claimed them, and under which id each knows them: the fold of one
/// `person-<token>` stream.
///
/// Whoever leaves one family and joins another has a time in the file of each, and no event of either names the other one. Their own
/// stream does: it is written whenever a file takes them in.
package struct PersonTrail: Hashable, Sendable {
    /// One file, and the person's id in it.
    package struct Stop: Hashable, Sendable {
        package let household: HouseholdID
        package let person: PersonID
    }

    /// Each file once, also one whose reservation came to nothing: it has no such member, and counts for nothing.
    package private(set) var stops: [Stop] = []

    /// Nothing known: no file had them.
    package init() {}

    /// Reads a stream.
    package init(_ events: some Sequence<PersonEvent>) { for event in events { evolve(event) } }

    /// The same without some files.
    package func keeping(_ isKept: (Stop) -> Bool) -> PersonTrail {
        var kept = self
        kept.stops.removeAll { !isKept($0) }
        return kept
    }

    /// Takes the next event of the stream in.
    package mutating func evolve(_ event: PersonEvent) {
        switch event {
        case .reserved(let claim), .confirmed(let claim):
            let stop = Stop(household: claim.household, person: claim.person)
            if !stops.contains(stop) { stops.append(stop) }
        case .released: break
        }
    }
}

/// Under which ids other files know the people of one family, as far as the streams of these people were read.
package struct PeopleElsewhere: Hashable, Sendable {
    private var stops: [PersonID: [PersonTrail.Stop]] = [:]

    /// Nobody was looked for.
    package init() {}

    /// Takes in which files had a person of a family, under whichever token.
    package mutating func add(_ trail: PersonTrail, of person: PersonID, in household: HouseholdID) {
        for stop in trail.stops where stop.household != household && !(stops[person] ?? []).contains(stop) {
            stops[person, default: []].append(stop)
        }
    }

    /// Without those whom another file has under an ID number that is not theirs: two numbers are two people, whatever else is alike.
    /// - Parameters:
    ///   - own: The family.
    ///   - others: The files that were read.
    package func agreeing(with own: Household, _ others: [HouseholdHistory]) -> PeopleElsewhere {
        func numbers(of person: PersonID, in file: Household) -> Set<PersonToken> {
            Set(file.members.filter { $0.id == person }.compactMap(\.token))
        }
        var same = PeopleElsewhere()
        for (person, all) in stops {
            let known = numbers(of: person, in: own)
            let agreeing = all.filter { stop in
                guard let file = others.first(where: { $0.id == stop.household }) else { return true }
                let there = numbers(of: stop.person, in: file.household)
                return known.isEmpty || there.isEmpty || !known.isDisjoint(with: there)
            }
            if !agreeing.isEmpty { same.stops[person] = agreeing }
        }
        return same
    }

    /// The other files, in order.
    package var files: [HouseholdID] { Set(stops.values.joined().map(\.household)).sorted() }

    /// Whether another file knows the person.
    package func knows(_ person: PersonID) -> Bool { stops[person] != nil }

    /// Those of whom another file knows, in order.
    package var persons: [PersonID] { stops.keys.sorted() }

    /// Under which ids a file knows the person: the one of this family, which a move between files keeps, and others.
    package func ids(of person: PersonID, in file: HouseholdID) -> [PersonID] {
        let others = (stops[person] ?? []).filter { $0.household == file && $0.person != person }
        return [person] + others.map(\.person).sorted()
    }
}

extension Member {
    /// The streams that tell which files had the person.
    package var trailTokens: [PersonToken] { [token].compactMap { $0 } }
}

extension HouseholdHistory {
    /// The next stream to read of those that may tell of other files that had some people of this one; nil once all are read, and
    /// of people whose numbers are unknown.
    package func trailWanted(
        of persons: [PersonID], besides read: Set<PersonToken>
    ) -> (token: PersonToken, person: PersonID)? {
        for person in persons {
            let tokens = Set(household.members.filter { $0.id == person }.flatMap(\.trailTokens)).subtracting(read)
            if let token = tokens.min() { return (token, person) }
        }
        return nil
    }

    /// The people for whom a batch may order something, in order: those with a right of one of its clauses.
    package func payablePersons(of scope: BatchScope) -> [PersonID] {
        let persons = household.determinations.compactMap { entry -> PersonID? in
            guard case .person(let person) = entry.made.subject, scope.includes(entry.made.clause) else { return nil }
            let isOrdered = scope.kind != .regular
            let last = scope.period.last.lastDay
            let holds = entry.made.intervals.contains { $0.rightHolds && $0.period.start <= last }
            return isOrdered || holds ? person : nil
        }
        return Set(persons).sorted()
    }
}

import CareDomain

/// 名单: who of a household holds the right of a clause on a day, as the record knew it at a moment.
///
/// What the record knew at a moment never changes, so a list is frozen by being asked for with its day and its moment:
/// what is learned later stands in the next list, as a difference from this one.
/// - Source: BS-4.3 每季度末将本季度辖区计划生育特殊家庭成员信息汇总后上报
package struct RightsRoll: Hashable, Sendable {
    /// A day and the moment of knowledge about it.
    package struct Cut: Hashable, Sendable {
        package var day: CivilDay
        package var knownAt: Moment

        package init(day: CivilDay, knownAt: Moment) {
            self.day = day
            self.knownAt = knownAt
        }
    }

    /// How a line stands to the list before. The raw value is the stable code.
    package enum Change: String, Hashable, Sendable {
        case kept, added
        /// Not on the list any more: the person died, or left the family; the family left the area, or its file was
        /// closed; or the right ended for another reason.
        case died, left, moved, closed, ended

        /// Whether the line is on the list.
        package var isListed: Bool { self == .kept || self == .added }
    }

    /// One person, or the household itself.
    package struct Line: Hashable, Sendable {
        package let subject: FactSubject
        /// Where the household belongs on the day of the list on which it stands.
        package let division: DivisionCode
        /// First day of the right without a break.
        package let since: CivilDay
        /// What it gives on the day, for each time of `cadence`; nil where it gives no money, or no sum stands yet.
        package let amount: Fen?
        /// How often: month, term, school year, once.
        package let cadence: Code
        /// The determination on which it rests.
        package let determination: EventReference
        package fileprivate(set) var change = Change.kept
        /// Role on that day in Chinese, or 户.
        package let role: String
        /// Name and number on that day; nil when not known or not opened.
        package let details: PersonalDetails?
        /// 实物发放: that of the period with the list's day, up to that day; nil when there is none, and for clauses without.
        package fileprivate(set) var handOut: HandOut?
        /// The file in which it stands, the family's own or one that went on as part of it; nil when there is none.
        package fileprivate(set) var handOutFile: HouseholdID?
    }

    /// Lines in the order of the determinations, then those that left the list.
    package let lines: [Line]

    /// - Parameters:
    ///   - history: All events of the household.
    ///   - present: The list's day and moment.
    ///   - before: Those of the list before; nil = every line is kept.
    ///   - goods: How often the clause gives goods; nil = it gives none.
    ///   - others: The files that this one took in, and those that they took in: what they got is this family's.
    ///   - isWanted: Whether households of a division are on the list.
    package init(
        _ history: HouseholdHistory, clause: ClauseID, present: Cut, before: Cut? = nil, goods: HandOutRhythm? = nil,
        others: [HouseholdHistory] = [], isWanted: (DivisionCode) -> Bool
    ) {
        let household = history.household(knownAt: present.knownAt)
        var lines = Self.holders(household, clause, present.day, isWanted)
        if let goods, !lines.isEmpty, let period = HandOutPeriod(containing: present.day, rhythm: goods) {
            let found = history.handOut(
                clause, for: period, through: present.day, knownAt: present.knownAt, others: others)
            for index in lines.indices where lines[index].subject == .household {
                (lines[index].handOut, lines[index].handOutFile) = (found?.handOut, found?.file)
            }
        }
        guard let before else {
            self.lines = lines
            return
        }
        let earlier = Self.holders(history.household(knownAt: before.knownAt), clause, before.day, isWanted)
        for index in lines.indices where !earlier.contains(where: { $0.subject == lines[index].subject }) {
            lines[index].change = .added
        }
        let listed = Set(lines.map(\.subject))
        for var line in earlier where !listed.contains(line.subject) {
            line.change = Self.reason(line, household, present.day, isWanted)
            lines.append(line)
        }
        self.lines = lines
    }

    private static func holders(
        _ household: Household, _ clause: ClauseID, _ day: CivilDay, _ isWanted: (DivisionCode) -> Bool
    ) -> [Line] {
        guard household.isOpen(on: day), let division = household.division(on: day), isWanted(division) else {
            return []
        }
        return household.determinations.compactMap { entry in
            guard entry.made.clause == clause, let (since, last) = entry.made.right(on: day) else { return nil }
            let member = entry.made.subject.person.flatMap { household.member($0) }
            return Line(
                subject: entry.made.subject, division: division, since: since, amount: last.amount,
                cadence: last.rhythm?.cadence ?? entry.made.cadence, determination: entry.reference,
                role: member?.role(on: day).chinese ?? "户", details: member?.details(on: day))
        }
    }

    private static func reason(
        _ line: Line, _ household: Household, _ day: CivilDay, _ isWanted: (DivisionCode) -> Bool
    ) -> Change {
        // First of all: what happened to a family since it moved away is not for the office that it left.
        if let division = household.division(on: day), !isWanted(division) { return .moved }
        guard household.isOpen(on: day) else { return .closed }
        if let member = line.subject.person.flatMap({ household.member($0) }) {
            if let diedOn = member.diedOn, diedOn <= day { return .died }
            if let leftOn = member.leftOn, leftOn <= day { return .left }
        }
        return .ended
    }
}

extension Household {
    /// Whether the file is open on a day: registered by then, and not closed or gone into another household.
    package func isOpen(on day: CivilDay) -> Bool {
        guard let registeredOn, registeredOn <= day else { return false }
        switch status {
        case .active: return true
        case .closed(let on, _), .absorbed(_, let on): return on > day
        case .absent, .registeredInError: return false
        }
    }
}

extension DeterminationMade {
    /// First day of the run of days with the right that reaches over `day`, and what holds on it; nil when there is no right.
    fileprivate func right(on day: CivilDay) -> (since: CivilDay, last: Interval)? {
        // A right that ran on the last day in another file is that file's on the day.
        func isHeldHere(_ interval: Interval) -> Bool { interval.rightHolds && interval.status != .notEntitled }
        guard let found = intervals.lastIndex(where: { isHeldHere($0) && $0.period.contains(day) }) else { return nil }
        var start = intervals[found].period.start
        for interval in intervals[..<found].reversed() where isHeldHere(interval) && interval.period.end == start {
            start = interval.period.start
        }
        return (start, intervals[found])
    }
}

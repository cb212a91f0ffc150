import CareDomain

/// When the slots of one household were filled, by the pack's reading of what fills a slot.
/// - Source: CZ-2.14a 四个结对
package struct SlotCoverage: Hashable, Sendable {
    /// Days on which one slot was filled, ascending, without overlap and never adjoining.
    package struct Line: Hashable, Sendable {
        package let kind: PairingKind
        package let filled: [DayPeriod]
    }

    /// One line per slot of the pack, in its order.
    package let lines: [Line]

    /// Works out the filled days.
    ///
    /// A helper without a real name fills nothing (实名制). Two helpers of one kind fill one slot. A person who already
    /// fills a slot that takes its own person fills no second one (CZ-Q26): the tenure that began first counts, and of
    /// two that began on one day the one recorded first.
    package init(_ pairings: [PairingTenure], slots: [CarePolicyWords.Slot]) {
        let named = pairings.filter { $0.helper.hasRealName && !$0.period.isEmpty }
        let personal = Set(slots.lazy.filter(\.takesOwnPerson).map(\.kind))
        let hasDouble = Self.hasDouble(named, personal: personal)
        lines = slots.map { slot in
            let tenures = named.filter { $0.kind == slot.kind }
            guard hasDouble && slot.takesOwnPerson else {
                return Line(kind: slot.kind, filled: Self.merged(tenures.map(\.period)))
            }
            let rivals = named.filter { personal.contains($0.kind) && $0.kind != slot.kind }
            return Line(kind: slot.kind, filled: Self.merged(tenures.flatMap { Self.free(days: $0, of: rivals) }))
        }
    }

    /// Whether the slot of this kind was filled on the day.
    package func isFilled(_ kind: PairingKind, on day: CivilDay) -> Bool {
        lines.first { $0.kind == kind }?.filled.contains { $0.contains(day) } ?? false
    }

    /// Whether all slots were filled on the day. False when the pack has no slots.
    package func isFull(on day: CivilDay) -> Bool {
        !lines.isEmpty && lines.allSatisfy { $0.filled.contains { $0.contains(day) } }
    }

    /// First day of the gap in which `day` lies; nil when the slot is filled that day.
    ///
    /// A gap is counted from the day the slot was left, but not from before the status began or the pack came into
    /// force, because before that nobody owed a helper.
    package func gapStart(
        _ kind: PairingKind, on day: CivilDay, dutyFrom: CivilDay
    ) -> CivilDay? {
        guard let line = lines.first(where: { $0.kind == kind }), !isFilled(kind, on: day) else { return nil }
        let left = line.filled.last { $0.start <= day }?.end
        return max(left ?? dutyFrom, dutyFrom)
    }

    /// Whether some person stands in two personal slots at all; nearly never, so the careful way is taken only then.
    private static func hasDouble(_ tenures: [PairingTenure], personal: Set<PairingKind>) -> Bool {
        var kinds: [PersonID: PairingKind] = [:]
        for tenure in tenures where personal.contains(tenure.kind) {
            if let known = kinds[tenure.helper.id], known != tenure.kind { return true }
            kinds[tenure.helper.id] = tenure.kind
        }
        return false
    }

    /// The days of a tenure on which its helper did not already fill another personal slot.
    private static func free(days tenure: PairingTenure, of rivals: [PairingTenure]) -> [DayPeriod] {
        var rest = [tenure.period]
        for rival in rivals where rival.helper.id == tenure.helper.id {
            let rivalFirst =
                (rival.period.start, rival.startedBy) < (tenure.period.start, tenure.startedBy)
            if rivalFirst { rest = rest.flatMap { $0.without(rival.period) } }
        }
        return rest
    }

    /// Joins overlapping and adjoining periods.
    package static func merged(_ periods: [DayPeriod]) -> [DayPeriod] {
        if periods.count < 2 { return periods.filter { !$0.isEmpty } }
        var result: [DayPeriod] = []
        for period in periods.sorted(by: { $0.start < $1.start }) where !period.isEmpty {
            guard let last = result.last else {
                result.append(period)
                continue
            }
            guard let end = last.end else { break }
            if period.start > end {
                result.append(period)
            } else {
                let later: CivilDay? = period.end.map { max($0, end) }
                result[result.count - 1] = DayPeriod(start: last.start, end: later)
            }
        }
        return result
    }
}

extension DayPeriod {
    /// The days of this period that `other` does not have; none, one or two periods.
    package func without(_ other: DayPeriod) -> [DayPeriod] {
        guard let shared = intersection(other) else { return [self] }
        var rest: [DayPeriod] = []
        if start < shared.start { rest.append(DayPeriod(start: start, end: shared.start)) }
        if let end = shared.end, self.end.map({ end < $0 }) ?? true {
            rest.append(DayPeriod(start: end, end: self.end))
        }
        return rest
    }
}

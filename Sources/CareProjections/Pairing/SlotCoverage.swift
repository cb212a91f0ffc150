import CareDomain

/// How a slot stands on a day.
package enum SlotState: Hashable, Sendable {
    /// Somebody holds it of whom all that the document asks for is on record.
    case filled
    /// 资料不全: somebody holds it under a real name, and this is not on record. No gap, and not filled.
    case incomplete(HelperDetails)
    /// 缺: nobody holds it, or nobody whose name is given; of somebody who is there without a name, what is lacking.
    case missing(HelperDetails)
}

/// When the slots of one household were filled, by the pack's reading of what fills a slot.
/// - Source: CZ-2.14a 四个结对, CZ-Q27
package struct SlotCoverage: Hashable, Sendable {
    /// Days on which somebody stood in a slot without filling it.
    package struct Part: Hashable, Sendable {
        package var period: DayPeriod
        /// What was not on record of them, of several people of whom least is lacking; never empty.
        package var lacking: HelperDetails
        /// Whether the slot is held by somebody whose name is given.
        package var isHeld: Bool { !lacking.contains(.name) }
    }

    /// What was when in one slot.
    package struct Line: Hashable, Sendable {
        package let kind: PairingKind
        /// Days on which the slot was filled, ascending, without overlap and never adjoining.
        package let filled: [DayPeriod]
        /// Days on which somebody was there without filling it, ascending, without overlap among them and with `filled`.
        package let parts: [Part]
        /// Days on which somebody held it by name, all details on record or not; as `filled`.
        package let held: [DayPeriod]
    }

    /// One line per slot of the pack, in its order.
    package let lines: [Line]

    /// Works out the filled days.
    ///
    /// A helper without a real name fills nothing (实名制), and one of whom other details that the document asks for are not
    /// on record holds the slot without filling it. Two helpers of one kind fill one slot. A person who already
    /// holds a slot that takes its own person holds no second one (CZ-Q26): the tenure that began first counts, and of
    /// two that began on one day the one recorded first.
    package init(_ pairings: [PairingTenure], slots: [CarePolicyWords.Slot]) {
        let personal = Set(slots.lazy.filter(\.takesOwnPerson).map(\.kind))
        // From the day on which the name is known.
        let named = pairings.compactMap { tenure -> PairingTenure? in
            let asks = slots.first { $0.kind == tenure.kind }?.asks ?? .name
            guard let days = tenure.period(with: asks.intersection(.name)) else { return nil }
            var tenure = tenure
            tenure.period = days
            return tenure
        }
        let hasDouble = Self.hasDouble(named, personal: personal)
        lines = slots.map { slot in
            let rivals =
                hasDouble && slot.takesOwnPerson
                ? named.filter { personal.contains($0.kind) && $0.kind != slot.kind } : []
            let holders = named.filter { $0.kind == slot.kind }.map { tenure in
                Holder(tenure: tenure, days: rivals.isEmpty ? [tenure.period] : Self.free(days: tenure, of: rivals))
            }
            let nameless = pairings.compactMap { $0.kind == slot.kind ? Holder(nameless: $0, slot.asks) : nil }
            return Self.line(slot, holders, nameless)
        }
    }

    /// Somebody in a slot, and on which days.
    private struct Holder {
        let tenure: PairingTenure
        let days: [DayPeriod]

        init(tenure: PairingTenure, days: [DayPeriod]) {
            self.tenure = tenure
            self.days = days
        }

        /// The days on which the name that is asked for was not known; nil when there is none.
        init?(nameless tenure: PairingTenure, _ asks: HelperDetails) {
            guard !tenure.period.isEmpty, !tenure.lacking(asks.intersection(.name), on: tenure.period.start).isEmpty
            else { return nil }
            let named = tenure.period(with: .name)
            self.init(tenure: tenure, days: named.map { tenure.period.without($0) } ?? [tenure.period])
        }

        /// The days on which all that is asked for was on record.
        func filled(_ asks: HelperDetails) -> [DayPeriod] {
            guard let known = tenure.period(with: asks) else { return [] }
            return days.compactMap { $0.intersection(known) }
        }
    }

    private static func line(_ slot: CarePolicyWords.Slot, _ holders: [Holder], _ nameless: [Holder]) -> Line {
        let filled = merged(holders.flatMap { $0.filled(slot.asks) })
        let held = merged(holders.flatMap(\.days))
        // Nearly always all is on record.
        if nameless.isEmpty, filled == held { return Line(kind: slot.kind, filled: filled, parts: [], held: held) }
        var open = merged((holders + nameless).flatMap(\.days))
        for period in filled { open = open.flatMap { $0.without(period) } }
        let parts = open.flatMap { Self.parts(of: $0, holders + nameless, slot.asks) }
        return Line(kind: slot.kind, filled: filled, parts: parts, held: held)
    }

    /// Cuts days on which the slot is not filled where somebody comes, goes or completes their details.
    private static func parts(of period: DayPeriod, _ people: [Holder], _ asks: HelperDetails) -> [Part] {
        var cuts: Set<CivilDay> = [period.start]
        for person in people {
            let told = HelperDetails.each.filter(asks.contains).compactMap { person.tenure.period(with: $0)?.start }
            for day in told + person.days.map(\.start) + person.days.compactMap(\.end)
            where period.contains(day) {
                cuts.insert(day)
            }
        }
        let starts = cuts.sorted()
        var result: [Part] = []
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1] : period.end
            let there = people.filter { $0.days.contains { $0.contains(start) } }
            let least = there.map { $0.tenure.lacking(asks, on: start) }
                .min { ($0.contains(.name) ? 1 : 0, $0.count) < ($1.contains(.name) ? 1 : 0, $1.count) }
            guard let least, !least.isEmpty else { continue }
            if let last = result.last, last.lacking == least, last.period.end == start {
                result[result.count - 1].period = DayPeriod(start: last.period.start, end: end)
            } else {
                result.append(Part(period: DayPeriod(start: start, end: end), lacking: least))
            }
        }
        return result
    }

    /// How the slot of this kind stood on the day.
    package func state(_ kind: PairingKind, on day: CivilDay) -> SlotState {
        guard let line = lines.first(where: { $0.kind == kind }) else { return .missing([]) }
        if line.filled.contains(where: { $0.contains(day) }) { return .filled }
        guard let part = line.parts.first(where: { $0.period.contains(day) }) else { return .missing([]) }
        return part.isHeld ? .incomplete(part.lacking) : .missing(part.lacking)
    }

    /// Whether the slot of this kind was filled on the day.
    package func isFilled(_ kind: PairingKind, on day: CivilDay) -> Bool { state(kind, on: day) == .filled }

    /// Whether all slots were filled on the day. False when the pack has no slots.
    package func isFull(on day: CivilDay) -> Bool {
        !lines.isEmpty && lines.allSatisfy { $0.filled.contains { $0.contains(day) } }
    }

    /// First day of the gap in which `day` lies; nil when somebody holds the slot that day, all details on record or not.
    ///
    /// A gap is counted from the day the slot was left, but not from before the status began or the pack came into
    /// force, because before that nobody owed a helper.
    package func gapStart(
        _ kind: PairingKind, on day: CivilDay, dutyFrom: CivilDay
    ) -> CivilDay? {
        guard let line = lines.first(where: { $0.kind == kind }), !line.held.contains(where: { $0.contains(day) })
        else { return nil }
        let left = line.held.last { $0.start <= day }?.end
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

    /// The days of a tenure on which its helper did not already hold another personal slot.
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

import CareDomain

/// When a family's slots had to be filled, up to a day.
struct SlotDuty {
    /// The stretches in order of days, none of which begins after the day; one that ends after it has no end yet.
    let periods: [DayPeriod]
    /// Whether the duty holds on the day.
    let isRunning: Bool
    let clause: ClauseID?
    /// Who carries it.
    let department: DepartmentID?

    /// - Source: CZ-2.14a 四个结对
    init(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy) {
        clause = policy.pairing?.clause
        let made = clause.flatMap { clause in
            household.determinations.first { $0.made.clause == clause && $0.made.subject == .household }
        }
        department = policy.pairing.flatMap { $0.owner ?? made?.made.department }
        var last: CivilDay?
        switch household.status {
        case .active: break
        case .closed(let day, _), .absorbed(_, let day): last = min(day, today)
        case .absent, .registeredInError: last = today
        }
        var found: [DayPeriod] = []
        if let clause {
            found = NotifierRules.dutyIntervals(of: clause, household)
        } else if let registeredOn = household.registeredOn {
            found = [DayPeriod(start: registeredOn)]
        }
        periods = found.compactMap { period in
            guard period.start <= today else { return nil }
            let known = DayPeriod(start: period.start, end: period.end.flatMap { $0 <= today ? $0 : nil })
            guard let last else { return known }
            let cut = DayPeriod(start: known.start, end: min(known.end ?? last, last))
            return cut.isEmpty ? nil : cut
        }
        isRunning = periods.last.map { $0.end == nil } ?? false
    }
}

/// Who held a slot when, and when nobody did though somebody had to, as the record has it up to a day.
struct SlotHistory {
    /// A stretch on which the slot was empty.
    struct Gap: Hashable {
        /// First day.
        let from: CivilDay
        /// First day after it; nil while it lasts.
        let end: CivilDay?
        /// Who ended it; nil while it lasts, and where the duty ended.
        let filledBy: PairingTenure?
    }

    /// How a gap ended.
    struct Closing: Hashable {
        /// First day of the gap.
        let from: CivilDay
        /// First day after it.
        let day: CivilDay
        /// Who filled it; nil when nobody is due any more.
        let helper: PairingTenure?
    }

    /// In order of days.
    let gaps: [Gap]
    /// Those who count, in order of their first days.
    private let tenures: [PairingTenure]
    private let duty: SlotDuty

    init(_ kind: PairingKind, _ household: Household, _ duty: SlotDuty, _ today: CivilDay, needsRealName: Bool) {
        let tenures = household.pairings.compactMap { tenure -> PairingTenure? in
            guard tenure.kind == kind, let days = tenure.period(with: needsRealName ? [.name] : []),
                days.start <= today
            else { return nil }
            var counted = tenure
            counted.period = days
            return counted
        }.sorted { ($0.period.start, $0.startedBy.sequence) < ($1.period.start, $1.startedBy.sequence) }
        self.tenures = tenures
        self.duty = duty
        gaps = duty.periods.flatMap { Self.gaps(in: $0, between: tenures, today) }
    }

    private static func gaps(in period: DayPeriod, between tenures: [PairingTenure], _ today: CivilDay) -> [Gap] {
        var gaps: [Gap] = []
        // First day on which nobody is known to hold the slot; nil once somebody holds it to this day.
        var free: CivilDay? = period.start
        for tenure in tenures {
            guard let from = free else { break }
            if let end = period.end, tenure.period.start >= end { break }
            if let end = tenure.period.end, end <= from { continue }
            if tenure.period.start > from { gaps.append(Gap(from: from, end: tenure.period.start, filledBy: tenure)) }
            free = tenure.period.end.flatMap { $0 <= today ? $0 : nil }
        }
        if let from = free, period.end.map({ from < $0 }) ?? true {
            gaps.append(Gap(from: from, end: period.end, filledBy: nil))
        }
        return gaps
    }

    /// How a gap ended that was told to begin on a day, and the place of the first gap after it; nil while it lasts, also
    /// where the record now has it begin on another day.
    func closing(ofGapToldFrom told: CivilDay, today: CivilDay) -> (end: Closing, next: Int)? {
        let place = gaps.firstIndex { gap in gap.end.map { $0 > told } ?? true }
        let until = place.map { gaps[$0].from }
        let keeper = tenures.last { $0.period.contains(told) }
        let comer = tenures.first { tenure in
            tenure.period.start >= told && until.map { tenure.period.start < $0 } ?? true
        }
        // The same gap, also where it begins later by now since the one before stayed longer.
        if let place, gaps[place].from <= told || (keeper != nil && comer == nil) {
            guard let end = gaps[place].end else { return nil }
            return (Closing(from: gaps[place].from, day: end, helper: gaps[place].filledBy), place + 1)
        }
        // By the record of today there was no gap on that day.
        let next = place ?? gaps.endIndex
        if let helper = keeper ?? comer {
            return (Closing(from: told, day: max(told, helper.period.start), helper: helper), next)
        }
        let ends = duty.periods.compactMap(\.end).filter { $0 <= until ?? today }
        return (Closing(from: told, day: max(told, ends.max() ?? until ?? today), helper: nil), next)
    }
}

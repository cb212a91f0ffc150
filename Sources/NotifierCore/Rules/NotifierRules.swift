import CareDomain

/// Which notices a household's state asks for on a day. Pure: the same state, day and policy give the same notices.
///
/// A notice is raised once per key. The household's own notices say what was raised before, so the answer to the same
/// question after the notices were appended is empty, however often and from wherever it is asked.
package enum NotifierRules {
    /// The notices due on `today` that have not been raised, in a fixed order.
    ///
    /// What an event began (a gap, a handover) and what a day began (a feast, a review, a coming right) come out alike.
    package static func notices(for household: Household, today: CivilDay, policy: NoticePolicy) -> [NoticeRaised] {
        var found = RaisedNotices(household)
        guard isOpen(household, on: today) else {
            // A file that is not opened yet has no gaps; of a closed one they are told to be over.
            if case .active = household.status { return [] }
            endedGaps(household, today, policy, &found)
            return found.new
        }
        gaps(household, today, policy, &found)
        handovers(household, today, policy, &found)
        visits(household, today, policy, &found)
        reviews(household, today, policy, &found)
        rights(household, today, policy, &found)
        return found.new
    }

    /// The first day after `today` on which, without any further event, another notice may become due.
    ///
    /// Nil when no day by itself changes anything. May name a day that turns out to ask for nothing, never misses one.
    package static func nextDueDay(for household: Household, after today: CivilDay, policy: NoticePolicy) -> CivilDay? {
        guard case .active = household.status, let registeredOn = household.registeredOn else { return nil }
        var days: [CivilDay] = [registeredOn]
        for tenure in household.pairings { days += [tenure.period.start, tenure.period.end].compactMap { $0 } }
        for duty in [policy.pairing, policy.visiting].compactMap({ $0 }) {
            for interval in dutyIntervals(of: duty.clause, household) {
                days += [interval.start, interval.end].compactMap { $0 }
            }
        }
        for member in household.members {
            if let last = member.disabilities.last?.validThrough { days.append(last - policy.reviewLeadDays) }
        }
        for right in beginnings(household, policy) { days.append(right.day - policy.rightLeadDays) }
        for holiday in policy.holidays {
            let next = Festival.named(holiday.code)?.next(onOrAfter: today + policy.visitLeadDays + 1)
            if let next { days.append(next.start - policy.visitLeadDays) }
        }
        // The division may change, and with it the policy, on a day that was recorded in advance.
        days += household.residences.map(\.from)
        return days.filter { $0 > today }.min()
    }

    static func isOpen(_ household: Household, on day: CivilDay) -> Bool {
        guard case .active = household.status, let registeredOn = household.registeredOn else { return false }
        return registeredOn <= day
    }

    /// Since when a duty to the household has run without a break, on `today`, and who carries it; nil = no duty now. It may
    /// have begun before the file was made, as page and lists say.
    static func duty(
        _ duty: NoticePolicy.DutyNotice?, _ household: Household, _ today: CivilDay
    ) -> RunningDuty? {
        guard let registeredOn = household.registeredOn else { return nil }
        guard let duty else { return RunningDuty(since: registeredOn, clause: nil, department: nil) }
        guard let running = dutyIntervals(of: duty.clause, household).first(where: { $0.contains(today) }) else {
            return nil
        }
        let made = household.determinations.first { $0.made.clause == duty.clause && $0.made.subject == .household }
        return RunningDuty(
            since: running.start, clause: duty.clause,
            department: duty.owner ?? made?.made.department)
    }

    /// The stretches on which a clause holds for the household, adjoining ones joined.
    static func dutyIntervals(of clause: ClauseID, _ household: Household) -> [DayPeriod] {
        let made = household.determinations.first { $0.made.clause == clause && $0.made.subject == .household }
        return made.map { joinedRights($0.made) } ?? []
    }

    /// The stretches on which a determination gives a right, adjoining ones joined whatever their amounts.
    static func joinedRights(_ made: DeterminationMade) -> [DayPeriod] {
        let given = made.intervals.filter { $0.status == .entitled || $0.status == .proposed }
        var joined: [DayPeriod] = []
        for interval in given.sorted(by: { $0.period.start < $1.period.start }) where !interval.period.isEmpty {
            if let last = joined.last, last.end.map({ $0 >= interval.period.start }) ?? true {
                let ends = [last.end, interval.period.end]
                let end = ends.contains(nil) ? nil : ends.compactMap { $0 }.max()
                joined[joined.count - 1] = DayPeriod(start: last.start, end: end)
            } else {
                joined.append(interval.period)
            }
        }
        return joined
    }
}

/// A duty to a household on a day.
struct RunningDuty {
    /// Since when it has run without a break.
    let since: CivilDay
    let clause: ClauseID?
    /// Who carries it.
    let department: DepartmentID?
}

/// The notices a household already has and the new ones found, kept apart by key.
struct RaisedNotices {
    private(set) var new: [NoticeRaised] = []
    private var keys: Set<String>

    init(_ household: Household) { keys = Set(household.notices.map(\.raised.key)) }

    /// Adds a notice unless its key was raised before.
    mutating func add(_ notice: NoticeRaised) {
        guard keys.insert(notice.key).inserted else { return }
        new.append(notice)
    }

    /// Adds a notice that is known to be a new occurrence: when its key was raised before, a number makes it another.
    mutating func addAgain(_ notice: NoticeRaised) {
        var notice = notice
        let base = notice.key
        var number = 2
        while keys.contains(notice.key) {
            notice.key = "\(base)/\(number)"
            number += 1
        }
        add(notice)
    }
}

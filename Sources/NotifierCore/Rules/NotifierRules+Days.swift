import CareDomain

extension NotifierRules {
    /// Visits on major holidays, from the lead day to the last day of the feast, unless one is on record.
    ///
    /// - Source: CZ-2.14b 重大节假日走访慰问; Date words 重大节假日
    static func visits(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices)
    {
        guard let duty = duty(policy.visiting, household, today) else { return }
        for holiday in policy.holidays {
            guard let festival = Festival.named(holiday.code),
                let feast = nearest(festival, today: today, lead: policy.visitLeadDays),
                !isVisited(household, holiday.code, feast, policy)
            else { continue }
            found.add(
                NoticeRaised(
                    kind: NoticeKind.visitDue.code,
                    key: "\(NoticeKind.visitDue.rawValue)/\(holiday.code)/\(feast.start)", subject: .household,
                    dueOn: feast.end.map { $0 - 1 }, department: duty.department, clause: duty.clause,
                    details: [
                        FormAnswer(field: NoticeField.holiday, value: .code(holiday.code)),
                        FormAnswer(field: NoticeField.day, value: .day(feast.start)),
                    ]))
        }
    }

    /// The feast whose visits are open today: begun at most, not over, and no further away than the lead days.
    private static func nearest(_ festival: Festival, today: CivilDay, lead: Int32) -> DayPeriod? {
        // A feast of next year's calendar may fall in this December, and one of this January is this year's.
        (today.year - 1...today.year + 1).lazy.compactMap { festival.period(year: $0) }
            .first { $0.start - lead <= today && $0.end.map { today < $0 } ?? false }
    }

    /// Whether a holiday visit counts for this feast: one that names it, in the month before or during it; one that
    /// names none, within the lead days or during it.
    private static func isVisited(
        _ household: Household, _ holiday: Code, _ feast: DayPeriod, _ policy: NoticePolicy
    ) -> Bool {
        household.visits.contains {
            guard $0.visit.kind.rawValue == "holiday" else { return false }
            let lead: Int32 = $0.visit.holiday == nil ? policy.visitLeadDays : max(30, policy.visitLeadDays)
            let counts = $0.visit.holiday == nil || $0.visit.holiday == holiday
            return counts && DayPeriod(start: feast.start - lead, end: feast.end).contains($0.day)
        }
    }

    /// Disability certificates that run out, while no later assessment is on record.
    static func reviews(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices)
    {
        for member in household.members where member.presence.contains(today) {
            guard let last = member.disabilities.last, let validThrough = last.validThrough,
                today >= validThrough - policy.reviewLeadDays
            else { continue }
            found.add(
                NoticeRaised(
                    kind: NoticeKind.reviewDue.code,
                    key: "\(NoticeKind.reviewDue.rawValue)/\(member.id)/\(validThrough)", subject: .person(member.id),
                    dueOn: validThrough, department: policy.reviewing?.owner, clause: policy.reviewing?.clause,
                    details: [FormAnswer(field: NoticeField.grade, value: .int(Int64(last.grade)))]))
        }
    }

    /// Rights that begin soon, as the determinations say: a 49th or 60th birthday stands in them as a future interval.
    static func rights(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices)
    {
        for right in beginnings(household, policy) {
            guard today >= right.day - policy.rightLeadDays, today < right.day + policy.rightLeadDays else { continue }
            let subject: String =
                switch right.made.subject {
                case .household: "household"
                case .person(let person): person.description
                case .incident(let incident): "incident-\(incident.sequence)"
                }
            var details = [
                FormAnswer(field: NoticeField.day, value: .day(right.day)),
                FormAnswer(field: NoticeField.cadence, value: .code(right.made.cadence)),
            ]
            if let amount = right.amount {
                details.append(FormAnswer(field: NoticeField.amount, value: .money(amount)))
            }
            found.add(
                NoticeRaised(
                    kind: NoticeKind.rightBegins.code,
                    key: "\(NoticeKind.rightBegins.rawValue)/\(right.made.clause)/\(subject)/\(right.day)",
                    subject: right.made.subject, dueOn: right.day, department: right.made.department,
                    clause: right.made.clause,
                    details: details))
        }
    }

    /// One beginning of a right.
    struct Beginning {
        let made: DeterminationMade
        let day: CivilDay
        let amount: Fen?
    }

    /// Rights that lay in the future when they were determined; what was already running then is no news.
    static func beginnings(_ household: Household, _ policy: NoticePolicy) -> [Beginning] {
        let duties = policy.dutyClauses.union([policy.pairing, policy.visiting].compactMap { $0?.clause })
        return household.determinations.filter { !duties.contains($0.made.clause) }.flatMap { determination in
            joinedRights(determination.made).filter { $0.start > determination.recordedAt.day }.map { period in
                let first = determination.made.intervals.first { $0.period.start == period.start && $0.amount != nil }
                return Beginning(made: determination.made, day: period.start, amount: first?.amount)
            }
        }
    }
}

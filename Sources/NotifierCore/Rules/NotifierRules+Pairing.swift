import CareDomain

extension NotifierRules {
    /// Gaps that opened or closed: a slot is empty when nobody, by the default reading nobody with a real name, holds it.
    ///
    /// - Source: CZ-2.14a 四个结对
    static func gaps(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices) {
        guard let duty = duty(policy.pairing, household, today) else {
            return endedGaps(household, today, policy, &found)
        }
        for slot in policy.slots {
            let tenures = household.pairings.filter {
                $0.kind == slot.kind && ($0.helper.hasRealName || !policy.needsRealName) && !$0.period.isEmpty
            }
            let open = openGap(of: slot.kind, in: household)
            if let holder = tenures.last(where: { $0.period.contains(today) }) {
                if let open { found.addAgain(closed(slot.kind, gap: open, by: holder, duty)) }
                continue
            }
            let lastEnd = tenures.compactMap(\.period.end).filter { $0 <= today }.max()
            let gap = max(lastEnd ?? duty.since, duty.since)
            guard let open else {
                found.addAgain(opened(slot.kind, gap: gap, duty))
                continue
            }
            // Announced before. It is another gap only when somebody held the slot in between, or the duty itself
            // ended and began again; a corrected day of the same gap is no news.
            guard gap > open else { continue }
            if let between = tenures.last(where: { $0.period.start >= open && $0.period.start < gap }) {
                found.addAgain(closed(slot.kind, gap: open, by: between, duty))
                found.addAgain(opened(slot.kind, gap: gap, duty))
            } else if duty.since > open {
                let ended = dutyEnd(policy.pairing, household, before: duty.since) ?? duty.since
                found.addAgain(Self.ended(slot.kind, gap: open, on: ended, policy))
                found.addAgain(opened(slot.kind, gap: gap, duty))
            }
        }
    }

    /// Closes the gaps of a family to which no helper is due any more: its status ended, its file was closed. At the next
    /// status a gap is a new one.
    static func endedGaps(
        _ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices
    ) {
        var kinds: [PairingKind] = []
        for notice in household.notices where notice.raised.kind == NoticeKind.gapOpened.code {
            guard let slot = notice.raised.code(NoticeField.slot) else { continue }
            let kind = PairingKind(unchecked: slot.rawValue)
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        guard !kinds.isEmpty else { return }
        let closed: CivilDay? =
            switch household.status {
            case .closed(let day, _), .absorbed(_, let day): day <= today ? day : nil
            case .absent, .active, .registeredInError: nil
            }
        let ended = [closed, dutyEnd(policy.pairing, household, before: today + 1)].compactMap { $0 }.min() ?? today
        for kind in kinds {
            guard let open = openGap(of: kind, in: household) else { continue }
            found.addAgain(Self.ended(kind, gap: open, on: max(open, ended), policy))
        }
    }

    /// The last day before which the duty ended, as the first day without it; nil when it never did.
    private static func dutyEnd(
        _ duty: NoticePolicy.DutyNotice?, _ household: Household, before day: CivilDay
    ) -> CivilDay? {
        guard let duty else { return nil }
        return dutyIntervals(of: duty.clause, household).compactMap(\.end).filter { $0 < day }.max()
    }

    /// First day of the slot's gap that was announced as open and not as closed; nil when there is none.
    private static func openGap(of kind: PairingKind, in household: Household) -> CivilDay? {
        let last = household.notices.last {
            let isGap = $0.raised.kind == NoticeKind.gapOpened.code || $0.raised.kind == NoticeKind.gapClosed.code
            return isGap && $0.raised.code(NoticeField.slot)?.rawValue == kind.rawValue
        }
        guard let last, last.raised.kind == NoticeKind.gapOpened.code else { return nil }
        return last.raised.day(NoticeField.gapFrom)
    }

    private static func opened(_ kind: PairingKind, gap: CivilDay, _ duty: RunningDuty) -> NoticeRaised {
        NoticeRaised(
            kind: NoticeKind.gapOpened.code, key: "\(NoticeKind.gapOpened.rawValue)/\(kind)/\(gap)",
            subject: .household, department: duty.department, clause: duty.clause,
            details: [
                FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: kind.rawValue))),
                FormAnswer(field: NoticeField.gapFrom, value: .day(gap)),
            ])
    }

    private static func closed(
        _ kind: PairingKind, gap: CivilDay, by tenure: PairingTenure, _ duty: RunningDuty
    ) -> NoticeRaised {
        NoticeRaised(
            kind: NoticeKind.gapClosed.code, key: "\(NoticeKind.gapClosed.rawValue)/\(kind)/\(gap)",
            subject: .household, department: duty.department, clause: duty.clause,
            details: [
                FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: kind.rawValue))),
                FormAnswer(field: NoticeField.gapFrom, value: .day(gap)),
                FormAnswer(field: NoticeField.day, value: .day(tenure.period.start)),
            ],
            persons: [tenure.helper.id])
    }

    /// Nobody holds the slot, and nobody has to: closed without a helper.
    private static func ended(
        _ kind: PairingKind, gap: CivilDay, on day: CivilDay, _ policy: NoticePolicy
    ) -> NoticeRaised {
        NoticeRaised(
            kind: NoticeKind.gapClosed.code, key: "\(NoticeKind.gapClosed.rawValue)/\(kind)/\(gap)",
            subject: .household, department: policy.pairing?.owner, clause: policy.pairing?.clause,
            details: [
                FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: kind.rawValue))),
                FormAnswer(field: NoticeField.gapFrom, value: .day(gap)),
                FormAnswer(field: NoticeField.day, value: .day(day)),
            ])
    }

    /// Slots that passed from one helper to another, the old and the new one named by id.
    ///
    /// The key holds the event and both helpers: a corrected day is no news, a corrected helper is.
    static func handovers(
        _ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices
    ) {
        for new in household.pairings where new.period.start > today - policy.handoverWindowDays {
            let old = household.pairings.first {
                $0.kind == new.kind && $0.endedBy == new.startedBy && $0.period.end == new.period.start
            }
            guard let old else { continue }
            let event = new.startedBy.sequence
            found.add(
                NoticeRaised(
                    kind: NoticeKind.handover.code,
                    key: "\(NoticeKind.handover.rawValue)/\(new.kind)/\(event)/\(old.helper.id)/\(new.helper.id)",
                    subject: .household, department: policy.pairing?.owner, clause: policy.pairing?.clause,
                    details: [
                        FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: new.kind.rawValue))),
                        FormAnswer(field: NoticeField.day, value: .day(new.period.start)),
                    ],
                    persons: [old.helper.id, new.helper.id]))
        }
    }
}

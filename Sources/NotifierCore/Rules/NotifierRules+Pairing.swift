import CareDomain

extension NotifierRules {
    /// Gaps that opened or closed: a slot is empty when nobody, by the default reading nobody with a real name, holds it.
    /// Somebody of whom only unit or telephone are lacking (资料不全) is there: that opens no gap and keeps none open.
    ///
    /// Every gap that the record has by the days on which things happened is told once as opened and, where it ended, once
    /// as closed, in the order of days and however much arrived at a time: a handover long after a gap was filled does not
    /// move the day on which it was filled. Only before the first gap of a slot was told, what ended `gapWindowDays` ago
    /// or earlier is history, as imported files bring it, and announced to nobody.
    ///
    /// - Source: CZ-2.14a 四个结对
    static func gaps(_ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices) {
        let duty = SlotDuty(household, today, policy)
        for slot in policy.slots { gaps(of: slot.kind, duty, household, today, policy, &found) }
        guard !duty.isRunning else { return }
        for kind in announcedKinds(of: household) where !policy.slots.contains(where: { $0.kind == kind }) {
            gaps(of: kind, duty, household, today, policy, &found)
        }
    }

    /// Closes the gaps of a family to which no helper is due any more since its file is closed. At the next status a gap is
    /// a new one.
    static func endedGaps(
        _ household: Household, _ today: CivilDay, _ policy: NoticePolicy, _ found: inout RaisedNotices
    ) {
        let duty = SlotDuty(household, today, policy)
        for kind in announcedKinds(of: household) { gaps(of: kind, duty, household, today, policy, &found) }
    }

    /// The slots of which a gap was announced, in the order of the first announcement.
    private static func announcedKinds(of household: Household) -> [PairingKind] {
        var kinds: [PairingKind] = []
        for notice in household.notices where notice.raised.kind == NoticeKind.gapOpened.code {
            guard let slot = notice.raised.code(NoticeField.slot) else { continue }
            let kind = PairingKind(unchecked: slot.rawValue)
            if !kinds.contains(kind) { kinds.append(kind) }
        }
        return kinds
    }

    private static func gaps(
        of kind: PairingKind, _ duty: SlotDuty, _ household: Household, _ today: CivilDay, _ policy: NoticePolicy,
        _ found: inout RaisedNotices
    ) {
        let slot = SlotHistory(kind, household, duty, today, needsRealName: policy.needsRealName)
        var following = slot.gaps[...]
        switch lastTold(of: kind, in: household) {
        case nil:
            guard duty.isRunning else { return }
            following = following.drop { gap in gap.end.map { $0 <= today - policy.gapWindowDays } ?? false }
        case .open(let from):
            guard let (end, next) = slot.closing(ofGapToldFrom: from, today: today) else { return }
            found.addAgain(closed(kind, told: from, end, duty))
            following = slot.gaps[next...]
        case .closed(let day):
            // One that begins earlier was told, or the record was put right since; it is news again while it lasts.
            following = following.drop { gap in gap.from < day && gap.end != nil }
        }
        for gap in following {
            found.addAgain(opened(kind, gap: gap.from, duty))
            guard let end = gap.end else { continue }
            found.addAgain(closed(kind, told: gap.from, .init(from: gap.from, day: end, helper: gap.filledBy), duty))
        }
    }

    /// What was last told of a slot.
    private enum ToldGap {
        /// A gap opened on this day.
        case open(CivilDay)
        /// Its gap closed on this day.
        case closed(CivilDay)
    }

    private static func lastTold(of kind: PairingKind, in household: Household) -> ToldGap? {
        let last = household.notices.last {
            let isGap = $0.raised.kind == NoticeKind.gapOpened.code || $0.raised.kind == NoticeKind.gapClosed.code
            return isGap && $0.raised.code(NoticeField.slot)?.rawValue == kind.rawValue
        }
        guard let raised = last?.raised else { return nil }
        if raised.kind == NoticeKind.gapOpened.code { return raised.day(NoticeField.gapFrom).map { .open($0) } }
        return raised.day(NoticeField.day).map { .closed($0) }
    }

    private static func opened(_ kind: PairingKind, gap: CivilDay, _ duty: SlotDuty) -> NoticeRaised {
        NoticeRaised(
            kind: NoticeKind.gapOpened.code, key: "\(NoticeKind.gapOpened.rawValue)/\(kind)/\(gap)",
            subject: .household, department: duty.department, clause: duty.clause,
            details: [
                FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: kind.rawValue))),
                FormAnswer(field: NoticeField.gapFrom, value: .day(gap)),
            ])
    }

    /// Closed by a helper, or without one where nobody holds the slot and nobody has to. The key holds the day that was
    /// told when the gap opened, the details hold the gap as the record has it now.
    private static func closed(
        _ kind: PairingKind, told: CivilDay, _ end: SlotHistory.Closing, _ duty: SlotDuty
    ) -> NoticeRaised {
        NoticeRaised(
            kind: NoticeKind.gapClosed.code, key: "\(NoticeKind.gapClosed.rawValue)/\(kind)/\(told)",
            subject: .household, department: duty.department, clause: duty.clause,
            details: [
                FormAnswer(field: NoticeField.slot, value: .code(Code(unchecked: kind.rawValue))),
                FormAnswer(field: NoticeField.gapFrom, value: .day(end.from)),
                FormAnswer(field: NoticeField.day, value: .day(end.day)),
            ],
            persons: end.helper.map { [$0.helper.id] } ?? [])
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

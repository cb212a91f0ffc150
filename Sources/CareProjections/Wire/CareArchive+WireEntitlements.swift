import CareDomain
import CareWire

extension CareArchive.EntitlementLine {
    var wire: Care_V1_EntitlementLine {
        var wire = Care_V1_EntitlementLine()
        wire.clause = clause.rawValue
        wire.title = title
        wire.subject = subject.wire
        wire.status = status.wireStatus
        wire.rightHolds = rightHolds
        set(period) { wire.period = $0.wirePeriod }
        set(amount) { wire.amountFen = $0.amount }
        set(standard) { wire.standardFen = $0.amount }
        wire.amountType = amountType.rawValue
        set(hoursThousandths) { wire.hoursThousandths = $0 }
        set(hourlyRate) { wire.hourlyRateFen = $0.amount }
        wire.cadence = cadence.word
        wire.monthRule = monthRule.rawValue
        wire.payers = payers.map(\.wire)
        set(department) { wire.department = $0.word }
        wire.missingNames = missing
        wire.missingTexts = missingTexts
        wire.reasonTexts = reasons
        wire.differenceFen = difference.amount
        wire.changes = changes.map(\.wireChange)
        wire.standingArrearsFen = standingArrears.amount
        wire.standingRecoveryFen = standingRecovery.amount
        wire.standingAwaitingDecisionFen = standingAwaiting.amount
        wire.lefts = lefts.map(\.wire)
        set(next) { next in
            wire.next.day = next.day.dayNumber
            wire.next.status = next.status.wireStatus
            set(next.amount) { wire.next.amountFen = $0.amount }
        }
        wire.packVersion = pack
        wire.sequence = sequence
        wire.factSequences = facts
        set(decision) { wire.decisionSequence = $0 }
        return wire
    }

    init(_ wire: Care_V1_EntitlementLine) throws(PageError) {
        guard let clause = ClauseID(wire.clause) else { throw PageError("entitlements.clause") }
        guard let amountType = AmountType(rawValue: wire.amountType) else {
            throw PageError("entitlements.amount_type")
        }
        guard let monthRule = MonthRule(rawValue: wire.monthRule) else { throw PageError("entitlements.month_rule") }
        var next: Next?
        if wire.hasNext {
            next = Next(
                day: CivilDay(dayNumber: wire.next.day), status: try .init(wireStatus: wire.next.status),
                amount: wire.next.hasAmountFen ? Fen(wire.next.amountFen) : nil)
        }
        self.init(
            clause: clause, title: wire.title, subject: try .init(wire.subject),
            status: try .init(wireStatus: wire.status), rightHolds: wire.rightHolds,
            period: wire.hasPeriod ? DayPeriod(wire.period) : nil,
            amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil,
            standard: wire.hasStandardFen ? Fen(wire.standardFen) : nil, amountType: amountType,
            hoursThousandths: wire.hasHoursThousandths ? wire.hoursThousandths : nil,
            hourlyRate: wire.hasHourlyRateFen ? Fen(wire.hourlyRateFen) : nil, cadence: .init(wire.cadence),
            monthRule: monthRule, payers: wire.payers.map(Payer.init),
            department: .init(wire.department, ifSet: wire.hasDepartment), missing: wire.missingNames,
            missingTexts: wire.missingTexts, reasons: wire.reasonTexts,
            changes: wire.changes.map(DueChange.init(page:)),
            standingArrears: Fen(wire.standingArrearsFen), standingRecovery: Fen(wire.standingRecoveryFen),
            standingAwaiting: Fen(wire.standingAwaitingDecisionFen), lefts: wire.lefts.map(Left.init), next: next,
            pack: wire.packVersion, sequence: wire.sequence,
            facts: wire.factSequences, decision: wire.hasDecisionSequence ? wire.decisionSequence : nil)
    }
}

extension CareArchive.EntitlementLine.Payer {
    fileprivate var wire: Care_V1_EntitlementLine.Payer {
        var wire = Care_V1_EntitlementLine.Payer()
        wire.payer = payer.word
        wire.parts = UInt32(clamping: parts)
        set(amount) { wire.amountFen = $0.amount }
        return wire
    }

    fileprivate init(_ wire: Care_V1_EntitlementLine.Payer) {
        self.init(
            payer: .init(wire.payer), parts: Int64(wire.parts), amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil)
    }
}

extension CareArchive.EntitlementLine.Left {
    fileprivate var wire: Care_V1_EntitlementLine.Left {
        var wire = Care_V1_EntitlementLine.Left()
        set(division) { wire.division = $0.rawValue }
        wire.divisionTextZh = text
        wire.firstMonth = first.wireIndex
        wire.lastMonth = last.wireIndex
        wire.arrearsFen = arrears.amount
        wire.recoveryFen = recovery.amount
        wire.awaitingDecisionFen = awaiting.amount
        return wire
    }

    fileprivate init(_ wire: Care_V1_EntitlementLine.Left) {
        self.init(
            division: wire.hasDivision ? DivisionCode(wire.division) : nil, text: wire.divisionTextZh,
            first: CivilMonth(wireIndex: wire.firstMonth), last: CivilMonth(wireIndex: wire.lastMonth),
            arrears: Fen(wire.arrearsFen), recovery: Fen(wire.recoveryFen),
            awaiting: Fen(wire.awaitingDecisionFen))
    }
}

extension DueChange {
    fileprivate var wireChange: Care_V1_DueChange {
        var wire = Care_V1_DueChange()
        wire.firstMonth = first.wireIndex
        wire.lastMonth = last.wireIndex
        wire.beforeFen = before.amount
        wire.afterFen = after.amount
        return wire
    }

    fileprivate init(page wire: Care_V1_DueChange) {
        self.init(
            first: CivilMonth(wireIndex: wire.firstMonth), last: CivilMonth(wireIndex: wire.lastMonth),
            before: Fen(wire.beforeFen), after: Fen(wire.afterFen))
    }
}

extension CareArchive.AwardLine {
    var wire: Care_V1_AwardLine {
        var wire = Care_V1_AwardLine()
        wire.sequence = sequence
        wire.clause = clause.rawValue
        wire.title = title
        wire.subject = subject.wire
        switch outcome {
        case .granted: wire.outcome = .granted
        case .refused: wire.outcome = .refused
        case .held: wire.outcome = .held
        case .excepted: wire.outcome = .excepted
        case .revoked: wire.outcome = .revoked
        }
        set(outcome.amount) { wire.amountFen = $0.amount }
        wire.period = period.wirePeriod
        wire.reason = reason.word
        wire.decidedOn = decidedOn.dayNumber
        set(by) { wire.decidedBy = $0 }
        set(secondApprover) { wire.secondApprover = $0 }
        set(revokedFrom) { wire.revokedFrom = $0.dayNumber }
        set(revokedBy) { wire.revokedBySequence = $0 }
        set(text) { wire.text = $0 }
        return wire
    }

    init(_ wire: Care_V1_AwardLine) throws(PageError) {
        guard let clause = ClauseID(wire.clause) else { throw PageError("awards.clause") }
        let amount = wire.hasAmountFen ? Fen(wire.amountFen) : nil
        let outcome: AwardDecided.Outcome
        switch (wire.outcome, amount) {
        case (.granted, let amount?): outcome = .granted(amount)
        case (.refused, _): outcome = .refused
        case (.held, _): outcome = .held
        case (.excepted, _): outcome = .excepted(amount)
        default: throw PageError("awards.outcome")
        }
        self.init(
            sequence: wire.sequence, clause: clause, title: wire.title, subject: try .init(wire.subject),
            outcome: outcome, period: DayPeriod(wire.period), reason: .init(wire.reason),
            decidedOn: CivilDay(dayNumber: wire.decidedOn), by: wire.hasDecidedBy ? wire.decidedBy : nil,
            secondApprover: wire.hasSecondApprover ? wire.secondApprover : nil,
            revokedFrom: day(wire.revokedFrom, ifSet: wire.hasRevokedFrom),
            revokedBy: wire.hasRevokedBySequence ? wire.revokedBySequence : nil,
            text: wire.hasText ? wire.text : nil)
    }
}

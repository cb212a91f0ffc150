extension LoanCase {
    /// Decides what is asked of a case. Pure; a command that was carried out before never reaches this.
    package func decide(
        _ action: LoanAction, on day: CivilDay, in context: LendingContext
    ) throws(Refusal) -> LoanEvent {
        if case .apply(let applied) = action { return try apply(applied, on: day, context) }
        guard let application else { throw Refusal(.unknownLoan) }
        try context.policy.checkSight(
            of: .loan, context.department, in: Set([application.content.division].compactMap { $0 }),
            today: context.today)
        if let function = action.function {
            let place = action.movesMoney ? context.fund?.scope?.division : application.content.division
            try context.policy.checkOffice(function, of: context.department, in: place)
            try checkSeparation(action, by: context.actor)
        }
        if let act = action.ownedAct {
            try context.policy.checkOwner(of: act, context.department, in: application.content.division)
        }
        guard application.on <= day else { throw Refusal(.dayOrder, field: "occurred_on", detail: "\(application.on)") }
        try checkFileIsOpen(for: action, context)
        switch action {
        case .apply: throw Refusal(.loanState)
        case .review(let reviewed): return try review(reviewed, application.content, on: day, context)
        case .guarantee(let committee, let paper):
            try checkState([.reviewing, .approved], clause: .guarantee)
            try checkMotherLives(on: day, context)
            // The committee of the village where she lives, and of no other.
            guard mode == .revolvingLoan, committee.rawValue.utf8.count == 12,
                application.content.division.map({ committee.isWithin($0) }) ?? true
            else {
                throw Refusal(
                    .loanGuarantee, field: "committee",
                    detail: "\(committee) ≠ \(application.content.division?.rawValue ?? "")", clause: .guarantee)
            }
            return .guaranteed(committee: committee, paper: paper)
        case .sign(let party, let schedule): return try sign(party, schedule, on: day, context)
        case .inform:
            try checkState([.reviewing, .approved], clause: .informed)
            guard informedOn == nil else { throw Refusal(.nothingToDo) }
            try checkMotherLives(on: day, context)
            return .informed
        case .nameHelper(let code):
            try checkState([.reviewing, .approved, .running, .given], clause: nil)
            guard helper != code else { throw Refusal(.nothingToDo) }
            return .helperNamed(code)
        case .disburse: return .disbursed(try payable(on: day, context))
        case .repay(let amount, let receipt): return try repay(amount, receipt, on: day)
        case .proposeWriteOff(let reason):
            try checkState([.running], clause: .repayment)
            // A proposal is for the rest that it named: of another rest another one is made.
            guard writeOffProposal?.content.rest != rest else { throw Refusal(.nothingToDo) }
            try check(day, notBefore: payout?.on)
            return .writeOffProposed(reason)
        case .writeOff: return try writeOff(on: day, context)
        case .stage(let stage):
            try checkState([.reviewing, .approved, .running, .settled, .given, .writtenOff], clause: .stages)
            guard self.stage(on: day) != stage else { throw Refusal(.nothingToDo) }
            return .staged(stage)
        case .assessExit(let isOut, let basis):
            guard let payout, payout.on <= day else {
                throw Refusal(
                    .loanState, detail: latest.rawValue, words: latest.chinese, clause: .exitRate)
            }
            guard isOut != (self.isOut(on: day) ?? false) else { throw Refusal(.nothingToDo) }
            return .exitAssessed(isOut: isOut, basis: basis)
        case .withdraw(let reason):
            try checkState([.reviewing, .approved], clause: nil)
            return .withdrawn(reason)
        case .reverse(let entry, let reason): return try reverse(entry, reason, on: day, by: context.actor)
        }
    }

    /// Nobody who holds another function on the case does this.
    func checkSeparation(_ action: LoanAction, by actor: Code?) throws(Refusal) {
        guard let function = action.function, let actor else { return }
        try function.checkAlone(actor, .review) { holders(of: $0) }
    }

    /// In a file that was closed nothing goes on toward a payout: the case can be turned down or taken back. What was lent is
    /// repaid, collected and written off as before.
    private func checkFileIsOpen(for action: LoanAction, _ context: LendingContext) throws(Refusal) {
        switch action {
        case .review(let reviewed) where !reviewed.isPassed: return
        case .nameHelper where latest == .running || latest == .given: return
        case .review, .guarantee, .sign, .inform, .nameHelper, .disburse: break
        default: return
        }
        switch context.household?.status {
        case .closed(let closedOn, _): throw Refusal(.loanOfClosedFile, detail: "\(closedOn)", clause: .review)
        case .registeredInError: throw Refusal(.loanOfClosedFile, clause: .review)
        case .active, .absorbed, .absent, nil: return
        }
    }

    /// What is paid out when all is there.
    package func payable(on day: CivilDay, _ context: LendingContext) throws(Refusal) -> Fen {
        try checkState([.reviewing, .approved], clause: .agreement)
        guard missing.isEmpty else {
            throw Refusal(
                .loanIncomplete, detail: missing.map(\.rawValue).joined(separator: ", "),
                words: missing.map { LoanStep.chinese($0.rawValue) }.joined(separator: "、"), clause: .agreement)
        }
        try checkMotherLives(on: day, context)
        if let open = context.open(on: day) {
            throw Refusal(
                .earlierReopened, detail: "\(open.loan), \(day): \(open.state.rawValue)",
                words: "\(open.loan)，\(day) \(open.state.chinese)", clause: .repayment)
        }
        if let reason = context.noRight {
            throw Refusal(
                .noRightToAid, field: "mother", detail: reason.english, words: reason.chinese, clause: .review)
        }
        let earliest = [
            reviews.map(\.on), signatures.values.map(\.on), [guarantee?.on, informedOn].compactMap { $0 },
        ].joined().max()
        try check(day, notBefore: earliest)
        if let first = instalments.first, first.dueOn <= day {
            throw Refusal(
                .loanSchedule, field: "occurred_on", detail: "\(first.dueOn)",
                words: "第一期 \(first.dueOn) 到期，放款日须在其前；请三方先重新签还款计划（loan sign --instalment），"
                    + "再放款",
                english:
                    "the first instalment falls due on \(first.dueOn), not after the payout: all three sign another "
                    + "schedule first (loan sign --instalment)",
                clause: .repayment)
        }
        return amount
    }

    /// What is promised, signed or paid is hers: after her death the case can only be refused or taken back.
    private func checkMotherLives(on day: CivilDay, _ context: LendingContext) throws(Refusal) {
        guard let mother = application?.content.mother, let died = context.household?.member(mother)?.diedOn,
            died <= day
        else { return }
        throw Refusal(.notAMother, field: "mother", detail: died.description, clause: .review)
    }

    private func apply(
        _ applied: LoanApplied, on day: CivilDay, _ context: LendingContext
    ) throws(Refusal) -> LoanEvent {
        guard application == nil else { throw Refusal(.loanExists, detail: "\(applied.number)", clause: .repayment) }
        guard let scope = context.fund?.scope else { throw Refusal(.unknownFund, field: "fund") }
        guard let household = context.household, household.status == .active else {
            throw Refusal(.householdNotFound, field: "household")
        }
        guard let opened = household.registeredOn, day >= opened, let division = household.division(on: day) else {
            throw Refusal(
                .loanBeforeFile, field: "occurred_on", detail: household.registeredOn?.description, clause: .review)
        }
        try context.policy.checkOwner(of: .loanApplication, context.department, in: division)
        guard let member = household.member(applied.mother), member.presence.contains(day), member.isMother(on: day)
        else { throw Refusal(.notAMother, field: "mother", clause: .review) }
        guard division.isWithin(scope.division) else {
            throw Refusal(.fundScope, field: "fund", detail: scope.division.rawValue)
        }
        if applied.number > 1 {
            guard let previous = context.earlier.last, previous.application != nil else {
                throw Refusal(.loanNumber, field: "number", detail: "\(applied.number)")
            }
            if let open = context.open(on: day) {
                throw Refusal(
                    .loanRunning, field: "number", detail: "\(open.loan), \(day): \(open.state.rawValue)",
                    words: "\(open.loan)，\(day) \(open.state.chinese)", clause: .repayment)
            }
        }
        guard context.places.gives(scope.mode, in: division) else {
            throw Refusal(
                .modeOfDistrict, field: "fund", detail: "\(division) \(scope.mode.rawValue)",
                words: "\(division) \(scope.mode.chinese)", clause: .modes)
        }
        guard applied.amount > .zero, (applied.subsidy != nil) == (scope.mode == .interestSubsidy),
            applied.subsidy.map({ $0.subsidy == applied.amount }) ?? true
        else { throw Refusal(.loanAmount, field: "amount_fen", detail: "\(applied.amount)", clause: .amount) }
        // More is refused, not cut down.
        if scope.mode == .revolvingLoan, let ceiling = context.ceiling, applied.amount > ceiling {
            throw Refusal(.loanCeiling, field: "amount_fen", detail: "\(applied.amount) > \(ceiling)", clause: .amount)
        }
        if let terms = applied.subsidy { try check(terms, context) }
        var known = applied
        known.division = division
        known.mode = scope.mode
        return .applied(known)
    }

    /// What is set for the day holds for a subsidy: more principal is refused, and so is another share.
    /// - Source: XM-4.4
    private func check(_ terms: SubsidyTerms, _ context: LendingContext) throws(Refusal) {
        if let ceiling = context.subsidyCeiling, terms.principal > ceiling {
            throw Refusal(
                .loanCeiling, field: "subsidy.principal_fen", detail: "\(terms.principal) > \(ceiling)",
                clause: .subsidy)
        }
        if let share = context.subsidyShare, terms.shareThousandths != share {
            func percent(_ thousandths: Int) -> String {
                thousandths % 1000 == 0
                    ? "\(thousandths / 1000) %"
                    : "\(thousandths / 1000).\(String(thousandths % 1000 + 1000).dropFirst()) %"
            }
            throw Refusal(
                .subsidyShare, field: "subsidy.share", detail: "\(percent(terms.shareThousandths)) ≠ \(percent(share))",
                clause: .subsidy)
        }
    }

    private func review(
        _ reviewed: LoanReviewed, _ applied: LoanApplied, on day: CivilDay, _ context: LendingContext
    ) throws(Refusal) -> LoanEvent {
        try checkState([.reviewing], clause: .review)
        let next = LoanLevel.allCases.first { level in !reviews.contains { $0.content.level == level } }
        guard reviewed.level == next else {
            throw Refusal(
                .loanReviewOrder, field: "level", detail: next?.rawValue, words: next.map { "下一级：\($0.chinese)" },
                clause: .review)
        }
        try checkLevel(reviewed.level.administrative, applied, context, clause: .review)
        if let actor = context.actor, reviews.contains(where: { $0.by == actor }) {
            throw Refusal(.reviewedBefore, detail: actor.rawValue, clause: .review)
        }
        try check(day, notBefore: reviews.map(\.on).max())
        guard reviewed.isPassed == (reviewed.reason == nil) else { throw Refusal(.loanReason, field: "reason") }
        if reviewed.isPassed { try checkMotherLives(on: day, context) }
        return .reviewed(reviewed)
    }

    private func sign(
        _ party: LoanParty, _ schedule: [LoanInstalment], on day: CivilDay, _ context: LendingContext
    ) throws(Refusal) -> LoanEvent {
        try checkState([.approved], clause: .agreement)
        guard mode == .revolvingLoan else {
            throw Refusal(.loanState, detail: mode.rawValue, words: mode.chinese, clause: .agreement)
        }
        let isAnew = !schedule.isEmpty && schedule != instalments && mayAgreeAnew(on: day)
        guard isAnew || signatures[party] == nil else { throw Refusal(.nothingToDo, field: "party") }
        try checkMotherLives(on: day, context)
        if party == .township, let applied = application?.content {
            try checkLevel(.township, applied, context, clause: .agreement)
        }
        try check(day, notBefore: reviews.map(\.on).max())
        if signatures.isEmpty || isAnew {
            let days = schedule.map(\.dueOn)
            guard !schedule.isEmpty, schedule.allSatisfy({ $0.amount > .zero && $0.dueOn > day }),
                zip(days, days.dropFirst()).allSatisfy({ $0 < $1 }),
                schedule.reduce(Fen.zero, { $0 + $1.amount }) == amount
            else { throw Refusal(.loanSchedule, field: "instalments", detail: "\(amount)", clause: .agreement) }
            return .signed(party, schedule)
        }
        guard schedule.isEmpty || schedule == instalments else {
            throw Refusal(.loanSchedule, field: "instalments", clause: .agreement)
        }
        return .signed(party, [])
    }

    /// Whether the schedule that was signed can be replaced before the payout, by all who sign: a payout was reversed since, or
    /// its first day is over.
    private func mayAgreeAnew(on day: CivilDay) -> Bool {
        let signed = signatures.values.map(\.reference).max()
        let reversed = entries.lazy.filter { $0.kind == .disbursed }.compactMap { $0.reversal?.reference }.max()
        if let signed, let reversed, signed < reversed { return true }
        return instalments.first.map { $0.dueOn <= day } ?? false
    }

    /// What is left to be repaid, as of everything known.
    private var rest: Fen { outstanding(on: CivilDay(dayNumber: .max)) }

    private func repay(_ amount: Fen, _ receipt: Code, on day: CivilDay) throws(Refusal) -> LoanEvent {
        guard !(repayments + recoveries).contains(where: { $0.content.receipt == receipt }) else {
            throw Refusal(.receiptTwice, field: "receipt", detail: receipt.rawValue, clause: .repayment)
        }
        try checkState([.running, .writtenOff], clause: .repayment)
        guard let payout, payout.on <= day else { throw Refusal(.dayOrder, field: "occurred_on") }
        var rest = rest
        if let writeOff {
            // A repayment is not what comes in afterwards: less was to be written off.
            guard writeOff.on <= day else {
                throw Refusal(
                    .repaidBeforeWriteOff, field: "occurred_on", detail: "\(day) < \(writeOff.on)",
                    words: "\(day) 早于核销之日 \(writeOff.on)", clause: .repayment)
            }
            rest = writeOff.content - recovered(by: CivilDay(dayNumber: .max))
        }
        guard amount > .zero, amount <= rest else {
            throw Refusal(.repaidTooMuch, field: "amount_fen", detail: "\(amount) > \(rest)", clause: .repayment)
        }
        return .repaid(amount, receipt: receipt)
    }

    private func writeOff(on day: CivilDay, _ context: LendingContext) throws(Refusal) -> LoanEvent {
        try checkState([.running], clause: .repayment)
        guard let proposal = writeOffProposal else { throw Refusal(.writeOffNotProposed, clause: .repayment) }
        guard let actor = context.actor, actor != proposal.by else {
            throw Refusal(.secondApproverSame, detail: proposal.by?.rawValue, clause: .repayment)
        }
        // Two people write off one sum: what one of them proposed, not what it became since, by that very other one say.
        guard proposal.content.rest == rest else {
            throw Refusal(
                .writeOffSumChanged, detail: "\(proposal.content.rest) → \(rest)",
                words: "提请时 \(proposal.content.rest) 元，现在 \(rest) 元",
                english: "\(proposal.content.rest) yuan when it was proposed, \(rest) now", clause: .repayment)
        }
        try check(day, notBefore: ([proposal.on] + repayments.map(\.on)).max())
        return .writtenOff(rest)
    }

    /// 层层审核: each level acts on its own; neither one above nor one below does it in its place.
    /// - Source: XM-2.1a; XM-2.2d for the signature of the township
    func checkLevel(
        _ level: AdministrativeLevel, _ applied: LoanApplied, _ context: LendingContext, clause: ClauseID?
    ) throws(Refusal) {
        guard let place = applied.division else { return }
        let own = AdministrativeLevel.own(of: context.department, actingFor: context.actsFor, in: place)
        guard own.contains(level) else { throw Refusal(.actorLevelOwn, detail: level.chinese, clause: clause) }
    }

    /// What follows from an act is not before it.
    func check(_ day: CivilDay, notBefore earliest: CivilDay?) throws(Refusal) {
        guard let earliest, day < earliest else { return }
        throw Refusal(.dayOrder, field: "occurred_on", detail: "\(earliest)")
    }

    private func checkState(_ allowed: Set<State>, clause: ClauseID?) throws(Refusal) {
        guard allowed.contains(latest) else {
            throw Refusal(.loanState, detail: latest.rawValue, words: latest.chinese, clause: clause)
        }
    }
}

extension Member {
    /// Whether she is a mother as the project has it: the wife, or a single mother.
    /// - Source: xiamen-2017, person.is_mother
    fileprivate func isMother(on day: CivilDay) -> Bool {
        switch role(on: day) {
        case .wife: true
        case .singleParent: sex == .female
        default: false
        }
    }
}

extension ClauseID {
    fileprivate static let review = ClauseID("XM-2.1a")
    fileprivate static let informed = ClauseID("XM-2.2a")
    fileprivate static let repayment = ClauseID("XM-2.2b")
    fileprivate static let guarantee = ClauseID("XM-2.2c")
    fileprivate static let agreement = ClauseID("XM-2.2d")
    fileprivate static let stages = ClauseID("XM-3.3b")
    fileprivate static let modes = ClauseID("XM-4.1")
    fileprivate static let amount = ClauseID("XM-4.2")
    fileprivate static let subsidy = ClauseID("XM-4.4")
    fileprivate static let exitRate = ClauseID("XM-6.3")
}

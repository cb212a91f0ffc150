/// Goods that a file recorded before it went on as part of another (并户) stay that file's: its stream owns the receipt, and
/// decides what is put right of it, with the other files of the family at hand.
extension HouseholdHistory {
    /// Whether a command puts right or withdraws what this file says of goods: the only thing that a file still takes which
    /// went on as part of another.
    func putsGoodsRight(_ command: HouseholdCommand) -> Bool {
        guard let corrects = command.correction?.corrects else { return false }
        switch command.action {
        case .handOutGoods: return true
        case .withdraw:
            guard case .goodsHandedOut? = events.first(where: { $0.reference == corrects })?.event else { return false }
            return true
        default: return false
        }
    }

    /// Checks what a correction says of goods against the other files of the merged family.
    /// - Throws: `handOutAfterMerge` for a day on which the family was another household's, `handOutInMerged` where another
    ///   file got the goods of a period which the correction turns to, `mergeUnfinished`; only of the last a retry helps.
    /// - Source: BS-3.2 (once a quarter, to a family)
    func checkOtherFiles(
        _ new: GoodsHandedOut, was old: GoodsHandedOut, _ command: HouseholdCommand, _ context: DecisionContext
    ) throws(Refusal) {
        if case .absorbed(let other, let day) = household.status, command.occurredOn > day {
            throw Refusal(
                .handOutAfterMerge, field: "occurred_on", detail: "\(command.occurredOn)：\(day) → \(other)",
                english: "\(command.occurredOn): \(day) → \(other)", clause: new.clause)
        }
        // Of a period that it was given for already nothing changes: two families may have got theirs before they were one.
        guard new.period != old.period || new.clause != old.clause,
            let rhythm = context.policy.clauses[new.clause]?.handOut,
            let period = HandOutPeriod(new.period, rhythm: rhythm)
        else { return }
        let proposal = Proposal(household: household, command: command, context: context)
        try proposal.checkAbsorbed(new, period, field: nil)
        try proposal.check(new, period, against: household.receiving(among: context.others), field: nil)
    }

    /// Why there is nothing to correct: where others were taken in, it may stand in one of their files.
    func missingTarget(_ command: HouseholdCommand) -> Refusal {
        let number = command.correction.map { "#\($0.corrects.sequence)" }
        let isHere = events.contains { $0.reference == command.correction?.corrects }
        guard !isHere, let elsewhere = correctionElsewhere(command, number) else {
            let successor = successor(of: command.correction?.corrects)
            return Refusal(
                .correctionTarget, field: "correction", detail: number,
                words: successor.map { "\(number ?? "")，\($0.words)" },
                english: successor.map { "\(number ?? ""): \($0.english)" })
        }
        return elsewhere
    }

    /// What stands in the place of an event that was put right or withdrawn, and that no command names any more; nil when it is
    /// none. A need may have another number because its visit was put right: nobody who knows the need's number was told so.
    private func successor(of reference: EventReference?) -> (words: String, english: String)? {
        guard let target = events.first(where: { $0.reference == reference }), !target.event.mayBeKept else {
            return nil
        }
        let root = original(of: target)
        guard let last = events.last(where: { original(of: $0) == root }), last.reference != target.reference else {
            return nil
        }
        let number = last.reference.sequence
        let visit = events.first { event in
            guard event.command == last.command, let corrects = event.proposed.correction?.corrects else {
                return false
            }
            return events.contains { if case .visitRecorded = $0.event { $0.reference == corrects } else { false } }
        }
        let isNeed = if case .needRaised = target.event { true } else { false }
        let along = isNeed && visit != nil
        if case .withdrawn = last.event {
            return along
                ? ("走访记录撤回时已一并撤回（第 \(number) 条）", "withdrawn together with its visit (event \(number))")
                : ("已由第 \(number) 条撤回", "withdrawn by event \(number)")
        }
        return along
            ? (
                "走访记录更正日期时已一并改为第 \(number) 条，请写 #\(number)",
                "it became event \(number) when the day of its visit was put right: name \(number)"
            )
            : ("已由第 \(number) 条更正，请写 #\(number)", "corrected by event \(number): name that one")
    }

    /// What a correction of another kind is told: the number may be one of a file that was taken in.
    func wrongKind(_ command: HouseholdCommand) -> Refusal {
        let number = command.correction.map { "#\($0.corrects.sequence)" }
        guard case .handOutGoods = command.action, let elsewhere = correctionElsewhere(command, number) else {
            return Refusal(.correctionKind, field: "action")
        }
        return elsewhere
    }

    private func correctionElsewhere(_ command: HouseholdCommand, _ number: String?) -> Refusal? {
        switch command.action {
        case .handOutGoods, .withdraw: break
        default: return nil
        }
        let files = Set(household.mergers.map(\.file)).sorted().map(\.description)
        guard !files.isEmpty else { return nil }
        return Refusal(
            .correctionElsewhere, field: "correction", detail: "\(number ?? "")：\(files.joined(separator: "、"))",
            english: "\(number ?? ""): \(files.joined(separator: ", "))")
    }
}

extension HouseholdEvent {
    /// Whether a place may keep it from departments: to them not even its number says anything.
    fileprivate var mayBeKept: Bool {
        switch self {
        case .factStated, .disabilityAssessed, .childBorn, .childAdopted, .incidentReported, .guardianNamed,
            .guardianConsented, .guardianNotarised, .guardianEnded:
            true
        default: false
        }
    }
}

extension HouseholdHistory {
    /// Checks a correction in the place of the event it corrects, and against everything that came after it.
    ///
    /// What was decided later rested on the history as it was; a correction is refused when something later that was
    /// right would become wrong by it (a second wife, a helper in two slots), and that has to be put right first.
    /// - Returns: the event in its place; a form that was put right also brings the needs it had left out, one whose day
    ///   was wrong takes the needs found then along to its day, and one that is withdrawn takes them along.
    func corrected(_ command: HouseholdCommand, in context: DecisionContext) throws(Refusal) -> [ProposedEvent] {
        guard let correction = command.correction,
            let target = events.first(where: { $0.reference == correction.corrects }),
            target.event.isCorrectable, !isSuperseded(target.reference)
        else {
            throw missingTarget(command)
        }
        try Proposal(household: household, command: command, context: context)
            .check(correction.reason, among: RecordWords.corrections, field: "correction.reason")
        if case .withdraw = command.action {
            if case .registered = target.event { throw Refusal(.correctionTarget, field: "correction") }
            // Taking a decision back is deciding about the right, too.
            if case .awardDecided(let decided) = target.event {
                let proposal = Proposal(household: household, command: command, context: context)
                try proposal.checkSeparation(decided.clause, decided.subject, field: "correction")
            }
            // Whoever may say that goods were handed out may say that they were not.
            if case .goodsHandedOut(let handed) = target.event {
                try context.policy.checkHandOutOffice(handed.clause, context.department, field: "correction")
            }
            let withdrawn = [proposed(.withdrawn, command)] + needsGoing(command, with: target)
            try check(withdrawing: withdrawn, of: target, command, context)
            return withdrawn
        }
        guard var replacement = command.action.singleEvent, replacement.hasSameKind(as: target.event),
            replacement.keepsIdentity(of: target.event)
        else { throw wrongKind(command) }
        replacement = replacement.keepingPeople(of: target.event).asRecorded
        if case .goodsHandedOut(let new) = replacement, case .goodsHandedOut(let old) = target.event {
            try checkOtherFiles(new, was: old, command, context)
        }
        // A correction replaces one event. What else the command could bring would be dropped in silence.
        var needs: [NeedRaised] = []
        switch command.action {
        case .recordVisit(let record): needs = record.needs
        case .registerHousehold(let register) where !register.members.isEmpty || !register.facts.isEmpty:
            throw Refusal(.correctionKind, field: "members")
        default: break
        }
        let isSame = replacement == target.event.asRecorded && command.occurredOn == target.occurredOn
        if isSame && needs.isEmpty { throw Refusal(.nothingToDo) }
        let corrections =
            [proposed(replacement, command)] + needsFollowing(command, from: target)
            + completionsFollowing(replacement, command, from: target)
        try check(corrections, inPlaceOf: target, command, context)
        var added = Proposal(household: household, command: command, context: context)
        for (index, need) in needs.enumerated() {
            try added.check(.needRaised(need), on: command.occurredOn, field: "needs[\(index)]")
        }
        return corrections
            + needs.map {
                ProposedEvent(occurredOn: command.occurredOn, learnedOn: command.learnedOn, event: .needRaised($0))
            }
    }

    func proposed(_ event: HouseholdEvent, _ command: HouseholdCommand) -> ProposedEvent {
        ProposedEvent(
            occurredOn: command.occurredOn, learnedOn: command.learnedOn, correction: command.correction, event: event)
    }

    /// - Parameter corrections: What would stand in the place of `target`, and after it what else that puts right.
    private func check(
        _ corrections: [ProposedEvent], inPlaceOf target: KnownEvent, _ command: HouseholdCommand,
        _ context: DecisionContext
    ) throws(Refusal) {
        let place = original(of: target)
        let effective = HouseholdHistory.effective(events)
        var before = Household(id: id)
        for event in effective where event.reference < place { before.evolve(event) }
        var proposal = Proposal(household: before, command: command, context: context)
        let deaths = effective.lazy.map(\.proposed).deaths
        proposal.deathsTold = deaths
        try proposal.check(command.occurredOn, field: "occurred_on")
        try proposal.check(corrections[0].event, on: command.occurredOn, field: nil)
        try proposal.checkLearned(corrections[0].event, on: command.occurredOn, command.learnedOn)

        // Whether what came later stands does not depend on the department of whoever corrects.
        var context = context
        context.department = nil
        var asItWas = before
        var asItWouldBe = before
        let new = zip(corrections, UInt64(1)...).map { proposed, place in
            var event = target
            event.reference = EventReference(sequence: lastSequence + place)
            event.proposed = proposed
            return event
        }
        // The same places with what would stand in them.
        let would = HouseholdHistory.effective(events + new)
        let deathsAsItWouldBe = would.lazy.map(\.proposed).deaths
        for (old, new) in zip(effective, would) where old.reference >= place {
            if old.reference > place {
                var now = Proposal(household: asItWouldBe, command: command, context: context)
                now.deathsTold = deathsAsItWouldBe
                do throws(Refusal) {
                    try now.check(new.event, on: new.occurredOn, field: nil)
                } catch {
                    var then = Proposal(household: asItWas, command: command, context: context)
                    then.deathsTold = deaths
                    let wasRight: Void? = try? then.check(old.event, on: old.occurredOn, field: nil)
                    // What completed a helper's details adds nothing where the correction says them from the first.
                    let isKnownNow = asItWas.completes(old) && asItWouldBe.completes(new)
                    if wasRight != nil, !isKnownNow { throw error }
                }
            }
            asItWas.evolve(old)
            asItWouldBe.evolve(new)
        }
        if let twice = asItWouldBe.helperTwice, asItWas.helperTwice == nil { throw twice.begunTwice }
        guard corrections[0].event.tellsBirthOrRole else { return }
        try proposal.checkChildren(of: asItWouldBe, besides: proposal.childrenTooOld(in: asItWas)) { _ in
            corrections[0].event.fieldOfBirth
        }
    }

    /// A split tells the other file what was known of those who moved, and of a dead only child: what is put right in
    /// one file afterwards does not reach the other, because each rests on its own stream. Whoever corrects is told.
    func filesTold(of command: HouseholdCommand) -> [Refusal] {
        guard let corrects = command.correction?.corrects,
            let target = events.first(where: { $0.reference == corrects }),
            let person = target.event.toldPerson
        else { return [] }
        let place = original(of: target)
        let told = events.first { $0.reference == place }?.command
        let isMourned = household.members.contains {
            $0.id == person && $0.role == .onlyChild && $0.diedOn != nil && $0.leftOn == nil
        }
        let files = events.compactMap { event -> HouseholdID? in
            guard case .split(let split) = event.event else { return nil }
            switch split.side {
            case .remaining:
                return event.reference > place && (isMourned || split.persons.contains(person)) ? split.other : nil
            case .separated: return event.command == told ? split.other : nil
            }
        }
        return files.map { Refusal(.toldInOtherFile, field: "correction", detail: $0.description) }
    }

    private func isSuperseded(_ reference: EventReference) -> Bool {
        events.contains { $0.proposed.correction?.corrects == reference }
    }

    /// The event in whose place `event` stands: itself, or the first of the chain it corrects.
    func original(of event: KnownEvent) -> EventReference {
        var event = event
        while let corrects = event.proposed.correction?.corrects,
            let earlier = events.first(where: { $0.reference == corrects })
        {
            event = earlier
        }
        return event.reference
    }
}

extension Household {
    /// Somebody's later time in a slot that overlaps another one of theirs; nil where nobody has two.
    var helperTwice: PairingTenure? {
        let all = pairings.filter { !$0.period.isEmpty }
        return all.indices.lazy.compactMap { index in
            all[..<index].contains { other in
                other.kind == all[index].kind && other.helper.id == all[index].helper.id
                    && other.period.intersection(all[index].period) != nil
            } ? all[index] : nil
        }.first
    }

    /// Whether the event tells again of a helper who holds the slot by then, to complete what is on record of them.
    fileprivate func completes(_ event: KnownEvent) -> Bool {
        guard case .pairingAssigned(let assigned) = event.event else { return false }
        return pairings.contains { $0.kind == assigned.kind && $0.isOpen(on: event.occurredOn, assigned.helper.id) }
    }
}

extension PairingTenure {
    /// The refusal of what would make it a second time of one helper's.
    var begunTwice: Refusal {
        Refusal(
            .alreadyPaired, field: "occurred_on", detail: "#\(startedBy.sequence)",
            words: "#\(startedBy.sequence)，自 \(period.start)",
            english: "#\(startedBy.sequence), since \(period.start)")
    }
}

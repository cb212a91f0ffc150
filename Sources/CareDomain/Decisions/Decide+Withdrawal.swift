/// What was told later rested on the history as it was, also on what somebody takes back.
extension HouseholdHistory {
    /// Checks a withdrawal against everything that is told beside what it takes away: with a leaving or a death taken back,
    /// somebody stands again where another one has come since. That has to be put right first, as for a correction.
    ///
    /// What only loses its ground (an answer to a need, a claim after a death) is no hindrance: it stays and is told of as
    /// something without ground.
    /// - Parameter withdrawn: The withdrawal of `target`, and of what goes with it.
    /// - Throws: what is there twice then, with the event that is in the way; a retry helps once that is put right.
    func check(
        withdrawing withdrawn: [ProposedEvent], of target: KnownEvent, _ command: HouseholdCommand,
        _ context: DecisionContext
    ) throws(Refusal) {
        // Whether what is told stands does not depend on the department of whoever withdraws.
        var context = context
        context.department = nil
        let new = zip(withdrawn, UInt64(1)...).map { proposed, place in
            var event = target
            event.reference = EventReference(sequence: lastSequence + place)
            event.proposed = proposed
            return event
        }
        let effective = HouseholdHistory.effective(events)
        let would = HouseholdHistory.effective(events + new)
        let (deaths, deathsLeft) = (effective.lazy.map(\.proposed).deaths, would.lazy.map(\.proposed).deaths)
        let kept = Set(would.map(\.reference))
        var (asItWas, asItWouldBe) = (Household(id: id), Household(id: id))
        for event in effective {
            defer { asItWas.evolve(event) }
            guard kept.contains(event.reference) else { continue }
            var now = Proposal(household: asItWouldBe, command: command, context: context)
            now.deathsTold = deathsLeft
            do throws(Refusal) {
                try now.check(event.event, on: event.occurredOn, field: nil)
            } catch {
                var then = Proposal(household: asItWas, command: command, context: context)
                then.deathsTold = deaths
                let wasRight: Void? = try? then.check(event.event, on: event.occurredOn, field: nil)
                if wasRight != nil, error.reason.isClash(of: event.event) {
                    throw context.kept.contains(event.reference) ? error : error.standing(against: event)
                }
            }
            asItWouldBe.evolve(event)
        }
        if let twice = asItWouldBe.helperTwice, asItWas.helperTwice == nil { throw twice.begunTwice }
    }
}

extension Refusal.Reason {
    /// Whether it says that an event finds somebody in the place that it takes, rather than that it has no ground.
    fileprivate func isClash(of event: HouseholdEvent) -> Bool {
        switch self {
        case .roleTaken, .personInHousehold, .personTwice, .alreadyPaired, .helperInSlot, .helperOverlap, .helperAlike,
            .helperIsMember:
            true
        case .guardianState:
            if case .guardianNamed = event { true } else { false }
        default: false
        }
    }
}

extension Refusal {
    /// The same of an event on record that would be wrong by a withdrawal.
    fileprivate func standing(against event: KnownEvent) -> Refusal {
        let place = "#\(event.reference.sequence)"
        let (told, inEnglish) = (detailWords ?? detail, detailEnglish ?? detail)
        return Refusal(
            reason, field: "correction", detail: place,
            words: (told.map { "\($0)，" } ?? "") + "\(place)，\(event.occurredOn)；撤回前先更正或撤回这一条",
            english: (inEnglish.map { "\($0), " } ?? "")
                + "\(place) of \(event.occurredOn); correct or withdraw that entry first")
    }
}

import CareDomain

/// The assistance plan of the page: items that somebody opened, and claims on the accident insurance, which open by themselves.
extension ArchiveFold {
    func planItems() -> [CareArchive.PlanLine] {
        let claims = household.insuranceClaims(words.accidentInsurance)
        let gone = HouseholdHistory.claimsWithoutGround(knownEvents, of: household.id, words.accidentInsurance)
        let told = Set((claims + gone).compactMap(\.item))
        let groundless = HouseholdHistory.itemsWithoutGround(knownEvents)
        let items = household.planItems.filter { $0.openedOn <= day && !told.contains($0.reference) }
            .filter { !cameWithKept($0) }
            .map { line(of: $0, isGroundless: groundless.contains($0.reference)) }
        let lines =
            claims.compactMap { line(of: $0, isGroundless: false) }
            + gone.compactMap { line(of: $0, isGroundless: true) }
        return items + lines.sorted { ($0.openedOn, $0.sequence) < ($1.openedOn, $1.sequence) }
    }

    private func line(of item: PlanItem, isGroundless: Bool) -> CareArchive.PlanLine {
        let doneOn = item.doneOn.flatMap { $0 <= day ? $0 : nil }
        return CareArchive.PlanLine(
            sequence: item.reference.sequence, clause: item.opened.clause,
            title: item.opened.clause.map(words.title) ?? "", department: label(item.opened.department),
            openedOn: item.openedOn, dueOn: item.opened.dueOn, doneOn: doneOn,
            isOverdue: doneOn == nil && !isGroundless && (item.opened.dueOn.map { $0 < day } ?? false),
            subject: nil, isGroundless: isGroundless, text: revealed(item.opened.sealed))
    }

    /// Nil for a claim of a later day, and for one of which nothing may be told. What is left of an accident that is kept back
    /// is the death, which is kept from nobody.
    private func line(of claim: InsuranceClaim, isGroundless: Bool) -> CareArchive.PlanLine? {
        guard let insurance = words.accidentInsurance else { return nil }
        let isKept = claim.incident.map(isKept) ?? false
        if isKept, claim.death == nil { return nil }
        let openedOn = isKept ? household.member(claim.person)?.diedOn ?? claim.day : claim.day
        guard openedOn <= day else { return nil }
        return CareArchive.PlanLine(
            sequence: ((isKept ? claim.death : nil) ?? claim.reference).sequence, clause: AccidentInsurance.clause,
            title: words.title(AccidentInsurance.clause), department: label(insurance.department),
            openedOn: openedOn, dueOn: nil, doneOn: claim.doneOn.flatMap { $0 <= day ? $0 : nil }, isOverdue: false,
            subject: subject(.person(claim.person)), isGroundless: isGroundless, text: nil)
    }

    /// Whether an earlier version opened the item together with an event of which nothing may be told.
    private func cameWithKept(_ item: PlanItem) -> Bool {
        let opener = EventReference(sequence: item.reference.sequence - 1)
        guard item.opened.clause == AccidentInsurance.clause, isKept(opener) else { return false }
        func command(_ reference: EventReference) -> CommandID? {
            knownEvents.first { $0.reference == reference }?.command
        }
        return command(opener) == command(item.reference)
    }
}

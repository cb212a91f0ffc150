import CareDomain

extension FamilyPlanner {
    private func lastStated(_ fact: FactID, _ subject: FactSubject, _ known: KnownFamily) -> StatedFact? {
        known.household.facts.filter { $0.stated.fact == fact && $0.stated.subject == subject }
            .max { ($0.from, $0.reference) < ($1.from, $1.reference) }
    }

    mutating func compareFacts(_ row: RosterRow, _ subject: FactSubject, _ known: KnownFamily) {
        for columns in RosterColumn.personFacts {
            guard let value = factValue(row, columns) else { continue }
            guard !known.withheld.contains(columns.fact) else {
                skip([columns.value, columns.from], in: row)
                continue
            }
            let last = lastStated(columns.fact, subject, known)
            let from = columns.from.flatMap { row.day($0) }
            let isSameValue = last?.stated.value == value
            // Only the column that carries the value speaks for its day; 特扶原因 rests on 特扶起始.
            let isSameDay = from == nil || last?.from == from || columns.value == .specialAssistanceCause
            if isSameValue && isSameDay { continue }
            let column = isSameValue ? (columns.from ?? columns.value) : columns.value
            note(
                row, column, old: Self.text(isSameValue ? last?.from : nil, last?.stated.value),
                new: Self.text(from, value) ?? "")
            // The day of what held before is not the day of the change.
            if isChange, !isSameValue, let last, last.from == from, let dayColumn = columns.from,
                dayColumn != columns.value
            {
                problems.append(row.problem(.staleDay, dayColumn))
                continue
            }
            let fact = stated(columns.fact, value, subject)
            let dayCell = columns.from.flatMap { row.day($0) == nil ? nil : row.place($0) }
            let purpose = "fact,\(columns.fact),\(subject)"
            if isCorrection, let last {
                send(
                    .stateFact(fact), to: known, on: from ?? last.from, correcting: last.reference, as: purpose,
                    dated: dayCell)
            } else if let day = from ?? dayOfChange(row, columns.value, hint: columns.from ?? columns.value) {
                if isChange, let last, day < last.from {
                    problems.append(row.problem(.onlyCorrection, column))
                }
                if case .code = value { checkLife(row, column, of: subject, on: day, known) }
                send(.stateFact(fact), to: known, on: day, as: purpose, dated: dayCell)
            }
        }
    }

    /// Takes down that something can be true of the living only, where the person had died by the day.
    mutating func checkLife(
        _ row: RosterRow, _ column: RosterColumn, of subject: FactSubject, on day: CivilDay, _ known: KnownFamily
    ) {
        guard case .person(let person) = subject,
            let death = row.day(.diedOn) ?? known.household.member(person)?.diedOn, day > death
        else { return }
        problems.append(row.problem(.afterDeath, column, hint: CellHint(same: death.description)))
    }

    private static func text(_ day: CivilDay?, _ value: FactValue?) -> String? {
        let word: String? =
            switch value {
            case .code(let code)?: code.rawValue
            case .day(let day)?: day.description
            case .bool(let flag)?: flag ? "true" : "false"
            default: nil
            }
        return [day?.description, word].compactMap { $0 }.first
    }

    mutating func compareStates(_ known: KnownFamily) {
        for state in RosterColumn.states {
            guard let row = familyRow(state.from), let from = row.day(state.from) else { continue }
            guard !known.withheld.contains(state.fact) else {
                skip([state.from], in: row)
                if let row = familyRow(state.through) { skip([state.through], in: row) }
                continue
            }
            let through = familyRow(state.through)?.day(state.through)
            let last = lastStated(state.fact, .household, known).flatMap { $0.stated.value == .bool(true) ? $0 : nil }
            let isSameEnd = through == nil || last?.stated.until == through.map { $0 + 1 }
            if last?.from == from, isSameEnd { continue }
            if last?.from != from { note(row, state.from, old: last?.from.description, new: from.description) }
            if !isSameEnd, let through, let row = familyRow(state.through) {
                note(row, state.through, old: last?.stated.until.map { ($0 - 1).description }, new: through.description)
            }
            let fact = stated(state.fact, .bool(true), .household, until: through.map { $0 + 1 })
            if isCorrection, let last {
                send(.stateFact(fact), to: known, on: from, correcting: last.reference, as: "state,\(state.fact)")
            } else {
                if isChange, let last, from < last.from { problems.append(row.problem(.onlyCorrection, state.from)) }
                send(.stateFact(fact), to: known, on: from, as: "state,\(state.fact)")
            }
        }
    }

    mutating func comparePairings(_ known: KnownFamily) {
        for columns in RosterColumn.pairings {
            guard let row = pairingRow(columns) else { continue }
            let held = known.household.pairings.filter { $0.kind == columns.kind && $0.period.end == nil }
            let name = row.text(columns.name)
            let unit = row.text(columns.unit)
            let same = held.first { tenure in
                guard let name else { return tenure.helper.unit == unit && !tenure.helper.hasRealName }
                return tenure.details?.name.map(PersonName.closed) == name
            }
            if let same {
                comparePairing(same, columns, row, known)
            } else {
                fill(columns, row, instead: held.first, known)
            }
        }
    }

    /// Another helper than the archive names, or the first one.
    private mutating func fill(
        _ columns: RosterColumn.PairingColumns, _ row: RosterRow, instead old: PairingTenure?, _ known: KnownFamily
    ) {
        let isNamed = row.text(columns.name) != nil
        let column = isNamed ? columns.name : columns.unit
        if let old, old.helper.hasRealName, old.details?.name == nil {
            problems.append(row.problem(.notVisible, column))
            return
        }
        note(
            row, column, old: isNamed ? old?.details?.name : old?.helper.unit,
            new: row.text(column) ?? "")
        if isChange, let old, row.day(columns.from) == old.period.start {
            problems.append(row.problem(.staleDay, columns.from))
            return
        }
        let (helper, sealed) = helper(columns, in: row)
        let purpose = "pairing,\(columns.kind),\(helper.id)"
        if let old, isCorrection {
            correct(old, known, toAnother: (helper, sealed), columns, row, as: purpose)
        } else if let day = row.day(columns.from) ?? dayOfChange(row, column, hint: columns.from) {
            let action: HouseholdAction
            if let old {
                action = .handOverPairing(
                    PairingHandedOver(
                        kind: columns.kind, from: old.helper.id, to: helper, reason: Code(unchecked: "roster"),
                        sealed: sealed))
            } else {
                action = .assignHelper(PairingAssigned(kind: columns.kind, helper: helper, sealed: sealed))
            }
            send(action, to: known, on: day, as: purpose)
        }
    }

    /// Somebody else from the first, or the same one by the right name. What was told later stays told from its own day on, and
    /// speaks of them then; what the file says otherwise of it is put right there.
    private mutating func correct(
        _ old: PairingTenure, _ known: KnownFamily, toAnother told: (helper: Helper, sealed: [SealedPart]),
        _ columns: RosterColumn.PairingColumns, _ row: RosterRow, as purpose: String
    ) {
        var (helper, details) = (told.helper, told.sealed.details(of: told.helper.id) ?? PersonalDetails())
        let said = known.effective(old.startedBy)?.event.helperBegun?.helper
        let unitTeller = teller(of: columns.unit, columns, old, known)
        let phoneTeller = teller(of: columns.phone, columns, old, known)
        var later: Set<EventReference> = []
        if unitTeller != old.startedBy {
            if let unit = helper.unit, unit != old.helper.unit { later.insert(unitTeller) }
            if said?.unit == nil { helper.unit = nil }
        }
        if phoneTeller != old.startedBy {
            if let phone = details.phone, phone != old.details?.phone { later.insert(phoneTeller) }
            if said?.hasContact == false { details.phone = nil }
        }
        for event in later.sorted() { correctCompletion(event, old, columns, row, known) }
        correct(
            old, known, to: helper, details.isEmpty ? [] : [SealedPart(subject: helper.id, details: details)],
            on: row.day(columns.from), as: purpose)
    }

    /// The same helper: unit, telephone or day may still differ. What was lacking is completed from the day of the change on;
    /// that something else was true only a correction can say.
    private mutating func comparePairing(
        _ tenure: PairingTenure, _ columns: RosterColumn.PairingColumns, _ row: RosterRow, _ known: KnownFamily
    ) {
        let before = changes.count
        if let unit = row.text(columns.unit), unit != tenure.helper.unit {
            note(row, columns.unit, old: tenure.helper.unit, new: unit)
        }
        if let phone = row.text(columns.phone), phone != tenure.details?.phone {
            note(row, columns.phone, old: tenure.details?.phone, new: phone)
        }
        if let from = row.day(columns.from), from != tenure.period.start {
            note(row, columns.from, old: tenure.period.start.description, new: from.description)
        }
        guard changes.count > before else { return }
        if case .change(let day) = mode {
            if let other = changes[before...].first(where: { $0.old != nil }) {
                problems.append(row.problem(.onlyCorrection, other.column))
            } else {
                complete(tenure, columns, row, known, on: day)
            }
        }
        if isCorrection, !known.isOpened, row.text(columns.phone) == nil {
            problems.append(row.problem(.notVisible, changes[before].column))
        }
        let told = changes[before...].map { teller(of: $0.column, columns, tenure, known) }
        for event in Set(told).sorted() where event != tenure.startedBy {
            correctCompletion(event, tenure, columns, row, known)
        }
        guard told.contains(tenure.startedBy) else { return }
        // The first event says again what it said; what completed it later holds from its own day on and is no part of it.
        let said = known.effective(tenure.startedBy)?.event.helperBegun
        var helper = said?.helper ?? tenure.helper
        var details = said.map { $0.details ?? PersonalDetails() } ?? tenure.details ?? PersonalDetails()
        func isOfFirst(_ column: RosterColumn) -> Bool {
            teller(of: column, columns, tenure, known) == tenure.startedBy
        }
        if isOfFirst(columns.unit) { helper.unit = row.text(columns.unit) ?? helper.unit }
        if isOfFirst(columns.phone) { details = details.updated(by: PersonalDetails(phone: row.text(columns.phone))) }
        correct(
            tenure, known, to: helper, details.isEmpty ? [] : [SealedPart(subject: helper.id, details: details)],
            on: row.day(columns.from), as: "pairing,\(columns.kind),\(helper.id)")
    }

    /// The event that said last what stands in a column: the one with which the helper came, or one that completed it.
    private func teller(
        of column: RosterColumn, _ columns: RosterColumn.PairingColumns, _ tenure: PairingTenure, _ known: KnownFamily
    ) -> EventReference {
        let event = known.lastEvent { event in
            guard case .pairingAssigned(let assigned) = event, assigned.kind == tenure.kind,
                assigned.helper.id == tenure.helper.id
            else { return false }
            switch column {
            case columns.unit: return assigned.helper.unit != nil
            case columns.phone: return assigned.helper.hasContact == true
            default: return false
            }
        }
        guard let event, event.reference > known.standing(tenure.startedBy) || event.occurredOn > tenure.period.start
        else { return tenure.startedBy }
        return event.reference
    }

    /// Puts right what was said when the helper's details were completed; the rest of that event stays.
    private mutating func correctCompletion(
        _ reference: EventReference, _ tenure: PairingTenure, _ columns: RosterColumn.PairingColumns, _ row: RosterRow,
        _ known: KnownFamily
    ) {
        guard isCorrection, let event = known.effective(reference), case .pairingAssigned(let said) = event.event else {
            return
        }
        var helper = said.helper
        if helper.unit != nil { helper.unit = row.text(columns.unit) ?? helper.unit }
        var details = said.sealed.details(of: helper.id) ?? PersonalDetails()
        // A name stays as it was told, or follows the first event.
        details.name = nil
        if helper.hasContact == true { details.phone = row.text(columns.phone) ?? details.phone }
        let sealed = details.isEmpty ? [] : [SealedPart(subject: helper.id, details: details)]
        send(
            .assignHelper(PairingAssigned(kind: tenure.kind, helper: helper, sealed: sealed)), to: known,
            on: event.occurredOn, correcting: reference, as: "pairing,\(columns.kind),\(helper.id),complete")
    }

    /// Says again who holds the slot, with what was lacking.
    private mutating func complete(
        _ tenure: PairingTenure, _ columns: RosterColumn.PairingColumns, _ row: RosterRow, _ known: KnownFamily,
        on day: CivilDay
    ) {
        var helper = tenure.helper
        helper.unit = row.text(columns.unit) ?? helper.unit
        let said = PersonalDetails(name: row.text(columns.name), phone: row.text(columns.phone))
        let sealed = said.isEmpty ? [] : [SealedPart(subject: helper.id, details: said)]
        send(
            .assignHelper(PairingAssigned(kind: columns.kind, helper: helper, sealed: sealed)), to: known, on: day,
            as: "pairing,\(columns.kind),\(helper.id),complete")
    }

    private mutating func correct(
        _ tenure: PairingTenure, _ known: KnownFamily, to helper: Helper, _ sealed: [SealedPart], on day: CivilDay?,
        as purpose: String
    ) {
        guard isCorrection, let event = known.effective(tenure.startedBy) else { return }
        let action: HouseholdAction
        switch event.event {
        case .pairingHandedOver(let handover):
            action = .handOverPairing(
                PairingHandedOver(
                    kind: handover.kind, from: handover.from, to: helper, reason: handover.reason, sealed: sealed))
        default:
            action = .assignHelper(PairingAssigned(kind: tenure.kind, helper: helper, sealed: sealed))
        }
        send(action, to: known, on: day ?? event.occurredOn, correcting: tenure.startedBy, as: purpose)
    }
}

extension HouseholdEvent {
    /// Who begins in a slot by it, as it says it; nil where nobody does.
    fileprivate var helperBegun: (helper: Helper, details: PersonalDetails?)? {
        switch self {
        case .pairingAssigned(let assigned): (assigned.helper, assigned.sealed.details(of: assigned.helper.id))
        case .pairingHandedOver(let handover): (handover.to, handover.sealed.details(of: handover.to.id))
        default: nil
        }
    }
}

import CareDomain
import CareProjections

/// A row that knows its table, its key and how to stand in it.
protocol ReadModelRow: Hashable {
    static var table: ReadModelSchema.Table { get }
    /// Binds all columns after `hid`, in the table's order.
    func bind(to binder: inout RowBinder)
    /// Binds the key columns after `hid`, in the table's order.
    func bindKey(to binder: inout RowBinder)
}

extension HouseholdRows.ArchiveNumber: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.archiveNumbers }
    func bind(to binder: inout RowBinder) {
        binder.day(days.from)
        binder.day(days.to)
        binder.text(number)
    }
    func bindKey(to binder: inout RowBinder) { binder.day(days.from) }
}

extension HouseholdRows.Division: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.divisions }
    func bind(to binder: inout RowBinder) {
        binder.day(days.from)
        binder.day(days.to)
        binder.text(division.rawValue)
    }
    func bindKey(to binder: inout RowBinder) { binder.day(days.from) }
}

extension HouseholdRows.Status: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.statuses }
    func bind(to binder: inout RowBinder) {
        binder.day(days.from)
        binder.day(days.to)
        binder.text(kind.rawValue)
        binder.day(unbrokenFrom)
        binder.sequence(restsOn)
    }
    func bindKey(to binder: inout RowBinder) { binder.day(days.from) }
}

extension HouseholdRows.Member: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.members }
    func bind(to binder: inout RowBinder) {
        binder.id(person)
        binder.sequence(sequence)
        binder.text(role.rawValue)
        binder.text(sex?.rawValue)
        binder.day(birthDate)
        binder.id(token)
        binder.day(joinedOn)
        binder.day(leftOn)
        binder.day(diedOn)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension HouseholdRows.Slot: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.slots }
    func bind(to binder: inout RowBinder) {
        binder.code(kind)
        binder.day(days.from)
        binder.day(days.to)
        binder.text(lacking)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.code(kind)
        binder.day(days.from)
    }
}

extension HouseholdRows.OwedPairing: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.owedPairings }
    func bind(to binder: inout RowBinder) {
        binder.text(clause.rawValue)
        binder.day(days.from)
        binder.day(days.to)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.text(clause.rawValue)
        binder.day(days.from)
    }
}

extension HouseholdRows.Tenure: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.tenures }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.code(kind)
        binder.id(helper)
        binder.text(unit)
        binder.bool(hasRealName)
        binder.day(days.from)
        binder.day(days.to)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension HouseholdRows.Need: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.needs }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.code(kind)
        binder.int(Int64(items))
        binder.day(raisedOn)
        binder.day(answeredOn)
        binder.code(lastOutcome)
        binder.code(answeredBy)
        binder.day(closedOn)
        binder.code(closedFor)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension HouseholdRows.PlanItem: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.planItems }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.text(clause?.rawValue)
        binder.code(department)
        binder.day(openedOn)
        binder.day(dueOn)
        binder.day(doneOn)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension HouseholdRows.Entitlement: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.entitlements }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
        binder.text(clause.rawValue)
        binder.id(person)
        binder.day(days.from)
        binder.day(days.to)
        binder.text(status.code)
        binder.int(amount?.amount)
        binder.int(hoursThousandths)
        binder.code(cadence)
        binder.code(department)
        binder.int(difference.amount)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
    }
}

extension HouseholdRows.Visit: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.visits }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.day(day)
        binder.code(kind)
        binder.code(holiday)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension HouseholdRows.HandOut: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.handOuts }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.text(clause.rawValue)
        binder.code(period)
        binder.day(day)
        binder.text(items)
        binder.code(relation)
        binder.text(receipt)
        binder.code(noReceipt)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension Merger: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.mergers }
    func bind(to binder: inout RowBinder) {
        binder.text(file.description)
        binder.day(on)
    }
    func bindKey(to binder: inout RowBinder) { binder.text(file.description) }
}

extension Origin: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.origins }
    func bind(to binder: inout RowBinder) {
        binder.text(file.description)
        binder.day(on)
    }
    func bindKey(to binder: inout RowBinder) { binder.text(file.description) }
}

extension HouseholdRows.Notice: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.notices }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.code(kind)
        binder.id(person)
        binder.day(raisedOn)
        binder.day(dueOn)
        binder.code(department)
        binder.bool(isDelivered)
        binder.text(parkedChannels)
        binder.bool(isUnfilled)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

extension UnrecordedDeath: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.unrecordedDeaths }
    func bind(to binder: inout RowBinder) {
        binder.sequence(incident.sequence)
        binder.id(person)
        binder.day(day)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.sequence(incident.sequence)
        binder.id(person)
    }
}

extension HouseholdRows.Difference: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.differences }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
        binder.text(division?.rawValue)
        binder.text(kind.rawValue)
        binder.text(clause.rawValue)
        binder.id(subject.person)
        if case .incident(let event) = subject { binder.sequence(event.sequence) } else { binder.null() }
        binder.int(Int64(first.index))
        binder.int(Int64(last.index))
        binder.int(months)
        binder.int(sum.amount)
        binder.day(since)
        binder.code(rulesChange?.pack)
        if case .version(let day)? = rulesChange?.what { binder.day(day) } else { binder.null() }
        if case .parameter(let parameter)? = rulesChange?.what { binder.code(parameter) } else { binder.null() }
        binder.sequence(fact.sequence)
        binder.code(department)
        binder.code(pack)
        binder.bool(isShared)
        binder.text(direction.rawValue)
        binder.text(missing)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
    }
}

extension HouseholdRows.SharedMonth: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.sharedMonths }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
        binder.int(Int64(left.left.month.index))
        binder.text(left.left.kind.rawValue)
        binder.text(left.clause.rawValue)
        binder.id(left.person)
        binder.int(Int64(left.unit.lowerBound.index))
        binder.int(Int64(left.unit.upperBound.index))
        binder.int(left.left.amount.amount)
        binder.int(left.left.before.amount)
        binder.int(left.due.amount)
        binder.int(left.ordered.amount)
        binder.int(left.open.amount)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(ordinal))
        binder.int(Int64(left.left.month.index))
    }
}

extension SharedDues.Run: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.sharedRuns }
    func bind(to binder: inout RowBinder) {
        binder.text(clause.rawValue)
        binder.id(person)
        binder.int(Int64(first.index))
        binder.int(Int64(last.index))
        binder.int(due.amount)
        binder.int(ordered.amount)
    }
    func bindKey(to binder: inout RowBinder) {
        binder.text(clause.rawValue)
        binder.id(person)
        binder.int(Int64(first.index))
    }
}

extension HouseholdRows.UnreadEvent: ReadModelRow {
    static var table: ReadModelSchema.Table { ReadModelSchema.unread }
    func bind(to binder: inout RowBinder) {
        binder.sequence(sequence)
        binder.int(Int64(kind))
        binder.bool(isDamaged)
    }
    func bindKey(to binder: inout RowBinder) { binder.sequence(sequence) }
}

import CareDomain
import CareWire
import OfficeFiles

extension NeedsSummary {
    /// The message, without forms.
    package var wire: Care_V1_NeedsSummary {
        var wire = Care_V1_NeedsSummary()
        wire.from = days.lowerBound.dayNumber
        wire.asOf = days.upperBound.dayNumber
        wire.rows = rows.map(\.wire)
        wire.total = total.wire
        return wire
    }

    /// Reads the message. Columns of a newer program are left out.
    /// - Throws: `PageError` when the days are not in order.
    package init(_ wire: Care_V1_NeedsSummary) throws(PageError) {
        let first = CivilDay(dayNumber: wire.from)
        let last = CivilDay(dayNumber: wire.asOf)
        guard first <= last else { throw PageError("from") }
        self.init(days: first...last, rows: wire.rows.map(Row.init), total: Row(wire.total))
    }
}

extension NeedsSummary.Row {
    fileprivate var wire: Care_V1_NeedsSummary.Row {
        var wire = Care_V1_NeedsSummary.Row()
        wire.unit = unit
        wire.householdCount = UInt64(households)
        wire.cells = NeedsSummary.Column.allCases.map { column in
            var cell = Care_V1_NeedsSummary.Cell()
            cell.column = column.rawValue
            cell.count = UInt64(count(column))
            cell.openCount = UInt64(openCount(column))
            return cell
        }
        wire.unsignedFormCount = UInt64(unsignedForms)
        wire.closedHouseholdCount = UInt64(closedHouseholds)
        wire.incompleteHouseholdCount = UInt64(incompleteHouseholds)
        wire.bothTypesCount = UInt64(bothTypes)
        return wire
    }

    fileprivate init(_ wire: Care_V1_NeedsSummary.Row) {
        self.init(unit: wire.unit)
        households = Int(clamping: wire.householdCount)
        unsignedForms = Int(clamping: wire.unsignedFormCount)
        closedHouseholds = Int(clamping: wire.closedHouseholdCount)
        incompleteHouseholds = Int(clamping: wire.incompleteHouseholdCount)
        bothTypes = Int(clamping: wire.bothTypesCount)
        for cell in wire.cells {
            guard let column = NeedsSummary.Column(rawValue: cell.column) else { continue }
            set(column, count: Int(clamping: cell.count), open: Int(clamping: cell.openCount))
        }
    }
}

extension Care_V1_NeedsSummary.Form {
    /// A form behind a cell; nil when it adds nothing to the column and does not leave it open.
    /// - Parameters:
    ///   - showsName: Whether the caller may open the file; names are masked in any case.
    package init?(
        _ form: FilledNeedsForm, behind column: NeedsSummary.Column, in division: DivisionCode, showsName: Bool
    ) {
        let (count, isOpen) = column.reading(of: form)
        guard count > 0 || isOpen else { return nil }
        self.init()
        household = form.household.wireData
        self.division = division.rawValue
        maskedName = showsName ? form.headName.map { Masking.name($0) } ?? "" : ""
        day = form.day.dayNumber
        sequence = form.reference.sequence
        self.count = UInt64(count)
        open = isOpen
        needSequences = column.needs(of: form).map(\.reference.sequence)
    }
}

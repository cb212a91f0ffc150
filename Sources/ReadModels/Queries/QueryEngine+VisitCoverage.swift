import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    func visitCoverage(_ query: Care_V1_VisitCoverageQuery) throws -> Care_V1_VisitCoverage {
        let days = try days(query.from, query.to)
        let depth = query.depth == 0 ? 12 : Int(query.depth)
        guard [6, 9, 12].contains(depth) else { throw QueryRefusal.field("depth") }
        let counted = try lists.visitCoverage(
            scope(days.upperBound, query.division), from: days.lowerBound, depth: depth)
        var wire = Care_V1_VisitCoverage()
        wire.from = query.from
        wire.to = query.to
        wire.rows = counted.rows.map(Self.wire)
        wire.total = Self.wire(counted.total)
        wire.deadlines = deadlines(in: days)
        return wire
    }

    func visitMissing(_ query: Care_V1_VisitMissingQuery) throws -> Care_V1_VisitMissingList {
        let days = try days(query.from, query.to)
        var page = Care_V1_Page()
        page.size = query.size
        page.after = query.after
        let part = try lists.missedVisits(
            scope(days.upperBound, query.division), from: days.lowerBound, self.page(page))
        var list = Care_V1_VisitMissingList()
        list.households = part.entries.map { entry in
            var wire = Care_V1_VisitMissingList.Entry()
            wire.household = entry.household.wireData
            wire.division = entry.division.rawValue
            wire.status = entry.status?.rawValue ?? ""
            wire.clause = entry.clause?.rawValue ?? ""
            wire.due = entry.isDue
            if let day = entry.dueOn {
                wire.dueOn = day.dayNumber
                // Nobody is late before the deadline has passed, however far the question reaches.
                wire.overdue = day < min(days.upperBound, today)
            }
            if let day = entry.lastVisitOn { wire.lastVisitOn = day.dayNumber }
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        list.deadlines = deadlines(in: days)
        return list
    }

    private func days(_ from: Int32, _ to: Int32) throws -> ClosedRange<CivilDay> {
        let first = try day(from, "from")
        let last = try day(to, "to")
        guard first <= last else { throw QueryRefusal.field("from") }
        return first...last
    }

    private func deadlines(in days: ClosedRange<CivilDay>) -> [Care_V1_VisitDeadline] {
        words.visitDuties.compactMap { duty in
            guard duty.inForce.contains(days.upperBound), let deadline = duty.deadline(in: days) else { return nil }
            var wire = Care_V1_VisitDeadline()
            wire.clause = CareArchive.Label(duty.clause.rawValue, words.title(duty.clause)).word
            wire.warnFrom = deadline.warnFrom.dayNumber
            wire.lastDay = deadline.lastDay.dayNumber
            return wire
        }
    }

    private static func wire(_ row: VisitCoverageRow) -> Care_V1_VisitCoverage.Row {
        var wire = Care_V1_VisitCoverage.Row()
        wire.unit = row.unit
        wire.householdCount = UInt64(row.households)
        wire.dueCount = UInt64(row.due)
        wire.inTimeCount = UInt64(row.inTime)
        wire.lateCount = UInt64(row.late)
        wire.unconfirmedCount = UInt64(row.unconfirmed)
        return wire
    }
}

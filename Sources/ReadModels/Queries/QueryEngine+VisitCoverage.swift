import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    func visitCoverage(_ query: Care_V1_VisitCoverageQuery) throws -> Care_V1_VisitCoverage {
        let days = try days(query.from, query.to)
        let depth = query.depth == 0 ? 12 : Int(query.depth)
        guard [6, 9, 12].contains(depth) else { throw QueryRefusal.field("depth") }
        let asked = try asked(query.kind, query.clause, query.holiday)
        let counted = try lists.visitCoverage(
            scope(days.upperBound, query.division), from: days.lowerBound, asking: asked, depth: depth)
        var wire = Care_V1_VisitCoverage()
        wire.from = query.from
        wire.to = query.to
        wire.rows = counted.rows.map(Self.wire)
        wire.total = Self.wire(counted.total)
        wire.deadlines = deadlines(in: days, asked)
        return wire
    }

    func visitMissing(_ query: Care_V1_VisitMissingQuery) throws -> Care_V1_VisitMissingList {
        let days = try days(query.from, query.to)
        var page = Care_V1_Page()
        page.size = query.size
        page.after = query.after
        let asked = try asked(query.kind, query.clause, query.holiday)
        let part = try lists.missedVisits(
            scope(days.upperBound, query.division), from: days.lowerBound, self.page(page), asking: asked)
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
            if let holiday = entry.holiday { wire.holiday = word(holiday) }
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        list.deadlines = deadlines(in: days, asked)
        return list
    }

    private func days(_ from: Int32, _ to: Int32) throws -> ClosedRange<CivilDay> {
        let first = try day(from, "from")
        let last = try day(to, "to")
        guard first <= last else { throw QueryRefusal.field("from") }
        return first...last
    }

    /// - Throws: `QueryRefusal` for a kind, clause or feast that no published pack knows; a retry does not help.
    private func asked(_ kind: String, _ clause: String, _ holiday: String) throws -> VisitsAsked {
        var asked = VisitsAsked(kind: try code(kind, "kind"), holiday: try code(holiday, "holiday"))
        if let kind = asked.kind, words.visitKinds[kind] == nil { throw QueryRefusal.field("kind") }
        if !clause.isEmpty {
            guard let duty = words.visitDuties.first(where: { $0.clause.rawValue == clause }) else {
                let known = words.visitDuties.map { "\($0.clause) \(words.title($0.clause))" }
                throw QueryRefusal.visitClause(clause, known: known)
            }
            asked.clause = duty.clause
            if let holiday = asked.holiday, !duty.holidays.contains(holiday) { throw QueryRefusal.field("holiday") }
        } else if asked.holiday != nil {
            throw QueryRefusal.field("holiday")
        }
        return asked
    }

    private func word(_ code: Code) -> Care_V1_Word { CareArchive.Label(code.rawValue, words.chinese(code)).word }

    private func deadlines(in days: ClosedRange<CivilDay>, _ asked: VisitsAsked) -> [Care_V1_VisitDeadline] {
        words.visitDuties.filter { duty in
            duty.inForce.contains(days.upperBound) && (asked.clause.map { duty.clause == $0 } ?? duty.holidays.isEmpty)
        }.flatMap { duty in
            duty.occasions(in: days, holiday: asked.holiday).compactMap { occasion in
                occasion.deadline.map { deadline in
                    var wire = Care_V1_VisitDeadline()
                    wire.clause = CareArchive.Label(duty.clause.rawValue, words.title(duty.clause)).word
                    wire.warnFrom = deadline.warnFrom.dayNumber
                    wire.lastDay = deadline.lastDay.dayNumber
                    if let holiday = occasion.holiday { wire.holiday = word(holiday) }
                    return wire
                }
            }
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

import CareDomain
import CareProjections
import CareWire
import RuleEngine

extension QueryEngine {
    func households(_ query: Care_V1_FindHouseholdsQuery) throws -> Care_V1_HouseholdList {
        var filter = ReadModelLists.HouseholdFilter()
        switch query.status {
        case "": break
        case "any": filter.status = .any
        case "none": filter.status = ReadModelLists.HouseholdFilter.Status.none
        case "closed": filter.status = .closed
        case "registered_in_error": filter.status = .registeredInError
        default:
            guard let kind = HardshipPeriod.Kind(rawValue: query.status) else {
                throw QueryRefusal.householdStatus
            }
            filter.status = .kind(kind)
        }
        if !query.token.isEmpty {
            guard let token = PersonToken(bytes: query.token) else { throw QueryRefusal.field("token") }
            filter.token = token
        }
        if !query.idNumber.isEmpty {
            guard let tokens, query.token.isEmpty, let number = try? ResidentIDNumber(query.idNumber) else {
                throw QueryRefusal.field("id_number")
            }
            filter.token = tokens.token(of: number)
        }
        if !query.archiveNumber.isEmpty { filter.archiveNumber = query.archiveNumber }
        if !query.householdPrefix.isEmpty { filter.prefix = query.householdPrefix.lowercased() }
        let scope = try scope(day(query.asOf, "as_of"), query.division)
        guard query.familyType.isEmpty else {
            return try households(scope, filter, of: familyType(query.familyType), page(query.page))
        }
        let part = try lists.households(scope, filter, page(query.page))
        var list = Care_V1_HouseholdList()
        list.households = try part.entries.map { entry in
            var wire = Care_V1_HouseholdList.Entry(entry)
            if query.withFamilyTypes { wire.take(try familyTypes(of: entry, on: scope.asOf)) }
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        return list
    }

    func coverage(_ query: Care_V1_PairingCoverageQuery) throws -> Care_V1_PairingCoverageTable {
        let depth = query.depth == 0 ? 6 : Int(query.depth)
        guard [6, 9, 12].contains(depth) else { throw QueryRefusal.field("depth") }
        let counted = try lists.coverage(scope(day(query.asOf, "as_of"), query.division), depth: depth)
        var table = Care_V1_PairingCoverageTable()
        table.kinds = words.slots.map { CareArchive.Label($0.kind.rawValue, $0.chinese).word }
        table.rows = counted.rows.map(wire)
        table.total = wire(counted.total)
        table.asOf = query.asOf
        return table
    }

    private func wire(_ row: CoverageRow) -> Care_V1_PairingCoverageTable.Row {
        var wire = Care_V1_PairingCoverageTable.Row()
        wire.division = row.division
        wire.householdCount = UInt64(row.households)
        wire.kinds = zip(words.slots, zip(row.filled, row.incomplete)).map { slot, counted in
            var count = Care_V1_PairingCoverageTable.KindCount()
            count.kind = slot.kind.rawValue
            count.filledCount = UInt64(counted.0)
            count.incompleteCount = UInt64(counted.1)
            return count
        }
        wire.coveredCount = UInt64(row.covered)
        wire.incompleteCount = UInt64(row.coveredIncompletely)
        return wire
    }

    func gaps(_ query: Care_V1_PairingMissingQuery) throws -> Care_V1_PairingGapList {
        let kind: PairingKind? = try code(query.kind, "kind")
        if let kind, words.slot(kind) == nil { throw QueryRefusal.field("kind") }
        let part = try lists.gaps(
            scope(day(query.asOf, "as_of"), query.division), lacking: kind, page(query.page))
        var list = Care_V1_PairingGapList()
        list.households = part.entries.map { entry in
            var wire = Care_V1_PairingGapList.Entry()
            wire.household = entry.household.wireData
            wire.division = entry.division.rawValue
            wire.status = entry.status.rawValue
            wire.gaps = entry.gaps.map { gap in
                var wire = Care_V1_PairingGapList.Gap()
                wire.kind = CareArchive.Label(gap.kind.rawValue, words.chinese(gap.kind)).word
                wire.missingSince = gap.since.dayNumber
                wire.incomplete = gap.isIncomplete
                wire.lackingDetails = gap.lacking.codes
                return wire
            }
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        return list
    }

    func needs(_ query: Care_V1_ListNeedsQuery) throws -> Care_V1_NeedList {
        var state: CareArchive.NeedLine.State?
        if !query.state.isEmpty {
            state = CareArchive.NeedLine.State(rawValue: query.state)
            if state == nil { throw QueryRefusal.field("state") }
        }
        let part = try lists.needs(
            scope(day(query.asOf, "as_of"), query.division), state: state, kind: code(query.kind, "kind"),
            page(query.page))
        var list = Care_V1_NeedList()
        list.needs = part.entries.map { entry in
            var wire = Care_V1_NeedList.Entry()
            wire.household = entry.household.wireData
            wire.division = entry.division.rawValue
            wire.sequence = entry.sequence
            wire.kind = CareArchive.Label(entry.kind.rawValue, words.need(entry.kind)).word
            wire.items = UInt32(clamping: entry.items)
            wire.raisedOn = entry.raisedOn.dayNumber
            wire.state = entry.state.rawValue
            if let day = entry.answeredOn { wire.answeredOn = day.dayNumber }
            if let day = entry.closedOn { wire.closedOn = day.dayNumber }
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        return list
    }

    func entitlements(_ query: Care_V1_ListEntitlementsQuery) throws -> Care_V1_EntitlementList {
        var clause: ClauseID?
        if !query.clause.isEmpty {
            clause = ClauseID(query.clause)
            if clause == nil { throw QueryRefusal.field("clause") }
        }
        var status: DeterminationMade.Status?
        if query.status != .unspecified {
            do { status = try DeterminationMade.Status(wireStatus: query.status) } catch {
                throw QueryRefusal.field("status")
            }
        }
        let (part, total) = try lists.entitlements(
            scope(day(query.asOf, "as_of"), query.division), clause: clause, status: status, page(query.page))
        var list = Care_V1_EntitlementList()
        list.entitlements = part.entries.map(wire)
        list.total = UInt64(part.total)
        list.totalAmountFen = total.amount
        list.nextPage = part.next?.text ?? ""
        return list
    }

    private func wire(_ entry: EntitlementEntry) -> Care_V1_EntitlementList.Entry {
        var wire = Care_V1_EntitlementList.Entry()
        wire.household = entry.household.wireData
        wire.division = entry.division.rawValue
        wire.clause = entry.clause
        wire.title = ClauseID(entry.clause).map(words.title) ?? ""
        if let person = entry.person { wire.person = person.wireData }
        wire.status = entry.status.wireStatus
        wire.from = entry.from.dayNumber
        if let until = entry.until { wire.until = until.dayNumber }
        if let amount = entry.amount { wire.amountFen = amount.amount }
        if let hours = entry.hoursThousandths { wire.hoursThousandths = hours }
        wire.cadence = CareArchive.Label(entry.cadence.rawValue, words.chinese(entry.cadence)).word
        if let department = entry.department {
            wire.department = CareArchive.Label(department.rawValue, words.chinese(department)).word
        }
        wire.sequence = entry.sequence
        return wire
    }

    func notices(_ query: Care_V1_ListNoticesQuery) throws -> Care_V1_NoticeList {
        var state: ReadModelLists.NoticeState?
        if !query.state.isEmpty {
            state = ReadModelLists.NoticeState(rawValue: query.state)
            if state == nil { throw QueryRefusal.field("state") }
        }
        // A list over several places is that of the strictest.
        let hidesReviews = sight.hides(.disability, in: [])
        let part = try lists.notices(
            scope(day(query.asOf, "as_of"), query.division), state: state, kind: code(query.kind, "kind"),
            hidden: hidesReviews ? HouseholdEvent.certificateReview : nil, page(query.page))
        var list = Care_V1_NoticeList()
        list.notices = part.entries.map { entry in
            var wire = Care_V1_NoticeList.Entry()
            wire.household = entry.household.wireData
            wire.division = entry.division.rawValue
            wire.sequence = entry.sequence
            let kind = words.notice(entry.kind, isUnfilled: entry.isUnfilled)
            wire.kind = CareArchive.Label(entry.kind.rawValue, kind).word
            if let person = entry.person { wire.person = person.wireData }
            wire.raisedOn = entry.raisedOn.dayNumber
            if let day = entry.dueOn { wire.dueOn = day.dayNumber }
            if let department = entry.department {
                wire.department = CareArchive.Label(department.rawValue, words.chinese(department)).word
            }
            wire.delivered = entry.isDelivered
            wire.parkedChannels = entry.parkedChannels
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        return list
    }
}

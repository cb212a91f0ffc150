import CareDomain
import CareProjections
import CareWire

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension QueryEngine {
    func handOuts(_ query: Care_V1_HandOutQuery) throws -> Care_V1_HandOutList {
        let asked = try goodsAsked(query.clause, query.period)
        let day = try day(query.asOf, "as_of")
        var states = Set(GoodsState.allCases)
        if !query.state.isEmpty {
            guard let state = GoodsState(rawValue: query.state) else { throw QueryRefusal.field("state") }
            states = [state]
        }
        var page = Care_V1_Page()
        page.size = query.size
        page.after = query.after
        let part = try lists.goods(
            scope(asked.period.judged(on: day), query.division), asked, through: day, states: states, self.page(page))
        var list = Care_V1_HandOutList()
        let last = asked.duty.deadline(of: asked.period)?.lastDay
        list.entries = try part.entries.map { found in
            var wire = entry(of: found, last: last, on: day)
            wire.receiverRoleZh = try receiver(of: found) ?? ""
            return wire
        }
        list.total = UInt64(part.total)
        list.nextPage = part.next?.text ?? ""
        if let deadline = deadline(of: asked) { list.deadline = deadline }
        return list
    }

    func handOutCoverage(_ query: Care_V1_HandOutCoverageQuery) throws -> Care_V1_HandOutCoverage {
        let asked = try goodsAsked(query.clause, query.period)
        let day = try day(query.asOf, "as_of")
        let depth = query.depth == 0 ? 12 : Int(query.depth)
        guard [6, 9, 12].contains(depth) else { throw QueryRefusal.field("depth") }
        let counted = try lists.goodsCoverage(
            scope(asked.period.judged(on: day), query.division), asked, through: day, depth: depth)
        var wire = Care_V1_HandOutCoverage()
        wire.rows = counted.rows.map(Self.wire)
        wire.total = Self.wire(counted.total)
        if let deadline = deadline(of: asked) { wire.deadline = deadline }
        return wire
    }

    /// - Throws: `QueryRefusal` for a clause that gives no goods, or a period that it does not have; a retry does not help.
    private func goodsAsked(_ clause: String, _ period: String) throws -> GoodsAsked {
        guard let duty = words.goodsDuties.first(where: { $0.clause.rawValue == clause }) else {
            let known = words.goodsDuties.map { "\($0.clause) \(words.title($0.clause))" }
            throw QueryRefusal.goodsClause(clause, known: known)
        }
        guard let code = Code(period), let found = HandOutPeriod(code, rhythm: duty.rhythm) else {
            throw QueryRefusal.goodsPeriod(period, form: duty.rhythm.form)
        }
        return GoodsAsked(duty: duty, period: found)
    }

    /// Nobody is late before the last day is over, however far the question reaches.
    private func entry(of found: GoodsEntry, last: CivilDay?, on day: CivilDay) -> Care_V1_HandOutList.Entry {
        var wire = Care_V1_HandOutList.Entry()
        wire.household = found.household.wireData
        wire.division = found.division.rawValue
        wire.state = found.state.rawValue
        if let handed = found.day { wire.day = handed.dayNumber }
        if let last { wire.late = (found.day ?? min(day, today)) > last && found.state != .unconfirmed }
        wire.items = (found.items ?? "").split(separator: " ").compactMap { item in
            let parts = item.split(separator: "=")
            guard parts.count == 2, let goods = Code(String(parts[0])), let count = UInt32(parts[1]) else { return nil }
            return Care_V1_HandOutLine.Goods.with {
                $0.goods = label(goods)
                $0.count = count
            }
        }
        if let relation = found.relation { wire.relation = label(relation) }
        if let digest = found.receipt.flatMap(FileDigest.init(reference:)) {
            wire.receiptDigest = Data(digest.bytes)
            let owner = AttachmentPlace.household(found.file ?? found.household)
            wire.receiptType = surroundings.attachments?.entry(digest, in: owner)?.kept.type.rawValue ?? ""
        }
        if let reason = found.noReceipt { wire.noReceipt = label(reason) }
        wire.sequence = found.sequence ?? 0
        if let file = found.file { wire.file = file.wireData }
        return wire
    }

    /// Role of the member who took the goods, as on that day.
    private func receiver(of found: GoodsEntry) throws -> String? {
        guard found.relation == nil, let sequence = found.sequence, let day = found.day,
            let history = try LoadedHousehold(found.file ?? found.household, from: reader, sealed: .skip)?.history
        else { return nil }
        let handed = history.household.handOuts.first { $0.reference.sequence == sequence }?.handed
        return handed.flatMap { history.household.member($0.receiver) }?.role(on: day).chinese
    }

    private func label(_ code: Code) -> Care_V1_Word { CareArchive.Label(code.rawValue, words.chinese(code)).word }

    private func deadline(of asked: GoodsAsked) -> Care_V1_HandOutDeadline? {
        asked.duty.deadline(of: asked.period).map { deadline in
            Care_V1_HandOutDeadline.with {
                $0.clause = CareArchive.Label(asked.duty.clause.rawValue, words.title(asked.duty.clause)).word
                $0.warnFrom = deadline.warnFrom.dayNumber
                $0.lastDay = deadline.lastDay.dayNumber
            }
        }
    }

    private static func wire(_ row: GoodsCoverageRow) -> Care_V1_HandOutCoverage.Row {
        .with {
            $0.unit = row.unit
            $0.householdCount = UInt64(row.households)
            $0.dueCount = UInt64(row.due)
            $0.receivedCount = UInt64(row.received)
            $0.lateCount = UInt64(row.late)
            $0.receiptCount = UInt64(row.receipts)
            $0.unconfirmedCount = UInt64(row.unconfirmed)
        }
    }
}

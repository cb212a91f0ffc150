import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Notices to offices of divisions in which the caller may act. Of cases that are kept from the caller those only that
    /// could not be delivered, without the sum, and only for whoever operates: they wait for that person.
    func officeNotices(_ query: Care_V1_ListOfficeNoticesQuery) throws -> Care_V1_OfficeNoticeList {
        let day = try day(query.asOf, "as_of")
        let wanted = query.division.isEmpty ? nil : DivisionCode(query.division)
        if !query.division.isEmpty, wanted == nil { throw QueryRefusal.field("division") }
        guard ["", "open", "parked", "delivered"].contains(query.state) else { throw QueryRefusal.field("state") }
        var list = Care_V1_OfficeNoticeList()
        func add(_ notices: OfficeNotices, _ stream: String, _ division: DivisionCode, isKept: Bool = false) {
            guard principal.mayAct(in: division), wanted.map({ division.isWithin($0) }) ?? true else { return }
            for entry in notices.entries where entry.on <= day {
                var wire = Care_V1_OfficeNoticeList.Entry(entry, stream, division)
                let isParked = !wire.parkedChannels.isEmpty
                if isKept {
                    guard isParked, principal.rights.contains(.operate) else { continue }
                    wire.clearAmountFen()
                }
                let state = isParked ? "parked" : wire.delivered ? "delivered" : "open"
                guard query.kind.isEmpty || query.kind == wire.kind, query.state.isEmpty || query.state == state else {
                    continue
                }
                list.notices.append(wire)
            }
        }
        for book in (surroundings.duties?.books ?? [:]).values.sorted(by: { $0.division < $1.division }) {
            add(book.notices, "duty-\(book.division.rawValue)", book.division)
        }
        let sight = self.sight
        for id in surroundings.lending?.loanOrder ?? [] {
            guard let loan = surroundings.lending?.loans[id], let home = loan.application?.content.division else {
                continue
            }
            add(loan.notices, "loan-\(id)", home, isKept: !maySee(loan, sight))
        }
        return list
    }
}

extension Care_V1_OfficeNoticeList.Entry {
    fileprivate init(_ entry: OfficeNotices.Entry, _ stream: String, _ division: DivisionCode) {
        self.init()
        self.stream = stream
        self.division = division.rawValue
        sequence = entry.reference.sequence
        kind = entry.notice.kind.rawValue
        raisedOn = entry.on.dayNumber
        dueOn = entry.notice.dueOn.dayNumber
        department = entry.notice.department.rawValue
        clause = entry.notice.clause?.rawValue ?? ""
        period = entry.notice.period?.rawValue ?? ""
        if let amount = entry.notice.amount { amountFen = amount.amount }
        let channels = Set(entry.deliveries.map(\.channel)).sorted()
        delivered = channels.contains { entry.outcome(on: $0) == .delivered }
        parkedChannels = channels.filter { entry.outcome(on: $0) == .parked }.map(\.rawValue)
    }
}

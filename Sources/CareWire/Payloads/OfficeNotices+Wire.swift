import CareDomain

/// A notice of a duty book as its payload.
struct DutyNotice: WireMapped {
    let notice: OfficeNotice

    init(_ notice: OfficeNotice) { self.notice = notice }

    init(wire: Care_V1_DutyNoticeRaised) throws(WireError) {
        notice = OfficeNotice(
            kind: try Field.code(wire.kind, "kind"), key: try Field.text(wire.key, "key", limit: WireLimits.noticeKey),
            department: try Field.code(wire.department, "department"), dueOn: try Field.day(wire.dueOn, "due_on"),
            clause: wire.hasClause ? try Field.clause(wire.clause, "clause") : nil,
            pack: try Field.code(ifSet: wire.hasPack ? wire.pack : nil, "pack"),
            period: try Field.code(ifSet: wire.hasPeriod ? wire.period : nil, "period"))
    }

    func wire() throws(WireError) -> Care_V1_DutyNoticeRaised {
        var wire = Care_V1_DutyNoticeRaised()
        wire.kind = notice.kind.rawValue
        wire.key = notice.key
        wire.department = notice.department.rawValue
        wire.dueOn = notice.dueOn.dayNumber
        if let clause = notice.clause { wire.clause = clause.rawValue }
        if let pack = notice.pack { wire.pack = pack.rawValue }
        if let period = notice.period { wire.period = period.rawValue }
        return wire
    }
}

/// A notice of a loan as its payload.
struct LoanNotice: WireMapped {
    let notice: OfficeNotice

    init(_ notice: OfficeNotice) { self.notice = notice }

    init(wire: Care_V1_LoanNoticeRaised) throws(WireError) {
        notice = OfficeNotice(
            kind: try Field.code(wire.kind, "kind"), key: try Field.text(wire.key, "key", limit: WireLimits.noticeKey),
            department: try Field.code(wire.department, "department"), dueOn: try Field.day(wire.dueOn, "due_on"),
            clause: wire.hasClause ? try Field.clause(wire.clause, "clause") : nil, amount: Fen(wire.amountFen),
            person: try Field.code(ifSet: wire.hasHelper ? wire.helper : nil, "helper"))
    }

    func wire() throws(WireError) -> Care_V1_LoanNoticeRaised {
        var wire = Care_V1_LoanNoticeRaised()
        wire.kind = notice.kind.rawValue
        wire.key = notice.key
        wire.department = notice.department.rawValue
        wire.dueOn = notice.dueOn.dayNumber
        if let clause = notice.clause { wire.clause = clause.rawValue }
        wire.amountFen = notice.amount?.amount ?? 0
        if let person = notice.person { wire.helper = person.rawValue }
        return wire
    }
}

/// What became of a notice of a duty book, as its payload.
struct DutyNoticeOutcome: WireMapped {
    let delivered: NoticeDelivered

    init(_ delivered: NoticeDelivered) { self.delivered = delivered }

    init(wire: Care_V1_DutyNoticeDelivered) throws(WireError) {
        delivered = try Field.required(wire.hasDelivered ? wire.delivered : nil, "delivered")
    }

    func wire() throws(WireError) -> Care_V1_DutyNoticeDelivered {
        var wire = Care_V1_DutyNoticeDelivered()
        wire.delivered = try Field.wire(delivered, "delivered")
        return wire
    }
}

/// What became of a notice of a loan, as its payload.
struct LoanNoticeOutcome: WireMapped {
    let delivered: NoticeDelivered

    init(_ delivered: NoticeDelivered) { self.delivered = delivered }

    init(wire: Care_V1_LoanNoticeDelivered) throws(WireError) {
        delivered = try Field.required(wire.hasDelivered ? wire.delivered : nil, "delivered")
    }

    func wire() throws(WireError) -> Care_V1_LoanNoticeDelivered {
        var wire = Care_V1_LoanNoticeDelivered()
        wire.delivered = try Field.wire(delivered, "delivered")
        return wire
    }
}

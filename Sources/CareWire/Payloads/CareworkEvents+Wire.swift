import CareDomain

extension VisitRecorded: WireMapped {
    init(wire: Care_V1_VisitRecorded) throws(WireError) {
        self.init(
            form: try Field.code(ifSet: wire.hasForm ? wire.form : nil, "form"),
            kind: try Field.code(wire.kind, "kind"),
            holiday: try Field.code(ifSet: wire.hasHoliday ? wire.holiday : nil, "holiday"),
            visitor: try Field.id(ifSet: wire.hasVisitor ? wire.visitor : nil, "visitor"),
            answers: try Field.list(wire.answers, "answers", limit: WireLimits.answers),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_VisitRecorded {
        var wire = Care_V1_VisitRecorded()
        if let form { wire.form = form.rawValue }
        wire.kind = kind.rawValue
        if let holiday { wire.holiday = holiday.rawValue }
        if let visitor { wire.visitor = visitor.data }
        wire.answers = try Field.wires(answers, "answers")
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension NeedRaised: WireMapped {
    init(wire: Care_V1_NeedRaised) throws(WireError) {
        self.init(
            kind: try Field.code(wire.kind, "kind"),
            items: try Field.count(wire.items, "items", in: 1...WireLimits.items),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_NeedRaised {
        var wire = Care_V1_NeedRaised()
        wire.kind = kind.rawValue
        wire.items = try Field.number(items, "items")
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension NeedAnswered: WireMapped {
    init(wire: Care_V1_NeedAnswered) throws(WireError) {
        self.init(
            need: try Field.reference(wire.needSequence, "need_sequence"),
            by: try Field.code(ifSet: wire.hasDepartment ? wire.department : nil, "department"),
            outcome: try Field.code(wire.outcome, "outcome"), sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_NeedAnswered {
        var wire = Care_V1_NeedAnswered()
        wire.needSequence = need.sequence
        if let by { wire.department = by.rawValue }
        wire.outcome = outcome.rawValue
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension NeedClosed: WireMapped {
    init(wire: Care_V1_NeedClosed) throws(WireError) {
        self.init(
            need: try Field.reference(wire.needSequence, "need_sequence"),
            reason: try Field.code(wire.reason, "reason"))
    }

    func wire() throws(WireError) -> Care_V1_NeedClosed {
        var wire = Care_V1_NeedClosed()
        wire.needSequence = need.sequence
        wire.reason = reason.rawValue
        return wire
    }
}

extension PlanItemOpened: WireMapped {
    init(wire: Care_V1_PlanItemOpened) throws(WireError) {
        self.init(
            clause: wire.hasClause ? try Field.clause(wire.clause, "clause") : nil,
            department: try Field.code(wire.department, "department"),
            dueOn: try Field.day(ifSet: wire.hasDueOn ? wire.dueOn : nil, "due_on"),
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_PlanItemOpened {
        var wire = Care_V1_PlanItemOpened()
        if let clause { wire.clause = clause.rawValue }
        wire.department = department.rawValue
        if let dueOn { wire.dueOn = dueOn.dayNumber }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

extension PlanItemDone: WireMapped {
    init(wire: Care_V1_PlanItemDone) throws(WireError) {
        self.init(item: try Field.reference(wire.itemSequence, "item_sequence"))
    }

    func wire() throws(WireError) -> Care_V1_PlanItemDone {
        var wire = Care_V1_PlanItemDone()
        wire.itemSequence = item.sequence
        return wire
    }
}

import CareDomain

extension FactStated: CodedPayload {
    static var blank: FactStated {
        FactStated(fact: FactID(unchecked: ""), subject: .household, value: nil, source: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("fact", &fact)
        try coder.subject("person", &subject)
        try coder.field("value", &value)
        try coder.end(&until)
        try coder.field("source", &source)
        try coder.field("evidence", &evidence)
    }
}

extension IncidentReported.Victim: CodedPayload {
    static var blank: IncidentReported.Victim { IncidentReported.Victim(person: .blank, outcome: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.person("person", &person)
        try coder.field("outcome", &outcome)
        try coder.field("grade", &grade)
    }
}

extension IncidentReported: CodedPayload {
    static var blank: IncidentReported { IncidentReported(kind: .blank, victims: []) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("kind", &kind)
        try coder.objects("victims", &victims)
    }
}

extension Helper {
    static var blank: Helper { Helper(id: .blank, hasRealName: false) }
}

extension PairingAssigned: CodedPayload {
    static var blank: PairingAssigned { PairingAssigned(kind: PairingKind(unchecked: ""), helper: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.field("kind", &kind)
        try coder.helper("helper", &helper, &parts)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension PairingHandedOver: CodedPayload {
    static var blank: PairingHandedOver {
        PairingHandedOver(kind: PairingKind(unchecked: ""), from: .blank, to: .blank, reason: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.field("kind", &kind)
        try coder.person("from", &from)
        try coder.helper("to", &to, &parts)
        try coder.field("reason", &reason)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension PairingEnded: CodedPayload {
    static var blank: PairingEnded {
        PairingEnded(kind: PairingKind(unchecked: ""), helper: .blank, reason: .blank)
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("kind", &kind)
        try coder.person("helper", &helper)
        try coder.field("reason", &reason)
    }
}

extension FormAnswer: CodedPayload {
    static var blank: FormAnswer { FormAnswer(field: .blank, value: .bool(false)) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("field", &field)
        try coder.field("value", &value)
    }
}

extension NeedRaised: CodedPayload {
    static var blank: NeedRaised { NeedRaised(kind: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        // The kind of need, not of a person: `need` keeps it apart from the `kind` of the visit beside it.
        try coder.field("need", &kind)
        try coder.field("items", &items)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension RecordVisit: CodedPayload {
    static var blank: RecordVisit { RecordVisit(visit: VisitRecorded(kind: .blank)) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = visit.sealed
        try coder.field("kind", &visit.kind)
        try coder.field("form", &visit.form)
        try coder.field("holiday", &visit.holiday)
        try coder.person("visitor", &visit.visitor, .outsider, &parts)
        try coder.objects("answers", &visit.answers)
        try coder.sealed(&parts)
        visit.sealed = parts
        try coder.objects("needs", &needs)
    }
}

extension NeedAnswered: CodedPayload {
    static var blank: NeedAnswered { NeedAnswered(need: .unresolved, outcome: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.event("need", &need, .need)
        try coder.field("by", &by)
        try coder.field("outcome", &outcome)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension NeedClosed: CodedPayload {
    static var blank: NeedClosed { NeedClosed(need: .unresolved, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.event("need", &need, .need)
        try coder.field("reason", &reason)
    }
}

extension PlanItemOpened: CodedPayload {
    static var blank: PlanItemOpened { PlanItemOpened(department: DepartmentID(unchecked: "")) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.field("clause", &clause)
        try coder.field("department", &department)
        try coder.field("due_on", &dueOn)
        try coder.sealed(&parts)
        sealed = parts
    }
}

extension PlanItemDone: CodedPayload {
    static var blank: PlanItemDone { PlanItemDone(item: .unresolved) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.event("item", &item, .item)
    }
}

extension Correction: CodedPayload {
    static var blank: Correction { Correction(corrects: .unresolved, reason: .blank) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.event("corrects", &corrects, .corrects)
        try coder.field("reason", &reason)
        try coder.sealed(&parts)
        sealed = parts
    }
}

/// One answer on a form.
package struct FormAnswer: Hashable, Sendable {
    /// Field of the form, `has_pension`.
    package var field: Code
    package var value: FactValue

    package init(field: Code, value: FactValue) {
        self.field = field
        self.value = value
    }
}

/// 走访: somebody visited the family on this day. Needs found are `NeedRaised` in the same append.
package struct VisitRecorded: Hashable, Sendable {
    /// Which form was filled in, `needs-2021`; nil for a visit without a form.
    package var form: Code?
    /// routine, holiday, needs.
    package var kind: Code
    /// Which holiday, for a holiday visit.
    package var holiday: Code?
    package var visitor: PersonID?
    package var answers: [FormAnswer]
    package var sealed: [SealedPart]

    package init(
        form: Code? = nil, kind: Code, holiday: Code? = nil, visitor: PersonID? = nil, answers: [FormAnswer] = [],
        sealed: [SealedPart] = []
    ) {
        self.form = form
        self.kind = kind
        self.holiday = holiday
        self.visitor = visitor
        self.answers = answers
        self.sealed = sealed
    }
}

/// 需求提出.
package struct NeedRaised: Hashable, Sendable {
    /// Kind of need, a code of the visit form.
    package var kind: Code
    /// How many items of this kind (项, not households); at least 1.
    package var items: Int
    package var sealed: [SealedPart]

    package init(kind: Code, items: Int = 1, sealed: [SealedPart] = []) {
        self.kind = kind
        self.items = items
        self.sealed = sealed
    }
}

/// 需求答复: what was done or said.
package struct NeedAnswered: Hashable, Sendable {
    package var need: EventReference
    package var by: DepartmentID?
    /// on_the_spot, relayed, in_progress, not_possible.
    package var outcome: Code
    package var sealed: [SealedPart]

    package init(need: EventReference, by: DepartmentID? = nil, outcome: Code, sealed: [SealedPart] = []) {
        self.need = need
        self.by = by
        self.outcome = outcome
        self.sealed = sealed
    }
}

/// 需求办结.
package struct NeedClosed: Hashable, Sendable {
    package var need: EventReference
    package var reason: Code

    package init(need: EventReference, reason: Code) {
        self.need = need
        self.reason = reason
    }
}

/// 帮扶计划项.
/// - Source: CZ-3.3c
package struct PlanItemOpened: Hashable, Sendable {
    package var clause: ClauseID?
    package var department: DepartmentID
    package var dueOn: CivilDay?
    package var sealed: [SealedPart]

    package init(
        clause: ClauseID? = nil, department: DepartmentID, dueOn: CivilDay? = nil, sealed: [SealedPart] = []
    ) {
        self.clause = clause
        self.department = department
        self.dueOn = dueOn
        self.sealed = sealed
    }
}

/// 帮扶计划项完成.
package struct PlanItemDone: Hashable, Sendable {
    package var item: EventReference
    package init(item: EventReference) { self.item = item }
}

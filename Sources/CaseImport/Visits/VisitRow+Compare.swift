import CareDomain

extension VisitRow {
    /// What becomes of the form against what is on record of its family.
    ///
    /// A form is known by household, day and visitor. Its texts are sealed, so whether they are the same is told by the id of
    /// the command that said them: it follows from the content.
    mutating func outcome(
        file: Identifier128, lookup: some FamilyLookup, mode: RosterMode, today: CivilDay
    ) -> (outcome: VisitPlan.Outcome, key: VisitPlan.Key?) {
        guard let (form, family) = read(lookup: lookup, today: today) else { return (refusal, nil) }
        let key = VisitPlan.Key(
            household: family.id, day: form.day, visitor: form.visitorName, content: meaning(on: form.day))
        let recorded = RecordedForm.forms(of: family, on: form.day)
        if recorded.contains(where: { isLastWord(of: $0, family, file: file, on: form.day) }) {
            return (.unchanged(family.id), key)
        }
        guard let old = recorded.last(where: { $0.isSigned(by: form.visitorName, lookup: lookup) }) else {
            return (.new(recording(form, family, file: file, lookup: lookup)), key)
        }
        let changes = changes(from: old, to: form)
        switch mode {
        case .report: return (.changed(family.id, changes, []), key)
        case .change(let day):
            guard let command = change(form, family, on: day, file: file, lookup: lookup) else {
                return (problemsFound ? refusal : .unchanged(family.id), key)
            }
            return (.changed(family.id, changes, [command]), key)
        case .correction(let reason, let text):
            let commands = correction(
                of: old, to: form, family, file: file, lookup: lookup, reason: reason, text: text)
            return (problemsFound ? refusal : .changed(family.id, changes, commands), key)
        }
    }

    /// The id of the command that says this content: for the first time, or in the place of an event.
    private func id(_ family: KnownFamily, on day: CivilDay, instead reference: EventReference? = nil) -> CommandID {
        let place = reference.map { ",\($0.sequence)" } ?? ""
        return DerivedIDs.command(scope: family.id.value, "visit,\(meaning(on: day))\(place)")
    }

    /// Whether the last that was said of a form is what stands here. Earlier versions went by the cells as written, and
    /// by the file.
    private func isLastWord(of form: RecordedForm, _ family: KnownFamily, file: Identifier128, on day: CivilDay) -> Bool
    {
        guard let last = form.events.last else { return false }
        let former = [meaning(on: day) { $0 }, meaning(on: day, name: PersonName.unspread)].map { "visit,\($0)" }
        var ids: Set<CommandID> = [
            id(family, on: day), DerivedIDs.command(scope: family.id.value, "visit,\(content)"),
            DerivedIDs.command(scope: file, "visit,\(family.id),\(row.row)"),
        ]
        for said in former { ids.insert(DerivedIDs.command(scope: family.id.value, said)) }
        for event in form.events {
            ids.insert(id(family, on: day, instead: event.reference))
            for said in former {
                ids.insert(DerivedIDs.command(scope: family.id.value, "\(said),\(event.reference.sequence)"))
            }
        }
        return ids.contains(last.command)
    }

    private func visitor(of form: ReadForm, file: Identifier128, lookup: some FamilyLookup) -> PersonID? {
        form.visitorName.map {
            lookup.helper(name: $0, unit: nil, phone: nil) ?? DerivedIDs.outsider(scope: file, "visitor,\($0)")
        }
    }

    private func recording(
        _ form: ReadForm, _ family: KnownFamily, file: Identifier128, lookup: some FamilyLookup
    ) -> HouseholdCommand {
        let visit = form.visit(by: visitor(of: form, file: file, lookup: lookup))
        return HouseholdCommand(
            id: id(family, on: form.day), household: family.id, occurredOn: form.day,
            action: .recordVisit(RecordVisit(visit: visit, needs: form.needs)))
    }

    /// The form as filled in anew on a later day; nil when it is on record already, or with the reason taken down.
    private mutating func change(
        _ form: ReadForm, _ family: KnownFamily, on day: CivilDay, file: Identifier128, lookup: some FamilyLookup
    ) -> HouseholdCommand? {
        let date = place(NeedsForm.field("form_date").label)
        guard day > form.day else {
            note(date.problem(.changeNotLater))
            return nil
        }
        let there = RecordedForm.forms(of: family, on: day)
        if there.contains(where: { isLastWord(of: $0, family, file: file, on: day) }) { return nil }
        guard !there.contains(where: { $0.isSigned(by: form.visitorName, lookup: lookup) }) else {
            note(date.problem(.onlyCorrection))
            return nil
        }
        var later = form
        later.day = day
        return recording(later, family, file: file, lookup: lookup)
    }

    /// The form in the place of the one on record: the visit with the needs that it had left out, the needs that differ,
    /// and those that are gone.
    private mutating func correction(
        of old: RecordedForm, to form: ReadForm, _ family: KnownFamily, file: Identifier128, lookup: some FamilyLookup,
        reason: Code, text: String?
    ) -> [HouseholdCommand] {
        let details = text.map { [SealedPart(subject: form.head, details: PersonalDetails(text: $0))] } ?? []
        func command(_ action: HouseholdAction, insteadOf reference: EventReference, on day: CivilDay)
            -> HouseholdCommand
        {
            let standing = family.standing(reference)
            return HouseholdCommand(
                id: id(family, on: form.day, instead: standing), household: family.id, occurredOn: day,
                correction: Correction(corrects: standing, reason: reason, sealed: details), action: action)
        }
        let known = Set(old.needs.map(\.raised.kind))
        let added = form.needs.filter { !known.contains($0.kind) }
        let visitor = form.visitorName == nil ? nil : old.visit.visit.visitor
        let visit = form.visit(by: visitor ?? self.visitor(of: form, file: file, lookup: lookup))
        var commands = [
            command(
                .recordVisit(RecordVisit(visit: visit, needs: added)), insteadOf: old.visit.reference, on: form.day)
        ]
        for need in old.needs {
            guard let said = form.needs.first(where: { $0.kind == need.raised.kind }) else {
                if !need.answers.isEmpty || need.closedOn != nil, let field = NeedsForm.find(need.raised.kind) {
                    note(place(field.label).problem(.answeredNeed))
                }
                commands.append(command(.withdraw, insteadOf: need.reference, on: need.raisedOn))
                continue
            }
            let isSame = said.items == need.raised.items && said.sealed.isEmpty && need.raised.sealed.isEmpty
            if !isSame { commands.append(command(.raiseNeed(said), insteadOf: need.reference, on: need.raisedOn)) }
        }
        return commands
    }

    private func changes(from old: RecordedForm, to form: ReadForm) -> [FormChange] {
        var changes: [FormChange] = []
        for field in NeedsForm.fields {
            let code = Code(unchecked: field.code)
            let before: String?
            let now: String?
            switch field.kind {
            case .needItems:
                before = Self.items(old.needs.filter { $0.raised.kind == code }.map(\.raised))
                now = Self.items(form.needs.filter { $0.kind == code })
            case .signature:
                before = old.visit.visit.visitor == nil ? nil : "已签"
                now = form.visitorName == nil ? nil : "已签"
            default:
                before = Self.words(old.visit.visit.answers, code)
                now = Self.words(form.answers, code)
            }
            if before != now { changes.append(FormChange(row: row.row, heading: field.label, old: before, new: now)) }
        }
        return changes.isEmpty ? [FormChange(row: row.row, heading: nil, old: nil, new: nil)] : changes
    }

    /// The cells behind the fields of the commands that come of the row.
    func cells(of outcome: VisitPlan.Outcome) -> [CommandID: [String: CellPlace]] {
        let commands: [HouseholdCommand] =
            switch outcome {
            case .new(let command): [command]
            case .changed(_, _, let commands): commands
            case .unchanged, .refused: []
            }
        let date = place(NeedsForm.field("form_date").label)
        var found: [CommandID: [String: CellPlace]] = [:]
        for command in commands {
            var cells = ["": date]
            switch command.action {
            case .recordVisit(let record):
                for (index, need) in record.needs.enumerated() {
                    if let field = NeedsForm.find(need.kind) { cells["needs[\(index)]"] = place(field.label) }
                    cells["needs[\(index)].occurred_on"] = date
                }
            case .raiseNeed(let need):
                if let field = NeedsForm.find(need.kind) { cells[""] = place(field.label) }
            default: break
            }
            found[command.id] = cells
        }
        return found
    }

    private static func items(_ needs: [NeedRaised]) -> String? {
        needs.isEmpty ? nil : "\(needs.reduce(0) { $0 + $1.items })"
    }

    private static func words(_ answers: [FormAnswer], _ code: Code) -> String? {
        let words = answers.filter { $0.field == code }.map { answer in
            switch answer.value {
            case .bool(let flag): flag ? "是" : "否"
            case .int(let number): "\(number)"
            case .code(let code):
                code.rawValue == "bereaved" ? "失独" : code.rawValue == "disabled_child" ? "残疾" : "\(code)"
            default: "…"
            }
        }
        return words.isEmpty ? nil : words.sorted().joined(separator: "、")
    }
}

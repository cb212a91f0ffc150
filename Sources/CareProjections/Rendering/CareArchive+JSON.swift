import CareDomain

extension CareArchive {
    /// The page as JSON: stable snake_case keys, money as whole fen with its decimal string, times in RFC 3339 with
    /// China's zone. Keys are only ever added.
    package var json: JSONText { .object(headerMembers + lineMembers) }

    private var headerMembers: [(String, JSONText)] {
        let place: [(String, JSONText)] = [
            ("household", .string(header.household.description)),
            ("archive_number", .optional(header.archiveNumber)), ("as_of", .day(header.asOf)),
            ("known_at", .moment(header.knownAt)), ("basis", .string(header.basis.rawValue)),
            ("revealed", .bool(header.isRevealed)),
        ]
        let state: [(String, JSONText)] = [
            ("last_known_sequence", .sequence(header.lastKnownSequence)),
            ("last_sequence", .sequence(header.lastSequence)),
            ("learned_count", .sequence(header.learnedCount)),
            ("pack_versions", .array(header.packVersions.map(JSONText.string))),
            ("unreadable", .array(unreadable.map(JSONText.sequence))), ("fenced", .bool(isFenced)),
            ("file", fileJSON), ("division", .optional(header.division?.rawValue)),
            ("division_text", .string(header.divisionText)), ("area", .optional(header.area?.rawValue)),
            ("division_area", .optional(header.divisionArea?.rawValue)),
            ("residence", .optional(header.residence?.division.rawValue)),
            ("residence_text", .optional(header.residence?.text)),
            ("residence_area", .optional(header.residence?.area?.rawValue)),
            ("status", header.status.map(Self.json) ?? .null),
        ]
        let withheld = withheldFacts.map { JSONText.string($0.code) }
        return place + state + (withheld.isEmpty ? [] : [("withheld_facts", .array(withheld))])
    }

    private var lineMembers: [(String, JSONText)] {
        let rights: [(String, JSONText)] = [
            ("members", .array(members.map { Self.json($0) })),
            ("entitlements", .array(entitlements.map { Self.json($0) })),
            ("awards", .array(awards.map { Self.json($0) })),
            ("loans", .array(loans.map { Self.json($0) })),
            ("pairings", .array(slots.map { Self.json($0) })),
            ("guardians", .array(guardians.map { Self.json($0) })),
        ]
        let care: [(String, JSONText)] = [
            ("facts", .array(facts.map { Self.json($0) })), ("visits", .array(visits.map { Self.json($0) })),
            ("needs", .array(needs.map { Self.json($0) })), ("plan_items", .array(planItems.map { Self.json($0) })),
            ("hand_outs", .array(handOuts.map(\.json))),
            ("notices", .array(notices.map { Self.json($0) })), ("history", .array(history.map { Self.json($0) })),
        ]
        return rights + care
    }

    private var fileJSON: JSONText {
        .object([
            ("state", .string(header.state.rawValue)), ("state_text", .string(header.state.chinese)),
            ("since", .day(header.stateSince)), ("reason", Self.json(header.stateReason)),
            ("absorbed_into", .optional(header.absorbedInto?.description)),
            ("registered_on", .day(header.registeredOn)),
        ])
    }

    private static func json(_ label: Label) -> JSONText {
        .object([("code", .string(label.code)), ("text", .string(label.chinese))])
    }

    private static func json(_ label: Label?) -> JSONText { label.map { json($0) } ?? .null }

    private static func json(_ subject: Subject) -> JSONText {
        .object([
            ("person", .optional(subject.person?.description)),
            ("incident", subject.incident.map(JSONText.sequence) ?? .null), ("text", .string(subject.text)),
        ])
    }

    private static func json(_ status: Status) -> JSONText {
        .object([
            ("kind", .string(status.kind.rawValue)), ("text", .string(status.kind.chinese)),
            ("since", .day(status.since)), ("until", .day(status.until)), ("caused_on", .day(status.causedOn)),
            ("rests_on", .sequence(status.restsOn)),
        ])
    }

    private static func json(_ line: LoanLine) -> JSONText {
        .object([
            ("loan", .string(line.loan.description)), ("mother", json(line.mother)), ("mode", json(line.mode)),
            ("state", json(line.state)), ("purpose", json(line.purpose)), ("amount", .money(line.amount)),
            ("applied_on", .day(line.appliedOn)), ("disbursed_on", .day(line.disbursedOn)),
            ("repaid", .money(line.repaid)), ("outstanding", .money(line.outstanding)),
            ("overdue", .money(line.overdue)),
            (
                "instalments",
                .array(
                    line.instalments.map {
                        .object([
                            ("due_on", .day($0.dueOn)), ("amount", .money($0.amount)), ("repaid", .money($0.repaid)),
                            ("overdue", .bool($0.isOverdue)),
                        ])
                    })
            ),
            ("missing", .array(line.missing.map { json($0) })), ("helper", .optional(line.helper)),
            ("stage", json(line.stage)), ("reversals", .array(line.reversals.map { json($0) })),
        ])
    }

    private static func json(_ reversal: LoanLine.Reversal) -> JSONText {
        .object([
            ("entry_sequence", .sequence(reversal.entry)), ("entry", json(reversal.kind)),
            ("entered_on", .day(reversal.enteredOn)), ("amount", .money(reversal.amount)),
            ("receipt", .optional(reversal.receipt)),
            ("sequence", .sequence(reversal.sequence)),
            ("reversed_on", .day(reversal.reversedOn)), ("reason", json(reversal.reason)),
            ("by", .optional(reversal.by)),
        ])
    }

    private static func json(_ line: MemberLine) -> JSONText {
        .object([
            ("person", .string(line.person.description)), ("role", .string(line.role.rawValue)),
            ("role_text", .string(line.role.chinese)), ("sex", .optional(line.sex?.rawValue)),
            ("birth_date", .day(line.birthDate)), ("age", line.age.map { .int(Int64($0)) } ?? .null),
            ("standing", .string(line.standing.rawValue)), ("standing_since", .day(line.standingSince)),
            ("name", .optional(line.name)), ("id_number", .optional(line.idNumber)),
            ("phone", .optional(line.phone)), ("address", .optional(line.address)),
            ("disability", line.disability.map(json) ?? .null), ("joined_on", .day(line.joinedOn)),
            ("sequence", .sequence(line.joinedBy)), ("unrecorded_death", json(line.fatalIncident)),
            ("adoption_undated", .bool(line.isAdoptionUndated)),
        ])
    }

    /// The accident of which the person died by the record, while the death is not on record.
    private static func json(_ incident: FatalIncident?) -> JSONText {
        incident.map { .object([("incident_on", .day($0.day)), ("incident", .sequence($0.sequence))]) } ?? .null
    }

    private static func json(_ disability: Disability) -> JSONText {
        .object([
            ("grade", .int(Int64(disability.grade))), ("kind", json(disability.kind)),
            ("since", .day(disability.since)), ("valid_through", .day(disability.validThrough)),
            ("certificate_number", .optional(disability.certificateNumber)),
            ("sequence", .sequence(disability.sequence)),
        ])
    }

    private static func json(_ line: EntitlementLine) -> JSONText {
        .object([
            ("clause", .string(line.clause.rawValue)), ("title", .string(line.title)),
            ("subject", json(line.subject)), ("status", .string(line.status.code)),
            ("status_text", .string(line.status.chinese)), ("from", .day(line.period?.start)),
            ("until", .day(line.period?.end)), ("right_holds", .bool(line.rightHolds)), ("amount", .money(line.amount)),
            ("amount_type", .string(line.amountType.rawValue)), ("standard", .money(line.standard)),
            ("hours_thousandths", line.hoursThousandths.map(JSONText.int) ?? .null),
            ("hourly_rate", .money(line.hourlyRate)), ("cadence", json(line.cadence)),
            ("month_rule", .string(line.monthRule.rawValue)), ("payers", .array(line.payers.map(json))),
            ("department", json(line.department)), ("missing", .array(line.missing.map(JSONText.string))),
            ("missing_texts", .array(line.missingTexts.map(JSONText.string))),
            ("reasons", .array(line.reasons.map(JSONText.string))),
            ("difference", .money(line.isWorkedOut ? nil : line.difference)),
            ("changes", .array(line.changes.map(json))),
            ("standing", standing(line)),
            (
                "next",
                line.next.map {
                    .object([
                        ("day", .day($0.day)), ("status", .string($0.status.code)), ("amount", .money($0.amount)),
                    ])
                } ?? .null
            ),
            ("pack_version", .string(line.pack)), ("sequence", .sequence(line.sequence)),
            ("facts", .array(line.facts.map(JSONText.sequence))),
            ("decision", line.decision.map(JSONText.sequence) ?? .null),
        ])
    }

    private static func json(_ payer: EntitlementLine.Payer) -> JSONText {
        .object([("payer", json(payer.payer)), ("parts", .int(payer.parts)), ("amount", .money(payer.amount))])
    }

    /// Null with the reason where nothing of it was worked out: that is not 0.00.
    private static func standing(_ line: EntitlementLine) -> JSONText {
        .object([
            ("arrears", .money(line.isWorkedOut ? nil : line.standingArrears)),
            ("recovery", .money(line.isWorkedOut ? nil : line.standingRecovery)),
            ("by_place", line.isWorkedOut ? .null : .array(line.lefts.map { json($0) })),
            ("not_worked_out", .optional(line.isWorkedOut ? "basis_learned" : nil)),
            ("awaiting_decision", .money(line.isWorkedOut ? nil : line.standingAwaiting)),
        ])
    }

    private static func json(_ left: EntitlementLine.Left) -> JSONText {
        .object([
            ("division", .optional(left.division?.rawValue)), ("text", .string(left.text)),
            ("first_month", .string(left.first.description)), ("last_month", .string(left.last.description)),
            ("arrears", .money(left.arrears)), ("recovery", .money(left.recovery)),
            ("awaiting_decision", .money(left.awaiting)),
        ])
    }

    private static func json(_ change: DueChange) -> JSONText {
        .object([
            ("first_month", .string(change.first.description)), ("last_month", .string(change.last.description)),
            ("before", .money(change.before)), ("after", .money(change.after)),
        ])
    }

    private static func json(_ line: AwardLine) -> JSONText {
        .object([
            ("sequence", .sequence(line.sequence)), ("clause", .string(line.clause.rawValue)),
            ("title", .string(line.title)), ("subject", json(line.subject)), ("outcome", .string(line.outcome.code)),
            ("outcome_text", .string(line.outcome.chinese)), ("amount", .money(line.outcome.amount)),
            ("from", .day(line.period.start)), ("until", .day(line.period.end)), ("reason", json(line.reason)),
            ("decided_on", .day(line.decidedOn)), ("decided_by", .optional(line.by)),
            ("second_approver", .optional(line.secondApprover)),
            ("revoked_from", .day(line.revokedFrom)),
            ("revoked_by", line.revokedBy.map(JSONText.sequence) ?? .null), ("text", .optional(line.text)),
        ])
    }

    private static func json(_ line: SlotLine) -> JSONText {
        .object([
            ("kind", .string(line.kind.code)), ("text", .string(line.kind.chinese)), ("filled", .bool(line.isFilled)),
            ("incomplete", .bool(line.isIncomplete)), ("helpers", .array(line.helpers.map(json))),
            ("missing_since", .day(line.missingSince)),
            ("last_helper", line.lastHelper.map(json) ?? .null),
        ])
    }

    private static func json(_ helper: SlotLine.Helper) -> JSONText {
        .object([
            ("person", .string(helper.person.description)), ("name", .optional(helper.name)),
            ("unit", .optional(helper.unit)), ("real_name_given", .bool(helper.hasRealName)),
            ("phone", .optional(helper.phone)), ("since", .day(helper.since)), ("until", .day(helper.until)),
            ("sequence", .sequence(helper.sequence)),
            ("lacking", .array(helper.lacking.codes.map(JSONText.string))),
        ])
    }

    private static func json(_ line: GuardianLine) -> JSONText {
        .object([
            ("member", json(line.member)), ("guardian", .string(line.guardian.description)),
            ("guardian_name", .optional(line.guardianName)), ("relation", json(line.relation)),
            ("named_by", json(line.namedBy)), ("state", .string(line.state.rawValue)),
            ("state_text", .string(line.state.chinese)), ("named_on", .day(line.namedOn)),
            ("consented_on", .day(line.consentedOn)), ("notarised_on", .day(line.notarisedOn)),
            ("ended_on", .day(line.endedOn)), ("end_reason", json(line.endReason)),
            ("certificate", .optional(line.certificate)), ("scope", .array(line.scopes.map { json($0) })),
            ("fee_waived", line.feeWaived.map(JSONText.bool) ?? .null), ("sequence", .sequence(line.sequence)),
        ])
    }

    private static func json(_ line: FactLine) -> JSONText {
        .object([
            ("fact", .string(line.fact.code)), ("title", .string(line.fact.chinese)), ("subject", json(line.subject)),
            ("value", line.value.json), ("value_text", .string(line.valueText)), ("since", .day(line.since)),
            ("until", .day(line.until)), ("source", json(line.source)), ("sequence", .sequence(line.sequence)),
            ("department", json(line.department)), ("rivals", .array(line.rivals.map { json($0) })),
        ])
    }

    private static func json(_ rival: FactRival) -> JSONText {
        .object([
            ("value", rival.value.json), ("value_text", .string(rival.valueText)), ("since", .day(rival.since)),
            ("until", .day(rival.until)), ("source", json(rival.source)), ("department", json(rival.department)),
            ("sequence", .sequence(rival.sequence)), ("reason", .string(rival.isBySource ? "source" : "earlier")),
        ])
    }

    private static func json(_ line: VisitLine) -> JSONText {
        .object([
            ("sequence", .sequence(line.sequence)), ("day", .day(line.day)), ("kind", json(line.kind)),
            ("holiday", json(line.holiday)), ("form", .optional(line.form)), ("form_text", .optional(line.formText)),
            ("visitor", .optional(line.visitorName)),
            ("answer_count", .int(Int64(line.answerCount))), ("text", .optional(line.text)),
        ])
    }

    private static func json(_ line: NeedLine) -> JSONText {
        let answers = line.answers.map { answer in
            JSONText.object([
                ("sequence", .sequence(answer.sequence)), ("day", .day(answer.day)), ("by", json(answer.by)),
                ("outcome", json(answer.outcome)),
            ])
        }
        return .object([
            ("sequence", .sequence(line.sequence)), ("kind", json(line.kind)), ("items", .int(Int64(line.items))),
            ("raised_on", .day(line.raisedOn)), ("state", .string(line.state.rawValue)),
            ("state_text", .string(line.state.chinese)), ("answers", .array(answers)),
            ("closed_on", .day(line.closedOn)), ("closed_for", json(line.closedFor)), ("text", .optional(line.text)),
            ("visit_withdrawn", .bool(line.isVisitWithdrawn)),
        ])
    }

    private static func json(_ line: PlanLine) -> JSONText {
        .object([
            ("sequence", .sequence(line.sequence)), ("clause", .optional(line.clause?.rawValue)),
            ("title", .string(line.title)), ("department", json(line.department)), ("opened_on", .day(line.openedOn)),
            ("due_on", .day(line.dueOn)), ("done_on", .day(line.doneOn)), ("overdue", .bool(line.isOverdue)),
            ("subject", line.subject.map { json($0) } ?? .null), ("ground_withdrawn", .bool(line.isGroundless)),
            ("text", .optional(line.text)),
        ])
    }

    private static func json(_ line: NoticeLine) -> JSONText {
        let deliveries = line.deliveries.map { delivery in
            JSONText.object([
                ("channel", json(delivery.channel)), ("outcome", .string(delivery.outcome.code)),
                ("attempts", .int(Int64(delivery.attempts))), ("reason", .optional(delivery.reason)),
            ])
        }
        return .object([
            ("sequence", .sequence(line.sequence)), ("kind", json(line.kind)), ("subject", json(line.subject)),
            ("raised_on", .day(line.raisedOn)), ("due_on", .day(line.dueOn)), ("department", json(line.department)),
            ("clause", .optional(line.clause?.rawValue)), ("details", .array(line.details.map { json($0) })),
            ("people", .array(line.people.map { json($0) })), ("deliveries", .array(deliveries)),
        ])
    }

    private static func json(_ line: HistoryLine) -> JSONText {
        .object([
            ("sequence", .sequence(line.sequence)), ("kind", .string(line.kind)), ("title", .string(line.title)),
            ("detail", .string(line.detail)), ("occurred_on", .day(line.day)),
            ("recorded_at", .moment(line.recordedAt)),
            ("learned_on", .day(line.learnedOn)), ("corrects", line.corrects.map(JSONText.sequence) ?? .null),
            ("correction_reason", json(line.correctionReason)),
            ("correction_text", .optional(line.correctionText)),
            ("corrected_by", line.correctedBy.map(JSONText.sequence) ?? .null),
        ])
    }
}

extension FactValue {
    /// The value with its form: `{"bool":true}`, `{"fen":30000,"yuan":"300.00"}`.
    package var json: JSONText {
        switch self {
        case .bool(let bool): .object([("bool", .bool(bool))])
        case .int(let number): .object([("int", .int(number))])
        case .decimal(let thousandths): .object([("decimal", .string(Decimals.text(thousandths: thousandths)))])
        case .code(let code): .object([("code", .string(code.rawValue))])
        case .day(let day): .object([("day", .day(day))])
        case .money(let fen): .money(fen)
        case .reference(let reference): .object([("reference", .string(reference))])
        }
    }
}

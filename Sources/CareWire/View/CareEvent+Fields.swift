import CareDomain

extension CareEvent {
    /// Writes the open fields, in the order of the contract and under its names.
    func describe(in fields: inout ViewFields) {
        switch self {
        case .household(let event): event.describe(in: &fields)
        case .person(.reserved(let claim)), .person(.confirmed(let claim)): claim.describe(in: &fields)
        case .person(.released(let claim, let reason)):
            claim.describe(in: &fields)
            fields.add("reason", reason)
        case .pack(.published(let event)):
            fields.add("pack", event.pack)
            fields.add("effective_from", event.effectiveFrom)
            fields.add("enacted_on", event.enactedOn)
            fields.add("hash", hexadecimal(event.hash))
            fields.add("content_bytes", event.bytes.count)
            if event.transition != .all { fields.add("transition", event.transition.rawValue) }
        case .pack(.parameterSet(let event)):
            fields.add("parameter", event.parameter)
            fields.add("keys", each: event.keys)
            fields.add("value", event.value.view)
            fields.add("until", event.until)
            fields.add("source", event.source)
        case .access(.read(let event)):
            fields.add("household", event.household)
            fields.add("reason", event.openReason)
        case .access(.settled(let event)):
            fields.add("consumer", event.consumer)
            fields.add("household", event.household)
            fields.add("event_sequence", .int(Int64(clamping: event.event.sequence)))
            fields.add("action", event.action == .skip ? "skip" : "retry")
            fields.add("reason", event.reason)
        case .access(.compared(let event)):
            fields.add("run", event.run)
            fields.add("purpose", event.purpose)
            fields.add("household_count", Int(clamping: event.households))
            fields.add("value_count", Int(clamping: event.values))
        case .access(.attachmentKept(let event)):
            fields.add("digest", event.digest)
            fields.add("size", Int(clamping: event.size))
            fields.add("type", event.type)
            fields.add("place", event.place.stream)
        case .access(.attachmentRead(let event)):
            fields.add("digest", event.digest)
            fields.add("place", event.place.stream)
            fields.add("reason", event.openReason)
        case .batch(let event): event.describe(in: &fields)
        case .unit(let event): event.describe(in: &fields)
        case .lending(let event): event.describe(in: &fields)
        case .duty(let event): event.describe(in: &fields)
        case .deployment(.tokenKeyAdopted(let event)):
            fields.add("fingerprint", event.fingerprint)
            fields.add("basis", event.basis.word)
        }
    }
}

extension HouseholdEvent {
    fileprivate func describe(in fields: inout ViewFields) {
        switch self {
        case .registered, .moved, .closed, .registeredInError, .merged, .split, .commandAbandoned:
            describeHousehold(in: &fields)
        case .personJoined, .personLeft, .personDetailsChanged, .personDied, .childBorn, .childAdopted,
            .disabilityAssessed:
            describePerson(in: &fields)
        case .factStated, .incidentReported: describeFact(in: &fields)
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded: describeGuardian(in: &fields)
        case .pairingAssigned, .pairingHandedOver, .pairingEnded: describePairing(in: &fields)
        case .visitRecorded, .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone:
            describeCare(in: &fields)
        case .goodsHandedOut(let event): event.describe(in: &fields)
        case .awardDecided(let event): event.describe(in: &fields)
        case .dueDecided, .paymentOrdered, .paymentConcluded: describePayment(in: &fields)
        case .application(let event): event.describe(in: &fields)
        case .withdrawn: break
        case .determinationMade(let event): event.describe(in: &fields)
        case .noticeRaised, .noticeDelivered: describeNotice(in: &fields)
        }
    }

    private func describeHousehold(in fields: inout ViewFields) {
        switch self {
        case .registered(let event):
            fields.add("division", event.division)
            fields.add("area", event.area?.rawValue)
            fields.add("archive_number", event.archiveNumber)
        case .moved(let event):
            fields.add("kind", event.kind == .registration ? "registration" : "residence")
            fields.add("division", event.division)
            fields.add("area", event.area?.rawValue)
            fields.add("archive_number", event.archiveNumber)
        case .closed(let event): fields.add("reason", event.reason)
        case .registeredInError(let event): fields.add("reason", event.reason)
        case .merged(let event):
            fields.add("other", event.other)
            fields.add("side", event.side == .absorbed ? "absorbed" : "absorbing")
        case .split(let event):
            fields.add("other", event.other)
            fields.add("side", event.side == .remaining ? "remaining" : "separated")
            fields.add("person_ids", each: event.persons)
        case .commandAbandoned(let event): fields.add("command", event.command)
        default: break
        }
    }

    private func describePerson(in fields: inout ViewFields) {
        switch self {
        case .personJoined(let event):
            fields.add("person", event.person)
            fields.add("role", event.role.rawValue)
            fields.add("sex", event.sex?.rawValue)
            fields.add("birth_date", event.birthDate)
            fields.add("namesake", event.namesake)
        case .personLeft(let event):
            fields.add("person", event.person)
            fields.add("reason", event.reason)
        case .personDetailsChanged(let event):
            fields.add("person", event.person)
            fields.add("role", event.role?.rawValue)
            fields.add("sex", event.sex?.rawValue)
            fields.add("birth_date", event.birthDate)
            fields.add("namesake", event.namesake)
        case .personDied(let event): fields.add("person", event.person)
        case .childBorn(let event): fields.add("child", event.child)
        case .childAdopted(let event):
            fields.add("child", event.child)
            fields.add("is_orphan", event.isOrphan)
            fields.add("applied_on", event.appliedOn)
        case .disabilityAssessed(let event):
            fields.add("person", event.person)
            fields.add("kind", event.kind)
            fields.add("grade", event.grade)
            fields.add("valid_through", event.validThrough)
        default: break
        }
    }

    private func describeFact(in fields: inout ViewFields) {
        switch self {
        case .factStated(let event):
            fields.add("fact", event.fact)
            fields.add("subject", event.subject.view)
            fields.add("value", event.value?.view)
            fields.add("until", event.until)
            fields.add("source", event.source)
            fields.add("evidence", event.evidence)
        case .incidentReported(let event):
            fields.add("kind", event.kind)
            fields.add("victims", objects: event.victims.map(\.view))
        default: break
        }
    }

    private func describeGuardian(in fields: inout ViewFields) {
        switch self {
        case .guardianNamed(let event):
            fields.add("person", event.person)
            fields.add("guardian", event.guardian)
            fields.add("named_by", event.namedBy)
            fields.add("relation", event.relation)
        case .guardianConsented(let event):
            fields.add("person", event.person)
            fields.add("guardian", event.guardian)
        case .guardianNotarised(let event):
            fields.add("person", event.person)
            fields.add("guardian", event.guardian)
            fields.add("certificate", event.certificate)
            fields.add("scopes", each: event.scope)
            fields.add("fee_waived", event.feeWaived)
        case .guardianEnded(let event):
            fields.add("person", event.person)
            fields.add("guardian", event.guardian)
            fields.add("reason", event.reason)
        default: break
        }
    }

    private func describePairing(in fields: inout ViewFields) {
        switch self {
        case .pairingAssigned(let event):
            fields.add("kind", event.kind)
            fields.add("helper", event.helper.view)
        case .pairingHandedOver(let event):
            fields.add("kind", event.kind)
            fields.add("from", event.from)
            fields.add("to", event.to.view)
            fields.add("reason", event.reason)
        case .pairingEnded(let event):
            fields.add("kind", event.kind)
            fields.add("helper", event.helper)
            fields.add("reason", event.reason)
        default: break
        }
    }

    private func describeCare(in fields: inout ViewFields) {
        switch self {
        case .visitRecorded(let event):
            fields.add("form", event.form)
            fields.add("kind", event.kind)
            fields.add("holiday", event.holiday)
            fields.add("visitor", event.visitor)
            fields.add("answers", objects: event.answers.map(\.view))
        case .needRaised(let event):
            fields.add("kind", event.kind)
            fields.add("items", event.items)
        case .needAnswered(let event):
            fields.add("need_sequence", event.need.view)
            fields.add("department", event.by)
            fields.add("outcome", event.outcome)
        case .needClosed(let event):
            fields.add("need_sequence", event.need.view)
            fields.add("reason", event.reason)
        case .planItemOpened(let event):
            fields.add("clause", event.clause)
            fields.add("department", event.department)
            fields.add("due_on", event.dueOn)
        case .planItemDone(let event): fields.add("item_sequence", event.item.view)
        default: break
        }
    }

    private func describeNotice(in fields: inout ViewFields) {
        switch self {
        case .noticeRaised(let event):
            fields.add("kind", event.kind)
            fields.add("key", event.key)
            fields.add("subject", event.subject.view)
            fields.add("due_on", event.dueOn)
            fields.add("department", event.department)
            fields.add("details", objects: event.details.map(\.view))
            fields.add("person_ids", each: event.persons)
            fields.add("clause", event.clause)
        case .noticeDelivered(let event):
            fields.add("notice_sequence", event.notice.view)
            fields.add("channel", event.channel)
            fields.add("outcome", "\(event.outcome)")
            fields.add("attempts", event.attempts)
            fields.add("reason", event.reason)
        default: break
        }
    }
}

extension DeterminationMade {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("clause", clause)
        fields.add("subject", subject.view)
        fields.add("pack", pack)
        fields.add("pack_version", packVersion)
        fields.add("pack_hash", hexadecimal(packHash))
        fields.add("cadence", cadence)
        fields.add("month_rule", monthRule.rawValue)
        fields.add("department", department)
        fields.add("intervals", objects: intervals.map(\.view))
        fields.add("fact_sequences", objects: facts.map(\.view))
        fields.add("read_through_sequence", readThrough.view)
        fields.add("changes", objects: changes.map(\.view))
        fields.add("amount_type", amountType.rawValue)
        if let rulesChange { fields.add("rules_change", rulesChange.description) }
    }
}

extension AwardDecided {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("clause", clause)
        fields.add("subject", subject.view)
        fields.add("outcome", outcome.code)
        fields.add("start", period.start)
        fields.add("end", period.end)
        fields.add("amount_fen", outcome.amount.map { .int($0.amount) })
        fields.add("reason", reason)
        fields.add("second_approver", secondApprover)
        if let place {
            fields.add("unit", place.unit)
            fields.add("year", place.year)
            fields.add("grant", place.grant)
            fields.add("application_sequence", place.application?.view)
        }
        if case .revoked(let earlier) = outcome { fields.add("revokes_sequence", earlier.view) }
    }
}

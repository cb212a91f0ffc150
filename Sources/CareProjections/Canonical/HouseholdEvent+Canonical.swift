import CareDomain

extension HouseholdEvent {
    /// The event's own fields with stable keys, without sealed parts and without sequences.
    func canonicalMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .registered(let event):
            [
                ("division", .string(event.division.rawValue)), ("area", .optional(event.area?.rawValue)),
                ("archive_number", .optional(event.archiveNumber)),
            ]
        case .moved(let event):
            [
                ("kind", .string(event.kind == .registration ? "registration" : "residence")),
                ("division", .string(event.division.rawValue)), ("area", .optional(event.area?.rawValue)),
            ] + (event.archiveNumber.map { [("archive_number", .string($0))] } ?? [])
        case .closed(let event): [("reason", .string(event.reason.rawValue))]
        case .registeredInError(let event): [("reason", .string(event.reason.rawValue))]
        case .merged(let event):
            [
                ("other", .string(event.other.description)),
                ("side", .string(event.side == .absorbed ? "absorbed" : "absorbing")),
            ]
        case .split(let event):
            [
                ("other", .string(event.other.description)),
                ("side", .string(event.side == .remaining ? "remaining" : "separated")),
                ("persons", ids(event.persons)),
            ]
        case .commandAbandoned(let event): [("command", .string(event.command.description))]
        case .awardDecided(let event): event.canonicalMembers(reference)
        case .dueDecided, .paymentOrdered, .paymentConcluded: paymentMembers(reference)
        case .application(let event): event.canonicalMembers(reference)
        case .withdrawn: []
        case .factStated, .incidentReported: factMembers(reference)
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded: guardianMembers
        case .pairingAssigned, .pairingHandedOver, .pairingEnded: pairingMembers
        case .determinationMade, .noticeRaised, .noticeDelivered: outcomeMembers(reference)
        case .visitRecorded, .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone,
            .goodsHandedOut:
            careMembers(reference)
        default: personMembers
        }
    }

    private var personMembers: [(String, JSONText)] {
        switch self {
        case .personJoined(let event):
            [
                personMember(event.person), ("role", .string(event.role.rawValue)),
                ("sex", .optional(event.sex?.rawValue)),
                ("birth_date", .day(event.birthDate)), ("token", .optional(event.token?.description)),
            ] + (event.namesake.map { [("namesake", .bool($0))] } ?? [])
        case .personLeft(let event): [personMember(event.person), ("reason", .string(event.reason.rawValue))]
        case .personDetailsChanged(let event):
            [
                personMember(event.person), ("role", .optional(event.role?.rawValue)),
                ("sex", .optional(event.sex?.rawValue)),
                ("birth_date", .day(event.birthDate)), ("token", .optional(event.token?.description)),
            ] + (event.namesake.map { [("namesake", .bool($0))] } ?? [])
        case .personDied(let event): [personMember(event.person)]
        case .childBorn(let event): [("child", .optional(event.child?.description))]
        case .childAdopted(let event):
            [
                ("child", .optional(event.child?.description)),
                ("is_orphan", event.isOrphan.map(JSONText.bool) ?? .null), ("applied_on", .day(event.appliedOn)),
            ]
        case .disabilityAssessed(let event):
            [
                personMember(event.person), ("kind", .optional(event.kind?.rawValue)),
                ("grade", .int(Int64(event.grade))),
                ("valid_through", .day(event.validThrough)),
            ]
        default: []
        }
    }

    private func factMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .factStated(let event):
            [
                ("fact", .string(event.fact.rawValue)), ("subject", event.subject.canonical(reference)),
                ("value", event.value?.json ?? .null), ("until", .day(event.until)),
                ("source", .string(event.source.rawValue)), ("evidence", .optional(event.evidence)),
            ]
        case .incidentReported(let event):
            [
                ("kind", .string(event.kind.rawValue)),
                (
                    "victims",
                    .array(
                        event.victims.map {
                            .object([
                                personMember($0.person), ("outcome", .string($0.outcome.rawValue)),
                                ("grade", $0.grade.map { .int(Int64($0)) } ?? .null),
                            ])
                        })
                ),
            ]
        default: []
        }
    }

    private var guardianMembers: [(String, JSONText)] {
        func pair(_ person: PersonID, _ guardian: PersonID) -> [(String, JSONText)] {
            [personMember(person), ("guardian", .string(guardian.description))]
        }
        switch self {
        case .guardianNamed(let event):
            return pair(event.person, event.guardian) + [
                ("named_by", .string(event.namedBy.rawValue)), ("relation", .string(event.relation.rawValue)),
            ]
        case .guardianConsented(let event): return pair(event.person, event.guardian)
        case .guardianNotarised(let event):
            return pair(event.person, event.guardian) + [
                ("certificate", .string(event.certificate)), ("scope", codes(event.scope)),
                ("fee_waived", event.feeWaived.map(JSONText.bool) ?? .null),
            ]
        case .guardianEnded(let event):
            return pair(event.person, event.guardian) + [("reason", .string(event.reason.rawValue))]
        default: return []
        }
    }

    private var pairingMembers: [(String, JSONText)] {
        switch self {
        case .pairingAssigned(let event):
            [("kind", .string(event.kind.rawValue)), ("helper", event.helper.canonical)]
        case .pairingHandedOver(let event):
            [
                ("kind", .string(event.kind.rawValue)), ("from", .string(event.from.description)),
                ("to", event.to.canonical), ("reason", .string(event.reason.rawValue)),
            ]
        case .pairingEnded(let event):
            [
                ("kind", .string(event.kind.rawValue)), ("helper", .string(event.helper.description)),
                ("reason", .string(event.reason.rawValue)),
            ]
        default: []
        }
    }
}

func personMember(_ person: PersonID) -> (String, JSONText) { ("person", .string(person.description)) }
func ids(_ persons: [PersonID]) -> JSONText { .array(persons.map { .string($0.description) }) }
func codes(_ codes: [Code]) -> JSONText { .array(codes.map { .string($0.rawValue) }) }

extension FactSubject {
    func canonical(_ reference: CanonicalExport.Reference) -> JSONText {
        switch self {
        case .household: .string("household")
        case .person(let person): .string(person.description)
        case .incident(let incident): .string(reference.digest(incident))
        }
    }
}

extension AwardDecided {
    fileprivate func canonicalMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        let earlier: EventReference? = if case .revoked(let earlier) = outcome { earlier } else { nil }
        let second = secondApprover.map { [("second_approver", JSONText.string($0.rawValue))] } ?? []
        return second + (place?.canonicalMembers(reference) ?? []) + [
            ("clause", .string(clause.rawValue)), ("subject", subject.canonical(reference)),
            ("outcome", .string(outcome.code)), ("from", .day(period.start)), ("until", .day(period.end)),
            ("amount_fen", outcome.amount.map { .int($0.amount) } ?? .null), ("reason", .string(reason.rawValue)),
            ("revokes", earlier.map { .string(reference.digest($0)) } ?? .null),
        ]
    }
}

extension GrantPlace {
    fileprivate func canonicalMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        [
            ("unit", .string(unit.rawValue)), ("year", .int(Int64(year))),
            ("application", application.map { .string(reference.digest($0)) } ?? .null),
        ]
    }
}

extension Helper {
    var canonical: JSONText {
        .object(
            [
                personMember(id), ("unit", .optional(unit)), ("real_name_given", .bool(hasRealName)),
            ] + (hasContact.map { [("contact_given", .bool($0))] } ?? []))
    }
}

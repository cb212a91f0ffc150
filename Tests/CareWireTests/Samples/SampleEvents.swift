import CareDomain
import CareWire

/// Events of every type: one with everything set, one with as little as possible.
enum SampleEvents {
    /// All of them, by type. The compiler makes sure that a new type gets samples.
    static func events(of kind: EventKind) -> [CareEvent] {
        switch kind {
        case .unspecified, .UNRECOGNIZED: []
        case .personReserved: [.person(.reserved(claim))]
        case .personConfirmed: [.person(.confirmed(claim))]
        case .personReleased: [.person(.released(claim, reason: Sample.reason))]
        case .packPublished: [.pack(.published(published))]
        case .parameterSet: parameters.map { .pack(.parameterSet($0)) }
        case .sealedPartsRead:
            [
                .access(.read(SealedPartsRead(household: Sample.household, reason: "复核身份"))),
                // As earlier programs wrote it.
                .access(.read(SealedPartsRead(household: Sample.household, openReason: "复核身份", sealed: []))),
            ]
        case .detailsCompared:
            [.access(.compared(DetailsCompared(run: RunID(Sample.command.value), households: 214, values: 3_210)))]
        case .parkedEventSettled:
            ParkedEventSettled.Action.allCases.map { action in
                .access(
                    .settled(
                        ParkedEventSettled(
                            consumer: Code(unchecked: "eligibility"), household: Sample.household,
                            event: EventReference(sequence: 7), action: action, reason: "已升级程序")))
            }
        case .attachmentKept, .attachmentRead: SampleAttachments.events(kind).map { .access($0) }
        case .tokenKeyAdopted:
            TokenKeyAdopted.Basis.allCases.map { basis in
                .deployment(
                    .tokenKeyAdopted(
                        TokenKeyAdopted(fingerprint: TokenKeyFingerprint(Sample.command.value), basis: basis)))
            }
        case .paymentBatchPrepared, .paymentMembersNamed, .paymentBatchClosed, .paymentLinesFrozen, .paymentBatchFrozen,
            .bankFileIssued, .bankAnswerTaken, .paymentReturned, .paymentReversed, .paymentStepsDone:
            SamplePayments.batch(kind).map { .batch($0) }
        case .guidanceSet, .unitBudgetSet, .unitAdvanceSet, .unitScored, .settlementFrozen, .placeReserved,
            .placeConfirmed, .placeReleased:
            SampleUnits.events(kind).map { .unit($0) }
        case .fundOpened, .fundDeposited, .fundReserved, .fundReleased, .fundPosted, .fundHandedOver, .fundTakenOver,
            .fundHistoryStated, .fundReferenceTaken, .fundReferenceFreed, .fundPostingReversed, .fundEntryReversed,
            .loanReversed,
            .loanApplied, .loanReviewed, .loanGuaranteed,
            .loanSigned, .loanInformed,
            .loanHelperNamed, .loanDisbursed, .loanRepaid, .loanWriteOffProposed, .loanWrittenOff, .loanStaged,
            .loanExitAssessed, .loanWithdrawn, .loanReportSent, .loanNoticeRaised, .loanNoticeDelivered:
            SampleLending.events(of: kind).map { .lending($0) }
        case .dutyReported, .dutyCorrected, .dutyWithdrawn, .listSent, .listReceived, .consultationAsked,
            .consultationAnswered, .projectArranged, .surveyStated, .sampleDrawn, .figureStated, .reportSent,
            .dutyNoticeRaised, .dutyNoticeDelivered:
            SampleDuties.events(kind).map { .duty($0) }
        default: householdEvents(of: kind).map { .household($0) }
        }
    }

    static let all: [CareEvent] = EventKind.allCases.flatMap(events(of:))

    static let household: [HouseholdEvent] = all.compactMap {
        if case .household(let event) = $0 { event } else { nil }
    }

    static let claim = PersonClaim(household: Sample.household, person: Sample.wife, command: Sample.command)
    static let published = PackPublished(
        pack: PackID(unchecked: "chenzhou-2014"), effectiveFrom: Sample.day("2014-08-01"),
        enactedOn: Sample.day("2014-07-16"), hash: Sample.hash, bytes: Array("id: chenzhou-2014\n".utf8))
    static let parameters = [
        ParameterSet(
            parameter: ParameterID(unchecked: "cz.low_income_line"), keys: [Code(unchecked: "urban")],
            value: .money(Fen(52_000)), until: Sample.day("2020-01-01"), source: "郴民发〔2019〕1号"),
        ParameterSet(parameter: ParameterID(unchecked: "p"), value: .int(3)),
    ]

    private static func householdEvents(of kind: EventKind) -> [HouseholdEvent] {
        switch kind {
        case .householdRegistered, .householdMoved, .householdClosed, .householdRegisteredInError, .householdMerged,
            .householdSplit, .commandAbandoned:
            life(kind)
        case .personJoined, .personLeft, .personDetailsChanged, .personDied, .childBorn, .childAdopted,
            .disabilityAssessed:
            persons(kind)
        case .factStated, .incidentReported: facts(kind)
        case .guardianNamed, .guardianConsented, .guardianNotarised, .guardianEnded: guardians(kind)
        case .pairingAssigned, .pairingHandedOver, .pairingEnded: pairings(kind)
        case .visitRecorded, .needRaised, .needAnswered, .needClosed, .planItemOpened, .planItemDone: care(kind)
        case .goodsHandedOut: goods
        case .awardDecided: SampleOutcomes.awards.map { .awardDecided($0) }
        case .dueDecided, .paymentOrdered, .paymentConcluded: SamplePayments.household(kind)
        case .applicationSubmitted, .applicationForwarded, .applicationReturned, .applicationRejected,
            .applicationWithdrawn, .publicNoticeOpened, .objectionRaised, .objectionDecided, .applicationConfirmed,
            .applicationReverified:
            SampleApplications.events(kind).map { .application($0) }
        case .withdrawn: [.withdrawn]
        case .determinationMade: SampleOutcomes.determinations.map { .determinationMade($0) }
        case .noticeRaised: SampleOutcomes.notices.map { .noticeRaised($0) }
        case .noticeDelivered: SampleOutcomes.deliveries.map { .noticeDelivered($0) }
        case .unspecified, .personReserved, .personConfirmed, .personReleased, .packPublished, .parameterSet,
            .sealedPartsRead, .detailsCompared, .parkedEventSettled, .paymentBatchPrepared, .paymentMembersNamed,
            .paymentBatchClosed, .paymentLinesFrozen, .paymentBatchFrozen, .bankFileIssued, .bankAnswerTaken,
            .paymentReturned, .paymentReversed, .paymentStepsDone, .guidanceSet, .unitBudgetSet, .unitAdvanceSet,
            .unitScored, .settlementFrozen, .placeReserved, .placeConfirmed, .placeReleased,
            .fundOpened, .fundDeposited, .fundReserved, .fundReleased, .fundPosted, .fundHandedOver, .fundTakenOver,
            .fundHistoryStated, .fundReferenceTaken, .fundReferenceFreed, .fundPostingReversed, .fundEntryReversed,
            .loanReversed,
            .loanApplied, .loanReviewed, .loanGuaranteed,
            .loanSigned, .loanInformed,
            .loanHelperNamed, .loanDisbursed, .loanRepaid, .loanWriteOffProposed, .loanWrittenOff, .loanStaged,
            .loanExitAssessed, .loanWithdrawn, .loanReportSent,
            .dutyReported, .dutyCorrected, .dutyWithdrawn, .listSent, .listReceived, .consultationAsked,
            .consultationAnswered, .projectArranged, .surveyStated, .sampleDrawn, .figureStated,
            .reportSent, .dutyNoticeRaised, .dutyNoticeDelivered, .loanNoticeRaised, .loanNoticeDelivered,
            .attachmentKept, .attachmentRead, .tokenKeyAdopted,
            .UNRECOGNIZED:
            []
        }
    }

    private static func life(_ kind: EventKind) -> [HouseholdEvent] {
        switch kind {
        case .householdRegistered:
            [
                .registered(.init(division: Sample.division, area: .urban, archiveNumber: "郴-北-0007")),
                .registered(.init(division: DivisionCode("431002001002")!)),
            ]
        case .householdMoved:
            [
                .moved(.init(kind: .registration, division: Sample.division, area: .rural)),
                .moved(.init(kind: .residence, division: Sample.division)),
            ]
        case .householdClosed: [.closed(.init(reason: Sample.reason))]
        case .householdRegisteredInError: [.registeredInError(.init(reason: Code(unchecked: "duplicate")))]
        case .householdMerged:
            [
                .merged(.init(other: Sample.otherHousehold, side: .absorbed)),
                .merged(.init(other: Sample.otherHousehold, side: .absorbing)),
            ]
        case .householdSplit:
            [
                .split(.init(other: Sample.otherHousehold, side: .remaining, persons: [Sample.wife, Sample.child])),
                .split(.init(other: Sample.otherHousehold, side: .separated, persons: [])),
            ]
        default: [.commandAbandoned(.init(command: Sample.command))]
        }
    }

    private static func persons(_ kind: EventKind) -> [HouseholdEvent] {
        switch kind {
        case .personJoined:
            [
                .personJoined(
                    .init(
                        person: Sample.wife, role: .wife, sex: .female, birthDate: Sample.day("1965-03-07"),
                        token: Sample.token, sealed: [Sample.part, Sample.emptyPart]))
            ]
                + MemberRole.allCases.map { .personJoined(.init(person: Sample.child, role: $0)) }
                + [true, false].map { .personJoined(.init(person: Sample.child, role: .onlyChild, namesake: $0)) }
        case .personLeft: [.personLeft(.init(person: Sample.wife, reason: Sample.reason))]
        case .personDetailsChanged:
            [
                .personDetailsChanged(
                    .init(
                        person: Sample.husband, role: .husband, sex: .male, birthDate: Sample.day("0001-01-01"),
                        token: Sample.token, sealed: [Sample.part])),
                .personDetailsChanged(.init(person: Sample.husband)),
                .personDetailsChanged(.init(person: Sample.husband, namesake: true, sealed: [Sample.part])),
            ]
        case .personDied: [.personDied(.init(person: Sample.child))]
        case .childBorn: [.childBorn(.init(child: Sample.child)), .childBorn(.init())]
        case .childAdopted:
            [
                .childAdopted(.init(child: Sample.child, isOrphan: true, appliedOn: Sample.day("9999-12-31"))),
                .childAdopted(.init(isOrphan: false)), .childAdopted(.init()),
            ]
        default:
            [
                .disabilityAssessed(
                    .init(
                        person: Sample.child, kind: Code(unchecked: "intellectual"), grade: 3,
                        validThrough: Sample.day("2030-06-30"), sealed: [Sample.part])),
                .disabilityAssessed(.init(person: Sample.child, grade: 0)),
            ]
        }
    }

    private static func facts(_ kind: EventKind) -> [HouseholdEvent] {
        guard kind == .factStated else {
            let victims = [
                IncidentReported.Victim(person: Sample.child, outcome: Code(unchecked: "death")),
                IncidentReported.Victim(person: Sample.wife, outcome: Code(unchecked: "disability"), grade: 2),
            ]
            return [
                .incidentReported(.init(kind: Code(unchecked: "accident"), victims: victims)),
                .incidentReported(.init(kind: Code(unchecked: "natural_disaster"), victims: [])),
            ]
        }
        let fact = FactID(unchecked: "household.dibao")
        let source = Code(unchecked: "certificate")
        return [
            .factStated(
                .init(
                    fact: fact, subject: .household, value: .bool(true), until: Sample.day("2015-01-01"),
                    source: source,
                    evidence: "低保证 431002-17")),
            .factStated(.init(fact: fact, subject: .person(Sample.wife), value: nil, source: source)),
        ]
            + Sample.values.map {
                .factStated(.init(fact: fact, subject: .person(Sample.wife), value: $0, source: source))
            }
    }
}

extension SampleEvents {
    private static func guardians(_ kind: EventKind) -> [HouseholdEvent] {
        let (wife, guardian) = (Sample.wife, Sample.guardian)
        switch kind {
        case .guardianNamed:
            let namedBy = DepartmentID(unchecked: "org.community")
            let relation = Code(unchecked: "relative")
            return [
                .guardianNamed(
                    .init(
                        person: wife, guardian: guardian, namedBy: namedBy, relation: relation,
                        sealed: [SealedPart(subject: guardian, details: PersonalDetails(name: "赵六", phone: "138"))])),
                .guardianNamed(.init(person: wife, guardian: guardian, namedBy: namedBy, relation: relation)),
            ]
        case .guardianConsented: return [.guardianConsented(.init(person: wife, guardian: guardian))]
        case .guardianNotarised:
            return [
                .guardianNotarised(
                    .init(
                        person: wife, guardian: guardian, certificate: "（2015）郴证字第12号",
                        scope: [Code(unchecked: "admission"), Code(unchecked: "surgery")], feeWaived: true)),
                .guardianNotarised(.init(person: wife, guardian: guardian, certificate: "1", feeWaived: false)),
                .guardianNotarised(.init(person: wife, guardian: guardian, certificate: "1")),
            ]
        default: return [.guardianEnded(.init(person: wife, guardian: guardian, reason: Sample.reason))]
        }
    }

    private static func pairings(_ kind: EventKind) -> [HouseholdEvent] {
        let cadre = PairingKind(unchecked: "cadre")
        let full = Helper(id: Sample.helper, unit: "北湖区卫生健康局", hasRealName: true)
        let bare = Helper(id: Sample.newHelper, hasRealName: false)
        let reachable = Helper(id: Sample.helper, unit: "北湖区卫生健康局", hasRealName: true, hasContact: true)
        switch kind {
        case .pairingAssigned:
            return [
                .pairingAssigned(.init(kind: cadre, helper: full, sealed: [Sample.nameOnly])),
                .pairingAssigned(.init(kind: cadre, helper: bare)),
                .pairingAssigned(.init(kind: cadre, helper: reachable, sealed: [Sample.nameOnly])),
            ]
        case .pairingHandedOver:
            return [
                .pairingHandedOver(
                    .init(
                        kind: cadre, from: Sample.newHelper, to: full, reason: Sample.reason, sealed: [Sample.nameOnly])
                ),
                .pairingHandedOver(.init(kind: cadre, from: Sample.helper, to: bare, reason: Sample.reason)),
            ]
        default: return [.pairingEnded(.init(kind: cadre, helper: Sample.helper, reason: Sample.reason))]
        }
    }

    private static let goods: [HouseholdEvent] = [
        .goodsHandedOut(
            .init(
                clause: ClauseID("BS-3.2")!, period: Code(unchecked: "2021"),
                items: [
                    .init(goods: Code(unchecked: "detergent"), count: 2),
                    .init(goods: Code(unchecked: "towel"), count: 999),
                ],
                receiver: Sample.helper, relation: Code(unchecked: "neighbour"), handedBy: Sample.newHelper,
                receipt: .slip(FileDigest(bytes: Sample.hash)!), sealed: [Sample.nameOnly])),
        .goodsHandedOut(
            .init(
                clause: ClauseID("BS-3.2")!, period: Code(unchecked: "once"),
                items: [.init(goods: Code(unchecked: "soap"), count: 1)], receiver: Sample.wife,
                receipt: GoodsHandedOut.Receipt.none(Code(unchecked: "cannot_write")))),
    ]

    private static func care(_ kind: EventKind) -> [HouseholdEvent] {
        let code = Code(unchecked: "medical_escort")
        let need = EventReference(sequence: 12)
        let department = DepartmentID(unchecked: "dept.health")
        switch kind {
        case .visitRecorded:
            return [
                .visitRecorded(
                    .init(
                        form: Code(unchecked: "needs-2021"), kind: Code(unchecked: "holiday"),
                        holiday: Code(unchecked: "spring_festival"), visitor: Sample.helper, answers: Sample.answers,
                        sealed: [Sample.part, Sample.nameOnly])),
                .visitRecorded(.init(kind: Code(unchecked: "routine"))),
            ]
        case .needRaised:
            return [.needRaised(.init(kind: code, items: 2, sealed: [Sample.part])), .needRaised(.init(kind: code))]
        case .needAnswered:
            return [
                .needAnswered(.init(need: need, by: department, outcome: code, sealed: [Sample.part])),
                .needAnswered(.init(need: EventReference(sequence: .max), outcome: code)),
            ]
        case .needClosed: return [.needClosed(.init(need: need, reason: Sample.reason))]
        case .planItemOpened:
            return [
                .planItemOpened(
                    .init(
                        clause: ClauseID("CZ-3.3c"), department: department, dueOn: Sample.day("2016-02-29"),
                        sealed: [Sample.part])),
                .planItemOpened(.init(department: department)),
            ]
        default: return [.planItemDone(.init(item: need))]
        }
    }
}

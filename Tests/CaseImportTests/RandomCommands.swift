import CareDomain
import CaseImport

/// Random commands of every kind from a seed; whether they are valid is not the question, only that they are read back.
struct RandomCommands {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func number(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }

    private mutating func maybe<T>(_ make: (inout RandomCommands) -> T) -> T? { number(2) == 0 ? nil : make(&self) }
    private mutating func pick<T>(_ list: [T]) -> T { list[number(list.count)] }
    private mutating func bits() -> UInt64 { UInt64(number(1 << 30)) << 32 | UInt64(number(1 << 30)) }
    private mutating func identifier() -> Identifier128 { Identifier128(high: bits(), low: bits()) }
    private mutating func person() -> PersonID { PersonID(identifier()) }
    private mutating func day() -> CivilDay { CivilDay(dayNumber: Int32(number(60_000) - 20_000)) }
    private mutating func code() -> Code { Code(unchecked: pick(["typing_error", "a", "need-x.1"])) }
    private mutating func flag() -> Bool { number(2) == 0 }
    private mutating func event() -> EventReference { EventReference(sequence: UInt64(number(500) + 1)) }
    private mutating func division() -> DivisionCode { DivisionCode(pick(["431002", "431002001", "431002001002"]))! }

    private mutating func text() -> String {
        pick(["张三", "a\"b\\c\n\t\u{1}", "“引号”，😀", "旻䶮", "/", "\u{7F}x", "  空格 "])
    }

    private mutating func details() -> PersonalDetails {
        PersonalDetails(
            name: text(), idNumber: maybe { $0.text() }, phone: maybe { $0.text() }, address: maybe { $0.text() },
            certificateNumber: maybe { $0.text() }, diagnosis: maybe { $0.text() }, text: maybe { $0.text() })
    }

    /// Parts about these subjects in order, and perhaps about somebody else at the end.
    private mutating func sealed(_ subjects: PersonID...) -> [SealedPart] {
        var parts: [SealedPart] = []
        for subject in subjects where flag() { parts.append(SealedPart(subject: subject, details: details())) }
        if number(4) == 0 { parts.append(SealedPart(subject: person(), details: details())) }
        return parts
    }

    private mutating func value() -> FactValue {
        switch number(7) {
        case 0: .bool(flag())
        case 1: .int(Int64(number(1000) - 500))
        case 2: .decimal(thousandths: Int64(number(200_000) - 100_000))
        case 3: .code(code())
        case 4: .day(day())
        case 5: .money(Fen(Int64(number(1_000_000))))
        default: .reference(text())
        }
    }

    private mutating func helper() -> Helper { Helper(id: person(), unit: maybe { $0.text() }, hasRealName: flag()) }

    private mutating func joined() -> PersonJoined {
        let id = person()
        return PersonJoined(
            person: id, role: pick(MemberRole.allCases), sex: maybe { $0.pick(Sex.allCases) },
            birthDate: maybe { $0.day() }, token: maybe { PersonToken($0.identifier()) },
            namesake: maybe { $0.flag() }, sealed: sealed(id))
    }

    private mutating func registered() -> HouseholdRegistered {
        HouseholdRegistered(
            division: division(), area: maybe { $0.pick(Area.allCases) }, archiveNumber: maybe { $0.text() })
    }

    private mutating func visit() -> VisitRecorded {
        let visitor = maybe { $0.person() }
        let answers = (0..<number(3)).map { _ in FormAnswer(field: code(), value: value()) }
        return VisitRecorded(
            form: maybe { $0.code() }, kind: code(), holiday: maybe { $0.code() }, visitor: visitor, answers: answers,
            sealed: visitor.map { sealed($0) } ?? sealed())
    }

    private mutating func fact() -> FactStated {
        FactStated(
            fact: FactID(unchecked: "household.dibao"), subject: flag() ? .household : .person(person()),
            value: maybe { $0.value() }, until: maybe { $0.day() }, source: code(), evidence: maybe { $0.text() })
    }

    private mutating func assessed() -> DisabilityAssessed {
        let id = person()
        return DisabilityAssessed(
            person: id, kind: maybe { $0.code() }, grade: number(5), validThrough: maybe { $0.day() },
            sealed: sealed(id))
    }

    private mutating func assigned() -> PairingAssigned {
        let helper = helper()
        return PairingAssigned(kind: PairingKind(unchecked: "cadre"), helper: helper, sealed: sealed(helper.id))
    }

    /// How many kinds of action there are.
    static let kinds = 33

    mutating func action(_ kind: Int) -> HouseholdAction {
        kind < 14 ? lifeAction(kind) : careAction(kind)
    }

    private mutating func lifeAction(_ kind: Int) -> HouseholdAction {
        switch kind {
        case 0:
            let facts = (0..<number(4)).map { _ -> ProposedEvent in
                let event: HouseholdEvent =
                    switch number(4) {
                    case 0: .factStated(fact())
                    case 1: .disabilityAssessed(assessed())
                    case 2: .visitRecorded(visit())
                    default: .pairingAssigned(assigned())
                    }
                return ProposedEvent(occurredOn: day(), learnedOn: maybe { $0.day() }, event: event)
            }
            let members = (0..<number(4)).map { _ in joined() }
            return .registerHousehold(RegisterHousehold(household: registered(), members: members, facts: facts))
        case 1:
            return .moveHousehold(
                HouseholdMoved(
                    kind: flag() ? .registration : .residence, division: division(), area: maybe { _ in .rural },
                    archiveNumber: maybe { $0.text() }))
        case 2: return .closeHousehold(HouseholdClosed(reason: code()))
        case 3: return .markRegisteredInError(HouseholdRegisteredInError(reason: code()))
        case 4: return .mergeHousehold(MergeHousehold(into: HouseholdID(identifier())))
        case 5: return .splitHousehold(SplitHousehold(persons: [person(), person()], household: registered()))
        case 6: return .addPerson(joined())
        case 7: return .removePerson(PersonLeft(person: person(), reason: code()))
        case 8:
            let id = person()
            return .changePersonDetails(
                PersonDetailsChanged(
                    person: id, role: maybe { $0.pick(MemberRole.allCases) }, sex: maybe { _ in .male },
                    birthDate: maybe { $0.day() }, token: maybe { PersonToken($0.identifier()) }, sealed: sealed(id)))
        case 9: return .recordDeath(PersonDied(person: person()))
        case 10: return .recordBirth(ChildBorn(child: maybe { $0.person() }))
        case 11:
            return .recordAdoption(
                ChildAdopted(child: maybe { $0.person() }, isOrphan: maybe { $0.flag() }, appliedOn: maybe { $0.day() })
            )
        case 12: return .assessDisability(assessed())
        default: return .stateFact(fact())
        }
    }

    private mutating func careAction(_ kind: Int) -> HouseholdAction {
        switch kind {
        case 14:
            let victim = IncidentReported.Victim(person: person(), outcome: code(), grade: maybe { $0.number(4) })
            return .reportIncident(IncidentReported(kind: code(), victims: [victim]))
        case 15:
            let (member, guardian) = (person(), person())
            return .nameGuardian(
                GuardianNamed(
                    person: member, guardian: guardian, namedBy: DepartmentID(unchecked: "org.community"),
                    relation: code(), sealed: sealed(member, guardian)))
        case 16: return .recordGuardianConsent(GuardianConsented(person: person(), guardian: person()))
        case 17:
            return .recordNotarisation(
                GuardianNotarised(
                    person: person(), guardian: person(), certificate: text(), scope: [code()],
                    feeWaived: maybe { $0.flag() }))
        case 18: return .endGuardianship(GuardianEnded(person: person(), guardian: person(), reason: code()))
        case 19: return .assignHelper(assigned())
        case 20:
            let helper = helper()
            return .handOverPairing(
                PairingHandedOver(
                    kind: PairingKind(unchecked: "cadre"), from: person(), to: helper, reason: code(),
                    sealed: sealed(helper.id)))
        case 21:
            return .endPairing(PairingEnded(kind: PairingKind(unchecked: "cadre"), helper: person(), reason: code()))
        case 22:
            let needs = (0..<number(3)).map { _ in NeedRaised(kind: code(), items: number(9), sealed: sealed()) }
            return .recordVisit(RecordVisit(visit: visit(), needs: needs))
        case 23: return .raiseNeed(NeedRaised(kind: code(), items: number(9), sealed: sealed()))
        case 24:
            return .answerNeed(
                NeedAnswered(
                    need: event(), by: maybe { _ in DepartmentID(unchecked: "dept.fp") }, outcome: code(),
                    sealed: sealed()))
        case 25: return .closeNeed(NeedClosed(need: event(), reason: code()))
        case 26:
            return .openPlanItem(
                PlanItemOpened(
                    clause: maybe { _ in ClauseID("CZ-2.1")! }, department: DepartmentID(unchecked: "dept.fp"),
                    dueOn: maybe { $0.day() }, sealed: sealed()))
        case 27: return .completePlanItem(PlanItemDone(item: event()))
        case 28: return .decideAward(decided())
        case 29: return .decideDue(decidedDue())
        case 30: return .application(applicationAct())
        case 31: return .handOutGoods(handedOut())
        default: return .withdraw
        }
    }

    private mutating func handedOut() -> GoodsHandedOut {
        let (receiver, bringer) = (person(), maybe { $0.person() })
        let items = (0..<number(3)).map { _ in HandedGoods(goods: code(), count: number(9)) }
        return GoodsHandedOut(
            clause: ClauseID("BS-3.2")!, period: code(), items: items, receiver: receiver,
            relation: maybe { $0.code() }, handedBy: bringer,
            receipt: flag()
                ? .slip(FileDigest(bytes: (0..<32).map { _ in UInt8(number(256)) })!)
                : GoodsHandedOut.Receipt.none(code()),
            sealed: bringer.map { sealed(receiver, $0) } ?? sealed(receiver))
    }

    private mutating func applicationAct() -> ApplicationEvent {
        let application = EventReference(sequence: UInt64(number(99) + 1))
        switch number(10) {
        case 0:
            let subject: FactSubject = number(2) == 0 ? .household : .person(person())
            return .submitted(.init(clause: ClauseID("CZ-2.1")!, subject: subject, papers: [code(), code()]))
        case 1: return .forwarded(.init(application: application, step: code(), papers: number(2) == 0 ? [] : [code()]))
        case 2:
            return .returned(
                .init(
                    application: application, step: code(), to: maybe { $0.code() }, reason: code(), sealed: sealed()))
        case 3: return .rejected(.init(application: application, step: code(), reason: code(), sealed: sealed()))
        case 4: return .withdrawn(.init(application: application, reason: code(), sealed: sealed()))
        case 5: return .noticeOpened(.init(application: application, step: code(), days: maybe { $0.number(30) + 1 }))
        case 6: return .objectionRaised(.init(application: application, reason: code(), sealed: sealed()))
        case 7:
            return .objectionDecided(
                .init(
                    application: application, objection: EventReference(sequence: UInt64(number(99) + 1)),
                    isUpheld: flag(), finding: code(), sealed: sealed()))
        case 8: return .confirmed(.init(application: application, step: code()))
        default:
            return .reverified(
                .init(
                    application: application, year: 2015 + number(9),
                    outcome: number(2) == 0 ? .continues : .exits(code()), sealed: sealed()))
        }
    }

    private mutating func decidedDue() -> DueDecided {
        DueDecided(
            determination: EventReference(sequence: UInt64(number(99) + 1)), clause: ClauseID("CZ-2.1")!,
            subject: number(2) == 0 ? .household : .person(person()), kind: number(2) == 0 ? .arrears : .recovery,
            isCarriedOut: number(2) == 0, reason: code(), division: number(2) == 0 ? nil : DivisionCode("431002"),
            sealed: sealed())
    }

    private mutating func decided() -> AwardDecided {
        let subject: FactSubject =
            switch number(3) {
            case 0: .household
            case 1: .person(person())
            default: .incident(event())
            }
        let outcome: AwardDecided.Outcome =
            switch number(5) {
            case 0: .granted(Fen(Int64(number(1_000_000))))
            case 1: .refused
            case 2: .held
            case 3: .excepted(maybe { Fen(Int64($0.number(1_000_000))) })
            default: .revoked(event())
            }
        return AwardDecided(
            clause: ClauseID("CZ-2.10d")!, subject: subject, outcome: outcome,
            period: DayPeriod(start: day(), end: maybe { $0.day() }), reason: code(), sealed: sealed())
    }

    /// A command of one kind, with or without everything that may stand beside its action.
    mutating func draft(_ kind: Int, line: Int) -> CommandDraft {
        let correction = maybe { Correction(corrects: $0.event(), reason: $0.code(), sealed: $0.sealed()) }
        var command = HouseholdCommand(
            id: CommandID(identifier()), household: HouseholdID(identifier()), occurredOn: day(),
            learnedOn: maybe { $0.day() }, seen: maybe { $0.event() }, correction: correction, action: action(kind))
        guard flag() else { return CommandDraft(line: line, command: command) }
        let source = EventSource(command: CommandID(identifier()), place: number(5))
        let unresolved = EventReference(sequence: 0)
        switch command.action {
        case .closeNeed(var closed):
            closed.need = unresolved
            command.action = .closeNeed(closed)
            return CommandDraft(line: line, command: command, sources: [.need: source])
        case .completePlanItem:
            command.action = .completePlanItem(PlanItemDone(item: unresolved))
            return CommandDraft(line: line, command: command, sources: [.item: source])
        case .decideAward(var decided):
            decided.outcome = .revoked(unresolved)
            command.action = .decideAward(decided)
            return CommandDraft(line: line, command: command, sources: [.revokes: source])
        default:
            guard command.correction != nil else { return CommandDraft(line: line, command: command) }
            command.correction?.corrects = unresolved
            return CommandDraft(line: line, command: command, sources: [.corrects: source])
        }
    }
}

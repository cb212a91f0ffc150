import CareDomain
import CareWire
import OfficeFiles

extension Care_V1_ApplicationEntry {
    /// An application of a household as a list may show it: names and numbers masked.
    /// - Parameters:
    ///   - day: The day as of which it is asked.
    ///   - withActs: Whether every act is listed.
    ///   - kept: Events of which nothing may be told to whoever asks: whom an accident among them struck is not told either.
    package init(
        _ found: ApplicationCase, of household: Household, on day: CivilDay, words: CarePolicyWords, withActs: Bool,
        kept: Set<EventReference> = []
    ) {
        self.init()
        self.household = household.id.wireData
        applicationSequence = found.reference.sequence
        division = household.division(on: day)?.rawValue ?? ""
        clause = Self.word(found.clause.rawValue, words.title(found.clause))
        switch found.subject {
        case .household: subject.household = true
        case .person(let person): subject.person = .init(person.value.bytes)
        case .incident(let incident): subject.incidentSequence = incident.sequence
        }
        if !found.subject.isKept(kept), let person = household.beneficiary(of: found.subject) {
            let details = person.details(on: day)
            maskedName = details?.name.map { Masking.name($0) } ?? ""
            maskedIDNumber = details?.idNumber.map { Masking.idNumber($0) } ?? ""
        }
        state = Self.word(found.state.code, found.state.chinese)
        submittedOn = found.submittedOn.dayNumber
        reachedOn = found.reachedOn.dayNumber
        papers = found.papers.map(\.rawValue)
        handedPapers = found.handedPapers.map { handed in
            var wire = Care_V1_HandedPaper()
            wire.paper = Self.word(handed.paper.rawValue, words.applicationWord(handed.paper, for: found.clause))
            wire.digest = .init(handed.file?.bytes ?? [])
            wire.sequence = handed.reference.sequence
            return wire
        }
        setProgress(found, on: day, words)
        if withActs {
            acts = found.acts.enumerated().map { place, act in
                var wire = Self.act(act, found.clause, household, words, kept)
                if let workflow = words.workflow(for: found.clause), found.isLate(place, workflow) {
                    wire.text += "（逾期）"
                }
                return wire
            }
        }
    }

    private mutating func setProgress(_ found: ApplicationCase, on day: CivilDay, _ words: CarePolicyWords) {
        if let step = found.step {
            self.step = Self.word(step.rawValue, words.applicationWord(step, for: found.clause))
        }
        if let notice = found.notice {
            noticeOpenedOn = notice.openedOn.dayNumber
            if let last = notice.lastDay { noticeLastDay = last.dayNumber }
        }
        openObjections = found.openObjections.map(\.reference.sequence)
        barred = found.isBarred
        if let confirmed = found.confirmedOn { confirmedOn = confirmed.dayNumber }
        if let previous = found.previous { previousSequence = previous.sequence }
        guard let workflow = words.workflow(for: found.clause) else {
            workflow = Self.word(found.workflow?.rawValue ?? "", "")
            return
        }
        self.workflow = Self.word(workflow.code.rawValue, workflow.title)
        if let due = found.dueOn(workflow) { dueOn = due.dayNumber }
        overdue = found.isOverdue(workflow, on: day)
        if let year = found.reverificationYear(workflow, on: day) { reverificationYear = UInt32(clamping: year) }
        missingPapers = found.missingPapers(workflow).map { Self.word($0.code.rawValue, $0.title) }
    }

    private static func word(_ code: String, _ text: String) -> Care_V1_Word {
        var word = Care_V1_Word()
        word.code = code
        word.textZh = text
        return word
    }

    private static func act(
        _ act: ApplicationCase.Act, _ clause: ClauseID, _ household: Household, _ words: CarePolicyWords,
        _ kept: Set<EventReference>
    ) -> Care_V1_ApplicationAct {
        var wire = Care_V1_ApplicationAct()
        wire.sequence = act.reference.sequence
        wire.day = act.day.dayNumber
        wire.actor = act.by?.rawValue ?? ""
        wire.kind = word(act.event.kindName, act.event.chineseTitle)
        wire.text = act.event.text(
            word: { words.applicationWord($0, for: clause) },
            subject: { subject in
                if subject.isKept(kept) { return "突发事件" }
                return household.beneficiary(of: subject).map { $0.role(on: act.day).chinese } ?? "户"
            })
        wire.function = act.event.function?.rawValue ?? ""
        return wire
    }
}

extension FactSubject {
    /// Whether it is an accident of which nothing may be told.
    fileprivate func isKept(_ kept: Set<EventReference>) -> Bool {
        if case .incident(let incident) = self { kept.contains(incident) } else { false }
    }
}

extension Household {
    /// The person a right belongs to; for a household whoever stands for it: the wife, the husband, a single parent, then
    /// anybody who lives; for an incident its first victim.
    package func beneficiary(of subject: FactSubject) -> Member? {
        switch subject {
        case .person(let person): return member(person)
        case .incident(let reference):
            return incidents.first { $0.reference == reference }?.payload.victims.first.flatMap { member($0.person) }
        case .household:
            let order: [MemberRole] = [.wife, .husband, .singleParent]
            let living = members.filter { $0.diedOn == nil && $0.leftOn == nil }
            return living.min { left, right in
                let places = [left, right].map { order.firstIndex(of: $0.role) ?? order.count }
                return (places[0], left.id) < (places[1], right.id)
            }
        }
    }
}

extension DutyBook {
    /// Decides one command. Pure; a command that was carried out before never reaches this.
    /// - Throws: The refusal.
    package func decide(_ command: DutyCommand, in context: DutyContext) throws(Refusal) -> DutyEvent {
        let day = command.occurredOn
        guard day <= context.today else {
            throw Refusal.future(day, today: context.today, field: "occurred_on")
        }
        switch command.action {
        case .reported(var event):
            event.evidence = event.evidence.told(by: context.kept)
            try check(event, on: day, context)
            event.department = context.department
            return .reported(event)
        case .corrected(var event):
            event.evidence = event.evidence.told(by: context.kept)
            try check(event, on: day, context)
            return .corrected(event)
        case .withdrawn(let event):
            let report = try standing(event.report)
            try checkOwner(context.terms(report.key), report.key, context)
            return .withdrawn(event)
        case .listSent(var event):
            event.from = context.department
            try check(event, on: day)
            return .listSent(event)
        case .listReceived(let event):
            try check(event, on: day, context)
            return .listReceived(event)
        case .asked(var event):
            event.from = context.department
            try check(event, on: day, context)
            return .asked(event)
        case .answered(let event):
            try check(event, on: day, context)
            return .answered(event)
        case .arranged(let event):
            try check(event, on: day, context)
            return .arranged(event)
        case .surveyStated(let event):
            try check(event, on: day, context)
            return .surveyStated(event)
        case .sampleDrawn(let event):
            try check(event, context)
            return .sampleDrawn(event)
        case .figureStated(let event):
            try check(event, on: day, context)
            return .figureStated(event)
        case .reportSent(let event):
            try report.check(event, on: day, by: context.department, owners: context.reportOwners(event.scope))
            return .reportSent(event)
        case .noticeRaised, .noticeDelivered:
            // No command asks for these.
            throw Refusal(.nothingToDo)
        }
    }

    /// Whether somebody may say what somebody else has said under the same id: "recorded before" is told to those alone.
    /// - Throws: The refusal; a retry helps with another key only.
    package func checkRepeat(of action: DutyEvent, in context: DutyContext) throws(Refusal) {
        switch action {
        case .reported(let event): try checkOwner(context.terms(event.key), event.key, context)
        case .corrected(let event): try checkOwner(of: event.report, context)
        case .withdrawn(let event): try checkOwner(of: event.report, context)
        case .listReceived(let event):
            try checkIs(context.department, exchanges.first { $0.reference == event.list }?.list.to)
        case .answered(let event):
            try checkIs(context.department, consultations.first { $0.reference == event.question }?.question.to)
        case .arranged(let event):
            try checkIs(context.department, consultations.first { $0.reference == event.question }?.question.from)
        case .surveyStated(let event):
            guard let year = event.key.year, context.isEvaluated(event.key.clause, year) else { return }
            try division.checkAbove(context.actsFor, field: "division", clause: event.key.clause)
        case .figureStated(let event):
            try context.figureTerms(event.pack, event.fact)?.checkStater(context.department)
        case .reportSent(let event):
            try context.department.checkSends(context.reportOwners(event.scope), clause: event.scope.owningClause)
        // Whoever sends or asks does it for their own department; a sample is drawn by anybody.
        case .listSent, .asked, .sampleDrawn, .noticeRaised, .noticeDelivered: return
        }
    }

    private func checkOwner(of reference: EventReference, _ context: DutyContext) throws(Refusal) {
        guard let report = reports.first(where: { $0.reference == reference }) else { return }
        try checkOwner(context.terms(report.key), report.key, context)
    }

    private func checkIs(_ department: DepartmentID, _ addressee: DepartmentID?) throws(Refusal) {
        guard let addressee, addressee != department else { return }
        throw Refusal.other(addressee)
    }

    // MARK: Duties

    private func check(_ event: DutyReported, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        let terms = try terms(of: event.key, context)
        try checkOwner(terms, event.key, context)
        if let evaluator = terms.evaluator, let above = evaluator.division(over: division), above != division {
            throw Refusal(
                .dutyOfEvaluator, field: "division", detail: above.rawValue,
                words: "这是\(evaluator.chinese)对本单位的评估，应在 \(above) 报告",
                english: "the evaluation of this unit by the \(evaluator.rawValue): report it for \(above)",
                clause: event.key.clause)
        }
        if let standing = standing(event.key) {
            throw Refusal(.dutyReported, detail: "#\(standing.reference.sequence)", clause: event.key.clause)
        }
        try check(event.evidence, event.key, terms, on: day)
    }

    private func check(_ event: DutyCorrected, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        let report = try standing(event.report)
        try checkOwner(context.terms(report.key), report.key, context)
        guard let last = report.said.last, last.doneOn != day || last.evidence != event.evidence else {
            throw Refusal(.nothingToDo)
        }
        try check(event.evidence, report.key, try terms(of: report.key, context), on: day)
    }

    /// A duty is reported, corrected and withdrawn by the department whose it is, or one that answers for it.
    private func checkOwner(_ terms: DutyTerms?, _ key: DutyKey, _ context: DutyContext) throws(Refusal) {
        guard let terms, let owner = terms.owner, !terms.isReported(by: context.department) else { return }
        throw context.department.refusal(.dutyOwner, instead: owner, clause: key.clause)
    }

    private func terms(of key: DutyKey, _ context: DutyContext) throws(Refusal) -> DutyTerms {
        guard context.knowsClause(key.pack, key.clause) else {
            throw Refusal(.unknownDuty, field: "clause", detail: "\(key.pack) \(key.clause)")
        }
        guard let terms = context.terms(key) else {
            throw Refusal(.dutyPeriod, field: "period", detail: key.period.rawValue, clause: key.clause)
        }
        return terms
    }

    private func check(
        _ evidence: DutyEvidence, _ key: DutyKey, _ terms: DutyTerms, on day: CivilDay
    ) throws(Refusal) {
        guard day >= terms.firstDay else {
            throw Refusal(
                .dutyPeriodAhead, field: "period", detail: "\(key.period): \(terms.firstDay)", clause: key.clause)
        }
        guard !evidence.isEmpty else { throw Refusal(.dutyEvidence, field: "evidence", clause: key.clause) }
        // Where a document counts pieces it counts photos.
        if let pieces = terms.pieces, !pieces.contains(evidence.photos) {
            throw Refusal(
                .dutyPieces, field: "evidence",
                detail: "\(evidence.photos) (\(pieces.lowerBound)–\(pieces.upperBound))", clause: key.clause)
        }
    }

    private func standing(_ reference: EventReference) throws(Refusal) -> Report {
        guard let report = reports.first(where: { $0.reference == reference }), report.withdrawn == nil else {
            throw Refusal(.unknownDutyReport, field: "report_sequence", detail: "#\(reference.sequence)")
        }
        return report
    }

    // MARK: Lists between departments

    private func check(_ event: ListSent, on day: CivilDay) throws(Refusal) {
        guard event.from != event.to else {
            throw Refusal.same(event.to)
        }
        try checkAddressee(event.to)
        guard event.dueOn >= day else {
            throw Refusal(.dueDayPast, field: "due_day", detail: event.dueOn.description)
        }
        let earlier = exchanges.last { one in
            !one.isReplaced && one.list.kind == event.kind && one.list.period == event.period
                && one.list.to == event.to && one.list.from == event.from
        }
        guard earlier?.reference == event.replacement?.replaced else {
            throw Refusal(
                earlier == nil ? .unknownExchange : .exchangeExists, field: "replaces",
                detail: earlier.map { "#\($0.reference.sequence)" })
        }
        if earlier?.list.digest == event.digest { throw Refusal(.nothingToDo, field: "digest") }
    }

    private func check(_ event: ListReceived, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        guard let exchange = exchanges.first(where: { $0.reference == event.list }), !exchange.isReplaced else {
            throw Refusal(.unknownExchange, field: "list_sequence", detail: "#\(event.list.sequence)")
        }
        guard exchange.list.to == context.department else {
            throw Refusal.other(exchange.list.to)
        }
        guard exchange.receivedOn == nil else {
            throw Refusal(.exchangeReceived, detail: "#\(event.list.sequence)")
        }
        guard day >= exchange.sentOn else {
            throw Refusal(.beforeItsCause, field: "occurred_on", detail: exchange.sentOn.description)
        }
        guard exchange.list.digest == event.digest else {
            throw Refusal(.exchangeDigest, field: "digest", detail: String(event.digest.description.prefix(12)))
        }
    }

    /// What is sent to a department that nobody knows is never received.
    private func checkAddressee(_ department: DepartmentID) throws(Refusal) {
        guard !KnownOffices.departments.contains(where: { $0.id == department }) else { return }
        throw Refusal(
            .unknownAddressee, field: "to", detail: department.rawValue,
            words: "\(department)；可用："
                + KnownOffices.departments.map { "\($0.id) \($0.chinese)" }.joined(separator: "、"))
    }

    // MARK: Prior consultation

    private func check(_ event: ConsultationAsked, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        guard event.from != event.to else {
            throw Refusal.same(event.to)
        }
        try checkAddressee(event.to)
        guard context.knowsClause(nil, event.clause) else {
            throw Refusal(.unknownDuty, field: "clause", detail: event.clause.rawValue)
        }
        guard event.dueOn >= day else {
            throw Refusal(.dueDayPast, field: "due_day", detail: event.dueOn.description)
        }
        if let earlier = consultations.first(where: {
            $0.question.project == event.project && $0.question.to == event.to
        }) {
            throw Refusal(.consultationExists, field: "project", detail: "#\(earlier.reference.sequence)")
        }
    }

    private func consultation(_ reference: EventReference) throws(Refusal) -> Consultation {
        guard let found = consultations.first(where: { $0.reference == reference }) else {
            throw Refusal(.unknownConsultation, field: "question_sequence", detail: "#\(reference.sequence)")
        }
        return found
    }

    private func check(_ event: ConsultationAnswered, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        let consultation = try consultation(event.question)
        guard consultation.question.to == context.department else {
            throw Refusal.other(consultation.question.to)
        }
        guard consultation.answer == nil else {
            throw Refusal(.consultationAnswered, detail: "#\(event.question.sequence)")
        }
        guard day >= consultation.askedOn else {
            throw Refusal(.beforeItsCause, field: "occurred_on", detail: consultation.askedOn.description)
        }
    }

    private func check(_ event: ProjectArranged, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        let consultation = try consultation(event.question)
        guard consultation.question.from == context.department else {
            throw Refusal.other(consultation.question.from)
        }
        guard consultation.arrangedOn == nil else { throw Refusal(.nothingToDo) }
        guard let answeredOn = consultation.answeredOn, answeredOn <= day else {
            throw Refusal(.consultationOpen, clause: consultation.question.clause)
        }
    }

    // MARK: Surveys and samples

    private func check(_ event: SurveyStated, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        guard context.knowsClause(event.key.pack, event.key.clause) else {
            throw Refusal(.unknownDuty, field: "clause", detail: "\(event.key.pack) \(event.key.clause)")
        }
        guard let year = event.key.year, let first = CivilDay(year: year, month: 1, day: 1), first <= day else {
            throw Refusal(.dutyPeriodAhead, field: "period", detail: event.key.period.rawValue)
        }
        if context.isEvaluated(event.key.clause, year) {
            try division.checkAbove(context.actsFor, field: "division", clause: event.key.clause)
        }
        guard event.asked > 0, (0...event.asked).contains(event.answered), (0...event.answered).contains(event.positive)
        else {
            throw Refusal(.surveyCounts, detail: "\(event.asked) ≥ \(event.answered) ≥ \(event.positive)")
        }
        let earlier = surveys.last { one in
            !one.isReplaced && one.result.key == event.key && one.result.measure == event.measure
        }
        guard earlier?.reference == event.replacement?.replaced else {
            throw Refusal(
                earlier == nil ? .unknownSurvey : .surveyExists, field: "replaces",
                detail: earlier.map { "#\($0.reference.sequence)" })
        }
        try context.department.checkPutsRight(earlier?.department, clause: event.key.clause)
        if let before = earlier?.result, before.asked == event.asked, before.answered == event.answered,
            before.positive == event.positive
        {
            throw Refusal(.nothingToDo)
        }
    }

    private func check(_ event: SampleDrawn, _ context: DutyContext) throws(Refusal) {
        let earlier = samples.last { one in
            !one.isReplaced && one.drawn.purpose == event.purpose && one.drawn.period == event.period
        }
        guard earlier?.reference == event.replacement?.replaced else {
            throw Refusal(
                earlier == nil ? .unknownSample : .sampleExists, field: "replaces",
                detail: earlier.map { "#\($0.reference.sequence)" })
        }
        try context.department.checkPutsRight(earlier?.department)
    }

    // MARK: Figures

    private func check(_ event: FigureStated, on day: CivilDay, _ context: DutyContext) throws(Refusal) {
        guard let days = event.days else { throw Refusal(.dutyPeriod, field: "period", detail: "\(event.period)") }
        guard days.start <= day else {
            throw Refusal(.dutyPeriodAhead, field: "period", detail: "\(event.period): \(days.start)")
        }
        switch context.figure(event.pack, event.fact, event.value) {
        case .unknown: throw Refusal(.unknownFigure, field: "fact", detail: "\(event.pack) \(event.fact)")
        case .badValue: throw Refusal(.figureValue, field: "value", detail: "\(event.fact)")
        case .good: break
        }
        let terms = context.figureTerms(event.pack, event.fact)
        try terms?.checkStater(context.department)
        let earlier = standing(event.fact, like: event)
        guard earlier?.reference == event.replacement?.replaced else {
            throw Refusal(
                earlier == nil ? .unknownFigure : .figureExists, field: "replaces",
                detail: earlier.map { "#\($0.reference.sequence)" })
        }
        // What somebody stated whose it is not, those put right whose it is.
        if let stater = earlier?.department, terms?.isStated(by: stater) ?? true {
            try context.department.checkPutsRight(stater)
        }
        if let before = earlier?.stated, before.value == event.value, before.source == event.source {
            throw Refusal(.nothingToDo)
        }
        if let terms { try check(event, fits: terms, by: context.department) }
    }

    /// The figure that stands for the period of another.
    private func standing(_ fact: FactID, like event: FigureStated) -> Figure? {
        figures.last { one in
            one.replacedAt == nil && one.stated.pack == event.pack && one.stated.fact == fact
                && one.stated.period == event.period
        }
    }

    /// A part is not more than its whole. What somebody else stated they cannot put right, and theirs may be the slip: both
    /// figures stand then, and the report tells that they contradict one another.
    private func check(
        _ event: FigureStated, fits terms: FigureTerms, by department: DepartmentID
    ) throws(Refusal) {
        typealias Said = (FigureTerms.Named, FactValue)
        func contradict(_ part: Said, _ whole: Said, _ known: Figure) -> Refusal {
            Refusal(
                .figuresContradict, field: "value",
                detail: "\(part.0.fact) \(part.1.numberText) > \(whole.0.fact) \(whole.1.numberText)",
                words: "\(part.0.chinese) \(part.1.numberText) 大于 \(whole.0.chinese) \(whole.1.numberText)；"
                    + "已登记的是 #\(known.reference.sequence)",
                english: "\(part.0.english) \(part.1.numberText) is more than \(whole.0.english) "
                    + "\(whole.1.numberText); on record is #\(known.reference.sequence)",
                clause: terms.clause)
        }
        func own(_ named: FigureTerms.Named) -> Figure? {
            standing(named.fact, like: event).flatMap { department.putsRight($0.department) ? $0 : nil }
        }
        guard let number = event.value.magnitude else { return }
        for whole in terms.wholes {
            guard let known = own(whole), let most = known.stated.value.magnitude, number > most else { continue }
            throw contradict((terms.figure, event.value), (whole, known.stated.value), known)
        }
        for part in terms.parts {
            guard let known = own(part), let least = known.stated.value.magnitude, least > number else { continue }
            throw contradict((part, known.stated.value), (terms.figure, event.value), known)
        }
    }
}

extension Refusal {
    /// Another department's.
    fileprivate static func other(_ department: DepartmentID?) -> Refusal {
        Refusal(
            .notAddressee, detail: department?.rawValue, words: department.map(KnownOffices.name),
            english: department.map(KnownOffices.englishName))
    }

    /// From a department to itself.
    fileprivate static func same(_ department: DepartmentID) -> Refusal {
        Refusal(
            .sameDepartment, field: "to", detail: department.rawValue, words: KnownOffices.name(of: department),
            english: KnownOffices.englishName(of: department))
    }
}

extension DepartmentID {
    /// A figure, a result, a sample or a report is put right by the department that stated it, by one that answers for that,
    /// or by a key of none, which copies papers of whole offices.
    func checkPutsRight(_ stater: DepartmentID?, clause: ClauseID? = nil) throws(Refusal) {
        guard let stater, !putsRight(stater) else { return }
        throw refusal(.statedByOthers, instead: stater, clause: clause)
    }

    /// Whether it may put right what the other stated.
    func putsRight(_ stater: DepartmentID?) -> Bool {
        let unbound = [KnownOffices.none, KnownOffices.house]
        guard let stater else { return true }
        return unbound.contains(stater) || unbound.contains(self) || answers(for: stater)
    }

    /// Says whose it is, and who was asking.
    fileprivate func refusal(_ reason: Refusal.Reason, instead owner: DepartmentID, clause: ClauseID?) -> Refusal {
        Refusal(
            reason, detail: "\(owner); not \(self)",
            words: "\(KnownOffices.name(of: owner))；您是\(KnownOffices.name(of: self))",
            english: "\(KnownOffices.englishName(of: owner)); you are \(KnownOffices.englishName(of: self))",
            clause: clause)
    }
}

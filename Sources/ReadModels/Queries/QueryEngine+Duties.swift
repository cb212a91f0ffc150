import CareDomain
import CareProjections
import CareWire
import RuleEngine

extension QueryEngine {
    /// Families of which one sample may be drawn.
    private static let mostFamilies = 5000

    /// The division that is asked about, where the caller may act.
    private func dutyDivision(_ text: String) throws -> DivisionCode {
        guard let division = DivisionCode(text) else { throw QueryRefusal.field("division") }
        guard principal.mayAct(in: division) else { throw QueryRefusal.notYourDivision }
        return division
    }

    /// Books of a division and within it in which the caller may act; all of them for an empty text.
    private func dutyBooks(_ text: String) throws -> [DutyBook] {
        let wanted = text.isEmpty ? nil : DivisionCode(text)
        if !text.isEmpty, wanted == nil { throw QueryRefusal.field("division") }
        return (surroundings.duties?.books ?? [:]).values.filter { book in
            principal.mayAct(in: book.division) && (wanted.map { book.division.isWithin($0) } ?? true)
        }.sorted { $0.division < $1.division }
    }

    // MARK: Duties

    func dutyCalendar(_ query: Care_V1_DutyCalendarQuery) throws -> Care_V1_DutyCalendarPage {
        let division = try dutyDivision(query.division)
        let day = try day(query.asOf, "as_of")
        guard let pack = PackID(query.pack) else { throw QueryRefusal.field("pack") }
        let items = surroundings.rules?.registry.dutyItems(of: pack, in: division, year: Int(query.year)) ?? []
        let book = surroundings.duties?.books[division] ?? DutyBook(division: division)
        var page = Care_V1_DutyCalendarPage()
        var below: [AdministrativeLevel: [DivisionCode]] = [:]
        page.duties = try items.filter { item in
            (query.clause.isEmpty || item.clause.rawValue == query.clause)
                && (query.period.isEmpty || item.period.rawValue == query.period)
        }.map { item in
            var wire = try line(item, pack, book, on: day)
            if !item.isOwed(in: division), !book.isDone(DutyKey(pack: pack, clause: item.clause, period: item.period)) {
                if item.level.division(over: division) == nil, below[item.level] == nil {
                    below[item.level] = try divisions(of: item.level, within: division, on: day)
                }
                tell(&wire, of: item, pack, in: division, below[item.level] ?? [], on: day)
            }
            return wire
        }
        guard page.duties.isEmpty, !query.clause.isEmpty else { return page }
        let clause = ClauseID(query.clause)
        let isKnown = clause.flatMap { surroundings.rules?.registry.hasClause($0, of: pack, in: division) } ?? false
        throw QueryRefusal.notFound(isKnown ? .dutyPeriod : .unknownDuty)
    }

    /// Tells how a duty of another level stands where it is owed: in the division above, or in all those below.
    private func tell(
        _ wire: inout Care_V1_DutyLine, of item: DutyItem, _ pack: PackID, in division: DivisionCode,
        _ below: [DivisionCode], on day: CivilDay
    ) {
        wire.isElsewhere = true
        let key = DutyKey(pack: pack, clause: item.clause, period: item.period)
        var states: [DutyState] = []
        for holder in item.level.division(over: division).map({ [$0] }) ?? below {
            let doneOn = surroundings.duties?.books[holder]?.standing(key)?.doneOn
            let state = DutyState(item.terms, doneOn: doneOn, on: day)
            states.append(state)
            wire.holders.append(
                .with {
                    $0.division = holder.rawValue
                    $0.state = state.rawValue
                    if let doneOn, doneOn <= day { $0.doneOn = doneOn.dayNumber }
                })
        }
        // As bad as it is anywhere.
        let worst = [DutyState.overdue, .warned, .unrecorded, .open, .doneLate, .done].first { states.contains($0) }
        if let worst { wire.state = worst.rawValue }
    }

    /// Divisions of a level within another: those that have a book, and those where families live.
    private func divisions(
        of level: AdministrativeLevel, within division: DivisionCode, on day: CivilDay
    ) throws -> [DivisionCode] {
        let kept = (surroundings.duties?.books ?? [:]).keys.filter { $0.isWithin(division) }
        let homes = try lists.homes(in: division, on: day)
        let found = (kept + homes).compactMap { level.division(over: $0) }
        return Set(found).filter { $0.isWithin(division) }.sorted()
    }

    private func line(
        _ item: DutyItem, _ pack: PackID, _ book: DutyBook, on day: CivilDay
    ) throws -> Care_V1_DutyLine {
        let key = DutyKey(pack: pack, clause: item.clause, period: item.period)
        let report = book.report(of: key)
        var wire = Care_V1_DutyLine()
        wire.clause = item.clause.rawValue
        wire.period = item.period.rawValue
        wire.titleZh = item.title.chinese + (item.holiday.map { " \($0.chinese)" } ?? "")
        wire.titleEn = item.title.english + (item.holiday.map { ", \($0.english)" } ?? "")
        wire.owner = item.owner.rawValue
        wire.targetWords = item.target.words
        wire.targetZh = item.target.figures?.chinese ?? ""
        wire.targetEn = item.target.figures?.english ?? ""
        wire.proofZh = item.evidence.chinese
        wire.proofEn = item.evidence.english
        if let deadline = item.deadline {
            wire.warnFrom = deadline.warnFrom.dayNumber
            wire.lastDay = deadline.lastDay.dayNumber
        }
        wire.state = DutyState(item.terms, doneOn: report?.doneOn, on: day).rawValue
        // What was done on a later day had not been done: neither its day nor its proof is told of the day asked for.
        guard let report, let last = report.said.last, last.doneOn <= day else { return wire }
        if let withdrawn = report.withdrawn { wire.withdrawn = withdrawn.rawValue }
        wire.statements = try report.said.reversed().map { said in
            var statement = Care_V1_DutyLine.Statement()
            statement.sequence = said.reference.sequence
            statement.reportSequence = report.reference.sequence
            statement.doneOn = said.doneOn.dayNumber
            statement.evidence = try said.evidence.wire()
            statement.department = report.department?.rawValue ?? ""
            statement.actor = said.by?.rawValue ?? ""
            statement.reason = said.reason?.rawValue ?? ""
            return statement
        }
        return wire
    }

    // MARK: Lists and consultations

    func exchanges(_ query: Care_V1_ListExchangesQuery) throws -> Care_V1_ExchangeList {
        let day = try day(query.asOf, "as_of")
        var list = Care_V1_ExchangeList()
        for book in try dutyBooks(query.division) {
            for exchange in book.exchanges where exchange.sentOn <= day {
                var wire = Care_V1_ExchangeList.Exchange()
                wire.division = book.division.rawValue
                wire.sequence = exchange.reference.sequence
                wire.list = try exchange.list.wire()
                wire.sentOn = exchange.sentOn.dayNumber
                if let received = exchange.receivedOn, received <= day { wire.receivedOn = received.dayNumber }
                wire.state = exchange.state(on: day).rawValue
                list.exchanges.append(wire)
            }
        }
        return list
    }

    func consultations(_ query: Care_V1_ListConsultationsQuery) throws -> Care_V1_ConsultationList {
        let day = try day(query.asOf, "as_of")
        var list = Care_V1_ConsultationList()
        for book in try dutyBooks(query.division) {
            for one in book.consultations where one.askedOn <= day {
                var wire = Care_V1_ConsultationList.Consultation()
                wire.division = book.division.rawValue
                wire.sequence = one.reference.sequence
                wire.question = try one.question.wire()
                wire.askedOn = one.askedOn.dayNumber
                if let answer = one.answer, let on = one.answeredOn, on <= day {
                    wire.answer = try answer.wire()
                    wire.answeredOn = on.dayNumber
                }
                if let on = one.arrangedOn, on <= day { wire.arrangedOn = on.dayNumber }
                wire.state = one.state(on: day).rawValue
                list.consultations.append(wire)
            }
        }
        return list
    }

    // MARK: Surveys and samples

    func surveys(_ query: Care_V1_ListSurveysQuery) throws -> Care_V1_SurveyList {
        let day = try day(query.asOf, "as_of")
        var list = Care_V1_SurveyList()
        for book in try dutyBooks(query.division) {
            for survey in book.surveys where survey.statedOn <= day {
                var wire = Care_V1_SurveyList.Survey()
                wire.division = book.division.rawValue
                wire.sequence = survey.reference.sequence
                wire.survey = try survey.result.wire()
                wire.statedOn = survey.statedOn.dayNumber
                let target = surroundings.rules?.registry.targetPercent(
                    survey.result.measure, of: survey.result.key.clause, pack: survey.result.key.pack)
                if let target { wire.targetPercent = UInt32(clamping: target) }
                wire.isReplaced = survey.isReplaced
                list.surveys.append(wire)
            }
        }
        return list
    }

    func samples(_ query: Care_V1_SamplesQuery) throws -> Care_V1_SampleList {
        var list = Care_V1_SampleList()
        for book in try dutyBooks(query.division) {
            for sample in book.samples {
                if query.hasSequence {
                    guard book.division.rawValue == query.division, sample.reference.sequence == query.sequence
                    else { continue }
                }
                var wire = Care_V1_SampleList.Sample()
                wire.division = book.division.rawValue
                wire.sequence = sample.reference.sequence
                wire.sample = try sample.drawn.wire()
                wire.drawnOn = sample.drawnOn.dayNumber
                wire.recordedAt = sample.recordedAt.microseconds
                wire.isReplaced = sample.isReplaced
                if query.hasSequence { try draw(sample, of: book.division, into: &wire) }
                list.samples.append(wire)
            }
        }
        if query.hasSequence, list.samples.isEmpty { throw QueryRefusal.notFound(.unknownSample) }
        return list
    }

    /// Draws again: from the families of the division on the sample's day, as known when it was recorded.
    private func draw(
        _ sample: DutyBook.Sample, of division: DivisionCode, into wire: inout Care_V1_SampleList.Sample
    ) throws {
        let households = try lists.everIn(division, allowed: principal.divisions, limit: Self.mostFamilies + 1)
        guard households.count <= Self.mostFamilies else {
            throw QueryRefusal.tooManyHouseholds(most: Self.mostFamilies)
        }
        var families: [HouseholdID] = []
        for id in households {
            guard let loaded = try LoadedHousehold(id, from: reader, sealed: .skip), loaded.fence == nil,
                loaded.unread.isEmpty
            else {
                wire.incompleteHouseholdCount += 1
                continue
            }
            let household = loaded.history.household(knownAt: sample.recordedAt)
            if household.isOpen(on: sample.drawnOn), let home = household.division(on: sample.drawnOn),
                home.isWithin(division)
            {
                families.append(id)
            }
        }
        wire.population = UInt32(clamping: families.count)
        wire.households = HouseholdSample.draw(from: families, seed: sample.drawn.seed, size: sample.drawn.size)
            .map { .init($0.value.bytes) }
    }
}

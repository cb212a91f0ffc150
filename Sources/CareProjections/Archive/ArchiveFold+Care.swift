import CareDomain

extension ArchiveFold {
    func facts() -> [CareArchive.FactLine] {
        let known = household.facts.filter {
            $0.from <= day && !withheld.facts.contains($0.stated.fact)
        }
        return Dictionary(grouping: known) { FactKey(fact: $0.stated.fact, subject: $0.stated.subject) }.values
            .compactMap(standing)
            .sorted { ($0.fact.stated.fact, $0.fact.reference) < ($1.fact.stated.fact, $1.fact.reference) }
            .compactMap { line(of: $0.fact, rivals: $0.rivals) }
    }

    private struct FactKey: Hashable {
        let fact: FactID
        let subject: FactSubject
    }

    /// A statement as the page weighs it.
    private struct Weighed {
        let fact: StatedFact
        let days: StatedDays
    }

    /// The statement that counts on the day among those of one fact about one subject, and what contradicts it.
    private func standing(_ group: [StatedFact]) -> (fact: StatedFact, rivals: [CareArchive.FactRival])? {
        guard let fact = group.first?.stated.fact else { return nil }
        let precedence = words.precedence(of: fact, in: household.division(on: day), on: day)
        let weighed = group.map { fact in
            Weighed(
                fact: fact,
                days: StatedDays(
                    start: fact.from.dayNumber, end: fact.stated.until.map { max($0, fact.from).dayNumber },
                    rank: precedence.rank(fact.stated.source)))
        }
        // Of two statements for one day and of one level the one stated later holds.
        .sorted { one, other in
            (one.days.start, -one.days.rank, one.fact.reference)
                < (other.days.start, -other.days.rank, other.fact.reference)
        }
        let order = StatementOrder(weighed.map(\.days))
        guard let place = order.standing(on: day.dayNumber) else { return nil }
        let counts = weighed[place]
        let rivals = order.others(than: place, on: day.dayNumber).compactMap { other -> CareArchive.FactRival? in
            let rival = weighed[other]
            let isBySource = counts.days.rank < rival.days.rank
            guard let value = rival.fact.stated.value, value != counts.fact.stated.value,
                isBySource || rival.fact.department != counts.fact.department
            else { return nil }
            return CareArchive.FactRival(
                value: value, valueText: text(value, of: rival.fact.stated.fact), since: rival.fact.from,
                until: rival.fact.stated.until, source: label(rival.fact.stated.source),
                department: rival.fact.department.map(label), sequence: rival.fact.reference.sequence,
                isBySource: isBySource)
        }
        return (counts.fact, rivals)
    }

    private func line(of fact: StatedFact, rivals: [CareArchive.FactRival]) -> CareArchive.FactLine? {
        guard let value = fact.stated.value, fact.stated.until.map({ day < $0 }) ?? true else { return nil }
        return CareArchive.FactLine(
            fact: .init(fact.stated.fact.rawValue, words.title(fact.stated.fact)),
            subject: subject(fact.stated.subject), value: value, valueText: text(value, of: fact.stated.fact),
            since: fact.from, until: fact.stated.until, source: label(fact.stated.source),
            sequence: fact.reference.sequence, department: fact.department.map(label), rivals: rivals)
    }

    func visits() -> [CareArchive.VisitLine] {
        household.visits.filter { $0.day <= day }.sorted { ($0.day, $0.reference) < ($1.day, $1.reference) }
            .map { visit in
                let sealed = visit.visit.sealed
                return CareArchive.VisitLine(
                    sequence: visit.reference.sequence, day: visit.day,
                    kind: .init(visit.visit.kind.rawValue, words.visit(visit.visit.kind)),
                    holiday: visit.visit.holiday.map(label), form: visit.visit.form?.rawValue,
                    formText: visit.visit.form.map { words.form($0, in: household.division(on: visit.day)) },
                    visitorName: visit.visit.visitor.flatMap { visitorName($0, sealed) },
                    answerCount: visit.visit.answers.count, text: revealed(sealed))
            }
    }

    /// Who came: a helper or another visitor by name, a member or guardian of the family as everywhere on the page.
    private func visitorName(_ visitor: PersonID, _ sealed: [SealedPart]) -> String? {
        if let name = names.visitor(visitor) { return name }
        let guardian = household.guardianships.last { $0.guardian == visitor && $0.details?.name != nil }
        let name =
            household.member(visitor)?.details(on: day)?.name ?? guardian?.details?.name
            ?? sealed.details(of: visitor)?.name
        return name.map(shown(name:))
    }

    func needs() -> [CareArchive.NeedLine] {
        let left = needsOfWithdrawnVisits()
        return household.needs.filter { $0.raisedOn <= day }.map { need in
            let answers = need.answers.filter { $0.day <= day }
            let closedOn = need.closedOn.flatMap { $0 <= day ? $0 : nil }
            return CareArchive.NeedLine(
                sequence: need.reference.sequence,
                kind: .init(need.raised.kind.rawValue, words.need(need.raised.kind)), items: need.raised.items,
                raisedOn: need.raisedOn,
                state: closedOn != nil ? .closed : answers.isEmpty ? .open : .answered,
                answers: answers.map {
                    CareArchive.NeedLine.Answer(
                        sequence: $0.reference.sequence, day: $0.day, by: $0.answered.by.map(label),
                        outcome: label($0.answered.outcome))
                },
                closedOn: closedOn, closedFor: closedOn == nil ? nil : need.closedFor.map(label),
                text: revealed(need.raised.sealed), isVisitWithdrawn: left.contains(need.reference))
        }
    }

    /// Needs that stand although the visit at which they were told is withdrawn: somebody had seen to them by then, or an
    /// earlier version withdrew the visit alone.
    private func needsOfWithdrawnVisits() -> Set<EventReference> {
        guard knownEvents.contains(where: { $0.event == .withdrawn && $0.proposed.correction != nil }) else {
            return []
        }
        let known = Set(knownEvents.map(\.reference))
        let standing = Set(effective.map(\.reference))
        return Set(
            history.visitsOfNeeds.filter { known.contains($0.value) && !standing.contains($0.value) }.map(\.key))
    }

    func handOuts() -> [CareArchive.HandOutLine] {
        household.handOuts.filter { $0.day <= day }.sorted { ($0.day, $0.reference) < ($1.day, $1.reference) }
            .map { entry in
                let handed = entry.handed
                let brought = handed.handedBy.flatMap { visitorName($0, handed.sealed) }
                let receipt: CareArchive.HandOutLine.Receipt =
                    switch handed.receipt {
                    case .slip(let digest): .slip(digest)
                    case .none(let reason): .none(label(reason))
                    }
                return CareArchive.HandOutLine(
                    sequence: entry.reference.sequence,
                    clause: .init(handed.clause.rawValue, words.title(handed.clause)), period: handed.period.rawValue,
                    day: entry.day, items: handed.items.map { .init(goods: label($0.goods), count: $0.count) },
                    receiver: handed.receiver, receiverText: receiver(of: handed),
                    relation: handed.relation.map(label), handedBy: handed.handedBy,
                    handedByText: brought ?? (handed.handedBy == nil ? entry.recordedBy?.rawValue : nil) ?? "",
                    receipt: receipt, text: revealed(handed.sealed))
            }
    }

    /// The member by role and name as everywhere on the page; somebody else by a masked name, a helper by the real one.
    private func receiver(of handed: GoodsHandedOut) -> String {
        guard handed.relation != nil else { return subject(.person(handed.receiver)).text }
        if let helper = names.helper(handed.receiver) { return helper }
        let guardian = household.guardianships.last { $0.guardian == handed.receiver && $0.details?.name != nil }
        let name = handed.sealed.details(of: handed.receiver)?.name ?? guardian?.details?.name
        return name.map(shown(name:)) ?? ""
    }

    func notices() -> [CareArchive.NoticeLine] {
        household.notices.filter { $0.raisedOn <= day && !isKept($0.reference) }.map { notice in
            CareArchive.NoticeLine(
                sequence: notice.reference.sequence, kind: kind(of: notice.raised),
                subject: subject(notice.raised.subject), raisedOn: notice.raisedOn, dueOn: notice.raised.dueOn,
                department: notice.raised.department.map(label), clause: notice.raised.clause,
                details: notice.raised.details.map { .init($0.field.rawValue, text($0)) },
                people: notice.raised.persons.map(noticed),
                deliveries: notice.deliveries.map {
                    .init(
                        channel: label($0.channel), outcome: $0.outcome, attempts: $0.attempts,
                        reason: $0.reason?.rawValue)
                })
        }
    }

    /// What a notice is called.
    func kind(of notice: NoticeRaised) -> CareArchive.Label {
        .init(notice.kind.rawValue, words.notice(notice.kind, isUnfilled: notice.isUnfilled))
    }

    /// Somebody of whom a notice tells.
    private func noticed(_ person: PersonID) -> CareArchive.Subject {
        names.helper(person).map { .init(person: person, text: $0) } ?? subject(.person(person))
    }

    /// Free text of an event, all data subjects together; nil unless revealed.
    func revealed(_ sealed: [SealedPart]) -> String? {
        guard question.isRevealed else { return nil }
        let texts = sealed.compactMap { $0.details?.text }
        return texts.isEmpty ? nil : texts.joined(separator: "；")
    }

    /// A fact's value in words, by the labels of that fact where it has some.
    func text(_ value: FactValue, of fact: FactID) -> String { words.text(value, of: fact) ?? text(value) }

    /// A detail of a notice in words: a grade is no bare number.
    func text(_ detail: FormAnswer) -> String {
        switch (detail.field.rawValue, detail.value) {
        case ("grade", .int(let grade)): Grades.chinese(Int(clamping: grade))
        case ("cadence", .code(let code)): cadence(code).chinese
        default: text(detail.value)
        }
    }

    /// A value in words.
    func text(_ value: FactValue) -> String {
        switch value {
        case .bool(let bool): bool ? "是" : "否"
        case .int(let number): String(number)
        case .decimal(let thousandths): Decimals.text(thousandths: thousandths)
        case .code(let code): words.chinese(code)
        case .day(let day): day.description
        case .money(let fen): "\(fen)元"
        case .reference(let reference): reference
        }
    }
}

/// Decimals kept as thousandths.
enum Decimals {
    /// `15.25`, `20`
    static func text(thousandths: Int64) -> String {
        let magnitude = thousandths.magnitude
        let whole = magnitude / 1000
        let rest = magnitude % 1000
        let sign = thousandths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }
}

extension NoticeRaised {
    /// Whether a gap ended without a helper: it was not filled, none is due any more.
    var isUnfilled: Bool { kind.rawValue == "pairing_gap_closed" && persons.isEmpty }
}

extension CarePolicyWords {
    /// What a notice is called, on the page and in lists.
    package func notice(_ kind: Code, isUnfilled: Bool) -> String { isUnfilled ? "结对不再要求" : chinese(kind) }
}

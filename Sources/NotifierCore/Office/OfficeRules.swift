import CareDomain
import RuleEngine

/// What an office is reminded of, and on which day it falls due. Pure.
///
/// Each notice belongs to one day: the first of the time of warning, the last day in time, the day after. A day that
/// nobody saw go by brings its notice all the same, dated with it. What was over before the record knew of it, or more than
/// a year ago, is history and announced to nobody.
package enum OfficeRules {
    /// How far back days are gone through.
    static let longestArrears: Int32 = 366
    /// Before a receipt or an answer is due.
    static let shortLead: Int32 = 3
    /// Before a repayment is due, as `carectl loan due` asks by default.
    static let loanLead: Int32 = 30
    /// Looks after funds and loans.
    static let lender = DepartmentID(unchecked: "dept.fp_association")

    /// One notice and its day.
    package struct Due: Hashable, Sendable {
        package let notice: OfficeNotice
        package let on: CivilDay
    }

    // MARK: Duty books

    /// Notices of a division's book that are due on a day and were not raised, in the order of their days and keys.
    /// - Parameter places: The divisions with offices, as far as is known: see `places(_:)`.
    package static func due(
        _ book: DutyBook, _ registry: PackRegistry, on today: CivilDay, among places: some Collection<DivisionCode>
    ) -> [Due] {
        var calendar = OfficeCalendar(registry)
        return due(book, &calendar, on: today, among: Set(places))
    }

    /// - Parameter places: nil = not known yet: then of duties nothing is said, for it could be said in the wrong book.
    static func due(
        _ book: DutyBook, _ calendar: inout OfficeCalendar, on today: CivilDay, among places: Set<DivisionCode>?
    ) -> [Due] {
        let owed = places.map { duties(book, &calendar, today, among: $0) } ?? []
        let found =
            owed + book.exchanges.flatMap { list($0, today) } + book.consultations.flatMap { question($0, today) }
        return found.filter { !book.notices.has($0.notice.key) }.sorted {
            ($0.on, $0.notice.key) < ($1.on, $1.notice.key)
        }
    }

    /// Divisions whose offices have duties although nothing stands in a book: the territories of the packs.
    package static func territories(_ registry: PackRegistry) -> Set<DivisionCode> {
        Set(registry.versions.filter { !$0.pack.dutyItems(year: 2000).isEmpty }.compactMap(\.pack.territory))
    }

    /// The divisions of every level in which somebody has duties, as the calendar of duties has it: those over a division that
    /// has a book or where families live, itself included. An office has its duties whether or not anything was ever written
    /// into its book.
    static func places(over division: DivisionCode) -> [DivisionCode] {
        [division] + AdministrativeLevel.allCases.compactMap { $0.division(over: division) }
    }

    /// Each duty is announced in the books of the level that owes it, in each of them, also where the notice is the first thing
    /// in the book. While no division of that level is known, nobody there could hear of it: then the territory's own book has
    /// it.
    private static func duties(
        _ book: DutyBook, _ calendar: inout OfficeCalendar, _ today: CivilDay, among places: Set<DivisionCode>
    ) -> [Due] {
        var found: [Due] = []
        for pack in calendar.packs {
            let isTerritory = pack.territories.contains(book.division)
            for year in today.year - 1...today.year {
                for item in calendar.items(of: pack, in: book.division, year: year) {
                    let isAnnounced =
                        item.isOwed(in: book.division)
                        || isTerritory && !places.contains { $0.isWithin(book.division) && item.isOwed(in: $0) }
                    guard isAnnounced else { continue }
                    found += duty(item, of: pack.id, book, published: pack.published, today)
                }
            }
        }
        return found
    }

    private static func duty(
        _ item: DutyItem, of pack: PackID, _ book: DutyBook, published: CivilDay?, _ today: CivilDay
    ) -> [Due] {
        guard let deadline = item.deadline, let published, deadline.lastDay >= published else { return [] }
        let key = DutyKey(pack: pack, clause: item.clause, period: item.period)
        let doneOn = book.standing(key)?.doneOn
        func due(_ kind: OfficeNotice.Kind, _ day: CivilDay) -> Due? {
            // Done by then: nothing was to be said on that day.
            guard doneOn.map({ $0 >= day }) ?? true, isOpen(day, today) else { return nil }
            return Due(
                notice: OfficeNotice(
                    kind: kind.code, key: "\(kind.rawValue)/\(pack)/\(item.clause)/\(item.period)",
                    department: item.owner, dueOn: deadline.lastDay, clause: item.clause, pack: pack,
                    period: item.period), on: day)
        }
        // Said once it is done, nothing more is due; what fell due before that is said no more, either.
        guard doneOn.map({ $0 > today }) ?? true else { return [] }
        let warned = max(deadline.warnFrom, published)
        return [
            warned < deadline.lastDay ? due(.dutyWarned, warned) : nil, due(.dutyDue, deadline.lastDay),
            due(.dutyOverdue, deadline.lastDay + 1),
        ].compactMap { $0 }
    }

    private static func list(_ exchange: DutyBook.Exchange, _ today: CivilDay) -> [Due] {
        guard !exchange.isReplaced, exchange.receivedOn == nil else { return [] }
        return pair(
            .listDue, .listOverdue, "\(exchange.reference.sequence)", from: exchange.sentOn, exchange.list.dueOn, today
        ) { kind, key in
            OfficeNotice(
                kind: kind, key: key, department: exchange.list.to, dueOn: exchange.list.dueOn,
                period: exchange.list.period)
        }
    }

    private static func question(_ one: DutyBook.Consultation, _ today: CivilDay) -> [Due] {
        guard one.answeredOn == nil else { return [] }
        return pair(
            .questionDue, .questionOverdue, "\(one.reference.sequence)", from: one.askedOn, one.question.dueOn, today
        ) { kind, key in
            OfficeNotice(
                kind: kind, key: key, department: one.question.to, dueOn: one.question.dueOn,
                clause: one.question.clause)
        }
    }

    private static func pair(
        _ before: OfficeNotice.Kind, _ after: OfficeNotice.Kind, _ name: String, from begun: CivilDay,
        _ last: CivilDay, _ today: CivilDay, _ make: (Code, String) -> OfficeNotice
    ) -> [Due] {
        [(before, max(begun, last - shortLead)), (after, last + 1)].compactMap { kind, day in
            isOpen(day, today) ? Due(notice: make(kind.code, "\(kind.rawValue)/\(name)"), on: day) : nil
        }
    }

    // MARK: Loans

    /// Notices of a loan that are due on a day and were not raised: before an instalment is due and when it is overdue, as
    /// long as it is not paid.
    /// - Source: XM-2.2b 到期、逾期; 收回时限责任制
    package static func due(
        _ loan: LoanCase, on today: CivilDay, overdueBy terms: OverdueTerms = .standard
    ) -> [Due] {
        guard loan.state(on: today) == .running, let payout = loan.payout else { return [] }
        var paid = loan.repaid(by: today)
        var found: [Due] = []
        for instalment in loan.instalments {
            let rest = max(.zero, instalment.amount - paid)
            paid = max(.zero, paid - instalment.amount)
            guard rest > .zero else { continue }
            for (kind, day) in [
                (OfficeNotice.Kind.loanDue, max(payout.on, instalment.dueOn - loanLead)),
                (.loanOverdue, terms.lastInTime(of: instalment.dueOn, on: today) + 1),
            ] where isOpen(day, today) {
                found.append(
                    Due(
                        notice: OfficeNotice(
                            kind: kind.code, key: "\(kind.rawValue)/\(instalment.dueOn)", department: lender,
                            dueOn: instalment.dueOn, clause: ClauseID("XM-2.2b"), amount: rest,
                            person: loan.helper), on: day))
            }
        }
        return found.filter { !loan.notices.has($0.notice.key) }.sorted {
            ($0.on, $0.notice.key) < ($1.on, $1.notice.key)
        }
    }

    private static func isOpen(_ day: CivilDay, _ today: CivilDay) -> Bool {
        day <= today && day >= today - longestArrears
    }
}

extension OfficeNotice.Kind {
    package var code: Code { Code(unchecked: rawValue) }

    /// Heading for people.
    package var wording: Wording {
        switch self {
        case .dutyWarned: Wording("职责将到期", "duty due soon")
        case .dutyDue: Wording("职责今日到期", "duty due today")
        case .dutyOverdue: Wording("职责逾期", "duty overdue")
        case .listDue: Wording("名单待签收", "receipt due soon")
        case .listOverdue: Wording("名单签收逾期", "receipt overdue")
        case .questionDue: Wording("征询待答复", "answer due soon")
        case .questionOverdue: Wording("征询答复逾期", "answer overdue")
        case .loanDue: Wording("借款将到期", "repayment due soon")
        case .loanOverdue: Wording("借款逾期", "repayment overdue")
        }
    }
}

/// 代缴、代办: an institution that gets the money of a clause in place of the person for whom it is paid: an insurer, a fund, a
/// home, a school. Money for it never goes to an account of the family.
/// - Source: CZ-2.3 (为…购买一份…保险), CZ-2.7d, CZ-2.7e (由财政为其代缴), CZ-2.8b
package struct InstitutionPayee: Hashable, Sendable {
    /// One statement of where its money goes in a place.
    package struct Account: Hashable, Sendable {
        /// nil = wherever the pack applies.
        package var division: DivisionCode?
        package var period: DayPeriod
        /// Reference to payment details kept outside the log; empty = there is none any more.
        package var reference: String
        /// Account of the person who said so; nil where the pack says it.
        package var by: Code?

        package init(division: DivisionCode?, period: DayPeriod, reference: String, by: Code? = nil) {
            self.division = division
            self.period = period
            self.reference = reference
            self.by = by
        }
    }

    /// 保险机构.
    package var title: String
    package var english: String
    /// The parameter that holds the references of its accounts by place; nil = each person has one of their own (the home in
    /// which they live, their school), and the fact `person.institution_account_ref` holds it.
    package var parameter: ParameterID?
    /// In the order in which they became known.
    package var accounts: [Account]

    package init(title: String, english: String, parameter: ParameterID?, accounts: [Account] = []) {
        self.title = title
        self.english = english
        self.parameter = parameter
        self.accounts = accounts
    }

    /// The account for money of a place on a day: of the narrowest division that was named, and of those said for it the latest.
    /// - Returns: nil while there is none.
    package func account(in place: DivisionCode?, on day: CivilDay) -> Account? {
        let standing = accounts.filter { account in
            guard account.period.contains(day) else { return false }
            return account.division.map { place?.isWithin($0) ?? false } ?? true
        }
        let narrowest = standing.last { one in
            !standing.contains { other in
                guard let division = other.division, division != one.division else { return false }
                return one.division.map { division.isWithin($0) } ?? true
            }
        }
        return narrowest.flatMap { $0.reference.isEmpty ? nil : $0 }
    }
}

/// Lines of a batch that wait because nobody has said yet where the money of an institution goes.
package struct UnnamedPayee: Hashable, Sendable {
    package var clause: ClauseID
    package var payee: InstitutionPayee
    /// Numbers of the lines, in order.
    package var lines: [Int]
    /// Their months for which nobody has named an account, the first and the last; nil = all of them.
    package var months: ClosedRange<CivilMonth>?

    package init(
        clause: ClauseID, payee: InstitutionPayee, lines: [Int], months: ClosedRange<CivilMonth>? = nil
    ) {
        self.clause = clause
        self.payee = payee
        self.lines = lines
        self.months = months
    }

    /// Takes in that a line waits for the account of some months.
    package mutating func add(_ line: Int, lacking first: CivilMonth, _ last: CivilMonth) {
        if lines.last != line { lines.append(line) }
        months = min(months?.lowerBound ?? first, first)...max(months?.upperBound ?? last, last)
    }
}

extension UnnamedPayee {
    /// Numbers named at most.
    private static let mostNamed = 10

    /// What holds the account once somebody names it.
    private var place: String { payee.parameter?.rawValue ?? FactID.institutionAccountReference.rawValue }

    /// `2016-01…2016-03`
    private var span: String? {
        months.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)…\($0.upperBound)" }
    }

    /// `CZ-2.3 付给保险机构，12 笔：第 1、2 … 笔，2016-01…2016-03 的账户；cz.insurer_account`
    package var chinese: String {
        let named = lines.prefix(Self.mostNamed).map { "\($0)" }.joined(separator: "、")
        let more = lines.count > Self.mostNamed ? " …" : ""
        let when = span.map { "，\($0) 的账户" } ?? ""
        return "\(clause) 付给\(payee.title)，\(lines.count) 笔：第 \(named)\(more) 笔\(when)；\(place)"
    }

    /// The same in English.
    package var english: String {
        let named = lines.prefix(Self.mostNamed).map { "\($0)" }.joined(separator: ", ")
        let more = lines.count > Self.mostNamed ? " …" : ""
        let when = span.map { ", for \($0)" } ?? ""
        return "\(clause) to \(payee.english), lines \(named)\(more), \(lines.count) in all\(when); \(place)"
    }

    /// What whoever sends the others is told.
    package var note: Refusal {
        Refusal(.institutionUnnamed, detail: chinese, english: english, clause: clause)
    }
}

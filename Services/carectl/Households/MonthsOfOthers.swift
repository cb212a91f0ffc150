import CareDomain
import CareProjections
import ServiceKit

/// Months of a right that another file pays to somebody who was there before: the rules give them here, too, and no batch pays them
/// here. Only the page knows, which is worked out where all files are.
struct MonthsOfOthers {
    private let lines: [(clause: ClauseID, subject: String, months: String)]

    /// - Parameter clauses: What is explained.
    init(_ page: CareArchive, of clauses: Set<ClauseID>) {
        lines = page.entitlements.filter { clauses.contains($0.clause) }.compactMap { line in
            line.monthsOfOthers.map { (line.clause, line.subject.text, $0) }
        }
    }

    /// One sentence for each right of a person.
    var notes: [UserText] {
        lines.map { line in
            let months = line.months.split(separator: "、").joined(separator: ", ")
            return UserText(
                zh: "提示：\(line.clause) \(line.subject)：\(line.months) 由此人先在的（或已发的）另一户发放，本户不发，一个月只发一次",
                en:
                    "note: \(line.clause) \(line.subject): \(months) is paid by another household's file, in which the person was "
                    + "before or which has paid it, and not by this one: a month is paid once")
        }
    }
}

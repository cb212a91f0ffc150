import CareDomain
import CareProjections
import ServiceKit

/// Months of a right that another family's file pays to somebody who was there before, or that both have ordered: the rules give them
/// here, too. Only the page knows, which is worked out where all files are.
struct OtherFilesMonths {
    private let lines: [CareArchive.EntitlementLine]

    /// - Parameter clauses: What is explained.
    init(_ page: CareArchive, of clauses: Set<ClauseID>) {
        lines = page.entitlements.filter { clauses.contains($0.clause) }
    }

    /// One sentence for each right of a person.
    var notes: [UserText] {
        lines.flatMap { line -> [UserText] in
            let (right, role) = ("\(line.clause) \(line.subject.text)", "\(line.clause)")
            let paid = line.monthsPaidThere.map { months in
                UserText(
                    zh: "提示：\(right)：\(months) 由此人先在的（或已发的）另一户发放，本户不发，一个月只发一次",
                    en:
                        "note: \(role): \(Self.english(months)) is paid by another household's file, in which the person was "
                        + "before or which has paid it, and not by this one: a month is paid once")
            }
            let twice = line.monthsOrderedTwice.map { months in
                UserText(
                    zh: "提示：\(right)：\(months) 本户和此人在过的另一户都列了，请核对此人当月在哪一户",
                    en:
                        "note: \(role): \(Self.english(months)) was ordered by this and another household's file: find out in "
                        + "which family the person was")
            }
            return [paid, twice].compactMap { $0 }
        }
    }

    private static func english(_ months: String) -> String {
        months.split(separator: "、").joined(separator: ", ")
    }
}

import CareDomain
import OfficeFiles

/// 应退清单: sums that people decided to take back, one line each, for the office that collects them. No bank gets it, and it
/// names no account.
package enum RecoveryList {
    package static let headings = ["业务参考号", "户编号", "应退人", "应退金额", "条款", "月份", "备注"]

    /// One sum to be collected.
    package struct Line: Hashable, Sendable {
        package var reference: String
        package var household: String
        /// Whose right it was; of somebody who has died that is not who can be asked.
        package var person: String
        /// What is to be collected, a positive sum.
        package var amount: Fen
        package var clause: String
        package var months: String
        /// What whoever collects has to know.
        package var note: String

        package init(
            reference: String, household: String, person: String, amount: Fen, clause: String, months: String,
            note: String
        ) {
            self.reference = reference
            self.household = household
            self.person = person
            self.amount = amount
            self.clause = clause
            self.months = months
            self.note = note
        }
    }

    /// The list's bytes. The same lines always give the same bytes.
    package static func bytes(_ lines: [Line]) -> [UInt8] {
        var writer = CSVWriter()
        writer.append(headings)
        for line in lines {
            writer.append([
                line.reference, line.household, line.person, line.amount.description, line.clause, line.months,
                line.note,
            ])
        }
        let total = lines.reduce(Fen.zero) { $0 + $1.amount }
        writer.append([BankFile.totalWord, "\(lines.count) 笔", "", total.description, "", "", ""])
        return writer.bytes
    }
}

import CareDomain
import OfficeFiles

/// 应退清单: sums that people decided to take back, one line each, for the office that collects them. No bank gets it, and it
/// names no account of a family. What an institution got is collected from the institution: it is named in place of the person,
/// with the reference of the account to which the money went.
package enum RecoveryList {
    package static let headings = ["业务参考号", "户编号", "应退人", "应退金额", "条款", "月份", "备注"]

    /// An institution that got a sum, or a part of it.
    package struct Institution: Hashable, Sendable {
        package var title: String
        /// Reference of the account, as it stood in the file for the bank; empty where that is not known.
        package var account: String
        package var amount: Fen

        package init(title: String, account: String, amount: Fen) {
            self.title = title
            self.account = account
            self.amount = amount
        }
    }

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
        /// The institutions that got it; what they did not get the family has.
        package var institutions: [Institution]

        package init(
            reference: String, household: String, person: String, amount: Fen, clause: String, months: String,
            note: String, institutions: [Institution] = []
        ) {
            self.institutions = institutions
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
                line.reference, line.household, line.debtor, line.amount.description, line.clause, line.months,
                line.remark,
            ])
        }
        let total = lines.reduce(Fen.zero) { $0 + $1.amount }
        writer.append([BankFile.totalWord, "\(lines.count) 笔", "", total.description, "", "", ""])
        return writer.bytes
    }
}

extension RecoveryList.Line {
    /// Whether institutions got all of it, so that the family is asked for nothing.
    package var isInstitutions: Bool {
        !institutions.isEmpty && institutions.reduce(Fen.zero) { $0 + $1.amount } >= amount
    }

    /// 应退人: whoever got the money.
    var debtor: String {
        var names = isInstitutions ? [] : [person]
        for one in institutions where !names.contains(one.title) { names.append(one.title) }
        return names.joined(separator: "、")
    }

    var remark: String {
        guard !institutions.isEmpty else { return note }
        let went = institutions.map { one in
            let account = one.account.isEmpty ? "账户不详" : "账户 \(one.account)"
            return "\(one.title)（\(account)，\(one.amount) 元）"
        }.joined(separator: "、")
        guard !isInstitutions else { return "钱付给了\(went)：向机构收回，不向家庭；所涉待遇是\(person)的" }
        return "其中付给\(went)的向机构收回；其余向家庭收回" + (note.isEmpty ? "" : "，\(note)")
    }
}

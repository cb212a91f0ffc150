import CareDomain
import OfficeFiles

/// 送银行的文件 and 回盘: one line each payment, by its reference; the last row says how many and how much.
package enum BankFile {
    /// Headings of the file that goes to the bank.
    package static let headings = ["业务参考号", "账户编号", "金额", "条款", "月份"]
    /// What stands in the first column of the last row.
    package static let totalWord = "合计"

    /// One line of the file that goes to the bank.
    package struct Line: Hashable, Sendable {
        package var reference: String
        /// Reference to payment details kept outside the record; never an account number.
        package var account: String
        package var amount: Fen
        package var clause: String
        package var months: String

        package init(reference: String, account: String, amount: Fen, clause: String, months: String) {
            self.reference = reference
            self.account = account
            self.amount = amount
            self.clause = clause
            self.months = months
        }
    }

    /// The file's bytes. The same lines always give the same bytes.
    package static func bytes(_ lines: [Line]) -> [UInt8] {
        var writer = CSVWriter()
        writer.append(headings)
        for line in lines {
            writer.append([line.reference, line.account, line.amount.description, line.clause, line.months])
        }
        let total = lines.reduce(Fen.zero) { $0 + $1.amount }
        writer.append([totalWord, "\(lines.count) 笔", total.description, "", ""])
        return writer.bytes
    }
}

/// Why a bank's answer cannot be read, and in which row.
package struct BankAnswerProblem: Error, Hashable, Sendable {
    /// As a spreadsheet program numbers it; nil = the file as a whole.
    package let row: Int?
    package let chinese: String
    package let english: String
}

/// 银行回盘: a table with the columns 业务参考号, 金额, 结果 and, where given, 原因. 结果 is 成功 or 失败; the last row begins with
/// 合计 and states the number of lines under 结果 and the sum under 金额.
package enum BankAnswerFile {
    /// Reads an answer. What the lines mean is decided by the record; here only their form is checked.
    /// - Throws: `FileProblem` or `BankAnswerProblem`.
    package static func read(_ bytes: [UInt8], file: Int) throws -> BankAnswer {
        let table = try CSVTable(bytes)
        for heading in ["业务参考号", "金额", "结果"] where table.column(of: heading) == nil {
            throw BankAnswerProblem(row: nil, chinese: "缺少“\(heading)”一列", english: "the column \(heading) is missing")
        }
        var lines: [BankAnswer.Line] = []
        var total: (count: Int, sum: Fen)?
        for row in table.rows {
            if let problem = row.problems.first { throw problem }
            func cell(_ heading: String) -> String { table.cell(heading, in: row) ?? "" }
            guard total == nil else {
                throw BankAnswerProblem(
                    row: row.row, chinese: "合计之后还有内容", english: "there is something behind the total")
            }
            guard let amount = Fen(yuanText: cell("金额")) else {
                throw BankAnswerProblem(
                    row: row.row, chinese: "金额应写成元，最多两位小数", english: "the sum must be yuan with at most two decimals")
            }
            if cell("业务参考号") == BankFile.totalWord {
                guard let count = Int(cell("结果").filter(\.isNumber)) else {
                    throw BankAnswerProblem(
                        row: row.row, chinese: "合计行的“结果”应写笔数", english: "the total's row must state the number of lines"
                    )
                }
                total = (count, amount)
                continue
            }
            let failure: Code?
            switch cell("结果") {
            case "成功": failure = nil
            case "失败": failure = code(cell("原因"))
            default:
                throw BankAnswerProblem(
                    row: row.row, chinese: "“结果”应是 成功 或 失败", english: "the result must be 成功 or 失败")
            }
            lines.append(
                BankAnswer.Line(row: row.row, reference: cell("业务参考号"), amount: amount, failure: failure))
        }
        guard let total else {
            throw BankAnswerProblem(row: nil, chinese: "没有合计行", english: "the row with the total is missing")
        }
        return BankAnswer(file: file, lines: lines, declaredCount: total.count, declaredTotal: total.sum)
    }

    /// The bank's words as a code; words that are no code become `other`.
    private static func code(_ text: String) -> Code {
        switch text {
        case "": Code(unchecked: "unspecified")
        case "账户不存在": Code(unchecked: "no_account")
        case "账户已销户": Code(unchecked: "account_closed")
        case "户名不符": Code(unchecked: "name_mismatch")
        default: Code(text) ?? Code(unchecked: "other")
        }
    }
}

extension Fen {
    /// Reads yuan with at most two decimals, `300` or `300.00`; nil for anything else.
    package init?(yuanText text: String) {
        var digits = text.replacing(",", with: "")
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits.removeFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.count <= 12,
            digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
        else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : ""
        guard decimals.count <= 2, parts.count == 1 || !decimals.isEmpty else { return nil }
        let padded = decimals + String(repeating: "0", count: 2 - decimals.count)
        guard let amount = Int64(whole + padded) else { return nil }
        self.init(isNegative ? -amount : amount)
    }
}

import CareDomain
import OfficeFiles

extension CareArchive {
    /// Loans and other aid, one line each.
    var loanTable: TextTable {
        var table = TextTable([
            .init("个案"), .init("方式"), .init("申请人"), .init("用途", mayShrink: true), .init("金额", .right), .init("申请"),
            .init("放款"), .init("状态"), .init("已还", .right), .init("未还", .right), .init("逾期", .right),
        ])
        for line in loans {
            let isLoan = line.mode.code == LendingMode.revolvingLoan.rawValue
            table.append([
                String(line.loan.description.prefix(8)), line.mode.chinese, line.mother.text, line.purpose.chinese,
                "\(line.amount)元", "\(line.appliedOn)", line.disbursedOn?.description ?? "", line.state.chinese,
                isLoan ? "\(line.repaid)元" : "", isLoan ? "\(line.outstanding)元" : "",
                line.overdue > .zero ? "\(line.overdue)元" : "",
            ])
        }
        return table
    }

    /// Under the table: the schedule of each agreement, and what is missing before a payout.
    var loanNotes: String {
        var notes = ""
        for line in loans {
            let id = line.loan.description.prefix(8)
            for (index, instalment) in line.instalments.enumerated() {
                let late = instalment.isOverdue ? "，逾期未还 \(instalment.amount - instalment.repaid)元" : ""
                notes +=
                    "  \(id) 第 \(index + 1) 期 \(instalment.dueOn) 应还 \(instalment.amount)元，"
                    + "已还 \(instalment.repaid)元\(late)\n"
            }
            for reversal in line.reversals {
                let receipt = reversal.receipt.map { "，凭证 \($0)" } ?? ""
                let by = reversal.by.map { "，\($0)" } ?? ""
                notes +=
                    "  \(id) #\(reversal.entry) \(reversal.enteredOn) \(reversal.kind.chinese) \(reversal.amount)元\(receipt)，"
                    + "已冲销：#\(reversal.sequence) \(reversal.reversedOn)，\(reversal.reason.chinese)\(by)\n"
            }
            if !line.missing.isEmpty {
                notes += "  \(id) 放款前还缺：\(line.missing.map(\.chinese).joined(separator: "、"))\n"
            }
            if let helper = line.helper { notes += "  \(id) 帮扶责任人 \(helper)\n" }
            if let stage = line.stage { notes += "  \(id) 帮扶阶段 \(stage.chinese)\n" }
        }
        return notes
    }
}

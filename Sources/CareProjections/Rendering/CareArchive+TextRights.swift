import CareDomain
import OfficeFiles

extension CareArchive {
    /// What each clause gives on the day, one line each.
    var entitlementTable: TextTable {
        var table = TextTable([
            .init("条款"), .init("名称", mayShrink: true), .init("对象"), .init("结论"), .init("标准", .right), .init("承担"),
            .init("自"), .init("至"), .init("待决定补差"), .init("下一变化"), .init("依据", .right),
        ])
        for line in entitlements {
            let next = line.next.map { "\($0.day) \($0.status.chinese)\($0.amount.map { " \($0)元" } ?? "")" }
            table.append([
                line.clause.rawValue, line.title, line.subject.text, line.status.chinese, line.sumText,
                line.payers.map { $0.payer.chinese + (line.payers.count > 1 ? " \($0.parts)" : "") }
                    .joined(separator: "："),
                line.period.map { $0.start.isFarPast ? "一直" : "\($0.start)" } ?? "",
                line.period.map { $0.lastDay?.description ?? "长期" } ?? "",
                line.isWorkedOut ? "未计算" : line.standingText(at: header.division),
                next ?? "", line.isWorkedOut ? "推算" : basis(line.sequence),
            ])
        }
        return table
    }

    /// Under the table: why a right does not hold or waits, which months a change touched, what a person decided.
    var entitlementNotes: String {
        var notes = ""
        for line in entitlements {
            var texts = line.reasons.isEmpty ? line.missingTexts : line.reasons
            if let decision = line.decision {
                let standard = line.standard.map { "，条款\(line.amountType.chinese) \($0)元" } ?? ""
                texts.append("由第 \(decision) 条的决定确定\(standard)")
            }
            texts += line.changes.map(\.chinese)
            for text in texts { notes += "  \(line.clause) \(line.subject.text)：\(text)\n" }
        }
        if entitlements.contains(where: \.isWorkedOut) {
            notes += "  待决定补差未计算：按来源获知日期推算的结论没有应补、多发，要看请不加 --basis learned\n"
        }
        return notes
    }

    /// Decisions of people about rights.
    var awardTable: TextTable {
        var table = TextTable([
            .init("决定"), .init("条款"), .init("名称", mayShrink: true), .init("对象"), .init("金额", .right), .init("自"),
            .init("至"), .init("理由"), .init("决定日期"), .init("决定人"), .init("复核人"), .init("撤销"), .init("依据", .right),
        ])
        for line in awards {
            table.append([
                line.outcome.chinese, line.clause.rawValue, line.title, line.subject.text,
                line.outcome.amount.map { "\($0)元" } ?? "", "\(line.period.start)",
                line.period.lastDay?.description ?? "长期", line.reason.chinese, "\(line.decidedOn)", line.by ?? "-",
                line.secondApprover ?? "-",
                line.revokedFrom.map { "自 \($0)" } ?? "", basis(line.sequence),
            ])
        }
        return table
    }
}

extension CareArchive.EntitlementLine {
    /// 应补 600.00元 多发 300.00元 待决定 300.00元: what waits for a person, from all determinations of the right. What is not the
    /// place's own says whose it is: 应补 300.00元（431002 北湖区 2014-09 至 2014-11）.
    fileprivate func standingText(at place: DivisionCode?) -> String {
        func text(_ arrears: Fen, _ recovery: Fen, _ awaiting: Fen) -> String {
            let known = [arrears, Fen.zero - recovery].compactMap(Differences.chinese)
            return (known + (awaiting > .zero ? ["待决定 \(awaiting)元"] : [])).joined(separator: " ")
        }
        guard lefts.contains(where: { $0.division != place }) else {
            return text(standingArrears, standingRecovery, standingAwaiting)
        }
        return lefts.map { left in
            let months = left.first == left.last ? "\(left.first)" : "\(left.first) 至 \(left.last)"
            let whose = left.text.isEmpty ? "所属地不明" : left.text
            return "\(text(left.arrears, left.recovery, left.awaiting))（\(whose) \(months)）"
        }.joined(separator: " ")
    }

    /// 每月 300.00元 20小时
    fileprivate var sumText: String {
        var parts: [String] = []
        if let amount { parts.append("\(cadence.chinese) \(amount)元") }
        if let hoursThousandths {
            let rate = hourlyRate.map { "×\($0)元" } ?? ""
            parts.append("\(Decimals.text(thousandths: hoursThousandths))小时\(rate)")
        }
        return parts.joined(separator: " ")
    }
}

extension DueChange {
    /// 2015-11 至 2016-02 每月由 0.00元改为 300.00元，共增 1200.00元: what the determination changed. What of it still waits
    /// for a person stands in the table alone, because batches and decisions take from it.
    fileprivate var chinese: String {
        let months = first == last ? "\(first)" : "\(first) 至 \(last) 每月"
        let sum = difference > .zero ? "共增 \(difference)元" : "共减 \(-difference)元"
        return "\(months)由 \(before)元改为 \(after)元，\(sum)"
    }
}

extension AmountType {
    /// 不低于, 不超过 …
    fileprivate var chinese: String {
        switch self {
        case .floor: "不低于"
        case .ceiling: "不超过"
        case .inPrinciple: "原则上"
        case .exact, .formula, .parameter, .none: "标准"
        }
    }
}

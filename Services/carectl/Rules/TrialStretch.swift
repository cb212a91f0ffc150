import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine
import ServiceKit

/// What a trial says of every day of a stretch, for reading: which answer holds from when to when, and what falls due.
struct TrialStretch {
    let days: DayPeriod

    /// The stretches of one answer that lie within the days.
    func pieces(_ answer: Trial.Answer) -> [OutcomePiece] {
        answer.outcome.pieces.compactMap { piece in
            guard let period = piece.period.intersection(days) else { return nil }
            var piece = piece
            piece.period = period
            return piece
        }
    }

    /// The sums of a right that fall due within the months of the days.
    func dues(_ determination: Determination?) -> [Due] {
        guard let determination else { return [] }
        let first = CivilMonth(containing: days.start)
        let last = days.end.map { CivilMonth(containing: $0 - 1) } ?? first
        return determination.dues(through: last).filter { $0.month >= first }
    }

    func show(_ answers: [Trial.Answer], _ desk: Desk) {
        showPieces(answers, desk)
        showDues(answers, desk)
    }

    private func showPieces(_ answers: [Trial.Answer], _ desk: Desk) {
        let titles =
            desk.language == .chinese
            ? ["户", "对象", "条款", "自", "至", "结论", "金额"]
            : ["subject", "who", "clause", "from", "to", "answer", "sum"]
        var table = TextTable(titles.enumerated().map { .init($1, $0 == 6 ? .right : .left) })
        for answer in answers {
            for piece in pieces(answer) {
                table.append([
                    answer.entry, answer.subject, answer.rule.clause.rawValue, "\(piece.period.start)",
                    piece.period.end.map { "\($0 - 1)" } ?? "", desk.text(piece.status.wording), answer.sum(of: piece),
                ])
            }
        }
        desk.print("")
        desk.show(table)
    }

    private func showDues(_ answers: [Trial.Answer], _ desk: Desk) {
        let isChinese = desk.language == .chinese
        let titles =
            isChinese
            ? ["户", "对象", "条款", "月份", "应发", "承担", "结论"]
            : ["subject", "who", "clause", "month", "due", "payer", "answer"]
        var table = TextTable(titles.enumerated().map { .init($1, $0 == 4 ? .right : .left) })
        var total = Fen.zero
        for answer in answers {
            for due in dues(answer.determination) {
                if due.status == .entitled, let amount = due.amount { total = total + amount }
                let parts = due.amount.map { PayerSplit.split($0, due.payers) } ?? []
                let payers = parts.map { payer, part in
                    let name = isChinese ? KnownOffices.name(ofPayer: payer) : payer.rawValue
                    return parts.count == 1 ? name : "\(name) \(part)"
                }
                table.append([
                    answer.entry, answer.subject, answer.rule.clause.rawValue, due.month.description,
                    due.amount?.description ?? "-", payers.joined(separator: isChinese ? "、" : ", "),
                    desk.text(due.status.wording),
                ])
            }
        }
        desk.print("")
        if table.count > 0 { desk.show(table) }
        let last = days.end.map { $0 - 1 } ?? days.start
        desk.print(
            desk.word(
                "\(days.start) 至 \(last) 应发合计 \(total) 元", "due from \(days.start) to \(last): \(total) yuan together"))
    }
}

extension Trial.Answer {
    /// The sum of a stretch, or the figure of a target with its unit; empty where there is none.
    func sum(of piece: OutcomePiece) -> String {
        let unit = rule.measure.map { " \($0.unit)" } ?? ""
        return piece.amount.map { "\($0)" } ?? piece.measure.map { DecimalText.text($0) + unit } ?? ""
    }
}

import OfficeFiles
import RuleEngine

/// A calculation sheet as lines of text: what was published, the growth, what it leads to.
enum AdjustmentText {
    static func lines(_ adjustment: Trial.Adjustment, isChinese: Bool) -> [String] {
        let sheet = adjustment.lines.map { line in
            let growth = DecimalText.text(tenThousandths: line.growthTenThousandths)
            let (level, base) = (figure(line.level, isChinese), figure(line.base, isChinese))
            return isChinese
                ? "\(level)，比 \(base) 累计增长 \(growth)%\(line.isTrigger ? "，达到调整线" : "")"
                : "\(level), \(growth)% above \(base)\(line.isTrigger ? ", triggers" : "")"
        }
        let standards = adjustment.indexation.standards
        let proposals = adjustment.proposals.flatMap { proposal in
            proposal.changes.map { change in
                let title = standards.first { $0.id == change.standard }?.title
                let name = (isChinese ? title?.chinese : title?.english) ?? change.standard.rawValue
                let state = Self.state(change.state, isChinese)
                let sum = "\(change.before)" + (isChinese ? " → " : " to ") + "\(change.after)"
                let set = change.approved.flatMap { $0 == change.after ? nil : $0 }
                return isChinese
                    ? "拟自 \(proposal.validFrom) 起\(state)：\(change.clause) \(name) \(sum) 元"
                        + (set.map { "，批准的是 \($0) 元" } ?? "")
                    : "proposed from \(proposal.validFrom)\(state): \(change.clause) \(name) \(sum) yuan"
                        + (set.map { "; approved at \($0) yuan" } ?? "")
            } + [outstanding(proposal, isChinese)].compactMap { $0 }
        }
        return sheet + proposals + adjustment.revisions.map { revision($0, isChinese) }
    }

    /// A year with its published figure, or with its growth where only that was published. The base year may have neither.
    private static func figure(_ level: Indexation.Level, _ isChinese: Bool) -> String {
        switch level.origin {
        case .published:
            let value = DecimalText.text(level.value)
            return isChinese ? "\(level.year) 年 \(value)" : "\(level.year): \(value)"
        case .growth(let thousandths):
            let rate = DecimalText.text(thousandths)
            return isChinese ? "\(level.year) 年（当年增长 \(rate)%）" : "\(level.year) (\(rate)% over the year before)"
        case .assumed: return isChinese ? "\(level.year) 年" : "\(level.year)"
        }
    }

    /// How many standards of a proposal wait for a person, where some were approved.
    private static func outstanding(_ proposal: Indexation.Proposal, _ isChinese: Bool) -> String? {
        let waiting = proposal.changes.count { $0.state == .open }
        let approved = proposal.changes.count { $0.state == .approved }
        guard waiting > 0, approved > 0 else { return nil }
        return isChinese
            ? "\(proposal.level.year) 年的调整：已批准 \(approved) 项，尚待批准 \(waiting) 项"
            : "adjustment of \(proposal.level.year): \(approved) approved, \(waiting) wait for approval"
    }

    private static func revision(_ revision: Trial.Revision, _ isChinese: Bool) -> String {
        let (before, now) = (figure(revision.approvedUpon, isChinese), figure(revision.now, isChinese))
        return isChinese
            ? "批准时按 \(before)，现已修订为 \(now)：两个数都保留，已批准的标准不变，以后的增长从批准时的数算起；要改须重新批准"
            : "approved upon \(before), revised since to \(now): both stay, so do the standards, and growth counts "
                + "on from the figure of the approval; to change them a new approval is needed"
    }

    private static func state(_ state: Indexation.State, _ isChinese: Bool) -> String {
        switch state {
        case .approved: isChinese ? "（已批准）" : " (approved)"
        case .open: isChinese ? "（待批准）" : " (waits for approval)"
        case .hypothetical: isChinese ? "（假定前一次已批准）" : " (as if the one before were approved)"
        }
    }
}

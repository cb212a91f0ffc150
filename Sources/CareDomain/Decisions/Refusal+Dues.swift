extension Refusal.Reason {
    /// What to say of decisions about months that regular batches have not gone past, or of which nobody knows what is due; nil
    /// for other reasons. The star is the detail.
    var dueTexts: (chinese: String, english: String)? {
        switch self {
        case .dueNotKnown:
            (
                "这些月份缺事实或参数，或规则出错，应发多少还不知道：是不是多发也就不知道，不能决定追回或免追*；用 household why "
                    + "看缺什么，补上（或改正规则）、重新认定以后再决定",
                "a fact or parameter is missing for these months, or the rule fails: nobody knows what is due, so nobody can "
                    + "decide whether it is over-paid*; household why says what is missing: state it, or correct the rule, and "
                    + "decide when it is determined anew"
            )
        case .dueAwaitsDecision:
            (
                "这些月份的金额由人决定，还没有决定：是不是多发也就不知道，不能决定追回或免追*；先决定待遇（decide_award，批准多少或不予批准），"
                    + "重新认定以后再决定",
                "people decide the sum of these months, and nobody has: so nobody can decide whether it is over-paid*; decide about "
                    + "the right first (decide_award: grant a sum or refuse), and about this when it is determined anew"
            )
        case .openMonthsLeft:
            (
                "只决定了应发多少已知的月份；待补、待查、待决定的月份不在其内*",
                "only the months of which it is known what is due are decided; those that wait for a fact or for a decision about "
                    + "the right, or whose rule fails, are not*"
            )
        case .lineAwaitsDecision:
            (
                "截止后这一笔的金额改由人决定，还没有决定，没有送银行*；先决定待遇（decide_award，批准多少或不予批准），再次 pay export",
                "since the closing people decide the sum of this line, and nobody has: it is not sent to the bank*; decide about the "
                    + "right (decide_award: grant a sum or refuse) and export again"
            )
        case .awaitsRegularBatch:
            (
                "这一条的月份还没有正常批次走过，或暂缓期未满，随正常批次发，不必决定*；确要现在决定，或正常批次说这些月份待决定的，写明 months"
                    + "（pay decide --months 起..止）",
                "no regular batch has gone past these months, or a hold keeps them back: regular batches pay them, and there is nothing to decide*. To decide now, or "
                    + "where a regular batch says that they wait for a decision, name them (months; pay decide "
                    + "--months FIRST..LAST)"
            )
        case .leftToRegularBatches:
            (
                "只决定了正常批次已经走过的月份；其余的（含暂缓期未满的）随正常批次发，不必决定*",
                "only the months that the regular batches have gone past are decided; the others, and those that a hold keeps back, "
                    + "are paid by regular batches, and need no decision*"
            )
        case .letGoForBatchesToo:
            (
                "这些月份还没有正常批次走过，决定不补以后，正常批次也不再发*",
                "no regular batch has gone past these months; now that they are let go, the regular batches will not pay them either*"
            )
        default: nil
        }
    }
}

extension Refusal.Reason {
    /// What to say of funds, loans and aid; nil for reasons that have nothing to do with them. The star is the detail.
    var lendingTexts: (chinese: String, english: String)? {
        switch self {
        case .unknownFund: ("没有这笔资金*，或不在您的辖区", "no such fund*, or outside your division")
        case .fundExists: ("这笔资金已经设立*", "the fund is open already*")
        case .fundScope: ("资金的区划、帮扶模式或编号不符*", "the fund's division, kind of aid or number does not fit*")
        case .fundShort: ("资金余额不足*", "the fund has not enough money*")
        case .fundHistory: ("历史数据前后矛盾*，请核对", "the totals of earlier years contradict each other*")
        case .receiptTwice: ("这张凭证已经入账*，不能再记", "the receipt was booked already*")
        case .unknownPayer: ("政策包没有这个出资方*", "the pack knows no such payer*")
        case .lenderTwice: ("这笔银行贷款已经在另一件里贴息*", "the lender's loan is subsidised in another case already*")
        case .noRightToAid:
            (
                "按规则不符合帮扶条件*；确有理由的，先由两人作出例外决定（decide_award，excepted）",
                "the rules give no right to the aid*; with good reason two people record an exception first (decide_award, excepted)"
            )
        case .fundHistoryOverlaps:
            (
                "历史数据所算到的日子，台账里已经有账*，会算两遍；历史数据只到台账第一笔账的前一天，之后的一笔一笔登记",
                "the fund's own record holds days that the totals of earlier years cover*, they would count twice: the totals end "
                    + "the day before the first entry, and what follows is entered one by one"
            )
        case .modeOfDistrict:
            (
                "当地不用这种帮扶模式*，请用当地模式的资金",
                "the district does not give this kind of aid*: use a fund of the kind that it gives"
            )
        case .subsidyShare:
            (
                "贴息比例与当日设定的不同*，请按设定的比例申请",
                "the share of the interest is not the one set for the day*; apply with that one"
            )
        case .loanOfClosedFile:
            (
                "该户档案已销*，个案不能再往下办，也不能放款；请撤回申请或审核不予通过，已放的借款照旧还款",
                "the family's file is closed*: the case goes no further and nothing is paid out; withdraw or reject it. What was lent "
                    + "is repaid as before"
            )
        case .closedWithLoans:
            (
                "档案已销，但还有没办结的借款、帮扶*；申请请撤回或审核不予通过，已放的借款照旧收回",
                "the file is closed with loans or aid that are not over*: withdraw or reject the applications; what was lent is still "
                    + "collected"
            )
        case .unknownLoan: ("没有这件帮扶个案*，或不在您的辖区", "no such case*, or outside your division")
        case .loanExists: ("这位母亲的这一件已经有人申请*", "somebody applied for this case of the mother already*")
        case .loanNumber: ("申请的序号不连续*，请刷新后再报", "the number of the application leaves a gap*; look again")
        case .loanRunning:
            (
                "这位母亲前一件到申请之日尚未办结或未还清*，不能再借",
                "an earlier case of the mother is not over on the day of the application*; she cannot have another"
            )
        case .notAMother: ("此人当日不是该户在世的母亲*", "the person is not a living mother of the household on that day*")
        case .loanAmount: ("金额不对*，请核对", "the amount is wrong*; check it")
        case .loanCeiling: ("超过每笔借款上限*，请按上限内的金额重新申请", "above the ceiling of a loan*; apply for less")
        case .loanBeforeFile:
            ("申请日期早于该户建档*，请写建档之日或以后的日期", "the day is earlier than the family's file*; apply on that day or later")
        case .loanState:
            ("这件个案现在的状态不能这样办*；先看 carectl loan show", "the state of the case does not allow it*; see carectl loan show")
        case .loanReviewOrder: ("审核须从村（居）起逐级进行*", "reviews go level by level, the village first*")
        case .loanReason: ("请写明原因*；通过的不写", "say why*; what passed has no reason")
        case .loanGuarantee:
            ("担保方须是村（居）委会（12 位区划）*，且只有借款需要担保", "only a village committee (12 digits) guarantees, and only loans*")
        case .loanSchedule:
            (
                "还款计划不对*：到期日须递增并晚于签字、放款日，各期之和须等于借款",
                "the schedule is wrong*: rising days after signing and payout, adding up to the loan"
            )
        case .loanIncomplete: ("放款手续不全，还缺*，请一次补齐", "before the payout these are missing*; bring them all at once")
        case .repaidTooMuch: ("还款超过未还本金*，不予入账", "more than the outstanding principal*; nothing was booked")
        case .writeOffNotProposed: ("尚未提请核销*，须一人提请、另一人决定", "nobody proposed it*: one person proposes, another decides")
        case .writeOffSumChanged:
            (
                "提请核销以后，未还本金变了*；请按现在的数重新提请（loan write-off --reason），再由另一人决定",
                "what is left to be repaid changed since the write-off was proposed*: propose anew (loan write-off --reason), then "
                    + "another person decides"
            )
        case .repaidBeforeWriteOff:
            (
                "核销以前收到的是还款，不是核销后收回*；请先冲销核销，登记还款，余下的重新提请核销",
                "what came in before the write-off is a repayment, and no recovery*: reverse the write-off, enter the repayment, and "
                    + "propose the rest anew"
            )
        case .bookedAsRecovery:
            (
                "本件已核销，这一笔记作核销后收回*：仍是已核销，不冲减核销，不计入还款率",
                "the loan was written off, so this is booked as a recovery*: it stays written off, and no repayment rate counts it"
            )
        case .entryReversed: ("这一笔已经冲销*，不能再冲", "the entry is reversed already*")
        case .unknownEntry:
            (
                "这里没有可以冲销的这一笔*：放款、还款、核销、核销后收回在个案里冲销（carectl loan reverse），注入和接收的资金在资金里冲销"
                    + "（carectl fund reverse）；冲销本身不能冲销，冲错了请重新登记",
                "no such entry that can be reversed here*: payouts, repayments, write-offs and recoveries are reversed in the case "
                    + "(carectl loan reverse), deposits and what was taken over in the fund (carectl fund reverse); a reversal is not reversed, "
                    + "enter what should stand anew"
            )
        case .entryRestedOn:
            ("其后的账目以这一笔为据*，请先冲销它们", "other entries rest on this one*: reverse those first")
        case .earlierReopened:
            (
                "这位母亲前面的一件因冲销又未还清或未办结*，先办结那一件再放款",
                "an earlier case of the mother is not over*, for an entry of it was reversed: end that one before this one is paid out"
            )
        case .reversedAtReceiver:
            (
                "划转由接收的资金冲销*：在那里冲销“接收盘活”的那一笔；还没有接收的，先重发划转命令",
                "a transfer is reversed in the fund that took it over*: reverse the entry there; send the transfer again first if it "
                    + "has not arrived"
            )
        case .reversedBySame:
            (
                "登记这一笔的人不能自己冲销*，请换一位有资金管理职能的人",
                "whoever made the entry does not reverse it*: ask somebody else who manages funds"
            )
        case .reportTooEarly: ("报表期未结束*，不能上报", "the period is not over*; the report cannot be sent")
        case .reportVersion: ("报表版本已变*，请刷新后再报", "the version is another one now*; look again")
        default: nil
        }
    }
}

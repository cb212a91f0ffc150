extension Refusal.Reason {
    /// What to say of lines that are sent to the bank, listed to be taken back, or wait; nil for other reasons. The star is the detail.
    var sendingTexts: (chinese: String, english: String)? {
        switch self {
        case .lineHeld:
            (
                "截止后得知的事使这一笔多于应发，没有送银行*；请核对：不该发的用 pay reverse 冲销，仍要发的用 pay decide recovery let-go 决定免追",
                "more than is due now, by what became known after the closing: not sent to the bank*; reverse it (pay reverse), or let it go (pay decide recovery let-go) to send it"
            )
        case .lineNeedsFact:
            (
                "截止后得知的事使这一笔缺一项事实或参数，应发多少还不知道，没有送银行*；用 household why 看缺什么，补上后再次 pay export",
                "by what became known after the closing a fact or parameter is missing: nobody knows yet what is due, and it is not "
                    + "sent to the bank*; household why says what is missing: state it and export again"
            )
        case .lineRuleFails:
            (
                "截止后这一笔的条款计算出错，应发多少还不知道，没有送银行*；改正规则、重新认定后再次 pay export",
                "since the closing the rule of this line fails: nobody knows what is due, and it is not sent to the bank*; correct the "
                    + "rule and export again when it is determined anew"
            )
        case .orderedTwice:
            (
                "这一笔有月份，同一人同一条款在另一户的档案里先列过或已经发过，没有送银行*；一个月只发一次：请核对此人这些月份在哪一户，"
                    + "不该发的那一笔用 pay reverse 冲销；冲销的是另一笔，本笔再次 pay export 就送出",
                "months of this line were ordered for the same person before, or paid, in another household's file: it is not sent to "
                    + "the bank*. A month is paid once: find out in which family the person was, and reverse the line that should not "
                    + "be paid (pay reverse); if that is the other one, exporting this batch again sends this line"
            )
        case .payeeDied:
            (
                "这一笔的受益人已故，款项属其生前应得，已照送*；请核对账户是否还能收款",
                "the person of this line has died; it was due until then and is sent*; check that the account can still be paid"
            )
        case .payeeDiedUnsent:
            (
                "这一笔的受益人已故，款项属其生前应得，但没有可收款的账户，还没有送银行*；登记收款账户编号（person.account_ref）后再次 pay export，"
                    + "不发的用 pay reverse 冲销",
                "the person of this line has died; it was due until then but has no account to go to and is not sent*; state one "
                    + "(person.account_ref) and export again, or reverse it (pay reverse)"
            )
        case .debtorDied:
            (
                "这一笔要收回的，受益人已故*；已列入应退清单，不动其账户。向谁收回由经办与家属、继承人核实；不追的请决定免追或用 pay reverse 冲销",
                "the person from whom this is to be taken back has died*; it is on the list, and their account is left alone. Find out "
                    + "with the family or heirs whom to ask; what is not to be collected is reversed (pay reverse)"
            )
        case .recoveryUnreceived:
            (
                "这一笔要收回的钱，家庭（付给机构的，机构）没有收到*（银行还没有回盘，或发放失败、退回、已冲销），没有列入应退清单；等回盘，"
                    + "原来那一笔退回、失败或已冲销的，本笔用 pay reverse 冲销",
                "the family, or the institution that gets it, has not received what this is to take back*: the bank has not "
                    + "answered, or it failed, came back or was reversed. It is not on the list: wait for the answer, or reverse this line, too (pay reverse)"
            )
        case .nothingReceived:
            (
                "这几个月要追回的钱没有发到手*（发放失败、退回，或已在追回）；不该发的那一笔用 pay reverse 冲销，多发随之消失；"
                    + "仍要发的决定免追（let-go）",
                "what is to be taken back of these months was not received*: it failed or came back, or is being taken back. Reverse the "
                    + "line that should not be paid (pay reverse) and nothing is over-paid; let it go to pay it all the same"
            )
        case .lineOnHold:
            (
                "这一笔有月份在暂缓期内，没有多发，没有送银行*；期满或撤销暂缓后对本批次再次 pay export 就送出，不必另列、不用冲销。锁定的明细"
                    + "不拆开，没有暂缓的月份一起等；要先发这些月份，用 pay reverse 冲销这一笔，再为同样的月份列一批（--number 加一），"
                    + "暂缓的月份随期满之月的正常批次发",
                "somebody's decision holds months of this line: nothing is over-paid, and it is not sent to the bank*. Once the hold is over "
                    + "or taken back, exporting this batch again sends it; nothing has to be reversed. A frozen line is not divided, "
                    + "so its other months wait, too: to pay those first reverse the line (pay reverse) and begin a further batch of "
                    + "the same months (--number); the regular batch of the month in which the hold ends pays those that are held"
            )
        case .accountsDiffer:
            (
                "这一笔的月份分属几个机构的账户，没有送银行*；锁定的明细不拆开：用 pay reverse 冲销这一笔，再为同样的月份列一批（--number 加一），"
                    + "新的一批按账户分列",
                "the months of this line belong to several accounts of institutions, and it is not sent to the bank*. A frozen line is not "
                    + "divided: reverse it (pay reverse) and begin a further batch of the same months (--number), whose lines are "
                    + "one for each account"
            )
        default: nil
        }
    }
}

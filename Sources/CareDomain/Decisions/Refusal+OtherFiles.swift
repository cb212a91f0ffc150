extension Refusal.Reason {
    /// What to say of what other files of the same people have; nil for other reasons. The star is the detail.
    var otherFileTexts: (chinese: String, english: String)? {
        switch self {
        case .mergeUnfinished:
            (
                "并户还没有登记完：并来的一户档案还不知道*。系统会接着办完，请过一分钟再提交",
                "the merge is not finished: the file that was taken in does not know of it*. It goes on by itself; send this again "
                    + "in a minute"
            )
        case .handOutInMerged:
            (
                "并户的另一份档案这一期已经发放过*，并户以后是一户，一期只发一次；那一条登记有误的，写那一份档案的户编号更正或撤回",
                "another file of the merged family got the goods of the period already*; it is one family since, and gets them "
                    + "once. Where that entry is wrong, correct or withdraw it there, naming that file"
            )
        case .handOutAfterMerge:
            (
                "发放日在并户以后*，那时已是另一户：请撤回这一条，写并入的那一户登记",
                "the day lies after the merge*: the family was part of the other household by then. Withdraw this entry, and record "
                    + "the hand-out there"
            )
        case .correctionElsewhere:
            (
                "这一份档案里没有可更正的这一条*；并户以前登记在并来的档案里的实物发放，写那一份档案的户编号更正或撤回",
                "this file has no such entry that can be corrected*; goods that a file recorded before it was taken in are put right "
                    + "there: name that file"
            )
        case .dueNetted:
            (
                "这一条不用决定：同一人在另一户档案里已发的，或由先在的那一户应发的款项，已经抵掉它*。请刷新 carectl rules arrears",
                "there is nothing to decide: what another file of the person paid, or owes because the person was there before, makes "
                    + "this line good*; list anew with carectl rules arrears"
            )
        case .duePartlyNetted:
            (
                "这一条有一部分由同一人在另一户档案里的款项抵掉，补发或追回的只是余下的（余下/原有）*",
                "part of this line is made good by what another file of the person has; only the rest is paid or taken back "
                    + "(rest/whole)*"
            )
        case .dueElsewhere:
            (
                "这些月份的款项不属于您的辖区，由所属地决定（区划: 月数）*；户迁走以后，每个地方的月份仍由当地的密钥用 pay decide 决定",
                "these months' money is not your division's; the place to which it belongs decides (division: months)*: after a "
                    + "move each place decides about its own months, with a key of its own (pay decide)"
            )
        case .duePlaceMissing:
            (
                "这一条的月份属于您的几个地方（区划: 月数）*，请写明 division（pay decide --division）",
                "the line's months belong to several of your places (division: months)*: name one (division; pay decide --division)"
            )
        case .grantedInOtherFile:
            (
                "这一项一次为限，在另一户档案里已经批准过*；确要再给（如补差），用 excepted（例外）并写明理由",
                "this is given once, and was granted in another file of the same people already*; where more is meant, a top-up say, "
                    + "decide an exception (excepted) with a reason"
            )
        case .earlierBatchDamaged:
            (
                "早先发过同一权利的批次已损坏，四项职能是否由不同的人办理无从核对，这一户的这些款项没有列入（或没有送银行）*；"
                    + "修复那一批后另批发放，其余各户照发",
                "an earlier batch that paid the same right is damaged, so it cannot be told who held which function on it: these sums of "
                    + "the family are left out, or not sent*; repair that batch and pay them in another, all others are paid"
            )
        case .functionsUnproven:
            (
                "银行办过的已照记，但早先发过同一权利的批次已损坏，四项职能是否由不同的人办理无从核对*；修复那一批后用 carectl audit "
                    + "separation 核对",
                "what the bank did is booked; an earlier batch that paid the same right is damaged, so it cannot be told who held which "
                    + "function on it*: repair that batch, then check with carectl audit separation"
            )
        case .toldInOtherFile:
            (
                "本户的这一条已改；分户时同一条也写进了另一户档案*，那一户的没有改，请在那一户也更正（或撤回）",
                "this is put right here; a split had told it to another file as well*, where it stands as it was: correct or "
                    + "withdraw it there, too"
            )
        default: nil
        }
    }
}

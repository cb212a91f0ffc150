extension Refusal.Reason {
    /// What to say of units, grants and settlements; nil for reasons that have nothing to do with them. The star stands for
    /// the detail.
    var unitTexts: (chinese: String, english: String)? {
        switch self {
        case .unknownUnit:
            ("已发布的政策包没有这一单位或年度*", "no published pack names this unit or year*")
        case .noGuidance:
            ("没有下达这一项目的指导数*，请先导入", "no guidance number is set for the project*; import it first")
        case .placesExhausted: ("指导数已用完*，不能再资助", "the guidance number is used up*; no further grant")
        case .beyondGuidance:
            ("指导数已用完*，超出的须写明理由", "the guidance number is used up*; beyond it a reason is needed")
        case .grantReasonMissing:
            (
                "金额不是标准金额，或属例外，须写明理由，并由另一人复核*",
                "the sum is not the standard, or it is an exception: state a reason and a second approver*"
            )
        case .grantStands:
            ("该户当年已享受一个项目*，同一户当年不得同时享受多个项目", "the household has a grant of the year*; one project per year")
        case .grantGivenOtherwise:
            (
                "这一项已经资助过，内容与这次写的不同*；要改的，先用 carectl grant release 取消，再按新的金额、理由资助",
                "this was granted already, with other words than now*; to change it, take it back with carectl grant release and "
                    + "grant it anew"
            )
        case .grantPriorYear:
            (
                "该户上年已受助*，原则上不再重复；如属例外，请写明理由并由另一人复核",
                "the household was helped the year before*; an exception needs a reason and a second approver"
            )
        case .grantNeedsPlace:
            ("这一条占用指导数*，请用资助命令（carectl grant give）办理", "the clause takes places*; use carectl grant give")
        case .grantNeedsApplication:
            ("没有已确认的当年申报*，不能资助", "no confirmed application of the year*; nothing can be granted")
        case .grantBeforeConfirmation:
            (
                "资助日期早于申报确认的日子*，请用确认当日或以后的日期",
                "the grant is dated before the application was confirmed*; date it on that day or later"
            )
        case .grantBeforeRight:
            (
                "资助日期早于这项待遇开始的日子*（文件施行、条件满足之日），请用当日或以后的日期",
                "the grant is dated before the right begins*, which is when the document is in force and its conditions are met; "
                    + "date it on that day or later"
            )
        case .unknownGrant: ("没有这项资助*，或不在您的辖区", "no such grant*, or outside your division")
        case .grantReleased: ("这项资助的名额已释放*，不能再释放", "the place of this grant is free already*")
        case .grantUnfinished:
            ("这项资助没有办完*，请重发原命令，或用 carectl grant expire 释放占位", "the grant is not finished*; send it again, or expire it")
        case .grantConfirmed: ("这项资助已生效*，取消请用 carectl grant release", "the grant stands*; take it back with release")
        case .grantPaid: ("这项资助已列入发放*，请先冲销", "the grant is in a payment batch*; reverse that first")
        case .grantElsewhere:
            ("该户的户籍和居住地都不在这一单位*", "the household is neither registered nor resident in the unit*")
        case .granteeDead:
            (
                "受助的人已登记死亡，家里没有在世的人可以受助*，不能资助；已确认的申报请走年审退出，死亡登记有误的请先更正",
                "whoever would be helped is on record as dead and nobody living is left*: nothing can be granted; let the confirmed "
                    + "application exit by its yearly check, or correct a wrong death first"
            )
        case .unknownProject: ("指导数表里没有这一项目*", "no such project in the table of guidance numbers*")
        case .unknownPart: ("没有这一评估部分*", "no such part of the evaluation*")
        case .pointsOutOfRange: ("分数超出这一部分的范围*", "the points are out of the part's range*")
        case .evidenceMissing: ("评分须有依据*", "points need evidence*")
        case .replacementReason: ("改动已登记的数须写明理由*", "what was set is only replaced with a reason*")
        case .negativeSum: ("金额不能为负*", "the sum cannot be negative*")
        case .sumSetTwice:
            (
                "限额、预拨在单位和参数（rules set-parameter）里是两个数*，请先改成一个",
                "budget or advance is one figure for the unit and another as a parameter*; make them one first"
            )
        case .advanceOfSelfFunded:
            (
                "该单位的经费自筹，市级没有分担，不能预拨*",
                "the unit raises all its funds itself and the city bears no part: nothing is advanced to it*"
            )
        case .scoreMissing: ("评估还缺*，不能结算", "the score is not complete*; nothing can be settled")
        case .placesOpen:
            ("有资助没有办完*，请先办完或释放，再结算", "a grant is not finished*; finish or expire it first")
        case .unitAbove:
            (
                "指导数、限额、预拨、评分、结算和评估的调查结果由上一级定*，本单位自己不能定；请用上级区划的密钥办理",
                "numbers, budget, advance, score, settlement and the evaluation's survey are set by the division above*, "
                    + "never by the unit itself; use a key of the division above"
            )
        default: nil
        }
    }
}

extension Refusal.Reason {
    /// What to say of goods that were handed out; nil for reasons that have nothing to do with them. The star is the detail.
    var handOutTexts: (chinese: String, english: String)? {
        switch self {
        case .handOutClause:
            (
                "这一条不按户发放实物*，请填写发放实物的条款",
                "the clause gives no goods to households*; name one that does"
            )
        case .handOutPeriod:
            (
                "这一条没有这样的发放期*，请按冒号后的写法填写",
                "the clause has no such period*; write it as the text after the colon"
            )
        case .handOutEarly:
            (
                "发放日早于该期第一天*，请核对日期或发放期",
                "the goods were handed out before the period began*; check the day or the period"
            )
        case .handOutTwice:
            (
                "该户这一期已经发放过*，一期只发一次；登记有误请更正或撤回那一条",
                "the family got the goods of the period already*; correct or take back that entry if it is wrong"
            )
        case .handOutWithoutRight:
            (
                "该户当日不享受这一条*，不能登记发放；缺什么见 carectl household why 户 条款 --on 日期",
                "the family has no right to it on the day*; what is missing: carectl household why HOUSEHOLD CLAUSE --on DAY"
            )
        case .handOutItems:
            (
                "物品要至少一种，每种只写一次，数量 1 至 999*，请核对",
                "state at least one kind of goods, each once, 1 to 999 of it*; check them"
            )
        case .handOutReceiver:
            (
                "代收人不能是本户成员，且须写明姓名*；成员签收的不写关系",
                "somebody else who took the goods needs a name and is no member*; leave the relation out for a member"
            )
        case .handOutOffice:
            (
                "实物发放由主管部门、村（居）、乡镇（街道）或卫生健康（人口计生）部门登记*，请用其中一个部门的密钥",
                "hand-outs are recorded by the clause's department, the village, the township or the family-planning authority*; "
                    + "use a key of one of them"
            )
        default: nil
        }
    }
}

extension Refusal.Reason {
    /// What to say of who may state what of a family; nil for other reasons. The star is the detail.
    var rightsTexts: (chinese: String, english: String)? {
        switch self {
        case .factOwner:
            (
                "这项事实不由您的部门登记*；请把情况和材料告诉登记的部门，由它登记",
                "the fact is not stated by your department*; give what you know, with its papers, to a department that states it"
            )
        case .fileOwner:
            (
                "建档、迁移、销档、并户、分户和家庭成员的变动由管档案的部门登记*；请告诉它，由它登记",
                "opening, moving, closing, merging and splitting a file, and who belongs to the family, is with those who keep the "
                    + "files*; tell them"
            )
        case .factKept:
            (
                "这一项对您的部门不公开，不能登记、更正、撤回*",
                "this is kept from your department, which neither states nor corrects nor withdraws it*"
            )
        case .accountPayer:
            (
                "登记收款账户的人不办发放，办发放的人不登记收款账户*；请换另一个人办理",
                "who states where a family's money goes does not send it, and who sends it does not state that*; somebody else "
                    + "has to do it"
            )
        case .institutionUnnamed:
            (
                "代缴、代办的钱付给机构，不进家庭的账户；这个机构这些月份的收款账户编号还没有登记，这几笔没有送银行*。按地方给出的参数用 "
                    + "rules set-parameter 设定（--for 区划，--from 不晚于要付的月份），每人各有机构的用 state_fact 登记（从哪天起，不晚于"
                    + "要付的月份），再次 pay export；其余的照送",
                "this money goes to an institution in place of the person, and to no account of the family; nobody has named the "
                    + "institution's account for these months yet, so these lines are not sent to the bank*. Set the parameter for "
                    + "the place (rules set-parameter, --for DIVISION, --from no later than the months), or state the fact of each "
                    + "person from such a day, and export again; nothing else waits for it"
            )
        case .planItemOwner:
            (
                "这一项帮扶计划不由您的部门承办*；请由承办的部门或人口计生（卫生健康）部门报完成",
                "the item of the plan is with another department*; that one, or the family-planning authority, says that it is done"
            )
        default: nil
        }
    }
}

extension Refusal.Reason {
    /// What to say of incidents, guardians, helpers and closings as they are written down; nil for reasons that have nothing
    /// to do with them. The star is the detail.
    var recordTexts: (chinese: String, english: String)? {
        switch self {
        case .incidentReported:
            (
                "这起事件已经登记*，一起事件只登记一次；受害人、日期有误或要补充的，请更正那一条",
                "the incident is on record already*, and is recorded once; correct that entry to add or change anything"
            )
        case .incidentAlike:
            (
                "同一天同一人已登记过一起事件*，请核对是不是同一起；重复的请撤回",
                "an incident of that day with the same person is on record*; withdraw this one if it is the same"
            )
        case .incidentBeforeFile:
            (
                "事件早于建档之日*，请核对日期；日期无误则不必处理",
                "the incident is earlier than the file*; check its day, and leave it if it is right"
            )
        case .deathUnrecorded:
            (
                "突发事件记有人死亡*，而去世还没有登记：登记之前按在世计算，也不据此认定失独。请登记去世（record_death），"
                    + "写明去世之日，并附证明",
                "an accident says that somebody died of it*, and the death is not on record: until it is they count as living, "
                    + "and no bereavement follows. Record it (record_death) with its day and what certifies it"
            )
        case .payeeDeathUnrecorded:
            (
                "突发事件记一笔的受益人（或收款人）死亡，而去世还没有登记*：登记之前按在世计发。请先核实，登记去世（case death）以后"
                    + "多于应发的不送银行，已发的待人决定追回",
                "an accident says that the person of a line, or to whose account it goes, died, and the death is not on record*: until "
                    + "it is they are paid as living. Find out first; once it is recorded (case death) what is more than due is not "
                    + "sent, and what was paid waits for a decision to take it back"
            )
        case .adoptionUndated:
            (
                "收养子女没有登记收养日期*：登记以前，不知道家庭哪一天收养，是否仍属失独、伤残待补。请登记收养（record_adoption），"
                    + "写明收养之日和收养的子女",
                "an adopted child has no day of adoption on record*: until it has, nobody knows since when the family is one that "
                    + "adopted, and whether it is bereaved or has a disabled only child stays open. Record the adoption "
                    + "(record_adoption) with its day and the child"
            )
        case .adoptedChildDied:
            (
                "去世的是收养子女，本户没有登记独生子女*：不据此认定失独。依法收养的唯一子女按独生子女认定的，请把身份更正为独生子女",
                "who died is an adopted child, and the family has no only child on record*: no bereavement follows. Where the "
                    + "only child, lawfully adopted, counts as the only child, correct the role to only child"
            )
        case .needsWithdrawn:
            (
                "当次走访时提出、还没有人答复的需求一并撤回*；确有其事的请重新登记",
                "the needs found at the visit that nobody has answered are withdrawn with it*; raise them again where they are "
                    + "real"
            )
        case .needsLeft:
            (
                "当次走访时提出的这些需求已有答复、已办结或改过日期，仍保留*，注明走访记录已撤回；有误的请逐条撤回",
                "these needs found at the visit are answered, closed or on another day, and stay*, marked as of a withdrawn "
                    + "visit; withdraw each that is wrong"
            )
        case .guardianNamer:
            ("这个单位不能指定监护人*，请改为规定的单位", "this body may not name a guardian*; name one of those that may")
        case .guardianRelation:
            ("监护人与本人的关系不在规定之内*，请改填规定的关系", "the guardian's relation is none of those provided for*; state one of them")
        case .guardianScope:
            ("监护职责不在规定之内*，请改填规定的职责", "the guardian's duty is none of those provided for*; state one of them")
        case .helperAlike:
            (
                "同名、同电话（或同单位）的人已在本户另一个结对岗位上*，视为同一人，不能兼任；确是两个人的，请填写各自的电话或单位",
                "somebody of this name and telephone (or unit) holds another pairing slot of the family* and counts as the same "
                    + "person; give each their own telephone or unit if they are two"
            )
        case .helperUntold:
            (
                "结对人是谁一点也没有写*：编号本身不说明是谁，请写明姓名、单位、联系方式（carectl pairing assign 户 类别 --name 姓名 "
                    + "--unit 单位 --phone 电话）",
                "nothing is said of who the helper is*: an id alone says nothing; give name, unit and contact (carectl pairing "
                    + "assign HOUSEHOLD KIND --name NAME --unit UNIT --phone PHONE)"
            )
        case .helperInSlot:
            (
                "同名的人已在这一结对岗位上*，单位、电话也没有对不上的，视为同一人，不能再占一份；确是两个人的，请填写各自的电话或单位",
                "somebody of this name holds the slot* already, with no other unit or telephone, and counts as the same person, who "
                    + "cannot hold it twice; give each their own telephone or unit if they are two"
            )
        case .handoverToSelf:
            (
                "接任的就是现任的人*（同一编号，或同名而单位、电话没有对不上的），不成其为交接；确是两个人的，请填写各自的电话或单位。"
                    + "同一人有两个编号要并成一个的，从结对起始之日起交接（--on 起始日）",
                "the successor is the present helper* (the same id, or the same name with no other unit or telephone): that is no "
                    + "handover. Give each their own telephone or unit if they are two; to make one of two ids hand over from the "
                    + "day on which the pairing began (--on)"
            )
        case .successorInSlot:
            (
                "接任的人已在这一结对岗位上*，交接会使同一人占两份；前任离任的，请结束前任的结对（carectl pairing end 户 类别 --from 前任编号）",
                "the successor holds this slot already* and would hold it twice; where the other one leaves, end that pairing "
                    + "(carectl pairing end HOUSEHOLD KIND --from ID)"
            )
        case .helperIncomplete:
            (
                "帮扶人资料不全*：实名制要求姓名、单位、联系方式，这一岗位不算空缺，也不计入结对齐全。补齐时对同一帮扶人再登记一次结对，"
                    + "写上所缺的即可（carectl pairing assign 户 类别 --name 姓名 --unit 单位 --phone 电话），不必先结束",
                "the helper's details are incomplete*: real names ask for name, unit and contact, and until then the slot is neither "
                    + "empty nor counted as filled. Assign the same helper again with what is missing (carectl pairing assign "
                    + "HOUSEHOLD KIND --name NAME --unit UNIT --phone PHONE); nothing has to be ended first"
            )
        case .helperCompleted:
            (
                "同名的人已在这一岗位上*，资料不全：视为同一人，资料已补上；确是另一个人的，请撤回本条，再写明两人各自的单位或电话",
                "somebody of this name holds the slot* with details lacking and counts as the same person, whose details are added; "
                    + "if they are two, withdraw this and give each their own unit or telephone"
            )
        case .closedWithOpen:
            (
                "档案已销，但还有没办完的*；请逐项了结：申请撤回或不予通过，帮扶计划登记完成，销档以后也可以办",
                "the file is closed with something still open in it*; end each: withdraw or reject the applications, record the "
                    + "plan items as done, which can be done in the closed file, too"
            )
        default: nil
        }
    }
}

extension Refusal.Reason {
    /// What to say of people as they are written down: who they are and what can be true of them; nil for other reasons.
    /// The star is the detail.
    var memberTexts: (chinese: String, english: String)? {
        switch self {
        case .roleSex:
            (
                "身份与性别不一致*：妻子为女，丈夫为男；请核对身份、性别和身份证号",
                "the role disagrees with the sex*: a wife is female, a husband male; check role, sex and ID number"
            )
        case .afterDeath:
            (
                "此人已于当时之前去世*，去世之后不能再有这一项；去世之前的照常登记，死亡日期有误的请先更正",
                "the person had died by then*, and this can be true of the living only; what was true before the death is "
                    + "taken, and a wrong day of death is to be corrected first"
            )
        case .membersLive:
            (
                "本户还有在世的成员*，不能以“已无成员”停用档案；请登记实际原因",
                "there are living members*, so the file cannot be closed for want of any; state the actual reason"
            )
        case .archiveNumberTaken:
            (
                "这个档案号已归本县另一户*，请核对是不是同一户；不是的另编一个号",
                "another family of the county has this archive number*: check whether it is the same family, and give this one "
                    + "another number if not"
            )
        case .backAsKnown:
            (
                "用的是以前离开的成员的编号，所填与档案里此人的情况不一致，或者核对不了*：此人确又回来的，只填成员编号和身份，"
                    + "姓名、身份证号等档案里已有，不再填；有误的另作更正；是另一个人的不用这个编号",
                "the id is that of a member who left, and what is said does not agree with what is on record of them, or cannot be "
                    + "compared*: of who came back give id and role alone, the rest is on record; correct separately what is wrong "
                    + "there; somebody else has another id"
            )
        case .adoptedParent:
            (
                "被收养的是子女，不是这户的父母*：请核对成员编号",
                "an adopted person is a child and no parent of the family*: check the person id"
            )
        case .numberOfResidence:
            (
                "居住地变了，档案号不变*：档案归户籍所在的县（市、区）；户籍迁移（kind: registration）才带新的档案号",
                "a change of residence brings no archive number*: the file is kept by the county of registration, and a move of the "
                    + "registration (kind: registration) brings its number"
            )
        case .numberOfCounty:
            (
                "本县（市、区）已给过这一户档案号*，县内迁移不换号；号码录错的，更正给号的那一条",
                "the county has given this family an archive number*, which a move within the county does not change; correct the "
                    + "entry that gave it where it is wrong"
            )
        case .personTwice:
            (
                "与本户另一名成员*同姓名，性别、出生日期也没有不同，是同一个人：身份变了的（再婚、离婚），登记信息变更（change_person_details）"
                    + "改身份，不另加一人；确是两个人的，写明两人的身份证号",
                "another member of this family* has the same name, and neither sex nor birth date differs: it is one person. Record another role "
                    + "(after a marriage or divorce) as a change of details (change_person_details), not as another person; "
                    + "if they are two people, give the ID numbers of both"
            )
        case .namesakeElsewhere:
            (
                "另一户*已有同姓名、同一天出生的人。是同一家的（迁到另一县、换了档案号的也是），不要再建一户：写明那一户的户编号（名册的户编号栏），"
                    + "或先与办理那一户的单位核对；是从那一户离开、来本户的，先在那一户登记离开（carectl case leave）；确是另一个人的，写明两人的身份证号，或说明理由（名册的“同名同日另有其人”一栏；"
                    + "命令里 namesake 写 true，text 写理由）",
                "in another household* somebody of the same name and birth date is on record. If it is the same family, also one "
                    + "that moved to another county and has a new archive number, do not register it again: give that household's id (in a roster the column 户编号), or check first with the office "
                    + "that keeps it. Who left that family for this one is recorded there first as having left (carectl case leave). "
                    + "If it is somebody else, give the ID numbers of both or say why you are sure (in a roster the "
                    + "column 同名同日另有其人; in a command namesake true and the reason as text)"
            )
        case .namesakeWithoutReason:
            (
                "说这是另一个人，请写明理由（text）*：为什么确定不是别户同姓名、同一天出生的那个人",
                "who says that this is another person states the reason (text)*: why it is not the one of the same name and birth "
                    + "date in another household"
            )
        case .mayBeLaterChild:
            (
                "本户按失独（伤残）计，而有一名其他成员*的年龄像是这对父母的子女。是再生育的，或是独生子女的双胞胎：请登记生育"
                    + "（record_birth；名册的身份填再生育子女、双胞胎子女）；是收养的，身份改为收养子女；是孙辈或其他亲属的不必处理",
                "the family counts as one whose only child died or is disabled, and another member* is of an age to be a child of "
                    + "these parents. If it is one, or a twin of the only child, record the birth (record_birth; in a roster the "
                    + "role 再生育子女 or 双胞胎子女); of somebody adopted change the role to adopted child; of a grandchild or another "
                    + "relative nothing is to be done"
            )
        case .bornBeforeOnlyChild:
            (
                "登记的生育早于独生子女出生*：再生育的子女比独生子女晚出生，双胞胎（多胞胎）至多隔一天；请核对两人的出生日期、谁是独生子女，"
                    + "有误的更正；独生子女以前已有子女的，这一户是不是独生子女家庭，请一并核对",
                "the birth on record lies before that of the only child*: a later child is younger, and twins are born within a day. "
                    + "Check both birth dates and who is the only child, and correct what is wrong; where there was a child "
                    + "before, check whether the family is one with an only child at all"
            )
        case .deathInName:
            (
                "姓名里写了“已故”之类*：姓名只写姓名，此人已故的登记去世（record_death）和去世之日，否则会按在世登记",
                "the name says that the person died*: write the name alone and record the death (record_death) with its day, or the "
                    + "person is on record as living"
            )
        case .spouseStays:
            (
                "身份是单亲父母，而档案里还有在世的配偶*，照样计算其待遇：离婚后离开的请登记离开（remove_person，carectl case leave）；"
                    + "没有离婚的，身份写妻子、丈夫",
                "the role is single parent, and a living spouse* is still on record, whose rights go on: if they left after a divorce "
                    + "record that (remove_person, carectl case leave); if not, the roles are wife and husband"
            )
        case .noName:
            (
                "写的不是姓名、单位或联系方式*：“无”“不详”或横线之类不登记；没有或不知道的请不填",
                "this is no name, unit or contact*: 无, 不详 or a stroke is not recorded; leave it out where there is none or it is not "
                    + "known"
            )
        case .noRulesHere:
            (
                "没有规则适用于这里*：本户不会有任何待遇，请核对区划代码，写错的请更正",
                "no rules apply in this place*: the family will have no rights; check the division code and correct it where wrong"
            )
        default: nil
        }
    }
}

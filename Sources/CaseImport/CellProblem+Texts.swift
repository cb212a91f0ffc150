extension CellProblem.Kind {
    /// What is wrong where cells disagree with each other, with other rows or with what is on record; nil for other kinds.
    func laterTexts(_ hint: String) -> (chinese: String, english: String)? {
        switch self {
        case .formTwice:
            (
                "与第 \(hint) 行是同一户、同一天、同一走访人的表，内容却不同；请只留一张，另一次走访请填当次的日期",
                "row \(hint) is a form of the same household, day and visitor and says something else; leave one of them, and "
                    + "give another visit its own day"
            )
        case .roleSex:
            (
                "与身份不一致：妻子为女，丈夫为男；请核对身份、性别和身份证号",
                "disagrees with the role: a wife is female, a husband male; check role, sex and ID number"
            )
        case .afterDeath:
            (
                "在此人去世（\(hint)）之后，去世之后不能再有这一项；请核对两个日期",
                "later than this person's death (\(hint)), after which this cannot be; check both days"
            )
        case .inFuture: ("在今天之后，请核对", "lies in the future; check it")
        case .unclearBelow:
            (
                "紧接其下的第 \(hint) 行没有填，又不像这一户的人；分不清之前整户不登记，请在那一行填写",
                "row \(hint) right below leaves it empty and does not fit into this family; the family is held back until it "
                    + "is filled in there"
            )
        case .answeredNeed:
            (
                "档案中这项需求已有答复或已办结，不能随表撤掉；请按原样填写",
                "this need is answered or closed on record and cannot go with the form; fill it in as it was"
            )
        case .changeNotLater:
            (
                "“变更”的日期（--on）要晚于表上的日期；这张表当时就填错了的，请用“更正”",
                "the day of a change (--on) is later than that of the form; a form that was wrong from the start is a correction"
            )
        case .archiveNumberTaken:
            ("与另一户（\(hint)）的档案号相同，请核对", "the archive number is that of another family (\(hint)); check it")
        case .othersNumber:
            (
                "是另一户（\(hint)）的人的身份证号，与所填的户编号不是同一户；请核对这两格，改正后再导入",
                "the ID number is somebody's of another family (\(hint)) than the household id; check both cells and import again"
            )
        case .notOfFamily:
            (
                "与这一户档案中的人都不符；请核对户编号、身份证号和姓名是不是同一户的，档案有误的先更正档案",
                "fits nobody on record in this family; check that household id, ID number and name mean one family, and put the "
                    + "record right first where it is wrong"
            )
        case .nameOrNumber:
            ("与身份证号是这一户的两个人；请核对姓名和身份证号", "name and ID number are two people of this family; check both")
        case .nameAlone:
            (
                "请填写户编号，或填写户主身份证号：只凭姓名、住址认不定是哪一户，同名的可能不止一户",
                "fill in the household id, or the head's ID number: a name or address does not say which family it is, for "
                    + "several may bear the name"
            )
        case .noFamilyThatDay:
            (
                "档案里看不出此人在表上那天（\(hint)）属于哪一户；请核对表上的日期，或填写户编号",
                "the record does not say in which family this person was on the day of the form (\(hint)); check the day, or fill in "
                    + "the household id"
            )
        case .severalCounties:
            (
                "几个县（市、区）都有这一档案号的户；请填写户编号，或填写区划代码",
                "families of several counties bear this archive number; fill in the household id, or the division code"
            )
        default: personTexts(hint) ?? familyTexts(hint) ?? contentTexts(hint)
        }
    }

    /// What is wrong where the rows mean other people than the record; nil for other kinds.
    private func personTexts(_ hint: String) -> (chinese: String, english: String)? {
        switch self {
        case .anotherPerson:
            (
                "与档案中的\(hint)不是同一姓名（或没有填姓名），身份证号、出生日期也对不上，像是另一个人。是另一个人的：原来的人先登记离开本户"
                    + "（carectl case leave），再导入；是同一人的：填上身份证号或出生日期，用“更正”（几项都录错的，先更正号码，再更正姓名）",
                "the name is another than that of the \(hint) on record, or is not given, and neither ID number nor birth date "
                    + "is the same: it looks like another person. If it is, record first that the former one left (carectl "
                    + "case leave) and import again; if it is the same, fill in the ID number or birth date and import as a "
                    + "correction (the number first, then the name, where both were wrong)"
            )
        case .notWhoDied:
            (
                "与档案中已故的\(hint)不是同一姓名（或没有填姓名），身份证号、出生日期也对不上，像是另一个人，不能记在已故的人名下。是另一个孩子的，身份填"
                    + "再生育子女、双胞胎子女、收养子女或其他；是再婚的配偶，用“变更”（--as change --on 加入之日）导入；是已故的本人、"
                    + "录错了的，填上死亡日期和身份证号或出生日期，用“更正”",
                "the name is another than that of the \(hint) on record, who died, or is not given, and neither ID number nor "
                    + "birth date is the same: it looks like another person, who cannot be recorded under the name of the dead. "
                    + "Another child has the role 再生育子女, 双胞胎子女, 收养子女 or 其他; whom a widowed parent married is imported "
                    + "as a change (--as change --on the day of joining); if it is the one who died and was mistyped, fill in the "
                    + "day of death and the ID number or birth date, and import as a correction"
            )
        case .hasLeft:
            (
                "此人已于 \(hint) 登记离开本户；表格没有更新的，删去这一行；确又回到本户的，用命令 add_person 登记",
                "this person is on record as having left the family on \(hint): take the row out if the table was not brought up "
                    + "to date, or record with the command add_person that the person came back"
            )
        case .bornAfterFile:
            (
                "在建档日期（\(hint)）之后出生，建档那天还不在本户。先去掉这一行导入，建档以后再连同这一行用“变更”导入"
                    + "（--as change --on 出生日期）；建档日期填错的，请改",
                "born after the day of the file (\(hint)), on which the person was not in the family yet: import without this row "
                    + "first, and once the family is registered again with it as a change (--as change --on the birth date); put "
                    + "the day of the file right where it is wrong"
            )
        case .familyTwice:
            (
                "与第 \(hint) 行起的一户是同样的人（姓名、出生日期都相同）；一户只能登记一次，请删去一户；确是不同的人，填上各人的身份证号，"
                    + "或在“同名同日另有其人”一栏写明理由",
                "the family from row \(hint) on has the same people (names and birth dates): a family is registered once; take one "
                    + "out; where they are other people fill in the ID numbers of all, or the reason in the column 同名同日另有其人"
            )
        default: nil
        }
    }

    /// What is wrong where it is not clear whose family the rows are, or where it is kept; nil for other kinds.
    private func familyTexts(_ hint: String) -> (chinese: String, english: String)? {
        switch self {
        case .numberOfNewCounty:
            (
                "与档案中的档案号不同，而那个号是迁来以前的县给的：是现在的县给的号，同一行填上区划代码，再用“变更”导入"
                    + "（--on 给号之日）；是原来的号录错了，用“更正”",
                "another archive number than on record, which was given by the county from which the family came: if it is the "
                    + "present county's, fill in the division code beside it and import as a change (--on the day it was given); "
                    + "if the former one was mistyped, import as a correction"
            )
        case .memberElsewhere:
            (
                "此人登记在另一户（\(hint)）。离婚、再婚的，先在那一户登记此人离开（carectl case leave）；其实是同一户的，填写户编号",
                "this person is on record in another family (\(hint)). After a divorce record there first that the person left "
                    + "(carectl case leave); if it is the same family, fill in its household id"
            )
        case .besideAnother:
            (
                "没有写是哪一户，这一行会单独成为一户，而第 \(hint) 行像是同一户的；请添上“户标识”一列（一户的各行写同样的，"
                    + "一人一户的写各自的），再导入",
                "no row says to which family it belongs: this one would be a family of its own, while row \(hint) may be of the "
                    + "same. Add the column 户标识, the same on all rows of a family, and import again"
            )
        case .divisionLater:
            (
                "建档那天还没有这个区划代码（\(hint)）：先填建档当天所在县（市、区）的代码导入，建档以后再改填现在的代码，"
                    + "用“变更”导入（--on 启用之日）",
                "there was no such division code yet on the day of the file (\(hint)): import first with the code of the county of that "
                    + "day, then fill in today's and import as a change (--on the day from which it is used)"
            )
        default: nil
        }
    }

    /// What is wrong with what one cell holds; nil for other kinds.
    private func contentTexts(_ hint: String) -> (chinese: String, english: String)? {
        switch self {
        case .noSuchDay: ("没有这一天：\(hint)", "there is no such day: \(hint)")
        case .tooLong: ("太长，最多约 \(hint) 个汉字；请写短些", "too long: at most about \(hint) Chinese characters; shorten it")
        case .noSuchDivision:
            (
                "没有这个区划代码，或建档当日不在用\(hint)；请核对",
                "no such division code, or not in use on the day of the file\(hint); check it"
            )
        case .deathInName:
            (
                "写了“已故”之类；姓名只写姓名，去世的填“死亡日期”一格（没有这一列的请添上），否则会按在世登记",
                "says that the person died; write the name alone and fill in 死亡日期 (add the column where there is none), or the "
                    + "person is recorded as living"
            )
        case .formula:
            (
                "这里是公式或公式的错误，不是内容；请在表格软件里改成内容（复制后“选择性粘贴为数值”）再另存",
                "a formula or its error stands here; put the content in its place (copy, then paste as values) and save again"
            )
        case .noReason:
            (
                "请写明为什么确定是另一个人（至少四个字，例如“已与那一户核对，是两个人”）；没有这种情况的请留空",
                "say why you are sure that it is another person, in four Chinese characters or more; leave it blank where that is "
                    + "not so"
            )
        case .placeholder:
            (
                "写的是“无”“不详”“同上”或横线之类，不是内容；没有或不知道的请留空，与上一行相同的请照填",
                "says 无, 不详, 同上 or a stroke; leave it blank where there is none or it is not known, and fill it in where "
                    + "it is as above"
            )
        default: nil
        }
    }
}

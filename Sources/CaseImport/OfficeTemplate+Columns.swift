extension OfficeTemplate {
    /// What may stand in a column, and what it means.
    package struct Column: Hashable, Sendable {
        package let heading: String
        /// Words to choose from, or the form of the value.
        package let allowed: CellHint
        /// Empty where the heading says it all.
        package let meaning: CellHint
    }

    /// The columns in order, explained.
    package var columns: [Column] {
        switch self {
        case .roster: RosterColumn.allCases.map(Self.column)
        case .visit: Self.visitColumns
        }
    }

    // MARK: Roster

    private static func column(_ column: RosterColumn) -> Column {
        Column(heading: column.heading, allowed: column.form.hint, meaning: column.meaning)
    }

    // MARK: Needs form

    private static var visitColumns: [Column] {
        let agree = CellHint(
            "户编号、身份证号至少填一项；填了的户编号、身份证号、姓名须是同一户的",
            "household id or ID number is needed; those filled in and the name must mean one family")
        return [
            Column(heading: NeedsForm.householdHeading, allowed: .householdID, meaning: agree),
            Column(heading: NeedsForm.headNumberHeading, allowed: CellForm.idNumber.hint, meaning: agree),
        ] + NeedsForm.fields.map { Column(heading: $0.label, allowed: $0.kind.hint, meaning: CellHint("", "")) }
    }
}

extension CellForm {
    fileprivate var hint: CellHint {
        switch self {
        case .text, .reason, .unit, .name: CellHint("文字", "text")
        case .label: CellHint("任意编号", "any label")
        case .number: CellHint("号码，列设为文本格式", "a number, in a column of text")
        case .day: .day
        case .household: .householdID
        case .division: .division
        case .idNumber: CellHint("18 位身份证号，列设为文本格式", "an ID number of 18 digits, in a column of text")
        case .words(let words): CellHint(same: words.map(\.chinese).joined(separator: "、"))
        }
    }
}

extension NeedsForm.Kind {
    fileprivate var hint: CellHint {
        switch self {
        case .date: .day
        case .text, .signature: CellHint("文字", "text")
        case .integer: CellHint("0 至 30 的整数", "a whole number from 0 to 30")
        case .choice: CellHint(same: "失独、残疾")
        case .yesNo: CellHint("是、否；空白或不详 = 没有问到", "是 (yes), 否 (no); blank or 不详 = not asked")
        case .choiceText: CellHint("无，或写明困难", "无 (none), or words")
        case .needItems:
            CellHint("无、1 至 99 的整数，或逐项写明，用、隔开", "无 (none), a whole number from 1 to 99, or items parted by 、")
        }
    }
}

extension RosterColumn {
    fileprivate var meaning: CellHint {
        switch self {
        case .familyLabel: CellHint("表内同一户的各行写同样的标识", "the same on all rows of one family of the file")
        case .householdID: CellHint("已建档的户才有；新户留空", "of a family on record; blank for a new one")
        case .archiveNumber:
            CellHint(
                "本县内不重复；一张表里几个县用同一号的，另填户标识",
                "unique within the county; where counties of one file share one, fill in 户标识 as well")
        case .registeredOn: CellHint("空白 = 导入当天", "blank = the day of the import")
        case .division: CellHint("必填；户籍所在", "needed; where the family is registered")
        case .role:
            CellHint(
                "必填；夫妻再生育的写再生育子女，独生子女的双胞胎（多胞胎）写双胞胎子女，都要有出生日期：登记为生育，家庭从那天起不是"
                    + "失独、伤残；孙辈和其他亲属写其他",
                "needed; a child born to the couple later is 再生育子女, a twin of the only child 双胞胎子女, both with the birth date: "
                    + "recorded as a birth, from which day the status 失独 or 伤残 ends; grandchildren and other relatives are 其他"
            )
        case .name: CellHint("姓名、身份证号至少填一项", "name or ID number is needed")
        case .namesake:
            CellHint(
                "别户已有同姓名、同一天出生的人、而这确是另一个人的，写明为什么确定；其余留空",
                "where somebody of the same name and birth date is on record in another family and this is somebody else: why you "
                    + "are sure; otherwise blank")
        case .childStatus:
            CellHint("独生子女的状况；填死亡须有死亡日期，填伤残须有残疾等级", "of the only child; dead needs its day, disabled its grade")
        case .diedOn: CellHint("去世当天；填在去世者自己的一行", "the day of death, in the row of who died")
        case .adoptedOn:
            CellHint(
                "收养当天；填在收养子女自己的一行，不填则是否仍属失独、伤残待补",
                "the day of the adoption, in the adopted child's row; while it is blank the status of the family is open"
            )
        case .validThrough: CellHint("证上的最后一天，当日仍有效", "last day of the certificate, on which it still counts")
        case .onlyChildFamilyThrough, .oneDaughterThrough, .oneSonThrough:
            CellHint(
                "最后一天，当日仍算；空白 = 长期。证明到期后看名册：仍只登记一个独生子女、没有再生育收养的仍算",
                "last day of the certificate, included; blank = without end. After it the roll says: with one only child and no later "
                    + "birth or adoption the family still counts")
        case .specialFamilyThrough:
            CellHint(
                "最后一天，当日仍算；空白 = 长期。认定到期后看名册：独生子女死亡或持残疾证、没有再生育收养的仍算",
                "last day of the confirmation, included; blank = without end. After it the roll says: with the only child dead or "
                    + "certified disabled and no later birth or adoption the family still counts")
        case .specialAssistanceFrom: CellHint("享受国家特别扶助的第一天", "first day of the national special assistance")
        default: dayMeaning
        }
    }

    private var dayMeaning: CellHint {
        if heading.hasSuffix("止") {
            return CellHint(
                "最后一天，当日仍算；空白 = 长期。填了止，起也要填", "last day included; blank = without end. Needs the column 起")
        }
        if heading.hasSuffix("起") { return CellHint("第一天，当日算起", "first day included") }
        return CellHint("", "")
    }
}

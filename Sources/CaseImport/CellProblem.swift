import OfficeFiles

/// What is wrong with one cell or row of an office table, where, and what to do.
///
/// The texts never repeat what stands in the cell, which may be a name or an ID number.
package struct CellProblem: Error, Hashable, Sendable {
    /// The kinds of problem. The raw value is the stable number in `CARE-nnnn`.
    package enum Kind: Int, CaseIterable, Sendable {
        /// What should say why somebody is another person says no more than yes or no.
        case noReason = 1811
        /// A formula, or what a spreadsheet shows where one has no result.
        case formula = 6338
        /// 无, 不详, 同上 or a stroke where a name, a number or a day belongs.
        case placeholder = 6339
        /// Somebody of a new family was born after the day of its file.
        case bornAfterFile = 6340
        /// Another family of the file has the same people.
        case familyTwice = 6351
        /// In which family the head of a form was on its day is not on record.
        case noFamilyThatDay = 6354
        /// The same of somebody who died: nobody has to leave, and nobody takes their place.
        case notWhoDied = 6352
        /// The row itself cannot be read; `file` says why.
        case brokenRow = 7200
        case missingColumn = 7201
        case missingValue = 7202
        case wrongForm = 7203
        case unknownWord = 7204
        case idNumber = 7205
        case idNumberDisagrees = 7206
        case damagedNumber = 7207
        case contradicts = 7208
        case repeatedPerson = 7209
        case repeatedRole = 7210
        case notFindable = 7211
        case unknownHousehold = 7212
        case severalHouseholds = 7213
        case onlyCorrection = 7214
        case needsDay = 7215
        case notVisible = 7216
        case closedHousehold = 7217
        case dayOrder = 7218
        case similarHousehold = 7219
        case staleDay = 7220
        case noFamilyKey = 7221
        case recordedDead = 7222
        /// A parent's row gives a day of death while nothing says how the child is: most often it is the child's day.
        case parentOrChildDied = 7223
        /// Two forms of one household, day and visitor say different things.
        case formTwice = 7240
        case roleSex = 7241
        case afterDeath = 7242
        case inFuture = 7243
        /// A row right below the family says of no family that it is in it, and cannot be in this one.
        case unclearBelow = 7244
        case answeredNeed = 7245
        case changeNotLater = 7246
        case archiveNumberTaken = 7247
        /// The ID number of a form is somebody's of another family than its household id.
        case othersNumber = 7266
        /// What a form says of its head fits nobody of the family.
        case notOfFamily = 7267
        /// Name and ID number of a form belong to two people of the family.
        case nameOrNumber = 7268
        /// Written as a day, and there is none such: 29 February of a common year.
        case noSuchDay = 7273
        /// A form says whose it is by a name, or not at all.
        case nameAlone = 7290
        /// Families of several counties bear the archive number, and the rows name no county.
        case severalCounties = 7291
        /// More than the record holds.
        case tooLong = 7292
        /// The code is of a city that the table of divisions holds, and not in it on the day.
        case noSuchDivision = 7293
        /// 已故 or the like stands beside the name.
        case deathInName = 7295
        /// The person is on record as having left the family.
        case hasLeft = 7296
        /// Another number than the one that the former county gave, and the rows do not say which county gives it.
        case numberOfNewCounty = 7297
        /// Name and ID number are others than those of whoever has this role in the family.
        case anotherPerson = 7298
        /// Somebody of the rows is on record in another family.
        case memberElsewhere = 7299
        /// No row says to which family it belongs, and one beside it may be of the same.
        case besideAnother = 7301
        /// The code came into use after the day of the file.
        case divisionLater = 7302
    }

    package let kind: Kind
    /// Row as a spreadsheet program numbers it.
    package let row: Int
    /// Column from 1; nil when the row is meant.
    package let column: Int?
    /// Heading of the column.
    package let heading: String?
    /// What should stand there: words to choose from, or another heading.
    package let hint: CellHint?
    /// The problem of the row as text.
    package let file: FileProblem?

    init(
        _ kind: Kind, row: Int, column: Int? = nil, heading: String? = nil, hint: CellHint? = nil,
        file: FileProblem? = nil
    ) {
        self.kind = kind
        self.row = row
        self.column = column
        self.heading = heading
        self.hint = hint
        self.file = file
    }

    /// Stable code, for example `CARE-7205`.
    package var code: String { file?.code ?? "CARE-\(kind.rawValue)" }

    /// Where and what, in Chinese, without the code.
    package var chinese: String {
        if let file { return file.chinese }
        return "第 \(row) 行" + (column.map { " \(FileProblem.columnLetters($0)) 列" } ?? "") + " " + chineseReason
    }

    /// What is wrong, in Chinese, without the row: for the column 原因 of the rejected rows.
    package var chineseReason: String {
        let hint = hint?.chinese ?? ""
        let what =
            switch kind {
            case .brokenRow: "这一行无法读取"
            case .missingColumn: "表头缺少这一列"
            case .missingValue: "必须填写" + (hint.isEmpty ? "" : "（\(hint)）")
            case .wrongForm: "格式不对，应为\(hint)"
            case .unknownWord: "只能填：\(hint)"
            case .idNumber: "身份证号不正确" + (hint.isEmpty ? "" : "：\(hint)") + "，请逐位核对"
            case .idNumberDisagrees: "与身份证号不一致"
            case .damagedNumber: hint
            case .contradicts: "与同一户其他行或“\(hint)”矛盾"
            case .repeatedPerson: "与第 \(hint) 行的身份证号相同；一人只能有一行，请核对"
            case .repeatedRole: "同一户有两名这一身份的成员，另一名在\(hint)"
            case .notFindable: "新户至少要有一个身份证号或档案号，否则以后认不出这一户"
            case .unknownHousehold: "没有这一户档案，或不在您的辖区"
            case .severalHouseholds:
                "这些成员登记在不同的户（\(hint)），请先核对；离婚、再婚的，先在原来的户登记离开（carectl case leave）"
            case .onlyCorrection: "已有不同内容，只能用“更正”方式修改"
            case .needsDay: "请填写“\(hint)”"
            case .notVisible: "要看得到档案中原来的内容才能办，您无权查看；请有 reveal 权限的人办理，或用“变更”方式登记"
            case .closedHousehold: "该户档案已停用（\(hint)）"
            case .dayOrder: "日期先后矛盾" + (hint.isEmpty ? "" : "：\(hint)")
            case .staleDay: "还是原来内容的日期；请填变更的日期，或先清空这一格（以 --on 为准）"
            case .noFamilyKey: "空白：表中其他行填了，这一行也要填（合并单元格只保留第一行的内容，请取消合并后逐行填写）"
            case .recordedDead: "档案记此人已去世，只有撤回死亡登记才能改；表格有误请改正这一格"
            case .similarHousehold: "档案中已有姓名、身份都相同的一户（\(hint)）。同一户请填写户编号，不是同一户请先核对"
            case .parentOrChildDied:
                "填在父母一行，会登记为此人去世，而表中和档案都没有说明子女的状况。若去世的是子女，请把日期移到子女一行；"
                    + "若确是此人，请在子女一行填写“子女状况”（没有子女一行的请添上）"
            case .formTwice, .roleSex, .afterDeath, .inFuture, .unclearBelow, .answeredNeed, .changeNotLater,
                .archiveNumberTaken, .othersNumber, .notOfFamily, .nameOrNumber, .noSuchDay,
                .nameAlone, .noFamilyThatDay, .severalCounties, .tooLong,
                .noSuchDivision, .deathInName, .anotherPerson, .notWhoDied, .memberElsewhere, .hasLeft,
                .numberOfNewCounty, .besideAnother, .divisionLater,
                .bornAfterFile, .familyTwice, .formula, .noReason,
                .placeholder:
                kind.laterTexts(hint)?.chinese ?? ""
            }
        return (heading.map { "\($0)：" } ?? "") + what
    }

    /// Where and what, in English, without the code.
    package var english: String {
        if let file { return file.english }
        return "row \(row)" + (column.map { ", column \(FileProblem.columnLetters($0))" } ?? "") + " " + englishReason
    }

    /// What is wrong, in English, without the row.
    package var englishReason: String {
        let hint = hint?.english ?? ""
        let what =
            switch kind {
            case .brokenRow: "the row cannot be read"
            case .missingColumn: "the heading lacks this column"
            case .missingValue: "a value is needed" + (hint.isEmpty ? "" : " (\(hint))")
            case .wrongForm: "wrong form; expected \(hint)"
            case .unknownWord: "one of: \(hint)"
            case .idNumber:
                "the ID number is wrong" + (hint.isEmpty ? "" : ": \(hint)") + "; check it digit by digit"
            case .idNumberDisagrees: "disagrees with the ID number"
            case .damagedNumber: "the spreadsheet damaged the number; make the column text and type it again"
            case .contradicts: "contradicts another row of the family or \(hint)"
            case .repeatedPerson: "the same ID number as in row \(hint); a person has one row, check them"
            case .repeatedRole:
                "two members of the family have this role, the other in \(hint)"
            case .notFindable: "a new family needs an ID number or an archive number to be found again"
            case .unknownHousehold: "no such household, or outside your division"
            case .severalHouseholds:
                "these members are registered in different households (\(hint)): check them; after a divorce or marriage record "
                    + "in the former one that the person left (carectl case leave)"
            case .onlyCorrection: "something else is on record; it can only be changed as a correction"
            case .needsDay: "fill in \(hint)"
            case .notVisible:
                "this needs to see what is on record, which you may not; ask somebody with the right reveal, or record it as "
                    + "a change"
            case .closedHousehold: "the household's file is closed (\(hint))"
            case .dayOrder: "the days contradict each other" + (hint.isEmpty ? "" : ": \(hint)")
            case .staleDay:
                "still the day of what was there before; fill in the day of the change, or clear the cell (then --on counts)"
            case .noFamilyKey:
                "empty, although other rows fill it in; so must this one (merged cells keep their content in the first row "
                    + "only: unmerge them and fill in each row)"
            case .recordedDead:
                "this person's death is on record; only withdrawing it can change that. If the table is wrong, put the cell right"
            case .similarHousehold: "a family with the same names and roles is on record (\(hint)); fill in its id"
            case .parentOrChildDied:
                "it stands in a parent's row, so this person would be recorded as dead, while neither the table nor the archive "
                    + "says how the child is. If the child died, move the day to the child's row; if it is this person, fill in "
                    + "子女状况 in the child's row (add one where there is none)"
            case .formTwice, .roleSex, .afterDeath, .inFuture, .unclearBelow, .answeredNeed, .changeNotLater,
                .archiveNumberTaken, .othersNumber, .notOfFamily, .nameOrNumber, .noSuchDay,
                .nameAlone, .noFamilyThatDay, .severalCounties, .tooLong,
                .noSuchDivision, .deathInName, .anotherPerson, .notWhoDied, .memberElsewhere, .hasLeft,
                .numberOfNewCounty, .besideAnother, .divisionLater,
                .bornAfterFile, .familyTwice, .formula, .noReason,
                .placeholder:
                kind.laterTexts(hint)?.english ?? ""
            }
        return (heading.map { "\($0): " } ?? "") + what
    }
}

extension CellProblem: CustomStringConvertible {
    package var description: String { "\(code) \(chinese)" }
}

import CareDomain
import CareWire

/// The columns of the roster, in the order of the template; the raw value is the heading.
package enum RosterColumn: String, Hashable, Sendable, CaseIterable {
    // Which family, and what is true of it; the same on every row of the family, or on one of them.
    case familyLabel = "户标识"
    case householdID = "户编号"
    case archiveNumber = "档案号"
    case registeredOn = "建档日期"
    case division = "区划代码"
    case area = "城乡"
    // The member.
    case name = "姓名"
    case role = "身份"
    case sex = "性别"
    case idNumber = "身份证号"
    case birthDate = "出生日期"
    case namesake = "同名同日另有其人"
    case phone = "联系电话"
    case address = "住址"
    case childStatus = "子女状况"
    case diedOn = "死亡日期"
    case adoptedOn = "收养日期"
    case disabilityGrade = "残疾等级"
    case disabilityKind = "残疾类别"
    case disabilityNumber = "残疾证号"
    case assessedOn = "残疾评定日期"
    case validThrough = "残疾证有效期"
    case employerKind = "单位性质"
    case careDependency = "失能程度"
    case careDependencyFrom = "失能评定日期"
    case livingArrangement = "居住方式"
    case livingArrangementFrom = "居住方式起"
    case specialAssistanceFrom = "特扶起始"
    case specialAssistanceCause = "特扶原因"
    // Certified states of the family.
    case dibaoFrom = "低保起"
    case dibaoThrough = "低保止"
    case lowIncomeFrom = "低收入起"
    case lowIncomeThrough = "低收入止"
    case tekunFrom = "特困起"
    case tekunThrough = "特困止"
    case hardshipFrom = "经济困难起"
    case hardshipThrough = "经济困难止"
    case wubaoFrom = "五保起"
    case wubaoThrough = "五保止"
    case familyHardshipFrom = "计生困难起"
    case familyHardshipThrough = "计生困难止"
    // Certified kinds of family.
    case specialFamilyFrom = "计生特殊家庭起"
    case specialFamilyThrough = "计生特殊家庭止"
    case onlyChildFamilyFrom = "独生子女家庭起"
    case onlyChildFamilyThrough = "独生子女家庭止"
    case oneDaughterFrom = "独女户起"
    case oneDaughterThrough = "独女户止"
    case oneSonFrom = "独子户起"
    case oneSonThrough = "独子户止"
    case twoDaughtersFrom = "二女户起"
    case twoDaughtersThrough = "二女户止"
    case modelFamilyFrom = "模范家庭起"
    case modelFamilyThrough = "模范家庭止"
    // The four pairings.
    case departmentUnit = "结对部门单位"
    case departmentName = "结对部门联系人"
    case departmentPhone = "结对部门电话"
    case departmentFrom = "结对部门起"
    case cadreUnit = "结对干部单位"
    case cadreName = "结对干部姓名"
    case cadrePhone = "结对干部电话"
    case cadreFrom = "结对干部起"
    case partyMemberUnit = "结对党员单位"
    case partyMemberName = "结对党员姓名"
    case partyMemberPhone = "结对党员电话"
    case partyMemberFrom = "结对党员起"
    case volunteerUnit = "结对志愿者单位"
    case volunteerName = "结对志愿者姓名"
    case volunteerPhone = "结对志愿者电话"
    case volunteerFrom = "结对志愿者起"

    /// The heading.
    package var heading: String { rawValue }

    /// Columns that say to which family of the file a row belongs.
    static let familyKeys: [RosterColumn] = [.familyLabel, .archiveNumber, .householdID]

    /// Columns without which a table is no roster.
    static let required: [RosterColumn] = [.division, .name, .role]

    /// Whether the column is about the family: given on any of its rows, never differently on two.
    var isOfFamily: Bool {
        switch self {
        case .familyLabel, .householdID, .archiveNumber, .registeredOn, .division, .area: true
        default: heading.hasPrefix("结对") || Self.states.contains { $0.from == self || $0.through == self }
        }
    }

    /// Whether its cells name or find a person, so that a preview masks them.
    package var isPersonal: Bool {
        switch self {
        case .name, .idNumber, .namesake, .phone, .address, .disabilityNumber: true
        default: heading.hasSuffix("姓名") || heading.hasSuffix("电话") || heading.hasSuffix("联系人")
        }
    }

    /// What a value of the column is called on the roster: 农村 for rural; other values as they are.
    func word(of value: String) -> String {
        guard case .words(let words) = form else { return value }
        return words.first { $0.code == value }?.chinese ?? value
    }

    /// The form of its cells.
    var form: CellForm {
        switch self {
        case .familyLabel: .label
        case .householdID: .household
        case .division: .division
        case .idNumber: .idNumber
        case .name, .departmentName, .cadreName, .partyMemberName, .volunteerName: .name
        case .archiveNumber, .disabilityNumber: .number
        case .namesake: .reason
        case .role: .words(Self.roles)
        case .sex: .words([("男", "male"), ("女", "female")])
        case .area: .words([("城镇", "urban"), ("农村", "rural")])
        case .childStatus: .words([("健在", "alive"), ("伤残", "disabled"), ("死亡", "dead")])
        case .disabilityGrade:
            .words([("一级", "1"), ("二级", "2"), ("三级", "3"), ("四级", "4"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4")])
        case .disabilityKind: .words(Self.disabilityKinds)
        case .employerKind: .words(Self.employerKinds)
        case .careDependency: .words([("无", "none"), ("部分失能", "partial"), ("完全失能", "full")])
        case .livingArrangement: .words([("居家", "home"), ("机构", "institution")])
        case .specialAssistanceCause: .words([("死亡", "death"), ("伤残", "disability")])
        default:
            if heading.hasSuffix("电话") {
                .number
            } else if ["起", "止", "日期", "起始", "有效期"].contains(where: heading.hasSuffix) {
                .day
            } else if heading.hasPrefix("结对"), heading.hasSuffix("单位") {
                .unit
            } else {
                .text
            }
        }
    }

    /// Bytes of text that the record holds; nil for cells of another kind.
    var limit: Int? {
        switch form {
        case .name: WireLimits.name
        case .number where self == .archiveNumber: WireLimits.archiveNumber
        case .number where self == .disabilityNumber: WireLimits.certificateNumber
        case .number: WireLimits.phone
        case .text where self == .address: WireLimits.address
        case .text, .unit, .reason: WireLimits.unit
        default: nil
        }
    }

    /// Whoever is in this role on the roster is another member whose birth is recorded.
    static let laterChild = "later_child"
    /// The same of a twin of the only child.
    static let twinChild = "twin_child"
    private static let roles =
        MemberRole.allCases.filter { $0 != .other }.map { ($0.chinese, $0.rawValue) } + [
            ("再生育子女", laterChild), ("双胞胎子女", twinChild), ("其他", MemberRole.other.rawValue),
        ]
    private static let disabilityKinds = [
        ("肢体", "physical"), ("视力", "sight"), ("听力", "hearing"), ("言语", "speech"), ("智力", "intellectual"),
        ("精神", "mental"), ("多重", "multiple"),
    ]
    private static let employerKinds = [
        ("国家机关", "state_organ"), ("国有企业", "state_enterprise"), ("事业单位", "public_institution"), ("其他", "other"),
        ("无", "none"),
    ]
}

/// How the cells of a column are read.
enum CellForm {
    case text
    /// Why somebody is sure: words that say more than yes or no.
    case reason
    /// The unit of a helper.
    case unit
    /// A person's name, spread or closed.
    case name
    /// Letters and digits that tell the families of a file apart.
    case label
    /// Digits that must not be damaged: telephone, archive and certificate numbers.
    case number
    case day
    case household
    case division
    case idNumber
    /// Chinese words with the codes they stand for.
    case words([(chinese: String, code: String)])
}

extension RosterColumn {
    /// The columns of one pairing slot.
    struct PairingColumns: Sendable {
        let kind: PairingKind
        let unit: RosterColumn
        let name: RosterColumn
        let phone: RosterColumn
        let from: RosterColumn
    }

    static let pairings = [
        PairingColumns(
            kind: PairingKind(unchecked: "department"), unit: .departmentUnit, name: .departmentName,
            phone: .departmentPhone, from: .departmentFrom),
        PairingColumns(
            kind: PairingKind(unchecked: "cadre"), unit: .cadreUnit, name: .cadreName, phone: .cadrePhone,
            from: .cadreFrom),
        PairingColumns(
            kind: PairingKind(unchecked: "party_member"), unit: .partyMemberUnit, name: .partyMemberName,
            phone: .partyMemberPhone, from: .partyMemberFrom),
        PairingColumns(
            kind: PairingKind(unchecked: "volunteer"), unit: .volunteerUnit, name: .volunteerName,
            phone: .volunteerPhone, from: .volunteerFrom),
    ]

    /// A certified state of the family with the columns of its days.
    struct StateColumns: Sendable {
        let fact: FactID
        let from: RosterColumn
        let through: RosterColumn
    }

    static let states = [
        StateColumns(fact: FactID(unchecked: "household.dibao"), from: .dibaoFrom, through: .dibaoThrough),
        StateColumns(fact: FactID(unchecked: "household.low_income"), from: .lowIncomeFrom, through: .lowIncomeThrough),
        StateColumns(fact: FactID(unchecked: "household.tekun"), from: .tekunFrom, through: .tekunThrough),
        StateColumns(
            fact: FactID(unchecked: "household.economic_hardship"), from: .hardshipFrom, through: .hardshipThrough),
        StateColumns(fact: FactID(unchecked: "household.wubao"), from: .wubaoFrom, through: .wubaoThrough),
        StateColumns(
            fact: FactID(unchecked: "household.fp_hardship"), from: .familyHardshipFrom, through: .familyHardshipThrough
        ),
        StateColumns(
            fact: FactID(unchecked: "household.special_family"), from: .specialFamilyFrom,
            through: .specialFamilyThrough),
        StateColumns(
            fact: FactID(unchecked: "household.only_child_family"), from: .onlyChildFamilyFrom,
            through: .onlyChildFamilyThrough),
        StateColumns(
            fact: FactID(unchecked: "household.one_daughter"), from: .oneDaughterFrom, through: .oneDaughterThrough),
        StateColumns(fact: FactID(unchecked: "household.one_son"), from: .oneSonFrom, through: .oneSonThrough),
        StateColumns(
            fact: FactID(unchecked: "household.two_daughters"), from: .twoDaughtersFrom, through: .twoDaughtersThrough),
        StateColumns(
            fact: FactID(unchecked: "household.fp_model"), from: .modelFamilyFrom, through: .modelFamilyThrough),
    ]

    /// A fact about a person with the column of its code and of its first day.
    struct PersonFactColumns: Sendable {
        let fact: FactID
        let value: RosterColumn
        /// Column of the first day; nil = the day of the file or of the change.
        let from: RosterColumn?
    }

    static let personFacts = [
        PersonFactColumns(fact: FactID(unchecked: "person.employer_kind"), value: .employerKind, from: nil),
        PersonFactColumns(
            fact: FactID(unchecked: "person.care_dependency"), value: .careDependency, from: .careDependencyFrom),
        PersonFactColumns(
            fact: FactID(unchecked: "person.living_arrangement"), value: .livingArrangement,
            from: .livingArrangementFrom),
        PersonFactColumns(
            fact: FactID(unchecked: "person.special_assistance_from"), value: .specialAssistanceFrom,
            from: .specialAssistanceFrom),
        PersonFactColumns(
            fact: FactID(unchecked: "person.special_assistance_cause"), value: .specialAssistanceCause,
            from: .specialAssistanceFrom),
    ]
}

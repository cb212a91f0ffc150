/// The departments and bodies that the policy documents name, and the roles in which somebody acts for one of them.
///
/// Packs, keys and records use these codes. They stay stable: a department that merged keeps its code, and its successor
/// has another.
package enum KnownOffices {
    /// An office or a role by its code, with what it is called.
    package struct Name<ID: Hashable & Sendable>: Hashable, Sendable {
        package let id: ID
        package let chinese: String
        package let english: String
    }

    /// Codes with what they are called, in the order in which people look for them.
    package static let departments: [Name<DepartmentID>] = [
        ("dept.fp", "人口计生", "population and family planning"),
        ("dept.health", "卫生", "health"),
        ("dept.health_commission", "卫生健康", "health commission"),
        ("dept.fp_association", "计生协会", "family planning association"),
        ("dept.civil_affairs", "民政", "civil affairs"),
        ("dept.finance", "财政", "finance"),
        ("dept.hrss", "人力资源社会保障", "human resources and social security"),
        ("dept.housing", "住房城乡建设", "housing and construction"),
        ("dept.education", "教育", "education"),
        ("dept.justice", "司法", "justice"),
        ("dept.ndrc", "发展改革", "development and reform"),
        ("dept.ethnic_religious", "民族宗教事务", "ethnic and religious affairs"),
        ("dept.agriculture", "农业", "agriculture"),
        ("dept.water", "水利", "water resources"),
        ("dept.culture_radio_tv", "文化广播电影电视", "culture, radio, film and television"),
        ("dept.grain", "粮食", "grain"),
        ("dept.finance_office", "政府金融办", "government finance office"),
        ("dept.floating_population", "流管办", "migrant population office"),
        ("dept.three_combo", "计划生育“三结合”帮扶部门", "three-combination support department"),
        ("dept.union", "工会", "trade union"),
        ("dept.youth_league", "共青团", "youth league"),
        ("dept.women_federation", "妇联", "women's federation"),
        ("org.township", "乡镇（街道）", "township or sub-district"),
        ("org.community", "村（居）", "village or community"),
        ("org.hospital", "医疗机构", "hospital"),
        ("org.welfare_institution", "社会福利机构", "welfare institution"),
        ("org.care_home", "养老机构", "care home"),
        ("org.notary", "公证机构", "notary"),
        ("org.employer", "所在单位", "employer"),
        ("org.insurer", "保险机构", "insurer"),
    ].map { Name(id: DepartmentID(unchecked: $0.0), chinese: $0.1, english: $0.2) }

    /// Who bears sums, with what they are called: levels of government, funds, and those who pay by the documents.
    package static let payers: [(id: Code, chinese: String)] = [
        ("finance", "财政"), ("city", "市级"), ("county", "县（市、区）"), ("district", "区级"), ("province", "省级"),
        ("state", "中央"), ("employer", "用人单位"), ("insurer", "保险机构"),
        ("three_combo", "“三结合”帮扶部门"), ("fund", "基金"), ("donation", "捐赠"),
    ].map { (Code(unchecked: $0.0), $0.1) }

    /// What a payer is called; the code when it is none of these.
    package static func name(ofPayer payer: Code) -> String {
        payers.first { $0.id == payer }?.chinese ?? payer.rawValue
    }

    /// What a department is called; its code when it is none of these.
    package static func name(of department: DepartmentID) -> String {
        departments.first { $0.id == department }?.chinese ?? department.rawValue
    }

    /// The same in English.
    package static func englishName(of department: DepartmentID) -> String {
        departments.first { $0.id == department }?.english ?? department.rawValue
    }

    /// Roles with what they are called; a pack may ask for one at a step of an application.
    package static let roles: [Name<Code>] = [
        ("clerk", "经办", "clerk"),
        ("reviewer", "审核", "reviewer"),
        ("fund_manager", "资金管理", "fund manager"),
        ("payer", "资金发放", "payer"),
        ("supervisor", "监督评估", "supervisor"),
        ("cadre", "干部", "cadre"),
        ("director", "负责人", "director"),
        ("operator", "运行维护", "operator"),
    ].map { Name(id: Code(unchecked: $0.0), chinese: $0.1, english: $0.2) }

    /// What a role is called; its code when it is none of these.
    package static func role(_ code: Code) -> (chinese: String, english: String) {
        roles.first { $0.id == code }.map { ($0.chinese, $0.english) } ?? (code.rawValue, code.rawValue)
    }

    /// The role of those who send money to the bank, 资金发放.
    static let payer = Code(unchecked: "payer")

    /// 村（居）: acts for its village, whatever division its key names.
    package static let community = DepartmentID(unchecked: "org.community")
    /// 乡镇（街道）.
    package static let township = DepartmentID(unchecked: "org.township")
    /// 人口计生, and 卫生健康 that took over from it: they keep the files, and answer for what the documents ask of the others.
    package static let keepers: [DepartmentID] = ["dept.fp", "dept.health_commission"].map {
        DepartmentID(unchecked: $0)
    }
    /// A key that belongs to no department of the documents.
    package static let none = DepartmentID(unchecked: "none")
    /// Our own services and whoever runs them.
    package static let house = DepartmentID(unchecked: "guanhuai")
}

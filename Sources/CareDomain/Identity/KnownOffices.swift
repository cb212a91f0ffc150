/// The departments and bodies that the policy documents name, and the roles in which somebody acts for one of them.
///
/// Packs, keys and records use these codes. They stay stable: a department that merged keeps its code, and its successor
/// has another.
package enum KnownOffices {
    /// Codes with what they are called, in the order in which people look for them.
    package static let departments: [(id: DepartmentID, chinese: String)] = [
        ("dept.fp", "人口计生"), ("dept.health", "卫生"), ("dept.health_commission", "卫生健康"),
        ("dept.fp_association", "计生协会"), ("dept.civil_affairs", "民政"), ("dept.finance", "财政"),
        ("dept.hrss", "人力资源社会保障"), ("dept.housing", "住房城乡建设"), ("dept.education", "教育"),
        ("dept.justice", "司法"), ("dept.ndrc", "发展改革"), ("dept.ethnic_religious", "民族宗教事务"),
        ("dept.agriculture", "农业"), ("dept.water", "水利"), ("dept.culture_radio_tv", "文化广播电影电视"),
        ("dept.grain", "粮食"), ("dept.finance_office", "政府金融办"), ("dept.floating_population", "流管办"),
        ("dept.three_combo", "计划生育“三结合”帮扶部门"), ("dept.union", "工会"), ("dept.youth_league", "共青团"),
        ("dept.women_federation", "妇联"), ("org.township", "乡镇（街道）"), ("org.community", "村（居）"),
        ("org.hospital", "医疗机构"), ("org.welfare_institution", "社会福利机构"), ("org.care_home", "养老机构"),
        ("org.notary", "公证机构"), ("org.employer", "所在单位"), ("org.insurer", "保险机构"),
    ].map { (DepartmentID(unchecked: $0.0), $0.1) }

    /// Who bears sums, with what they are called: levels of government, funds, and those who pay by the documents.
    package static let payers: [(id: Code, chinese: String)] = [
        ("finance", "财政"), ("city", "市级"), ("county", "县（市、区）"), ("district", "区级"), ("province", "省级"),
        ("state", "中央"), ("employer", "用人单位"), ("insurer", "保险机构"), ("fund", "基金"), ("donation", "捐赠"),
    ].map { (Code(unchecked: $0.0), $0.1) }

    /// What a payer is called; the code when it is none of these.
    package static func name(ofPayer payer: Code) -> String {
        payers.first { $0.id == payer }?.chinese ?? payer.rawValue
    }

    /// What a department is called; its code when it is none of these.
    package static func name(of department: DepartmentID) -> String {
        departments.first { $0.id == department }?.chinese ?? department.rawValue
    }

    /// Roles with what they are called; a pack may ask for one at a step of an application.
    package static let roles: [(id: Code, chinese: String)] = [
        ("clerk", "经办"), ("reviewer", "审核"), ("fund_manager", "资金管理"), ("payer", "资金发放"),
        ("supervisor", "监督评估"), ("cadre", "干部"), ("director", "负责人"), ("operator", "运行维护"),
    ].map { (Code(unchecked: $0.0), $0.1) }

    /// 村（居）: acts for its village, whatever division its key names.
    package static let community = DepartmentID(unchecked: "org.community")
    /// 乡镇（街道）.
    package static let township = DepartmentID(unchecked: "org.township")
    /// A key that belongs to no department of the documents.
    package static let none = DepartmentID(unchecked: "none")
    /// Our own services and whoever runs them.
    package static let house = DepartmentID(unchecked: "guanhuai")
}

import CareDomain

extension PolicyCatalog {
    /// The words of Chenzhou 2014 and of the needs form of 2021, for tests that decide commands without a log.
    package static let chenzhouSample: PolicyCatalog = {
        var catalog = vocabulary
        catalog.places = [
            PolicyPlace(
                pack: PackID(unchecked: "chenzhou-2014"), title: "郴州", territory: DivisionCode("431000"),
                guardians: Guardians(
                    namers: words(["org.community": "村（居）", "org.employer": "所在单位"]),
                    relations: words(["relative": "亲属", "staff": "工作人员"]),
                    scopes: words(["admission": "入住养老院", "surgery": "医疗手术", "other": "其他"])))
        ]
        catalog.accidentInsurance = AccidentInsurance(
            department: DepartmentID(unchecked: "dept.fp"), territory: DivisionCode("431000"),
            inForce: DayPeriod(start: .invented("2014-07-16")))
        return catalog
    }()

    private static let vocabulary = PolicyCatalog(
        facts: Dictionary(uniqueKeysWithValues: (personFacts + householdFacts).map { ($0.fact, $0) }),
        pairingSlots: [
            PairingSlot(kind: PairingKind(unchecked: "department"), title: "部门"),
            PairingSlot(kind: PairingKind(unchecked: "cadre"), title: "干部"),
            PairingSlot(kind: PairingKind(unchecked: "party_member"), title: "党员"),
            PairingSlot(kind: PairingKind(unchecked: "volunteer"), title: "志愿者"),
        ],
        needKinds: words([
            "need_visit": "走访慰问需求", "need_housekeeping": "家政服务需求", "need_farming": "助农方面需求",
            "need_serious_illness": "大病救助需求", "need_psychological": "心理慰藉需求", "need_errands": "家务代办需求",
            "need_adoption": "抱养方面需求", "need_fertility": "助孕方面需求", "need_checkup": "查体方面需求",
            "need_other": "其他需求",
        ]),
        visitKinds: words(["routine": "日常走访", "holiday": "节日慰问", "needs": "需求走访"]),
        holidays: words([
            "spring_festival": "春节", "dragon_boat": "端午节", "mid_autumn": "中秋节", "double_ninth": "重阳节",
        ]),
        visitForms: [
            Code(unchecked: "needs-2021"): words([
                "family_size": "家庭人口数", "family_type": "家庭类型", "has_pension": "是否有退休金",
                "has_medical_insurance": "是否有医疗保险", "has_special_assistance": "是否享受特别扶助金",
                "has_comprehensive_policy": "是否有计生特殊家庭综合保险单", "joined_free_checkup": "是否参加免费查体",
                "is_dibao": "是否低保户", "is_wubao": "是否五保户", "main_difficulty": "目前家庭主要困难",
            ])
        ])

    private static func words(_ words: KeyValuePairs<String, String>) -> [Word] {
        words.map { Word(code: Code(unchecked: $0.key), title: $0.value) }
    }

    private static func fact(
        _ id: String, _ title: String, _ form: FactDefinition.Form, _ subject: FactDefinition.Subject,
        _ codes: [String] = []
    ) -> FactDefinition {
        FactDefinition(
            fact: FactID(unchecked: id), title: title, form: form, subject: subject,
            codes: codes.map { Code(unchecked: $0) })
    }

    private static let personFacts: [FactDefinition] = [
        fact("person.care_dependency", "失能程度", .code, .person, ["none", "partial", "full"]),
        fact("person.living_arrangement", "居住方式", .code, .person, ["home", "institution"]),
        fact(
            "person.employer_kind", "单位性质", .code, .person,
            ["state_organ", "state_enterprise", "public_institution", "other", "none"]),
        fact(
            "person.pension_scheme", "养老保险", .code, .person,
            ["resident", "employee", "rural_cooperative", "none"]),
        fact(
            "person.medical_scheme", "医疗保险", .code, .person,
            ["resident", "employee", "rural_cooperative", "none"]),
        fact(
            "person.school_stage", "就读阶段", .code, .person,
            [
                "preschool", "primary", "junior", "senior_secondary", "secondary_vocational", "junior_college",
                "bachelor",
            ]),
        fact("person.study_mode", "就读方式", .code, .person, ["full_time", "other"]),
        fact("person.study_from", "入学日期", .day, .person),
        fact("person.planned_graduation", "预计毕业日期", .day, .person),
        fact("person.special_assistance_from", "特扶起始", .day, .person),
        fact("person.special_assistance_cause", "特扶原因", .code, .person, ["death", "disability"]),
    ]

    private static let householdFacts: [FactDefinition] = [
        fact("household.dibao", "低保", .bool, .household),
        fact("household.low_income", "低收入", .bool, .household),
        fact("household.tekun", "特困", .bool, .household),
        fact("household.economic_hardship", "家庭经济困难", .bool, .household),
        fact("household.fp_hardship", "计生困难", .bool, .household),
        fact("household.special_family", "计划生育特殊家庭", .bool, .household),
        fact("household.one_daughter", "独女户", .bool, .household),
        fact("household.grant_total", "已领补助", .money, .household),
        fact("household.housing_area_per_head", "人均住房面积", .decimal, .household),
        fact("household.business_case", "项目编号", .reference, .household),
        fact("household.grants", "补助次数", .int, .household),
    ]
}

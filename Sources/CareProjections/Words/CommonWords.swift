import CareDomain

/// Chinese words for codes that the domain itself defines and every pack shares. A pack's own words come first.
enum CommonWords {
    static let codes = own.merging(RecordWords.chinese) { own, _ in own }

    private static let own: [String: String] = [
        "routine": "日常走访", "holiday": "节日慰问", "needs": "需求走访",
        "typing_error": "录入错误", "wrong_person": "认错人", "late_document": "材料迟到", "wrong_amount": "金额记错",
        "wrong_case": "记错了户", "duplicate": "重复登记",
        "other": "其他", "settled": "已解决", "transfer": "调动", "retired": "退休", "resigned": "离职", "left": "离开",
        "sudden_event": "突发事件", "natural_disaster": "自然灾害", "accident": "意外事故",
        "death": "死亡", "disability": "伤残", "relative": "亲属", "staff": "工作人员",
        "once": "一次性", "month": "每月", "term": "每学期", "school_year": "每学年", "year": "每年",
        "pairing_gap_opened": "结对空缺", "pairing_gap_closed": "结对补齐", "pairing_handover": "结对交接",
        "holiday_visit_due": "节日走访到期", "certificate_review_due": "残疾证复评到期", "right_begins": "待遇即将开始",
        "roster": "名册", "form": "登记表", "certificate": "证件", "list": "部门名单", "department_list": "部门名单",
        "statement": "本人陈述",
        "stdout": "标准输出", "webhook": "回调地址",
        "finance": "财政", "city": "市级", "district": "区级", "province": "省级", "employer": "用人单位", "insurer": "保险机构",
        "three_combo": "“三结合”帮扶部门", "fund": "基金", "donation": "捐赠", "quarter": "每季度",
    ]

    static let departments: [String: String] = Dictionary(
        uniqueKeysWithValues: KnownOffices.departments.map { ($0.id.rawValue, $0.chinese) })
}

/// Codes that belong to the record itself, whatever packs are published, with their Chinese words.
///
/// A command that uses another code is refused with the list; events that carry one from earlier are shown as they are.
package enum RecordWords {
    /// Kinds of disability, as on the certificate (GB/T 26341).
    package static let disabilityKinds = words([
        ("physical", "肢体"), ("sight", "视力"), ("hearing", "听力"), ("speech", "言语"), ("intellectual", "智力"),
        ("mental", "精神"), ("multiple", "多重"),
    ])

    /// What an incident was.
    package static let incidentKinds = words([
        ("sudden_event", "突发事件"), ("natural_disaster", "重大自然灾害"), ("accident", "意外事故"),
    ])

    /// What an incident did to a person.
    package static let incidentOutcomes = words([("death", "死亡"), ("disability", "伤残")])

    /// Why a household's file is closed.
    package static let closing = words([
        (noMembers.rawValue, "已无成员"), ("moved_away", "迁出"), ("transferred", "移交外地"), ("withdrawn", "自愿退出"),
        ("not_eligible", "不再符合条件"), ("other", "其他"),
    ])

    /// The reason that says of a file that nobody of the family lives.
    package static let noMembers = Code(unchecked: "no_members")

    /// Why somebody leaves a household.
    package static let leaving = words([
        ("moved_out", "搬离本户"), ("moved_away", "迁出"), ("divorce", "离婚"), ("marriage", "结婚"), ("adopted", "被他人收养"),
        ("wrong_family", "登记错户"), ("left", "离开"), ("other", "其他"),
    ])

    /// Of these whoever leaves is no child of the family any more, or never was.
    package static let leavingAsNoChild: Set<Code> = [Code(unchecked: "adopted"), Code(unchecked: "wrong_family")]

    /// Why a household was registered in error.
    package static let registeredInError = words([
        ("duplicate", "重复登记"), ("wrong_person", "认错人"), ("typing_error", "录入错误"), ("not_eligible", "不符合条件"),
        ("other", "其他"),
    ])

    /// How a need was answered.
    package static let answers = words([
        ("on_the_spot", "当场解决"), ("relayed", "已转办"), ("in_progress", "办理中"), ("not_possible", "暂无法办理"),
    ])

    /// Why a helper gives a slot up, to nobody or to another helper.
    package static let pairingEnds = words([
        ("transfer", "调动"), ("left", "离开"), ("retired", "退休"), ("resigned", "离职"), ("moved_away", "迁出"),
        ("illness", "患病"), ("died", "去世"), ("own_wish", "本人要求"), ("family_wish", "家庭要求"), ("roster", "按名册"),
        ("other", "其他"),
    ])

    /// Why a guardianship ends.
    package static let guardianEnds = words([
        ("died", "去世"), ("moved_away", "迁出"), ("illness", "患病"), ("own_wish", "本人要求"), ("family_wish", "家庭要求"),
        ("replaced", "另行指定"), ("revoked", "撤销"), ("not_needed", "不再需要"), ("other", "其他"),
    ])

    /// Why a guardianship ended that nobody ended: the record says so by itself when the ward has died.
    package static let wardDied = Code(unchecked: "ward_died")

    /// Why a need is closed.
    package static let needClosings = words([
        ("settled", "已解决"), ("withdrawn_by_family", "家庭撤回"), ("not_needed", "不再需要"), ("not_possible", "暂无法办理"),
        ("taken_over", "转由其他部门办理"), ("duplicate", "重复登记"), ("died", "去世"), ("moved_away", "迁出"), ("other", "其他"),
    ])

    /// 实物: goods that are handed out.
    package static let goods = words([
        ("cleaning_kit", "清洁用品（套）"), ("detergent", "洗衣液"), ("washing_powder", "洗衣粉"), ("dish_soap", "洗洁精"),
        ("soap", "肥皂香皂"), ("disinfectant", "消毒液"), ("towel", "毛巾"), ("tissue", "纸巾卫生纸"), ("mop", "拖把"),
        ("broom", "扫帚"), ("gloves", "清洁手套"), ("call_button", "一键通呼叫器"), ("other_goods", "其他物品"),
    ])

    /// What somebody who takes goods for a family is to it.
    package static let receivers = words([
        ("relative", "亲属"), ("neighbour", "邻居"), ("guardian", "监护人"), ("helper", "结对帮扶人"), ("staff", "工作人员"),
        ("other", "其他"),
    ])

    /// Why there is no signed slip.
    package static let noReceipt = words([
        ("cannot_write", "不能书写"), ("declined", "不愿签字"), ("nobody_home", "家中无人"), ("slip_lost", "签收单遗失"),
        ("other", "其他"),
    ])

    /// Why a person decides about a right, as most say it; other codes are taken too, and shown as they are.
    package static let decisions = words([
        ("family_need", "家庭需要"), ("hardship", "家庭困难"), ("verification", "核查"), ("imported_list", "按原名单"),
        ("material_missing", "材料不全"), ("policy_exception", "政策例外"), ("duplicate", "重复登记"), ("other", "其他"),
    ])

    /// Why an entry is put right or taken back.
    package static let corrections = Correction.reasons.map {
        PolicyCatalog.Word(code: $0.code, title: $0.chinese)
    }

    /// All of them, by code.
    package static let chinese: [String: String] = Dictionary(
        (disabilityKinds + closing + leaving + registeredInError + answers + pairingEnds + guardianEnds + needClosings
            + corrections + goods + receivers + noReceipt + decisions + words([(wardDied.rawValue, "被监护人已故")]))
            .map { ($0.code.rawValue, $0.title) },
        uniquingKeysWith: { first, _ in first })

    /// The codes of a list as a person may type them: `transfer, left, …`.
    package static func codes(_ words: [PolicyCatalog.Word]) -> String {
        words.map(\.code.rawValue).joined(separator: ", ")
    }

    private static func words(_ pairs: [(String, String)]) -> [PolicyCatalog.Word] {
        pairs.map { PolicyCatalog.Word(code: Code(unchecked: $0.0), title: $0.1) }
    }
}

import Testing

@testable import CaseImport

@Suite("需求栏的条数")
struct NeedItemsTests {
    @Test(
        "分号、顿号、逗号、换行都分项；括号里和数字之间的不分；编了号的按编号",
        arguments: [
            ("心脏手术", 1), ("心脏手术；透析", 2), ("擦窗、做饭", 2), ("犁地，收割", 2), ("血压,心电图", 2), ("修屋顶\n换灯\r\n清沟", 3),
            ("药费（降压、降糖）", 1), ("药费（降压、降糖）、轮椅", 2), ("每月1,000元药费", 1), ("擦窗、", 1), ("、，", 1),
            ("1、擦窗2、做饭，洗衣", 2), ("1.擦窗 2.做饭 3.买菜", 3), ("①擦窗②做饭", 2), ("1、透析，每周两次", 1),
            ("1.5米床板、被子", 2), ("家政每周2次", 1), ("其他事项", 1),
        ])
    func counts(_ text: String, _ items: Int) {
        #expect(NeedItems.count(in: text) == items)
    }

    @Test("只写了“几项”的要问清：数字单写，或逐项写明", arguments: ["3项", "３项", "三项", "共3项", "约两次", "5条", "透析等2项", "若干项", "修屋顶、另2项"])
    func asked(_ text: String) {
        #expect(NeedItems.count(in: text) == nil)
    }
}

/// Names put together from short lists; whoever bears such a name in the world is not meant.
enum InventedNames {
    private static let surnames = [
        "李", "王", "张", "刘", "陈", "黄", "周", "何", "曹", "邓", "谢", "罗", "欧", "唐", "雷", "胡", "朱", "郭", "廖", "段",
        "彭", "曾", "肖", "谭", "欧阳", "袁", "蒋", "许", "龙", "史",
    ]
    private static let womenSyllables = [
        "秀", "英", "兰", "梅", "芳", "珍", "玉", "琼", "莲", "娟", "丽", "红", "桂", "凤", "群", "慧", "燕", "琴", "云", "淑",
    ]
    private static let menSyllables = [
        "国", "建", "军", "明", "华", "志", "平", "文", "林", "生", "德", "强", "勇", "辉", "斌", "贵", "成", "海", "松", "伟",
    ]

    static func surname(_ random: inout SeededGenerator) -> String { random.pick(surnames) }

    static func name(surname: String, isFemale: Bool, _ random: inout SeededGenerator) -> String {
        let syllables = isFemale ? womenSyllables : menSyllables
        let first = random.pick(syllables)
        return random.chance(15) ? surname + first : surname + first + random.pick(syllables)
    }

    /// A telephone number of the right form.
    static func phone(_ random: inout SeededGenerator) -> String {
        "140" + String(100_000_000 + random.number(0...99_999_999)).dropFirst()
    }
}

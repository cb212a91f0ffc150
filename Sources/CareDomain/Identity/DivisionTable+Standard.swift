extension DivisionTable {
    /// Provinces, cities and counties since 1995: those of 郴州, 温州, 贵阳, 淄博 and 厦门, where documents are encoded, by hand,
    /// with what took an ended one's place; all others from the lists that <doc:DivisionCodes> names.
    package static let standard = DivisionTable(
        hunan + zhejiang + guizhou + shandong + fujian + [drill]
            + [north, middle, west].flatMap(divisions(reading:)))

    /// First four digits of the cities that are held by hand, with the zones that act like counties there.
    static let citiesByHand: Set<String> = ["4310", "3303", "5201", "3703", "3502"]

    /// Where the families of a drill are put: a code of no place.
    private static let drill = Division(
        code: DivisionCode("119999")!, name: "演练（不是地方）", origin: .localExtension,
        period: DayPeriod(start: firstDay))

    /// Reads lines of `4201 00武汉市 02江岸区 13汉南区1997~ 22黄陂县~1998`: the first four digits, then of each code the last two,
    /// its name and the years of its change in and out; both are whole, see `DivisionTable`. A code with two names one
    /// after the other stands twice.
    static func divisions(reading lines: String) -> [Division] {
        lines.split(separator: "\n").flatMap { line -> [Division] in
            let words = line.split(separator: " ")
            guard let city = words.first else { return [] }
            return words.dropFirst().compactMap { word in
                let years = word.dropFirst(2).drop { !$0.isASCII }.split(
                    separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
                let name = word.dropFirst(2).prefix { !$0.isASCII }
                return entry(
                    "\(city)\(word.prefix(2))", String(name), from: years.first.flatMap { Int($0) },
                    through: years.dropFirst().first.flatMap { Int($0) })
            }
        }
    }

    private static let hunan: [Division] = [
        entry("430000", "湖南省"),
        entry("431000", "郴州市"),
        entry("431002", "北湖区"),
        entry("431003", "苏仙区"),
        entry("431021", "桂阳县"),
        entry("431022", "宜章县"),
        entry("431023", "永兴县"),
        entry("431024", "嘉禾县"),
        entry("431025", "临武县"),
        entry("431026", "汝城县"),
        entry("431027", "桂东县"),
        entry("431028", "安仁县"),
        entry("431081", "资兴市"),
    ]

    private static let zhejiang: [Division] = [
        entry("330000", "浙江省"),
        entry("330300", "温州市"),
        entry("330302", "鹿城区"),
        entry("330303", "龙湾区"),
        entry("330304", "瓯海区"),
        entry("330305", "洞头区", from: 2015),
        entry("330322", "洞头县", through: 2015, successor: "330305"),
        entry("330324", "永嘉县"),
        entry("330326", "平阳县"),
        // 龙港 was a town of 苍南 until it became a city; the county itself goes on.
        entry("330327", "苍南县"),
        entry("330328", "文成县"),
        entry("330329", "泰顺县"),
        // Not in GB/T 2260. One unit under two names (WZ-Q7); the number follows the statistical form xx71 for zones.
        Division(
            code: DivisionCode("330371")!, name: "温州经济技术开发区", otherName: "浙南产业集聚区",
            origin: .localExtension, period: DayPeriod(start: firstDay)),
        entry("330381", "瑞安市"),
        entry("330382", "乐清市"),
        Division(
            code: DivisionCode("330383")!, name: "龙港市",
            period: DayPeriod(start: CivilDay(year: 2019, month: 9, day: 25)!)),
    ]

    private static let guizhou: [Division] = [
        entry("520000", "贵州省"),
        entry("520100", "贵阳市"),
        entry("520102", "南明区"),
        entry("520103", "云岩区"),
        entry("520111", "花溪区"),
        entry("520112", "乌当区"),
        entry("520113", "白云区"),
        entry("520114", "小河区", from: 2000, through: 2012, successor: "520111"),
        entry("520115", "观山湖区", from: 2012),
        entry("520121", "开阳县"),
        entry("520122", "息烽县"),
        entry("520123", "修文县"),
        entry("520181", "清镇市"),
    ]

    private static let shandong: [Division] = [
        entry("370000", "山东省"),
        entry("370300", "淄博市"),
        entry("370302", "淄川区"),
        entry("370303", "张店区"),
        entry("370304", "博山区"),
        entry("370305", "临淄区"),
        entry("370306", "周村区"),
        entry("370321", "桓台县"),
        entry("370322", "高青县"),
        entry("370323", "沂源县"),
    ]

    private static let fujian: [Division] = [
        entry("350000", "福建省"),
        entry("350200", "厦门市"),
        entry("350202", "鼓浪屿区", through: 2003, successor: "350203"),
        entry("350203", "思明区"),
        entry("350204", "开元区", through: 2003, successor: "350203"),
        entry("350205", "杏林区", through: 2003),
        entry("350205", "海沧区", from: 2003),
        entry("350206", "湖里区"),
        entry("350211", "集美区"),
        entry("350212", "同安区", from: 1996),
        entry("350213", "翔安区", from: 2003),
        entry("350221", "同安县", through: 1996, successor: "350212"),
    ]

    /// An entry of GB/T 2260 with the year of its change in and out, both whole.
    private static func entry(
        _ code: String, _ name: String, from: Int? = nil, through: Int? = nil, successor: String? = nil
    ) -> Division {
        Division(
            code: DivisionCode(code)!, name: name,
            period: DayPeriod(
                start: from.map { CivilDay(year: $0, month: 1, day: 1)! } ?? firstDay,
                end: through.map { CivilDay(year: $0 + 1, month: 1, day: 1)! }),
            successor: successor.flatMap { DivisionCode($0) })
    }
}

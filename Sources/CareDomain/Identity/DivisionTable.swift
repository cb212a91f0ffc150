/// Which division codes were in use on which day, with their names.
///
/// The standard table holds the country from 1995-01-01 on: earlier codes (郴州地区 4328xx among them) are left out, and so are
/// 市辖区 (xx01) and the like, which are no places. Of most changes only the year is recorded; old and new then both hold for
/// the whole year of the change, because papers of that year carry either. A deployment adds its own units with
/// `adding(_:)`.
///
/// - Source: GB/T 2260 中华人民共和国行政区划代码 and its yearly changes
package struct DivisionTable: Sendable {
    /// First day the standard table holds.
    package static let firstDay = CivilDay(year: 1995, month: 1, day: 1)!

    private let byCode: [DivisionCode: [Division]]
    private let childCodes: [DivisionCode: [DivisionCode]]

    /// Makes a table; several entries with one code are its names one after the other.
    package init(_ divisions: some Sequence<Division>) {
        var byCode: [DivisionCode: [Division]] = [:]
        for division in divisions { byCode[division.code, default: []].append(division) }
        for code in byCode.keys { byCode[code]?.sort { $0.period.start < $1.period.start } }
        var childCodes: [DivisionCode: [DivisionCode]] = [:]
        for code in byCode.keys.sorted() {
            guard let parent = byCode[code]?.first?.parent else { continue }
            childCodes[parent, default: []].append(code)
        }
        self.byCode = byCode
        self.childCodes = childCodes
    }

    /// Each code with its latest entry, in the order of codes.
    package var latest: [Division] { byCode.keys.sorted().compactMap { byCode[$0]?.last } }

    /// This table with further divisions, local extension codes for example.
    package func adding(_ divisions: some Sequence<Division>) -> DivisionTable {
        DivisionTable(byCode.values.flatMap { $0 } + Array(divisions))
    }

    /// The division in use under a code on `day`; of a township's or village's code (9 or 12 digits) its county.
    ///
    /// Nil when the code was not in use that day. In a year of renaming the newer name is given. A day before the table
    /// begins is answered as its first day, so that old facts are not refused for want of old codes.
    package func division(_ code: DivisionCode, on day: CivilDay) -> Division? {
        guard let county = DivisionCode(code.rawValue.prefix(6)) else { return nil }
        let asked = max(day, Self.firstDay)
        return byCode[county]?.last { $0.period.contains(asked) }
    }

    /// The division's name on `day`, `北湖区`; nil when the code was not in use.
    package func name(of code: DivisionCode, on day: CivilDay) -> String? { division(code, on: day)?.name }

    /// What people read for a code: `431002 北湖区`. A village or township that the table does not hold is told by what it
    /// lies in, `370304001001 博山区`; a code of which nothing is known stands alone.
    package func label(of code: DivisionCode, on day: CivilDay) -> String {
        let asked = max(day, Self.firstDay)
        for known in code.withEnclosing {
            if let name = byCode[known]?.last(where: { $0.period.contains(asked) })?.name { return "\(code) \(name)" }
        }
        return code.rawValue
    }

    /// Province, city and county one after the other, `湖南省郴州市北湖区`; nil when the code was not in use.
    package func fullName(of code: DivisionCode, on day: CivilDay) -> String? {
        guard let own = division(code, on: day) else { return nil }
        guard let parent = own.parent else { return own.name }
        // 北京, and what lies directly below a province, belong to no city.
        let province = DivisionCode("\(own.code.rawValue.prefix(2))0000")
        let above = fullName(of: parent, on: day) ?? province.flatMap { name(of: $0, on: day) }
        return (above ?? "") + own.name
    }

    /// Whether the code, or the county of a longer code, was in use on `day`.
    package func isKnown(_ code: DivisionCode, on day: CivilDay) -> Bool { division(code, on: day) != nil }

    /// What the table says of a code on a day.
    package enum Standing: Hashable, Sendable {
        case known
        /// The code should be in the table and is not, or was not in use that day.
        case unknown
        /// A unit of which the standard says nothing, in a city or province that it has.
        case outside
    }

    /// Whether the code was in use on `day`. Zones that act like counties have numbers of their own, xx71 to xx79, that no
    /// standard lists: outside the cities held by hand they are taken as they are, and so is what lies in Taiwan, Hong Kong
    /// and Macao, whose districts have no codes of the standard.
    package func standing(of code: DivisionCode, on day: CivilDay) -> Standing {
        if isKnown(code, on: day) { return .known }
        let digits = code.rawValue
        if Self.withoutCounties.contains(String(digits.prefix(2))) { return .outside }
        let county = digits.dropFirst(4).prefix(2)
        guard county.first == "7", county.last != "0", !Self.citiesByHand.contains(String(digits.prefix(4))),
            let city = DivisionCode("\(digits.prefix(4))00"), isKnown(city, on: day)
        else { return .unknown }
        return .outside
    }

    /// First two digits of those whose districts the standard leaves open.
    private static let withoutCounties: Set<String> = ["71", "81", "82"]

    /// The days on which a code that is not in use on `day` was or will be: `110228 密云县，用至 2015-12-31`; the code alone
    /// when the table has never held it.
    package func usage(of code: DivisionCode, on day: CivilDay) -> (chinese: String, english: String) {
        let plain = (code.rawValue, code.rawValue)
        guard let county = DivisionCode(code.rawValue.prefix(6)), let entries = byCode[county] else { return plain }
        if let next = entries.first(where: { $0.period.start > day }) {
            return (
                "\(code) \(next.name)，\(next.period.start) 起使用",
                "\(code) \(next.name), in use from \(next.period.start)"
            )
        }
        guard let last = entries.last, let end = last.period.lastDay else { return plain }
        return ("\(code) \(last.name)，用至 \(end)", "\(code) \(last.name), in use until \(end)")
    }

    /// Whether the code, or the county of a longer code, comes into use after `day`.
    package func isLater(_ code: DivisionCode, than day: CivilDay) -> Bool {
        (byCode[code.county] ?? []).contains { $0.period.start > day }
    }

    /// The codes in use on `day` in whose place the table says that this one, or the county of a longer code, came.
    package func predecessors(of code: DivisionCode, on day: CivilDay) -> [DivisionCode] {
        byCode.keys.sorted().filter { division($0, on: day)?.successor == code.county }
    }

    /// The divisions directly below on `day`, by code.
    package func children(of code: DivisionCode, on day: CivilDay) -> [Division] {
        (childCodes[code] ?? []).compactMap { division($0, on: day) }
    }

    /// The code that took the place of an ended one, following further changes up to `day`; the code itself while it
    /// is in use, nil when nothing is recorded.
    package func current(_ code: DivisionCode, on day: CivilDay) -> DivisionCode? {
        var code = code
        // No chain of changes is longer than the table; the bound keeps a wrong extension from looping for ever.
        for _ in 0...byCode.count {
            if isKnown(code, on: day) { return code }
            guard let successor = byCode[code]?.last(where: { $0.period.start <= day })?.successor else { return nil }
            code = successor
        }
        return nil
    }
}

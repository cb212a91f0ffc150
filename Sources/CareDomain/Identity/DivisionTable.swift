/// Which division codes were in use on which day, with their names.
///
/// The standard table holds the five prefectures whose policies are encoded, from 1995-01-01 on: earlier codes (郴州地区
/// 4328xx among them) are left out. Of most changes only the year is recorded; old and new then both hold for the whole
/// year of the change, because papers of that year carry either. A deployment adds its own units with `adding(_:)`.
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
        return (fullName(of: parent, on: day) ?? "") + own.name
    }

    /// Whether the code, or the county of a longer code, was in use on `day`.
    package func isKnown(_ code: DivisionCode, on day: CivilDay) -> Bool { division(code, on: day) != nil }

    /// What the table says of a code on a day.
    package enum Standing: Hashable, Sendable {
        case known
        /// The code should be in the table and is not, or was not in use that day.
        case unknown
        /// A place in another city, of which the table holds nothing.
        case outside
    }

    /// Whether the code was in use on `day`, as far as the table reaches: the cities it holds, and that the first two
    /// digits are a province's.
    package func standing(of code: DivisionCode, on day: CivilDay) -> Standing {
        if isKnown(code, on: day) { return .known }
        let digits = code.rawValue
        if let city = DivisionCode("\(digits.prefix(4))00"), byCode[city] != nil { return .unknown }
        return Self.provinces.contains(String(digits.prefix(2))) ? .outside : .unknown
    }

    /// First two digits of the provinces and what stands beside them.
    private static let provinces: Set<String> = [
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
        "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    ]

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

/// Shortens personal data to what a list may show. What is masked cannot be computed back from the result alone.
package enum Masking {
    /// Surname and two stars, whatever the length: `王**`, `欧阳**`. For names with a middle dot only the first
    /// character stays.
    package static func name(_ name: String) -> String {
        surname(of: name).map { $0 + "**" } ?? "**"
    }

    /// Surname and 某, for running text: `王某`, `欧阳某`.
    package static func politeName(_ name: String) -> String {
        surname(of: name).map { $0 + "某" } ?? "某"
    }

    /// First and last four characters of an ID number, stars between: `3703**********412X`. Anything shorter than
    /// fifteen characters is hidden whole.
    package static func idNumber(_ number: String) -> String {
        let hidden = number.count - 8
        if number.count < 15 { return String(repeating: "*", count: number.count) }
        return number.prefix(4) + String(repeating: "*", count: hidden) + number.suffix(4)
    }

    /// The short form for narrow columns: `3703…412X`.
    package static func shortIDNumber(_ number: String) -> String {
        number.count < 15 ? "****" : number.prefix(4) + "…" + number.suffix(4)
    }

    /// First three and last four digits of a mobile number; of other numbers the last two.
    package static func phone(_ number: String) -> String {
        let digits = number.filter { $0.isASCII && $0.isNumber }
        if digits.count == 11, digits.hasPrefix("1") { return digits.prefix(3) + "****" + digits.suffix(4) }
        return digits.count < 4 ? "****" : "****" + digits.suffix(2)
    }

    /// Two-character surnames that are still common. An unknown one shows only its first character, which is safe.
    private static let doubleSurnames: Set<String> = [
        "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯", "司徒", "司空", "端木", "南宫",
        "独孤", "长孙", "宇文", "轩辕", "百里", "呼延", "东郭", "西门", "申屠", "太史", "闻人", "澹台", "公冶", "淳于", "单于",
    ]

    private static func surname(of name: String) -> String? {
        let trimmed = CSVTable.trimmed(name)
        guard let first = trimmed.first else { return nil }
        let head = String(trimmed.prefix(2))
        return trimmed.count > 2 && doubleSurnames.contains(head) ? head : String(first)
    }
}

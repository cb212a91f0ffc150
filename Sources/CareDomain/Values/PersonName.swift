/// How names are written: one name may come spread (李　某) and closed (李某), and with one of many dots (买买提·吐尔逊).
package enum PersonName {
    /// The normal form, in which new names are recorded and all names are compared: no blanks between two Chinese characters,
    /// and between the parts of a name the one dot of GB/T 15834 (间隔号), with no blanks beside it. Other blanks separate
    /// parts of a name and stay.
    /// Blanks around it, and characters that nobody sees, are none of it.
    package static func closed(_ name: String) -> String { withOneDot(unspread(seen(name))) }

    /// The name without blanks around it and without characters that are not shown, as programs leave them behind.
    private static func seen(_ name: String) -> String {
        func isBlank(_ letter: Character?) -> Bool { letter?.isWhitespace ?? false }
        let hasUnseen = name.unicodeScalars.contains(where: isUnseen)
        guard hasUnseen || isBlank(name.first) || isBlank(name.last) else { return name }
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.filter { !isUnseen($0) }))
        let start = shown.drop { $0.isWhitespace }
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .format: true
        case .control: !scalar.properties.isWhitespace
        default: false
        }
    }

    /// The name without blanks between two Chinese characters, its dots as they were written: the normal form of earlier
    /// versions, from which they made ids.
    package static func unspread(_ name: String) -> String {
        guard name.contains(where: \.isWhitespace) else { return name }
        var result = ""
        var blanks = ""
        for letter in name {
            if letter.isWhitespace {
                blanks.append(letter)
                continue
            }
            if !(isChinese(letter) && result.last.map(isChinese) == true) { result += blanks }
            blanks = ""
            result.append(letter)
        }
        return result + blanks
    }

    /// Signs that people and programs write where the dot belongs.
    private static let dots: Set<Character> = ["·", "•", "．", "‧", "・", "･", "∙", "⋅"]
    private static let dot: Character = "·"

    private static func withOneDot(_ name: String) -> String {
        guard name.contains(where: { dots.contains($0) || $0 == "." }) else { return name }
        let letters = Array(name)
        var result = ""
        var blanks = ""
        for (place, letter) in letters.enumerated() {
            if letter.isWhitespace {
                blanks.append(letter)
                continue
            }
            if dots.contains(letter) || letter == "." && isBetweenChinese(place, letters) {
                result.append(dot)
            } else {
                if result.last != dot { result += blanks }
                result.append(letter)
            }
            blanks = ""
        }
        return result.last == dot ? result : result + blanks
    }

    /// Whether a full stop stands between two Chinese characters, as where a keyboard has no dot; J. Smith keeps it.
    private static func isBetweenChinese(_ place: Int, _ letters: [Character]) -> Bool {
        let before = letters[..<place].last { !$0.isWhitespace }
        let after = letters[(place + 1)...].first { !$0.isWhitespace }
        return before.map(isChinese) == true && after.map(isChinese) == true
    }

    private static func isChinese(_ letter: Character) -> Bool {
        letter.unicodeScalars.first?.properties.isIdeographic == true
    }
}

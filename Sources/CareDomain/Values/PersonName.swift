/// How names are written: one name may come spread (李　某) and closed (李某).
package enum PersonName {
    /// The name without blanks between two Chinese characters. Other blanks separate the parts of a name and stay.
    package static func closed(_ name: String) -> String {
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

    private static func isChinese(_ letter: Character) -> Bool {
        letter.unicodeScalars.first?.properties.isIdeographic == true
    }
}

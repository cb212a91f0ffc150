import OfficeFiles

/// How many needs the words of one cell of the needs form name.
/// - Source: BS-Q7, BS-Q9: a cell holds zero or more items, and Annex 4 counts items (条数)
enum NeedItems {
    private static let separators: Set<Character> = ["；", ";", "、", "，", ",", "\n", "\r\n", "\r"]
    private static let opening: Set<Character> = ["（", "(", "【", "[", "《", "“", "「"]
    private static let closing: Set<Character> = ["）", ")", "】", "]", "》", "”", "」"]
    private static let chineseDigits: Set<Character> = [
        "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "几", "多", "若", "干", "数",
    ]
    private static let counters: Set<Character> = ["项", "条", "件", "个", "次", "处", "样"]

    /// The items named, at least 1.
    ///
    /// Items are parted by semicolons, commas, 、 or line breaks that do not stand in brackets or quotes, nor between two
    /// digits (1,000). Where they are numbered 1、 2、 or ① ②, the numbers count and nothing else.
    /// - Returns: nil where the words give a count (3项, 共三项, 透析等2项): a number alone says so without doubt.
    static func count(in text: String) -> Int? {
        let items = parts(of: text)
        guard !items.contains(where: givesCount) else { return nil }
        return max(1, numbered(text) ?? items.count)
    }

    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var depth = 0
        let letters = Array(text)
        for (place, letter) in letters.enumerated() {
            if opening.contains(letter) { depth += 1 }
            if closing.contains(letter) { depth = max(0, depth - 1) }
            if depth == 0, separators.contains(letter), !isBetweenDigits(place, letters) {
                parts.append(part)
                part = ""
            } else {
                part.append(letter)
            }
        }
        return (parts + [part]).map { CSVTable.trimmed($0) }.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static func isBetweenDigits(_ place: Int, _ letters: [Character]) -> Bool {
        guard letters[place] == "," || letters[place] == "，", place > 0, place + 1 < letters.count else { return false }
        return isDigit(letters[place - 1]) && isDigit(letters[place + 1])
    }

    /// The last number of a list 1、…2、… or ①…②… that begins with its first; nil where the text is no such list.
    private static func numbered(_ text: String) -> Int? {
        var rest = Substring(CSVTable.trimmed(text))
        var count = 0
        while count < 20 {
            let found = marks(count + 1).compactMap { mark in
                rest.firstRange(of: mark).flatMap { isMark($0, in: rest) ? $0 : nil }
            }
            .min { $0.lowerBound < $1.lowerBound }
            guard let found, count > 0 || found.lowerBound == rest.startIndex else { break }
            count += 1
            rest = rest[found.upperBound...]
        }
        return count == 0 ? nil : count
    }

    /// A point between two digits belongs to a number: 1.5.
    private static func isMark(_ range: Range<Substring.Index>, in text: Substring) -> Bool {
        guard ".．".contains(text[range].last ?? " "), range.upperBound < text.endIndex else { return true }
        return !isDigit(text[range.upperBound])
    }

    private static func marks(_ number: Int) -> [String] {
        var marks = [
            "\(number)、", "\(number).", "\(number)．", "（\(number)）", "(\(number))", "\(number)）", "\(number))",
        ]
        if let circled = Unicode.Scalar(0x2460 + UInt32(number) - 1) { marks.append(String(Character(circled))) }
        return marks
    }

    /// Whether an item is a count in words, or ends with one: 3项, 共三项, 透析等2项.
    private static func givesCount(_ item: String) -> Bool {
        guard let counter = item.last, counters.contains(counter) else { return false }
        let head = item.dropLast()
        let number = head.reversed().prefix { isDigit($0) || chineseDigits.contains($0) }
        guard !number.isEmpty else { return false }
        let words = head.dropLast(number.count)
        return words.allSatisfy { "共约有计 ".contains($0) } || counter == "项"
    }

    private static func isDigit(_ letter: Character) -> Bool { letter.isWholeNumber && !chineseDigits.contains(letter) }
}

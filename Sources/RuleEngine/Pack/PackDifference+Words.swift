import CareDomain

extension PackDifference.Change {
    /// What was put in place of what in two texts of the same form, each pair once: `49` by `50` in an expression of many
    /// lines. Empty where they differ in form, or in more than a few places.
    package var replacements: [Replacement] {
        guard let before, let after else { return [] }
        let (old, new) = (Self.words(before), Self.words(after))
        guard old.count == new.count else { return [] }
        var found: [Replacement] = []
        for (one, other) in zip(old, new) where one != other {
            let pair = Replacement(before: one, after: other)
            if !found.contains(pair) { found.append(pair) }
        }
        let areShort = found.allSatisfy { max($0.before.count, $0.after.count) <= 40 }
        return found.count <= 3 && areShort ? found : []
    }

    /// A word or figure in place of another.
    package struct Replacement: Hashable, Sendable {
        package let before: String
        package let after: String
    }

    /// Names, figures and quoted texts as a whole, everything else sign by sign, without blanks.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        func isWord(_ sign: Character) -> Bool { sign.isLetter || sign.isNumber || sign == "_" || sign == "." }
        for sign in text {
            if let open = quote {
                word.append(sign)
                if sign == open { quote = nil }
                continue
            }
            if !isWord(sign), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if sign == "'" || sign == "\"" {
                quote = sign
                word.append(sign)
            } else if isWord(sign) {
                word.append(sign)
            } else if !sign.isWhitespace {
                words.append(String(sign))
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}

extension PackDifference {
    /// The title of a condition, a warning or the circle of a clause, by the field of a change; nil for other fields.
    static func title(_ part: Part, _ id: String, _ field: String, in pack: RulePack) -> Wording? {
        switch part {
        case .rule:
            guard let rule = pack.rules.first(where: { $0.clause.rawValue == id }) else { return nil }
            if field == "who" { return rule.who?.title }
            return rule.conditions.first { field == "conditions.\($0.id)" }?.title
                ?? rule.warnings.first { field == "warnings.\($0.id)" }?.title
        case .definition: return pack.definitions.first { $0.id.rawValue == id }?.title
        case .parameter: return pack.parameters.first { $0.id.rawValue == id }?.title
        case .reading: return pack.readings.first { $0.id.rawValue == id }?.title
        default: return nil
        }
    }
}

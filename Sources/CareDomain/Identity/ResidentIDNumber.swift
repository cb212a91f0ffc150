/// A resident ID number of 18 characters whose check digit and birth date hold.
///
/// - Source: GB 11643-1999 公民身份号码
package struct ResidentIDNumber: Hashable, Sendable {
    /// Why a text is not such a number.
    package enum Problem: Error, Hashable, Sendable {
        case length(Int)
        /// An old number of 15 digits: the present one of 18 is needed.
        case oldForm
        /// Not a digit, at this place counted from 1.
        case character(place: Int)
        case birthDate
        case checkDigit
    }

    /// The 18 characters, X in capital. Stands only in sealed parts.
    package let digits: String
    package let birthDate: CivilDay
    package let sex: Sex
    /// Division of first registration, six digits; not necessarily a code in use today.
    package var divisionDigits: String { String(digits.prefix(6)) }

    /// Reads a number; spaces around it are ignored, a small x is taken as X, and full-width characters (０–９, Ｘ) as
    /// plain ones, since spreadsheets hold all of them.
    package init(_ text: some StringProtocol) throws(Problem) {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{3000}" || $0 == "\u{A0}" }
        let trimmed = text.unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        var characters = trimmed.map(Self.plain)
        if characters.count == 15, characters.allSatisfy({ (48...57).contains($0) }) { throw .oldForm }
        guard characters.count == 18 else { throw .length(characters.count) }
        if characters[17] == UInt8(ascii: "x") { characters[17] = UInt8(ascii: "X") }
        for place in 0..<18 where !(48...57).contains(characters[place]) {
            guard place == 17, characters[17] == UInt8(ascii: "X") else { throw .character(place: place + 1) }
        }
        let values = characters.map { Int($0) - 48 }
        func number(_ range: Range<Int>) -> Int { values[range].reduce(0) { $0 * 10 + $1 } }
        guard let birthDate = CivilDay(year: number(6..<10), month: number(10..<12), day: number(12..<14)),
            birthDate.year >= 1800
        else { throw .birthDate }
        guard Self.checkCharacter(values[0..<17]) == characters[17] else { throw .checkDigit }
        self.digits = String(decoding: characters, as: UTF8.self)
        self.birthDate = birthDate
        self.sex = values[16] % 2 == 0 ? .female : .male
    }

    /// The number of 18 characters that belongs to an old one of 15 (issued until 1999): the century 19 is put into the
    /// birth date and the check character after it. A proposal for somebody to confirm, not proof of the number.
    package static func upgrading(oldForm text: some StringProtocol) -> ResidentIDNumber? {
        let digits = text.utf8.filter { $0 != 32 }.map { Int($0) - 48 }
        guard digits.count == 15, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let body = digits[0..<6] + [1, 9] + digits[6...]
        let characters = body.map { UInt8($0 + 48) } + [checkCharacter(body)]
        return try? ResidentIDNumber(String(decoding: characters, as: UTF8.self))
    }

    /// One byte for a character that may stand in a number, 0 for any other.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x21...0x7E: UInt8(scalar.value)
        case 0xFF01...0xFF5E: UInt8(scalar.value - 0xFEE0)
        default: 0
        }
    }

    /// The check character of 17 digits by ISO 7064 MOD 11-2.
    package static func checkCharacter(_ digits: some Collection<Int>) -> UInt8 {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }
}

extension ResidentIDNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// First four and last four characters only: `4310…001X`.
    package var description: String { "\(digits.prefix(4))…\(digits.suffix(4))" }
    /// As `description`: debuggers, assertion messages and test failures must not show the number either.
    package var debugDescription: String { description }
    /// As `description`, for `dump` and for values that hold a number.
    package var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}

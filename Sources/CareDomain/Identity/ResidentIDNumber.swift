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

    /// Reads a number; spaces around it are ignored and a small x is taken as X.
    package init(_ text: some StringProtocol) throws(Problem) {
        var characters = Array(text.utf8)
        while characters.first == 32 { characters.removeFirst() }
        while characters.last == 32 { characters.removeLast() }
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

    /// The check character of 17 digits by ISO 7064 MOD 11-2.
    package static func checkCharacter(_ digits: some Collection<Int>) -> UInt8 {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return Array("10X98765432".utf8)[sum % 11]
    }
}

extension ResidentIDNumber: CustomStringConvertible {
    /// First four and last four characters only: `4310…001X`.
    package var description: String { "\(digits.prefix(4))…\(digits.suffix(4))" }
}

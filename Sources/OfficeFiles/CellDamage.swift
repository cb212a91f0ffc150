/// What a spreadsheet program does to long numbers, recognised before it is taken for data.
package enum CellDamage: String, Sendable {
    /// `3.70305E+17`: the digits are lost, the cell must be typed again as text.
    case scientificNotation
    /// Seventeen or more digits that end in zeros only after the fifteenth: rounded by the spreadsheet.
    case roundedDigits

    /// The damage a cell shows, or nil. Both signs can occur in honest text, so the caller asks only for cells that
    /// should hold an ID, phone, account or archive number.
    package static func inspect(_ cell: String) -> CellDamage? {
        let text = Array(CSVTable.trimmed(cell).utf8)
        if isScientific(text) { return .scientificNotation }
        if text.count >= 17, text.allSatisfy({ (0x30...0x39).contains($0) }),
            text[15...].allSatisfy({ $0 == 0x30 })
        {
            return .roundedDigits
        }
        return nil
    }

    /// What to tell the person who typed the file, in Chinese.
    package var chinese: String {
        switch self {
        case .scientificNotation: "号码被表格软件改成了科学计数法，请把这一列设为文本格式后重新输入"
        case .roundedDigits: "号码末几位被表格软件改成了 0，请把这一列设为文本格式后重新输入"
        }
    }

    /// What to tell the person who typed the file, in English.
    package var english: String {
        switch self {
        case .scientificNotation: "the spreadsheet turned the number into scientific notation; make the column text"
        case .roundedDigits: "the spreadsheet turned the last digits into zeros; make the column text"
        }
    }

    /// Digits, a point, digits, E, a sign or none, digits.
    private static func isScientific(_ text: [UInt8]) -> Bool {
        guard let mark = text.firstIndex(where: { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "e") }) else {
            return false
        }
        let mantissa = text[..<mark]
        var exponent = text[(mark + 1)...]
        if exponent.first == UInt8(ascii: "+") { exponent = exponent.dropFirst() }
        return mantissa.first.map { (0x30...0x39).contains($0) } == true
            && mantissa.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            && (1...3).contains(exponent.count) && exponent.allSatisfy { (0x30...0x39).contains($0) }
    }
}

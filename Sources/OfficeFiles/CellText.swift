/// What an office meant by a cell that a spreadsheet or an input method dressed up.
package enum CellText {
    /// The text with full-width letters, digits and signs (Ｆ２３) as plain ones, and full-width spaces as spaces.
    package static func narrowed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "\u{3000}" || (0xFF01...0xFF5E).contains($0.value) }) else {
            return text
        }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case 0x3000: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// A number, day, code or label as it was meant: `'4310…`, `="4310…"` and `４３１０…` are 4310…. Only for cells that hold
    /// no free text.
    package static func plain(_ cell: String) -> String {
        var text = CSVTable.trimmed(narrowed(cell))
        if text.hasPrefix("=\""), text.hasSuffix("\""), text.count > 3 { text = String(text.dropFirst(2).dropLast()) }
        if text.first == "'", text.count > 1 { text.removeFirst() }
        return CSVTable.trimmed(text)
    }

    /// The text of a day without what a program or a typist puts around it: 2014-03-01 00:00:00 and 2014 年 3 月 1 日 are
    /// 2014-03-01 and 2014年3月1日. Another hour stays, and so does what parts two numbers: nobody's day is guessed.
    package static func day(_ cell: String) -> String {
        let text = plain(cell)
        let midnight = text.firstMatch(of: /[ T]0?0:00(:00(\.0+)?)?$/)
        let pieces = (midnight.map { text[..<$0.range.lowerBound] } ?? text[...]).split(whereSeparator: \.isWhitespace)
        return pieces.reduce(into: "") { day, piece in
            let areNumbers = day.last?.isWholeNumber == true && piece.first?.isWholeNumber == true
            day += areNumbers ? "-\(piece)" : piece
        }
    }
}

import CareDomain

/// Values of facts and parameters as people write them in packs, scenarios and facts files.
package enum FactValueText {
    /// Reads a value of the type; sums in whole fen, or in yuan with at most two decimals when the unit says so.
    package static func parse(_ text: String, as type: FactType, unit: String?) -> FactValue? {
        switch type {
        case .bool: Bool(text).map(FactValue.bool)
        case .int(let range): Int64(text).flatMap { range.contains($0) ? .int($0) : nil }
        case .decimal: DecimalText.thousandths(text).map { .decimal(thousandths: $0) }
        case .code(let codes): Code(text).flatMap { codes.contains($0) ? .code($0) : nil }
        case .date: CivilDay(parsing: text).map(FactValue.day)
        case .money: fen(text, unit: unit).map(FactValue.money)
        case .reference: text.isEmpty ? nil : .reference(text)
        case .division: DivisionCode(text).map { .reference($0.rawValue) }
        }
    }

    /// The value as it is written; sums in yuan.
    package static func text(_ value: FactValue) -> String {
        switch value {
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .decimal(let thousandths): DecimalText.text(thousandths)
        case .code(let code): code.rawValue
        case .day(let day): "\(day)"
        case .money(let fen): "\(fen)"
        case .reference(let text): text
        }
    }

    private static func fen(_ text: String, unit: String?) -> Fen? {
        guard let thousandths = DecimalText.thousandths(text) else { return nil }
        let scale: Int64 = unit == "yuan" ? 10 : 1000
        return thousandths % scale == 0 ? Fen(thousandths / scale) : nil
    }
}

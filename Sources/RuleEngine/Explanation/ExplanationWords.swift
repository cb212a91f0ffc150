import CareDomain

extension Wording {
    /// The text with `{day}` filled in.
    func filled(_ day: CivilDay) -> Wording {
        Wording(Self.replace(chinese, day), Self.replace(english, day))
    }

    private static func replace(_ text: String, _ day: CivilDay) -> String {
        let parts = text.split(separator: "{day}", omittingEmptySubsequences: false)
        return parts.joined(separator: "\(day)")
    }
}

extension AmountType {
    /// The word for how binding a figure is.
    package var wording: Wording {
        switch self {
        case .exact: Wording("标准", "standard")
        case .inPrinciple: Wording("原则上的标准", "standard in principle")
        case .floor: Wording("不低于", "at least")
        case .ceiling: Wording("不超过", "at most")
        case .formula: Wording("计算结果", "computed")
        case .parameter: Wording("参数标准", "standard set by parameter")
        case .none: Wording("无金额", "no sum")
        }
    }
}

extension FactDefinition {
    /// A value in words.
    func wording(_ value: Value?) -> Wording {
        switch value {
        case nil: Wording("无记录", "nothing on record")
        case .bool(let flag): flag ? Wording("是", "yes") : Wording("否", "no")
        case .int(let number): Wording("\(number)", "\(number)")
        case .decimal(let number): Wording(DecimalText.text(number), DecimalText.text(number))
        case .day(let day): Wording("\(day)", "\(day)")
        case .money(let fen): Wording("\(fen) 元", "\(fen) yuan")
        case .string(let code): labels[Code(unchecked: code)] ?? Wording(code, code)
        default: Wording("？", "?")
        }
    }
}

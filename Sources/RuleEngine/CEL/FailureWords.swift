import CareDomain

/// Why a part of an expression gave no value, in words: what was divided by zero, which day does not exist.
struct FailureWords {
    let operation: Operation
    let error: EvaluationError
    /// What the part was given; nil = not known.
    let given: [Value?]

    /// What went wrong: 除以零（5 ÷ 0）.
    var why: Wording {
        switch operation {
        case .call(let builtin, _): call(builtin)
        case .select(_, let field): Wording("没有键 \(field)", "there is no key \(field)")
        case .map where error == .invalidArgument:
            Wording("映射的键不是真假值、整数或文字", "a key of the map is no bool, int, uint or string")
        case .map where error == .repeatedKey: Wording("映射里同一个键出现两次", "a key of the map stands twice")
        case .periodStart: Wording("移到了公元 1 至 9999 年之外", "it goes outside the years 1 to 9999")
        default: plain
        }
    }

    /// What the author of the expression can do about it.
    var advice: Wording {
        switch (operation, error) {
        case (.call(.date, _), .invalidArgument):
            Wording("写一个存在的日期，如 care.date('2014-07-16')", "write a day that there is, such as care.date('2014-07-16')")
        case (.call(.withinDivision, _), .invalidArgument):
            Wording("写 6、9 或 12 位区划代码", "write a division code of 6, 9 or 12 digits")
        case (.call(.decimal, _), .invalidArgument):
            Wording(
                "写至多三位小数的数，如 care.decimal('20.5')", "write a number of at most three decimals: care.decimal('20.5')")
        case (_, .divideByZero), (_, .modulusByZero): Wording("改正除数", "correct the divisor")
        case (_, .indexOutOfRange), (_, .noSuchKey): Wording("改正下标或键", "correct the place or the key")
        default: Wording("改正这里的常数", "correct the constant here")
        }
    }

    private var plain: Wording {
        switch error {
        case .divideByZero, .modulusByZero: Wording("除以零", "division by zero")
        case .stepLimit:
            Wording(
                "计算超过 \(ExpressionLimits.steps) 步（一户的人或事件太多，或表达式太繁）",
                "it takes more than \(ExpressionLimits.steps) steps: too many people or incidents, or too much to work out"
            )
        default: error.wording
        }
    }

    private func call(_ builtin: Builtin) -> Wording {
        switch (builtin, error) {
        case (_, .noSuchOverload) where given.allSatisfy({ $0 != nil }):
            let types = given.compactMap { $0?.typeName }.joined(separator: ", ")
            return Wording("类型不符：\(builtin.rawValue) 不能用于 (\(types))", "\(builtin.rawValue) does not take (\(types))")
        case (_, .noSuchOverload): return plain
        case (.date, _): return day
        case (.withinDivision, _): return division
        case (.divide, _): return arithmetic("除以零", "division by zero", "÷", "/")
        case (.modulo, .modulusByZero): return arithmetic("除以零（求余）", "remainder of a division by zero", "÷", "%")
        case (.percent, .divideByZero): return Wording("百分比的整体是零", "the whole of a percentage is zero")
        case (.percent, .invalidArgument): return Wording("百分比的整体小于零", "the whole of a percentage is below zero")
        case (.share, .divideByZero): return Wording("份额的总份数是零", "the whole of a share is zero")
        case (.share, .invalidArgument): return Wording("份额的总份数小于零", "the whole of a share is below zero")
        case (.index, .indexOutOfRange): return place
        case (.index, _):
            return given.last.flatMap { $0 }.map { Wording("没有键 \(Self.text($0))", "there is no key \(Self.text($0))") }
                ?? plain
        case (.addDays, _), (.addMonths, _), (.birthday, _): return shift(builtin)
        case (.add, _), (.subtract, _), (.multiply, _):
            let signs: [Builtin: String] = [.add: "+", .subtract: "−", .multiply: "×"]
            return arithmetic("数字太大", "the number is too large", signs[builtin] ?? "", builtin.rawValue)
        case (_, .invalidArgument) where given.count == 1: return conversion(builtin)
        case (_, .overflow) where given.count == 1:
            let what = given[0].map(Self.text) ?? ""
            return Wording("\(builtin.rawValue)：数字太大 \(what)", "\(builtin.rawValue): the number is too large \(what)")
        default: return plain
        }
    }

    private var day: Wording {
        guard case .string(let text)? = given.first ?? nil else { return Wording("不是日期", "it is no day") }
        let short = Self.clipped(text)
        let isShaped = text.utf8.count == 10 && text.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 }
        return isShaped
            ? Wording("日期 \(short) 不存在", "there is no day \(short)")
            : Wording("“\(short)” 不是日期", "“\(short)” is no day")
    }

    private var division: Wording {
        for case .string(let text)? in given where DivisionCode(text) == nil {
            return Wording("“\(Self.clipped(text))” 不是区划代码", "“\(Self.clipped(text))” is no division code")
        }
        return plain
    }

    private var place: Wording {
        guard case .some(let index)? = given.last else { return plain }
        let number = Self.text(index)
        guard case .list(let items)?? = given.first else {
            return Wording("下标越界：没有第 \(number) 项（从 0 数起）", "no element \(number) (counted from 0)")
        }
        return Wording(
            "下标越界：列表只有 \(items.count) 项，没有第 \(number) 项（从 0 数起）",
            "the list has \(items.count) elements, none is number \(number) (counted from 0)")
    }

    private func arithmetic(_ chinese: String, _ english: String, _ sign: String, _ symbol: String) -> Wording {
        guard given.count == 2, let one = given[0], let two = given[1] else { return Wording(chinese, english) }
        let (left, right) = (Self.text(one), Self.text(two))
        return Wording("\(chinese)（\(left) \(sign) \(right)）", "\(english) (\(left) \(symbol) \(right))")
    }

    private func shift(_ builtin: Builtin) -> Wording {
        let count = given.last.flatMap { $0 }.map(Self.text) ?? ""
        return switch builtin {
        case .addDays: Wording("移动的天数太多：\(count)", "too many days: \(count)")
        case .addMonths: Wording("移动的月数太多：\(count)", "too many months: \(count)")
        default: Wording("岁数太大：\(count)", "too many years: \(count)")
        }
    }

    private func conversion(_ builtin: Builtin) -> Wording {
        guard let value = given[0] else { return plain }
        let what = Self.text(value)
        return Wording("\(what) 不能转换为 \(builtin.rawValue)", "\(what) cannot be made a value of \(builtin.rawValue)")
    }

    // MARK: Values

    /// A value for people, short.
    private static func text(_ value: Value) -> String {
        switch value {
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .uint(let number): "\(number)u"
        case .double(let number): "\(number)"
        case .string(let text): "“\(clipped(text))”"
        case .decimal(let number): DecimalText.text(number)
        case .day(let day): "\(day)"
        case .money(let fen): "\(fen)"
        case .list(let items): "[\(items.count)]"
        default: value.typeName
        }
    }

    private static func clipped(_ text: String) -> String { text.count > 40 ? "\(text.prefix(40))…" : text }
}

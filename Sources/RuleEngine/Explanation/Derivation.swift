import CareDomain

/// 推算: how a computed sum comes about, from the inside out: each derived figure in its own line, the sum last.
struct Derivation {
    private var run: PackRun
    private let day: CivilDay
    /// Lines so far, each once.
    private(set) var lines: [Wording] = []

    /// - Parameter day: the day whose facts and parameters count.
    init(_ run: PackRun, on day: CivilDay) {
        self.run = run
        self.day = day
    }

    /// Adds the lines of an expression; none where it is a plain figure of the pack.
    mutating func add(_ expression: CheckedExpression, _ entity: Int) {
        let frame = Frame(expression: expression, entity: entity)
        let node = chosen(expression.root, frame)
        switch expression.nodes[node].operation {
        case .derived: _ = term(node, frame)
        case .fact, .parameter: add(term(node, frame).text)
        default:
            guard !isPlain(node, frame) else { return }
            state(term(node, frame).text, value(node, frame))
        }
    }

    /// An expression and whom it is asked for.
    private struct Frame {
        let expression: CheckedExpression
        let entity: Int
    }

    /// A part of a calculation in words.
    private struct Term {
        let text: Wording
        /// Whether it needs brackets beside a sign that binds more strongly.
        var isSum = false
    }

    private mutating func value(_ node: Int, _ frame: Frame) -> Value {
        run.part(node, of: frame.expression, frame.entity, on: day)
    }

    /// The branch that counts on the day.
    private mutating func chosen(_ node: Int, _ frame: Frame) -> Int {
        var node = node
        while case .conditional(let test, let yes, let no) = frame.expression.nodes[node].operation,
            case .bool(let flag) = value(test, frame)
        {
            node = flag ? yes : no
        }
        return node
    }

    private mutating func state(_ text: Wording, _ value: Value) {
        let result = Self.words(value)
        add(Wording("\(text.chinese) = \(result.chinese)", "\(text.english) = \(result.english)"))
    }

    private mutating func add(_ line: Wording) {
        if !lines.contains(line) { lines.append(line) }
    }

    /// A figure that stands in the pack as it is.
    private func isPlain(_ node: Int, _ frame: Frame) -> Bool {
        switch frame.expression.nodes[node].operation {
        case .constant: true
        case .call(let builtin, let operands) where [.yuan, .fen, .decimal].contains(builtin):
            operands.allSatisfy { isPlain($0, frame) }
        case .call(let builtin, _): !Self.told.contains(builtin)
        default: true
        }
    }

    /// What is told with its operands; anything else by its value.
    private static let told: Set<Builtin> = [
        .add, .subtract, .multiply, .divide, .share, .percent, .least, .greatest, .thousandths, .floor,
    ]

    // MARK: Parts

    private mutating func term(_ node: Int, _ frame: Frame) -> Term {
        let node = chosen(node, frame)
        switch frame.expression.nodes[node].operation {
        case .fact(_, let fact):
            let definition = run.view.vocabulary.facts[fact]
            return named(definition.title, Self.words(value(node, frame)))
        case .parameter(let parameter, _):
            return named(run.pack.parameters[parameter].title, Self.words(value(node, frame)))
        case .derived(let entity, let index): return derived(node, entity, index, frame)
        case .call(let builtin, let operands) where Self.told.contains(builtin):
            return call(builtin, operands, frame)
        default: return Term(text: Self.words(value(node, frame)))
        }
    }

    private func named(_ title: Wording, _ value: Wording) -> Term {
        Term(text: Wording("\(title.chinese) \(value.chinese)", "\(title.english) \(value.english)"))
    }

    /// A derived figure: its own line first, then its name and value.
    private mutating func derived(_ node: Int, _ entity: Int, _ index: Int, _ frame: Frame) -> Term {
        let result = value(node, frame)
        let title = run.pack.definitions[index].title
        let words = Self.words(result)
        guard case .entity(let subject) = value(entity, frame) else { return named(title, words) }
        let inner = Frame(expression: run.pack.definitions[index].expression, entity: subject)
        let root = chosen(inner.expression.root, inner)
        let text = term(root, inner).text
        if text == words {
            add(Wording("\(title.chinese)：\(words.chinese)", "\(title.english): \(words.english)"))
        } else {
            add(
                Wording(
                    "\(title.chinese)：\(text.chinese) = \(words.chinese)",
                    "\(title.english): \(text.english) = \(words.english)"))
        }
        return named(title, words)
    }

    private mutating func call(_ builtin: Builtin, _ operands: [Int], _ frame: Frame) -> Term {
        let values = operands.map { value($0, frame) }
        if builtin == .share { return share(operands, values, frame) }
        let terms = operands.map { term($0, frame) }
        switch builtin {
        case .add: return Self.joined(terms, "+", isSum: true)
        case .subtract: return Self.joined([terms[0], Self.bracketed(terms[1])], "−", isSum: true)
        case .multiply:
            var product = Self.joined(terms.map(Self.bracketed), "×", isSum: false)
            if Self.isRounded(values) { product = Self.rounded(product) }
            return product
        case .divide, .percent:
            let quotient = Self.joined(terms.map(Self.bracketed), "÷", isSum: false)
            return quotient
        case .least, .greatest:
            let (one, two) = (terms[0].text, terms[1].text)
            return builtin == .least
                ? Term(
                    text: Wording(
                        "“\(one.chinese)”与“\(two.chinese)”取小",
                        "the lesser of \(one.english) and \(two.english)"))
                : Term(
                    text: Wording(
                        "“\(one.chinese)”与“\(two.chinese)”取大",
                        "the greater of \(one.english) and \(two.english)"))
        case .thousandths: return Self.joined([Self.bracketed(terms[0]), Self.thousand], "×", isSum: false)
        case .floor:
            let inner = terms[0].text
            return Term(text: Wording("\(inner.chinese) 取整", "\(inner.english), whole"))
        default: return Term(text: terms[0].text)
        }
    }

    /// A sum times a ratio; a ratio to a power of ten reads as a percentage.
    private mutating func share(_ operands: [Int], _ values: [Value], _ frame: Frame) -> Term {
        let terms = operands.map { Self.bracketed(term($0, frame)) }
        guard case .money(let sum) = values[0], case .int(let parts) = values[1], case .int(let whole) = values[2],
            whole > 0
        else { return Self.joined(terms, "×", isSum: false) }
        var product: Term
        if let percent = Self.percent(parts, of: whole) {
            product = Self.joined([terms[0], Term(text: Wording(percent, percent))], "×", isSum: false)
        } else {
            let ratio = Self.joined(Array(terms[1...]), "÷", isSum: false)
            product = Self.joined([terms[0], ratio], "×", isSum: false)
        }
        let exact = sum.amount.magnitude.multipliedFullWidth(by: parts.magnitude)
        if exact.high >= whole.magnitude || whole.magnitude.dividingFullWidth(exact).remainder != 0 {
            product = Self.rounded(product)
        }
        return product
    }

    /// `47.5%`, where the whole is a power of ten and nothing is lost.
    private static func percent(_ parts: Int64, of whole: Int64) -> String? {
        var unit = whole
        while unit > 1, unit % 10 == 0 { unit /= 10 }
        guard unit == 1, whole >= 100 else { return nil }
        let (scaled, overflow) = parts.multipliedReportingOverflow(by: 100_000)
        guard !overflow, scaled % whole == 0 else { return nil }
        return DecimalText.text(scaled / whole) + "%"
    }

    // MARK: Words

    private static let thousand = Term(text: Wording("1000", "1000"))

    private static func joined(_ terms: [Term], _ sign: String, isSum: Bool) -> Term {
        Term(
            text: Wording(
                terms.map(\.text.chinese).joined(separator: " \(sign) "),
                terms.map(\.text.english).joined(separator: " \(sign) ")), isSum: isSum)
    }

    private static func bracketed(_ term: Term) -> Term {
        term.isSum ? Term(text: Wording("(\(term.text.chinese))", "(\(term.text.english))")) : term
    }

    private static func rounded(_ term: Term) -> Term {
        Term(
            text: Wording("\(term.text.chinese)（四舍五入到分）", "\(term.text.english) (half up to the fen)"),
            isSum: term.isSum)
    }

    /// Whether money times a decimal number does not end on a whole fen.
    private static func isRounded(_ values: [Value]) -> Bool {
        var (sum, factor): (Fen?, Int64?)
        for value in values {
            switch value {
            case .money(let fen): sum = fen
            case .decimal(let thousandths): factor = thousandths
            default: break
            }
        }
        guard let sum, let factor else { return false }
        let product = sum.amount.magnitude.multipliedFullWidth(by: factor.magnitude)
        return product.high >= 1000 || UInt64(1000).dividingFullWidth(product).remainder != 0
    }

    /// A value of a calculation in words.
    static func words(_ value: Value) -> Wording {
        switch value {
        case .money(let fen): Wording("\(fen) 元", "\(fen) yuan")
        case .int(let number): Wording("\(number)", "\(number)")
        case .decimal(let number): Wording(DecimalText.text(number), DecimalText.text(number))
        case .day(let day): Wording("\(day)", "\(day)")
        case .bool(let flag): flag ? Wording("是", "yes") : Wording("否", "no")
        case .string(let text): Wording(text, text)
        case .unknown: Wording("未知", "unknown")
        default: Wording("？", "?")
        }
    }
}

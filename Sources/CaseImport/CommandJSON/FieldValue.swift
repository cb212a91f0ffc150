import CareDomain

/// A value that is written as one JSON text, number or truth value.
protocol FieldValue {
    /// What should stand there, in words.
    static var expected: ExpectedForm { get }
    /// The same, of a node that is something else, with why it is.
    static func expected(insteadOf node: JSONNode) -> ExpectedForm
    /// The value a node stands for; nil when it is of another form.
    init?(node: JSONNode)
    func write(to writer: inout JSONWriter)
}

extension FieldValue {
    static func expected(insteadOf node: JSONNode) -> ExpectedForm { expected }
}

/// A value that is written as one text.
protocol TextFieldValue: FieldValue {
    init?(fieldText text: String)
    var fieldText: String { get }
}

extension TextFieldValue {
    init?(node: JSONNode) {
        guard case .text(let text) = node else { return nil }
        self.init(fieldText: text)
    }

    func write(to writer: inout JSONWriter) { writer.write(fieldText) }
}

extension String: TextFieldValue {
    static var expected: ExpectedForm { .text }
    init?(fieldText text: String) {
        guard !text.isEmpty else { return nil }
        self = text
    }
    var fieldText: String { self }
}

extension Bool: FieldValue {
    static var expected: ExpectedForm { .flag }
    init?(node: JSONNode) {
        guard case .bool(let value) = node else { return nil }
        self = value
    }
    func write(to writer: inout JSONWriter) { writer.write(self) }
}

extension Int: FieldValue {
    static var expected: ExpectedForm { .number }
    init?(node: JSONNode) {
        guard case .int(let value) = node else { return nil }
        self.init(exactly: value)
    }
    func write(to writer: inout JSONWriter) { writer.write(Int64(self)) }
}

extension CivilDay: TextFieldValue {
    static var expected: ExpectedForm { .day }
    static func expected(insteadOf node: JSONNode) -> ExpectedForm {
        guard case .text(let text) = node, let missing = NoSuchDay(parsing: text) else { return .day }
        return ExpectedForm("有的一天：\(missing.chinese)", "a day that there is: \(missing.english)")
    }
    /// Only `2014-07-16`: programs have no reason to write days in any other way.
    init?(fieldText text: String) {
        var number = 0
        var place = 0
        for byte in text.utf8 {
            switch (place, byte) {
            case (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")): break
            case (0...3, 48...57), (5...6, 48...57), (8...9, 48...57): number = number * 10 + Int(byte) - 48
            default: return nil
            }
            place += 1
        }
        guard place == 10 else { return nil }
        self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }
    var fieldText: String { description }
}

extension CodeValue where Self: TextFieldValue {
    static var expected: ExpectedForm { .code }
    init?(fieldText text: String) { self.init(text) }
    var fieldText: String { rawValue }
}

extension Code: TextFieldValue {}
extension DepartmentID: TextFieldValue {}
extension FactID: TextFieldValue {}
extension PairingKind: TextFieldValue {}

extension TypedIdentifier where Self: TextFieldValue {
    static var expected: ExpectedForm { .identifier }
    init?(fieldText text: String) { self.init(text) }
    var fieldText: String { description }
}

extension CommandID: TextFieldValue {}
extension HouseholdID: TextFieldValue {}
extension PersonToken: TextFieldValue {}

extension DivisionCode: TextFieldValue {
    static var expected: ExpectedForm { .division }
    init?(fieldText text: String) { self.init(text) }
    var fieldText: String { rawValue }
}

extension ClauseID: TextFieldValue {
    static var expected: ExpectedForm { .clause }
    init?(fieldText text: String) { self.init(text) }
    var fieldText: String { rawValue }
}

extension RawRepresentable where Self: TextFieldValue & CaseIterable, RawValue == String {
    static var expected: ExpectedForm { .oneOf(allCases.map(\.rawValue)) }
    init?(fieldText text: String) { self.init(rawValue: text) }
    var fieldText: String { rawValue }
}

extension Sex: TextFieldValue {}
extension Area: TextFieldValue {}
extension MemberRole: TextFieldValue {}

extension HouseholdMoved.Kind: TextFieldValue {
    static var expected: ExpectedForm { .oneOf(["registration", "residence"]) }
    init?(fieldText text: String) {
        switch text {
        case "registration": self = .registration
        case "residence": self = .residence
        default: return nil
        }
    }
    var fieldText: String { self == .registration ? "registration" : "residence" }
}

extension FactValue: FieldValue {
    static var expected: ExpectedForm { .factValue }

    init?(node: JSONNode) {
        switch node {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .object(let members):
            guard members.count == 1, let value = FactValue(tagged: members[0]) else { return nil }
            self = value
        default: return nil
        }
    }

    private init?(tagged member: JSONMember) {
        switch (member.key, member.value) {
        case ("code", let node):
            guard let code = Code(node: node) else { return nil }
            self = .code(code)
        case ("day", let node):
            guard let day = CivilDay(node: node) else { return nil }
            self = .day(day)
        case ("fen", .int(let amount)): self = .money(Fen(amount))
        case ("decimal", .text(let text)):
            guard let thousandths = Self.thousandths(text) else { return nil }
            self = .decimal(thousandths: thousandths)
        case ("reference", .text(let text)) where !text.isEmpty: self = .reference(text)
        default: return nil
        }
    }

    /// `-15.25` as -15250; at most three digits after the point.
    static func thousandths(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = (isNegative ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...15).contains(parts[0].utf8.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...3).contains(fraction.utf8.count),
            (parts[0].utf8 + Array(fraction.utf8)).allSatisfy({ (48...57).contains($0) }),
            let whole = Int64(parts[0]),
            let rest = Int64(fraction + String(repeating: "0", count: 3 - fraction.utf8.count))
        else { return nil }
        return (isNegative ? -1 : 1) * (whole * 1000 + rest)
    }

    /// -15250 as `-15.25`.
    static func decimalText(_ thousandths: Int64) -> String {
        var fraction = String(thousandths.magnitude % 1000 + 1000).dropFirst()
        while fraction.hasSuffix("0") { fraction = fraction.dropLast() }
        let whole = "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000)"
        return fraction.isEmpty ? whole : "\(whole).\(fraction)"
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .bool(let value): return writer.write(value)
        case .int(let value): return writer.write(value)
        default: break
        }
        writer.openObject()
        switch self {
        case .bool, .int: break
        case .code(let code):
            writer.key("code")
            writer.write(code.rawValue)
        case .day(let day):
            writer.key("day")
            writer.write(day.description)
        case .money(let fen):
            writer.key("fen")
            writer.write(fen.amount)
        case .decimal(let thousandths):
            writer.key("decimal")
            writer.write(Self.decimalText(thousandths))
        case .reference(let text):
            writer.key("reference")
            writer.write(text)
        }
        writer.closeObject()
    }
}

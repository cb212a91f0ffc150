import CareDomain
import RuleEngine
import ServiceKit

/// Values of parameters as people type and read them.
enum ParameterText {
    /// The value that a text stands for.
    /// - Throws: `Failure` with what was expected.
    static func value(_ text: String, of definition: ParameterDefinition) throws(Failure) -> FactValue {
        // A figure below zero is read, so that the parameter's own range can be named.
        let isBelowZero = text.hasPrefix("-") && text.count > 1
        let plain = isBelowZero ? String(text.dropFirst()) : text
        let parsed = value(plain, definition.type, unit: definition.unit)
        guard let value = isBelowZero ? parsed.flatMap(negated) : parsed else {
            throw Failure(
                6174,
                UserText(
                    zh: "\(definition.id) 的值应为\(expected(definition).zh)",
                    en: "the value of \(definition.id) must be \(expected(definition).en)"), exit: .usage)
        }
        return value
    }

    /// The value of a fact that a text stands for; money in yuan.
    /// - Throws: `Failure` with what was expected.
    static func value(_ text: String, of fact: FactDefinition) throws(Failure) -> FactValue {
        if let value = value(text, fact.type, unit: nil), fact.accepts(value) { return value }
        let expected = fact.type.values
        throw Failure(
            6174,
            UserText(
                zh: "\(fact.id) 的值应为\(expected.chinese)", en: "the value of \(fact.id) must be \(expected.english)"),
            exit: .usage)
    }

    private static func negated(_ value: FactValue) -> FactValue? {
        switch value {
        case .int(let number): .int(-number)
        case .decimal(let thousandths): .decimal(thousandths: -thousandths)
        case .money(let fen): .money(Fen(-fen.amount))
        default: nil
        }
    }

    private static func value(_ text: String, _ type: FactType, unit: String?) -> FactValue? {
        switch type {
        case .bool: ["true": true, "是": true, "false": false, "否": false][text].map(FactValue.bool)
        case .int(let range): Int64(text).flatMap { range.contains($0) ? .int($0) : nil }
        case .decimal: scaled(text, digits: 3).map { .decimal(thousandths: $0) }
        case .code(let codes): Code(text).flatMap { codes.contains($0) ? .code($0) : nil }
        case .date: CivilDay(parsing: text).map(FactValue.day)
        case .money: (unit == "fen" ? Int64(text) : scaled(text, digits: 2)).map { .money(Fen($0)) }
        case .reference, .division: text.isEmpty ? nil : .reference(text)
        }
    }

    /// `12.5` with three digits is 12500; nil for more digits than that, or anything else.
    static func scaled(_ text: String, digits: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(parts[0]), whole >= 0 else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.count <= digits,
            fraction.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        let scale = (0..<digits).reduce(Int64(1)) { product, _ in product * 10 }
        let padded = fraction + String(repeating: "0", count: digits - fraction.count)
        let (product, overflow) = whole.multipliedReportingOverflow(by: scale)
        let (sum, carry) = product.addingReportingOverflow(Int64(padded) ?? 0)
        return overflow || carry ? nil : sum
    }

    private static func expected(_ definition: ParameterDefinition) -> UserText {
        switch definition.type {
        case .bool: UserText(zh: " true 或 false", en: "true or false")
        case .int(let range): .plain(" \(range.lowerBound)…\(range.upperBound)")
        case .decimal: UserText(zh: "至多三位小数的数", en: "a number with at most three decimals")
        case .code(let codes): .plain(" " + codes.map(\.rawValue).joined(separator: " | "))
        case .date: UserText(zh: "日期", en: "a day")
        case .money:
            definition.unit == "fen"
                ? UserText(zh: "金额（分）", en: "an amount in fen")
                : UserText(zh: "金额（元），如 340.00", en: "yuan, such as 340.00")
        case .reference, .division: UserText(zh: "文字", en: "text")
        }
    }

    /// The value for people.
    static func text(_ value: FactValue) -> String {
        switch value {
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .decimal(let thousandths):
            "\(thousandths / 1000).\(String(thousandths.magnitude % 1000 + 1000).dropFirst())"
        case .code(let code): code.rawValue
        case .day(let day): "\(day)"
        case .money(let fen): "\(fen)"
        case .reference(let text): text
        }
    }
}

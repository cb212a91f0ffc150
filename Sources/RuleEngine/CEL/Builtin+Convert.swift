extension Builtin {
    /// CEL's type conversions.
    func converted(_ value: Value) -> Value {
        switch self {
        case .int: Self.int(value)
        case .uint: Self.uint(value)
        case .double: Self.double(value)
        case .string: Self.string(value)
        case .bytes:
            switch value {
            case .bytes: value
            case .string(let text): .bytes(Array(text.utf8))
            default: .error(.noSuchOverload)
            }
        case .bool: Self.bool(value)
        default: .error(.noSuchOverload)
        }
    }

    private static func int(_ value: Value) -> Value {
        switch value {
        case .int: return value
        case .uint(let number): return Int64(exactly: number).map(Value.int) ?? .error(.overflow)
        case .double(let number):
            // The bounds themselves are out: a double near them no longer tells the neighbours apart.
            return number > -0x1p63 && number < 0x1p63 ? .int(Int64(number)) : .error(.overflow)
        case .string(let text): return Int64(text).map(Value.int) ?? .error(.invalidArgument)
        default: return .error(.noSuchOverload)
        }
    }

    private static func uint(_ value: Value) -> Value {
        switch value {
        case .uint: return value
        case .int(let number): return UInt64(exactly: number).map(Value.uint) ?? .error(.overflow)
        case .double(let number):
            return number >= 0 && number < 0x1p64 ? .uint(UInt64(number)) : .error(.overflow)
        case .string(let text):
            let number = text.utf8.allSatisfy(Lexer.isDigit) ? UInt64(text) : nil
            return number.map(Value.uint) ?? .error(.invalidArgument)
        default: return .error(.noSuchOverload)
        }
    }

    private static func double(_ value: Value) -> Value {
        switch value {
        case .double: value
        case .int(let number): .double(Double(number))
        case .uint(let number): .double(Double(number))
        case .string(let text): double(text).map(Value.double) ?? .error(.invalidArgument)
        default: .error(.noSuchOverload)
        }
    }

    /// A decimal number, or the words for what is none; `Double` itself would also take hexadecimal.
    private static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity", "+Infinity": return .infinity
        case "-Infinity": return -.infinity
        default:
            guard text.utf8.allSatisfy({ Lexer.isDigit($0) || "+-.eE".utf8.contains($0) }) else { return nil }
            return Double(text).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private static func string(_ value: Value) -> Value {
        switch value {
        case .string: return value
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .int(let number): return .string(String(number))
        case .uint(let number): return .string(String(number))
        case .double(let number):
            guard number.isFinite else {
                return .string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
            }
            let text = "\(number)"
            return .string(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        case .bytes(let bytes):
            return String(validating: bytes, as: UTF8.self).map(Value.string) ?? .error(.invalidArgument)
        default: return .error(.noSuchOverload)
        }
    }

    private static func bool(_ value: Value) -> Value {
        switch value {
        case .bool: return value
        case .string(let text):
            if ["true", "TRUE", "True", "t", "1"].contains(text) { return .bool(true) }
            if ["false", "FALSE", "False", "f", "0"].contains(text) { return .bool(false) }
            return .error(.invalidArgument)
        default: return .error(.noSuchOverload)
        }
    }
}

/// Decimal numbers of at most three places as whole thousandths.
package enum DecimalText {
    /// Reads `20`, `20.5`, `-0.125`; nil for anything else, including more than three places.
    package static func thousandths(_ text: some StringProtocol) -> Int64? {
        var rest = Substring(text)
        let negative = rest.hasPrefix("-")
        if negative { rest.removeFirst() }
        let parts = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.count <= 15 else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard (1...3).contains(fraction.count), (whole + fraction).utf8.allSatisfy(Lexer.isDigit) else { return nil }
        let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
        guard let units = Int64(whole), let rest = Int64(padded) else { return nil }
        return (negative ? -1 : 1) * (units * 1000 + rest)
    }

    /// `20`, `20.5`: thousandths without trailing zeros.
    package static func text(_ thousandths: Int64) -> String { text(thousandths, parts: 1000) }

    /// `30.7869`: ten-thousandths without trailing zeros.
    package static func text(tenThousandths: Int64) -> String { text(tenThousandths, parts: 10_000) }

    /// - Parameter parts: a power of ten.
    private static func text(_ number: Int64, parts: UInt64) -> String {
        let magnitude = number.magnitude
        var fraction = String(parts + magnitude % parts).dropFirst()
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let sign = number < 0 ? "-" : ""
        return sign + String(magnitude / parts) + (fraction.isEmpty ? "" : "." + fraction)
    }
}

/// A value of an event as people and programs see it. Keys keep their order, so that the same event is the same text.
package enum ViewValue: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    case text(String)
    case list([ViewValue])
    case object([ViewField])

    /// One line of JSON.
    package var json: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .bool(let value): output += value ? "true" : "false"
        case .int(let value): output += String(value)
        case .text(let value): Self.quote(value, to: &output)
        case .list(let values):
            output += "["
            for (index, value) in values.enumerated() {
                if index > 0 { output += "," }
                value.write(to: &output)
            }
            output += "]"
        case .object(let fields):
            output += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { output += "," }
                Self.quote(field.key, to: &output)
                output += ":"
                field.value.write(to: &output)
            }
            output += "}"
        }
    }

    private static func quote(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{00}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

/// A named value of an event.
package struct ViewField: Hashable, Sendable {
    package let key: String
    package let value: ViewValue

    package init(_ key: String, _ value: ViewValue) {
        self.key = key
        self.value = value
    }
}

/// Collects fields; what is nil is left out.
struct ViewFields {
    private(set) var fields: [ViewField] = []

    mutating func add(_ key: String, _ value: ViewValue?) {
        if let value { fields.append(ViewField(key, value)) }
    }

    mutating func add(_ key: String, _ value: (some CustomStringConvertible)?) {
        if let value { fields.append(ViewField(key, .text(value.description))) }
    }

    mutating func add(_ key: String, _ value: Int?) {
        if let value { fields.append(ViewField(key, .int(Int64(value)))) }
    }

    mutating func add(_ key: String, _ value: Bool?) {
        if let value { fields.append(ViewField(key, .bool(value))) }
    }

    mutating func add(_ key: String, each values: [some CustomStringConvertible]) {
        if !values.isEmpty { fields.append(ViewField(key, .list(values.map { .text($0.description) }))) }
    }

    mutating func add(_ key: String, objects values: [ViewValue]) {
        if !values.isEmpty { fields.append(ViewField(key, .list(values))) }
    }
}

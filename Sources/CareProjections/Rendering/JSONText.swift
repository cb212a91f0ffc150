import CareDomain

/// A JSON value whose keys keep the order in which they were given, so that the same page is the same text.
///
/// Whole numbers only: money is fen, hours are thousandths, days and times are strings.
package enum JSONText: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])

    /// A string, or null.
    package static func optional(_ text: String?) -> JSONText { text.map(JSONText.string) ?? .null }

    /// A sequence of an event.
    package static func sequence(_ sequence: UInt64) -> JSONText { .int(Int64(sequence)) }

    /// The text, without line breaks, or indented by two spaces for people.
    package func text(indented: Bool = false) -> String {
        var output = ""
        write(to: &output, indent: indented ? 0 : nil)
        return output
    }

    private func write(to output: inout String, indent: Int?) {
        switch self {
        case .null: output += "null"
        case .bool(let bool): output += bool ? "true" : "false"
        case .int(let number): output += String(number)
        case .string(let text): Self.quote(text, to: &output)
        case .array(let items):
            Self.list(items.count, "[", "]", &output, indent) { index, output, inner in
                items[index].write(to: &output, indent: inner)
            }
        case .object(let members):
            Self.list(members.count, "{", "}", &output, indent) { index, output, inner in
                Self.quote(members[index].0, to: &output)
                output += inner == nil ? ":" : ": "
                members[index].1.write(to: &output, indent: inner)
            }
        }
    }

    private static func list(
        _ count: Int, _ open: String, _ close: String, _ output: inout String, _ indent: Int?,
        _ body: (Int, inout String, Int?) -> Void
    ) {
        output += open
        let inner = indent.map { $0 + 2 }
        for index in 0..<count {
            if index > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: " ", count: inner) }
            body(index, &output, inner)
        }
        if let indent, count > 0 { output += "\n" + String(repeating: " ", count: indent) }
        output += close
    }

    private static func quote(_ text: String, to output: inout String) {
        let digits = Array("0123456789abcdef".unicodeScalars)
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20:
                output += "\\u00"
                output.unicodeScalars.append(digits[Int(scalar.value >> 4)])
                output.unicodeScalars.append(digits[Int(scalar.value & 15)])
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }

    package static func == (left: JSONText, right: JSONText) -> Bool { left.text() == right.text() }

    package func hash(into hasher: inout Hasher) { hasher.combine(text()) }
}

extension JSONText {
    /// `2014-07-16`, or null.
    package static func day(_ day: CivilDay?) -> JSONText { optional(day?.description) }

    /// RFC 3339 in China's zone, `2014-07-16T09:30:00.000001+08:00`, or null.
    package static func moment(_ moment: Moment?) -> JSONText { optional(moment?.rfc3339) }

    /// Whole fen and the decimal string, or null: `{"fen":30000,"yuan":"300.00"}`.
    package static func money(_ fen: Fen?) -> JSONText {
        guard let fen else { return .null }
        return .object([("fen", .int(fen.amount)), ("yuan", .string(fen.description))])
    }
}

/// A protobuf message in text form, read without its schema: names and values in the order of the text.
struct TextMessage {
    /// One value of a field. Repeated fields, also those written as `[a, b]`, appear once for each value.
    enum Value {
        case message(TextMessage)
        /// A string or bytes field, escapes resolved.
        case bytes([UInt8])
        /// A number, an enum's name, `true`, `inf`; a minus sign belongs to it.
        case word(String)
    }

    /// A field's name; an extension or the content of an `Any` keeps its brackets: `[type.googleapis.com/a.B]`.
    var fields: [(name: String, value: Value)] = []

    /// All values of a field.
    func values(_ name: String) -> [Value] { fields.filter { $0.name == name }.map(\.value) }

    /// Whether the field is set.
    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// All values of a field that are messages.
    func messages(_ name: String) -> [TextMessage] {
        values(name).compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    /// The field's message, or nil when there is none.
    func message(_ name: String) -> TextMessage? { messages(name).last }

    /// The field's number or name, or nil when there is none.
    func word(_ name: String) -> String? {
        guard case .word(let word)? = values(name).last else { return nil }
        return word
    }

    /// The field's bytes, or nil when there are none.
    func bytes(_ name: String) -> [UInt8]? {
        guard case .bytes(let bytes)? = values(name).last else { return nil }
        return bytes
    }

    /// The field's text, or nil when there is none or it is not UTF-8.
    func string(_ name: String) -> String? { bytes(name).flatMap { String(validating: $0, as: UTF8.self) } }

    /// Whether a bool field is set and true.
    func isTrue(_ name: String) -> Bool { ["true", "True", "t", "1"].contains(word(name) ?? "") }

    /// Whether a field of one of the names stands in this message or in any below it.
    func mentions(_ names: Set<String>) -> Bool {
        fields.contains { field in
            if names.contains(field.name) { return true }
            if case .message(let inner) = field.value { return inner.mentions(names) }
            return false
        }
    }
}

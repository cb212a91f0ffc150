import RuleEngine

/// Values and types as the cases write them, beside the engine's.
enum ExpectedValue {
    /// The engine's value for a `cel.expr.Value`, or nil for kinds that are outside the subset.
    static func value(_ message: TextMessage) -> Value? {
        guard let (kind, content) = message.fields.first else { return nil }
        switch (kind, content) {
        case ("null_value", _): return .null
        case ("bool_value", _): return .bool(message.isTrue(kind))
        case ("int64_value", .word(let word)): return TextNumber.integer(word).map(Value.int)
        case ("uint64_value", .word(let word)): return TextNumber.integer(word).map(Value.uint)
        case ("double_value", .word(let word)): return TextNumber.double(word).map(Value.double)
        case ("string_value", _): return message.string(kind).map(Value.string)
        case ("bytes_value", .bytes(let bytes)): return .bytes(bytes)
        case ("type_value", _): return message.string(kind).map(Value.type)
        case ("list_value", .message(let list)):
            let items = list.messages("values").map(value)
            return items.contains { $0 == nil } ? nil : .list(items.compactMap { $0 })
        case ("map_value", .message(let map)):
            let entries = map.messages("entries").map { entry -> Value.MapEntry? in
                guard let key = entry.message("key").flatMap(value), let value = entry.message("value").flatMap(value)
                else { return nil }
                return Value.MapEntry(key: key, value: value)
            }
            return entries.contains { $0 == nil } ? nil : .map(entries.compactMap { $0 })
        default: return nil
        }
    }

    /// The engine's type for a `cel.expr.Type`, or nil for types outside the subset.
    static func type(_ message: TextMessage) -> ExpressionType? {
        guard let (kind, content) = message.fields.first else { return nil }
        switch (kind, content) {
        case ("dyn", _): return .dyn
        case ("null", _): return .null
        case ("type", _): return .type
        case ("primitive", .word(let name)):
            let primitives: [String: ExpressionType] = [
                "BOOL": .bool, "INT64": .int, "UINT64": .uint, "DOUBLE": .double, "STRING": .string, "BYTES": .bytes,
            ]
            return primitives[name]
        case ("list_type", .message(let list)): return list.message("elem_type").flatMap(type).map(ExpressionType.list)
        case ("map_type", .message(let map)):
            guard let key = map.message("key_type").flatMap(type), let value = map.message("value_type").flatMap(type)
            else { return nil }
            return .map(key, value)
        default: return nil
        }
    }

    /// Whether the engine's value is the expected one: same types throughout, entries of a map in any order, and one
    /// not-a-number like another.
    static func matches(_ value: Value, _ expected: Value) -> Bool {
        switch (value, expected) {
        case (.double(let one), .double(let two)):
            one.isNaN && two.isNaN || one == two && one.sign == two.sign
        case (.string(let one), .string(let two)): one.utf8.elementsEqual(two.utf8)
        case (.list(let one), .list(let two)): one.count == two.count && zip(one, two).allSatisfy(matches)
        case (.map(let one), .map(let two)):
            one.count == two.count
                && one.allSatisfy { entry in
                    two.contains { matches(entry.key, $0.key) && matches(entry.value, $0.value) }
                }
        default: value == expected
        }
    }
}

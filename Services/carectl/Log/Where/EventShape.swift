import CareDomain
import CareWire
import RuleEngine

/// What the value of an event's field looks like, as the checker needs it before any event is read.
indirect enum EventShape: Hashable, Sendable {
    /// One value of a type of the expression language.
    case plain(ExpressionType)
    /// Differs from event to event; types are seen when it is met.
    case anything
    /// Named parts, each of which may be missing.
    case object([String: EventShape])
    case list(EventShape)

    static let text = EventShape.plain(.string)
    static let number = EventShape.plain(.int)
    static let flag = EventShape.plain(.bool)
    static let day = EventShape.plain(.date)
    static let texts = EventShape.list(.text)

    /// The type of expressions that name the field.
    var type: ExpressionType {
        switch self {
        case .plain(let type): type
        case .anything: .dyn
        case .object: .map(.string, .dyn)
        case .list(let element): .list(element.type)
        }
    }

    /// What the type is called in the list of fields.
    var name: String {
        switch self {
        case .plain(.code): "string"
        case .plain(let type): type.description
        case .anything: "any"
        case .object: "object"
        case .list(.plain(let type)): "list(\(type))"
        case .list: "list"
        }
    }

    /// The names of all parts below a value with this name, `data.intervals[].start`, with their types, sorted.
    func parts(of name: String) -> [(name: String, shape: EventShape)] {
        switch self {
        case .plain, .anything: []
        case .list(let element): element.parts(of: name + "[]")
        case .object(let parts):
            parts.sorted { $0.key < $1.key }.flatMap { key, shape in
                [("\(name).\(key)", shape)] + shape.parts(of: "\(name).\(key)")
            }
        }
    }

    /// The value as expressions see it: days written out become days, money stays whole fen.
    func value(_ view: ViewValue) -> Value {
        switch (self, view) {
        case (.plain(.date), .text(let text)): CivilDay(parsing: text).map(Value.day) ?? .error(.invalidArgument)
        case (.list(let element), .list(let items)): .list(items.map(element.value))
        case (.object(let parts), .object(let fields)):
            .map(
                fields.map { field in
                    Value.MapEntry(key: .string(field.key), value: (parts[field.key] ?? .anything).value(field.value))
                })
        case (_, .bool(let flag)): .bool(flag)
        case (_, .int(let number)): .int(number)
        case (_, .text(let text)): .string(text)
        case (_, .list(let items)): .list(items.map(EventShape.anything.value))
        case (_, .object(let fields)): EventShape.object([:]).value(.object(fields))
        }
    }

    /// Whether a value of an event has this shape; days and parts of objects are looked at, too.
    func fits(_ view: ViewValue) -> Bool {
        switch (self, view) {
        case (.anything, _): true
        case (.plain(.bool), .bool), (.plain(.int), .int): true
        case (.plain(.date), .text(let text)): CivilDay(parsing: text) != nil
        case (.plain(.string), .text), (.plain(.code), .text): true
        case (.list(let element), .list(let items)): items.allSatisfy(element.fits)
        case (.object(let parts), .object(let fields)):
            fields.allSatisfy { field in parts[field.key]?.fits(field.value) ?? false }
        default: false
        }
    }
}

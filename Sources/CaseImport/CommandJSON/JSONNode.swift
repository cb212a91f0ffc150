/// One value of a JSON text. Numbers are whole: money is in fen, everything else is counted.
enum JSONNode: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case text(String)
    case list([JSONNode])
    case object([JSONMember])
}

/// One key of an object with its value, in the order of the text.
struct JSONMember: Hashable, Sendable {
    let key: String
    let value: JSONNode
}

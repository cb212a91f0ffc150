/// Where a text is no protobuf text, and why.
struct TextProtoError: Error, CustomStringConvertible {
    /// From 1.
    let line: Int
    let problem: String

    var description: String { "line \(line): \(problem)" }
}

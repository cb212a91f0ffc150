/// One token of an expression with its place in the text.
struct Token: Hashable {
    /// What the token is.
    enum Kind: Hashable {
        case identifier(String)
        /// A field's name between back quotes, `` `content-type` ``.
        case quoted(String)
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        /// Operators, brackets, and the words `in`, `true`, `false`, `null`.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// Byte offset of the first byte.
    let offset: Int
}

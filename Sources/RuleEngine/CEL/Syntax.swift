/// An expression as written: the tree the parser builds and the checker reads.
package final class Syntax: Sendable {
    /// A literal value.
    package enum Literal: Hashable, Sendable {
        case null
        case bool(Bool)
        case int(Int64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
    }

    /// A macro over a list.
    package enum Macro: String, Hashable, Sendable { case all, exists, existsOne = "exists_one", map, filter }

    /// What stands here.
    package enum Kind: Sendable {
        case literal(Literal)
        /// A name; one that begins with a dot, `.y`, is looked for in the root alone.
        case identifier(String)
        /// `operand.field`
        case select(Syntax, String)
        /// `has(operand.field)`
        case has(Syntax, String)
        /// A function or operator; operators carry their symbol, indexing is `[]`, negation `-_`.
        case call(String, [Syntax])
        /// `target.name(arguments)`
        case method(Syntax, String, [Syntax])
        case list([Syntax])
        case map([(Syntax, Syntax)])
        case conditional(Syntax, Syntax, Syntax)
        /// `range.macro(variable, predicate, transform)`; `map` alone has a transform.
        case comprehension(Macro, range: Syntax, variable: String, predicate: Syntax?, transform: Syntax?)
        /// `care.at(day, body)`: the body as it stood on another day.
        case atDay(Syntax, Syntax)
    }

    package let kind: Kind
    /// Byte offset in the source.
    package let offset: Int
    /// Height of the tree below and including this node.
    package let depth: Int

    init(_ kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
        self.depth = 1 + (Self.children(of: kind).map(\.depth).max() ?? 0)
    }

    /// The names of `a.b.c`, or nil when this is anything but names and dots.
    var path: [String]? {
        switch kind {
        case .identifier(let name): [name]
        case .select(let operand, let field): operand.path.map { $0 + [field] }
        default: nil
        }
    }

    /// The nodes directly below, in the order of the text.
    var children: [Syntax] { Self.children(of: kind) }

    private static func children(of kind: Kind) -> [Syntax] {
        switch kind {
        case .literal, .identifier: []
        case .select(let operand, _), .has(let operand, _): [operand]
        case .call(_, let arguments), .list(let arguments): arguments
        case .method(let target, _, let arguments): [target] + arguments
        case .map(let entries): entries.flatMap { [$0.0, $0.1] }
        case .conditional(let condition, let yes, let no): [condition, yes, no]
        case .comprehension(_, let range, _, let predicate, let transform):
            [range] + [predicate, transform].compactMap { $0 }
        case .atDay(let day, let body): [day, body]
        }
    }
}

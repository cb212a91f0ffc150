/// An amount of money in whole fen (分); 100 fen are one yuan (元). May be negative in differences.
package struct Fen: Hashable, Sendable, Comparable {
    /// Number of fen.
    package let amount: Int64

    /// Makes an amount from a number of fen.
    package init(_ amount: Int64) { self.amount = amount }

    /// Makes an amount from a number of whole yuan.
    package static func yuan(_ yuan: Int64) -> Fen { Fen(yuan * 100) }

    /// No money.
    package static let zero = Fen(0)

    package static func < (left: Fen, right: Fen) -> Bool { left.amount < right.amount }
    /// Sum; traps on overflow beyond 92 quadrillion yuan, which no register reaches.
    package static func + (left: Fen, right: Fen) -> Fen { Fen(left.amount + right.amount) }
    /// Difference.
    package static func - (left: Fen, right: Fen) -> Fen { Fen(left.amount - right.amount) }
    /// Multiple.
    package static func * (left: Fen, count: Int64) -> Fen { Fen(left.amount * count) }
    /// Opposite amount.
    package static prefix func - (value: Fen) -> Fen { Fen(-value.amount) }
    /// Adds in place.
    package static func += (left: inout Fen, right: Fen) { left = left + right }
}

extension Fen: CustomStringConvertible {
    /// Yuan with two decimals, `300.00`.
    package var description: String {
        let magnitude = amount.magnitude
        let cents = magnitude % 100
        return "\(amount < 0 ? "-" : "")\(magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

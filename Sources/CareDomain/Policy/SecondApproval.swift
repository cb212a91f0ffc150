/// 复核: which decisions about a clause need a second, different person.
package struct SecondApproval: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// 例外: given although the conditions do not say so.
    package static let exception = SecondApproval(rawValue: 1)
    /// A sum above the clause's own figure.
    package static let aboveFloor = SecondApproval(rawValue: 2)

    /// As packs write it.
    package var words: [String] {
        [(SecondApproval.exception, "exception"), (.aboveFloor, "above_floor")].filter { contains($0.0) }.map(\.1)
    }
}

/// 来源先后: whose word counts where statements of one fact contradict one another about the same days.
///
/// A statement without a last day speaks until another one begins, so a later first day is a change and no
/// contradiction. Two statements contradict one another where they begin on the same day, or where one of them begins
/// within days the other speaks of by name, from its first to its last.
package struct FactPrecedence: Hashable, Sendable {
    /// Kinds of source, level by level, the first before the next; those not named rank alike, after all named.
    package let levels: [[Code]]

    /// Nothing is declared: of contradicting statements the later one counts.
    package static let none = FactPrecedence([])

    package init(_ levels: [[Code]]) { self.levels = levels }

    /// `certificate > list roster`
    package var text: String { levels.map { $0.map(\.rawValue).joined(separator: " ") }.joined(separator: " > ") }

    /// The level of a source, 0 first.
    package func rank(_ source: Code?) -> Int {
        source.flatMap { source in levels.firstIndex { $0.contains(source) } } ?? levels.count
    }
}

/// The days a statement speaks of, and how its source ranks.
package struct StatedDays: Hashable, Sendable {
    /// Day number of the first day.
    package let start: Int32
    /// Day number of the first day after the last; nil = until another statement.
    package let end: Int32?
    /// `FactPrecedence.rank`: smaller goes first.
    package let rank: Int

    package init(start: Int32, end: Int32?, rank: Int) {
        self.start = start
        self.end = end
        self.rank = rank
    }

    /// Whether the day is one of them.
    package func speaks(of day: Int32) -> Bool { start <= day && (end.map { day < $0 } ?? true) }
}

/// Statements of one fact about one subject, by first day; of one day those that rank first come last, and of one rank
/// those recorded later.
package struct StatementOrder: Hashable, Sendable {
    package let statements: [StatedDays]

    package init(_ statements: [StatedDays]) { self.statements = statements }

    /// Place of the statement that decides what is on record on the day; nil before the first.
    ///
    /// That is the last to begin, also after its end (an earlier one does not come back), unless one that ranks before it
    /// speaks of the day by name.
    package func standing(on day: Int32) -> Int? {
        guard let last = statements.lastIndex(where: { $0.start <= day }) else { return nil }
        var best = last
        for place in statements[..<last].indices.reversed() {
            let other = statements[place]
            if other.rank < statements[best].rank, other.end != nil, other.speaks(of: day) { best = place }
        }
        return best
    }

    /// Places of the statements that speak of the day beside the one that counts, and so may contradict it.
    package func others(than standing: Int, on day: Int32) -> [Int] {
        statements.indices.filter { place in
            let other = statements[place]
            guard place != standing, other.speaks(of: day) else { return false }
            return other.start >= statements[standing].start || other.end != nil
        }
    }
}

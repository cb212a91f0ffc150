import CareDomain

extension PackRegistry {
    /// A version with the days on which it may answer.
    package struct Reach: Sendable {
        package let version: PublishedPack
        /// Days on which it is the version in force.
        package let inForce: DayPeriod
        /// These days and those of the versions after it that apply to new cases only, up to its own last day.
        package let reach: DayPeriod
        /// Whether who held a right on the day before its first day stays with the version before.
        package let takesNewCasesOnly: Bool
    }

    /// Whether a known version of the pack leaves running rights to the version before it.
    package func hasTransitions(of id: PackID, knownAt: KnownAt = .latest) -> Bool {
        hasTransitions && reaches(of: id, knownAt: knownAt).contains(where: \.takesNewCasesOnly)
    }

    /// The versions of a pack with the days on which each may answer, in order.
    ///
    /// A version that bounds itself (an activity year) ends on its day also for those who hold a right by it.
    package func reaches(of id: PackID, knownAt: KnownAt = .latest) -> [Reach] {
        let periods = periods(of: id, knownAt: knownAt)
        func takesNewCasesOnly(_ index: Int) -> Bool {
            index > 0 && periods[index].version.transition == .newCases
                && periods[index - 1].period.end == periods[index].period.start
        }
        return periods.enumerated().map { index, one in
            var end = one.period.end
            var next = index + 1
            while next < periods.count, takesNewCasesOnly(next) {
                end = periods[next].period.end
                next += 1
            }
            let last = [end, one.version.effectiveTo].compactMap { $0 }.min()
            return Reach(
                version: one.version, inForce: one.period, reach: DayPeriod(start: one.period.start, end: last),
                takesNewCasesOnly: takesNewCasesOnly(index))
        }
    }
}

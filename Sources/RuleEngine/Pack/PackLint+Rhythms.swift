import CareDomain

extension PackLint {
    /// Clauses whose sums fall due by another cadence than under the version before, from a day within a quarter or year of one
    /// of them: what the earlier rhythm paid of it is not paid again, see `Determination.dues(through:)`.
    /// - Parameter earlier: the version that this one follows.
    package func rhythmChanges(since earlier: RulePack) -> [Finding] {
        let start = pack.validFrom
        return pack.rules.compactMap { rule -> Finding? in
            let (old, new) = (earlier.rule(rule.clause)?.unit.cadence ?? rule.unit.cadence, rule.unit.cadence)
            guard old != new, [old, new].allSatisfy({ $0 != .once && $0 != .none }),
                [old, new].contains(where: { Self.beginning(of: $0.unit, with: start) != start })
            else { return nil }
            var finding = Finding(
                code: "lint.cadence_within_unit", about: rule.clause.rawValue,
                problem: Wording(
                    "自 \(start) 起由\(Self.words(old).chinese)改为\(Self.words(new).chinese)，不在周期之首：原周期已发的月份不再发，"
                        + "新周期的头一笔只计余下的月份",
                    "from \(start) on it is due \(Self.words(new).english), not \(Self.words(old).english), within a unit: months "
                        + "that the earlier rhythm paid are not paid again, the first sum pays the months that are left"
                ),
                advice: Wording(
                    "若非本意，valid_from 写新旧周期都起头的一天，如 \(Self.next(old, new, after: start))",
                    "if that is not meant, let valid_from be a day on which units of both begin, such as "
                        + "\(Self.next(old, new, after: start))"),
                path: ["rules", rule.clause.rawValue, "unit"])
            finding.place = places?.place(finding.path)
            return finding
        }.sorted { $0.about < $1.about }
    }

    private static func beginning(of unit: CalendarUnit, with day: CivilDay) -> CivilDay {
        unit.first(with: CivilMonth(containing: day)).firstDay
    }

    /// The first day after another on which a unit of each begins.
    private static func next(_ old: Cadence, _ new: Cadence, after day: CivilDay) -> CivilDay {
        var month = CivilMonth(containing: day) + 1
        // Years and school years never begin together: the longer one decides.
        let units =
            Set([old.unit, new.unit]).count == 2 && old.unit.length == new.unit.length
            ? [new.unit] : [old.unit, new.unit]
        while !units.allSatisfy({ $0.first(with: month) == month }) { month = month + 1 }
        return month.firstDay
    }

    private static func words(_ cadence: Cadence) -> Wording {
        switch cadence {
        case .once: Wording("一次性", "once")
        case .month: Wording("按月", "by the month")
        case .quarter: Wording("按季", "by the quarter")
        case .year: Wording("按年", "by the year")
        case .schoolYear: Wording("按学年", "by the school year")
        case .none: Wording("不按周期", "without sums")
        }
    }
}

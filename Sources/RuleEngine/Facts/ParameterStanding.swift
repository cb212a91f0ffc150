import CareDomain

/// Days in a row on which one value of a parameter counts.
package struct ParameterStretch: Hashable, Sendable {
    package let period: DayPeriod
    package let value: ParameterValue
    /// Values that hold on the same days and do not count: figures of the pack, and what was set earlier.
    package let covered: [ParameterValue]
}

extension ParameterDefinition {
    /// Which value counts on which days, for one set of keys: as `ParameterTable` looks it up, of two that hold on a day what was
    /// set last, and a figure of the pack only where nothing is set.
    /// - Parameter set: Values that were set, of any parameter.
    package func stretches(keys: [String], set: [ParameterValue]) -> [ParameterStretch] {
        let table = ParameterTable([self], set: set, knownAt: .latest)
        let own = table.values(of: 0).filter { $0.keys == keys }
        let days = Set(own.flatMap { [$0.period.start, $0.period.end].compactMap { $0 } }).sorted()
        var result: [ParameterStretch] = []
        for (place, start) in days.enumerated() {
            let end = place + 1 < days.count ? days[place + 1] : nil
            let there = own.filter { $0.period.contains(start) }
            guard let value = there.last else { continue }
            let covered = Array(there.dropLast())
            if let last = result.last, last.period.end == start, last.value == value, last.covered == covered {
                let period = DayPeriod(start: last.period.start, end: end)
                result[result.count - 1] = ParameterStretch(period: period, value: value, covered: covered)
            } else {
                result.append(
                    ParameterStretch(period: DayPeriod(start: start, end: end), value: value, covered: covered))
            }
        }
        return result
    }

    /// The pack's own figures in whose place a value counts on some day once it is set; those that say the same are left out.
    package func figures(coveredBy set: ParameterValue) -> [ParameterValue] {
        values.filter {
            $0.keys == set.keys && $0.value != set.value && $0.period.intersection(set.period) != nil
        }
    }

    /// What whoever sets a value is told beside: the pack's figures that do not count any longer, each from which day on, and
    /// that an open value stands before later ones, too; nil = the pack has no other figure for its days.
    package func remark(onSetting set: ParameterValue) -> Refusal? {
        let covered = figures(coveredBy: set)
        guard !covered.isEmpty else { return nil }
        func text(_ figure: ParameterValue, from: String, on: String) -> String {
            let first = max(figure.period.start, set.period.start)
            return "\(from)\(first)\(on)\(FactValueText.text(figure.value))"
        }
        let chinese = covered.map { text($0, from: "自 ", on: " 起的 ") }.joined(separator: "、")
        let english = covered.map { text($0, from: "from ", on: ": ") }.joined(separator: ", ")
        let end = set.period.end.map { $0 - 1 }
        return Refusal(
            .coversFigures, field: "value",
            detail: chinese + (end.map { "，至 \($0)" } ?? "，没有写到何日为止：以后公布的数也不适用"),
            english: english
                + (end.map { ", through \($0)" } ?? "; it has no end: figures published later do not count either"))
    }
}

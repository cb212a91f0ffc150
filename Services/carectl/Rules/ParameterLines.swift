import CareDomain
import OfficeFiles
import RuleEngine

/// Values of the parameters that somebody set, beside the figures of the pack: which of them counts on which days.
struct ParameterLines {
    /// One value.
    struct Line {
        let pack: String
        let value: ParameterValue
        /// The document of a value that was set; of a figure of the pack the version.
        let source: String
        /// Whether it is a figure of the pack.
        let isPublished: Bool
        /// Days on which it counts, in order.
        let counts: [DayPeriod]
        /// The values that count in its place, in the order of their days.
        let coveredBy: [ParameterValue]
    }

    /// By pack, parameter and keys in the order in which they were first set; of each the figures of the pack first.
    let lines: [Line]

    /// - Parameters:
    ///   - set: every value that was set, in the order of the log.
    ///   - registry: the versions that count.
    init(_ set: [PublishedParameter], _ registry: PackRegistry) {
        var lines: [Line] = []
        var seen: Set<Group> = []
        for one in set {
            let group = Group(pack: one.pack, parameter: one.parameter.parameter, keys: one.value.keys)
            guard seen.insert(group).inserted else { continue }
            lines += Self.lines(group, set, registry)
        }
        self.lines = lines
    }

    private struct Group: Hashable {
        let pack: String
        let parameter: ParameterID
        let keys: [String]
    }

    private static func lines(_ group: Group, _ set: [PublishedParameter], _ registry: PackRegistry) -> [Line] {
        let own = set.filter {
            $0.pack == group.pack && $0.parameter.parameter == group.parameter && $0.value.keys == group.keys
        }
        let versions = registry.versions.filter { $0.pack.id.rawValue == group.pack }
        let declared = versions.reversed().lazy.compactMap { version in
            version.pack.parameters.first { $0.id == group.parameter }.map { (version, $0) }
        }.first
        guard let (version, definition) = declared else {
            return own.map { one in
                Line(
                    pack: group.pack, value: one.value, source: one.parameter.source ?? "", isPublished: false,
                    counts: [one.value.period], coveredBy: [])
            }
        }
        let stretches = definition.stretches(keys: group.keys, set: own.map(\.value))
        func line(_ value: ParameterValue, _ source: String, isPublished: Bool) -> Line {
            Line(
                pack: group.pack, value: value, source: source, isPublished: isPublished,
                counts: stretches.filter { $0.value == value }.map(\.period).joinedInRow,
                coveredBy: stretches.filter { $0.covered.contains(value) }.map(\.value).once)
        }
        return definition.values.filter { $0.keys == group.keys }.map {
            line($0, "\(group.pack)@\(version.effectiveFrom)", isPublished: true)
        } + own.map { line($0.value, $0.parameter.source ?? "", isPublished: false) }
    }
}

extension ParameterLines.Line {
    /// Which days it counts, and what counts in its place, for people.
    var standing: Wording {
        let own = counts.map { days in (days.start, days.end.map { $0 - 1 }) }
        let isWhole = counts == [value.period]
        var chinese = isWhole ? "有效" : own.map { "自 \($0)\($1.map { " 至 \($0)" } ?? " 起")有效" }.joined(separator: "、")
        var english =
            isWhole
            ? "counts" : own.map { "counts from \($0)\($1.map { " through \($0)" } ?? " on")" }.joined(separator: ", ")
        guard !coveredBy.isEmpty else { return Wording(chinese, english) }
        let values = coveredBy.map { (ParameterText.text($0.value), $0.period.start) }
        if !chinese.isEmpty { (chinese, english) = (chinese + "，", english + ", ") }
        chinese += (own.isEmpty ? "不适用，" : "其余") + "由设定的 "
        chinese += values.map { "\($0)（自 \($1)）" }.joined(separator: "、") + "代替"
        english += (own.isEmpty ? "does not count: " : "otherwise ") + "covered by "
        english += values.map { "\($0) (set from \($1))" }.joined(separator: ", ")
        return Wording(chinese, english)
    }

    var json: JSON {
        .object([
            ("pack", .string(pack)), ("parameter", .string(value.parameter.rawValue)),
            ("keys", .array(value.keys.map(JSON.string))), ("value", .string(ParameterText.text(value.value))),
            ("from", .day(value.period.start)), ("until", .day(value.period.end)),
            ("source", source.isEmpty ? .null : .string(source)), ("published", .bool(isPublished)),
            ("counts", .array(counts.map { .object([("from", .day($0.start)), ("until", .day($0.end))]) })),
            (
                "covered_by",
                .array(
                    coveredBy.map {
                        .object([("value", .string(ParameterText.text($0.value))), ("from", .day($0.period.start))])
                    })
            ),
        ])
    }
}

extension [DayPeriod] {
    /// Periods in order, those that follow one another as one.
    fileprivate var joinedInRow: [DayPeriod] {
        reduce(into: []) { result, period in
            if let last = result.last, last.end == period.start {
                result[result.count - 1] = DayPeriod(start: last.start, end: period.end)
            } else {
                result.append(period)
            }
        }
    }
}

extension [ParameterValue] {
    /// Each once, in order.
    fileprivate var once: [ParameterValue] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

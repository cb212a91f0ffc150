import CareDomain
import RuleEngine
import Testing

/// Given figures of a pack and values that were set, then it is told which of them counts from which day, and what it covers.
@Suite("参数：哪个值从哪天起算")
struct ParameterStandingTests {
    private static let id = ParameterID(unchecked: "standard")

    /// From a day, before another, so many yuan; set at a minute, or published.
    private static func value(
        _ from: String, _ until: String?, _ yuan: Int64, set minute: Int64? = nil, keys: [String] = ["urban"]
    ) -> ParameterValue {
        ParameterValue(
            parameter: id, keys: keys, value: .money(.yuan(yuan)),
            period: DayPeriod(start: CivilDay(parsing: from)!, end: until.flatMap { CivilDay(parsing: $0) }),
            recordedAt: minute.map { Moment(microseconds: $0 * 60_000_000) })
    }

    /// 340 in 2014, 450 from July 2022 on; 100 for others.
    private static let definition = ParameterDefinition(
        id: id, type: .money, unit: "yuan", keys: ["area"], title: Wording("标准", "standard"),
        values: [
            value("2014-01-01", "2015-01-01", 340), value("2022-07-01", nil, 450),
            value("2014-01-01", nil, 100, keys: ["rural"]),
        ])

    /// `2014-01-01…2015-01-01 340.00 (100.00)`: days, value, covered.
    private static func told(_ set: [ParameterValue]) -> [String] {
        definition.stretches(keys: ["urban"], set: set).map { stretch in
            let covered = stretch.covered.map { FactValueText.text($0.value) }.joined(separator: " ")
            let end = stretch.period.end.map { "\($0)" } ?? ""
            return "\(stretch.period.start)…\(end) \(FactValueText.text(stretch.value.value)) (\(covered))"
        }
    }

    @Test("没有设定：公布的各算各的，中间没有值")
    func published() {
        #expect(Self.told([]) == ["2014-01-01…2015-01-01 340.00 ()", "2022-07-01… 450.00 ()"])
    }

    @Test("设定没有止日：以后公布的由它代替；写了止日，到期以后照公布的算；后设定的代替先设定的")
    func covering() {
        let open = Self.value("2014-06-01", nil, 400, set: 1)
        #expect(
            Self.told([open]) == [
                "2014-01-01…2014-06-01 340.00 ()", "2014-06-01…2015-01-01 400.00 (340.00)",
                "2015-01-01…2022-07-01 400.00 ()", "2022-07-01… 400.00 (450.00)",
            ])
        #expect(
            Self.told([open, Self.value("2016-01-01", "2017-01-01", 420, set: 2)]).contains(
                "2016-01-01…2017-01-01 420.00 (400.00)"))
        #expect(
            Self.told([Self.value("2014-06-01", "2020-01-01", 400, set: 1)]).last == "2022-07-01… 450.00 ()")
        // Of other keys nothing counts here.
        #expect(Self.told([Self.value("2014-01-01", nil, 1, set: 1, keys: ["rural"])]) == Self.told([]))
    }

    @Test("设定时的提示：代替公布的哪些数、各自从哪天起；不代替什么，或数相同，就没有提示")
    func remark() throws {
        let remark = try #require(Self.definition.remark(onSetting: Self.value("2014-06-01", nil, 400)))
        #expect(remark.code == "CARE-1487")
        #expect(remark.chinese.contains("自 2014-06-01 起的 340.00、自 2022-07-01 起的 450.00"))
        #expect(remark.chinese.contains("以后公布的数也不适用"))
        let ended = try #require(Self.definition.remark(onSetting: Self.value("2014-06-01", "2014-12-01", 400)))
        #expect(ended.chinese.contains("至 2014-11-30") && !ended.chinese.contains("450.00"))
        #expect(Self.definition.remark(onSetting: Self.value("2016-01-01", "2017-01-01", 400)) == nil)
        #expect(Self.definition.remark(onSetting: Self.value("2014-01-01", "2015-01-01", 340)) == nil)
        #expect(Self.definition.remark(onSetting: Self.value("2023-01-01", nil, 450)) == nil)
    }
}

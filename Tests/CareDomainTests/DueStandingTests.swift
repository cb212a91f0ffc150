import CareTestKit
import Testing

@testable import CareDomain

/// Given determinations that change what was due, then arrears and recoveries that nobody cancelled stand.
@Suite("应补与多发")
struct DueStandingTests {
    private static let clause = ClauseID("CZ-2.1")!
    private static let start = CivilMonth(year: 2015, month: 1)

    /// The n-th determination of a right, with what it changes: months from 2015-01 on, before and after in yuan.
    private static func determination(
        _ sequence: UInt64, _ changes: [(Int32, Int32, Int64, Int64)], adoption: Bool = false, payer: String? = nil,
        shares: [PayerShare]? = nil
    ) -> KnownEvent {
        let shares = shares ?? payer.map { [PayerShare(payer: Code(unchecked: $0), parts: 1)] }
        let reference = EventReference(sequence: sequence)
        let made = DeterminationMade(
            clause: clause, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
            packVersion: CivilDay(year: 2014, month: 7, day: 16)!, packHash: [], cadence: Code(unchecked: "month"),
            intervals: shares.map {
                [.init(period: DayPeriod(start: start.firstDay), status: .entitled, amount: .yuan(300), payers: $0)]
            } ?? [], facts: [], readThrough: EventReference(sequence: sequence - 1),
            changes: changes.map {
                DueChange(first: start + $0.0, last: start + $0.1, before: .yuan($0.2), after: .yuan($0.3))
            },
            rulesChange: adoption
                ? RulesChange(
                    pack: PackID(unchecked: "chenzhou-2014"),
                    what: .version(from: CivilDay(year: 2016, month: 1, day: 1)!)) : nil)
        return KnownEvent(
            reference: reference, recordedAt: Moment(microseconds: Int64(sequence)),
            command: CommandID(Identifier128(high: 0, low: sequence)),
            proposed: ProposedEvent(
                occurredOn: CivilDay(year: 2016, month: 2, day: 3)!, event: .determinationMade(made)))
    }

    /// What stands, as `3 arrears 2015-01…2015-02 2 600.00`.
    private static func standing(_ events: [KnownEvent]) -> [String] {
        var household = Household(id: HouseholdID(Identifier128(high: 1, low: 1)))
        for event in events { household.evolve(event) }
        return household.dueStandings.flatMap(\.entries).map {
            "\($0.cause.determination.sequence) \($0.kind.rawValue) \($0.first)…\($0.last) \($0.months) \($0.sum)"
        }
    }

    @Test("一次认定既有应补又有多发，分两条，月数与金额各计")
    func bothWays() {
        #expect(
            Self.standing([Self.determination(3, [(0, 1, 0, 300), (2, 2, 300, 100), (4, 4, 0, 50)])]) == [
                "3 arrears 2015-01…2015-05 3 650.00", "3 recovery 2015-03…2015-03 1 200.00",
            ])
    }

    @Test("后来的认定改回原数，前一条差额随之消失；只改回一部分，只剩余下的")
    func cancelled() {
        let first = Self.determination(3, [(0, 5, 0, 300)])
        #expect(Self.standing([first, Self.determination(5, [(0, 5, 300, 0)])]).isEmpty)
        #expect(
            Self.standing([first, Self.determination(5, [(2, 3, 300, 0)])])
                == ["3 arrears 2015-01…2015-06 4 1200.00"])
        #expect(
            Self.standing([first, Self.determination(5, [(4, 7, 300, 200)])]) == [
                "3 arrears 2015-01…2015-06 6 1600.00", "5 recovery 2015-07…2015-08 2 200.00",
            ])
    }

    @Test("所在单位、保险、“三结合”帮扶部门承担的不是我们的应补多发，不等人决定；改由基金承担、或反过来的，按我们的部分算")
    func borneByOthers() {
        for payer in ["employer", "insurer", "three_combo"] {
            let relief = Self.determination(3, [(0, 0, 0, 300)], payer: payer)
            #expect(Self.standing([relief]).isEmpty)
            #expect(Self.standing([relief, Self.determination(5, [(0, 0, 300, 0)])]).isEmpty)
            #expect(
                Self.standing([relief, Self.determination(5, [(0, 0, 300, 500)], payer: "fund")])
                    == ["5 arrears 2015-01…2015-01 1 500.00"])
        }
        let paid = Self.determination(3, [(0, 1, 0, 300)], payer: "fund")
        #expect(Self.standing([paid]) == ["3 arrears 2015-01…2015-02 2 600.00"])
        #expect(
            Self.standing([paid, Self.determination(5, [(0, 0, 300, 500)], payer: "employer")])
                == ["3 arrears 2015-02…2015-02 1 300.00"])
    }

    @Test("单位与我们分担的，应补多发只算我们的那份，尾差归列在前的一方")
    func sharedWithAnEmployer() {
        let shares = ["finance", "employer"].map { PayerShare(payer: Code(unchecked: $0), parts: 1) }
        let events = [
            Self.determination(3, [(0, 1, 0, 300)], shares: shares),
            Self.determination(5, [(1, 1, 300, 201)], shares: shares),
        ]
        #expect(Self.standing(Array(events.prefix(1))) == ["3 arrears 2015-01…2015-02 2 300.00"])
        #expect(Self.standing(events) == ["3 arrears 2015-01…2015-02 2 250.50"])
    }

    @Test("采用新版加的数记在采用名下，登记时的数仍记在事实名下")
    func byCause() {
        let events = [
            Self.determination(3, [(0, 5, 0, 300)]), Self.determination(5, [(3, 5, 300, 400)], adoption: true),
        ]
        #expect(Self.standing(events) == ["3 arrears 2015-01…2015-06 6 1800.00", "5 arrears 2015-04…2015-06 3 300.00"])
        var household = Household(id: HouseholdID(Identifier128(high: 1, low: 1)))
        for event in events { household.evolve(event) }
        let causes = household.dueStandings.flatMap(\.entries).map(\.cause)
        #expect(causes.map { $0.rulesChange?.description } == [nil, "chenzhou-2014@2016-01-01"])
        #expect(causes.map(\.readThrough.sequence) == [2, 4])
        // More taken back than the adoption gave: what the facts gave goes too.
        #expect(
            Self.standing(events + [Self.determination(7, [(3, 5, 400, 100)])])
                == ["3 arrears 2015-01…2015-06 6 1200.00"])
    }

    @Test("随机的认定序列：逐月之和等于最后应发减最初应发，同月不会既应补又多发", arguments: [1, 2, 3])
    func randomSequences(_ seed: UInt64) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<300 {
            var first = [Int64](repeating: 0, count: 24)
            for month in first.indices { first[month] = Int64(next(3)) * 100 }
            var due = first
            var events: [KnownEvent] = []
            for number in 0..<UInt64(1 + next(6)) {
                var changes: [(Int32, Int32, Int64, Int64)] = []
                for month in due.indices where next(3) == 0 {
                    let after = Int64(next(4)) * 100
                    guard after != due[month] else { continue }
                    if let last = changes.last, last.1 + 1 == Int32(month), last.2 == due[month], last.3 == after {
                        changes[changes.count - 1].1 = Int32(month)
                    } else {
                        changes.append((Int32(month), Int32(month), due[month], after))
                    }
                    due[month] = after
                }
                events.append(Self.determination(3 + number * 2, changes))
            }
            var household = Household(id: HouseholdID(Identifier128(high: 1, low: 1)))
            for event in events { household.evolve(event) }
            let entries = household.dueStandings.flatMap(\.entries)
            let more = zip(first, due).map { max(0, $1 - $0) }.reduce(0, +)
            let less = zip(first, due).map { max(0, $0 - $1) }.reduce(0, +)
            #expect(entries.filter { $0.kind == .arrears }.map(\.sum).reduce(.zero, +) == .yuan(more))
            #expect(entries.filter { $0.kind == .recovery }.map(\.sum).reduce(.zero, +) == .yuan(less))
        }
    }
}

import CareDomain
import RuleEngine
import RulePacks
import Testing

/// Where a document gives a share (1:1, 2:8, half and half, 1 % less for each point), the parts add up to the fen, whatever the
/// sum: one part is rounded and another is the rest, never two that are rounded beside one another.
@Suite("份额：各方之和分毫不差")
struct SharesAddUpTests {
    /// From 1 fen on every sum, then some up to millions of yuan.
    private static let sums: [Int64] = {
        var random = Numbers(state: 42)
        return Array(1...400) + (0..<400).map { _ in 1 + random.next(800_000_000) }
            + [99_999_999, 422_600_000, 422_600_001, 999_999_999]
    }()

    /// Whole-number shares of payers as the five packs write them, without repeats.
    private static func written() throws -> [[PayerShare]] {
        var found: Set<[PayerShare]> = []
        for file in try PackLibrary.bundled.packFiles() {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for match in text.matches(of: #/shares: \{((?:[a-z_]+: [0-9]+(?:, )?)+)\}/#) {
                let shares = match.1.split(separator: ", ").map { part in
                    let words = part.split(separator: ": ")
                    return PayerShare(payer: Code(unchecked: String(words[0])), parts: Int64(words[1]) ?? 0)
                }
                found.insert(shares)
            }
        }
        return found.sorted { "\($0)" < "\($1)" }
    }

    @Test("政策包里写的每种份额：从一分到几百万元，各方非负，加起来就是总额，每方与应得的比例差不到一分，余数归首位")
    func payers() throws {
        let written = try Self.written()
        let ratios = Set(written.map { $0.map(\.parts) })
        #expect(ratios.isSuperset(of: [[1], [1, 1], [2, 8]]))
        for shares in written {
            let whole = shares.reduce(0) { $0 + $1.parts }
            for sum in Self.sums {
                let parts = PayerSplit.split(Fen(sum), shares).map(\.amount.amount)
                guard parts.reduce(0, +) == sum, parts.allSatisfy({ $0 >= 0 }) else {
                    Issue.record("\(sum) fen by \(shares): \(parts)")
                    return
                }
                for (place, (part, share)) in zip(parts, shares).enumerated() {
                    // In fen times the whole: the first may have the others' remainders, less than a fen of each.
                    let excess = part * whole - sum * share.parts
                    let most = whole * Int64(max(1, shares.count - 1))
                    let isRight = place == 0 ? (0..<most).contains(excess) : (1 - whole...0).contains(excess)
                    if !isRight { Issue.record("\(sum) fen by \(shares): \(parts)") }
                }
            }
        }
    }

    @Test("温州结算：任何经费、得分、口径、限额，市级和单位之和就是经费；市级四舍五入到分，递减不会多，不会低于零")
    func settlement() throws {
        var random = Numbers(state: 7)
        for (city, unit) in [(1, 1), (2, 8), (0, 1)] as [(Int64, Int64)] {
            let shares = try #require(CostShares(city: city, unit: unit))
            for sum in Self.sums {
                let score = Points(thousandths: random.next(100_001))
                for mode in ReductionTerms.Mode.allCases {
                    for step in ReductionTerms.Step.allCases {
                        let terms = ReductionTerms(fullFrom: Points(90), mode: mode, step: step)
                        func result(_ score: Points, _ budget: Fen? = nil) -> Settlement.Result {
                            Settlement.Result(
                                cost: Fen(sum), score: score, shares: shares, terms: terms, budget: budget)
                        }
                        let (found, full) = (result(score), result(Points(90)))
                        let cut = result(score, Fen(sum / 3))
                        // Twice the distance from the exact share is at most one fen.
                        let exact = found.numerator.multipliedReportingOverflow(by: sum)
                        let share = found.share.amount.multipliedReportingOverflow(by: found.denominator)
                        #expect(!exact.overflow && !share.overflow)
                        let isRounded = abs(share.partialValue - exact.partialValue) * 2 <= found.denominator
                        let isWithin = (Fen.zero...full.settled).contains(found.settled) && full.settled <= Fen(sum)
                        let isCut = cut.settled <= Fen(sum / 3) && cut.settled <= found.settled
                        let rest = Fen(sum) - found.settled
                        let adds = rest >= .zero && rest + found.settled == Fen(sum)
                        if !(isRounded && isWithin && isCut && adds) {
                            Issue.record("\(sum) fen, \(city):\(unit), \(score), \(mode), \(step): \(found)")
                        }
                    }
                }
            }
        }
        // The half fen of 1:1 is the city's, in the settlement as where payers are split.
        #expect(try Self.share(1, 1, of: 101) == 51 && Self.share(2, 8, of: 3) == 1 && Self.share(2, 8, of: 2) == 0)
    }

    private static func share(_ city: Int64, _ unit: Int64, of fen: Int64) throws -> Int64 {
        Settlement.Result(
            cost: Fen(fen), score: Points(90), shares: try #require(CostShares(city: city, unit: unit)),
            terms: ReductionTerms(fullFrom: Points(90), mode: .percentagePoint, step: .wholePoints), budget: nil
        ).share.amount
    }

    @Test("WZ-4.2 的付款方：任何经费，市级就是结算的数，单位是其余，加起来就是经费")
    func fundingRule() throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: "wenzhou-2021").first)
        let terms = try #require(pack.guidanceTerms([]))
        let from = try #require(CivilDay(parsing: "2021-01-01"))
        let day = try #require(CivilDay(parsing: "2021-06-01"))
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
        func statement(_ fact: String, _ value: FactValue, _ sequence: UInt64) -> FactStatement {
            FactStatement(
                fact: FactID(unchecked: fact), subject: .household, value: value, period: DayPeriod(start: from),
                recordedAt: Moment(microseconds: 0), source: EventReference(sequence: sequence))
        }
        let sums = Self.sums.prefix(12) + Self.sums.suffix(12)
        for unit in terms.units where unit.shares.city > 0 {
            for sum in sums {
                let facts = FactBase(
                    root: .unit,
                    statements: [
                        statement("unit.division", .reference(unit.division.rawValue), 1),
                        statement("unit.confirmed_cost", .money(Fen(sum)), 2),
                        statement("unit.score", .decimal(thousandths: 90_000), 3),
                    ])
                let outcomes = evaluator.evaluate(facts, over: DayPeriod(start: pack.validFrom))
                let outcome = try #require(outcomes.first { $0.clause.rawValue == "WZ-4.2" })
                let piece = try #require(outcome.piece(on: day))
                let parts = PayerSplit.split(try #require(piece.amount), piece.payers)
                let settled = try Self.share(unit.shares.city, unit.shares.unit, of: sum)
                #expect(parts.reduce(.zero) { $0 + $1.amount } == Fen(sum), "\(unit.division) \(sum)")
                let city = parts.first { $0.payer.rawValue == "city" }?.amount ?? .zero
                #expect(city == Fen(settled), "\(unit.division) \(sum)")
            }
        }
    }

    @Test("GY-3.12a：省三万元不动，增发部分市、区各半，单数的一分归市，调整后也分毫不差")
    func bereavementGrant() {
        let (city, district, province) = (
            Code(unchecked: "city"), Code(unchecked: "district"), Code(unchecked: "province")
        )
        for added in Self.sums {
            // As the pack writes them: in double sums, so that nothing is halved.
            let shares = [
                PayerShare(payer: city, parts: added), PayerShare(payer: district, parts: added),
                PayerShare(payer: province, parts: 6_000_000),
            ].inLowestTerms
            let parts = PayerSplit.split(Fen(3_000_000 + added), shares).map(\.amount.amount)
            #expect(parts == [(added + 1) / 2, added / 2, 3_000_000], "\(added)")
        }
    }
}

/// The same numbers on every machine.
private struct Numbers {
    var state: UInt64

    mutating func next(_ bound: Int64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64((state >> 33) % UInt64(bound))
    }
}

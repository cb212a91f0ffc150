import CareDomain
import RuleEngine

/// 补助照顾资金: what Guiyang's plan gives per head, against its floor and against incomes, and what is set aside for it.
///
/// Exact: whether an aim is reached, whole sums say, which are in fen; a floor is rounded up to the fen that meets it. Sums per head
/// are in fen, rounded half up, but what falls short of an aim is never rounded up to it; rates are in hundredths of a percent,
/// rounded down for the same reason; and what is required per head never reads as if it were missed. A rate without a denominator
/// does not exist.
/// - Source: GY-2.2 年人均不低于800元，农民人均纯收入的10%以上和城镇居民年人均可支配收入的5%以上; GY-3.12g 不低于 8%
package struct PolicyMoney: Hashable, Sendable {
    /// Money, persons and income of one half of the city.
    package struct Half: Hashable, Sendable {
        package var money: Fen?
        /// Of all families of the plan: the denominator of the aim (GY-Q2).
        package var persons: Int64?
        /// Of families that got something in the year: the other denominator.
        package var personsPaid: Int64?
        package var income: Fen?
    }

    package var rural = Half()
    package var urban = Half()
    /// What the pack asks for.
    package let aims: Aims
    /// 市级当年人均计生事业经费总额.
    package var funds: Fen?
    /// What was set aside of it for the plan.
    package var earmark: Fen?

    /// - Parameter values: The figures that count, by fact.
    package init(_ values: [FactID: FactValue], personsPaid: (rural: Int64?, urban: Int64?), aims: Aims) {
        self.aims = aims
        func money(_ fact: String) -> Fen? {
            if case .money(let fen)? = values[FactID(unchecked: "city.\(fact)")] { fen } else { nil }
        }
        func count(_ fact: String) -> Int64? {
            if case .int(let number)? = values[FactID(unchecked: "city.\(fact)")] { number } else { nil }
        }
        (rural.money, urban.money) = (money("fp_money_rural"), money("fp_money_urban"))
        (rural.persons, urban.persons) = (count("fp_persons_rural"), count("fp_persons_urban"))
        (rural.personsPaid, urban.personsPaid) = personsPaid
        (rural.income, urban.income) = (money("rural_net_income"), money("urban_disposable_income"))
        (funds, earmark) = (money("fp_funds"), money("fp_earmark"))
    }

    /// All of it under stable names, in a fixed order; what cannot be worked out is left out.
    package var figures: [LoanFigure] {
        let total = Self.both(rural.money, urban.money, +)
        let persons = Self.both(rural.persons, urban.persons, +)
        let paid = Self.both(rural.personsPaid, urban.personsPaid, +)
        let all: [(String, Int64?)] =
            figures(rural, "rural", aims.rural) + figures(urban, "urban", aims.urban) + [
                ("per_head_fen", Self.perHead(total, persons)), ("per_head_paid_fen", Self.perHead(total, paid)),
                ("funds_fen", funds?.amount),
                ("earmark_required_fen", earmarkRequired?.amount),
                ("earmark_fen", earmark?.amount),
                ("earmark_share_bp", Self.rate(earmark?.amount, of: funds?.amount)),
            ]
        return all.compactMap { name, value in value.map { LoanFigure(Code(unchecked: name), $0) } }
    }

    /// What must be set aside, rounded up to the fen: less than that is less than the share; nil where it is not known.
    package var earmarkRequired: Fen? {
        Self.both(funds, aims.earmark) { Self.share(of: $0, $1, per: 1_000) }
    }

    private func figures(_ half: Half, _ name: String, _ percent: Int64?) -> [(String, Int64?)] {
        let requirement = requirement(half, percent)
        let perHead = Self.perHead(half, below: requirement)
        return [
            ("\(name)_money_fen", half.money?.amount), ("\(name)_persons", half.persons),
            ("\(name)_persons_paid", half.personsPaid), ("\(name)_per_head_fen", perHead),
            ("\(name)_per_head_paid_fen", Self.perHead(half.money, half.personsPaid)),
            ("\(name)_income_fen", half.income?.amount),
            ("\(name)_share_bp", Self.rate(half.money?.amount, of: Self.product(half.income, half.persons))),
            ("\(name)_required_fen", requirement?.perHead.amount),
            ("\(name)_required_money_fen", requirement?.money?.amount),
        ]
    }

    /// What a half must be given.
    private struct Requirement {
        /// To the fen as it reads beside what is given per head: up where that falls short, down where it does not.
        var perHead: Fen
        /// For all persons together: the least sum that meets it; nil where persons are not known, or beyond what a number holds.
        var money: Fen?
    }

    /// - Source: GY-2.2 年人均不低于800元，农民人均纯收入的10%以上和城镇居民年人均可支配收入的5%以上
    private func requirement(_ half: Half, _ percent: Int64?) -> Requirement? {
        guard let floor = aims.floor, let parts = aims.sharesBind ? percent : 0,
            let income = aims.sharesBind ? half.income : .zero
        else { return nil }
        // In hundred-thousandths of a fen, exact.
        let whole = max(Int128(floor.amount) * 100_000, Int128(income.amount) * Int128(parts))
        func upwards(_ parts: Int128) -> Fen? { Int64(exactly: (parts + 99_999) / 100_000).map { Fen($0) } }
        guard let up = upwards(whole) else { return nil }
        guard let persons = half.persons, persons > 0 else { return Requirement(perHead: up, money: nil) }
        let money = upwards(whole * Int128(persons))
        guard let paid = half.money, let money, paid >= money, let perHead = Self.perHead(paid, persons) else {
            return Requirement(perHead: up, money: money)
        }
        return Requirement(perHead: min(up, Fen(perHead)), money: money)
    }

    /// nil when one of the two is not known.
    private static func both<One, Two, Result>(_ one: One?, _ two: Two?, _ join: (One, Two) -> Result) -> Result? {
        guard let one, let two else { return nil }
        return join(one, two)
    }

    /// Income of all persons; nil when it is not known or beyond what a number holds.
    private static func product(_ income: Fen?, _ persons: Int64?) -> Int64? {
        guard let income, let persons else { return nil }
        let (product, isOver) = income.amount.multipliedReportingOverflow(by: persons)
        return isOver ? nil : product
    }

    private static func perHead(_ money: Fen?, _ persons: Int64?) -> Int64? {
        guard let money, let persons, persons > 0 else { return nil }
        return Int64((Int128(money.amount) * 2 + Int128(persons)) / (Int128(persons) * 2))
    }

    /// The same of a half, and less than what it must be given where all of it is.
    private static func perHead(_ half: Half, below requirement: Requirement?) -> Int64? {
        guard let perHead = perHead(half.money, half.persons) else { return nil }
        guard let paid = half.money, let requirement, let least = requirement.money, paid < least else {
            return perHead
        }
        return min(perHead, requirement.perHead.amount - 1)
    }

    /// So many of `whole` parts, rounded up: an aim of at least that much is not met by less.
    private static func share(of money: Fen, _ parts: Int64, per whole: Int64) -> Fen {
        Fen((money.amount * parts + whole - 1) / whole)
    }

    private static func rate(_ part: Int64?, of whole: Int64?) -> Int64? {
        guard let part, let whole, whole > 0 else { return nil }
        return Int64(Int128(part) * 10_000 / Int128(whole))
    }
}

extension PolicyMoney {
    /// The clause about what is set aside.
    package static let earmarkClause = ClauseID("GY-3.12g")

    /// The clause about what is given per head.
    package static let perHeadClause = ClauseID("GY-2.2")

    /// What a clause comes to: with the verdict on what was set aside where its clause could only say how much it must be, and of
    /// what is given per head with the whole sums that decided, to the fen.
    /// - Source: GY-2.2 年人均不低于800元; GY-3.12g 每年从人均计生事业经费中提取不低于 8% 的专项经费
    package func judged(_ line: Indicators.Line) -> Indicators.Line {
        if line.clause == Self.perHeadClause { return line.judged(halves, reached: [.reached, .missed]) }
        guard line.clause == Self.earmarkClause, line.state == .computed, let required = earmarkRequired else {
            return line
        }
        guard let earmark else {
            return line.judged(
                .computed, required, Wording("没有登记已提取的专项经费", "what was set aside is not stated"))
        }
        guard earmark < required else { return line.judged(.reached, required, nil) }
        let short = required - earmark
        return line.judged(
            .missed, required,
            Wording(
                "已提取 \(earmark) 元，应提取不少于 \(required) 元，差 \(short) 元",
                "\(earmark) yuan were set aside, of at least \(required): \(short) short"))
    }
}

extension PolicyMoney {
    /// Of each half the sums that are held against one another, in words; nothing of what is not known.
    private var halves: [Wording] {
        [("农村", "rural", rural, aims.rural), ("城镇", "urban", urban, aims.urban)].compactMap { half in
            let (chinese, english, sums, percent) = half
            guard let paid = sums.money, let persons = sums.persons, let required = requirement(sums, percent)?.money
            else { return nil }
            let isReached = paid >= required
            let (more, other) = isReached ? (paid - required, "over") : (required - paid, "short")
            return Wording(
                "\(chinese)共付 \(paid) 元（\(persons) 人），应不少于 \(required) 元，\(isReached ? "多" : "差") \(more) 元",
                "\(english): \(paid) yuan for \(persons) persons, of at least \(required): \(more) \(other)")
        }
    }
}

extension Indicators.Line {
    /// The same with what decided, where something was decided.
    fileprivate func judged(_ sums: [Wording], reached decided: Set<Indicators.State>) -> Self {
        guard decided.contains(state) else { return self }
        return Self(clause: clause, title: title, state: state, measure: measure, unit: unit, reasons: reasons + sums)
    }

    /// The same with a verdict, what must be there, and what is said of it.
    fileprivate func judged(_ state: Indicators.State, _ required: Fen, _ reason: Wording?) -> Self {
        // A yuan is a hundred fen and a thousand thousandths.
        Self(
            clause: clause, title: title, state: state, measure: required.amount * 10, unit: unit,
            reasons: reasons + (reason.map { [$0] } ?? []))
    }
}

extension PolicyMoney {
    /// What the pack's parameters ask for on a day; what it does not say is nil, and no figure rests on it.
    package struct Aims: Hashable, Sendable {
        /// Per head and year.
        /// - Source: GY-2.2
        package var floor: Fen?
        /// Share of the income per head, in thousandths of a percent.
        /// - Source: GY-2.2
        package var rural: Int64?
        package var urban: Int64?
        /// Share of the funds, in thousandths of the whole.
        /// - Source: GY-3.12g
        package var earmark: Int64?
        /// Whether the shares of the incomes bind beside the floor.
        /// - Source: GY-Q1
        package var sharesBind = true

        package init(floor: Fen?, rural: Int64?, urban: Int64?, earmark: Int64?) {
            self.floor = floor
            self.rural = rural
            self.urban = urban
            self.earmark = earmark
        }

        /// - Parameters:
        ///   - pack: The version in force on the day.
        ///   - set: What the deployment set.
        ///   - choices: Its readings.
        package init(
            _ pack: RulePack, set: [ParameterValue], _ choices: ReadingChoices = [:], on day: CivilDay, knownAt: KnownAt
        ) {
            let table = ParameterTable(pack.parameters, set: set, knownAt: knownAt)
            func value(_ name: String, _ keys: [String] = []) -> FactValue? {
                guard let index = pack.parameters.firstIndex(where: { $0.id.rawValue == name }) else { return nil }
                return table.values(of: index).last { $0.keys == keys && $0.period.contains(day) }?.value
            }
            func decimal(_ name: String, _ keys: [String] = []) -> Int64? {
                if case .decimal(let thousandths)? = value(name, keys) { thousandths } else { nil }
            }
            if case .money(let fen)? = value("gy.money_floor") { floor = fen }
            rural = decimal("gy.money_share", ["rural"])
            urban = decimal("gy.money_share", ["urban"])
            if let bounds = pack.reading("policy_money_bounds") {
                sharesBind = pack.positions(choices)[bounds] != .code(Code(unchecked: "amount_only"))
            }
            // More than the floor may be set, never less.
            earmark = [decimal("gy.fp_fund_floor"), decimal("gy.fp_fund_share")].compactMap { $0 }.max()
        }
    }
}

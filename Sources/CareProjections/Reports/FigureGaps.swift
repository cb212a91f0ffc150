import CareDomain
import RuleEngine

/// The years of which figures are missing that a clause waits for.
///
/// A clause about a village looks at years before the one that is judged, so that the name of a figure alone does not say what to
/// state. A year is asked for when the clause still waits although every other one were stated, with a value that settles nothing
/// against the village. Pure.
struct FigureGaps {
    /// How many years before the one that is judged are tried: more than any clause looks back.
    private static let yearsBack = 10

    private let evaluator: Evaluator
    private let version: RulePack
    private let statements: [FactStatement]
    private let day: CivilDay
    private let knownAt: Moment
    private let root: EntityKind
    /// The clauses that wait for a figure of a year, as far as that was tried.
    private var waiting: [FactID: [Int: Set<ClauseID>]] = [:]

    init(
        _ evaluator: Evaluator, _ version: RulePack, _ statements: [FactStatement], on day: CivilDay, knownAt: Moment,
        of root: EntityKind
    ) {
        self.evaluator = evaluator
        self.version = version
        self.statements = statements
        self.day = day
        self.knownAt = knownAt
        self.root = root
    }

    /// What a clause waits for, with the years of it where it is a figure.
    mutating func told(_ line: Explanation.MissingLine, for clause: ClauseID) -> Wording {
        guard case .fact(let fact, _) = line.missing, version.vocabulary[fact]?.subject == root else {
            return line.wording
        }
        let years = years(of: fact, for: clause).map { "\($0)" }
        return Wording(
            line.wording.chinese + "（\(years.joined(separator: "、")) 年）",
            line.wording.english + " (\(years.joined(separator: ", ")))")
    }

    /// The years of which the clause asks for the figure, in order; never empty.
    private mutating func years(of fact: FactID, for clause: ClauseID) -> [Int] {
        // What is about a city is read on the day alone.
        guard root != .city, let value = version.vocabulary[fact]?.type.harmless else { return [day.year] }
        let tried = waiting[fact] ?? clauses(waitingFor: fact, as: value)
        waiting[fact] = tried
        let asked = tried.filter { $0.value.contains(clause) }.keys.sorted()
        return asked.isEmpty ? [day.year] : asked
    }

    /// Of each year without the figure the clauses that wait for it although it were stated of every other.
    private func clauses(waitingFor fact: FactID, as value: FactValue) -> [Int: Set<ClauseID>] {
        let silent = (day.year - Self.yearsBack...day.year).filter { year in
            !statements.contains { $0.fact == fact && $0.period.contains(probe(year)) }
        }
        var found: [Int: Set<ClauseID>] = [:]
        for year in silent {
            let filled = silent.filter { $0 != year }.map { statement(fact, value, $0) }
            let outcomes = evaluator.evaluate(
                FactBase(root: root, statements: statements + filled), knownAt: .recorded(knownAt),
                over: DayPeriod(start: day, end: day + 1))
            let waits = outcomes.filter { outcome in
                outcome.pack == version.id && outcome.piece(on: day)?.missing.contains(.fact(fact, .household)) ?? false
            }
            found[year] = Set(waits.map(\.clause))
        }
        return found
    }

    /// A day of the year on which the figure would hold: of the year that is judged the day itself.
    private func probe(_ year: Int) -> CivilDay { year == day.year ? day : CivilMonth(year: year, month: 1).firstDay }

    private func statement(_ fact: FactID, _ value: FactValue, _ year: Int) -> FactStatement {
        FactStatement(
            fact: fact, subject: .household, value: value,
            period: DayPeriod(
                start: CivilMonth(year: year, month: 1).firstDay, end: CivilMonth(year: year, month: 12).lastDay + 1),
            recordedAt: knownAt, source: EventReference(sequence: 0))
    }
}

extension FactType {
    /// A value by which conditions go on to look at other years; nil where none is such.
    fileprivate var harmless: FactValue? {
        switch self {
        case .bool: .bool(true)
        case .int(let range): .int(max(0, range.lowerBound))
        case .decimal: .decimal(thousandths: 0)
        case .money: .money(.zero)
        default: nil
        }
    }
}

import CareDomain
import RuleEngine
import RulePacks
import Testing

@Suite("极早、极晚的日子写进事实：五地政策包都算得出，不中断")
struct ExtremeFactsTests {
    private static let days = [
        "0001-01-01", "0004-02-29", "1582-10-15", "1899-12-31", "2199-12-31", "9996-02-29", "9999-12-31",
    ].map { CivilDay(parsing: $0)! }

    @Test(
        "每个日期事实、每段事实的起止",
        arguments: [
            ("chenzhou-2014", "431002"), ("wenzhou-2021", "330302"), ("boshan-2021", "370304"),
            ("guiyang-2013", "520111"), ("xiamen-2017", "350203"),
        ])
    func determined(_ id: String, place: String) throws {
        let pack = try #require(try PackLibrary.bundled.packs(of: id).last)
        let evaluator = Evaluator(registry: PackRegistry(versions: [PublishedPack(pack: pack)]))
        let person = PersonID(Identifier128(high: 1, low: 1))
        let subjects: [(prefix: String, subject: RuleSubject)] = [
            ("household.", .household), ("person.", .person(person)),
            ("incident.", .incident(EventReference(sequence: 1))),
        ]
        for day in Self.days {
            for end in Self.days.map(Optional.some) + [nil] {
                let period = DayPeriod(start: day, end: end)
                guard !period.isEmpty else { continue }
                var statements: [FactStatement] = []
                for fact in pack.vocabulary.facts {
                    guard let subject = subjects.first(where: { fact.id.rawValue.hasPrefix($0.prefix) })?.subject,
                        let value = Self.value(of: fact, day, place)
                    else { continue }
                    statements.append(
                        FactStatement(
                            fact: fact.id, subject: subject, value: value, period: period,
                            recordedAt: Moment(microseconds: 0),
                            source: EventReference(sequence: UInt64(statements.count + 1))))
                }
                #expect(!statements.isEmpty)
                let last = CivilMonth(year: 2210, month: 12)
                for determination in evaluator.determine(FactBase(statements: statements)) {
                    _ = determination.dues(through: last)
                    _ = MonthSum(determination, min(last, CivilMonth(containing: day)))
                }
            }
        }
    }

    /// The day itself where a day is asked for; otherwise something that may be said.
    private static func value(of fact: FactDefinition, _ day: CivilDay, _ place: String) -> FactValue? {
        switch fact.type {
        case .date: .day(day)
        case .bool: .bool(true)
        case .int: .int(1)
        case .money: .money(Fen(100_000))
        case .code(let codes): codes.first.map(FactValue.code)
        case .division: .reference(place)
        case .decimal, .reference: nil
        }
    }
}

import CareDomain
import RuleEngine
import RulePacks

/// The invented family of the tests in Chenzhou: wife born 1965-09-10, husband 1967-01-20, only child dead 2012-03-01.
enum ChenzhouFamily {
    static let wife = RuleSubject.person(PersonID(Identifier128(high: 0, low: 1)))
    static let husband = RuleSubject.person(PersonID(Identifier128(high: 0, low: 2)))
    static let child = RuleSubject.person(PersonID(Identifier128(high: 0, low: 3)))

    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    static func evaluator(_ choices: ReadingChoices = [:]) throws -> Evaluator {
        let versions = try PackLibrary.bundled.packs(of: "chenzhou-2014").map { PublishedPack(pack: $0) }
        return Evaluator(registry: PackRegistry(versions: versions), choices: choices)
    }

    static var facts: FactBase {
        var sequence: UInt64 = 0
        func state(_ fact: String, _ subject: RuleSubject, _ value: FactValue, from: String = "1990-01-01")
            -> FactStatement
        {
            sequence += 1
            return FactStatement(
                fact: FactID(unchecked: fact), subject: subject, value: value, period: DayPeriod(start: day(from)),
                recordedAt: Moment(microseconds: Int64(sequence)), source: EventReference(sequence: sequence))
        }
        func role(_ name: String) -> FactValue { .code(Code(unchecked: name)) }
        return FactBase(statements: [
            state("household.division", .household, .reference("431002")),
            state("household.area", .household, role("urban")), state("person.role", wife, role("wife")),
            state("person.birth_date", wife, .day(day("1965-09-10"))), state("person.role", husband, role("husband")),
            state("person.birth_date", husband, .day(day("1967-01-20"))),
            state("person.role", child, role("only_child")),
            state("person.death_date", child, .day(day("2012-03-01")), from: "2012-03-01"),
        ])
    }
}

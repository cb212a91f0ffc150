import CareDomain

@testable import RuleEngine

/// Random families whose facts change within a few weeks, the same for the same seed.
struct FamilyRandom {
    static let base = CivilDay(year: 2016, month: 2, day: 10)!
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    private mutating func day() -> CivilDay { Self.base + Int32(next(below: 40)) }

    /// Facts of a couple and a child; most facts of the vocabulary appear with values drawn from their types.
    mutating func facts(_ pack: RulePack) -> FactBase {
        let roles = ["wife", "husband", "only_child"]
        var statements: [FactStatement] = []
        func add(_ fact: FactID, _ subject: RuleSubject, _ value: FactValue?, _ start: CivilDay, _ end: CivilDay? = nil)
        {
            let sequence = UInt64(statements.count + 1)
            statements.append(
                FactStatement(
                    fact: fact, subject: subject, value: value, period: DayPeriod(start: start, end: end),
                    recordedAt: Moment(microseconds: Int64(sequence)), source: EventReference(sequence: sequence)))
        }
        let old = Self.base - 4_000
        let people = roles.indices.map { RuleSubject.person(PersonID(Identifier128(high: 0, low: UInt64($0 + 1)))) }
        for (index, person) in people.enumerated() {
            add(FactVocabulary.role, person, .code(Code(unchecked: roles[index])), old)
            let years = index == 2 ? 20 : [49, 60][next(below: 2)]
            add(FactVocabulary.birthDate, person, .day(day().adding(months: -12 * years)), old)
        }
        add(FactID(unchecked: "household.division"), .household, .reference("431002"), old)
        for definition in pack.vocabulary.facts where definition.subject != .incident {
            let fixed = [FactVocabulary.role, FactVocabulary.birthDate, FactVocabulary.familyRole]
            guard !fixed.contains(definition.id), definition.id.rawValue != "household.division" else { continue }
            for subject in definition.subject == .household ? [.household] : people {
                for _ in 0..<[0, 1, 1, 2][next(below: 4)] {
                    guard let value = value(definition.type) else { continue }
                    let end = next(below: 3) == 0 ? day() + 5 : nil
                    add(definition.id, subject, value, next(below: 2) == 0 ? old : day(), end)
                }
            }
        }
        return FactBase(statements: statements)
    }

    private mutating func value(_ type: FactType) -> FactValue? {
        switch type {
        case .bool: .bool(next(below: 3) > 0)
        case .int(let range):
            .int(range.lowerBound + Int64(next(below: Int(min(range.upperBound - range.lowerBound, 4)) + 1)))
        case .code(let codes): .code(codes[next(below: codes.count)])
        case .date: .day(day())
        case .decimal: .decimal(thousandths: Int64(next(below: 20_000)))
        case .money, .reference, .division: nil
        }
    }
}

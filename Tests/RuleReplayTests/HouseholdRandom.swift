import CareDomain
import RuleEngine

/// Random households over some twenty years: facts of the whole vocabulary, corrections, incidents and people's decisions.
/// The same for the same seed.
struct HouseholdRandom {
    private var state: UInt64
    private var statements: [FactStatement] = []
    private var awards: [Award] = []

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    private mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    private mutating func day() -> CivilDay { CivilDay(year: 2011, month: 1, day: 1)! + Int32(next(below: 4_700)) }
    private var reference: EventReference { EventReference(sequence: UInt64(statements.count + awards.count + 1)) }

    private mutating func add(
        _ fact: FactID, _ subject: RuleSubject, _ value: FactValue?, _ start: CivilDay, _ end: CivilDay? = nil
    ) {
        let isTaken = next(below: 25) == 0
        statements.append(
            FactStatement(
                fact: fact, subject: subject, value: value, period: DayPeriod(start: start, end: end),
                recordedAt: Moment(microseconds: Int64(statements.count + 1)), source: reference,
                supersededAt: isTaken ? Moment(microseconds: 1_000_000) : nil))
    }

    /// A household with one to four persons.
    mutating func facts(_ pack: RulePack, places: [String]) -> FactBase {
        statements = []
        awards = []
        let roles = ["wife", "husband", "only_child", "adopted_child"]
        let people = (0..<1 + next(below: 4)).map {
            RuleSubject.person(PersonID(Identifier128(high: 0, low: UInt64($0 + 1))))
        }
        let old = CivilDay(year: 1990, month: 1, day: 1)!
        for (index, person) in people.enumerated() {
            let role = next(below: 8) == 0 ? roles[next(below: 4)] : roles[index]
            add(FactVocabulary.role, person, .code(Code(role)!), next(below: 4) == 0 ? day() : old)
            if next(below: 6) == 0 { add(FactVocabulary.role, person, nil, day()) }
            let years = index < 2 ? 40 + next(below: 25) : next(below: 30)
            if next(below: 8) > 0 {
                add(FactVocabulary.birthDate, person, .day(day().adding(months: -12 * years)), old)
            }
        }
        for fact in ["household.division", "household.residence_division"] where next(below: 6) > 0 {
            add(FactID(fact)!, .household, .reference(places[next(below: places.count)]), old)
            if next(below: 5) == 0 {
                add(FactID(fact)!, .household, .reference(places[next(below: places.count)]), day())
            }
        }
        let incidents = (0..<next(below: 3)).map { RuleSubject.incident(EventReference(sequence: UInt64(9_000 + $0))) }
        for definition in pack.vocabulary.facts {
            let subjects: [RuleSubject] =
                switch definition.subject {
                case .household: [.household]
                case .person: people
                case .incident: incidents
                default: []
                }
            state(definition, subjects, old, places)
        }
        decide(pack, people, incidents)
        return FactBase(statements: statements, awards: awards)
    }

    private mutating func state(
        _ definition: FactDefinition, _ subjects: [RuleSubject], _ old: CivilDay, _ places: [String]
    ) {
        let fixed: Set<String> = [
            "person.role", "person.birth_date", "person.family_role", "household.division",
            "household.residence_division",
        ]
        guard !fixed.contains(definition.id.rawValue) else { return }
        // Facts that end everything stay rare.
        let isRare = ["closed_on", "rebirth_on", "adoption_on"].contains(definition.field)
        for subject in subjects {
            let count = isRare ? (next(below: 6) == 0 ? 1 : 0) : [0, 1, 1, 2][next(below: 4)]
            for _ in 0..<count {
                let value = next(below: 12) == 0 ? nil : value(definition.type, places)
                add(
                    definition.id, subject, value, next(below: 2) == 0 ? old : day(),
                    next(below: 3) == 0 ? day() : nil)
            }
        }
    }

    private mutating func value(_ type: FactType, _ places: [String]) -> FactValue? {
        switch type {
        case .bool: .bool(next(below: 3) > 0)
        case .int(let range):
            .int(range.lowerBound + Int64(next(below: Int(min(range.upperBound - range.lowerBound, 4)) + 1)))
        case .code(let codes): .code(codes[next(below: codes.count)])
        case .date: .day(day())
        case .decimal: .decimal(thousandths: Int64(next(below: 20_000)))
        case .money: .money(Fen(Int64(next(below: 2_000_000))))
        case .reference, .division: .reference(places[next(below: places.count)])
        }
    }

    private mutating func decide(_ pack: RulePack, _ people: [RuleSubject], _ incidents: [RuleSubject]) {
        guard next(below: 3) == 0 else { return }
        let rules = pack.rules.filter { $0.unit.beneficiary.root == .household && $0.amount != nil }
        for _ in 0..<1 + next(below: 5) {
            guard let rule = rules.isEmpty ? nil : rules[next(below: rules.count)] else { return }
            let subjects: [RuleSubject] =
                switch rule.unit.beneficiary {
                case .person: people
                case .incident: incidents
                default: [.household]
                }
            guard let subject = subjects.isEmpty ? nil : subjects[next(below: subjects.count)] else { continue }
            let sum = Fen(Int64(1 + next(below: 1_000_000)))
            let outcome: AwardDecided.Outcome =
                switch next(below: 5) {
                case 0, 1: .granted(sum)
                case 2: .refused
                case 3: .held
                default: .excepted(next(below: 2) == 0 ? sum : nil)
                }
            let start = next(below: 2) == 0 ? day() : pack.validFrom + Int32(next(below: 240))
            awards.append(
                Award(
                    clause: rule.clause, subject: subject, outcome: outcome,
                    period: DayPeriod(
                        start: start, end: next(below: 2) == 0 ? start + Int32(1 + next(below: 900)) : nil),
                    recordedAt: Moment(microseconds: Int64(500_000 + awards.count)),
                    source: EventReference(sequence: UInt64(5_000 + awards.count))))
            if next(below: 3) == 0 { takeBack(awards[awards.count - 1]) }
        }
    }

    /// Takes a decision back, from its first day or a later one.
    private mutating func takeBack(_ award: Award) {
        awards.append(
            Award(
                clause: award.clause, subject: award.subject, outcome: .revoked(award.source),
                period: DayPeriod(start: award.period.start + Int32(next(below: 300))),
                recordedAt: Moment(microseconds: Int64(500_000 + awards.count)),
                source: EventReference(sequence: UInt64(5_000 + awards.count))))
    }
}

import CareDomain
import RuleEngine

/// What every operator answers to a fixed set of inputs, worked out by the operators themselves.
///
/// The name of a column that was worked out earlier stands upon it (`ColumnPlan.names`): where an operator comes to answer
/// otherwise, no such column is taken for its own, without anybody having to think of it.
package struct OperatorProbe: Sendable {
    /// One operator and its column, row by row.
    package struct Answer: Hashable, Sendable {
        package let operation: PlanOperation
        package let rows: [[Step]]

        package init(operation: PlanOperation, rows: [[Step]]) {
            self.operation = operation
            self.rows = rows
        }
    }

    /// From which day on a row has a value.
    package struct Step: Hashable, Sendable {
        package let day: Int32
        package let cell: Cell

        package init(day: Int32, cell: Cell) {
            self.day = day
            self.cell = cell
        }
    }

    /// Worked out once in a process: some milliseconds.
    static let meaning = digest(of: OperatorProbe().answers)

    /// In a fixed order.
    package let answers: [Answer]

    package init() {
        var inputs = ProbeInputs()
        let nodes = inputs.operators()
        var run = BlockRun(inputs.plan, over: inputs.block(), days: 0..<30_000)
        let scope = run.all
        answers = nodes.map { node in
            let column = run.column(node, in: scope)
            let rows = (0..<run.count(inputs.plan.nodes[node].frame, in: scope)).map { row in
                column.steps(of: row).map { Step(day: column.day($0), cell: column.cell($0)) }
            }
            return Answer(operation: inputs.plan.nodes[node].operation, rows: rows)
        }
    }

    /// A name for the answers, which another answer changes.
    package static func digest(of answers: [Answer]) -> String {
        var writer = ImageWriter()
        for answer in answers {
            writer.add(UInt32(answer.rows.count))
            for row in answer.rows {
                writer.add(UInt32(row.count))
                for step in row {
                    writer.add(step.day)
                    writer.add(step.cell.tag.rawValue)
                    writer.add(step.cell.payload)
                }
            }
        }
        return ColumnPlan.digest(writer.bytes)
    }
}

/// The facts of three invented households, and a plan with every operator over them.
private struct ProbeInputs {
    /// Values of one type: the first two follow one another, the third is an extreme.
    private struct Kind {
        let type: PlanType
        let fact: FactType
        let values: [FactValue]
    }

    private static let texts = ["0.5", "2014-07-16", "431002"].map { Code(unchecked: $0) }
    private static let kinds: [Kind] = [
        Kind(type: .bool, fact: .bool, values: [.bool(true), .bool(false), .bool(true)]),
        Kind(type: .int, fact: .int(Int64.min...Int64.max), values: [.int(7), .int(-3), .int(.max)]),
        Kind(type: .decimal, fact: .decimal, values: [1_500, -250, .max].map { .decimal(thousandths: $0) }),
        Kind(type: .money, fact: .money, values: [.money(Fen(30_000)), .money(Fen(1)), .money(Fen(.max))]),
        Kind(type: .date, fact: .date, values: ["1965-02-28", "2000-02-29", "9999-12-31"].map { .day(day($0)) }),
        Kind(type: .text, fact: .code(texts), values: texts.map(FactValue.code)),
    ]

    private(set) var plan = ColumnPlan(codes: CodeTable())
    /// Operands by type: a fact that may be unknown, one that may be null, constants.
    private var operands: [PlanType: [PlanOperand]] = [:]

    private static func day(_ text: String) -> CivilDay { CivilDay(parsing: text) ?? CivilDay(dayNumber: 0) }

    private static func definition(
        _ name: String, of subject: EntityKind, _ type: FactType, _ nature: FactNature
    ) -> FactDefinition {
        FactDefinition(
            id: FactID(unchecked: "\(subject.rawValue).\(name)"), subject: subject, type: type, nature: nature,
            title: Wording(name, name))
    }

    /// Of each type a fact that is unknown and one that is null where nothing is on record; one of persons.
    private static let facts: [FactDefinition] =
        kinds.flatMap { kind in
            [
                definition("plain_\(kind.type)", of: .household, kind.fact, .plain),
                definition("certified_\(kind.type)", of: .household, kind.fact, .certified),
            ]
        } + [
            definition("plain_bool", of: .person, .bool, .plain), definition("listed", of: .person, .bool, .certified),
        ]

    // MARK: Facts

    func block() -> FactBlock {
        var builder = FactBlockBuilder(vocabularies: [FactVocabulary(Self.facts)], codes: plan.codes)
        for household in 0..<3 {
            let id = HouseholdID(Identifier128(high: 1, low: UInt64(household)))
            builder.add(id, FactBase(statements: Self.statements(household)))
        }
        return builder.finish()
    }

    private static func statements(_ household: Int) -> [FactStatement] {
        var found: [FactStatement] = []
        func state(_ name: String, _ subject: RuleSubject, _ value: FactValue, _ from: String, _ until: String? = nil) {
            found.append(
                FactStatement(
                    fact: FactID(unchecked: name), subject: subject, value: value,
                    period: DayPeriod(start: day(from), end: until.map(day)), recordedAt: Moment(microseconds: 0),
                    source: EventReference(sequence: UInt64(found.count + 1))))
        }
        for kind in kinds {
            let (plain, certified) = ("household.plain_\(kind.type)", "household.certified_\(kind.type)")
            switch household {
            case 0:
                state(plain, .household, kind.values[0], "2000-01-01", "2010-01-01")
                state(plain, .household, kind.values[1], "2010-01-01")
                state(certified, .household, kind.values[1], "1995-01-01")
            case 1: state(certified, .household, kind.values[0], "2005-01-01", "2020-01-01")
            default:
                state(plain, .household, kind.values[2], "1990-01-01")
                state(certified, .household, kind.values[2], "2000-01-01")
            }
        }
        for number in 0..<(household == 1 ? 0 : 3) {
            let person = RuleSubject.person(PersonID(Identifier128(high: UInt64(household) + 2, low: UInt64(number))))
            state("person.listed", person, .bool(true), "200\(number)-01-01", number == 1 ? "2015-01-01" : nil)
            guard number < 2 else { continue }
            state("person.plain_bool", person, .bool(number == 0), "2003-01-01", household == 0 ? "2018-01-01" : nil)
        }
        return found
    }

    // MARK: Operators

    /// The nodes of all operators.
    mutating func operators() -> [Int] {
        makeOperands()
        return logic() + comparisons() + times() + persons() + calls()
    }

    private mutating func makeOperands() {
        for kind in Self.kinds {
            var found: [PlanOperand] = []
            for name in ["plain_\(kind.type)", "certified_\(kind.type)"] { found.append(value("household.\(name)")) }
            for value in kind.values {
                let cell = Cell(checked: Value(value), &plan.codes)
                found.append(plan.constant(cell))
            }
            operands[kind.type] = found
        }
    }

    private mutating func fact(_ name: String, _ reading: FactReading) -> Int {
        let definition = Self.facts.first { $0.id.rawValue == name } ?? Self.facts[0]
        let place = plan.fact(FactColumnKey(definition))
        return plan.node(.fact(place, reading), definition.subject == .household ? .household : .one(.person))
    }

    private mutating func value(_ name: String) -> PlanOperand { PlanOperand(node: fact(name, .value), places: []) }

    private mutating func add(_ operation: PlanOperation) -> Int { plan.node(operation, .household) }

    private func all(_ type: PlanType) -> [PlanOperand] { operands[type] ?? [] }

    private mutating func logic() -> [Int] {
        var nodes: [Int] = []
        for definition in Self.facts {
            for reading in [FactReading.value, .has, .onRecord] { nodes.append(fact(definition.id.rawValue, reading)) }
        }
        let wrong = plan.constant(Cell(.error, 0))
        let truths = all(.bool) + [wrong, plan.constant(.null)]
        for one in truths {
            nodes += [add(.not(one)), add(.known(one))]
            for other in truths { nodes += [add(.and(one, other)), add(.or(one, other))] }
            for type in [PlanType.int, .text] {
                nodes.append(add(.conditional(one, all(type)[0], all(type)[1])))
            }
        }
        return nodes
    }

    private mutating func comparisons() -> [Int] {
        var nodes: [Int] = []
        for kind in Self.kinds {
            let sides = all(kind.type)
            for relation in [Relation.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual] {
                for (one, other) in [(0, 1), (1, 0), (0, 2), (3, 1), (2, 4)] {
                    nodes.append(add(.compared(relation, sides[one], sides[other])))
                }
            }
            nodes += [add(.isIn(sides[0], [0, 1, 7, 30_000])), add(.isIn(sides[1], []))]
        }
        return nodes
    }

    private mutating func times() -> [Int] {
        let counts: [Int64] = [-1, 0, 1, 14, 40, 4_001, 48_001, 1_500_001, .max]
        let bounds = counts.map { plan.constant(Cell(.value, $0)) } + all(.int).prefix(2)
        var nodes: [Int] = []
        for date in all(.date).prefix(3) {
            nodes.append(add(.reached(date)))
            for unit in [ElapsedUnit.years, .months, .days] {
                for relation in [Relation.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual] {
                    for bound in bounds {
                        for shift in [Int32(0), 1] {
                            nodes.append(add(.elapsed(unit, relation, date: date, bound: bound, shift: shift)))
                        }
                    }
                }
            }
            for body in all(.int) { nodes.append(add(.at(day: date, body: body))) }
        }
        return nodes
    }

    private mutating func persons() -> [Int] {
        let present = PlanOperand(node: fact("person.listed", .value), places: [0])
        let unsure = PlanOperand(node: fact("person.plain_bool", .value), places: [0])
        var nodes = [plan.node(.entity, .one(.person))]
        for reduction in [Reduction.exists, .all, .existsOne, .count] {
            for test in [unsure, present, nil] {
                nodes.append(add(.reduced(reduction, inner: .person, present: present, test: test)))
            }
            nodes.append(add(.reduced(reduction, inner: .person, present: unsure, test: present)))
        }
        return nodes
    }

    /// Every function on all types that it takes: of facts, of a fact and a constant, of constants.
    private mutating func calls() -> [Int] {
        let types = Self.kinds.map(\.type)
        let lists =
            types.map { [$0] } + types.flatMap { one in types.map { [one, $0] } } + types.map { [$0, .int, .int] }
        var nodes: [Int] = []
        for builtin in Builtin.allCases {
            // Of a text and a part of it; the checker lets no other call through.
            for list in lists where builtin != .contains || list.count == 2 {
                guard let result = result(of: builtin, list) else { continue }
                for first in [0, 2] {
                    for others in [1, 3, 4] {
                        let arguments = list.enumerated().map { all($1)[$0 == 0 ? first : others] }
                        nodes.append(add(.call(builtin, arguments, list, result: result)))
                    }
                }
            }
        }
        return nodes
    }

    /// The type of the function's values, by trial; nil = it does not take these types, or gives what no column holds.
    private func result(of builtin: Builtin, _ types: [PlanType]) -> PlanType? {
        for place in 0..<3 {
            let values = types.map { type in
                Value(Self.kinds.first { $0.type == type }?.values[place] ?? .bool(false))
            }
            var steps = 0
            switch builtin.apply(values, steps: &steps) {
            case .bool: return .bool
            case .int: return .int
            case .decimal: return .decimal
            case .money: return .money
            case .day: return .date
            case .string: return .text
            default: continue
            }
        }
        return nil
    }
}

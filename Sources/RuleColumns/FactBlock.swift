import CareDomain
import RuleEngine

/// What makes one column of facts: a fact as a vocabulary declares it. Two packs that agree share the column.
package struct FactColumnKey: Hashable, Sendable {
    package let fact: FactID
    package let subject: EntityKind
    package let type: FactType
    package let nature: FactNature
    package let isTimeless: Bool
    package let precedence: FactPrecedence

    package init(_ definition: FactDefinition) {
        fact = definition.id
        subject = definition.subject
        type = definition.type
        nature = definition.nature
        isTimeless = definition.isTimeless
        precedence = definition.precedence
    }

    /// By what nearly always differs: the rest is compared only where this is the same.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(fact)
        hasher.combine(subject)
    }
}

/// The entities of one kind of a block, household by household.
package struct EntityRows: Hashable, Sendable {
    /// `households + 1` places.
    package let offsets: [Int32]
    /// For each entity, its household's row.
    package let households: [Int32]
    /// Who they are; empty in a block that was read without, see `BlockWish.subjects`.
    package let subjects: [RuleSubject]

    package init(offsets: [Int32], subjects: [RuleSubject]) {
        self.offsets = offsets
        self.subjects = subjects
        let count = Int(offsets.last ?? 0)
        households = Array(unsafeUninitializedCapacity: count) { memory, initialized in
            for household in 0..<max(0, offsets.count - 1) {
                for row in offsets[household]..<offsets[household + 1] { memory[Int(row)] = Int32(household) }
            }
            initialized = count
        }
    }

    /// Number of entities.
    package var count: Int { households.count }

    /// The rows of a household's entities.
    package func rows(of household: Int) -> Range<Int> { Int(offsets[household])..<Int(offsets[household + 1]) }
}

/// The facts of some hundred households as columns, as known at one moment: one row per household, person or incident, one
/// step per change.
package struct FactBlock: Sendable {
    /// Whose the rows are; empty where `hasSubjects` is false.
    package let households: [HouseholdID]
    /// Texts of the columns; begins with those the builder was given.
    package let codes: CodeTable
    package let persons: EntityRows
    package let incidents: EntityRows
    /// Columns without any statement are left out.
    package let columns: [FactColumnKey: FactColumn]
    /// Where each household belongs: registration, otherwise residence.
    package let divisions: FactColumn
    /// Decisions of people that stand, by the household's row, in the order in which they were taken.
    package let decisions: [Int32: [Award]]
    /// What follows from the facts and was worked out when the block was made, by `ColumnPlan.names`.
    package let kept: [String: KeptColumn]

    package init(
        households: [HouseholdID], codes: CodeTable, persons: EntityRows, incidents: EntityRows,
        columns: [FactColumnKey: FactColumn], divisions: FactColumn, decisions: [Int32: [Award]],
        kept: [String: KeptColumn] = [:]
    ) {
        self.households = households
        self.codes = codes
        self.persons = persons
        self.incidents = incidents
        self.columns = columns
        self.divisions = divisions
        self.decisions = decisions
        self.kept = kept
    }

    /// Number of households.
    package var count: Int { max(0, persons.offsets.count - 1) }

    /// Whether it is said whose the rows are.
    package var hasSubjects: Bool { households.count == count }

    /// The block with what is kept of it.
    init(_ block: FactBlock, kept: [String: KeptColumn]) {
        self.init(
            households: block.households, codes: block.codes, persons: block.persons, incidents: block.incidents,
            columns: block.columns, divisions: block.divisions, decisions: block.decisions, kept: kept)
    }

    /// Number of rows of a kind.
    func count(_ kind: EntityKind) -> Int {
        switch kind {
        case .person: persons.count
        case .incident: incidents.count
        case .household, .village, .unit, .city, .loan: count
        }
    }

    /// The entities of a kind; nil for the household itself.
    package func entities(_ kind: EntityKind) -> EntityRows? {
        switch kind {
        case .person: persons
        case .incident: incidents
        case .household, .village, .unit, .city, .loan: nil
        }
    }
}

/// Puts households into a block.
package struct FactBlockBuilder {
    private let vocabularies: [FactVocabulary]
    private let standing: StandingPlan?
    /// By vocabulary: the columns taken from it, with their places in `columns`.
    private let keys: [[(key: FactColumnKey, place: Int)]]
    private var codes: CodeTable
    private var households: [HouseholdID] = []
    private var persons = Entities()
    private var incidents = Entities()
    private var columns: [FactColumnBuilder?]
    private var divisions = FactColumnBuilder()
    private var decisions: [Int32: [Award]] = [:]

    private struct Entities {
        var offsets: [Int32] = [0]
        var subjects: [RuleSubject] = []
        var rows: EntityRows { EntityRows(offsets: offsets, subjects: subjects) }
    }

    /// - Parameters:
    ///   - vocabularies: of the packs whose rules will be asked; a fact that several declare alike is kept once.
    ///   - codes: those of the plan that will be run.
    ///   - standing: what is kept beside the facts; its codes are those of `codes` or go on in them.
    package init(
        vocabularies: [FactVocabulary], codes: CodeTable = CodeTable(), standing: StandingPlan? = nil
    ) {
        self.codes = codes
        self.standing = standing
        var layers: [FactVocabulary] = []
        for vocabulary in vocabularies where !layers.contains(where: { Self.same($0, vocabulary) }) {
            layers.append(vocabulary)
        }
        var seen: Set<FactColumnKey> = []
        var kept: [[(key: FactColumnKey, place: Int)]] = []
        self.vocabularies = layers
        for layer in layers {
            var taken: [(key: FactColumnKey, place: Int)] = []
            for key in layer.facts.map({ FactColumnKey($0) }) where seen.insert(key).inserted {
                taken.append((key, seen.count - 1))
            }
            kept.append(taken)
        }
        keys = kept
        columns = Array(repeating: nil, count: seen.count)
    }

    private static func same(_ one: FactVocabulary, _ two: FactVocabulary) -> Bool {
        one.facts.map { FactColumnKey($0) } == two.facts.map { FactColumnKey($0) }
    }

    /// Households taken in.
    package var count: Int { households.count }

    /// Takes a household in, as known now.
    package mutating func add(_ id: HouseholdID, _ facts: FactBase) {
        let row = households.count
        households.append(id)
        var isFirst = true
        var places: [RuleSubject: Int] = [.household: row]
        for (layer, vocabulary) in vocabularies.enumerated() {
            let view = FactView(facts, vocabulary: vocabulary)
            if isFirst { take(view, &places) }
            isFirst = false
            for (key, place) in keys[layer] { add(view, key, place, places) }
        }
        persons.offsets.append(Int32(persons.subjects.count))
        incidents.offsets.append(Int32(incidents.subjects.count))
        for day in facts.divisionDays {
            let division = facts.division(on: day)
            divisions.add(
                row: row, day.dayNumber, division.map { Cell(.value, codes.number(of: $0.rawValue)) } ?? .null)
        }
        let standing = facts.decisions(knownAt: .latest)
        if !standing.isEmpty { decisions[Int32(row)] = standing }
    }

    /// Takes a household over from a block with the same numbers for texts.
    package mutating func add(row: Int, of block: FactBlock) {
        let people = block.persons.rows(of: row)
        let events = block.incidents.rows(of: row)
        let (firstPerson, firstEvent) = (persons.subjects.count, incidents.subjects.count)
        let own = households.count
        for (key, place) in keys.joined() {
            guard let column = block.columns[key] else { continue }
            let (from, to): (Range<Int>, Int) =
                switch key.subject {
                case .person: (people, firstPerson)
                case .incident: (events, firstEvent)
                default: (row..<row + 1, own)
                }
            var target = columns[place] ?? FactColumnBuilder()
            columns[place] = nil
            for old in from {
                column.forEachStep(of: old) { _, day, cell in
                    target.add(row: to + old - from.lowerBound, day, cell)
                }
            }
            columns[place] = target.isEmpty ? nil : target
        }
        households.append(block.households[row])
        persons.subjects += block.persons.subjects[people]
        incidents.subjects += block.incidents.subjects[events]
        persons.offsets.append(Int32(persons.subjects.count))
        incidents.offsets.append(Int32(incidents.subjects.count))
        block.divisions.forEachStep(of: row) { _, day, cell in divisions.add(row: own, day, cell) }
        if let standing = block.decisions[Int32(row)] { decisions[Int32(own)] = standing }
    }

    private mutating func take(_ view: FactView, _ places: inout [RuleSubject: Int]) {
        for subject in view.entities {
            switch subject {
            case .household: break
            case .person:
                places[subject] = persons.subjects.count
                persons.subjects.append(subject)
            case .incident:
                places[subject] = incidents.subjects.count
                incidents.subjects.append(subject)
            }
        }
    }

    private mutating func add(
        _ view: FactView, _ key: FactColumnKey, _ place: Int, _ places: [RuleSubject: Int]
    ) {
        guard let fact = view.vocabulary.index(of: key.fact) else { return }
        for (entity, subject) in view.entities.enumerated() where subject.kind(in: .household) == key.subject {
            let steps = view.steps(entity: entity, fact: fact)
            guard !steps.isEmpty, let row = places[subject] else { continue }
            var column = columns[place] ?? FactColumnBuilder()
            columns[place] = nil
            for step in steps { column.add(row: row, step.day, Cell(step.value, &codes)) }
            columns[place] = column
        }
    }

    /// The block; the builder begins anew.
    package mutating func finish() -> FactBlock {
        let finished = keys.joined().compactMap { key, place -> (FactColumnKey, FactColumn)? in
            columns[place].map { (key, $0.finish()) }
        }
        let block = FactBlock(
            households: households, codes: codes, persons: persons.rows, incidents: incidents.rows,
            columns: Dictionary(uniqueKeysWithValues: finished), divisions: divisions.finish(),
            decisions: decisions)
        households = []
        persons = Entities()
        incidents = Entities()
        columns = Array(repeating: nil, count: columns.count)
        divisions = FactColumnBuilder()
        decisions = [:]
        return standing?.answers(for: block) ?? block
    }
}

extension Cell {
    /// The value of a fact; nil = nothing on record, unknown = it happened on a day that nobody stated.
    init(_ value: Value?, _ codes: inout CodeTable) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .int(let number), .decimal(let number): self = Cell(.value, number)
        case .money(let fen): self = Cell(.value, fen.amount)
        case .day(let day): self = Cell(.value, Int64(day.dayNumber))
        case .string(let text): self = Cell(.value, codes.number(of: text))
        // Of which fact and entity the column and the row say.
        case .unknown: self = Cell(.unknown, 0)
        default: self = .null
        }
    }
}

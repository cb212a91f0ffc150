import CareDomain

/// The facts of one household as known at one moment, ready to be read by day: one timeline per entity and fact.
package struct FactView: Sendable {
    /// From this day on the value holds, until the next segment of the same timeline.
    struct Segment: Hashable, Sendable {
        var start: Int32
        /// nil = nothing on record; `unknown` = it happened, on which day is not on record.
        var value: Value?
        /// The statement behind it, or behind its end.
        var reference: EventReference
        /// Later of the days on which the statement was recorded or, where declared, learned.
        var knownOn: CivilDay
    }

    package let vocabulary: FactVocabulary
    /// What the facts are about.
    let root: EntityKind
    /// The household (or other root) first, then persons by id, then incidents.
    package let entities: [RuleSubject]
    let persons: Range<Int>
    let incidents: Range<Int>
    /// `timelines[entity * vocabulary.count + fact]`, segments by first day.
    private var timelines: [[Segment]]
    /// Facts of which nothing may be known, by their place in the vocabulary.
    private let untold: Set<Int>
    /// Statements left out because the vocabulary does not accept them, with the reason.
    package private(set) var ignored: [(FactStatement, VocabularyIssue)] = []

    static let never = Int32.max

    /// Sorts what was known into timelines.
    package init(_ facts: FactBase, vocabulary: FactVocabulary, knownAt: KnownAt = .latest) {
        self.vocabulary = vocabulary
        root = facts.root
        untold = facts.untold.isEmpty ? [] : Set(facts.untold.compactMap { vocabulary.index(of: $0) })
        var known: [FactStatement] = []
        for statement in facts.statements(knownAt: knownAt) {
            if let issue = vocabulary.check(
                fact: statement.fact, subject: statement.subject, value: statement.value, root: facts.root)
            {
                ignored.append((statement, issue))
            } else {
                known.append(statement)
            }
        }
        let subjects = Set(known.map(\.subject)).subtracting([.household]).sorted()
        entities = [.household] + subjects
        let people = subjects.filter { $0.kind(in: facts.root) == .person }.count
        persons = 1..<1 + people
        incidents = 1 + people..<entities.count
        timelines = Array(repeating: [], count: entities.count * vocabulary.count)
        let indexes = Dictionary(uniqueKeysWithValues: entities.enumerated().map { ($1, $0) })
        var groups: [Int: [FactStatement]] = [:]
        for statement in known {
            guard let entity = indexes[statement.subject], let fact = vocabulary.index(of: statement.fact) else {
                continue
            }
            groups[entity * vocabulary.count + fact, default: []].append(statement)
        }
        for (slot, group) in groups {
            timelines[slot] = Self.timeline(group, of: vocabulary.facts[slot % vocabulary.count])
        }
        addFamilyRoles()
        addOpenAdoptions(facts, knownAt: knownAt)
    }

    private static func timeline(_ group: [FactStatement], of definition: FactDefinition) -> [Segment] {
        if group.count > 1, let first = group.first, definition.precedence != .none {
            let rank = definition.precedence.rank(first.kindOfSource)
            if group.contains(where: { definition.precedence.rank($0.kindOfSource) != rank }) {
                return rankedTimeline(StatedFacts(group, of: definition), definition)
            }
        }
        let ordered = group.map { ($0, start(of: $0, definition)) }
            .sorted { ($0.1, $0.0.told) < ($1.1, $1.0.told) }
        if definition.isTimeless {
            // The latest word counts for all days.
            guard let last = group.max(by: { $0.told < $1.told }) else {
                return []
            }
            return [segment(.min, last.value, last)]
        }
        var segments: [Segment] = []
        for (index, (statement, start)) in ordered.enumerated() {
            let next = index + 1 < ordered.count ? ordered[index + 1].1 : never
            guard start < next else { continue }
            segments.append(segment(start, statement.value, statement))
            if let end = statement.period.end?.dayNumber, end < next {
                segments.append(segment(max(end, start), nil, statement))
                if end <= start { segments.remove(at: segments.count - 2) }
            }
        }
        return segments
    }

    /// The timeline of statements whose sources do not rank alike.
    private static func rankedTimeline(_ stated: StatedFacts, _ definition: FactDefinition) -> [Segment] {
        if definition.isTimeless {
            return stated.timeless.map { [segment(.min, $0.value, $0)] } ?? []
        }
        var segments: [Segment] = []
        for day in Set(stated.order.statements.flatMap { [$0.start, $0.end].compactMap { $0 } }).sorted() {
            guard let place = stated.order.standing(on: day) else { continue }
            let statement = stated.statements[place]
            let value = stated.order.statements[place].speaks(of: day) ? statement.value : nil
            let next = segment(day, value, statement)
            if segments.last.map({ $0.reference != next.reference || $0.value != next.value }) ?? true {
                segments.append(next)
            }
        }
        return segments
    }

    private static func start(of statement: FactStatement, _ definition: FactDefinition) -> Int32 {
        statement.start(definition)
    }

    private static func segment(_ start: Int32, _ value: FactValue?, _ statement: FactStatement) -> Segment {
        Segment(
            start: start, value: value.map(Value.init), reference: statement.source,
            knownOn: statement.learnedOn ?? statement.recordedAt.day)
    }

    private mutating func addFamilyRoles() {
        guard let role = vocabulary.index(of: FactVocabulary.role),
            let family = vocabulary.index(of: FactVocabulary.familyRole)
        else { return }
        for person in persons {
            timelines[person * vocabulary.count + family] =
                timelines[person * vocabulary.count + role].filter { $0.value != nil }
        }
    }

    /// Whether nothing on record means that it is not known: always of a plain fact, and of any that is kept from whoever asks.
    func isUnknownUnstated(_ fact: Int) -> Bool {
        vocabulary.facts[fact].nature == .plain || isUntold(fact)
    }

    /// Whether it is kept from whoever asks.
    func isUntold(_ fact: Int) -> Bool { !untold.isEmpty && untold.contains(fact) }

    /// 收养日期未登记: whoever is on record as an adopted child was adopted, on a day that nobody stated. Nothing on record of an
    /// event means that it did not happen; here it did, so the day is unknown as long as the record calls them so, of the child
    /// and of the family. A day that the family alone is told is that of the one adopted child there is.
    private mutating func addOpenAdoptions(_ facts: FactBase, knownAt: KnownAt) {
        let count = vocabulary.count
        guard let family = vocabulary.index(of: FactVocabulary.familyRole) else { return }
        let adopted = persons.filter { person in
            timelines[person * count + family].contains { $0.value == FactVocabulary.adoptedChild }
        }
        guard !adopted.isEmpty else { return }
        // Also where the vocabulary knows no day of a child's own: the event told it all the same.
        let days = facts.statements.filter { statement in
            statement.value != nil && knownAt.knows(statement)
                && (statement.fact == FactVocabulary.adoptedOn || statement.fact == FactVocabulary.adoptionOn)
        }
        let dated = Set(days.lazy.filter { $0.fact == FactVocabulary.adoptedOn }.map(\.subject))
        if adopted.count == 1, dated.isEmpty, !days.isEmpty { return }
        let open = adopted.filter { !dated.contains(entities[$0]) }
        let called = open.map { timelines[$0 * count + family] }
        if let fact = vocabulary.index(of: FactVocabulary.adoptedOn) {
            for (person, called) in zip(open, called) { addOpenDay(of: person, fact, [called]) }
        }
        if let fact = vocabulary.index(of: FactVocabulary.adoptionOn) { addOpenDay(of: 0, fact, called) }
    }

    /// Makes a day of adoption unknown on the days without a value on which one of these persons is called adopted.
    private mutating func addOpenDay(of entity: Int, _ fact: Int, _ called: [[Segment]]) {
        let slot = entity * vocabulary.count + fact
        let known = timelines[slot]
        let unknown = Value.unknown(UnknownSet(.fact(vocabulary.facts[fact].id, entities[entity])))
        var segments: [Segment] = []
        for day in Set((called.joined() + known).map(\.start)).sorted() {
            let standing = known.last { $0.start <= day }
            let roles = called.compactMap { $0.last { $0.start <= day } }
            var next: Segment
            if let standing, standing.value != nil {
                next = standing
            } else if let role = roles.first(where: { $0.value == FactVocabulary.adoptedChild }) {
                next = role
                next.value = unknown
            } else {
                guard let other = standing ?? roles.first else { continue }
                next = other
                next.value = nil
            }
            next.start = day
            if segments.last.map({ $0.value != next.value || $0.reference != next.reference }) ?? true {
                segments.append(next)
            }
        }
        timelines[slot] = segments
    }

    /// The changes of a fact, by day; `Int32.min` = since ever, nil = nothing on record from that day on.
    package func steps(entity: Int, fact: Int) -> [(day: Int32, value: Value?)] {
        timelines[entity * vocabulary.count + fact].map { ($0.start, $0.value) }
    }

    /// The segment in force on the day (nil before the first), and the first later day on which another begins.
    func lookup(entity: Int, fact: Int, day: Int32) -> (segment: Segment?, next: Int32) {
        let timeline = timelines[entity * vocabulary.count + fact]
        var low = 0
        var high = timeline.count
        while low < high {
            let middle = (low + high) / 2
            if timeline[middle].start <= day { low = middle + 1 } else { high = middle }
        }
        return (low > 0 ? timeline[low - 1] : nil, low < timeline.count ? timeline[low].start : Self.never)
    }
}

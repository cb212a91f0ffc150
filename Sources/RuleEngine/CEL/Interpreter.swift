import CareDomain

/// What expressions refer to besides facts: derived facts, the positions of the switches, values of parameters.
struct Program: Sendable {
    var definitions: [CheckedExpression] = []
    var readings: [Value] = []
    var parameters = ParameterTable([], set: [], knownAt: .latest)
    var parameterIDs: [ParameterID] = []
    /// Days after the birthday on which an age counts as reached: 0, or 1 under `age_attained = day_after`.
    var ageShift: Int32 = 0
}

/// A fact that an evaluation looked at and found on record (or found ended).
package struct FactUse: Hashable, Sendable {
    /// Index of the entity in the view.
    package let entity: Int
    /// Index of the fact in the vocabulary.
    package let fact: Int
    /// The event behind it.
    package let reference: EventReference
    /// When it was learned.
    package let knownOn: CivilDay
}

/// Evaluates checked expressions on one day and reports until when the answer stands.
///
/// Every read of a fact, a parameter or the calendar lowers `next` to the first later day on which that read could
/// give something else. An answer therefore holds from `day` to the day before `next`, whatever the expression does with
/// it; piecewise evaluation needs nothing more.
struct Interpreter {
    /// What a derived fact says of an entity, worked out once: rules ask for the same ones again and again.
    private struct KnownDerived {
        /// Days on which it stands: from the one it was worked out for to the first on which it may change.
        let days: Range<Int32>
        let value: Value
        /// Facts it rests on, each once.
        let uses: [FactUse]
    }

    let view: FactView
    let program: Program
    /// By definition and entity; for the life of the interpreter, because neither facts nor program change.
    private var known: [[KnownDerived]]
    /// The day asked for.
    private(set) var day: Int32 = 0
    /// First later day on which the answer may change; `FactView.never` when it cannot.
    private(set) var next = FactView.never
    /// Facts read since the last `start`.
    private(set) var uses: [FactUse] = []
    private var subject = 0
    private var locals: [Value] = []
    private var steps = 0

    init(view: FactView, program: Program) {
        self.view = view
        self.program = program
        known = Array(repeating: [], count: program.definitions.count * view.entities.count)
    }

    /// Begins a new answer: forgets reads and breaks.
    mutating func start(day: Int32) {
        self.day = day
        next = FactView.never
        uses.removeAll(keepingCapacity: true)
    }

    /// Lowers `next` for something outside the expressions.
    mutating func breaks(at day: Int32) {
        if day > self.day { next = min(next, day) }
    }

    /// Value of the expression for the entity on the day given to `start`, with the caller's variables.
    mutating func evaluate(_ expression: CheckedExpression, subject: Int, variables: [Value] = []) -> Value {
        self.subject = subject
        steps = 0
        locals = variables + Array(repeating: .null, count: max(0, expression.slots - variables.count))
        return value(expression.root, expression)
    }

    /// Value of one node of the expression, outside its macros, on the day given to `start`.
    mutating func part(_ node: Int, of expression: CheckedExpression, subject: Int) -> Value {
        self.subject = subject
        steps = 0
        locals = Array(repeating: .null, count: expression.slots)
        return value(node, expression)
    }

    private mutating func value(_ index: Int, _ expression: CheckedExpression) -> Value {
        steps += 1
        if steps > ExpressionLimits.steps { return .error(.stepLimit) }
        switch expression.nodes[index].operation {
        case .constant(let value): return value
        case .local(let slot): return locals[slot]
        case .household: return .entity(0)
        case .subject: return .entity(subject)
        case .members: return persons(FactVocabulary.role)
        case .family: return persons(FactVocabulary.familyRole)
        case .incidents: return .list(view.incidents.map(Value.entity))
        case .fact(let entity, let fact): return read(value(entity, expression), fact)
        case .hasFact(let entity, let fact): return has(value(entity, expression), fact)
        case .onRecord(let entity, let fact): return onRecord(value(entity, expression), fact)
        case .derived(let entity, let definition): return derived(value(entity, expression), definition)
        case .reading(let index): return program.readings[index]
        case .parameter(let parameter, let keys): return self.parameter(parameter, keys, expression)
        case .select(let base, let field): return select(value(base, expression), field)
        case .hasKey(let base, let field): return hasKey(value(base, expression), field)
        case .and(let left, let right): return connected(left, right, expression, stops: false)
        case .or(let left, let right): return connected(left, right, expression, stops: true)
        case .not(let operand):
            let inner = value(operand, expression)
            if case .bool(let flag) = inner { return .bool(!flag) }
            return inner.isKnown ? .error(.noSuchOverload) : inner
        case .conditional(let test, let yes, let no):
            let inner = value(test, expression)
            if case .bool(let flag) = inner { return value(flag ? yes : no, expression) }
            return inner.isKnown ? .error(.noSuchOverload) : inner
        case .call(let builtin, let arguments):
            let values = arguments.map { value($0, expression) }
            return builtin.apply(values, steps: &steps)
        case .list(let items): return Self.collected(items.map { value($0, expression) })
        case .map(let keys, let values):
            return map(keys.map { value($0, expression) }, values.map { value($0, expression) })
        case .comprehension(let macro, let range, let slot, let predicate, let transform):
            return comprehension(macro, value(range, expression), slot, predicate, transform, expression)
        case .elapsed(let unit, let relation, let date, let bound):
            return elapsed(unit, relation, value(date, expression), value(bound, expression))
        case .reached(let date):
            let inner = value(date, expression)
            guard case .day(let day) = inner else { return inner.isKnown ? .error(.noSuchOverload) : inner }
            return .bool(reached(day.dayNumber))
        case .calendar(let part): return calendar(part)
        case .periodStart(let part, let offset):
            let shift = offset.map { value($0, expression) } ?? .int(0)
            guard case .int(let count) = shift else { return shift.isKnown ? .error(.noSuchOverload) : shift }
            return periodStart(part, count)
        case .hasParameter(let parameter, let keys): return hasParameter(parameter, keys, expression)
        case .atDay(let day, let body): return other(value(day, expression), body, expression)
        }
    }

    // MARK: Facts

    private mutating func persons(_ role: FactID) -> Value {
        guard let fact = view.vocabulary.index(of: role) else { return .list([]) }
        var list: [Value] = []
        for person in view.persons where lookup(person, fact) != nil { list.append(.entity(person)) }
        return .list(list)
    }

    /// The value on record on the day, noting the use and the next change.
    private mutating func lookup(_ entity: Int, _ fact: Int) -> Value? {
        let (segment, next) = view.lookup(entity: entity, fact: fact, day: day)
        self.next = min(self.next, next)
        guard let segment else { return nil }
        uses.append(FactUse(entity: entity, fact: fact, reference: segment.reference, knownOn: segment.knownOn))
        return segment.value
    }

    private mutating func read(_ base: Value, _ fact: Int) -> Value {
        guard case .entity(let entity) = base else { return base.isKnown ? .error(.noSuchField) : base }
        if let value = lookup(entity, fact) { return value }
        if view.isUnknownUnstated(fact) { return unknown(entity, fact) }
        return view.vocabulary.facts[fact].type == .bool ? .bool(false) : .null
    }

    private mutating func has(_ base: Value, _ fact: Int) -> Value {
        guard case .entity(let entity) = base else { return base.isKnown ? .error(.noSuchField) : base }
        if let value = lookup(entity, fact) { return value.isKnown ? .bool(true) : value }
        return view.isUnknownUnstated(fact) ? unknown(entity, fact) : .bool(false)
    }

    private func unknown(_ entity: Int, _ fact: Int) -> Value {
        .unknown(UnknownSet(.fact(view.vocabulary.facts[fact].id, view.entities[entity])))
    }

    private mutating func onRecord(_ base: Value, _ fact: Int) -> Value {
        guard case .entity(let entity) = base else { return base.isKnown ? .error(.noSuchField) : base }
        if let value = lookup(entity, fact) { return .bool(value.isKnown) }
        return view.isUntold(fact) ? unknown(entity, fact) : .bool(false)
    }

    private mutating func derived(_ base: Value, _ definition: Int) -> Value {
        guard case .entity(let entity) = base else { return base.isKnown ? .error(.noSuchField) : base }
        let place = definition * view.entities.count + entity
        if let index = known[place].lastIndex(where: { $0.days.contains(day) }) {
            next = min(next, known[place][index].days.upperBound)
            uses += known[place][index].uses
            return known[place][index].value
        }
        let expression = program.definitions[definition]
        let outside = (subject, locals, next)
        let firstUse = uses.count
        subject = entity
        locals = Array(repeating: .null, count: expression.slots)
        next = FactView.never
        let result = value(expression.root, expression)
        // An error may be about the steps that were left, not about the facts.
        if case .error = result {
        } else if next > day {
            known[place].append(KnownDerived(days: day..<next, value: result, uses: Self.once(uses[firstUse...])))
        }
        (subject, locals) = (outside.0, outside.1)
        next = min(next, outside.2)
        return result
    }

    /// Each use once, in the order in which they came.
    private static func once(_ uses: ArraySlice<FactUse>) -> [FactUse] {
        var result: [FactUse] = []
        result.reserveCapacity(uses.count)
        for use in uses where !result.contains(use) { result.append(use) }
        return result
    }

    private mutating func parameter(_ index: Int, _ keys: [Int], _ expression: CheckedExpression) -> Value {
        let keys = Self.collected(keys.map { value($0, expression) })
        guard case .list(let values) = keys else { return keys }
        let codes = values.map { if case .string(let text) = $0 { text } else { "" } }
        let found = program.parameters.lookup(index, keys: codes, day: day)
        next = min(next, found.next)
        return found.value.map(Value.init) ?? .unknown(UnknownSet(.parameter(program.parameterIDs[index], keys: codes)))
    }

    private mutating func hasParameter(_ index: Int, _ keys: [Int], _ expression: CheckedExpression) -> Value {
        switch parameter(index, keys, expression) {
        case .unknown(let set) where set.items.contains { $0.isParameter && $0.names(program.parameterIDs[index]) }:
            return .bool(false)
        case .unknown(let set): return .unknown(set)
        case .error(let error): return .error(error)
        default: return .bool(true)
        }
    }

    private mutating func other(_ day: Value, _ body: Int, _ expression: CheckedExpression) -> Value {
        guard case .day(let other) = day else { return day.isKnown ? .error(.noSuchOverload) : day }
        let outside = (self.day, next)
        self.day = other.dayNumber
        let result = value(body, expression)
        (self.day, next) = outside
        return result
    }

    // MARK: The day

    private mutating func reached(_ threshold: Int32) -> Bool {
        breaks(at: threshold)
        return day >= threshold
    }

    private mutating func elapsed(
        _ unit: ElapsedUnit, _ relation: Relation, _ date: Value, _ bound: Value
    ) -> Value {
        guard case .day(let start) = date, case .int(let bound) = bound else {
            // What stands in the way, as in any call of two arguments.
            let both = Self.collected([date, bound])
            return both.isKnown ? .error(.noSuchOverload) : both
        }
        let number = bound.clamped(to: -2...5_000_000)
        switch relation {
        case .greaterOrEqual: return .bool(atLeast(number, unit, since: start))
        case .greater: return .bool(atLeast(number + 1, unit, since: start))
        case .less: return .bool(!atLeast(number, unit, since: start))
        case .lessOrEqual: return .bool(!atLeast(number + 1, unit, since: start))
        case .equal, .notEqual:
            let lower = atLeast(number, unit, since: start)
            let upper = atLeast(number + 1, unit, since: start)
            return .bool((lower && !upper) == (relation == .equal))
        }
    }

    /// Whether at least `count` full units have passed since `date`; before the day itself the count is -1.
    private mutating func atLeast(_ count: Int64, _ unit: ElapsedUnit, since date: CivilDay) -> Bool {
        if count < 0 { return true }
        let threshold: CivilDay
        switch unit {
        case .years:
            threshold = date.birthday(years: Int(count)) + program.ageShift
        case .months:
            threshold = date.adding(months: Int(count))
        case .days:
            threshold = date + Int32(count)
        }
        return reached(threshold.dayNumber)
    }

    private mutating func calendar(_ part: CalendarPart) -> Value {
        let today = CivilDay(dayNumber: day)
        let month = CivilMonth(containing: today)
        breaks(at: (part.unit.last(with: month) + 1).firstDay.dayNumber)
        return .int(part.number(of: month))
    }

    private mutating func periodStart(_ part: PeriodPart, _ offset: Int64) -> Value {
        let month = CivilMonth(containing: CivilDay(dayNumber: day))
        breaks(at: (part.unit.last(with: month) + 1).firstDay.dayNumber)
        return part.firstDay(with: month, offset: offset).map(Value.day) ?? .error(.overflow)
    }

    // MARK: Logic and collections

    /// `&&` (stops at false) and `||` (stops at true), commutative: one deciding side absorbs what the other lacks.
    private mutating func connected(_ left: Int, _ right: Int, _ expression: CheckedExpression, stops: Bool) -> Value {
        let one = value(left, expression)
        if case .bool(stops) = one { return one }
        let two = value(right, expression)
        if case .bool(stops) = two { return two }
        return Self.joined(one, two)
    }

    /// Two sides of which neither decides: unknown before error before the common value.
    private static func joined(_ one: Value, _ two: Value) -> Value {
        switch (one, two) {
        case (.unknown(let left), .unknown(let right)): .unknown(left.union(right))
        case (.unknown, _): one
        case (_, .unknown): two
        case (.error, _): one
        case (_, .error): two
        case (.bool, .bool): one
        default: .error(.noSuchOverload)
        }
    }

    /// A list of the values, or what stands in its way.
    private static func collected(_ values: [Value]) -> Value {
        if values.allSatisfy(\.isKnown) { return .list(values) }
        return values.filter { !$0.isKnown }.reduce(.bool(true), joined)
    }

    private mutating func map(_ keys: [Value], _ values: [Value]) -> Value {
        let all = Self.collected(keys + values)
        guard case .list = all else { return all }
        var entries: [Value.MapEntry] = []
        for (key, value) in zip(keys, values) {
            switch key {
            case .bool, .int, .uint, .string: break
            default: return .error(.invalidArgument)
            }
            if Value.lookup(key, in: entries) != nil { return .error(.repeatedKey) }
            entries.append(Value.MapEntry(key: key, value: value))
        }
        return .map(entries)
    }

    private func select(_ base: Value, _ field: String) -> Value {
        guard case .map(let entries) = base else { return base.isKnown ? .error(.noSuchOverload) : base }
        return Value.lookup(.string(field), in: entries) ?? .error(.noSuchKey)
    }

    private func hasKey(_ base: Value, _ field: String) -> Value {
        guard case .map(let entries) = base else { return base.isKnown ? .error(.noSuchOverload) : base }
        return .bool(Value.lookup(.string(field), in: entries) != nil)
    }

    private mutating func comprehension(
        _ macro: Syntax.Macro, _ range: Value, _ slot: Int, _ predicate: Int?, _ transform: Int?,
        _ expression: CheckedExpression
    ) -> Value {
        let items: [Value]
        switch range {
        case .list(let list): items = list
        case .map(let entries): items = entries.map(\.key)
        default: return range.isKnown ? .error(.noSuchOverload) : range
        }
        var pending = Value.bool(macro == .all)
        var kept: [Value] = []
        for item in items {
            locals[slot] = item
            let test = predicate.map { value($0, expression) } ?? .bool(true)
            switch (macro, test) {
            case (.all, .bool(false)), (.exists, .bool(true)): return test
            case (.all, .bool), (.exists, .bool), (_, .bool(false)): break
            case (_, .bool): kept.append(transform.map { value($0, expression) } ?? item)
            default:
                pending = pending.isKnown ? (test.isKnown ? .error(.noSuchOverload) : test) : Self.joined(pending, test)
            }
        }
        if !pending.isKnown { return pending }
        switch macro {
        case .all, .exists: return pending
        case .existsOne: return .bool(kept.count == 1)
        case .map, .filter: return Self.collected(kept)
        }
    }
}

// MARK: - Where an error comes from

/// The innermost part of an expression that gave no value.
struct FailedPart {
    let operation: Operation
    let error: EvaluationError
    /// What the part was given; nil = not known.
    let given: [Value?]
    /// Derived facts through which it was reached, the outermost first.
    var definitions: [Int] = []
    /// The person (or incident) of whom it was asked, where that is not the subject of the rule.
    var entity: Int?
}

extension Interpreter {
    /// The innermost part that fails of an expression that gives an error on the day given to `start`; nil where it gives none.
    mutating func failedPart(of expression: CheckedExpression, subject: Int) -> FailedPart? {
        self.subject = subject
        locals = Array(repeating: .null, count: expression.slots)
        return failedPart(expression.root, expression)
    }

    private mutating func failedPart(_ node: Int, _ expression: CheckedExpression) -> FailedPart? {
        steps = 0
        guard case .error(let error) = value(node, expression) else { return nil }
        let operation = expression.nodes[node].operation
        // Steps add up; no single part is to blame.
        if error != .stepLimit, let inner = failedPart(within: operation, expression) { return inner }
        var given: [Value?] = []
        if case .call(_, let operands) = operation {
            given = operands.map { operand in
                let known = value(operand, expression)
                return known.isKnown ? known : nil
            }
        }
        return FailedPart(operation: operation, error: error, given: given)
    }

    private mutating func failedPart(within operation: Operation, _ expression: CheckedExpression) -> FailedPart? {
        switch operation {
        case .derived(let base, let definition):
            guard case .entity(let entity) = value(base, expression) else { return failedPart(base, expression) }
            let outside = (subject, locals)
            var found = failedPart(of: program.definitions[definition], subject: entity)
            (subject, locals) = outside
            found?.definitions.insert(definition, at: 0)
            if entity != subject, found?.entity == nil { found?.entity = entity }
            return found
        case .comprehension(_, let range, let slot, let predicate, let transform):
            if let found = failedPart(range, expression) { return found }
            for item in items(value(range, expression)) {
                locals[slot] = item
                var found = predicate.flatMap { failedPart($0, expression) }
                if found == nil, let transform {
                    locals[slot] = item
                    let isTaken = predicate.map { value($0, expression) == .bool(true) } ?? true
                    locals[slot] = item
                    found = isTaken ? failedPart(transform, expression) : nil
                }
                guard var found else { continue }
                if case .entity(let entity) = item, entity != subject, found.entity == nil { found.entity = entity }
                return found
            }
            return nil
        case .conditional(let test, let yes, let no):
            if let found = failedPart(test, expression) { return found }
            return failedPart(value(test, expression) == .bool(true) ? yes : no, expression)
        case .atDay(let other, let body):
            guard case .day(let moment) = value(other, expression) else { return failedPart(other, expression) }
            let today = day
            day = moment.dayNumber
            defer { day = today }
            return failedPart(body, expression)
        default:
            for operand in operation.operands {
                if let found = failedPart(operand, expression) { return found }
            }
            return nil
        }
    }

    private func items(_ range: Value) -> [Value] {
        switch range {
        case .list(let items): items
        case .map(let entries): entries.map(\.key)
        default: []
        }
    }
}

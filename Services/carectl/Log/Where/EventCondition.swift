import CareDomain
import CareProjections
import CareWire
import RuleEngine
import ServiceKit

/// A condition over events in the language of the packs, checked as a whole before the first event is read.
///
/// What an event does not have is unknown, as a fact that nobody stated: `has(data.clause)` asks for it, and a condition
/// that needs it has no answer. Sealed parts cannot be named.
struct EventCondition: Sendable {
    /// What the condition says of one event.
    enum Verdict: Hashable, Sendable {
        case yes
        case no
        /// It has no answer: a field that the event lacks, or an error such as a division by zero, by its short name.
        case undecided(String)
    }

    private let expression: CheckedExpression
    /// The variables that the expression names, with their places.
    private let used: [(slot: Int, variable: Variable)]
    private let usesData: Bool
    private let usesMeta: Bool

    private enum Variable: Sendable {
        case field(EventField)
        /// All of `meta` or `data`, for `has()` and for indexing.
        case group(EventField.Source)

        var source: EventField.Source {
            switch self {
            case .field(let field): field.source
            case .group(let source): source
            }
        }
    }

    private static let variables: [(name: String, type: ExpressionType, variable: Variable)] = {
        var list: [(name: String, type: ExpressionType, variable: Variable)] = [
            (EventFields.meta, .map(.string, .dyn), .group(.meta)),
            (EventFields.data, .map(.string, .dyn), .group(.data)),
        ]
        for field in EventFields.all { list.append((field.name, field.shape.type, .field(field))) }
        return list
    }()

    /// Reads and checks a condition.
    /// - Throws: `Failure` with the place, what is wrong and what to do (CARE-6270 to 6274); retrying does not help.
    init(_ text: String) throws {
        do throws(ExpressionIssue) {
            try EventNames.check(Parser.parse(text))
            let scope = CheckScope(variables: Self.variables.map { ($0.name, $0.type) })
            expression = try Checker.check(text, in: scope, expected: .bool)
            try Self.refuseWhatNeedsRules(expression)
        } catch {
            throw Failure(error, in: text)
        }
        var slots: Set<Int> = []
        for node in expression.nodes {
            if case .local(let slot) = node.operation, slot < Self.variables.count { slots.insert(slot) }
        }
        used = slots.sorted().map { ($0, Self.variables[$0].variable) }
        usesData = used.contains { $0.variable.source == .data }
        usesMeta = used.contains { $0.variable.source == .meta }
    }

    /// An event has no present day, and neither readings nor parameters of a pack: an answer would look right and be
    /// wrong.
    private static func refuseWhatNeedsRules(_ expression: CheckedExpression) throws(ExpressionIssue) {
        for node in expression.nodes {
            switch node.operation {
            case .elapsed, .reached, .periodStart, .calendar, .atDay, .parameter, .hasParameter, .reading:
                throw ExpressionIssue(
                    EventNames.rulesOnly, at: node.offset,
                    problem: Wording(
                        "事件没有“当天”，也没有政策包的参数和口径", "an event has no present day, no parameters and no readings"),
                    advice: Wording(
                        "与日期比较，如 occurred_on >= care.date('2026-01-01')",
                        "compare with a day, such as occurred_on >= care.date('2026-01-01')"))
            default: continue
            }
        }
    }

    /// What the condition says of an event.
    func verdict(on event: ShownEvent) -> Verdict {
        // Reading what an event says costs far more than the rest, and many conditions do not ask.
        let data = usesData ? event.readable.map(\.fields) : []
        let meta = usesMeta ? event.metaFields : []
        var values = [Value](repeating: .null, count: Self.variables.count)
        for (slot, variable) in used {
            switch variable {
            case .field(let field):
                switch field.source {
                case .envelope: values[slot] = event.envelope(field)
                case .meta: values[slot] = Self.value(field, meta)
                case .data: values[slot] = Self.value(field, data)
                }
            case .group(let source): values[slot] = Self.group(source, source == .meta ? meta : data)
            }
        }
        switch expression.value(variables: values) {
        case .bool(let holds): return holds ? .yes : .no
        case .unknown(let missing): return .undecided(missing.items.map(\.code).joined(separator: "+"))
        case .error(let error): return .undecided(error.rawValue)
        default: return .undecided(EvaluationError.noSuchOverload.rawValue)
        }
    }

    /// - Parameter fields: nil when they cannot be read: then nothing about them is known, not even what is missing.
    private static func value(_ field: EventField, _ fields: [ViewField]?) -> Value {
        guard let fields else { return .error(.invalidArgument) }
        guard let found = fields.first(where: { $0.key == field.key }) else {
            return .unknown(UnknownSet(.fact(FactID(unchecked: field.name), .household)))
        }
        return field.shape.value(found.value)
    }

    private static func group(_ source: EventField.Source, _ fields: [ViewField]?) -> Value {
        guard let fields else { return .error(.invalidArgument) }
        let prefix = source == .meta ? EventFields.meta : EventFields.data
        return .map(
            fields.map { field in
                let shape = EventFields.byName["\(prefix).\(field.key)"]?.shape ?? .anything
                return Value.MapEntry(key: .string(field.key), value: shape.value(field.value))
            })
    }
}

extension ShownEvent {
    /// The value of a field that stands on every event.
    fileprivate func envelope(_ field: EventField) -> Value {
        switch field.key {
        case "position": .int(Int64(clamping: position))
        case "stream": .string(stream)
        case "category": .string(String(stream.prefix { $0 != "-" }))
        case "sequence": .int(Int64(clamping: sequence))
        case "event": .string(kindName)
        case "version": .int(Int64(version))
        case "occurred_on": .day(occurredOn)
        case "recorded_on": .day(recordedAt.day)
        case "recorded_at": .string(recordedAt.rfc3339)
        case "event_id": .string(eventID.description)
        case "append_id": .string(appendID.description)
        // The list of fields and this one are of one piece; a test asks for each of them.
        default: .error(.noSuchField)
        }
    }

    /// Name of the type by its number, without reading what it says.
    private var kindName: String { EventFields.eventNames[kind] ?? EventFields.unknownEvent }

    /// Who spoke, for whom and why; nil when it cannot be read.
    fileprivate var metaFields: [ViewField]? {
        guard let context = try? EventCodec.context(metadata: metadata, command: CommandID(appendID)) else {
            return nil
        }
        let principal = context.principal
        var fields = [
            ViewField("peer", .text(principal.peer)), ViewField("actor", .text(principal.actor.rawValue)),
            ViewField("role", .text(principal.role.rawValue)),
            ViewField("department", .text(principal.department.rawValue)),
            ViewField("divisions", .list(principal.divisions.map { .text($0.rawValue) })),
        ]
        if let learnedOn { fields.append(ViewField("learned_on", .text(learnedOn.description))) }
        if let causation = context.causation { fields.append(ViewField("causation", .text(causation))) }
        if let trace = context.traceparent { fields.append(ViewField("traceparent", .text(trace))) }
        if let basis = context.legalBasis { fields.append(ViewField("legal_basis", .text(basis.rawValue))) }
        return fields
    }
}

extension Failure {
    /// Why a condition cannot be used: by the kind of mistake, with its place.
    init(_ issue: ExpressionIssue, in text: String) {
        let number =
            switch issue.code {
            case "expression.syntax", "expression.lexical": 6270
            case EventNames.unknownField: 6271
            case "expression.too_large", "expression.too_long": 6273
            case EventNames.rulesOnly, "expression.unknown_parameter", "expression.parameter_name",
                "expression.parameter_keys", "expression.unknown_reading", "expression.unknown_fact":
                6274
            default: 6272
            }
        let place = issue.position(in: text)
        let zh = place.line == 1 ? "第 \(place.column) 列" : "第 \(place.line) 行第 \(place.column) 列"
        let en = place.line == 1 ? "column \(place.column)" : "line \(place.line), column \(place.column)"
        // Packs have definitions into which a large expression is split; a command line has none.
        let advice =
            number == 6273
            ? UserText(
                zh: "请写短些，或先用 --type、--stream 缩小范围", en: "write it shorter, or narrow with --type, --stream first")
            : UserText(zh: issue.advice.chinese, en: issue.advice.english)
        self.init(
            number,
            UserText(zh: "--where \(zh)：\(issue.problem.chinese)", en: "--where, \(en): \(issue.problem.english)"),
            advice: advice, exit: .usage)
    }
}

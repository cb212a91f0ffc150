import CareDomain

/// What was stated of one fact about one subject, in the order in which it counts.
struct StatedFacts {
    /// As in `order`.
    let statements: [FactStatement]
    let order: StatementOrder

    /// - Parameter group: statements of the same fact about the same subject, all known and none corrected.
    init(_ group: [FactStatement], of definition: FactDefinition) {
        let ranked = group.map { statement in
            let start = statement.start(definition)
            return (
                statement,
                StatedDays(
                    start: start, end: statement.period.end.map { max($0.dayNumber, start) },
                    rank: definition.precedence.rank(statement.kindOfSource))
            )
        }
        .sorted { one, other in
            (one.1.start, -one.1.rank, one.0.told) < (other.1.start, -other.1.rank, other.0.told)
        }
        statements = ranked.map(\.0)
        order = StatementOrder(ranked.map(\.1))
    }

    /// The statement that counts for all days: of those whose source goes first, the latest.
    var timeless: FactStatement? {
        zip(statements, order.statements).max {
            (-$0.1.rank, $0.0.told) < (-$1.1.rank, $1.0.told)
        }?.0
    }

    /// Statements that say otherwise of the day than the one that counts, by another department or of another kind of
    /// source, and whether they gave way because their source goes after it (otherwise because they are earlier).
    func rivals(on day: Int32) -> [(statement: FactStatement, bySource: Bool)] {
        guard let place = order.standing(on: day), order.statements[place].speaks(of: day) else { return [] }
        let standing = statements[place]
        return order.others(than: place, on: day).compactMap { other in
            let statement = statements[other]
            let bySource = order.statements[place].rank < order.statements[other].rank
            guard statement.value != nil, statement.value != standing.value,
                bySource || statement.department != standing.department
            else { return nil }
            return (statement, bySource)
        }
    }
}

extension FactStatement {
    /// Day number of the first day: of an event its own day.
    func start(_ definition: FactDefinition) -> Int32 {
        if definition.nature == .event, case .day(let day) = value { return day.dayNumber }
        return period.start.dayNumber
    }
}

/// What kinds of source are called.
enum FactSources {
    private static let names: [String: Wording] = [
        "certificate": Wording("证件", "certificate"), "list": Wording("部门名单", "list of a department"),
        "department_list": Wording("部门名单", "list of a department"), "roster": Wording("名册", "roster"),
        "form": Wording("登记表", "form"), "statement": Wording("本人陈述", "own statement"),
    ]

    /// The family's own word: it ranks after what packs name.
    static let statement = Code(unchecked: "statement")

    static func wording(_ source: Code?) -> Wording {
        guard let source else { return Wording("登记事件", "a recorded event") }
        return names[source.rawValue] ?? Wording(source.rawValue, source.rawValue)
    }
}

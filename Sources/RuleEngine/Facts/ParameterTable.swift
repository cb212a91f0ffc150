import CareDomain

/// A dated value that a deployment or an outside document sets.
package struct ParameterDefinition: Hashable, Sendable {
    package let id: ParameterID
    package let type: FactType
    /// Unit in which the pack writes the values: `fen` or `yuan` for money, anything else as information.
    package let unit: String?
    /// Beneficiary and rhythm a sum is meant for (`person·month`); a rule that takes it must have the same unit.
    package let per: RuleUnit?
    /// Names of the keys a value is looked up by (`area`, `cause`), in order.
    package let keys: [String]
    package let title: Wording
    /// Values the pack ships, without those the deployment sets.
    package let values: [ParameterValue]
    /// What the document leaves no value below or above.
    package let bounds: [ParameterBound]

    package init(
        id: ParameterID, type: FactType, unit: String? = nil, per: RuleUnit? = nil, keys: [String] = [], title: Wording,
        values: [ParameterValue] = [], bounds: [ParameterBound] = []
    ) {
        self.id = id
        self.type = type
        self.unit = unit
        self.per = per
        self.keys = keys
        self.title = title
        self.values = values
        self.bounds = bounds
    }
}

/// A least or greatest value that a document sets for a parameter (不低于, 不超过).
package struct ParameterBound: Hashable, Sendable {
    package enum Side: String, Hashable, Sendable, CaseIterable { case least, most }

    package let side: Side
    /// One code per key of the definition for which it holds; empty = for all.
    package let keys: [String]
    package let value: FactValue

    package init(side: Side, keys: [String] = [], value: FactValue) {
        self.side = side
        self.keys = keys
        self.value = value
    }
}

/// One dated value of a parameter.
package struct ParameterValue: Hashable, Sendable {
    package var parameter: ParameterID
    /// One code per key of the definition.
    package var keys: [String]
    package var value: FactValue
    package var period: DayPeriod
    /// When it became known; nil = published with the pack.
    package var recordedAt: Moment?
    package var learnedOn: CivilDay?
    /// Account of the person who set it, where it is of concern; nil = published with the pack.
    package var by: Code?

    package init(
        parameter: ParameterID, keys: [String] = [], value: FactValue, period: DayPeriod, recordedAt: Moment? = nil,
        learnedOn: CivilDay? = nil, by: Code? = nil
    ) {
        self.by = by
        self.parameter = parameter
        self.keys = keys
        self.value = value
        self.period = period
        self.recordedAt = recordedAt
        self.learnedOn = learnedOn
    }
}

/// The values of a pack's parameters as known at one moment.
package struct ParameterTable: Sendable {
    private var values: [[ParameterValue]]

    /// Takes the pack's own values and those set later; of two that cover a day, the one recorded later counts.
    package init(_ definitions: [ParameterDefinition], set: [ParameterValue], knownAt: KnownAt) {
        values = definitions.map { definition in
            let later = set.filter { value in
                value.parameter == definition.id && value.keys.count == definition.keys.count
                    && (value.recordedAt.map { knownAt.knows(recordedAt: $0, learnedOn: value.learnedOn) } ?? true)
            }
            return definition.values + later.sorted { Self.order($0) < Self.order($1) }
        }
    }

    /// The values of a parameter that count; of two that cover a day the later one.
    package func values(of parameter: Int) -> [ParameterValue] { values[parameter] }

    private static func order(_ value: ParameterValue) -> (Int64, Int32) {
        (value.recordedAt?.microseconds ?? .min, value.period.start.dayNumber)
    }

    /// The value on the day, and the first later day on which that may change.
    func lookup(_ parameter: Int, keys: [String], day: Int32) -> (value: FactValue?, next: Int32) {
        var found: FactValue?
        var next = FactView.never
        for value in values[parameter] where value.keys == keys {
            let start = value.period.start.dayNumber
            let end = value.period.end?.dayNumber ?? FactView.never
            if start <= day && day < end { found = value.value }
            if start > day { next = min(next, start) }
            if end > day { next = min(next, end) }
        }
        return (found, next)
    }
}

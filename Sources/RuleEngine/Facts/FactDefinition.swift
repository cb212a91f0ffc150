import CareDomain

/// Type of a fact's values as the vocabulary declares it.
package enum FactType: Hashable, Sendable {
    case bool
    /// Whole number within the range.
    case int(ClosedRange<Int64>)
    case decimal
    /// One of these codes.
    case code([Code])
    case date
    case money
    /// A reference to something kept elsewhere.
    case reference
    /// A division code of 6, 9 or 12 digits.
    case division

    /// The type expressions see.
    package var expressionType: ExpressionType {
        switch self {
        case .bool: .bool
        case .int: .int
        case .decimal: .decimal
        case .code(let codes): .code(codes.map(\.rawValue))
        case .date: .date
        case .money: .money
        case .reference, .division: .string
        }
    }

    /// The values, for people who have to write one.
    package var values: Wording {
        switch self {
        case .bool: Wording("true 或 false", "true or false")
        case .int(let range) where range == Int64.min...Int64.max: Wording("整数", "a whole number")
        case .int(let range):
            Wording(
                "\(range.lowerBound) 至 \(range.upperBound) 的整数",
                "a whole number from \(range.lowerBound) to \(range.upperBound)")
        case .decimal: Wording("至多三位小数的数", "a number with at most three decimals")
        case .code(let codes):
            Wording(
                codes.map(\.rawValue).joined(separator: "、"), "one of \(codes.map(\.rawValue).joined(separator: ", "))")
        case .date: Wording("日期，如 2014-07-16", "a day such as 2014-07-16")
        case .money: Wording("以元计、至多两位小数的金额", "a sum in yuan with at most two decimals")
        case .reference: Wording("文字", "a text")
        case .division: Wording("6、9 或 12 位区划代码", "a division code of 6, 9 or 12 digits")
        }
    }

    /// How a value is written where its unit is `unit`.
    package func values(unit: String?) -> Wording {
        guard self == .money else { return values }
        return unit == "fen"
            ? Wording("以分计的整数，如 30000", "a whole number of fen such as 30000")
            : Wording("以元计、至多两位小数的金额，如 300.00", "a sum in yuan with at most two decimals, such as 300.00")
    }

    /// The word packs use.
    package var name: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .decimal: "decimal"
        case .code: "enum"
        case .date: "date"
        case .money: "money"
        case .reference: "ref"
        case .division: "division"
        }
    }
}

/// What it means when nothing is on record.
/// - Source: policies/README, Facts: two kinds of fact are never unknown
package enum FactNature: String, Hashable, Sendable, CaseIterable {
    /// A state that holds only by a certificate, a confirmation or a list: nothing on record means it does not hold.
    case certified
    /// Something that happened, or did not.
    case event
    /// Anything else: nothing on record means unknown.
    case plain
}

/// One fact of the vocabulary.
package struct FactDefinition: Hashable, Sendable {
    package let id: FactID
    package let subject: EntityKind
    package let type: FactType
    package let nature: FactNature
    /// True of a person for all days, whenever stated (birth date, sex): periods of its statements do not count.
    package let isTimeless: Bool
    /// What it is called on forms.
    package let title: Wording
    /// Unit of the values (`m²`, `fen`), where they have one.
    package let unit: String?
    /// Labels of the codes of an enumeration.
    package let labels: [Code: Wording]
    /// Departments that may see it; nil = everybody who may see the family. Facts of one record of its own that name none have
    /// those of another of its facts (`OwnRecord`).
    package let shownTo: [DepartmentID]?
    /// Whose word counts where statements of it contradict one another.
    package let precedence: FactPrecedence

    package init(
        id: FactID, subject: EntityKind, type: FactType, nature: FactNature, isTimeless: Bool = false, title: Wording,
        unit: String? = nil, labels: [Code: Wording] = [:], shownTo: [DepartmentID]? = nil,
        precedence: FactPrecedence = .none
    ) {
        self.shownTo = shownTo
        self.precedence = precedence
        self.id = id
        self.subject = subject
        self.type = type
        self.nature = nature
        self.isTimeless = isTimeless
        self.title = title
        self.unit = unit
        self.labels = labels
    }

    /// The same, shown to these departments only.
    func shown(to departments: [DepartmentID]) -> FactDefinition {
        FactDefinition(
            id: id, subject: subject, type: type, nature: nature, isTimeless: isTimeless, title: title, unit: unit,
            labels: labels, shownTo: departments, precedence: precedence)
    }

    /// The name of the fact in expressions: what follows `person.`, `household.` or `incident.`.
    package var field: String {
        String(id.rawValue.drop { $0 != "." }.dropFirst())
    }

    /// Type of a read in an expression: a certified state or event that may be absent is optional, except that an
    /// absent bool is simply false.
    var readType: ExpressionType {
        nature == .plain || type == .bool ? type.expressionType : .optional(type.expressionType)
    }

    /// Whether the value is of the declared type and within its range or codes. What is counted or paid is never below 0.
    package func accepts(_ value: FactValue) -> Bool {
        switch (type, value) {
        case (.bool, .bool), (.date, .day), (.reference, .reference): true
        case (.decimal, .decimal(let thousandths)): thousandths >= 0
        case (.money, .money(let fen)): fen >= Fen(0)
        case (.int(let range), .int(let number)): range.contains(number)
        case (.code(let codes), .code(let code)): codes.contains(code)
        case (.division, .reference(let text)): DivisionCode(text) != nil
        case (.division, .code(let code)): DivisionCode(code.rawValue) != nil
        default: false
        }
    }
}

import CareDomain
import RuleEngine

/// Why an expression has no form over columns: such a rule is evaluated household by household.
package struct NotColumnar: Error, Hashable, Sendable {
    /// What in the expression has no such form.
    package let what: String

    package init(what: String) { self.what = what }
}

/// Turns the checked expressions of one pack version into operators over columns.
///
/// Variables are entities: the subject first, then those that macros bind. A node hangs on the variables it really uses,
/// so that a condition on a member is computed once per member, however many subjects ask.
struct PlanCompiler {
    let pack: RulePack
    let readings: [FactValue]
    let parameters: ParameterTable
    let ageShift: Int32
    var plan: ColumnPlan
    /// Definitions compiled so far: their place, and whether they were looked at on another day.
    var definitions: [DefinitionKey: Term] = [:]
    /// Parts of the present expression compiled so far, a macro's body once for each constant.
    var parts = 0

    struct DefinitionKey: Hashable {
        let definition: Int
        let isElsewhere: Bool
    }

    init(_ pack: RulePack, readings: [FactValue], parameters: [ParameterValue], plan: ColumnPlan) {
        self.pack = pack
        self.readings = readings
        self.parameters = ParameterTable(pack.parameters, set: parameters, knownAt: .latest)
        ageShift = pack.ageShift(readings)
        self.plan = plan
    }

    /// What a part of an expression comes to.
    enum Term {
        case scalar(PlanOperand, PlanType)
        /// A variable; nil = the household.
        case entity(Int?)
        case list(ListTerm)
        case constants([Value])
    }

    /// A list: elements of the variable after those in scope that are present.
    struct ListTerm {
        let kind: EntityKind
        let present: PlanOperand
        /// nil = the entity itself.
        let element: (PlanOperand, PlanType)?
    }

    /// Where a part stands.
    struct Scope {
        /// Kinds of the variables.
        var variables: [EntityKind]
        var subject: Term
        var locals: [Int: Term] = [:]
        /// Inside `care.at`: the day there may lie anywhere.
        var isElsewhere = false
    }

    /// Compiles an expression about an entity of the kind.
    mutating func compile(_ expression: CheckedExpression, about kind: EntityKind) throws(NotColumnar) -> PlanOperand {
        parts = 0
        let term = try term(expression, about: kind, isElsewhere: false)
        return try scalar(term).0
    }

    private mutating func term(
        _ expression: CheckedExpression, about kind: EntityKind, isElsewhere: Bool
    ) throws(NotColumnar) -> Term {
        let hasVariable = kind == .person || kind == .incident
        let scope = Scope(
            variables: hasVariable ? [kind] : [], subject: .entity(hasVariable ? 0 : nil), isElsewhere: isElsewhere)
        return try compile(expression.root, expression, scope)
    }

    func scalar(_ term: Term) throws(NotColumnar) -> (PlanOperand, PlanType) {
        guard case .scalar(let operand, let type) = term else { throw NotColumnar(what: "a list as a value") }
        return (operand, type)
    }

    // MARK: Nodes

    /// Adds a node over operands whose places mean variables of the scope.
    mutating func add(
        _ operands: [PlanOperand], _ scope: Scope, _ make: ([PlanOperand]) -> PlanOperation
    ) throws(NotColumnar) -> PlanOperand {
        let used = Set(operands.flatMap(\.places)).sorted()
        guard let frame = Frame(used.map { scope.variables[$0] }) else {
            throw NotColumnar(what: "three entities at once")
        }
        let moved = operands.map { operand in
            PlanOperand(node: operand.node, places: operand.places.map { used.firstIndex(of: $0) ?? 0 })
        }
        return PlanOperand(node: plan.node(make(moved), frame), places: used)
    }

    /// Adds a reduction over the variable that follows those of the scope.
    mutating func reduce(
        _ reduction: Reduction, _ list: ListTerm, _ test: PlanOperand?, _ scope: Scope
    ) throws(NotColumnar) -> PlanOperand {
        let inner = scope.variables.count
        let used = Set((list.present.places + (test?.places ?? [])).filter { $0 != inner }).sorted()
        guard let frame = Frame(used.map { scope.variables[$0] }), used.count < 2 else {
            throw NotColumnar(what: "three entities at once")
        }
        let order = used + [inner]
        func moved(_ operand: PlanOperand) -> PlanOperand {
            PlanOperand(node: operand.node, places: operand.places.map { order.firstIndex(of: $0) ?? 0 })
        }
        let operation = PlanOperation.reduced(
            reduction, inner: list.kind, present: moved(list.present), test: test.map(moved))
        return PlanOperand(node: plan.node(operation, frame), places: used)
    }
}

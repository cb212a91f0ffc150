import CareDomain

/// The names an expression may use.
package struct CheckScope: Sendable {
    /// A derived fact: name, whom it is about, type.
    package struct Derived: Sendable {
        let id: FactID
        let subject: EntityKind
        let type: ExpressionType
        /// What it takes to work it out.
        var cost = ExpressionCost()
    }

    package var vocabulary: FactVocabulary
    package var derived: [Derived]
    /// Derived facts that are declared; what of them is not among `derived` could not be read.
    var declared: Set<FactID> = []
    package var readings: [Reading]
    package var parameters: [ParameterDefinition]
    /// What `subject` is; nil where there is none.
    package var subject: EntityKind?
    /// Further variables, in the order of their slots; a name may be qualified, `a.b`.
    package var variables: [(name: String, type: ExpressionType)]
    /// CEL's container: a variable `a.b.x` may be called `x` in the container `a.b`. Packs have none.
    package var container = ""
    /// False leaves types and names to the evaluation, as CEL does for expressions it has not checked: what would be
    /// refused becomes an error when it is reached. For trials of the language; packs are always checked.
    package var checksTypes = true
    /// Whether what CEL allows and no rule can mean is refused as well: branches and lists of several types, a divisor that
    /// is zero. Set for packs.
    package var isStrict = false

    package init(
        vocabulary: FactVocabulary = FactVocabulary([]), derived: [Derived] = [], readings: [Reading] = [],
        parameters: [ParameterDefinition] = [], subject: EntityKind? = nil,
        variables: [(name: String, type: ExpressionType)] = []
    ) {
        self.vocabulary = vocabulary
        self.derived = derived
        self.readings = readings
        self.parameters = parameters
        self.subject = subject
        self.variables = variables
    }
}

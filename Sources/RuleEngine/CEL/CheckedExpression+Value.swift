import CareDomain

extension CheckedExpression {
    /// Value over plain variables, in the order of the scope's, without any household: for trials of the language.
    package func value(variables: [Value] = []) -> Value {
        var interpreter = Interpreter(view: FactView(FactBase(), vocabulary: FactVocabulary([])), program: Program())
        interpreter.start(day: 0)
        return interpreter.evaluate(self, subject: 0, variables: variables)
    }
}

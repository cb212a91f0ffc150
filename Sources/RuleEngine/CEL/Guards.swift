/// The optional facts known to be there at some place of an expression, because `has()` was asked before.
struct Guards {
    private var paths: Set<[String]> = []

    /// Whether `has()` of this path was found true.
    func covers(_ operand: Syntax, _ field: String) -> Bool {
        operand.path.map { paths.contains($0 + [field]) } ?? false
    }

    func adding(_ other: Guards) -> Guards {
        var result = self
        result.paths.formUnion(other.paths)
        return result
    }

    /// Without the guards of a variable that another one hides.
    func removing(_ variable: String) -> Guards {
        var result = self
        result.paths = paths.filter { $0.first != variable }
        return result
    }

    /// What is known where the expression is true.
    static func whenTrue(_ tree: Syntax) -> Guards {
        switch tree.kind {
        case .has(let operand, let field): single(operand, field)
        case .call("&&", let sides): whenTrue(sides[0]).adding(whenTrue(sides[1]))
        case .call("!", let sides): whenFalse(sides[0])
        default: Guards()
        }
    }

    /// What is known where the expression is false.
    static func whenFalse(_ tree: Syntax) -> Guards {
        switch tree.kind {
        case .call("||", let sides): whenFalse(sides[0]).adding(whenFalse(sides[1]))
        case .call("!", let sides): whenTrue(sides[0])
        default: Guards()
        }
    }

    private static func single(_ operand: Syntax, _ field: String) -> Guards {
        var result = Guards()
        if let path = operand.path { result.paths.insert(path + [field]) }
        return result
    }
}

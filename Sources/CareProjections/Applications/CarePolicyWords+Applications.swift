import CareDomain

extension CarePolicyWords {
    /// How an application for the clause goes; nil when no published pack says so.
    package func workflow(for clause: ClauseID) -> ApplicationWorkflow? {
        workflows.last { $0.clauses.contains(clause) }
    }

    /// What a step, a paper or a reason for leaving is called; otherwise as any other code.
    package func applicationWord(_ code: Code, for clause: ClauseID?) -> String {
        for workflow in clause.flatMap({ workflow(for: $0) }).map({ [$0] }) ?? workflows {
            if let step = workflow.steps.first(where: { $0.code == code }) { return step.title }
            if let paper = workflow.papers.first(where: { $0.code == code }) { return paper.title }
            let exits = workflow.reverification?.exitReasons ?? []
            if let word = exits.first(where: { $0.code == code }) { return word.title }
        }
        return chinese(code)
    }
}

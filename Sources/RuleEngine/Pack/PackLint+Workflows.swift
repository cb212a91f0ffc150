import CareDomain

extension PackLint {
    /// Clauses that two workflows claim, papers that no step asks for, notices of which nobody says how long they last.
    func workflows() -> [Finding] {
        claimedTwice() + pack.workflows.flatMap(unasked) + pack.workflows.flatMap(unmeasured)
    }

    private func claimedTwice() -> [Finding] {
        let counts = Dictionary(pack.workflows.flatMap(\.workflow.clauses).map { ($0, 1) }, uniquingKeysWith: +)
        return counts.filter { $0.value > 1 }.keys.sorted().map { clause in
            Finding(
                code: "lint.workflow_clause_twice", about: clause.rawValue,
                problem: Wording("两个办理程序都管这一条", "two workflows claim the clause"),
                advice: Wording("只留在一处", "leave it to one of them"), path: ["applications"], isMistake: true)
        }
    }

    private func unasked(_ workflow: PackWorkflow) -> [Finding] {
        let asked = Set(workflow.workflow.steps.flatMap(\.papers))
        return workflow.workflow.papers.filter { !asked.contains($0.code) }.map { paper in
            Finding(
                code: "lint.paper_unasked", about: "\(workflow.workflow.code) \(paper.code)",
                problem: Wording("没有步骤要这种材料", "no step asks for the paper"),
                advice: Wording("写进某一步的 papers，或删去", "name it at a step, or remove it"),
                path: ["applications", workflow.workflow.code.rawValue, "papers", paper.code.rawValue])
        }
    }

    private func unmeasured(_ workflow: PackWorkflow) -> [Finding] {
        workflow.workflow.steps.filter { step in
            step.kind == .notice && step.noticePeriods.isEmpty && workflow.noticeParameters[step.code] == nil
        }.map { step in
            Finding(
                code: "lint.notice_unmeasured", about: "\(workflow.workflow.code) \(step.code)",
                problem: Wording("没有写公示多少天", "nobody says how long the notice lasts"),
                advice: Wording("写 notice_days：天数，或由部署设定的参数", "write notice_days: a number, or a parameter"),
                path: ["applications", workflow.workflow.code.rawValue, "steps", step.code.rawValue])
        }
    }
}

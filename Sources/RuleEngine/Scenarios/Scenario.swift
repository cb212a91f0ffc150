import CareDomain

/// One sentence about a clause, with the facts it needs and what must come out.
package struct Scenario: Sendable {
    /// Which side of the border it stands on.
    package enum Kind: String, Sendable, CaseIterable {
        case justIn = "just_in"
        case justOut = "just_out"
        case unknown
        case amount
    }

    /// One expectation.
    package struct Expectation: Sendable {
        package var clause: ClauseID
        package var subject: RuleSubject
        /// Day asked for; the first day of `month` otherwise.
        package var day: CivilDay
        /// Month whose due sum is asked for.
        package var month: CivilMonth?
        package var status: String?
        package var amount: Fen?
        /// Sum due in `month`; zero = nothing.
        package var due: Fen?
        package var hours: Int64?
        package var payers: [Code]?
        /// Each payer's part of the sum.
        package var paid: [Code: Fen]?
        package var missing: [String]?
        package var unmet: [String]?
        package var metOn: CivilDay?
        package var begins: CivilDay?
        /// Figure of a target or threshold, in thousandths.
        package var measure: Int64?
        package var line: Int
    }

    package let id: String
    /// The sentence.
    package let sentence: String
    package let kind: Kind
    package let clause: ClauseID
    package let facts: FactBase
    package let knownAt: KnownAt
    package let choices: ReadingChoices
    package let parameters: [ParameterValue]
    package let expectations: [Expectation]
}

/// What came of a scenario.
package struct ScenarioResult: Hashable, Sendable {
    package let file: String
    package let id: String
    package let sentence: String
    package let clause: ClauseID
    package let kind: String
    /// One line per expectation that was not met: place, what was expected, what came. Empty = passed.
    package let failures: [String]
}

/// The scenarios of one file, for one pack version.
package struct ScenarioSuite: Sendable {
    package let file: String
    package let pack: RulePack
    package let scenarios: [Scenario]

    /// Reads a scenario file against the vocabulary of a pack.
    /// - Throws: `PackRefused` with every issue; retrying does not help.
    package static func load(bytes: [UInt8], name: String, pack: RulePack) throws(PackRefused) -> ScenarioSuite {
        let (root, source) = try YAMLValue.read(bytes, file: name)
        let document = DocumentReader(file: name, source: source)
        let reader = ScenarioReader(document, pack)
        let scenarios = reader.scenarios(root)
        guard document.issues.isEmpty else { throw PackRefused(issues: document.sortedIssues) }
        return ScenarioSuite(file: name, pack: pack, scenarios: scenarios)
    }

    /// Runs every scenario.
    package func run() -> [ScenarioResult] {
        scenarios.map { scenario in
            ScenarioResult(
                file: file, id: scenario.id, sentence: scenario.sentence, clause: scenario.clause,
                kind: scenario.kind.rawValue, failures: scenario.expectations.flatMap { check($0, scenario) })
        }
    }

    private func check(_ wanted: Scenario.Expectation, _ scenario: Scenario) -> [String] {
        let evaluator = Evaluator(
            registry: PackRegistry(versions: [PublishedPack(pack: pack)]), parameters: scenario.parameters,
            choices: scenario.choices)
        let outcome = evaluator.evaluate(
            scenario.facts, knownAt: scenario.knownAt, over: DayPeriod(start: pack.validFrom)
        ).first { $0.clause == wanted.clause && $0.subject == wanted.subject }
        guard let outcome else {
            // Outside the circle of the clause on every day.
            return wanted.status == OutcomeStatus.notEntitled.rawValue || wanted.due == .zero
                ? [] : ["line \(wanted.line): no outcome for \(wanted.clause) \(wanted.subject)"]
        }
        var failures: [String] = []
        func compare<T: Equatable>(_ what: String, _ expected: T?, _ actual: T?) {
            guard let expected, expected != actual else { return }
            let found = actual.map { "\($0)" } ?? "nothing"
            failures.append("line \(wanted.line): \(what) expected \(expected), found \(found)")
        }
        if let month = wanted.month, let due = wanted.due {
            let determination = evaluator.determination(outcome)
            let found = determination?.due(in: month).flatMap { $0.status == .held ? nil : $0.amount }
            compare("due \(month)", due, found ?? .zero)
        }
        let piece = outcome.piece(on: wanted.day)
        compare("status on \(wanted.day)", wanted.status, piece?.status.rawValue)
        compare("amount", wanted.amount, piece?.amount)
        compare("hours", wanted.hours, piece?.hours)
        compare("measure", wanted.measure, piece?.measure)
        compare("payers", wanted.payers, piece?.payers.map(\.payer))
        compare(
            "paid", wanted.paid,
            piece.map { piece in
                let parts = piece.amount.map { PayerSplit.split($0, piece.payers) } ?? []
                return Dictionary(parts.map { ($0.payer, $0.amount) }, uniquingKeysWith: +)
            })
        compare("missing", wanted.missing, piece.map { $0.allMissing.map(\.shortCode) })
        compare("unmet", wanted.unmet, piece.map { unmetIDs($0, wanted.clause) })
        if wanted.metOn != nil || wanted.begins != nil {
            let explanation = evaluator.explain(
                wanted.clause, subject: wanted.subject, on: wanted.day, scenario.facts, knownAt: scenario.knownAt)
            compare("met_on", wanted.metOn, explanation?.nearest?.metOn)
            compare("begins", wanted.begins, explanation?.rightBegins)
        }
        return failures
    }

    private func unmetIDs(_ piece: OutcomePiece, _ clause: ClauseID) -> [String] {
        piece.unmet.map { unmet in
            switch unmet {
            case .who: "who"
            case .condition(let index): pack.rule(clause)?.conditions[index].id.rawValue ?? "?"
            case .notYetConfirmed: "not_yet_confirmed"
            case .alreadyGranted: "already_granted"
            case .barred(_, let isSoft, _): isSoft ? "excluded_soft" : "excluded"
            case .refused: "refused"
            }
        }
    }
}

extension Missing {
    /// The code without the subject: what a scenario names.
    var shortCode: String {
        switch self {
        case .fact(let fact, _): fact.rawValue
        case .parameter: code
        }
    }
}

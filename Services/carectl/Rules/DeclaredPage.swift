import CareDomain
import CareProjections
import OfficeFiles
import RuleEngine

/// The clauses of a pack that no family's facts answer, as JSON: what they ask of whom by when, which grants they bar, what
/// the system itself does about them.
struct DeclaredPage {
    let pack: RulePack
    let choices: ReadingChoices
    /// The day asked about; deadlines are those of its year, from the day on which the version is in force.
    let day: CivilDay

    /// All of them, or those of one clause and its parts.
    func json(_ clause: ClauseID?) -> [JSON] {
        func isAsked(_ id: ClauseID) -> Bool { clause == nil || id == clause || id.partOf == clause }
        return pack.declarations.filter { isAsked($0.clause) }.map(json)
            + pack.interactions.filter { isAsked($0.clause) }.map(Self.json)
            + pack.capabilities.filter { isAsked($0.clause) }.map(Self.json)
    }

    /// A duty that follows from a rule.
    /// - Parameter begun: the day on which the right was established, where it holds on the day asked about.
    func duty(_ duty: Duty?, begun: CivilDay?) -> JSON {
        guard let duty else { return .null }
        return .object(
            [("owner", .string(duty.owner.rawValue)), ("evidence", .wording(duty.evidence))]
                + due(pack.due(duty, choices), begun: begun))
    }

    private func json(_ declaration: Declaration) -> JSON {
        .object(
            head(declaration.clause, declaration.title, declaration.kind.rawValue) + [
                ("words", .string(declaration.words)), ("unit", .string(declaration.unit)),
                ("owner", .string(declaration.owner.rawValue)), ("evidence", .wording(declaration.evidence)),
            ] + due(pack.due(declaration, choices)) + [
                ("points", .optional(declaration.points.map { "\($0)" })),
                (
                    "pieces",
                    declaration.pieces.map { .array([.int(Int64($0.lowerBound)), .int(Int64($0.upperBound))]) } ?? .null
                ),
                (
                    "targets",
                    .array(
                        declaration.targets.map { target in
                            .object([
                                ("unit", .optional(target.unit)), ("clause", .optional(target.counted?.rawValue)),
                                ("value", .int(target.value)),
                            ])
                        })
                ),
            ])
    }

    private func due(_ rule: DueRule?, begun: CivilDay? = nil) -> [(String, JSON)] {
        let own = begun.flatMap { rule?.deadline(begun: $0) }
        return [
            ("due", .optional(rule?.name)),
            (
                "deadlines",
                .array(
                    (own.map { [$0] } ?? pack.deadlines(of: rule, year: day.year)).map { deadline in
                        .object([
                            ("warn_from", .day(deadline.warnFrom)), ("last_day", .day(deadline.lastDay)),
                            ("state", .string(deadline.state(on: day).rawValue)),
                        ])
                    })
            ),
        ]
    }

    private static func json(_ interaction: Interaction) -> JSON {
        .object(
            head(interaction.clause, interaction.title, interaction.kind.rawValue) + [
                ("words", .string(interaction.words)), ("strength", .string(interaction.isSoft ? "soft" : "hard")),
                ("among", .array(interaction.among.map { .string($0.rawValue) })),
            ])
    }

    private static func json(_ capability: Capability) -> JSON {
        .object(
            head(capability.clause, capability.title, capability.isLeftOut ? "left_out" : "capability") + [
                ("note", .wording(capability.note))
            ])
    }

    private func head(_ clause: ClauseID, _ title: Wording, _ kind: String) -> [(String, JSON)] {
        Self.head(clause, title, kind)
    }

    private static func head(_ clause: ClauseID, _ title: Wording, _ kind: String) -> [(String, JSON)] {
        [("clause", .string(clause.rawValue)), ("title", .wording(title)), ("kind", .string(kind))]
    }
}

extension RulePack {
    /// When something is due in a year by this version: what would have been due before it was in force was asked of nobody.
    func deadlines(of rule: DueRule?, year: Int) -> [DueRule.Deadline] {
        (rule?.deadlines(year: year) ?? []).filter { $0.lastDay >= validFrom }
    }
}

import CareDomain
import Foundation
import RuleEngine
import RulePacks
import Testing

/// Cases drawn from the five documents and worked out by hand by somebody who had not seen the packs: boundaries, late
/// facts, payer splits, changes of rules and figures. One line of `Fixtures/cases.ndjson` per case.
@Suite("按文件逐条手算的案例")
struct DocumentCasesTests {
    struct Case: Decodable, Sendable {
        struct Check: Decodable, Sendable {
            let clause: String
            /// The clause asked for, where a part of it answers.
            let ask: String?
            let who: String
            let on: String
            let known: String?
            let learned: String?
            /// Any of these.
            let status: [String]?
            let fen: Int64?
            let holds: Bool?
            let due: Int64?
            let payers: [String: Int64]?
            let hours: String?
            let measure: String?
            let missing: String?
            let missingForPayer: String?
            let met: String?
            let begins: String?
            let unmet: String?
            /// Fen by month; 0 = nothing.
            let dues: [String: Int64]?
            /// Codes of what of the file a service would refuse.
            let refused: [String]?

            enum CodingKeys: String, CodingKey {
                case clause, ask, who, on, known, learned, status, fen, holds, due, payers, hours, measure, missing, met
                case begins, unmet, dues, refused
                case missingForPayer = "missing_for_payer"
            }
        }

        let id: String
        let pack: String
        /// The words of the document it is drawn from.
        let why: String
        let checks: [Check]
    }

    private static let lines: [Data] = {
        guard let url = Bundle.module.url(forResource: "Fixtures/cases", withExtension: "ndjson"),
            let bytes = try? Data(contentsOf: url)
        else { return [] }
        return bytes.split(separator: 10).map { Data($0) }
    }()

    @Test("至少二百例，五地都有")
    func many() throws {
        let packs = try Self.lines.map { try JSONDecoder().decode(Case.self, from: $0).pack }
        #expect(packs.count > 200 && Set(packs).count == 5)
    }

    @Test("程序的回答与手算的一样", arguments: ["chenzhou-2014", "wenzhou-2021", "boshan-2021", "guiyang-2013", "xiamen-2017"])
    func agree(_ pack: String) throws {
        let versions = try PackLibrary.bundled.packs(of: pack)
        let newest = try #require(versions.last)
        for line in Self.lines {
            let one = try JSONDecoder().decode(Case.self, from: line)
            guard one.pack == pack else { continue }
            let whole = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            let text = try JSONSerialization.data(withJSONObject: try #require(whole["file"]))
            let file = try FactsFile.load(bytes: Array(text), name: one.id, pack: newest)
            for check in one.checks {
                for difference in try Self.differences(check, versions, file) {
                    Issue.record("\(one.id) \(check.clause) \(check.who) \(check.on): \(difference) — \(one.why)")
                }
            }
        }
    }

    private static func differences(_ check: Case.Check, _ versions: [RulePack], _ file: FactsFile) throws -> [String] {
        let day = try #require(CivilDay(parsing: check.on))
        let trial = Trial(versions: versions, file: file, knownAt: try known(check))
        let answers = trial.answers(on: day, clause: ClauseID(check.ask ?? check.clause))
        guard let answer = answers.first(where: { $0.rule.clause.rawValue == check.clause && $0.subject == check.who })
        else { return ["no answer"] }
        var found: [String] = []
        func compare<T: Equatable>(_ what: String, _ expected: T?, _ got: T?) {
            guard let expected, expected != got else { return }
            found.append("\(what) expected \(expected), got \(got.map { "\($0)" } ?? "nothing")")
        }
        let piece = answer.piece
        if let status = check.status, !status.contains(piece.status.rawValue) {
            found.append("expected \(status), got \(piece.status.rawValue)")
        }
        compare("fen", check.fen, piece.amount?.amount)
        compare("right", check.holds, piece.rightHolds)
        compare("hours", check.hours, piece.hours.map { DecimalText.text($0) })
        compare("measure", check.measure, piece.measure.map { DecimalText.text($0) })
        compare("met on", check.met, answer.explanation?.nearest?.metOn?.description)
        compare("begins", check.begins, answer.explanation?.rightBegins?.description)
        compare("payers", check.payers, payers(piece))
        let due = answer.determination?.due(in: CivilMonth(containing: day))?.amount?.amount
        compare("due", check.due, due ?? 0)
        if let dues = check.dues { compare("dues", dues, months(answer.determination, dues.keys)) }
        if let missing = check.missing, !piece.missing.contains(where: { answer.code(of: $0).contains(missing) }) {
            found.append("missing \(missing), got \(piece.missing.map { answer.code(of: $0) })")
        }
        if let missing = check.missingForPayer,
            !piece.missingForPayer.contains(where: { answer.code(of: $0).contains(missing) })
        {
            found.append("missing for the payer \(missing)")
        }
        if let unmet = check.unmet, !piece.unmet.contains(where: { code($0, answer.rule) == unmet }) {
            found.append("unmet \(unmet), got \(piece.unmet.map { code($0, answer.rule) })")
        }
        compare("refused", check.refused, trial.refused(in: answers).map(\.code))
        return found
    }

    private static func known(_ check: Case.Check) throws -> KnownAt {
        if let known = check.known {
            let day = try #require(CivilDay(parsing: known))
            // The last moment of that day in the country.
            return .recorded(
                Moment(microseconds: (Int64(day.dayNumber) + 1) * 86_400_000_000 - 8 * 3_600_000_000 - 1))
        }
        return try check.learned.map { .learned(try #require(CivilDay(parsing: $0))) } ?? .latest
    }

    private static func payers(_ piece: OutcomePiece) -> [String: Int64] {
        let parts = piece.amount.map { PayerSplit.split($0, piece.payers) } ?? []
        return Dictionary(
            zip(piece.payers, parts).map { ($0.payer.rawValue, $1.amount.amount) }, uniquingKeysWith: +)
    }

    private static func months(
        _ determination: Determination?, _ wanted: some Collection<String>
    ) -> [String: Int64] {
        var found: [String: Int64] = [:]
        guard let last = wanted.compactMap({ CivilMonth(parsing: $0) }).max() else { return found }
        let dues = determination?.dues(through: last) ?? []
        for month in wanted {
            found[month] = dues.first { $0.month.description == month }?.amount?.amount ?? 0
        }
        return found
    }

    private static func code(_ unmet: Unmet, _ rule: Rule) -> String {
        switch unmet {
        case .who: "who"
        case .condition(let index): rule.conditions[index].id.rawValue
        case .notYetConfirmed: "not_yet_confirmed"
        case .alreadyGranted: "already_granted"
        case .barred(_, let isSoft, _): isSoft ? "excluded_soft" : "excluded"
        case .refused: "refused"
        }
    }
}

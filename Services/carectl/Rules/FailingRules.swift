import CareDomain
import CareProjections
import RuleEngine
import RuleReplay
import ServiceKit

/// Why rules end in an error under a candidate: of each clause that does, one family's case, looked at by itself.
struct FailingRules {
    /// A clause that fails, and for whom.
    private struct Case {
        let clause: ClauseID
        let household: HouseholdID
        let subject: RuleSubject
    }

    /// What is told of one clause.
    struct Told {
        let clause: ClauseID
        let household: HouseholdID
        let subject: RuleSubject
        /// First day on which it fails.
        let day: CivilDay
        let parts: [Explanation.Failure]

        /// The parts in one text.
        var words: UserText {
            UserText(
                zh: parts.map(\.wording.chinese).joined(separator: "；"),
                en: parts.map(\.wording.english).joined(separator: "; "))
        }

        var json: JSON {
            .object([
                ("clause", .string(clause.rawValue)), ("household", .string(household.description)),
                ("who", .string(ReplayText.who(subject))), ("day", .day(day)),
                ("parts", .array(parts.map(TrialPage.failure))),
            ])
        }
    }

    /// Clauses looked at; a file in which more fail is told soon enough.
    private static let most = 20

    private var cases: [Case] = []

    /// Takes in what differs for one family.
    mutating func add(_ difference: HouseholdDifference) {
        for right in difference.rights where right.fails && cases.count < Self.most {
            guard !cases.contains(where: { $0.clause == right.clause }) else { continue }
            cases.append(Case(clause: right.clause, household: difference.household, subject: right.subject))
        }
    }

    /// Reads those families and finds out what could not be worked out. A family that this key may not read is left out.
    func told(_ replay: RuleReplay, _ archive: Line) async throws -> [Told] {
        var told: [Told] = []
        for one in cases {
            let events: [KnownEvent]
            do { events = try await LogFacts.family(one.household, archive).events } catch is Failure { continue }
            let facts = FactBase(events: events.filter(\.event.bearsOnRules))
            let found = replay.candidate.failures(
                of: one.clause, subject: one.subject, over: replay.period, facts)
            guard let found else { continue }
            told.append(
                Told(
                    clause: one.clause, household: one.household, subject: one.subject, day: found.day,
                    parts: found.parts))
        }
        return told
    }
}

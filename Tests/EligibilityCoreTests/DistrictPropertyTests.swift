import CareDomain
import CareTestKit
import CaseImport
import EligibilityCore
import RuleEngine
import RulePacks
import SyntheticDistrict
import Testing

/// Invented families with ten years of history, judged after every command and held against asking each single day.
@Suite("认定与逐日笨算相同", .timeLimit(.minutes(10)))
struct DistrictPropertyTests {
    /// A household judged live: after each command, with what is known by then.
    private struct Live {
        var history: HouseholdHistory
        /// When the last event was recorded.
        var now: Moment
        /// Just after each command: what stood in the stream then.
        var moments: [Moment] = []

        mutating func append(_ events: [ProposedEvent], _ command: CommandID, on day: CivilDay) {
            let noon = Int64(day.dayNumber) * 86_400_000_000 + 14_400_000_000
            for event in events {
                now = Moment(microseconds: max(now.microseconds + 1, noon))
                history.append(
                    KnownEvent(
                        reference: EventReference(sequence: history.lastSequence + 1), recordedAt: now,
                        command: command, proposed: event))
            }
        }
    }

    private let rules: PublishedRules
    private let evaluator: Evaluator
    private let assessment: Assessment
    private let district = SyntheticDistrict(
        households: 40, years: 10, seed: 4711, endingOn: CivilDay(year: 2025, month: 12, day: 31)!)

    /// Read once for all cases.
    private static let published = Result {
        var rules = PublishedRules()
        for file in try PackLibrary.bundled.packFiles(of: "chenzhou-2014") {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            _ = rules.take(
                .published(
                    PackPublished(
                        pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
                        bytes: file.bytes)), of: pack.id, occurredOn: pack.validFrom,
                recordedAt: Moment(microseconds: 0))
        }
        return rules
    }

    init() throws {
        rules = try Self.published.get()
        evaluator = Evaluator(registry: rules.registry)
        assessment = Assessment(rules: rules)
    }

    private func live(_ number: Int) -> Live {
        var live: Live?
        var first: [CommandID: UInt64] = [:]
        for draft in district.household(number) {
            let resolved = try? draft.resolved { source in first[source.command].map { $0 + UInt64(source.place) } }
            guard let command = resolved else { continue }
            var known =
                live ?? Live(history: HouseholdHistory(id: command.household), now: Moment(microseconds: 0))
            let day = command.learnedOn ?? command.occurredOn
            let context = DecisionContext(
                today: day, policy: rules.registry.policyCatalog, rights: [.command, .importHistory],
                newHousehold: HouseholdID.derived(from: command.id))
            guard case .events(let events, _) = known.history.decide(command, in: context) else { continue }
            first[command.id] = known.history.lastSequence + 1
            known.append(events, command.id, on: day)
            while let step = assessment.nextStep(for: known.history) {
                known.append(step.events, step.id, on: day)
            }
            known.moments.append(known.now)
            live = known
        }
        guard let live else { preconditionFailure("family \(number) has no commands") }
        return live
    }

    @Test("每一日的结论、金额、承担者，都与单问那一日相同", arguments: 0..<40)
    func everyDay(number: Int) {
        let live = live(number)
        let facts = FactBase(events: live.history.events)
        var random = SeededGenerator(seed: UInt64(number))
        for entry in live.history.household.determinations where entry.made.cadence.rawValue != "once" {
            var days = entry.made.intervals.flatMap { [$0.period.start, $0.period.start + 1] }
            days += entry.made.intervals.dropFirst().map { $0.period.start - 1 }
            for _ in 0..<6 { days.append(CivilDay(dayNumber: Int32.random(in: 16_300...25_000, using: &random))) }
            for day in days {
                let asked = evaluator.evaluate(facts, over: DayPeriod(start: day, end: day + 1))
                    .first { $0.clause == entry.made.clause && $0.subject == entry.made.subject }?.piece(on: day)
                let stored = entry.made.intervals.first { $0.period.contains(day) }
                #expect((asked?.status ?? .notEntitled).stored == stored?.status, "\(entry.made.clause) \(day)")
                #expect(asked?.amount == stored?.amount && (asked?.payers ?? []) == stored?.payers)
                #expect(asked?.rightHolds ?? false == stored?.rightHolds)
            }
        }
    }

    @Test("当时所知：每条命令之后流中的认定，就是以当时所知的事实审核的结果", arguments: 0..<20)
    func asKnownThen(number: Int) {
        let live = live(number)
        let facts = FactBase(events: live.history.events)
        for moment in live.moments {
            let household = live.history.household(knownAt: moment)
            for wanted in evaluator.determine(facts, knownAt: .recorded(moment)) {
                let stored = household.determinations.first {
                    $0.made.clause == wanted.clause && $0.made.subject == wanted.subject
                }
                #expect(stored.map { wanted.isStored(as: $0.made) } ?? wanted.isEmpty, "\(wanted.clause)")
            }
        }
    }

    @Test("最后才审与逐条审，最后的结论相同", arguments: 0..<40)
    func judgedAtTheEnd(number: Int) throws {
        let live = live(number)
        let facts = live.history.events.filter {
            if case .determinationMade = $0.event { false } else { true }
        }
        var late = HouseholdHistory(id: live.history.id)
        // References among events are by sequence, so the places of the determinations are kept with something inert.
        for event in live.history.events {
            var event = event
            if case .determinationMade = event.event {
                event.proposed = ProposedEvent(
                    occurredOn: event.occurredOn, event: .commandAbandoned(CommandAbandoned(command: event.command)))
            }
            late.append(event)
        }
        #expect(!facts.isEmpty)
        if let step = assessment.nextStep(for: late) {
            for event in step.events {
                late.append(
                    KnownEvent(
                        reference: EventReference(sequence: late.lastSequence + 1), recordedAt: live.now,
                        command: step.id, proposed: event))
            }
        }
        #expect(assessment.nextStep(for: late) == nil)
        for entry in late.household.determinations {
            let other = live.history.household.determinations.first {
                $0.made.clause == entry.made.clause && $0.made.subject == entry.made.subject
            }
            #expect(other.map { Determination(entry.made).isStored(as: $0.made) } ?? false, "\(entry.made.clause)")
        }
    }

    @Test("应补与多发逐次累计，加上其间按月应发的，等于至今应发的总和", arguments: 0..<40)
    func differencesAddUp(number: Int) {
        let live = live(number)
        var stored: [String: [(made: DeterminationMade, month: CivilMonth)]] = [:]
        for event in live.history.events {
            guard case .determinationMade(let made) = event.event else { continue }
            stored["\(made.clause) \(made.subject)", default: []].append(
                (made, CivilMonth(containing: event.occurredOn)))
        }
        for versions in stored.values {
            var expected = Fen.zero
            var earlier: (made: DeterminationMade, month: CivilMonth)?
            for version in versions {
                if let earlier {
                    // What the months in between made due by themselves.
                    expected += sum(earlier.made, through: version.month) - sum(earlier.made, through: earlier.month)
                }
                expected += version.made.difference
                #expect(expected == sum(version.made, through: version.month), "\(version.made.clause)")
                earlier = version
            }
        }
    }

    /// What is due up to a month, asked month by month.
    private func sum(_ made: DeterminationMade, through month: CivilMonth) -> Fen {
        let determination = Determination(made)
        var sum = Fen.zero
        for index in CivilMonth(year: 2010, month: 1).index...month.index {
            guard let due = determination.due(in: CivilMonth(index: index)), due.status == .entitled else { continue }
            sum += due.amount ?? .zero
        }
        return sum
    }
}

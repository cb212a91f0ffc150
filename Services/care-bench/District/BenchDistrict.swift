import CareDomain
import CareWire
import CaseImport
import EligibilityCore
import RuleEngine
import RulePacks
import SyntheticDistrict

/// The invented district that every figure is measured on, decided by the domain as intake would decide it.
struct BenchDistrict: Sendable {
    /// One command and what came of it.
    struct Step: Sendable {
        var household: HouseholdID
        /// The day on which the office heard of it.
        var reportedOn: CivilDay
        /// With every reference put in.
        var command: HouseholdCommand
        /// Length of the stream before it.
        var expected: UInt64
        var events: [ProposedEvent]
        /// Whether a service would write it, not a person.
        var isDerived = false

        var isRegistration: Bool {
            if case .registerHousehold = command.action { !isDerived } else { false }
        }
    }

    let households: Int
    let years: Int
    let rules: PublishedRules
    let packs: [PackPublished]
    /// Who sends the commands.
    let principal: Principal
    private let policy: PolicyCatalog
    private let district: SyntheticDistrict
    /// What eligibility makes of the first households; all others get these in turn, because evaluating a whole
    /// district would take longer than everything that is measured.
    private var samples: [DeterminationMade] = []

    /// Fixed, so that every call measures the same bytes.
    static let seed: UInt64 = 20_140_716
    static let lastDay = CivilDay(year: 2025, month: 12, day: 31) ?? .distantPast

    /// - Throws: when the packs of the program cannot be read.
    init(households: Int, years: Int) throws {
        self.households = households
        self.years = years
        district = SyntheticDistrict(households: households, years: years, seed: Self.seed, endingOn: Self.lastDay)
        var rules = PublishedRules()
        var packs: [PackPublished] = []
        for file in try PackLibrary.bundled.packFiles(of: "chenzhou-2014") {
            let pack = try RulePack.load(bytes: file.bytes, name: file.name)
            let published = PackPublished(
                pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash,
                bytes: file.bytes)
            _ = rules.take(
                .published(published), of: pack.id, occurredOn: pack.validFrom, recordedAt: Moment(microseconds: 0))
            packs.append(published)
        }
        self.rules = rules
        self.packs = packs
        policy = rules.registry.policyCatalog
        principal = Principal(
            peer: "care-bench", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [.everywhere],
            rights: [.command, .query, .importHistory, .operate])
        let assessment = Assessment(rules: rules)
        for number in 0..<min(households, 40) { samples += determinations(number, assessment) }
    }

    private func determinations(_ number: Int, _ assessment: Assessment) -> [DeterminationMade] {
        let steps = steps(number, withServices: false)
        guard let id = steps.first?.household else { return [] }
        var history = HouseholdHistory(id: id)
        for step in steps { history.append(step) }
        return (assessment.nextStep(for: history)?.events ?? []).compactMap { event in
            if case .determinationMade(let made) = event.event { made } else { nil }
        }
    }

    /// What one household's stream says, in order. Commands that the domain refuses are left out.
    /// - Parameter withServices: whether what eligibility and notifier add stands between the commands.
    func steps(_ number: Int, withServices: Bool) -> [Step] {
        var writer = StreamWriter(
            policy: policy, rights: principal.rights, samples: withServices ? samples : [], turn: number)
        for draft in district.household(number) { writer.take(draft) }
        return writer.finish(through: Self.lastDay)
    }

    /// The steps of all households, in the order in which an office of this size would report them: households of a
    /// block side by side, day by day.
    func forEachBlock(
        of size: Int = 1_000, withServices: Bool, _ body: ([Step]) throws -> Void
    ) rethrows {
        for start in stride(from: 0, to: households, by: size) {
            var block: [(day: CivilDay, order: Int, step: Step)] = []
            for number in start..<min(start + size, households) {
                for step in steps(number, withServices: withServices) {
                    block.append((step.reportedOn, block.count, step))
                }
            }
            block.sort { ($0.day, $0.order) < ($1.day, $1.order) }
            try body(block.map(\.step))
        }
    }
}

/// Decides the commands of one household one after the other, and adds what the services would.
private struct StreamWriter {
    let policy: PolicyCatalog
    let rights: Set<Principal.Right>
    /// What eligibility would say; empty = no service writes here.
    let samples: [DeterminationMade]
    private var turn: Int
    private var history: HouseholdHistory?
    private var first: [CommandID: UInt64] = [:]
    private var steps: [BenchDistrict.Step] = []
    private var notedThrough: CivilDay?
    private var derivedCount = 0

    init(policy: PolicyCatalog, rights: Set<Principal.Right>, samples: [DeterminationMade], turn: Int) {
        self.policy = policy
        self.rights = rights
        self.samples = samples
        self.turn = turn
    }

    private var withServices: Bool { !samples.isEmpty }

    mutating func take(_ draft: CommandDraft) {
        let resolved = try? draft.resolved { source in
            first[source.command].map { $0 + UInt64(source.place) }
        }
        guard let command = resolved else { return }
        let day = command.learnedOn ?? command.occurredOn
        var known = history ?? HouseholdHistory(id: command.household)
        if withServices { raiseNotices(through: day, &known) }
        let context = DecisionContext(
            today: day, policy: policy, rights: rights, newHousehold: HouseholdID.derived(from: command.id))
        // What the services added stands whatever becomes of the command.
        history = known
        guard case .events(let events, _) = known.decide(command, in: context) else { return }
        first[command.id] = known.lastSequence + 1
        append(command, events, on: day, isDerived: false, &known)
        if withServices, Self.bearsOnRules(events) { determine(on: day, known.household.members.first?.id, &known) }
        history = known
    }

    mutating func finish(through day: CivilDay) -> [BenchDistrict.Step] {
        if withServices, var known = history { raiseNotices(through: day, &known) }
        return steps
    }

    private mutating func append(
        _ command: HouseholdCommand, _ events: [ProposedEvent], on day: CivilDay, isDerived: Bool,
        _ known: inout HouseholdHistory
    ) {
        steps.append(
            BenchDistrict.Step(
                household: known.id, reportedOn: day, command: command, expected: known.lastSequence, events: events,
                isDerived: isDerived))
        if let step = steps.last { known.append(step) }
    }

    private mutating func derived(
        _ event: HouseholdEvent, on day: CivilDay, _ known: inout HouseholdHistory
    ) -> EventReference {
        derivedCount += 1
        let id = CommandID.derived(CommandID(known.id.value), "bench", derivedCount)
        // Only its id stands in the record; the action is never looked at.
        let command = HouseholdCommand(
            id: id, household: known.id, occurredOn: day, action: .closeHousehold(.init(reason: Code(unchecked: "x"))))
        append(command, [ProposedEvent(occurredOn: day, event: event)], on: day, isDerived: true, &known)
        return EventReference(sequence: known.lastSequence)
    }

    // MARK: What services add

    private static func bearsOnRules(_ events: [ProposedEvent]) -> Bool {
        events.contains { event in
            switch event.event {
            case .registered, .moved, .personJoined, .personLeft, .personDied, .childBorn, .childAdopted,
                .disabilityAssessed, .factStated:
                true
            default: false
            }
        }
    }

    private mutating func determine(on day: CivilDay, _ person: PersonID?, _ known: inout HouseholdHistory) {
        guard known.household.status == .active, let person else { return }
        turn += 1
        var made = samples[turn % samples.count]
        made.subject = .person(person)
        made.facts = [EventReference(sequence: 1), EventReference(sequence: known.lastSequence)]
        made.readThrough = EventReference(sequence: known.lastSequence)
        _ = derived(.determinationMade(made), on: day, &known)
    }

    /// Four feasts a year, each with its notice and the delivery of it.
    private mutating func raiseNotices(through day: CivilDay, _ known: inout HouseholdHistory) {
        guard known.household.status == .active else { return }
        var next = notedThrough ?? day
        while next + 91 <= day {
            next = next + 91
            let notice = NoticeRaised(
                kind: Code(unchecked: "holiday_visit_due"), key: "holiday_visit_due:\(next)", subject: .household,
                dueOn: next + 7)
            let reference = derived(.noticeRaised(notice), on: next, &known)
            let delivered = NoticeDelivered(
                notice: reference, channel: Code(unchecked: "webhook"), outcome: .delivered, attempts: 1)
            _ = derived(.noticeDelivered(delivered), on: next, &known)
        }
        notedThrough = next
    }
}

extension HouseholdHistory {
    /// Takes a step in, as recorded on the day it was reported.
    fileprivate mutating func append(_ step: BenchDistrict.Step) {
        for event in step.events {
            append(
                KnownEvent(
                    reference: EventReference(sequence: lastSequence + 1),
                    recordedAt: Moment(microseconds: Int64(step.reportedOn.dayNumber) * 86_400_000_000),
                    command: step.command.id, proposed: event))
        }
    }
}

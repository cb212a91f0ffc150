import CareDomain
import CareWire

/// 申报 in a run: families apply for the subsidy, and each office does its step; some are returned, objected to, taken back
/// or rejected, and now and then somebody does what is another's.
final class Applicant {
    static let clause = ClauseID("PL-1")
    /// The steps of the played pack, in order, each with whoever does it.
    static let steps: [(code: String, clerk: MachineName)] = [
        ("declare", .villageClerk), ("township", .townshipClerk), ("notice", .districtClerk),
        ("confirm", .districtClerk), ("funds", .clerk), ("pay", .secondClerk), ("archive", .villageClerk),
    ]

    private let ledger: Ledger
    private let idSeed: UInt64
    private let limit: Int
    private var sent = 0

    init(random: SeededRandom, ledger: Ledger) {
        var random = random
        self.ledger = ledger
        idSeed = random.next()
        limit = random.chance(500) ? random.number(8...40) : 0
    }

    /// The next command of a clerk; nil when there is nothing to do for it.
    /// - Parameters:
    ///   - households: Those that were registered.
    ///   - read: A family's file as the log has it now; nil while nobody can be asked.
    func next(
        for clerk: MachineName, _ households: [HouseholdID], today: CivilDay, now: Int64,
        _ random: inout SeededRandom, read: (HouseholdID) -> Household?
    ) -> Ledger.Entry? {
        guard sent < limit, !households.isEmpty, let file = read(random.one(of: households)),
            let (event, day) = act(of: clerk, on: file, today, &random)
        else { return nil }
        sent += 1
        let command = HouseholdCommand(
            id: CommandID(Identifier128(high: idSeed, low: UInt64(sent))), household: file.id, occurredOn: day,
            action: .application(event))
        guard let bytes = try? CommandCodec.encode(command) else { return nil }
        let entry = Ledger.Entry(command: command, bytes: bytes, clerk: clerk, firstSent: now)
        ledger.add(entry)
        return entry
    }

    private func act(
        of clerk: MachineName, on file: Household, _ today: CivilDay, _ random: inout SeededRandom
    ) -> (ApplicationEvent, CivilDay)? {
        guard let clause = Self.clause, let registeredOn = file.registeredOn else { return nil }
        let open = file.applications.filter { $0.step != nil && ($0.state == .underWay || $0.state == .confirmed) }
        guard let found = open.last, !random.chance(60) else {
            guard clerk == .villageClerk || random.chance(200) else { return nil }
            let first = max(registeredOn, file.applications.last?.lastDay ?? registeredOn)
            // Now and then the sheet of a notice that nobody has hung out yet.
            let papers = ["form", "receipt", "sheet"].prefix([1, 2, 1, 2, 3][random.number(0...4)])
                .map(Code.init(unchecked:))
            return (
                .submitted(ApplicationSubmitted(clause: clause, subject: .household, papers: papers)),
                first + Int32(random.number(0...3))
            )
        }
        let day = min(today, found.lastDay + Int32(random.number(0...1)))
        return step(of: clerk, found, day, today, &random)
    }

    private func step(
        of clerk: MachineName, _ found: ApplicationCase, _ day: CivilDay, _ today: CivilDay,
        _ random: inout SeededRandom
    ) -> (ApplicationEvent, CivilDay)? {
        guard let step = found.step, let own = Self.steps.first(where: { $0.code == step.rawValue }) else { return nil }
        let id = found.reference
        let reason = Code(unchecked: "played")
        if let objection = found.openObjections.first, clerk == .villageClerk || random.chance(30) {
            return (
                .objectionDecided(
                    ObjectionDecided(
                        application: id, objection: objection.reference, isUpheld: random.chance(250), finding: reason)),
                day
            )
        }
        if found.notice != nil, random.chance(80) {
            return (.objectionRaised(ObjectionRaised(application: id, reason: reason)), day)
        }
        if random.chance(15) { return (.withdrawn(ApplicationWithdrawn(application: id, reason: reason)), day) }
        // Now and then somebody does what is another's, and is told so, or what follows is.
        guard clerk == own.clerk || random.chance(20) else { return nil }
        if found.isBarred || random.chance(40) {
            return (.returned(ApplicationReturned(application: id, step: step, reason: reason)), day)
        }
        if random.chance(15) {
            return (.rejected(ApplicationRejected(application: id, step: step, reason: reason)), day)
        }
        let isHungOut = !["declare", "township"].contains(own.code)
        let papers = (["form", "receipt"] + (isHungOut ? ["sheet"] : [])).map(Code.init(unchecked:))
        switch own.code {
        case "notice" where found.notice == nil:
            return (.noticeOpened(PublicNoticeOpened(application: id, step: step)), day)
        case "confirm":
            let end = found.notice?.lastDay.map { $0 + 1 } ?? day
            return (.confirmed(ApplicationConfirmed(application: id, step: step)), min(today, max(day, end)))
        default:
            let end = found.notice?.step == step ? found.notice?.lastDay.map { $0 + 1 } : nil
            return (
                .forwarded(ApplicationForwarded(application: id, step: step, papers: papers)),
                min(today, max(day, end ?? day))
            )
        }
    }
}

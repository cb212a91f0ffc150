import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

/// A client that sends commands, repeats them with the same id until there is an answer, and now and then once more.
struct ClerkCore: ServiceCore {
    enum Work: Sendable {}
    enum External: Sendable {}

    /// Why a command is on its way.
    private enum Purpose {
        case command(CommandID)
        /// About a payment batch or a unit.
        case errand(CommandID)
        /// Another content under a known id.
        case forgery
        case pack
    }

    private static let next = TimerID(rawValue: 1)
    private static let firstRetry: UInt64 = 1_000
    private unowned let clerk: ClerkMachine
    private var asked: [UInt64: Purpose] = [:]
    private var nextTag: UInt64 = 0
    /// What waits to be sent again, by the timer that says when.
    private var waiting: [TimerID: Purpose] = [:]
    private var nextTimer = Self.firstRetry

    init(_ clerk: ClerkMachine) { self.clerk = clerk }

    mutating func step(
        _ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>]
    ) {
        switch input {
        case .started:
            for entry in clerk.unanswered { later(.command(entry.command.id), &actions) }
            for entry in clerk.unansweredErrands { later(.errand(entry.id), &actions) }
            if clerk.hasPackToPublish { publish(&actions) }
            actions.append(.setTimer(Self.next, after: clerk.pause))
        case .timer(Self.next):
            if let entry = clerk.nextCommand() { send(entry, &actions) }
            if let forged = clerk.nextForgery() { forge(forged, &actions) }
            if let payment = clerk.nextPayment() { send(payment, &actions) }
            if let grant = clerk.nextGrant() { send(grant, &actions) }
            if let application = clerk.nextApplication() { send(application, &actions) }
            if let loan = clerk.nextLoan() { send(loan, &actions) }
            actions.append(.setTimer(Self.next, after: clerk.pause))
        case .timer(let timer):
            switch waiting.removeValue(forKey: timer) {
            case .command(let id)?: if let entry = clerk.entry(id) { send(entry, &actions) }
            case .errand(let id)?: if let entry = clerk.errand(id) { send(entry, &actions) }
            default: return
            }
        case .reply(_, let tag, let reply):
            guard let purpose = asked.removeValue(forKey: tag) else { return }
            take(reply, for: purpose, &actions)
        default: break
        }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>]) {}

    private mutating func send(_ entry: Ledger.Entry, _ actions: inout [ServiceAction<Work>]) {
        ask(.command(entry.command.id), .submitCommand, entry.command.id.value.bytes, entry.bytes, &actions)
    }

    private mutating func send(_ entry: Errands.Entry, _ actions: inout [ServiceAction<Work>]) {
        ask(.errand(entry.id), entry.method, entry.id.value.bytes, entry.bytes, &actions)
    }

    private mutating func forge(_ entry: Ledger.Entry, _ actions: inout [ServiceAction<Work>]) {
        ask(.forgery, .submitCommand, clerk.newRequestID(), entry.bytes, &actions)
    }

    private mutating func publish(_ actions: inout [ServiceAction<Work>]) {
        ask(.pack, .publishPack, clerk.newRequestID(), clerk.packBytes, &actions)
    }

    private mutating func ask(
        _ purpose: Purpose, _ method: BusMethod, _ id: [UInt8], _ body: [UInt8],
        _ actions: inout [ServiceAction<Work>]
    ) {
        guard let id = RequestID(id) else { preconditionFailure("ClerkCore.ask: a command id names a request") }
        nextTag += 1
        asked[nextTag] = purpose
        let request = OutgoingRequest(
            id: id, method: method, body: body, timeout: clerk.patience, retriesRefusals: clerk.isStubborn)
        actions.append(.request(clerk.someLink, tag: nextTag, request))
    }

    private mutating func later(_ purpose: Purpose, _ actions: inout [ServiceAction<Work>]) {
        nextTimer += 1
        let timer = TimerID(rawValue: nextTimer)
        waiting[timer] = purpose
        actions.append(.setTimer(timer, after: clerk.pause))
    }

    private mutating func take(_ reply: BusReply, for purpose: Purpose, _ actions: inout [ServiceAction<Work>]) {
        switch purpose {
        case .pack:
            if reply.status == .ok { clerk.packIsPublished() } else { publish(&actions) }
        case .forgery:
            clerk.forgeryAnswered(reply)
        case .command(let id):
            clerk.note(reply, to: id)
            switch reply.status {
            case .ok: clerk.recorded(id, reply.body)
            case .refused, .conflict, .notFound, .unauthorised, .badRequest: clerk.refused(id, reply.code)
            // Not known, or not now: the same command again, perhaps elsewhere.
            default: later(purpose, &actions)
            }
        case .errand(let id):
            clerk.note(reply, to: id)
            switch reply.status {
            case .ok: clerk.errandRecorded(id, reply.body)
            case .refused, .conflict, .notFound, .unauthorised, .badRequest: clerk.errandRefused(id, reply.code)
            default: later(purpose, &actions)
            }
        }
    }
}

/// The client's process. What it has to send stands on its own disk: it goes on with it after a crash.
final class ClerkMachine: NodeMachine<ClerkCore> {
    private var requestCount: UInt64 = 0

    override func makeCore(_ now: BusMoment) -> ClerkCore? { ClerkCore(self) }

    var unanswered: [Ledger.Entry] { world.ledger.open(of: name) }
    func entry(_ id: CommandID) -> Ledger.Entry? { world.ledger.entry(id) }
    var pause: Duration { .milliseconds(world.random.time(20...900)) }
    var patience: Duration { .milliseconds(world.random.time(300...12_000)) }
    var isStubborn: Bool { world.random.chance(500) }
    var someLink: LinkID { LinkID(rawValue: world.random.number(0...2)) }

    func newRequestID() -> [UInt8] {
        requestCount += 1
        return Identifier128(high: UInt64(name.rawValue) << 32 | UInt64(life), low: requestCount).bytes
    }

    var hasPackToPublish: Bool { name == .clerk && !world.people.hasPack }
    var packBytes: [UInt8] { world.people.packBytes }
    func packIsPublished() { world.people.hasPack = true }

    /// The next command: a new one, or one that was answered before, to be answered the same again.
    func nextCommand() -> Ledger.Entry? {
        guard world.people.hasPack, world.isRough, !name.isOfficer else { return nil }
        if world.random.chance(120), let known = world.people.answered(&world.random) { return known }
        return world.people.next(for: name, today: world.today, now: world.now, &world.random)
    }

    func nextForgery() -> Ledger.Entry? {
        guard world.isRough, !name.isOfficer, world.random.chance(40) else { return nil }
        return world.people.forgery(&world.random)
    }

    var unansweredErrands: [Errands.Entry] { world.errands.open(of: name) }
    func errand(_ id: CommandID) -> Errands.Entry? { world.errands.entry(id) }

    /// The next command about a payment batch.
    func nextPayment() -> Errands.Entry? {
        // Who pays has the longest way to go in a run: batch, file, the bank's answer, what comes back.
        guard world.people.hasPack, world.isRough, !name.isOfficer,
            world.random.chance(name == .secondClerk ? 900 : 450)
        else { return nil }
        return world.cashier.next(for: name, registered, today: world.today, &world.random) {
            [archive = world.archive] in
            archive.batch($0)
        }
    }

    /// The next command about a unit.
    func nextGrant() -> Errands.Entry? {
        guard world.people.hasPack, world.isRough, !name.isOfficer, world.random.chance(350) else { return nil }
        return world.granter.next(for: name, registered, today: world.today, &world.random) {
            [archive = world.archive] in
            archive.unit($0)
        }
    }

    /// The next act on an application.
    func nextApplication() -> Ledger.Entry? {
        guard world.people.hasPack, world.isRough, world.random.chance(name.isOfficer ? 700 : 250) else { return nil }
        return world.applicant.next(for: name, registered, today: world.today, now: world.now, &world.random) {
            [archive = world.archive] in
            archive.household($0)
        }
    }

    /// The next command about a fund or a loan.
    func nextLoan() -> Errands.Entry? {
        guard world.people.hasPack, world.isRough, world.random.chance(name.isOfficer ? 700 : 250) else { return nil }
        return world.lender.next(for: name, world.ledger.registrations, today: world.today, &world.random) {
            [archive = world.archive] in
            archive.lending
        }
    }

    /// Families that were acknowledged.
    private var registered: [HouseholdID] {
        world.ledger.registrations.map(\.household)
    }

    func errandRecorded(_ id: CommandID, _ body: [UInt8]) {
        guard let reply = try? Care_V1_CommandReply(serializedBytes: body) else {
            return world.fail("an answer to errand \(id) cannot be read")
        }
        errandAnswered(
            .recorded(first: reply.firstSequence, last: reply.lastSequence, recordedAt: reply.recordedAt), id)
    }

    func errandRefused(_ id: CommandID, _ code: String) { errandAnswered(.refused(code), id) }

    private func errandAnswered(_ answer: Errands.Answer, _ id: CommandID) {
        if let wrong = world.errands.take(answer, to: id, of: name) { world.fail(wrong) }
    }

    func recorded(_ id: CommandID, _ body: [UInt8]) {
        guard let reply = try? Care_V1_CommandReply(serializedBytes: body),
            let household = Identifier128(bytes: Array(reply.household))
        else {
            return world.fail("an answer to \(id) cannot be read")
        }
        let answer = Ledger.Answer.recorded(
            HouseholdID(household), first: reply.firstSequence, last: reply.lastSequence, recordedAt: reply.recordedAt)
        if let wrong = world.ledger.take(answer, to: id, of: name, at: world.now) { world.fail(wrong) }
    }

    func note(_ reply: BusReply, to id: CommandID) {
        world.note(
            name,
            BusLogEntry(
                .debug, "answered", ["command": "\(id)", "status": "\(reply.status)", "code": reply.code]))
    }

    func refused(_ id: CommandID, _ code: String) {
        if let wrong = world.ledger.take(.refused(code), to: id, of: name, at: world.now) { world.fail(wrong) }
    }

    func forgeryAnswered(_ reply: BusReply) {
        if reply.status == .ok { world.fail("another content under a known command id was taken") }
        if reply.status == .refused { world.ledger.forgeryRefused() }
    }
}

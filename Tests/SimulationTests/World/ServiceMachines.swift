import CareDomain
import CareWire
import EligibilityCore
import IntakeCore
import MessageBus

@testable import NotifierCore

extension Principal {
    /// One of the services, for what it appends on its own.
    static func service(_ name: MachineName) -> Principal {
        Principal(
            peer: name.peer, actor: Code(unchecked: name.peer), role: Code(unchecked: "service"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [.everywhere], rights: [.append])
    }
}

/// A small file that a service writes whole and reads when it starts. It may be lost, or be older than the last one:
/// that must cost time only.
struct StateFileHistory {
    private var versions: [[UInt8]] = []

    mutating func save(_ bytes: [UInt8]) { versions = versions.suffix(2) + [bytes] }

    /// What the next start finds.
    func found(_ random: inout SeededRandom, losesFiles: Bool) -> [UInt8]? {
        guard losesFiles, !versions.isEmpty else { return versions.last }
        return random.chance(300) ? nil : random.one(of: versions)
    }
}

/// intake: the real service with its real image.
final class IntakeMachine: NodeMachine<IntakeService> {
    private var images = StateFileHistory()

    override func makeCore(_ now: BusMoment) -> IntakeService? {
        guard let key = TokenKey(bytes: [UInt8](repeating: 9, count: 32)) else {
            preconditionFailure("IntakeMachine.makeCore: 32 bytes are a key")
        }
        var settings = IntakeCore.Settings()
        settings.reservationPatienceMicroseconds = 2_000_000
        settings.imageIntervalMicroseconds = 700_000
        let image = images.found(&world.random, losesFiles: world.losesFiles).flatMap { try? IntakeImage(decoding: $0) }
        return IntakeService(
            core: IntakeCore(settings: settings, principal: .service(name), image: image), tokenKey: key,
            idSeed: UInt64(name.rawValue) << 40 | UInt64(life) << 20)
    }

    override func perform(_ work: IntakeWork) -> IntakeNews? {
        switch work {
        case .save(let image):
            do { images.save(try image.encoded()) } catch { world.fail("an image cannot be written: \(error)") }
            return .saved
        case .keep, .forget:
            world.fail("an outbox that is switched off keeps nothing")
            return nil
        }
    }
}

/// eligibility: the real service with its real checkpoint.
final class EligibilityMachine: NodeMachine<EligibilityService> {
    private var checkpoints = StateFileHistory()

    init(_ world: World) { super.init(.eligibility, world) }

    override func makeCore(_ now: BusMoment) -> EligibilityService? {
        let saved = checkpoints.found(&world.random, losesFiles: world.losesFiles)
        return EligibilityService(
            principal: .service(name), checkpoint: saved.flatMap(EligibilityCheckpoint.init(decoding:)),
            idSeed: UInt64(life) << 20)
    }

    override func perform(_ work: EligibilityCheckpoint) -> EligibilityNews? {
        checkpoints.save(work.encoded())
        return .saved
    }
}

/// notifier: the real service with its real checkpoint; printer and receiver of posts are played.
final class NoticeMachine: NodeMachine<NotifierService> {
    /// Every body that the receiver was sent, by delivery.
    private(set) var posts: [DeliveryID: [[UInt8]]] = [:]
    /// Every line that was printed, by delivery.
    private(set) var lines: [DeliveryID: [String]] = [:]
    /// Every telling of an office's notice, printed or taken by the receiver.
    private(set) var officeTold: [OfficeDeliveryID: [String]] = [:]
    private(set) var load: NotifierLoad?
    private var checkpoints = StateFileHistory()

    init(_ world: World) { super.init(.notifier, world) }

    static let channels = [
        NoticeChannel(code: Code(unchecked: "stdout"), kind: .line),
        NoticeChannel(code: Code(unchecked: "webhook"), kind: .webhook),
    ]

    override func makeCore(_ now: BusMoment) -> NotifierService? {
        load = nil
        let saved = checkpoints.found(&world.random, losesFiles: world.losesFiles)
        let configuration = NotifierConfiguration(
            channels: Self.channels, retry: RetrySchedule(attempts: 3, first: .milliseconds(200), longest: .seconds(1)),
            logRetry: RetrySchedule(first: .milliseconds(100), longest: .seconds(1)), checkpointEvents: 3)
        return NotifierService(
            configuration: configuration, checkpoint: saved.flatMap(NotifierCheckpoint.init(decoding:)),
            principal: .service(name), idSeed: UInt64(life) << 20,
            post: { [unowned self] delivery, body in post(delivery, body) },
            postOffice: { [unowned self] delivery, body in postOffice(delivery, body) },
            onTurn: { [unowned self] _, load in self.load = load })
    }

    override func perform(_ work: NotifierWork) -> NotifierNews? {
        switch work {
        case .write(let delivery, let line):
            lines[delivery, default: []].append(line)
            return .printed(delivery, .delivered)
        case .writeOffice(let delivery, let line):
            officeTold[delivery, default: []].append(line)
            return .officeTold(delivery, .delivered)
        case .save(let checkpoint):
            let isMutant = world.mutant == .checkpointsBeforeNotice
            checkpoints.save((isMutant ? checkpoint.countingOpenAsDone : checkpoint).encoded())
            // The worst moment: what the checkpoint speaks of is still on its way.
            if world.isRough, world.random.chance(150) { world.end(name, startingAgainAfter: 300_000) }
            return .saved
        }
    }

    /// The same receiver, for offices.
    private func postOffice(_ delivery: OfficeDeliveryID, _ body: [UInt8]) {
        let posted = life
        let isTaken = !world.random.chance(world.isRough ? 200 : 0)
        if isTaken { officeTold[delivery, default: []].append(String(decoding: body, as: UTF8.self)) }
        world.agenda.add(at: world.now + world.random.time(500...20_000)) { [unowned self] in
            guard posted == life, isUp else { return }
            post(.officeTold(delivery, isTaken ? .delivered : .status(503, retryAfter: nil)))
        }
    }

    /// The receiver takes the post, or says that it cannot now; its answer may be lost with the process.
    private func post(_ delivery: DeliveryID, _ body: [UInt8]) {
        let posted = life
        let isTaken = !world.random.chance(world.isRough ? 200 : 0)
        if isTaken || world.random.chance(500) { posts[delivery, default: []].append(body) }
        world.agenda.add(at: world.now + world.random.time(500...20_000)) { [unowned self] in
            guard posted == life, isUp else { return }
            post(.posted(delivery, isTaken ? .delivered : .status(503, retryAfter: nil)))
        }
    }
}

/// Follows feed (a) from the beginning, keeps what it hears together with its place, and compares with the log at the end.
struct FollowerCore: ServiceCore {
    enum Work: Sendable {}
    enum External: Sendable {}

    let from: EncodedCursor
    let hear: (FeedSegment) -> Void
    private(set) var isLive = false

    init(from: EncodedCursor, hear: @escaping (FeedSegment) -> Void) {
        self.from = from
        self.hear = hear
    }

    mutating func step(
        _ input: ServiceInput<Work, External>, now: BusMoment, actions: inout [ServiceAction<Work>]
    ) {
        switch input {
        case .started: actions.append(.follow(from: from))
        case .events(let segment): hear(segment)
        case .feedState(let state): isLive = state == .live
        default: break
        }
    }

    mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<Work>]) {}
}

/// A department that keeps a copy of the log: events and place in one transaction, as the contract asks.
final class FollowerMachine: NodeMachine<FollowerCore> {
    private(set) var heard: [BusEvent] = []
    private var cursor = EncodedCursor.start

    init(_ world: World) { super.init(.follower, world) }

    override func makeCore(_ now: BusMoment) -> FollowerCore? {
        FollowerCore(from: cursor) { [unowned self] segment in
            if segment.cursorBefore != cursor { world.fail("feed (a) handed over a gap or a repeat") }
            heard += segment.events
            cursor = segment.cursorAfter
        }
    }
}

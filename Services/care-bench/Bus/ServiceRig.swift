import ArchiveCore
import CareDomain
import CareProjections
import CareWire
import EventLog
import EventLogSQLite
import IntakeCore
import MessageBus
import ZeroMQ

/// Care-archive and intake with their real cores, on loopback with CURVE, all in this process: sender, receivers and
/// their I/O threads share its cores.
final class ServiceRig: Sendable {
    /// What a service runs on.
    struct Running<Core: ServiceCore>: Sendable {
        let reactor: Reactor<Core>
        let context: ZMQContext
        let addresses: BoundAddresses
        let keys: CurveKeyPair

        var link: ReactorConfiguration.Link {
            .init(
                name: "service", endpoints: [.init(address: addresses.server ?? "", serverKey: keys.publicKey)])
        }

        func stop() async throws {
            try await reactor.stop()
            try context.terminate()
        }
    }

    private let peers: PeerRegistry
    private let clientKeys: CurveKeyPair
    private let archive: Running<ArchiveService>
    private let intake: Running<IntakeService>?
    private let counters: Handover<ArchiveService.Counters>

    /// Appends in the log since the start.
    var appended: Int { counters.present?.appended ?? 0 }

    /// Starts both services, or care-archive alone.
    /// - Parameter directory: Where the log stands; the rig is its only writer.
    init(directory: String, withIntake: Bool) async throws {
        clientKeys = try CurveKeyPair.generate()
        let intakeKeys = try CurveKeyPair.generate()
        let everyKind = Set(UInt32(1)..<512)
        peers = try PeerRegistry(
            [
                Peer(
                    name: "intake", key: intakeKeys.publicKey, department: "dept.fp", divisions: ["000000"],
                    roles: ["service"], eventKinds: everyKind, rights: [.append]),
                Peer(
                    name: "care-bench", key: clientKeys.publicKey, department: "dept.fp", divisions: ["000000"],
                    roles: ["cadre"], eventKinds: everyKind,
                    rights: [.command, .query, .importHistory, .operate, .append]),
            ], generation: 1)
        let counters = Handover<ArchiveService.Counters>()
        self.counters = counters
        archive = try await Self.startArchive(directory, peers, counters)
        intake = withIntake ? try await Self.startIntake(intakeKeys, peers, archive.link) : nil
    }

    /// The service that commands go to.
    private var target: ReactorConfiguration.Link { intake?.link ?? archive.link }

    /// Asks everything, with this many requests under way.
    func ask(_ questions: [Question], inFlight: Int, warmUp: Int = 0) async throws -> RoundTrips {
        try await AskingCore.ask(questions, of: target, as: clientKeys, inFlight: inFlight, warmUp: warmUp)
    }

    func stop() async throws {
        try await intake?.stop()
        try await archive.stop()
    }

    // MARK: Starting

    private static func startArchive(
        _ directory: String, _ peers: PeerRegistry, _ counters: Handover<ArchiveService.Counters>
    ) async throws -> Running<ArchiveService> {
        let keys = try CurveKeyPair.generate()
        var configuration = ReactorConfiguration(name: "bench-archive", keys: keys)
        configuration.serverAddress = "tcp://127.0.0.1:*"
        configuration.feedAddress = "tcp://127.0.0.1:*"
        configuration.peers = peers
        let context = try ZMQContext()
        let pages = Handover<LogPages>()
        let reactor = try Reactor<ArchiveService>(
            configuration, context: context, work: { Self.perform($0, pages.present) }
        ) {
            let log = try SQLiteEventLog(directory: directory)
            pages.put(
                LogPages(
                    reader: try log.makeReader(), division: { _ in nil }, places: { _ in nil },
                    sight: { CarePolicyWords().sight(of: $0, on: CivilDay(microsecondsUTC: 0)) }))
            return try ArchiveService(log: log) { seen, _, _ in counters.put(seen) }
        }
        return Running(reactor: reactor, context: context, addresses: try await reactor.start(), keys: keys)
    }

    /// The worker's side, as far as intake needs it.
    private static func perform(_ work: ArchiveWork, _ pages: LogPages?) -> ArchiveNews {
        switch work {
        case .readAll(let request):
            .answered(request.token, pages?.readAll(request.body).answer ?? .problem(.fault))
        case .query(let request), .operate(let request), .attachment(let request):
            .answered(request.token, .problem(.unknownMethod))
        case .subscription(let read): .page(read.token, .failed)
        }
    }

    private static func startIntake(
        _ keys: CurveKeyPair, _ peers: PeerRegistry, _ archive: ReactorConfiguration.Link
    ) async throws -> Running<IntakeService> {
        var configuration = ReactorConfiguration(name: "bench-intake", keys: keys)
        configuration.serverAddress = "tcp://127.0.0.1:*"
        configuration.links = [archive]
        configuration.peers = peers
        let context = try ZMQContext()
        let principal = Principal(
            peer: "intake", actor: Code(unchecked: "intake"), role: Code(unchecked: "service"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [.everywhere], rights: [.append])
        guard let tokenKey = TokenKey(bytes: Array(repeating: 7, count: 32)) else {
            preconditionFailure("ServiceRig: 32 bytes are a token key")
        }
        let reactor = try Reactor<IntakeService>(configuration, context: context) {
            IntakeService(core: IntakeCore(principal: principal), tokenKey: tokenKey, idSeed: 1)
        }
        return Running(reactor: reactor, context: context, addresses: try await reactor.start(), keys: keys)
    }
}

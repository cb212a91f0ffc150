import CareDomain
import EligibilityCore
import Logging
import MessageBus
import ServiceKit
import ServiceWiring
import ZeroMQ

/// The executable `eligibility`: judges households by the published rules and appends determinations.
@main
enum Eligibility {
    static func main() async {
        await ServiceRunner.main(
            ServiceDefinition(
                name: "eligibility",
                summary: UserText(zh: "认定服务：按已发布的政策包认定待遇", en: "eligibility: judges households by the published rules"),
                settings: BusSettings.all, parts: ["bus"], build: build))
    }

    private static func build(_ context: ServiceContext) async throws -> [any LifecycleService] {
        let settings = context.settings
        let ring = KeyRing(directory: settings[BusSettings.keyDirectory])
        var configuration = ReactorConfiguration(name: "eligibility", keys: try ring.pair(of: "eligibility"))
        configuration.serverAddress = settings[BusSettings.eligibility]
        configuration.links = [
            .init(
                name: "care-archive", endpoints: [try ring.endpoint("care-archive", at: settings[BusSettings.archive])])
        ]
        configuration.followedFeed = try ring.endpoint("care-archive", at: settings[BusSettings.feed])
        configuration.peers = try PeerRegistry(file: settings[BusSettings.peerList], generation: 1)
        let home = "\(settings[BusSettings.dataDirectory])/eligibility"
        DataFolder.close(settings[BusSettings.dataDirectory], context.logger)
        try FolderLock.take(home)
        let path = "\(home)/checkpoint"
        let saved = StateFile.read(path)
        let checkpoint = saved.flatMap(EligibilityCheckpoint.init(decoding:))
        if saved != nil, checkpoint == nil {
            context.logger.warning(
                "saved checkpoint discarded: damaged or of another version; everybody is judged anew")
        }
        let idSeed = UInt64.random(in: 1...UInt64.max >> 1)
        let metrics = EligibilityMetrics(context.metrics)
        let logger = context.logger
        let saver = StateSaver(path: path, what: "checkpoint", logger: logger)
        let zmq = try ZMQContext()
        let reactor = try Reactor<EligibilityService>(
            configuration, context: zmq,
            work: { checkpoint in
                // Losing a checkpoint costs time only: judging again appends nothing new.
                saver.save { checkpoint.encoded() }
                return .saved
            }, log: busLog(to: logger), figures: BusMetrics(context.metrics, followsFeed: true).show
        ) {
            EligibilityService(
                principal: .service("eligibility"), checkpoint: checkpoint, idSeed: idSeed, onTurn: metrics.show)
        }
        return [
            ReactorPart(reactor, readiness: context.readiness, logger: logger),
            PeerWatcher(path: settings[BusSettings.peerList], logger: logger) { reactor.replacePeers($0) },
        ]
    }
}

import CareDomain
import CareWire
import IntakeCore
import Logging
import MessageBus
import ServiceKit
import ServiceWiring
import ZeroMQ

/// The executable `intake`: takes commands in, decides, appends through care-archive.
@main
enum Intake {
    static func main() async {
        await ServiceRunner.main(
            ServiceDefinition(
                name: "intake", summary: UserText(zh: "受理服务：接收、核对、决定、登记", en: "intake: takes commands in and decides"),
                settings: BusSettings.all, parts: ["bus"], build: build))
    }

    private static func build(_ context: ServiceContext) async throws -> [any LifecycleService] {
        let settings = context.settings
        let ring = KeyRing(directory: settings[BusSettings.keyDirectory])
        let key = try TokenKeyFile.read("\(settings[BusSettings.keyDirectory])/token.key")
        var configuration = ReactorConfiguration(name: "intake", keys: try ring.pair(of: "intake"))
        configuration.serverAddress = settings[BusSettings.intake]
        configuration.links = [
            .init(
                name: "care-archive", endpoints: [try ring.endpoint("care-archive", at: settings[BusSettings.archive])])
        ]
        configuration.peers = try PeerRegistry(file: settings[BusSettings.peerList], generation: 1)
        let principal = Principal.service("intake")
        configuration.finishesWork = true
        let logger = context.logger
        let path = "\(settings[BusSettings.dataDirectory])/intake/image"
        let image = savedImage(path, logger)
        let idSeed = UInt64.random(in: 1...UInt64.max >> 1)
        let metrics = IntakeMetrics(context.metrics)
        let zmq = try ZMQContext()
        let reactor = try Reactor<IntakeService>(
            configuration, context: zmq, work: { save($0, path, logger) }, log: busLog(to: logger),
            figures: BusMetrics(context.metrics, followsFeed: false).show
        ) {
            IntakeService(
                core: IntakeCore(principal: principal, image: image), tokenKey: key, idSeed: idSeed,
                onTurn: metrics.show)
        }
        return [
            ReactorPart(reactor, readiness: context.readiness, logger: logger),
            PeerWatcher(path: settings[BusSettings.peerList], logger: logger) { reactor.replacePeers($0) },
        ]
    }

    /// The image of the last run; nil when there is none that can be read.
    private static func savedImage(_ path: String, _ logger: Logger) -> IntakeImage? {
        guard let bytes = StateFile.read(path) else {
            logger.info("no saved image, the person and pack streams are read from the beginning")
            return nil
        }
        do { return try IntakeImage(decoding: bytes) } catch {
            logger.warning(
                "saved image discarded, the person and pack streams are read from the beginning",
                metadata: ["reason": "\(error.rawValue)"])
            return nil
        }
    }

    private static func save(_ image: IntakeImage, _ path: String, _ logger: Logger) -> IntakeNews {
        // Losing an image costs time only: the streams say everything.
        do { try StateFile.write(try image.encoded(), to: path) } catch {
            logger.warning("image not saved", metadata: ["reason": "\(error.localizedDescription)"])
        }
        return .saved
    }
}

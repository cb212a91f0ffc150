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
                settings: BusSettings.all, parts: ["bus", archivePart], build: build))
    }

    /// What intake needs of care-archive before it can decide, at `/readyz`.
    private static let archivePart = "care-archive"

    private static func build(_ context: ServiceContext) async throws -> [any LifecycleService] {
        let settings = context.settings
        let ring = KeyRing(directory: settings[BusSettings.keyDirectory])
        let keyPath = "\(settings[BusSettings.keyDirectory])/\(TokenKeyFile.name)"
        let key = try TokenKeyFile.read(keyPath)
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
        let home = "\(settings[BusSettings.dataDirectory])/intake"
        DataFolder.close(settings[BusSettings.dataDirectory], logger)
        try FolderLock.take(home)
        let path = "\(home)/image"
        let image = savedImage(path, logger)
        let idSeed = UInt64.random(in: 1...UInt64.max >> 1)
        let folder = OutboxFolder("\(home)/outbox")
        let outbox = outbox(folder, after: settings[BusSettings.outboxAfter], logger)
        let metrics = IntakeMetrics(context.metrics)
        let images = StateSaver(path: path, what: "image", logger: logger)
        let zmq = try ZMQContext()
        let readiness = context.readiness
        readiness.markWaiting(archivePart, reason: text(of: .archiveSilent))
        let end = ServiceEnd()
        let reactor = try Reactor<IntakeService>(
            configuration, context: zmq, work: { perform($0, images, folder, logger) }, log: busLog(to: logger),
            figures: BusMetrics(context.metrics, followsFeed: false).show
        ) {
            IntakeService(
                core: IntakeCore(principal: principal, image: image), tokenKey: key, idSeed: idSeed, outbox: outbox,
                onTurn: metrics.show, onWait: { show($0, readiness, logger) },
                onRefusedKey: { end.note(TokenKeyMismatch($0, path: keyPath)) })
        }
        return [
            ReactorPart(reactor, readiness: context.readiness, logger: logger, end: end),
            PeerWatcher(path: settings[BusSettings.peerList], logger: logger) { reactor.replacePeers($0) },
        ]
    }

    /// Says what is waited for, to operators who look and in the log.
    private static func show(_ wait: StartWait?, _ readiness: Readiness, _ logger: Logger) {
        guard let wait else {
            readiness.markReady(archivePart)
            logger.info("packs and persons are read, commands are taken and can be recorded")
            return
        }
        readiness.markWaiting(archivePart, reason: text(of: wait))
        // Services start in any order: not to hear care-archive at first is no fault yet.
        logger.log(
            level: wait == .reading ? .info : .notice, "no command can be recorded yet",
            metadata: ["reason": "\(wait.english)"])
    }

    private static func text(of wait: StartWait) -> UserText { UserText(zh: wait.chinese, en: wait.english) }

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

    /// What the last run kept because care-archive could not be reached.
    private static func outbox(_ folder: OutboxFolder, after patience: Duration, _ logger: Logger) -> Outbox {
        var settings = Outbox.Settings()
        settings.isEnabled = patience > .zero
        settings.patience = patience
        let found = folder.readAll()
        if !found.kept.isEmpty {
            logger.info("commands of the outbox are forwarded", metadata: ["count": "\(found.kept.count)"])
        }
        for problem in found.unreadable {
            logger.error(
                "a file of the outbox cannot be read: what it holds was promised and is not sent, a person has to look",
                metadata: ["file": "\(problem.file)", "reason": "\(problem.reason)"])
        }
        return Outbox(settings: settings, kept: found.kept, unreadable: found.unreadable.count)
    }

    private static func perform(
        _ work: IntakeWork, _ images: StateSaver, _ folder: OutboxFolder, _ logger: Logger
    ) -> IntakeNews {
        switch work {
        case .save(let image):
            // Losing an image costs time only: the streams say everything.
            images.save { try image.encoded() }
            return .saved
        case .keep(let kept):
            do {
                try folder.write(kept)
                return .kept(kept.number, isOnDisk: true)
            } catch {
                logger.error("a command could not be kept", metadata: ["reason": "\(error)"])
                return .kept(kept.number, isOnDisk: false)
            }
        case .forget(let number):
            // A file that stays is forwarded again at the next start, and answered as recorded before.
            folder.remove(number)
            return .forgotten
        }
    }
}

import CareDomain
import Foundation
import Logging
import MessageBus
import NotifierCore
import ServiceKit
import ServiceWiring
import ZeroMQ

/// The executable `notifier`: raises notices and delivers them to standard output and a webhook.
@main
enum NotifierExecutable {
    static let webhook = Setting<String?>(
        "notifier.webhook", default: .some(nil),
        help: UserText(
            zh: "接收提醒的网址（CloudEvents JSON）；不填则不发送",
            en: "address that takes notices as CloudEvents JSON; none = not sent"))
    static let showsNames = Setting(
        "notifier.names", default: false,
        help: UserText(
            zh: "标准输出的提醒是否写明家庭成员姓名；帮扶人实名，总是写明",
            en: "whether notices on standard output show names of the family; helpers are always named"))

    static func main() async {
        await ServiceRunner.main(
            ServiceDefinition(
                name: "notifier",
                summary: UserText(zh: "提醒服务：缺口、走访、复评、将到权益", en: "notifier: gaps, visits, reviews, coming rights"),
                settings: BusSettings.all + [webhook, showsNames], parts: ["bus"], build: build))
    }

    private static func build(_ context: ServiceContext) async throws -> [any LifecycleService] {
        let settings = context.settings
        let ring = KeyRing(directory: settings[BusSettings.keyDirectory])
        var configuration = ReactorConfiguration(name: "notifier", keys: try ring.pair(of: "notifier"))
        configuration.serverAddress = settings[BusSettings.notifier]
        configuration.links = [
            .init(
                name: "care-archive", endpoints: [try ring.endpoint("care-archive", at: settings[BusSettings.archive])])
        ]
        configuration.followedFeed = try ring.endpoint("care-archive", at: settings[BusSettings.feed])
        configuration.peers = try PeerRegistry(file: settings[BusSettings.peerList], generation: 1)
        configuration.workCapacity = 2_048
        let home = "\(settings[BusSettings.dataDirectory])/notifier"
        DataFolder.close(settings[BusSettings.dataDirectory], context.logger)
        try FolderLock.take(home)
        let path = "\(home)/checkpoint"
        let saved = StateFile.read(path)
        let checkpoint = saved.flatMap(NotifierCheckpoint.init(decoding:))
        if saved != nil, checkpoint == nil {
            context.logger.warning(
                "saved checkpoint discarded: damaged or of another version; the streams say what was told")
        }
        var channels = [
            NoticeChannel(code: Code(unchecked: "stdout"), kind: .line, showsNames: settings[showsNames])
        ]
        let address = settings[webhook].flatMap(URL.init(string:))
        if address != nil { channels.append(NoticeChannel(code: Code(unchecked: "webhook"), kind: .webhook)) }
        let machine = NotifierConfiguration(channels: channels)
        let idSeed = UInt64.random(in: 1...UInt64.max >> 1)
        let metrics = NotifierMetrics(context.metrics)
        let logger = context.logger
        let saver = StateSaver(path: path, what: "checkpoint", logger: logger)
        let poster = WebhookPoster(address: address)
        let reactor = try Reactor<NotifierService>(
            configuration, context: try ZMQContext(), work: { perform($0, saver) }, log: busLog(to: logger),
            figures: BusMetrics(context.metrics, followsFeed: true).show
        ) {
            NotifierService(
                configuration: machine, checkpoint: checkpoint, principal: .service("notifier"), idSeed: idSeed,
                post: { poster.post(.household($0), $1) }, postOffice: { poster.post(.office($0), $1) },
                onTurn: metrics.show)
        }
        poster.onFinished = { delivery, result in _ = reactor.post(delivery.news(result)) }
        return [
            ReactorPart(reactor, readiness: context.readiness, logger: logger),
            PeerWatcher(path: settings[BusSettings.peerList], logger: logger) { reactor.replacePeers($0) },
        ]
    }

    private static func perform(_ work: NotifierWork, _ saver: StateSaver) -> NotifierNews {
        switch work {
        case .write(let delivery, let line): return .printed(delivery, write(line))
        case .writeOffice(let delivery, let line): return .officeTold(delivery, write(line))
        case .save(let checkpoint):
            // Losing a checkpoint costs time only: the streams say what was raised and delivered.
            saver.save { checkpoint.encoded() }
            return .saved
        }
    }

    private static func write(_ line: String) -> DeliveryResult {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
            return .delivered
        } catch {
            return .failed(Code(unchecked: "stdout_closed"))
        }
    }
}

import ServiceKit

/// What every service and `carectl` can be told about data, keys and addresses.
package enum BusSettings {
    package static let dataDirectory = Setting(
        "data.dir", default: ".guanhuai", help: UserText(zh: "数据目录", en: "folder of all data"))
    package static let keyDirectory = Setting(
        "keys.dir", default: ".guanhuai/keys", help: UserText(zh: "密钥目录", en: "folder of the keys"))
    package static let peerList = Setting(
        "keys.peers", default: ".guanhuai/peers.yaml", help: UserText(zh: "通信名单", en: "list of peers"))
    package static let intake = Setting(
        "bus.intake", default: "tcp://127.0.0.1:7201", help: UserText(zh: "受理服务地址", en: "address of intake"))
    package static let archive = Setting(
        "bus.archive", default: "tcp://127.0.0.1:7202", help: UserText(zh: "档案服务地址", en: "address of care-archive"))
    package static let feed = Setting(
        "bus.feed", default: "tcp://127.0.0.1:7203", help: UserText(zh: "事件流地址", en: "address of the event feed"))
    package static let eligibility = Setting(
        "bus.eligibility", default: "tcp://127.0.0.1:7204", help: UserText(zh: "认定服务地址", en: "address of eligibility"))
    package static let notifier = Setting(
        "bus.notifier", default: "tcp://127.0.0.1:7205", help: UserText(zh: "提醒服务地址", en: "address of notifier"))

    package static let outboxAfter = Setting(
        "outbox.after", default: Duration.seconds(3),
        help: UserText(
            zh: "档案服务多久没有应答，受理服务就把命令暂存在本机；0s 为从不",
            en: "silence of care-archive after which intake keeps commands on its own disk; 0s = never"))

    /// All of them; every service declares all, because they share one file.
    package static let all: [any AnySetting] = [
        dataDirectory, keyDirectory, peerList, intake, archive, feed, eligibility, notifier, outboxAfter,
    ]
}

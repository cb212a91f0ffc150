import ArgumentParser
import EventLog
import OfficeFiles
import ServiceKit
import ServiceWiring

/// `carectl bus keys`
struct KeyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keys of services, clerks and departments.",
        subcommands: [KeysNew.self, KeysList.self, KeysUpgrade.self, KeysWithdraw.self, KeysRotate.self])
}

/// Where keys and the peer list are.
struct KeyPlaces: ParsableArguments {
    @Option(help: "Folder of the key files; otherwise keys.dir of the configuration.")
    var dir: String?

    @Option(help: "The peer list; otherwise keys.peers of the configuration.")
    var peers: String?

    func ring(_ desk: Desk) async throws -> KeyFolder {
        if let dir, let peers { return KeyFolder(folder: dir, peerList: peers) }
        let configuration = try await desk.configuration()
        return KeyFolder(folder: dir ?? configuration.keyFolder, peerList: peers ?? configuration.peerList)
    }
}

/// `carectl bus keys new`
struct KeysNew: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key pair and enter it in the peer list.",
        discussion: """
            With --all the keys of a whole deployment; what exists stays as it is. A peer that makes its pair itself (Proto/README.md)
            gives its public half, --public-key, and keeps the secret.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    @Argument(help: "Name of the peer: lower-case letters, digits and hyphens.")
    var name: String?

    @Flag(help: "The four services, carectl, a clerk as an example, and the key for person tokens.")
    var all = false

    @Option(help: "Role of the peer; may stand several times.")
    var role: [String] = []

    @Option(help: "Department of the peer, a code.")
    var department = "none"

    @Option(help: "Division code the peer is confined to; left out = everywhere.")
    var division: String?

    @Option(
        help: """
            Right: command, query, reveal, import-history, vouch, operate. May stand several times; left out = command and query.
            """)
    var right: [String] = []

    @Option(help: "Last day on which the key is accepted.")
    var expires: String?

    @Option(help: "The public half of a pair that the peer made itself (Z85); left out = a pair is made here.")
    var publicKey: String?

    func validate() throws {
        guard all != (name != nil) else {
            throw ValidationError(UserText(zh: "请写一个名称，或用 --all", en: "give either a NAME or --all"))
        }
        guard !all || publicKey == nil else {
            throw ValidationError(
                UserText(zh: "--public-key 要写明是谁的（NAME）", en: "--public-key needs the NAME whose it is"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        let wanted: [KeyRequest]
        if let name {
            let expiresOn = try expires.map { try desk.day($0, option: "--expires").dayNumber }
            var request = try KeyRequest(
                checking: name, roles: role, department: department, division: division,
                rights: right.isEmpty ? ["command", "query"] : right, expiresOn: expiresOn)
            request.publicKey = try publicKey.map { text throws(Failure) in try KeyRequest.publicKey(text) }
            wanted = [request]
        } else {
            wanted = KeyRequest.deployment
        }
        try ring.prepare()
        try ring.checkComplete(all: all)
        if all {
            try ring.makeTokenKey()
            try ring.makeCheckpointKey()
        }
        let made = try ring.make(wanted, refusesExisting: !all)
        for name in made { desk.print(name) }
        if wanted.contains(where: { $0.expiresOn.map { $0 < desk.today.dayNumber } ?? false }) {
            desk.say(
                UserText(
                    zh: "注意：--expires 是最后一天，已经过去，这把密钥不能用",
                    en: "note: --expires is the last day and is past; the key is not accepted"))
        }
        desk.mention(
            made.isEmpty
                ? UserText(zh: "密钥均已存在，未作改动", en: "all keys exist; nothing was changed")
                : publicKey != nil
                    ? UserText(
                        zh: "已登记对方的公钥，在 \(ring.peerList)；各服务会自动读入",
                        en: "entered the peer's public key in \(ring.peerList); the services read it by themselves")
                    : UserText(
                        zh: "已生成 \(made.count) 把密钥，登记在 \(ring.peerList)；各服务会自动读入",
                        en:
                            "made \(made.count) keys and entered them in \(ring.peerList); the services read it by themselves"
                    ))
    }
}

/// `carectl bus keys list`
struct KeysList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Print the peer list: who each key is, what it may do and until when.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        let today = desk.today.dayNumber
        if json {
            let entries = try ring.entries().map { Self.json($0, today) }
            return desk.print(JSON.object([("keys", .array(entries))]).text(indented: true))
        }
        var table = TextTable([
            .init(desk.word("名称", "name")), .init(desk.word("公钥", "public key")),
            .init(desk.word("部门", "department")), .init(desk.word("区划", "division")),
            .init(desk.word("角色", "roles")), .init(desk.word("权限", "rights"), mayShrink: true),
            .init(desk.word("可写事件种类", "event types"), .right), .init(desk.word("有效至", "until")),
            .init(desk.word("状态", "state")),
        ])
        for entry in try ring.entries() {
            table.append([
                entry.name, entry.publicKey.text, entry.department, entry.division ?? "*",
                entry.roles.joined(separator: ","), entry.rights.joined(separator: ","),
                entry.eventTypes.isEmpty ? "" : "\(entry.eventTypes.count)",
                entry.expiresOn.map { DayText.of($0) } ?? "",
                Self.state(entry, today) == "valid" ? desk.word("有效", "valid") : desk.word("已过期", "expired"),
            ])
        }
        desk.show(table)
    }

    private static func state(_ entry: PeerEntry, _ today: Int32) -> String {
        entry.expiresOn.map { $0 < today } ?? false ? "expired" : "valid"
    }

    private static func json(_ entry: PeerEntry, _ today: Int32) -> JSON {
        .object([
            ("name", .string(entry.name)), ("public_key", .string(entry.publicKey.text)),
            ("department", .string(entry.department)), ("division", .optional(entry.division)),
            ("roles", .array(entry.roles.map { .string($0) })), ("rights", .array(entry.rights.map { .string($0) })),
            ("event_types", .array(entry.eventTypes.map { .string($0) })),
            ("expires_on", entry.expiresOn.map { .day($0) } ?? .null), ("state", .string(state(entry, today))),
        ])
    }
}

/// `carectl bus keys upgrade`
struct KeysUpgrade: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade", abstract: "After a new version: let the services' own keys append its event types.",
        discussion: "Keys, other rights and the keys of people stay as they are.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    func perform(_ desk: Desk) async throws {
        let changed = try await places.ring(desk).upgrade(KeyRequest.deployment)
        for name in changed { desk.print(name) }
        desk.mention(
            changed.isEmpty
                ? UserText(zh: "服务的密钥已合本版本，未作改动", en: "the services' keys fit this version; nothing was changed")
                : UserText(
                    zh: "上列服务现可写本版本的全部事件种类，会自动读入",
                    en: "these services may append all event types of this version now; they read it by themselves"))
    }
}

/// `carectl bus keys withdraw`
struct KeysWithdraw: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a key off the peer list; the services stop listening to it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    @Argument(help: "Name of the peer.")
    var name: String

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        try ring.withdraw(name)
        desk.mention(
            UserText(
                zh: "已从名单撤销 \(name)，各服务会自动读入", en: "\(name) is off the list; the services read it by themselves"))
    }
}

/// `carectl bus keys rotate`
struct KeysRotate: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Give a peer a new key in the place of its old one, with the same rights.",
        discussion: """
            The old key counts no more from the moment the services read the list, within a second; whoever is connected
            with it is told so and cut. Hand the new key file to its peer. A service reads its own key when it starts:
            after the key of a service, restart all services.

            The name checkpoint stands for the archive's own key that signs checkpoints: it is made anew, whether the old
            one is still there or not. Restart care-archive, and hand checkpoint.pub to those who keep checkpoints.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    @Argument(help: "Name of the peer.")
    var name: String

    @Option(help: "Last day on which the new key is accepted; left out = as before.")
    var expires: String?

    @Option(help: "The public half of the peer's own new pair; left out = a pair is made here.")
    var publicKey: String?

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        if name == CheckpointKey.name { return try rotateSigner(ring, desk) }
        let expiresOn = try expires.map { try desk.day($0, option: "--expires").dayNumber }
        let given = try publicKey.map { text throws(Failure) in try KeyRequest.publicKey(text) }
        let entry = try ring.rotate(name, to: given, expiresOn: expiresOn)
        desk.print(entry.publicKey.text)
        desk.mention(
            UserText(
                zh: "\(name) 已换新密钥，旧的即刻失效（文件改名为 .withdrawn）",
                en: "\(name) has a new key; the old one counts no more (its files end in .withdrawn)"))
        if entry.rights.contains("append") {
            desk.mention(
                UserText(zh: "这是服务自己的密钥，请重启各服务", en: "this is the key of a service: restart all services"))
        }
    }

    private func rotateSigner(_ ring: KeyFolder, _ desk: Desk) throws {
        guard expires == nil, publicKey == nil else {
            throw ValidationError(
                UserText(
                    zh: "检查点签名密钥没有有效期，也不能由别人造：不能用 --expires、--public-key",
                    en: "the signer of checkpoints has no --expires and is nobody else's: no --public-key"))
        }
        desk.print(Base64.text(try ring.rotateCheckpointKey()))
        desk.mention(
            UserText(
                zh: "已另造检查点签名密钥（旧文件改名为 .withdrawn）；重启 care-archive 后启用。请把 checkpoint.pub 交给保存检查点的部门",
                en: "there is a new key for signing checkpoints (files of an old one end in .withdrawn), used after a "
                    + "restart of care-archive; hand checkpoint.pub to those who keep checkpoints"))
    }
}

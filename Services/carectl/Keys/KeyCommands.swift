import ArgumentParser
import OfficeFiles
import ServiceKit

/// `carectl bus keys`
struct KeyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keys of services, clerks and departments.",
        subcommands: [KeysNew.self, KeysList.self, KeysWithdraw.self])
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
        discussion: "With --all the keys of a whole deployment; what exists stays as it is.")

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

    @Option(help: "Right: command, query, reveal, import-history, vouch, operate. May stand several times.")
    var right: [String] = []

    @Option(help: "Last day on which the key is accepted.")
    var expires: String?

    func validate() throws {
        guard all != (name != nil) else { throw ValidationError("give either a NAME or --all") }
    }

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        let wanted: [KeyRequest]
        if let name {
            let expiresOn = try expires.map { try desk.day($0, option: "--expires").dayNumber }
            wanted = [
                try KeyRequest(
                    checking: name, roles: role, department: department, division: division,
                    rights: right.isEmpty ? ["command", "query"] : right, expiresOn: expiresOn)
            ]
        } else {
            wanted = KeyRequest.deployment
        }
        try ring.prepare()
        if all {
            try ring.makeTokenKey()
            try ring.makeCheckpointKey()
        }
        let made = try ring.make(wanted, refusesExisting: !all)
        for name in made { desk.print(name) }
        desk.mention(
            made.isEmpty
                ? UserText(zh: "密钥均已存在，未作改动", en: "all keys exist; nothing was changed")
                : UserText(
                    zh: "已生成 \(made.count) 把密钥，登记在 \(ring.peerList)；各服务会自动读入",
                    en:
                        "made \(made.count) keys and entered them in \(ring.peerList); the services read it by themselves"
                ))
    }
}

/// `carectl bus keys list`
struct KeysList: CareCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Print the peer list.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var places: KeyPlaces

    func perform(_ desk: Desk) async throws {
        let ring = try await places.ring(desk)
        var table = TextTable([
            .init("name"), .init("public key"), .init("department"), .init("division"), .init("roles"),
            .init("rights", mayShrink: true), .init("event types", .right), .init("until"),
        ])
        for entry in try ring.entries() {
            table.append([
                entry.name, entry.publicKey.text, entry.department, entry.division ?? "*",
                entry.roles.joined(separator: ","), entry.rights.joined(separator: ","),
                entry.eventTypes.isEmpty ? "" : "\(entry.eventTypes.count)",
                entry.expiresOn.map { DayText.of($0) } ?? "",
            ])
        }
        desk.show(table)
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

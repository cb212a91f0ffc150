import CareDomain
import CareWire
import ServiceKit
import ServiceWiring
import ZeroMQ

/// A key to be made: for whom, and what it may do.
struct KeyRequest: Equatable {
    var name: String
    var roles: [String]
    var department: String
    var division: String?
    var rights: [String]
    var eventTypes: [String] = []
    var expiresOn: Int32?
    /// The public half of a pair that its owner made and keeps; nil = a pair is made here.
    var publicKey: CurveKeyText?

    /// Rights a person may give by hand; `append` comes with the services' own keys only.
    static let grantable = ["command", "query", "reveal", "import-history", "vouch", "operate"]

    init(
        name: String, roles: [String], department: String, division: String? = nil, rights: [String],
        eventTypes: [String] = [], expiresOn: Int32? = nil
    ) {
        self.name = name
        self.roles = roles
        self.department = department
        self.division = division
        self.rights = rights
        self.eventTypes = eventTypes
        self.expiresOn = expiresOn
    }

    /// A request as typed.
    /// - Throws: `Failure` for a name, role, department or right that cannot be.
    init(
        checking name: String, roles: [String], department: String, division: String?, rights: [String],
        expiresOn: Int32?
    ) throws(Failure) {
        let isName =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
        guard isName, name != "token", name != CheckpointKey.name else {
            throw Failure(
                6120, UserText(zh: "名称应是小写字母、数字和连字符", en: "a name is lower-case letters, digits and hyphens"),
                exit: .usage)
        }
        if let unknown = rights.first(where: { !Self.grantable.contains($0) }) {
            throw Failure(
                6121, UserText(zh: "没有“\(unknown)”这项权限", en: "there is no right \(unknown)"),
                advice: UserText(
                    zh: "可用：\(Self.grantable.joined(separator: "、"))",
                    en: "known: \(Self.grantable.joined(separator: ", "))"), exit: .usage)
        }
        try Self.check([department], known: Self.departments, 6125, zh: "部门", en: "department")
        try Self.check(
            roles, known: KnownOffices.roles.map { ($0.id.rawValue, $0.chinese) }, 6126, zh: "角色", en: "role")
        if let division, !((2...12).contains(division.utf8.count) && division.allSatisfy { $0.isASCII && $0.isNumber })
        {
            throw Failure(
                6122, UserText(zh: "--division 应是 2 至 12 位数字", en: "--division must be 2 to 12 digits"), exit: .usage)
        }
        self.init(
            name: name, roles: roles, department: department, division: division, rights: rights, expiresOn: expiresOn)
    }

    /// Reads a public key as its owner gives it.
    /// - Throws: `Failure` for anything that is none.
    static func publicKey(_ text: String) throws(Failure) -> CurveKeyText {
        if CurvePublicKey(text) != nil, let key = CurveKeyText(text) { return key }
        throw Failure(
            6129, UserText(zh: "--public-key 应是 40 个字符的公钥（Z85）", en: "--public-key must be 40 characters of Z85"),
            advice: UserText(
                zh: "只要公钥；私钥留在对方自己的机器上，不要发来", en: "the public half only: the secret stays on its owner's machine"),
            exit: .usage)
    }

    /// Departments that a key may have, with what they are called.
    private static var departments: [(String, String)] {
        [(KnownOffices.none.rawValue, "不属任何部门")] + KnownOffices.departments.map { ($0.id.rawValue, $0.chinese) }
    }

    /// A department or role that nobody knows would open nothing, and nobody would see why.
    private static func check(
        _ given: [String], known: [(String, String)], _ code: Int, zh: String, en: String
    ) throws(Failure) {
        guard let unknown = given.first(where: { text in !known.contains { $0.0 == text } }) else { return }
        throw Failure(
            code, UserText(zh: "没有“\(unknown)”这个\(zh)", en: "there is no \(en) \(unknown)"),
            advice: UserText(
                zh: "可用：\(known.map { "\($0.0) \($0.1)" }.joined(separator: "、"))",
                en: "known: \(known.map(\.0).joined(separator: ", "))"), exit: .usage)
    }

    /// The keys of a deployment on one machine, and a clerk of one county as an example.
    static var deployment: [KeyRequest] {
        let household = EventTypes.names {
            (1...99).contains($0) || (240...259).contains($0) || (410...414).contains($0)
        }
        let shared = EventTypes.names { (200...219).contains($0) || $0 == 409 }
        let money = EventTypes.names {
            (230...239).contains($0) || (330...359).contains($0) || (407...408).contains($0)
                || (415...419).contains($0)
        }
        let units = EventTypes.names {
            (300...329).contains($0) || (360...384).contains($0) || (400...404).contains($0)
        }
        return [
            service("intake", appends: household + shared + money + units),
            service("care-archive", appends: []),
            service("eligibility", appends: EventTypes.names { $0 == 100 }),
            service("notifier", appends: EventTypes.names { [101, 102, 385, 386, 405, 406].contains($0) }),
            KeyRequest(
                name: "carectl", roles: ["operator"], department: "guanhuai",
                rights: ["command", "query", "reveal", "import-history", "operate"]),
            KeyRequest(
                name: "clerk", roles: ["clerk"], department: "org.township", division: "431002",
                rights: ["command", "query"]),
        ]
    }

    private static func service(_ name: String, appends types: [String]) -> KeyRequest {
        KeyRequest(
            name: name, roles: ["service"], department: "guanhuai", rights: types.isEmpty ? [] : ["append", "query"],
            eventTypes: types)
    }

    /// The line of the peer list.
    func entry(_ key: CurveKeyText) -> PeerEntry {
        PeerEntry(
            name: name, publicKey: key, department: department, division: division, roles: roles, rights: rights,
            eventTypes: eventTypes, expiresOn: expiresOn)
    }
}

/// Event types by name: `PairingAssigned` is number 60.
enum EventTypes {
    /// All types this program knows, by number.
    static let all: [(number: UInt32, name: String)] = EventKind.allCases
        .filter { $0.rawValue > 0 }
        .map { (UInt32($0.rawValue), name(of: $0)) }

    /// Names of the types whose numbers are wanted, as the peer list writes them: `pairing_assigned`.
    static func names(_ isWanted: (UInt32) -> Bool) -> [String] {
        all.filter { isWanted($0.number) }.map { type in
            type.name.reduce(into: "") { result, character in
                if character.isUppercase, !result.isEmpty { result += "_" }
                result += character.lowercased()
            }
        }
    }

    /// The number of a name, whatever its capitals, or of a number written out.
    static func number(_ text: String) -> UInt32? {
        if let number = UInt32(text) { return number }
        let plain = text.lowercased().filter { $0 != "_" }
        return all.first { $0.name.lowercased() == plain }?.number
    }

    /// The case's own name with a capital: `pairingAssigned` is written `PairingAssigned` everywhere.
    private static func name(of kind: EventKind) -> String {
        let name = String(describing: kind)
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}

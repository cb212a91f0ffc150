import Yams

/// Takes a parsed peer list apart and collects every mistake on the way.
struct PeerListReader {
    private(set) var entries: [PeerEntry] = []
    private(set) var mistakes: [PeerListError.Mistake] = []

    private static let keys: Set<String> = [
        "name", "publicKey", "department", "division", "roles", "rights", "eventTypes", "expiresOn",
    ]

    mutating func note(_ line: Int, _ text: UserText) { mistakes.append(.init(line: line, text)) }

    mutating func read(_ root: Node?) {
        guard let mapping = root?.mapping, let peers = mapping["peers"]?.sequence else {
            return note(
                root?.mark?.line ?? 1, UserText(zh: "最上层应是 peers: 列表", en: "the top must be a list named peers:"))
        }
        for (key, _) in mapping where key.string != "peers" { noteUnknown(key) }
        var names: Set<String> = []
        var publicKeys: Set<CurveKeyText> = []
        for peer in peers {
            guard let entry = entry(peer) else { continue }
            let line = peer.mark?.line ?? 1
            if !names.insert(entry.name).inserted {
                note(line, UserText(zh: "名称 \(entry.name) 重复", en: "the name \(entry.name) occurs twice"))
            }
            if !publicKeys.insert(entry.publicKey).inserted {
                note(line, UserText(zh: "\(entry.name) 的公钥与别人重复", en: "the key of \(entry.name) occurs twice"))
            }
            entries.append(entry)
        }
    }

    private mutating func entry(_ peer: Node) -> PeerEntry? {
        let line = peer.mark?.line ?? 1
        guard let mapping = peer.mapping else {
            note(line, UserText(zh: "每一项应由“键: 值”组成", en: "each item must consist of key: value lines"))
            return nil
        }
        for (key, _) in mapping where !Self.keys.contains(key.string ?? "") { noteUnknown(key) }
        let name = text("name", in: mapping, line, required: true) { Self.isName($0) }
        let key = text("publicKey", in: mapping, line, required: true) { CurveKeyText($0) != nil }
        let department = text("department", in: mapping, line, required: true) { !$0.isEmpty && $0.count <= 64 }
        let division = text("division", in: mapping, line, required: false) { Self.isDivision($0) }
        let day = text("expiresOn", in: mapping, line, required: false) { Self.day($0) != nil }
        let roles = list("roles", in: mapping)
        let rights = list("rights", in: mapping)
        let types = list("eventTypes", in: mapping)
        guard let name, let key = key.flatMap(CurveKeyText.init), let department else { return nil }
        return PeerEntry(
            name: name, publicKey: key, department: department, division: division, roles: roles, rights: rights,
            eventTypes: types, expiresOn: day.flatMap(Self.day))
    }

    private mutating func text(
        _ key: String, in mapping: Node.Mapping, _ line: Int, required: Bool, check: (String) -> Bool
    ) -> String? {
        guard let node = mapping[key] else {
            if required { note(line, UserText(zh: "缺少 \(key)", en: "\(key) is missing")) }
            return nil
        }
        guard let text = node.scalar?.string, check(text) else {
            note(node.mark?.line ?? line, Self.expectation(key))
            return nil
        }
        return text
    }

    private mutating func list(_ key: String, in mapping: Node.Mapping) -> [String] {
        guard let node = mapping[key] else { return [] }
        let words = node.sequence?.map { $0.scalar?.string } ?? [nil]
        let good = words.compactMap { $0 }.filter { !$0.isEmpty && $0.count <= 64 }
        if good.count != words.count || Set(good).count != good.count {
            note(
                node.mark?.line ?? 1, UserText(zh: "\(key) 应是不重复的词的列表", en: "\(key) must be a list of different words"))
        }
        return good
    }

    private mutating func noteUnknown(_ key: Node) {
        let name = key.string ?? "?"
        note(key.mark?.line ?? 1, UserText(zh: "没有 \(name) 这一项", en: "unknown key \(name)"))
    }

    private static func expectation(_ key: String) -> UserText {
        switch key {
        case "name":
            UserText(
                zh: "name 应是小写字母、数字和连字符，至多 64 个", en: "name must be lower-case letters, digits, hyphens, at most 64")
        case "publicKey": UserText(zh: "publicKey 应是 40 个字符的 Z85 公钥", en: "publicKey must be 40 characters of Z85")
        case "division": UserText(zh: "division 应是 2 到 12 位数字并加引号", en: "division must be 2 to 12 digits in quotes")
        case "expiresOn": UserText(zh: "expiresOn 应是 2027-12-31 这样的日期", en: "expiresOn must be a date like 2027-12-31")
        default: UserText(zh: "\(key) 应是 1 到 64 个字", en: "\(key) must be 1 to 64 characters")
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    private static func isDivision(_ text: String) -> Bool {
        (2...12).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func day(_ text: String) -> Int32? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2] else { return nil }
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
        }
        guard numbers.count == 3 else { return nil }
        return LogTime.dayNumber(year: numbers[0], month: numbers[1], day: numbers[2]).map(Int32.init)
    }
}

import Foundation
import ServiceKit
import ServiceWiring
import ZeroMQ

/// Key files in a folder and the peer list that names them.
///
/// The list is rewritten whole and exchanged at once, so that services reading it see the old one or the new one.
struct KeyFolder {
    /// Folder of `<name>.key` (secret, for its owner only) and `<name>.pub`.
    let folder: String
    /// The peer list.
    let peerList: String

    /// Makes the folders.
    func prepare() throws {
        let parent = URL(fileURLWithPath: peerList).deletingLastPathComponent().path
        for path in [folder, parent] where !FileManager.default.fileExists(atPath: path) {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Refuses to make up for what was lost: a list with one new name alone would shut all others out, another token key
    /// would not know anybody who is in the record, and another signer of checkpoints would look like a forger.
    func checkComplete(all: Bool) throws {
        func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
        guard exists("\(folder)/care-archive.key"), exists("\(folder)/intake.key") else { return }
        if !exists(peerList), !all {
            throw Failure(
                6127, UserText(zh: "密钥都在，名单 \(peerList) 却不见了", en: "the keys are there, the list \(peerList) is not"),
                advice: UserText(
                    zh: "从备份恢复名单；没有备份就先用 bus keys new --all 重建各服务的名单，再逐个加回其他人",
                    en: "restore it from a backup; without one, bus keys new --all lists the services again"
                ), exit: .usage)
        }
        guard all else { return }
        // The services' keys are made after these two: they were there.
        if !exists("\(folder)/\(TokenKeyFile.name)") {
            throw Failure(
                6128,
                UserText(
                    zh: "\(folder)/token.key 不见了，不能另造", en: "\(folder)/token.key is missing and cannot be made anew"),
                advice: UserText(
                    zh: "从备份恢复这个文件：换一把，同一个人会被登记进第二户",
                    en: "restore the file from a backup: with another, one person could be in two families"
                ), exit: .usage)
        }
        if !exists("\(folder)/\(CheckpointKey.name).key") {
            throw HouseKeyError.missing(path: "\(folder)/\(CheckpointKey.name).key", .checkpoint)
        }
    }

    /// The list as it is; empty when there is none yet.
    func entries() throws -> [PeerEntry] {
        FileManager.default.fileExists(atPath: peerList) ? try PeerListFile.read(peerList) : []
    }

    /// Makes keys and enters them.
    /// - Parameter refusesExisting: throw for a name that is on the list already, rather than leave it as it is.
    /// - Returns: names that are new on the list.
    func make(_ requests: [KeyRequest], refusesExisting: Bool) throws -> [String] {
        var entries = try entries()
        var made: [String] = []
        for request in requests {
            if entries.contains(where: { $0.name == request.name }) {
                guard !refusesExisting else {
                    throw Failure(
                        6123, UserText(zh: "名单上已有 \(request.name)", en: "\(request.name) is on the list already"),
                        advice: UserText(
                            zh: "要换密钥，先 carectl bus keys withdraw \(request.name)",
                            en: "to change its key, first: carectl bus keys withdraw \(request.name)"), exit: .usage)
                }
                continue
            }
            if let given = request.publicKey { try checkNew(given, in: entries) }
            entries.append(request.entry(try request.publicKey ?? publicKey(of: request.name)))
            made.append(request.name)
        }
        // Keys first, list last: a run that was cut short is finished by the next one.
        if !made.isEmpty { try write(entries) }
        return made
    }

    /// Lets the services' own keys on the list append the event types of this version.
    /// - Returns: names whose line changed.
    func upgrade(_ requests: [KeyRequest]) throws -> [String] {
        var entries = try entries()
        var changed: [String] = []
        for request in requests where request.rights.contains("append") {
            guard let index = entries.firstIndex(where: { $0.name == request.name }),
                entries[index].rights.contains("append"), entries[index].eventTypes != request.eventTypes
            else { continue }
            entries[index].eventTypes = request.eventTypes
            changed.append(request.name)
        }
        if !changed.isEmpty { try write(entries) }
        return changed
    }

    /// Takes a name off the list and its key files out of use.
    func withdraw(_ name: String) throws {
        var entries = try entries()
        entries.remove(at: try place(of: name, in: entries))
        try write(entries)
        try putAside(name)
    }

    /// Gives a name on the list a new key.
    /// - Parameters:
    ///   - given: The public half of a pair that its owner made; nil = a pair is made here.
    ///   - expiresOn: Last day of the new key; nil = as before.
    /// - Returns: The name's new line on the list.
    func rotate(_ name: String, to given: CurveKeyText? = nil, expiresOn: Int32?) throws -> PeerEntry {
        var entries = try entries()
        let index = try place(of: name, in: entries)
        if let given { try checkNew(given, in: entries) }
        // Files first: a run that was cut short left the old key on the list, and is finished by the next one.
        try putAside(name)
        entries[index].publicKey = try given ?? publicKey(of: name)
        if let expiresOn { entries[index].expiresOn = expiresOn }
        try write(entries)
        return entries[index]
    }

    /// One key is one peer: under two names nobody could tell who spoke.
    private func checkNew(_ key: CurveKeyText, in entries: [PeerEntry]) throws(Failure) {
        guard let other = entries.first(where: { $0.publicKey == key }) else { return }
        throw Failure(
            6133, UserText(zh: "这个公钥已登记为 \(other.name)", en: "this public key is on the list as \(other.name)"),
            advice: UserText(zh: "每个名称各用一对密钥", en: "each name needs a pair of its own"), exit: .usage)
    }

    private func place(of name: String, in entries: [PeerEntry]) throws -> Int {
        guard let index = entries.firstIndex(where: { $0.name == name }) else {
            throw Failure(
                6124, UserText(zh: "名单上没有 \(name)", en: "\(name) is not on the list"),
                advice: UserText(zh: "用 carectl bus keys list 查看", en: "see: carectl bus keys list"), exit: .usage)
        }
        return index
    }

    /// Takes the key files of a name out of use.
    private func putAside(_ name: String) throws {
        for ending in ["key", "pub"] {
            let path = "\(folder)/\(name).\(ending)"
            if FileManager.default.fileExists(atPath: path) {
                guard rename(path, path + ".withdrawn") == 0 else {
                    throw KeyFileError.cannotWrite(path: path, errno: errno)
                }
            }
        }
    }

    /// Makes the key from which tokens of ID numbers are made, unless it exists. Whoever loses it can no longer tell
    /// whether a person is in the record, so it is never made anew.
    func makeTokenKey() throws { _ = try TokenKeyFile.makeIfAbsent("\(folder)/\(TokenKeyFile.name)") }

    /// Makes the archive's key for signing checkpoints, unless it exists.
    func makeCheckpointKey() throws { _ = try CheckpointKey.makeIfAbsent(folder: folder) }

    /// Makes the archive another key for signing checkpoints; the one before, if it is there, is put aside.
    /// - Returns: Its public half, the signer of the checkpoints to come.
    func rotateCheckpointKey() throws -> [UInt8] {
        try putAside(CheckpointKey.name)
        return try CheckpointKey.makeIfAbsent(folder: folder).publicKey
    }

    private func publicKey(of name: String) throws -> CurveKeyText {
        let secretPath = "\(folder)/\(name).key"
        let pair: StoredKeyPair
        if FileManager.default.fileExists(atPath: secretPath) {
            pair = try CurveKeyFile.readPair(secretPath)
        } else {
            let made = try CurveKeyPair.generate()
            let secret = made.secretKey.withRevealedText { CurveKeyText($0) }
            guard let text = CurveKeyText(made.publicKey.text), let secret else {
                throw KeyFileError.malformed(path: secretPath, line: 1)
            }
            pair = StoredKeyPair(publicKey: text, secretKey: secret)
            try CurveKeyFile.write(pair, to: secretPath, note: "guanhuai peer \(name)")
        }
        let publicPath = "\(folder)/\(name).pub"
        if !FileManager.default.fileExists(atPath: publicPath) {
            let half = StoredKeyPair(publicKey: pair.publicKey, secretKey: nil)
            try CurveKeyFile.write(half, to: publicPath, note: "guanhuai peer \(name)")
        }
        return pair.publicKey
    }

    private func write(_ entries: [PeerEntry]) throws {
        let text =
            "# 通信名单：由 carectl bus keys 维护。 The peer list, kept by carectl bus keys.\n" + PeerListFile.render(entries)
        try PrivateFile.replace(peerList, with: Array(text.utf8), mode: 0o644)
    }
}

/// Small files that must be whole: written beside, synced, then put in place.
enum PrivateFile {
    /// Writes a new file; an existing one is not touched.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard file >= 0 else { throw KeyFileError.cannotWrite(path: path, errno: errno) }
        defer { close(file) }
        guard fchmod(file, mode) == 0, Foundation.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0
        else {
            let reason = errno
            unlink(path)
            throw KeyFileError.cannotWrite(path: path, errno: reason)
        }
    }

    /// Exchanges a file's content at once.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t) throws {
        let temporary = "\(path).\(getpid()).new"
        try write(bytes, to: temporary, mode: mode)
        guard rename(temporary, path) == 0 else {
            let reason = errno
            unlink(temporary)
            throw KeyFileError.cannotWrite(path: path, errno: reason)
        }
    }
}

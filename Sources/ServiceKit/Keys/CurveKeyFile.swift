import Foundation

/// CURVE keys on disk, in the certificate format that other ZeroMQ libraries read and write too (ZPL: pyzmq, czmq).
///
///     curve
///         public-key = "…"
///         secret-key = "…"
///
/// A file with a secret is refused when anybody but its owner could read or change it.
package enum CurveKeyFile {
    /// Longest file that is read, in bytes; real ones have about 400.
    private static let sizeLimit = 16 * 1024

    /// Reads a key file that must hold the secret.
    /// - Throws: `KeyFileError`; a retry does not help.
    package static func readPair(_ path: String) throws(KeyFileError) -> StoredKeyPair {
        let pair = try read(path)
        guard pair.secretKey != nil else { throw .noSecret(path: path) }
        return pair
    }

    /// Reads a public key from a file with or without the secret.
    /// - Throws: `KeyFileError`; a retry does not help.
    package static func readPublic(_ path: String) throws(KeyFileError) -> CurveKeyText { try read(path).publicKey }

    /// Writes a new key file, for its owner only (0600). An existing file is never overwritten: the old key may be the
    /// only one that a log's peers accept.
    /// - Parameters:
    ///   - pair: without its secret the file is made for others and is readable by all (0644).
    ///   - path: must not exist yet.
    ///   - note: one line for people, for example the peer's name.
    /// - Throws: `KeyFileError.exists` or `.cannotWrite`.
    package static func write(_ pair: StoredKeyPair, to path: String, note: String) throws(KeyFileError) {
        let mode: mode_t = pair.secretKey == nil ? 0o644 : 0o600
        try NewFile.write(Array(Self.text(pair, note: note).utf8), to: path, mode: mode)
    }

    static func text(_ pair: StoredKeyPair, note: String) -> String {
        let cleanNote = note.map { $0.isNewline ? " " : $0 }
        var lines = ["#   " + String(cleanNote)]
        lines.append(pair.secretKey == nil ? "#   CURVE public key" : "#   CURVE SECRET key: never hand this file out")
        lines += ["", "metadata", "curve", "    public-key = \"\(pair.publicKey.text)\""]
        if let secret = pair.secretKey { lines.append("    secret-key = \"\(secret.text)\"") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func read(_ path: String) throws(KeyFileError) -> StoredKeyPair {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .cannotRead(path: path, errno: errno) }
        defer { close(file) }
        // Asked of the open file, not of the path, so that nobody can exchange the file in between.
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .cannotRead(path: path, errno: errno == 0 ? EINVAL : errno)
        }
        var buffer = [UInt8](repeating: 0, count: sizeLimit)
        let count = buffer.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw .cannotRead(path: path, errno: errno) }
        let pair = try parse(String(decoding: buffer[..<count], as: UTF8.self), path: path)
        if pair.secretKey != nil {
            guard status.st_mode & 0o077 == 0 else {
                throw .tooOpen(path: path, mode: Int(status.st_mode & 0o777))
            }
            guard status.st_uid == geteuid() || geteuid() == 0 else { throw .foreignOwner(path: path) }
        }
        return pair
    }

    static func parse(_ text: String, path: String) throws(KeyFileError) -> StoredKeyPair {
        var keys: [String: CurveKeyText] = [:]
        var section = ""
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let content = line.drop { $0 == " " || $0 == "\t" }
            if content.isEmpty || content.first == "#" { continue }
            if content.startIndex == line.startIndex {
                section = content.trimmingCharacters(in: .whitespaces)
                continue
            }
            guard section == "curve" else { continue }
            let parts = content.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2 else { throw .malformed(path: path, line: number) }
            let value = parts[1]
            let quote = value.first
            guard value.count == 42, quote == "\"" || quote == "'", value.last == quote,
                let key = CurveKeyText(String(value.dropFirst().dropLast())), keys[parts[0]] == nil
            else { throw .malformed(path: path, line: number) }
            keys[parts[0]] = key
        }
        guard let publicKey = keys["public-key"] else { throw .malformed(path: path, line: number) }
        return StoredKeyPair(publicKey: publicKey, secretKey: keys["secret-key"])
    }
}

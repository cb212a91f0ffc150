import Foundation
import ServiceKit

/// The two keys that a house has of its own beside those of its peers.
package enum HouseKey: Hashable, Sendable {
    /// `token.key`, from which person tokens are made.
    case token
    /// `checkpoint.key`, which signs checkpoints.
    case checkpoint

    fileprivate var name: UserText {
        switch self {
        case .token: UserText(zh: "人员标识密钥", en: "the key for person tokens")
        case .checkpoint: UserText(zh: "检查点签名密钥", en: "the key that signs checkpoints")
        }
    }

    /// What to do when the file is lost or damaged: neither key can be replaced unnoticed.
    fileprivate var wayOut: UserText {
        switch self {
        case .token:
            UserText(
                zh: "从备份恢复这个文件（backup create --with-keys）；另造一把，在册的人会被当作新人。全新部署用 carectl bus keys new --all",
                en: "restore the file from a backup (backup create --with-keys); by another one people on record would "
                    + "be strangers. For a new house: carectl bus keys new --all")
        case .checkpoint:
            UserText(
                zh: "从备份恢复这个文件；找不回来，执行 carectl bus keys rotate checkpoint 另造，并告诉保存检查点的部门：签名人换了",
                en: "restore the file from a backup; if it is lost: carectl bus keys rotate checkpoint, and tell those "
                    + "who keep checkpoints that the signer is another")
        }
    }
}

/// Reads the files of a house's own keys.
enum HouseKeyFile {
    /// Longest file that is read, in bytes; real ones have at most about 150.
    private static let sizeLimit = 4096

    /// The bytes of a key file that only its owner can read.
    /// - Throws: `HouseKeyError` or `KeyFileError.tooOpen`; a retry does not help.
    static func read(_ path: String, _ key: HouseKey) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw errno == ENOENT
                ? HouseKeyError.missing(path: path, key) : HouseKeyError.unreadable(path: path, key, errno: errno)
        }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw HouseKeyError.unreadable(path: path, key, errno: errno) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw HouseKeyError.unreadable(path: path, key, errno: info.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        guard info.st_mode & 0o077 == 0 else {
            throw KeyFileError.tooOpen(path: path, mode: Int(info.st_mode & 0o777))
        }
        var bytes = [UInt8](repeating: 0, count: sizeLimit)
        let count = Foundation.read(file, &bytes, sizeLimit)
        guard count >= 0 else { throw HouseKeyError.unreadable(path: path, key, errno: errno) }
        return Array(bytes.prefix(count))
    }
}

/// Why one of a house's own keys cannot be used. No key material is ever part of it; a retry does not help.
package enum HouseKeyError: UserFacingError, Hashable {
    case missing(path: String, HouseKey)
    case unreadable(path: String, HouseKey, errno: Int32)
    /// Fewer bytes than a token key has.
    case tooShort(path: String, bytes: Int)
    /// The signing key's line is missing or damaged.
    case noSigningKey(path: String)

    package var exitCode: ExitCode {
        switch self {
        case .missing: .usage
        case .unreadable: .notPermitted
        case .tooShort, .noSigningKey: .badData
        }
    }

    package var isRetriable: Bool { false }

    package var message: UserMessage {
        switch self {
        case .missing(let path, let key):
            UserMessage(
                key == .token ? 6349 : 6346,
                UserText(zh: "\(key.name.zh) \(path) 不见了", en: "\(key.name.en), \(path), is missing"),
                advice: key.wayOut)
        case .unreadable(let path, let key, let errno):
            UserMessage(
                6350,
                UserText(
                    zh: "读不了\(key.name.zh) \(path)（\(String(cString: strerror(errno)))）",
                    en: "cannot read \(key.name.en), \(path) (\(String(cString: strerror(errno))))"),
                advice: UserText(
                    zh: "检查这个文件和目录的属主与权限：它应是一个只有服务的用户能读的文件",
                    en: "check the owner and the rights of file and folder: it must be a file that only the services' "
                        + "user can read"))
        case .tooShort(let path, let bytes):
            UserMessage(
                6344,
                UserText(
                    zh: "\(HouseKey.token.name.zh) \(path) 坏了：只有 \(bytes) 字节，应有 \(TokenKeyFile.size) 字节",
                    en: "\(HouseKey.token.name.en), \(path), is damaged: it has \(bytes) bytes and should have "
                        + "\(TokenKeyFile.size)"),
                advice: HouseKey.token.wayOut)
        case .noSigningKey(let path):
            UserMessage(
                6345,
                UserText(
                    zh: "\(HouseKey.checkpoint.name.zh) \(path) 坏了：里面没有完整的 secret-key 一行",
                    en: "\(HouseKey.checkpoint.name.en), \(path), is damaged: it has no whole line secret-key"),
                advice: HouseKey.checkpoint.wayOut)
        }
    }
}

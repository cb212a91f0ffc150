import Foundation

/// Why a key file cannot be used. Retrying does not help. No key material is ever part of it.
package enum KeyFileError: UserFacingError, Hashable {
    case cannotRead(path: String, errno: Int32)
    case cannotWrite(path: String, errno: Int32)
    case exists(path: String)
    case tooOpen(path: String, mode: Int)
    case foreignOwner(path: String)
    case malformed(path: String, line: Int)
    case noSecret(path: String)

    package var exitCode: ExitCode {
        switch self {
        case .malformed, .noSecret: .badData
        case .tooOpen, .foreignOwner: .notPermitted
        case .cannotWrite(_, ENOSPC), .cannotWrite(_, EDQUOT), .cannotWrite(_, EFBIG): .temporary
        case .cannotRead, .cannotWrite, .exists: .usage
        }
    }

    package var isRetriable: Bool { false }

    package var message: UserMessage {
        switch self {
        case .cannotRead(let path, let errno):
            UserMessage(
                6041, UserText(zh: "读不到密钥文件 \(path)", en: "cannot read the key file \(path)") + Self.reason(errno),
                advice: UserText(
                    zh: "请检查路径，或用 carectl bus keys new 生成", en: "check the path, or make one: carectl bus keys new"))
        case .cannotWrite(let path, let errno):
            UserMessage(
                6042, UserText(zh: "写不了密钥文件 \(path)", en: "cannot write the key file \(path)") + Self.reason(errno),
                advice: UserText(zh: "请检查目录和磁盘空间", en: "check the folder and the space on the disk"))
        case .exists(let path):
            UserMessage(
                6043, UserText(zh: "密钥文件 \(path) 已经存在", en: "the key file \(path) exists already"),
                advice: UserText(zh: "不会覆盖旧密钥；请另选文件名", en: "old keys are not overwritten; choose another name"))
        case .tooOpen(let path, let mode):
            UserMessage(
                6044,
                UserText(
                    zh: "密钥文件 \(path) 的权限是 \(String(mode, radix: 8))，其他人也能访问",
                    en: "the key file \(path) has mode \(String(mode, radix: 8)): others have access"),
                advice: UserText(zh: "请执行 chmod 600 \(path)", en: "run: chmod 600 \(path)"))
        case .foreignOwner(let path):
            UserMessage(
                6045, UserText(zh: "密钥文件 \(path) 属于另一个用户", en: "the key file \(path) belongs to another user"),
                advice: UserText(zh: "请用 chown 改正属主", en: "correct its owner with chown"))
        case .malformed(let path, let line):
            UserMessage(
                6046,
                UserText(zh: "密钥文件 \(path) 第 \(line) 行不对", en: "the key file \(path) is wrong at line \(line)"),
                advice: UserText(
                    zh: "curve 之下应有 public-key = \"40 个字符\"", en: "under curve it needs public-key = \"40 characters\"")
            )
        case .noSecret(let path):
            UserMessage(
                6047, UserText(zh: "密钥文件 \(path) 里没有私钥", en: "the key file \(path) holds no secret key"),
                advice: UserText(zh: "请指定自己的密钥文件，而不是公钥文件", en: "name your own key file, not a public one"))
        }
    }

    private static func reason(_ errno: Int32) -> UserText { .plain("（\(String(cString: strerror(errno)))）") }
}

import Foundation
import ServiceKit

/// Keeps a second process out of a service's own folder: two would overwrite what the other one promised to keep, or tell
/// everything twice.
package enum FolderLock {
    /// Takes the folder for as long as this process lives; the system gives it back, however the process ends.
    /// - Throws: `FolderInUse` when another process has it; a retry helps once that one has ended.
    package static func take(_ folder: String) throws {
        try PrivateFolder.make(folder)
        let descriptor = open("\(folder)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = descriptor >= 0 && errno == EWOULDBLOCK
            let reason = isTaken ? nil : String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw FolderInUse(folder: folder, reason: reason)
        }
    }
}

/// A service's folder that another process uses, or that cannot be used at all.
package struct FolderInUse: UserFacingError {
    let folder: String
    /// What the system says; nil = another process has it.
    let reason: String?

    package var message: UserMessage {
        guard let reason else {
            return UserMessage(
                6293,
                UserText(
                    zh: "另一个同类服务正在使用 \(folder)", en: "another service of this kind is using \(folder)"),
                advice: UserText(
                    zh: "先停掉那一个；要并行运行两个，给第二个另指 --data-dir",
                    en: "stop that one first; to run two beside each other, give the second a --data-dir of its own"))
        }
        return UserMessage(
            6294, UserText(zh: "不能使用 \(folder)（\(reason)）", en: "\(folder) cannot be used (\(reason))"),
            advice: UserText(zh: "检查目录的权限和磁盘", en: "check the folder's rights and the disk"))
    }

    package var exitCode: ExitCode { .temporary }
}

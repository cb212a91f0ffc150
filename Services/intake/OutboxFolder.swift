import CareDomain
import Foundation
import IntakeCore
import ServiceKit
import ServiceWiring

/// The files of the outbox, one for each command, in a folder that only the service's own account can read.
///
/// A file is written under another name, synced, put in its place and the folder synced, so that a command answered
/// *queued* survives a power cut.
struct OutboxFolder: Sendable {
    private static let ending = ".queued"
    private static let unreadableEnding = ".unreadable"

    private let path: String

    init(_ path: String) { self.path = path }

    /// What earlier runs left behind.
    struct Found {
        var kept: [KeptCommand] = []
        /// Files that cannot be read, with the reason. They hold what somebody was told is safe, so they stay, under another
        /// ending; all others are forwarded.
        var unreadable: [OutboxProblem] = []
    }

    /// Everything kept by earlier runs. The rest of a write that was cut short is removed.
    func readAll() -> Found {
        var found = Found()
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
            let file = "\(path)/\(name)"
            if name.hasSuffix(".new") {
                unlink(file)
            } else if name.hasSuffix(Self.unreadableEnding) {
                found.unreadable.append(OutboxProblem(file: file, reason: "set aside by an earlier start"))
            } else if name.hasSuffix(Self.ending) {
                do throws(KeptCommand.Unreadable) {
                    let kept = try KeptCommand(decoding: StateFile.read(file) ?? [])
                    found.kept.append(kept)
                    if file != self.file(kept.number) { rename(file, self.file(kept.number)) }
                } catch {
                    let aside = file.dropLast(Self.ending.count) + Self.unreadableEnding
                    rename(file, String(aside))
                    found.unreadable.append(OutboxProblem(file: String(aside), reason: error.rawValue))
                }
            }
        }
        return found
    }

    /// Writes a command's file, in the place of an earlier one.
    func write(_ kept: KeptCommand) throws(OutboxProblem) {
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let place = file(kept.number)
        let descriptor = open(place + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OutboxProblem(file: place) }
        var isWritten = Self.writeAll(kept.encoded(), to: descriptor) && fsync(descriptor) == 0
        isWritten = close(descriptor) == 0 && isWritten
        guard isWritten, rename(place + ".new", place) == 0, syncFolder() else {
            let problem = OutboxProblem(file: place)
            unlink(place + ".new")
            throw problem
        }
    }

    /// Removes a command's file. One that cannot be removed is forwarded again, which changes nothing.
    func remove(_ number: UInt64) { unlink(file(number)) }

    private func file(_ number: UInt64) -> String {
        // In groups: logs hide what looks like somebody's number.
        let digits = String(number)
        let all = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        let groups = stride(from: 0, to: all.count, by: 4).map { start in all.dropFirst(start).prefix(4) }
        return "\(path)/\(groups.joined(separator: "-"))\(Self.ending)"
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { Foundation.write(descriptor, $0 + done, bytes.count - done) } ?? 0
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func syncFolder() -> Bool {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        return fsync(folder) == 0
    }
}

/// A file of the outbox that cannot be read or written.
struct OutboxProblem: UserFacingError {
    let file: String
    let reason: String

    init(file: String, reason: String) {
        self.file = file
        self.reason = reason
    }

    /// What the system says.
    init(file: String) { self.init(file: file, reason: String(cString: strerror(errno))) }

    var message: UserMessage {
        UserMessage(
            6290,
            UserText(
                zh: "受理服务的暂存文件有问题：\(file)（\(reason)）", en: "a file of the intake's outbox is wrong: \(file) (\(reason))"
            ),
            advice: UserText(
                zh: "它是已答应保存的登记，请不要删除；改好或移到别处由人处理后再启动",
                en:
                    "it holds what somebody was told is kept: put it right, or move it elsewhere for a person to see to, "
                    + "then start again"))
    }

    var exitCode: ExitCode { .badData }
}

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

    private let path: String

    init(_ path: String) { self.path = path }

    /// Everything kept by earlier runs. The rest of a write that was cut short is removed.
    /// - Throws: `OutboxProblem` when a file cannot be read: it holds what somebody was told is safe.
    func readAll() throws(OutboxProblem) -> [KeptCommand] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [] }
        var kept: [KeptCommand] = []
        for name in names.sorted() {
            if name.hasSuffix(".new") {
                unlink("\(path)/\(name)")
            } else if name.hasSuffix(Self.ending) {
                guard let bytes = StateFile.read("\(path)/\(name)") else {
                    throw OutboxProblem(file: "\(path)/\(name)", reason: "it cannot be opened")
                }
                do throws(KeptCommand.Unreadable) { kept.append(try KeptCommand(decoding: bytes)) } catch {
                    throw OutboxProblem(file: "\(path)/\(name)", reason: error.rawValue)
                }
            }
        }
        return kept
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
        let digits = String(number)
        return "\(path)/" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits + Self.ending
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
    private let file: String
    private let reason: String

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

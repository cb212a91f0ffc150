import AttachmentStore
import CareDomain
import CareWire
import Crypto
import Foundation
import MessageBus
import ServiceKit
import SwiftProtobuf

/// A file of this machine that a record shall name.
struct OfficeFile {
    let content: [UInt8]
    let digest: FileDigest

    /// - Throws: `Failure` when it cannot be read.
    init(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path),
            let digest = FileDigest(bytes: [UInt8](SHA256.hash(data: data)))
        else {
            throw Failure(6535, UserText(zh: "读不了 \(path)", en: "\(path) cannot be read"), exit: .badData)
        }
        content = [UInt8](data)
        self.digest = digest
    }

    /// Lines that are not empty, without the first.
    var rows: Int { max(content.split { $0 == 10 || $0 == 13 }.count - 1, 0) }

    /// Puts it there, and again until it is answered: the same file is kept once.
    @discardableResult
    func put(at place: AttachmentPlace, _ desk: Desk) async throws -> AttachmentKept {
        // Told here already, so that a large film is not sent in vain; the store looks for itself.
        guard (1...AttachmentLimits.file).contains(UInt64(content.count)) else {
            throw Failure(AttachmentProblem.size)
        }
        return try await desk.line(to: .careArchive).put(self, at: place)
    }
}

extension Failure {
    /// What the store would refuse.
    init(_ problem: AttachmentProblem) {
        self.init(
            BusReply(status: .badRequest, code: problem.code, textZH: problem.chinese, textEN: problem.english))
    }
}

extension Line {
    /// Bytes of one part.
    private static let part = 256 << 10

    /// Sends a file in parts from where the archive says, until it is kept.
    fileprivate func put(_ file: OfficeFile, at place: AttachmentPlace) async throws -> AttachmentKept {
        let end = ContinuousClock.now + .seconds(120)
        var offset = 0
        while true {
            let stop = min(offset + Self.part, file.content.count)
            let message = Care_V1_PutAttachment.with {
                $0.stream = place.stream
                $0.digest = Data(file.digest.bytes)
                $0.size = UInt64(file.content.count)
                $0.offset = UInt64(offset)
                $0.content = Data(file.content[offset..<stop])
            }
            let reply: Care_V1_PutAttachmentReply = try await patient(.putAttachment, message, until: end)
            if reply.hasKept { return try AttachmentKept(wire: reply.kept) }
            // A last part that is sent again after it was lost ends it; further than that nobody is.
            offset = min(Int(clamping: reply.received), file.content.count - 1)
        }
    }

    /// Reads a file in parts and checks it.
    func attachment(_ digest: FileDigest, in place: AttachmentPlace, reveal: String) async throws -> [UInt8] {
        let end = ContinuousClock.now + .seconds(120)
        var content: [UInt8] = []
        while true {
            let message = Care_V1_GetAttachment.with {
                $0.stream = place.stream
                $0.digest = Data(digest.bytes)
                $0.offset = UInt64(content.count)
                $0.revealReason = reveal
            }
            let part: Care_V1_AttachmentPart = try await patient(.getAttachment, message, until: end)
            content += part.content
            guard UInt64(content.count) < part.size, !part.content.isEmpty else { break }
        }
        guard FileDigest(bytes: [UInt8](SHA256.hash(data: content))) == digest else {
            throw Failure(AttachmentProblem.damaged)
        }
        return content
    }

    /// Asks again while the service is busy.
    private func patient<Answer: Message>(
        _ method: BusMethod, _ message: some Message, until end: ContinuousClock.Instant
    ) async throws -> Answer {
        let body: [UInt8] = try message.serializedBytes()
        while true {
            do {
                let reply = try await call(method, body, timeout: .seconds(30))
                guard reply.status == .ok else { throw Failure(reply) }
                guard let answer = try? Answer(serializedBytes: reply.body) else { throw Failure.badAnswer }
                return answer
            } catch {
                let failure = Failure(explaining: error)
                // Who does not answer in the usual time is not there; who is busy says so.
                guard failure.exit == .temporary, .now < end else { throw failure }
            }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}

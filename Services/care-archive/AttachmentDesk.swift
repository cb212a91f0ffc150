import ArchiveCore
import AttachmentStore
import CareDomain
import CareProjections
import CareWire
import Foundation
import MessageBus
import ReadModels
import SwiftProtobuf

/// Files on their way into the store and out of it. Runs on the worker thread only.
///
/// Nobody learns here whether a file is there that no record they may see names: a file is sent whole, also when it lies
/// there already, and everything that is not for the caller looks like what does not exist.
struct AttachmentDesk {
    /// What is to be done with a part.
    enum Outcome {
        case answer(BusReply)
        /// The answer leaves when this is on record.
        case record(AccessEvent, BusReply)
    }

    /// A reading that was recorded; its further parts belong to it.
    private struct Reading: Hashable {
        let peer: String
        let digest: FileDigest
        let place: AttachmentPlace
    }

    private let folder: AttachmentFolder
    private var readings: [Reading: ContinuousClock.Instant] = [:]
    private static let longestReading = Duration.seconds(600)
    private static let mostReadings = 1024

    init(folder: AttachmentFolder) { self.folder = folder }

    /// Takes a part of a file in.
    /// - Throws: `QueryRefusal` or `AttachmentProblem`.
    func put(_ body: [UInt8], by principal: Principal, _ engine: QueryEngine) throws -> Outcome {
        guard let wire = try? Care_V1_PutAttachment(serializedBytes: body),
            let digest = FileDigest(bytes: Array(wire.digest))
        else { return .answer(.problem(.malformed)) }
        guard let place = AttachmentPlace(stream: wire.stream) else {
            throw QueryRefusal.notFound(.unknownAttachment)
        }
        guard try engine.mayAct(in: place) else {
            if case .household = place { throw QueryRefusal.householdNotFound }
            throw QueryRefusal.notYourDivision
        }
        let progress = try folder.put(
            .init(
                sender: "\(principal.peer)\n\(place.stream)", digest: digest, size: wire.size, offset: wire.offset,
                content: Array(wire.content)))
        switch progress {
        case .received(let count):
            return .answer(try Self.reply(Care_V1_PutAttachmentReply.with { $0.received = count }))
        case .whole(let type):
            let kept = AttachmentKept(digest: digest, size: wire.size, type: type.code, place: place)
            let wireKept = try kept.wire()
            let reply = try Self.reply(
                Care_V1_PutAttachmentReply.with {
                    $0.received = wire.size
                    $0.kept = wireKept
                })
            let isKnown = engine.surroundings.attachments?.entry(digest, in: place) != nil
            return isKnown ? .answer(reply) : .record(.attachmentKept(kept), reply)
        }
    }

    /// Gives a part of a file; the first one is recorded with its reason before it leaves.
    /// - Throws: `QueryRefusal` or `AttachmentProblem`.
    mutating func get(_ body: [UInt8], by principal: Principal, _ engine: QueryEngine) throws -> Outcome {
        guard let wire = try? Care_V1_GetAttachment(serializedBytes: body),
            let digest = FileDigest(bytes: Array(wire.digest))
        else { return .answer(.problem(.malformed)) }
        try engine.requireReveal(wire.revealReason)
        guard let place = AttachmentPlace(stream: wire.stream) else {
            throw QueryRefusal.notFound(.unknownAttachment)
        }
        let kept = try engine.attachment(digest, in: place)
        let reading = Reading(peer: principal.peer, digest: digest, place: place)
        let isBegun = readings[reading].map { .now - $0 < Self.longestReading } ?? false
        // A part without the record of its reading would be a way round it: begin again.
        guard wire.offset == 0 || isBegun else { return .answer(.problem(.placeUnknown)) }
        let part = try folder.read(digest, from: wire.offset)
        let reply = try Self.reply(
            Care_V1_AttachmentPart.with {
                $0.size = part.size
                $0.type = kept.type.rawValue
                $0.content = Data(part.content)
            })
        guard wire.offset == 0 else { return .answer(reply) }
        if readings.count >= Self.mostReadings { readings.removeAll() }
        readings[reading] = .now
        return .record(
            .attachmentRead(AttachmentRead(digest: digest, place: place, reason: wire.revealReason)), reply)
    }

    private static func reply(_ message: some Message) throws -> BusReply { .ok(try message.serializedBytes()) }
}

extension BusReply {
    /// What the store refuses, in the bus's words.
    init(_ problem: AttachmentProblem) {
        let status: BusStatus =
            switch problem {
            case .size, .part: .badRequest
            case .type, .macros, .digest: .refused
            case .tooMany: .overloaded
            case .diskFull: .unavailable
            case .storage, .damaged, .lost: .internal
            }
        self.init(
            status: status, code: problem.code, textZH: problem.chinese, textEN: problem.english,
            retryAfterMilliseconds: problem.isRetriable ? 1000 : 0)
    }
}

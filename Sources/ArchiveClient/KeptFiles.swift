import CareDomain
import CareWire
import Foundation

extension ArchiveMessages {
    /// The body of the question which of some files are kept for a place.
    package static func kept(_ files: [FileDigest], in place: AttachmentPlace) -> [UInt8] {
        let query = Care_V1_Query.with {
            $0.keptAttachments = .with {
                $0.stream = place.stream
                $0.digests = files.map { Data($0.bytes) }
            }
        }
        // Encoding fails only for required fields of proto2, which there are none of.
        return (try? query.serializedBytes()) ?? []
    }

    /// Types of the files that are kept, by their bytes.
    /// - Throws: When the answer is not one to this question.
    package static func keptTypes(_ body: [UInt8]) throws -> [FileDigest: Code] {
        let reply = try Care_V1_QueryReply(serializedBytes: body)
        guard case .keptAttachments(let list)? = reply.reply else { throw WireError(.missing, "kept_attachments") }
        let kept = try list.files.map { try AttachmentKept(wire: $0) }
        return Dictionary(kept.map { ($0.digest, $0.type) }, uniquingKeysWith: { first, _ in first })
    }
}

import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Whether the caller may act where a file belongs: in the division of the book or unit, or with the household as it is
    /// registered today. A place that is not there and one of somebody else look the same.
    package func mayAct(in place: AttachmentPlace) throws -> Bool {
        switch place {
        case .duty(let division), .unit(let division): return principal.mayAct(in: division)
        case .household(let id):
            do { _ = try household(id.description, sealed: .skip) } catch is QueryRefusal { return false }
            return true
        }
    }

    /// Events of a household whose statements are kept from the caller: what proves them is, too.
    private func withheldSequences(in place: AttachmentPlace) throws -> Set<UInt64> {
        guard case .household(let id) = place else { return [] }
        return sight.withheld(of: try household(id.description, sealed: .skip).history).sequences
    }

    /// The file that a record of a place names and the caller may read, as it was put there.
    /// - Throws: `QueryRefusal`, the same for a file that is not there, not named, or not for the caller.
    package func attachment(_ digest: FileDigest, in place: AttachmentPlace) throws -> AttachmentKept {
        guard try mayAct(in: place) else { throw QueryRefusal.notFound(.unknownAttachment) }
        let withheld = try withheldSequences(in: place)
        guard let entry = surroundings.attachments?.entry(digest, in: place),
            try NamedAttachment.all(in: place, from: reader).contains(where: {
                $0.digest == digest && $0.isFor(principal) && !withheld.contains($0.reference.sequence)
            })
        else { throw QueryRefusal.notFound(.unknownAttachment) }
        return entry.kept
    }

    func attachments(_ query: Care_V1_ListAttachmentsQuery) throws -> Care_V1_AttachmentList {
        guard let place = AttachmentPlace(stream: query.stream) else { throw QueryRefusal.field("stream") }
        guard try mayAct(in: place) else { throw QueryRefusal.notFound(.unknownAttachment) }
        var list = Care_V1_AttachmentList()
        let withheld = try withheldSequences(in: place)
        for named in try NamedAttachment.all(in: place, from: reader)
        where named.isFor(principal) && !withheld.contains(named.reference.sequence) {
            var wire = Care_V1_AttachmentList.Attachment()
            wire.digest = .init(named.digest.bytes)
            wire.sequence = named.reference.sequence
            wire.kind = UInt32(named.kind.rawValue)
            if let entry = surroundings.attachments?.entry(named.digest, in: place) {
                wire.kept = try entry.kept.wire()
                wire.keptOn = entry.on.dayNumber
            }
            list.attachments.append(wire)
        }
        return list
    }

    func kept(_ query: Care_V1_KeptAttachmentsQuery) throws -> Care_V1_KeptAttachments {
        guard let place = AttachmentPlace(stream: query.stream) else { throw QueryRefusal.field("stream") }
        guard query.digests.count <= 64 else { throw QueryRefusal.field("digests") }
        var list = Care_V1_KeptAttachments()
        for digest in query.digests {
            guard let digest = FileDigest(bytes: Array(digest)) else { throw QueryRefusal.field("digests") }
            if let entry = surroundings.attachments?.entry(digest, in: place) {
                list.files.append(try entry.kept.wire())
            }
        }
        return list
    }
}

import CareDomain
import Foundation

extension Field {
    /// A stream whose records name files.
    static func place(_ text: String, _ field: String) throws(WireError) -> AttachmentPlace {
        guard let place = AttachmentPlace(stream: text) else {
            throw WireError(text.isEmpty ? .missing : .invalidCode, field)
        }
        return place
    }
}

extension AttachmentKept: WireMapped {
    package init(wire: Care_V1_AttachmentKept) throws(WireError) {
        guard (1...AttachmentLimits.file).contains(wire.size) else {
            throw WireError(.outOfRange, "size", limit: Int64(AttachmentLimits.file))
        }
        self.init(
            digest: try Field.file(wire.digest, "digest"), size: wire.size, type: try Field.code(wire.type, "type"),
            place: try Field.place(wire.place, "place"))
    }

    package func wire() throws(WireError) -> Care_V1_AttachmentKept {
        var wire = Care_V1_AttachmentKept()
        wire.digest = Data(digest.bytes)
        wire.size = size
        wire.type = type.rawValue
        wire.place = place.stream
        return wire
    }
}

extension AttachmentRead: WireMapped {
    package init(wire: Care_V1_AttachmentRead) throws(WireError) {
        self.init(
            digest: try Field.file(wire.digest, "digest"), place: try Field.place(wire.place, "place"),
            openReason: try Field.reason(wire.reason), sealed: try .init(sealed: wire.sealedParts))
    }

    package func wire() throws(WireError) -> Care_V1_AttachmentRead {
        var wire = Care_V1_AttachmentRead()
        wire.digest = Data(digest.bytes)
        wire.place = place.stream
        if let openReason { wire.reason = openReason }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

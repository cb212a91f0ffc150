import CareDomain
import CareWire

/// Events of attachments: one for each kind of place.
enum SampleAttachments {
    static let digest = FileDigest(bytes: Array(32..<64))!
    static let places: [AttachmentPlace] = [
        .duty(DivisionCode("520100")!), .unit(DivisionCode("330302")!), .household(Sample.household),
    ]

    static func events(_ kind: EventKind) -> [AccessEvent] {
        switch kind {
        case .attachmentKept:
            places.map { place in
                .attachmentKept(
                    AttachmentKept(
                        digest: digest, size: AttachmentLimits.file, type: AttachmentType.jpeg.code, place: place))
            }
        case .attachmentRead:
            places.map { .attachmentRead(AttachmentRead(digest: digest, place: $0, reason: "复核走访照片")) } + [
                // As earlier programs wrote it.
                .attachmentRead(
                    AttachmentRead(digest: digest, place: places[0], openReason: "复核走访照片", sealed: []))
            ]
        default: []
        }
    }
}

/// Where files belong: the stream whose records name them. Who may act there may put a file there.
package enum AttachmentPlace: Hashable, Sendable {
    /// The duty book of a division.
    case duty(DivisionCode)
    /// Guidance numbers, grants and scores of a unit.
    case unit(DivisionCode)
    case household(HouseholdID)

    /// Name of the stream, `duty-520100`.
    package var stream: String {
        switch self {
        case .duty(let division): "duty-\(division.rawValue)"
        case .unit(let division): "unit-\(division.rawValue)"
        case .household(let household): "household-\(household)"
        }
    }

    /// Reads the name of a stream; nil for one whose records name no files.
    package init?(stream: String) {
        guard let hyphen = stream.firstIndex(of: "-") else { return nil }
        let key = String(stream[stream.index(after: hyphen)...])
        switch stream[..<hyphen] {
        case "duty":
            guard let division = DivisionCode(key) else { return nil }
            self = .duty(division)
        case "unit":
            guard let division = DivisionCode(key) else { return nil }
            self = .unit(division)
        case "household":
            guard let household = HouseholdID(key) else { return nil }
            self = .household(household)
        default: return nil
        }
    }
}

/// 存入附件: a file was checked and is on disk, for records of a place.
package struct AttachmentKept: Hashable, Sendable {
    package var digest: FileDigest
    /// Bytes, from 1.
    package var size: UInt64
    /// What it is, by its content: a code of `AttachmentType`, or of a newer program.
    package var type: Code
    package var place: AttachmentPlace

    package init(digest: FileDigest, size: UInt64, type: Code, place: AttachmentPlace) {
        self.digest = digest
        self.size = size
        self.type = type
        self.place = place
    }
}

/// 查看附件: somebody read a file and said why; the record's actor says who.
package struct AttachmentRead: Hashable, Sendable {
    package var digest: FileDigest
    package var place: AttachmentPlace
    /// The reason as earlier programs wrote it; nil in what is written now.
    package var openReason: String?
    /// The reason, see `SealedPart.reason`.
    package var sealed: [SealedPart]

    package init(digest: FileDigest, place: AttachmentPlace, reason: String) {
        let file = Identifier128(bytes: Array(digest.bytes.prefix(16)))
        self.init(
            digest: digest, place: place, openReason: nil,
            sealed: [.reason(reason, about: file ?? Identifier128(high: 0, low: 0))])
    }

    package init(digest: FileDigest, place: AttachmentPlace, openReason: String?, sealed: [SealedPart]) {
        self.digest = digest
        self.place = place
        self.openReason = openReason
        self.sealed = sealed
    }
}

/// Bounds of files and of the parts in which they travel, in bytes.
package enum AttachmentLimits {
    /// Largest file: a scan of some dozen pages.
    package static let file: UInt64 = 32 << 20
    /// Largest part.
    package static let part = 512 << 10
}

extension FileDigest {
    /// What stands before the digits where a text field refers to a file.
    private static let mark = "sha256:"

    /// `sha256:` and the digits, for text fields such as the evidence of a fact.
    package var reference: String { Self.mark + description }

    /// Reads 64 hexadecimal digits in lower case; nil for anything else.
    package init?(digits text: String) {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard text.utf8.count == 64, digits.count == 64 else { return nil }
        self.init(bytes: stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// Reads a reference; nil for one to something else.
    package init?(reference text: String) {
        guard text.hasPrefix(Self.mark) else { return nil }
        self.init(digits: String(text.dropFirst(Self.mark.count)))
    }
}

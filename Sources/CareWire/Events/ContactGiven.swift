import CareDomain
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension SealedFields {
    /// Whether a sealed part about the person gives a telephone, without keeping anything of it. A part that is withheld or
    /// encrypted cannot be asked, and is not held against anybody: true.
    /// - Parameter found: The sealed parts of the payload.
    static func gives(phone person: PersonID, in payload: RawSpan, _ found: [FieldWalker.Found]) -> Bool {
        for field in found {
            guard let content = field.content,
                let part: Care_V1_SealedPart = try? Payload.message(payload.extracting(content)),
                part.subject == person.data
            else { continue }
            return part.tellsPhone
        }
        return false
    }
}

extension Care_V1_SealedPart {
    /// Field `phone` of `PersonalDetails`.
    private static let phone: UInt64 = 3

    /// Looked for without decoding the content: no name becomes text.
    fileprivate var tellsPhone: Bool {
        guard cipherID == CipherID.clear else { return true }
        let found = try? FieldWalker.occurrences(of: Self.phone, in: [UInt8](content).span.bytes)
        return found?.last?.content?.isEmpty == false
    }
}

extension HouseholdEvent {
    /// The helper of a pairing whose event does not say whether a telephone was given; nil of all others.
    var helperWithoutWord: PersonID? {
        switch self {
        case .pairingAssigned(let assigned): assigned.helper.hasContact == nil ? assigned.helper.id : nil
        case .pairingHandedOver(let handover): handover.to.hasContact == nil ? handover.to.id : nil
        default: nil
        }
    }

    func withWord(ofContact given: Bool) -> HouseholdEvent {
        switch self {
        case .pairingAssigned(var assigned):
            assigned.helper.hasContact = given
            return .pairingAssigned(assigned)
        case .pairingHandedOver(var handover):
            handover.to.hasContact = given
            return .pairingHandedOver(handover)
        default: return self
        }
    }
}

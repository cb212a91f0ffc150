import CareDomain
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a sealed part's content is kept; `cipher_id` on the wire.
package enum CipherID {
    /// Content is `PersonalDetails`.
    package static let clear: UInt32 = 0
    /// Content was left out for this reader.
    package static let withheld: UInt32 = 1
}

extension PersonalDetails: WireMapped {
    init(wire: Care_V1_PersonalDetails) throws(WireError) {
        typealias Limit = WireLimits
        self.init(
            name: try Field.text(ifSet: wire.hasName ? wire.name : nil, "name", limit: Limit.name),
            idNumber: try Field.text(
                ifSet: wire.hasIDNumber ? wire.idNumber : nil, "id_number", limit: Limit.idNumber),
            phone: try Field.text(ifSet: wire.hasPhone ? wire.phone : nil, "phone", limit: Limit.phone),
            address: try Field.text(ifSet: wire.hasAddress ? wire.address : nil, "address", limit: Limit.address),
            certificateNumber: try Field.text(
                ifSet: wire.hasCertificateNumber ? wire.certificateNumber : nil, "certificate_number",
                limit: Limit.certificateNumber),
            diagnosis: try Field.text(
                ifSet: wire.hasDiagnosis ? wire.diagnosis : nil, "diagnosis", limit: Limit.diagnosis),
            text: try Field.text(ifSet: wire.hasText ? wire.text : nil, "text", limit: Limit.freeText))
    }

    func wire() throws(WireError) -> Care_V1_PersonalDetails {
        var wire = Care_V1_PersonalDetails()
        if let name { wire.name = name }
        if let idNumber { wire.idNumber = idNumber }
        if let phone { wire.phone = phone }
        if let address { wire.address = address }
        if let certificateNumber { wire.certificateNumber = certificateNumber }
        if let diagnosis { wire.diagnosis = diagnosis }
        if let text { wire.text = text }
        return wire
    }
}

extension SealedPart: WireMapped {
    /// A part that is withheld or encrypted is read without error; its details are then nil.
    init(wire: Care_V1_SealedPart) throws(WireError) {
        let subject: PersonID = try Field.id(wire.subject, "subject")
        guard wire.content.count <= WireLimits.sealedContent else {
            throw WireError(.tooLong, "content", limit: Int64(WireLimits.sealedContent))
        }
        guard wire.cipherID == CipherID.clear else {
            self.init(subject: subject, details: nil)
            return
        }
        guard let content = try? Care_V1_PersonalDetails(serializedBytes: wire.content) else {
            throw WireError(.malformed, "content")
        }
        self.init(subject: subject, details: try Field.required(content, "content"))
    }

    /// - Throws: `unreadablePart` when the details are nil: what the writer could not read it cannot write.
    func wire() throws(WireError) -> Care_V1_SealedPart {
        guard let details else { throw WireError(.unreadablePart, "content") }
        var wire = Care_V1_SealedPart()
        wire.subject = subject.data
        wire.content = try Payload.data(of: details.wire())
        return wire
    }
}

extension [SealedPart] {
    /// The parts of a message's field 15.
    init(sealed wires: [Care_V1_SealedPart]) throws(WireError) {
        self = try Field.list(wires, "sealed_parts", limit: WireLimits.sealedParts)
    }

    func sealedWires() throws(WireError) -> [Care_V1_SealedPart] { try Field.wires(self, "sealed_parts") }
}

/// What may name or find a person. It stands only in sealed parts of events, never beside codes and days.
package struct PersonalDetails: Hashable, Sendable {
    /// Full name as on the identity document.
    package var name: String?
    /// Resident ID number (GB 11643), 18 characters.
    package var idNumber: String?
    /// Telephone number.
    package var phone: String?
    /// Postal address to the door.
    package var address: String?
    /// Number of a certificate that contains or leads to the ID number (a disability certificate does).
    package var certificateNumber: String?
    /// Diagnosis in words.
    package var diagnosis: String?
    /// Anything written freely: hardship, wish, reason.
    package var text: String?

    /// Makes details; leave out what is not known.
    package init(
        name: String? = nil, idNumber: String? = nil, phone: String? = nil, address: String? = nil,
        certificateNumber: String? = nil, diagnosis: String? = nil, text: String? = nil
    ) {
        self.name = name
        self.idNumber = idNumber
        self.phone = phone
        self.address = address
        self.certificateNumber = certificateNumber
        self.diagnosis = diagnosis
        self.text = text
    }

    /// Whether nothing is known.
    package var isEmpty: Bool { self == PersonalDetails() }

    /// These details with what `newer` knows put over them.
    package func updated(by newer: PersonalDetails) -> PersonalDetails {
        PersonalDetails(
            name: newer.name ?? name, idNumber: newer.idNumber ?? idNumber, phone: newer.phone ?? phone,
            address: newer.address ?? address, certificateNumber: newer.certificateNumber ?? certificateNumber,
            diagnosis: newer.diagnosis ?? diagnosis, text: newer.text ?? text)
    }
}

/// The sealed part of an event about one data subject.
///
/// Readers work on when a part is unreadable (its key destroyed or not given to them): `details` is then nil.
package struct SealedPart: Hashable, Sendable {
    /// Whom the part is about: a member of the household, a helper, a guardian or a visitor.
    package let subject: PersonID
    /// What it says; nil when this reader cannot open it.
    package let details: PersonalDetails?

    /// Makes a sealed part.
    package init(subject: PersonID, details: PersonalDetails?) {
        self.subject = subject
        self.details = details
    }
}

import CareDomain
import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Identifiers that follow from another, so that a retry or a resumed process meets the same ones again.
///
/// The first sixteen bytes of SHA-256 over the parent's sixteen bytes, the purpose in UTF-8 and the index as four
/// big-endian bytes. Frozen: ids derived so stand in logs.
package enum Derivation {
    /// - Parameter text: What else it follows from, in UTF-8 behind the index.
    package static func identifier(
        of parent: Identifier128, _ purpose: String, _ index: Int = 0, text: String = ""
    ) -> Identifier128 {
        var hash = SHA256()
        withUnsafeBytes(of: (parent.high.bigEndian, parent.low.bigEndian)) { hash.update(bufferPointer: $0) }
        hash.update(data: Array(purpose.utf8))
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: index).bigEndian) { hash.update(bufferPointer: $0) }
        if !text.isEmpty { hash.update(data: Array(text.utf8)) }
        return Identifier128(prefixOf: hash.finalize())
    }

    /// Id of the event at `place` (from 0) among the events of one append: for the first event the append id itself, for
    /// the others the first sixteen bytes of SHA-256 over the append id and the place as eight big-endian bytes. The log
    /// derives the same.
    package static func event(of append: CommandID, place: Int) -> Identifier128 {
        guard place > 0 else { return append.value }
        var hash = SHA256()
        let input = (append.value.high.bigEndian, append.value.low.bigEndian, UInt64(place).bigEndian)
        withUnsafeBytes(of: input) { hash.update(bufferPointer: $0) }
        return Identifier128(prefixOf: hash.finalize())
    }

    /// Digest of content, sixteen bytes: the first half of SHA-256.
    package static func digest(_ bytes: [UInt8]) -> Identifier128 {
        Identifier128(prefixOf: SHA256.hash(data: bytes))
    }
}

extension Identifier128 {
    /// The first sixteen bytes of a digest, which has at least that many.
    fileprivate init(prefixOf digest: some Sequence<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in digest.prefix(16).enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }
}

extension CommandID {
    /// The id of a step that follows from a command, `reserve` or `confirm`, with the number of the thing it is about.
    package static func derived(_ parent: CommandID, _ purpose: String, _ index: Int = 0) -> CommandID {
        CommandID(Derivation.identifier(of: parent.value, purpose, index))
    }
}

extension HouseholdID {
    /// The household that a command registers, or that a split brings forth.
    package static func derived(from command: CommandID) -> HouseholdID {
        HouseholdID(Derivation.identifier(of: command.value, "household"))
    }
}

extension PersonID {
    /// The person at `place` (from 0) in the members of a command.
    package static func derived(from command: CommandID, place: Int) -> PersonID {
        PersonID(Derivation.identifier(of: command.value, "person", place))
    }
}

/// The deployment's key for person tokens, at least 32 bytes. Never printed.
package struct TokenKey: Sendable {
    private let key: SymmetricKey

    /// nil when there are fewer than 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count >= 32 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The token of an ID number: the same for the same number, and nothing can be learned from it without the key.
    package func token(of number: ResidentIDNumber) -> PersonToken {
        let code = HMAC<SHA256>.authenticationCode(for: Array(number.digits.utf8), using: key)
        return PersonToken(Identifier128(prefixOf: code))
    }

    /// The token of a likeness: the same for one name, spread or closed, with one birth date. Namesakes of one birthday have one
    /// likeness, so it is a question and no answer. Frozen: it names streams of logs.
    ///
    /// No ID number begins like what it is made of, so it is no number's token.
    package func likeness(name: String, birthDate: CivilDay) -> PersonToken {
        let text = "likeness\n\(PersonName.closed(name))\n\(birthDate)"
        let code = HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
        return PersonToken(Identifier128(prefixOf: code))
    }

    /// The likeness of a member; nil where name or birth date is not known or cannot be seen.
    package func likeness(of member: Member) -> PersonToken? {
        guard let name = member.details?.name, let birthDate = member.birthDate else { return nil }
        return likeness(name: name, birthDate: birthDate)
    }

    /// What the key is known by: HMAC-SHA-256 of a fixed text under it, which no ID number is. Frozen: it stands in logs.
    package var fingerprint: TokenKeyFingerprint {
        let code = HMAC<SHA256>.authenticationCode(for: Array("guanhuai token key fingerprint".utf8), using: key)
        return TokenKeyFingerprint(Identifier128(prefixOf: code))
    }
}

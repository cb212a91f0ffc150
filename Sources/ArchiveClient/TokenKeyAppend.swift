import CareDomain
import CareWire
import EventLog

/// The event by which a log comes to rest on a key for person tokens: the first of its stream, or none.
package struct TokenKeyAppend: Hashable, Sendable {
    package var adopted: TokenKeyAdopted
    package var context: EventContext
    package var occurredOn: CivilDay

    package init(adopted: TokenKeyAdopted, context: EventContext, occurredOn: CivilDay) {
        self.adopted = adopted
        self.context = context
        self.occurredOn = occurredOn
    }

    /// Name of the stream.
    package static let stream = "deployment-token-key"

    /// The id of the append: whoever comes with the same key repeats it, whoever comes with another meets it.
    package static func id(of fingerprint: TokenKeyFingerprint) -> CommandID {
        CommandID(Derivation.identifier(of: fingerprint.value, "token-key"))
    }
}

extension ArchiveMessages {
    /// The append of a key's fingerprint.
    package static func message(_ append: TokenKeyAppend) throws(WireError) -> Care_V1_AppendRequest {
        let event = try EventCodec.encode(
            .deployment(.tokenKeyAdopted(append.adopted)), occurredOn: append.occurredOn, context: append.context)
        return request(
            TokenKeyAppend.stream, expected: 0, id: TokenKeyAppend.id(of: append.adopted.fingerprint),
            digest: append.adopted.fingerprint.value, events: [event])
    }

    /// Reads the event of `deployment-token-key`.
    package static func tokenKey(_ event: Care_V1_RecordedEvent) throws -> TokenKeyAdopted {
        try tokenKey(record: Array(event.record))
    }

    /// Reads the record of the event of `deployment-token-key`.
    package static func tokenKey(record: [UInt8]) throws -> TokenKeyAdopted {
        let fields = try RecordCoder.decode(record)
        guard
            case .deployment(.tokenKeyAdopted(let adopted)) = try EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { throw WireError(.unknownKind, "kind") }
        return adopted
    }
}

import CareDomain
import CareWire
import EventLog

/// A file that an event of a stream names.
package struct NamedAttachment: Hashable, Sendable {
    package let digest: FileDigest
    /// The event, in its stream.
    package let reference: EventReference
    package let kind: EventKind
    /// Only these departments may read it; nil = all who may see the record.
    package let departments: Set<DepartmentID>?

    /// Whether whoever may see the record may read the file, too: a list between departments is for the two of them.
    package func isFor(_ principal: Principal) -> Bool { departments?.contains(principal.department) ?? true }

    /// Event types that may name files.
    package static let kinds: [EventKind] = [
        .dutyReported, .dutyCorrected, .listSent, .figureStated, .unitScored, .factStated, .applicationSubmitted,
        .applicationForwarded, .goodsHandedOut,
    ]

    /// Files that an event names.
    package static func named(in event: CareEvent, at reference: EventReference) -> [NamedAttachment] {
        func named(_ digest: FileDigest, _ departments: Set<DepartmentID>? = nil) -> NamedAttachment {
            NamedAttachment(digest: digest, reference: reference, kind: event.kind, departments: departments)
        }
        switch event {
        case .duty(.reported(let report)): return report.evidence.attachments.map { named($0) }
        case .duty(.corrected(let correction)): return correction.evidence.attachments.map { named($0) }
        case .duty(.listSent(let list)):
            return [named(list.digest, Set([list.from, list.to].compactMap { $0 }))]
        case .duty(.figureStated(let figure)): return figure.attachment.map { [named($0)] } ?? []
        case .unit(.scored(let scored)):
            return scored.evidence.flatMap(FileDigest.init(reference:)).map { [named($0)] } ?? []
        case .household(.factStated(let fact)):
            return fact.evidence.flatMap(FileDigest.init(reference:)).map { [named($0)] } ?? []
        case .household(.goodsHandedOut(let handed)):
            guard case .slip(let digest) = handed.receipt else { return [] }
            return [named(digest)]
        case .household(.application(let application)): return application.handedIn.files.map { named($0.file) }
        default: return []
        }
    }

    /// Files that the records of a stream name, in the order of the log.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package static func all(
        in place: AttachmentPlace, from reader: any EventLogReader
    ) throws(EventLogError) -> [NamedAttachment] {
        var found: [NamedAttachment] = []
        var next = SequenceNumber.first
        let stream = try StreamName(place.stream)
        while true {
            let slice = try reader.readStream(stream, from: next, limit: 1024)
            for event in slice.events {
                guard let fields = try? RecordCoder.decode(event.record) else { continue }
                found += named(in: fields)
            }
            let end = next.rawValue + 1024
            guard let head = slice.head, head.sequence.rawValue >= end else { return found }
            next = SequenceNumber(end)
        }
    }

    /// Files that a record names; none for one of a newer program.
    package static func named(in fields: RecordFields) -> [NamedAttachment] {
        guard kinds.contains(where: { UInt32($0.rawValue) == fields.event.kind }),
            let event = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload.span.bytes,
                sealed: .skip)
        else { return [] }
        return named(in: event, at: EventReference(sequence: fields.sequence.rawValue))
    }
}

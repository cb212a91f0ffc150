import CareDomain
import CareProjections
import CareWire
import EventLog
import MessageBus

/// An event as it came over the bus, taken apart for people: where it stands, when, and what it says.
struct ShownEvent {
    let position: UInt64
    let stream: String
    let sequence: UInt64
    let kind: UInt32
    let version: UInt32
    let occurredOn: CivilDay
    let learnedOn: CivilDay?
    let recordedAt: Moment
    let eventID: Identifier128
    let appendID: Identifier128
    let hash: [UInt8]
    /// Hash of the stream's event before; nil for the first.
    let previousHash: EventHash?
    /// Bytes of the stored record.
    let record: [UInt8]
    let metadata: [UInt8]
    let payload: [UInt8]
    /// Whether the reasons that people gave for looking into the record are written out.
    var showsReasons = false

    /// - Throws: `EventLogError` when the bytes are no record.
    init(_ event: BusEvent) throws {
        let record = Array(event.record)
        self = try record.withUnsafeBytes { bytes in
            try Self(bytes, record, position: event.position, hash: Array(event.hash))
        }
    }

    private init(
        _ bytes: UnsafeRawBufferPointer, _ record: [UInt8], position: UInt64, hash: [UInt8]
    ) throws {
        let header = try RecordHeader(parsing: bytes)
        self.position = position
        stream = String(decoding: header.name(in: bytes), as: UTF8.self)
        sequence = header.sequence.rawValue
        kind = header.kind
        version = header.version
        occurredOn = CivilDay(dayNumber: header.occurredOn.rawValue)
        learnedOn = header.learnedOn.map { CivilDay(dayNumber: $0.rawValue) }
        recordedAt = Moment(microseconds: header.recordedAt.microseconds)
        let event = header.eventID(in: bytes)
        let append = header.appendID(in: bytes)
        eventID = Identifier128(high: event.high, low: event.low)
        appendID = Identifier128(high: append.high, low: append.low)
        previousHash = header.previousHash(in: bytes)
        metadata = Array(header.metadata(in: bytes))
        payload = Array(header.payload(in: bytes))
        self.hash = hash
        self.record = record
    }

    /// What it says, personal parts masked. An event of a newer program is shown by its number.
    var view: EventView {
        readable ?? EventView(unknownKind: kind, version: version, payloadBytes: payload.count)
    }

    /// What it says, personal parts masked; nil when this program cannot read it.
    var readable: EventView? {
        guard let event = try? EventCodec.decodeAny(kind: kind, version: version, payload: payload) else { return nil }
        // Why somebody looked into the record comes only to those who may read it, and they ask for it.
        var display = EventView.Sealed.masked
        if showsReasons, case .access = event { display = .revealed }
        return EventView(
            event, correction: try? EventCodec.correction(metadata: metadata.span.bytes), sealed: display)
    }

    /// What it says of a household; nil for other streams and for events that cannot be read.
    var household: KnownEvent? {
        try? EventCodec.decode(
            kind: kind, version: version, occurredOn: occurredOn.dayNumber, learnedOn: learnedOn?.dayNumber,
            metadata: metadata, payload: payload, sequence: sequence, recordedAt: recordedAt.microseconds,
            appendID: appendID)
    }

    /// One line for people.
    var line: String {
        let view = view
        var parts = [recordedAt.wallClock, "#\(position)", "\(stream)/\(sequence)", "\(view.title)(\(view.name))"]
        if occurredOn != recordedAt.day { parts.append("发生 \(occurredOn)") }
        parts += view.fields.map { "\($0.key)=\($0.value.brief)" }
        parts += view.sealed.map(\.brief)
        return parts.joined(separator: " ")
    }

    /// Everything as one object; with `all` also the ids, and who spoke and why in `meta`. No key comes twice: what an event
    /// says keeps its own names (`kind`, `role`, `hash` …), what the record adds beside it has others.
    func value(all: Bool = false) -> ViewValue {
        var fields = [
            ViewField("position", .int(Int64(clamping: position))), ViewField("stream", .text(stream)),
            ViewField("sequence", .int(Int64(clamping: sequence))),
            ViewField("occurred_on", .text(occurredOn.description)),
            ViewField("recorded_at", .text(recordedAt.rfc3339)),
        ]
        if let learnedOn { fields.append(ViewField("learned_on", .text(learnedOn.description))) }
        if all { fields += details }
        if case .object(let said) = view.value { fields += said }
        return .object(fields)
    }

    private var details: [ViewField] {
        var fields = [
            ViewField("event_kind", .int(Int64(kind))), ViewField("event_version", .int(Int64(version))),
            ViewField("event_id", .text(eventID.description)), ViewField("append_id", .text(appendID.description)),
            ViewField("event_hash", .text(Hexadecimal.text(hash))),
        ]
        guard let context = try? EventCodec.context(metadata: metadata, command: CommandID(appendID)) else {
            return fields
        }
        let principal = context.principal
        var meta = [
            ViewField("peer", .text(principal.peer)), ViewField("actor", .text(principal.actor.rawValue)),
            ViewField("role", .text(principal.role.rawValue)),
            ViewField("department", .text(principal.department.rawValue)),
        ]
        if let causation = context.causation { meta.append(ViewField("causation", .text(causation))) }
        if let trace = context.traceparent { meta.append(ViewField("traceparent", .text(trace))) }
        if let basis = context.legalBasis { meta.append(ViewField("legal_basis", .text(basis.rawValue))) }
        fields.append(ViewField("meta", .object(meta)))
        return fields
    }
}

extension ViewValue {
    /// Text without quotes where that is clear, otherwise JSON.
    fileprivate var brief: String {
        if case .text(let text) = self, !text.contains(where: { $0 == " " || $0.isNewline }) { return text }
        return json
    }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// nil for what are no pairs of digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

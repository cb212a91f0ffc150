import CareDomain
import CareProjections
import CareWire

/// What an event says of where it came from.
enum TraceCause: Hashable, Sendable {
    /// An event of a stream.
    case event(stream: String, sequence: UInt64)
    /// A command, by its id.
    case command(Identifier128)
    /// New rules, by pack and version.
    case rules(String)
    /// The newest determination about this before a place of the stream; where there is none, an event of the stream.
    case determination(Judged, stream: String, before: UInt64, else: UInt64?)

    /// Reads the cause that stands in an event's envelope: `#4`, `household-…#4`, or a command's id.
    /// - Parameter stream: the stream of the event, which a bare number is about.
    init?(written text: String, in stream: String) {
        if let id = Identifier128(text) {
            self = .command(id)
            return
        }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = UInt64(parts[1]) else { return nil }
        self = .event(stream: parts[0].isEmpty ? stream : String(parts[0]), sequence: sequence)
    }
}

/// What a determination is about: one clause and one beneficiary.
struct Judged: Hashable, Sendable {
    let clause: ClauseID
    let subject: FactSubject
}

/// An event as the tree of causes needs it: where it stands, what it says (open parts alone), what led to it.
struct TracedEvent: Hashable, Sendable {
    let position: UInt64
    let stream: String
    let sequence: UInt64
    let name: String
    let title: String
    let recordedAt: Moment
    let eventID: Identifier128
    /// The append it came with; the same for all events of one command in one stream.
    let command: Identifier128
    /// Which service appended it.
    let service: String
    /// Who spoke; empty when the envelope cannot be read.
    let speaker: [ViewField]
    /// The fields that tell events of one type apart.
    let said: [ViewField]
    /// nil for what a person sent, and where nothing is recorded.
    let cause: TraceCause?
    /// Other streams it is about that can be read, whose events may have led to it or follow from it.
    let related: [String]
    /// Of a determination: what it is about.
    let judged: Judged?

    /// How people name it: `household-…/4`.
    var place: String { "\(stream)/\(sequence)" }
}

extension TracedEvent {
    init(_ shown: ShownEvent) {
        let event = try? EventCodec.decodeAny(kind: shown.kind, version: shown.version, payload: shown.payload)
        let context = try? EventCodec.context(metadata: shown.metadata, command: CommandID(shown.appendID))
        let view = shown.view
        position = shown.position
        stream = shown.stream
        sequence = shown.sequence
        name = view.name
        title = view.title
        recordedAt = shown.recordedAt
        eventID = shown.eventID
        command = shown.appendID
        service = Self.service(shown.stream, peer: context?.principal.peer)
        speaker = context.map(Self.speaker) ?? []
        said = view.fields.filter { Self.telling.contains($0.key) }
        cause = Self.cause(event, context, shown)
        related = event.map { Self.related($0) } ?? []
        judged =
            if case .household(.determinationMade(let made)) = event {
                Judged(clause: made.clause, subject: made.subject)
            } else { nil }
    }

    private static let telling: Set<String> = [
        "division", "kind", "clause", "fact", "person", "role", "outcome", "channel", "notice_sequence", "batch",
        "line", "claimed",
        "pack", "parameter", "step", "other", "side", "reason", "need_sequence", "determination_sequence", "corrects",
        "application_sequence", "household", "rules_change", "due_on",
    ]

    /// Services append under their own names; everything else came through intake, but the record of who read what.
    private static func service(_ stream: String, peer: String?) -> String {
        if stream.hasPrefix("access-") { return "care-archive" }
        switch peer {
        case "eligibility": return "eligibility"
        case "notifier": return "notifier"
        default: return "intake"
        }
    }

    private static func speaker(_ context: EventContext) -> [ViewField] {
        let principal = context.principal
        return [
            ViewField("actor", .text(principal.actor.rawValue)), ViewField("role", .text(principal.role.rawValue)),
            ViewField("department", .text(principal.department.rawValue)), ViewField("peer", .text(principal.peer)),
        ]
    }

    /// The notice that follows from a determination.
    private static let rightBegins = Code(unchecked: "right_begins")

    /// What the event itself says of its cause comes before the envelope: it is the narrower answer.
    private static func cause(_ event: CareEvent?, _ context: EventContext?, _ shown: ShownEvent) -> TraceCause? {
        let written = context?.causation.flatMap { TraceCause(written: $0, in: shown.stream) }
        let found: TraceCause?
        switch event {
        case .household(.noticeRaised(let notice)) where notice.kind == rightBegins && notice.clause != nil:
            let fact: UInt64? = if case .event(_, let sequence)? = written { sequence } else { nil }
            found = notice.clause.map {
                .determination(
                    Judged(clause: $0, subject: notice.subject), stream: shown.stream, before: shown.sequence,
                    else: fact)
            }
        case .household(.noticeDelivered(let delivered)):
            found = .event(stream: shown.stream, sequence: delivered.notice.sequence)
        case .household(.paymentConcluded(let concluded)):
            found = .event(stream: "batch-\(concluded.batch)", sequence: concluded.cause.sequence)
        case .household(.determinationMade(let made)):
            found =
                made.rulesChange.map { .rules($0.description) }
                ?? .event(stream: shown.stream, sequence: made.readThrough.sequence)
        case .person(.reserved(let claim)), .person(.confirmed(let claim)), .person(.released(let claim, _)):
            found = .command(claim.command.value)
        default:
            found = written
        }
        return found == .command(shown.appendID) ? nil : found
    }

    /// Payment batches are not among them: care-archive shows them as a whole (`carectl pay show`), never their events.
    private static func related(_ event: CareEvent) -> [String] {
        switch event {
        case .household(.merged(let merged)): ["household-\(merged.other)"]
        case .household(.split(let split)): ["household-\(split.other)"]
        case .person(.reserved(let claim)), .person(.confirmed(let claim)), .person(.released(let claim, _)):
            ["household-\(claim.household)"]
        default: []
        }
    }
}

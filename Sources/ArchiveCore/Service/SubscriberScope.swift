import CareDomain
import CareWire
import EventLog
import MessageBus

/// What a subscriber may see: streams by kind, households by division, and what other streams say of households likewise.
struct SubscriberScope {
    let categories: Set<StreamCategory>
    let department: DepartmentID
    /// Whether it sees the reasons that people gave for looking into the record, with the streams that hold them.
    let readsReasons: Bool
    private let divisions: [DivisionCode]

    /// - Returns: nil when the peer may not query at all.
    init?(peer: Peer) {
        guard peer.rights.contains(.query) || peer.rights.contains(.operate),
            let divisions = DivisionCode.list(of: peer),
            let department = DepartmentID(peer.department.isEmpty ? "none" : peer.department)
        else { return nil }
        self.department = department
        self.divisions = divisions
        readsReasons = peer.rights.contains(.operate) && peer.rights.contains(.reveal)
        // Who read whose sealed parts is for those who operate; person streams tell who lives where.
        categories =
            peer.rights.contains(.operate)
            ? [.household, .person, .pack, .access, .deployment] : [.household, .pack]
    }

    /// Streams of other kinds whose events name households.
    static let namesHouseholds: Set<StreamCategory> = [.person, .access]

    /// Whether nothing is kept from it for the sake of divisions.
    var seesEverywhere: Bool { divisions.contains(.everywhere) }

    /// Whether it may see an event about something, given where households are.
    func maySee(_ place: EventPlace, _ division: (StreamName) -> DivisionCode?) -> Bool {
        switch place {
        case .household(let household): maySee(division(household))
        case .division(let code): maySee(code)
        case .nowhere: seesEverywhere
        }
    }

    func maySee(_ division: DivisionCode?) -> Bool {
        guard let division else { return divisions.contains(.everywhere) }
        return divisions.contains { division.isWithin($0) }
    }
}

/// What an event of a person's or an access stream is about.
enum EventPlace {
    case household(StreamName)
    case division(DivisionCode)
    /// The house as a whole.
    case nowhere

    init(_ event: StoredEvent) throws {
        let fields = try RecordCoder.decode(event.record)
        let care = try EventCodec.decodeAny(
            kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        switch care {
        case .person(.reserved(let claim)), .person(.confirmed(let claim)), .person(.released(let claim, _)):
            self = try .household(Self.stream(claim.household))
        case .access(.read(let read)): self = try .household(Self.stream(read.household))
        case .access(.settled(let settled)): self = try .household(Self.stream(settled.household))
        case .access(.attachmentKept(let kept)): try self.init(kept.place)
        case .access(.attachmentRead(let read)): try self.init(read.place)
        case .access(.compared), .household, .pack, .batch, .unit, .lending, .duty, .deployment: self = .nowhere
        }
    }

    /// Where it lies, given where households are; nil for the house as a whole and for a household that is nowhere known.
    func division(_ division: (StreamName) -> DivisionCode?) -> DivisionCode? {
        switch self {
        case .household(let household): division(household)
        case .division(let code): code
        case .nowhere: nil
        }
    }

    private init(_ place: AttachmentPlace) throws {
        switch place {
        case .household(let household): self = try .household(Self.stream(household))
        case .duty(let code), .unit(let code): self = .division(code)
        }
    }

    private static func stream(_ household: HouseholdID) throws -> StreamName {
        try StreamName(.household, "\(household)")
    }
}

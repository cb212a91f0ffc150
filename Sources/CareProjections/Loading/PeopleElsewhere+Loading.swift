import CareDomain
import CareWire
import EventLog

extension PeopleElsewhere {
    /// No person changes household so often.
    private static let most = 1024

    /// Reads which other files know the people of a household.
    ///
    /// - Parameters:
    ///   - history: The household's.
    ///   - moment: What the log knew by then counts; nil = everything.
    ///   - reader: The log, used by this thread only.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package init(
        of history: HouseholdHistory, knownAt moment: Moment?, from reader: any EventLogReader
    ) throws(EventLogError) {
        self.init()
        let persons = Set(history.household.members.map(\.id)).sorted()
        var read: Set<PersonToken> = []
        while let (token, person) = history.trailWanted(of: persons, besides: read) {
            read.insert(token)
            let slice = try reader.readStream(try StreamName("person-\(token)"), from: .first, limit: Self.most)
            add(PersonTrail(Self.events(slice.events, knownAt: moment)), of: person, in: history.id)
        }
    }

    private static func events(_ stored: [StoredEvent], knownAt moment: Moment?) -> [PersonEvent] {
        stored.compactMap { event in
            guard let fields = try? RecordCoder.decode(event.record),
                moment.map({ fields.recordedAt.microseconds <= $0.microseconds }) ?? true,
                case .person(let said)? = try? EventCodec.decodeAny(
                    kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
            else { return nil }
            return said
        }
    }
}

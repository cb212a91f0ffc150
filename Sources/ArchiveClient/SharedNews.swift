import CareDomain

/// News of the streams that decide what one household cannot.
package struct SharedNews: Sendable {
    /// An event by where it stands and what it is.
    package struct Place: Hashable, Sendable {
        package var position: UInt64
        /// The hash that the log has for it.
        package var hash: [UInt8]

        package init(position: UInt64, hash: [UInt8]) {
            self.position = position
            self.hash = hash
        }
    }

    package struct PersonNews: Hashable, Sendable {
        package var token: PersonToken
        package var event: ReadPersonEvent
        package var place: Place

        package init(token: PersonToken, event: ReadPersonEvent, place: Place) {
            self.token = token
            self.event = event
            self.place = place
        }
    }

    package struct PackNews: Hashable, Sendable {
        package var pack: PackID
        package var occurredOn: CivilDay
        package var recordedAt: Moment
        package var event: PackEvent
        package var place: Place
        /// Account of the person who published or set it.
        package var by: Code?

        package init(
            pack: PackID, occurredOn: CivilDay, recordedAt: Moment, event: PackEvent, place: Place, by: Code? = nil
        ) {
            self.by = by
            self.pack = pack
            self.occurredOn = occurredOn
            self.recordedAt = recordedAt
            self.event = event
            self.place = place
        }
    }

    package struct KeyNews: Hashable, Sendable {
        package var adopted: TokenKeyAdopted
        package var place: Place

        package init(adopted: TokenKeyAdopted, place: Place) {
            self.adopted = adopted
            self.place = place
        }
    }

    package var persons: [PersonNews]
    package var packs: [PackNews]
    package var keys: [KeyNews]
    /// Opaque cursor from which to go on.
    package var cursor: [UInt8]
    package var isAtHead: Bool
    /// Events that this program cannot read; a newer one may.
    package var leftOut: Int
    /// Whether care-archive's disk takes nothing at present.
    package var takesNoAppends = false

    package init(
        persons: [PersonNews], packs: [PackNews], keys: [KeyNews] = [], cursor: [UInt8], isAtHead: Bool,
        leftOut: Int = 0
    ) {
        self.keys = keys
        self.leftOut = leftOut
        self.persons = persons
        self.packs = packs
        self.cursor = cursor
        self.isAtHead = isAtHead
    }

    /// The last event; nil when there is none.
    package var last: Place? {
        (persons.map(\.place) + packs.map(\.place) + keys.map(\.place)).max { $0.position < $1.position }
    }

    /// Whether this very event is among them.
    package func holds(_ place: Place) -> Bool {
        persons.contains { $0.place == place } || packs.contains { $0.place == place }
            || keys.contains { $0.place == place }
    }

    /// What came after an event.
    package func after(_ place: Place) -> SharedNews {
        var later = self
        later.persons.removeAll { $0.place.position <= place.position }
        later.packs.removeAll { $0.place.position <= place.position }
        later.keys.removeAll { $0.place.position <= place.position }
        return later
    }
}

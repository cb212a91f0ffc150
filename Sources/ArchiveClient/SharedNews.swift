import CareDomain

/// News of the streams that decide what one household cannot.
package struct SharedNews: Sendable {
    package struct PersonNews: Hashable, Sendable {
        package var token: PersonToken
        package var event: ReadPersonEvent

        package init(token: PersonToken, event: ReadPersonEvent) {
            self.token = token
            self.event = event
        }
    }

    package struct PackNews: Hashable, Sendable {
        package var pack: PackID
        package var occurredOn: CivilDay
        package var recordedAt: Moment
        package var event: PackEvent

        package init(pack: PackID, occurredOn: CivilDay, recordedAt: Moment, event: PackEvent) {
            self.pack = pack
            self.occurredOn = occurredOn
            self.recordedAt = recordedAt
            self.event = event
        }
    }

    package var persons: [PersonNews]
    package var packs: [PackNews]
    /// Opaque cursor from which to go on.
    package var cursor: [UInt8]
    package var isAtHead: Bool

    package init(persons: [PersonNews], packs: [PackNews], cursor: [UInt8], isAtHead: Bool) {
        self.persons = persons
        self.packs = packs
        self.cursor = cursor
        self.isAtHead = isAtHead
    }
}

import CareDomain

/// Events for a household's stream.
package struct HouseholdAppend: Hashable, Sendable {
    package var household: HouseholdID
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var events: [ProposedEvent]

    package init(
        household: HouseholdID, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        events: [ProposedEvent]
    ) {
        self.household = household
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.events = events
    }
}

/// An event for a person's stream.
package struct PersonAppend: Hashable, Sendable {
    package var token: PersonToken
    package var expected: UInt64
    package var id: CommandID
    package var context: EventContext
    package var occurredOn: CivilDay
    package var event: PersonEvent

    package init(
        token: PersonToken, expected: UInt64, id: CommandID, context: EventContext, occurredOn: CivilDay,
        event: PersonEvent
    ) {
        self.token = token
        self.expected = expected
        self.id = id
        self.context = context
        self.occurredOn = occurredOn
        self.event = event
    }
}

/// An event for a pack's stream.
package struct PackAppend: Hashable, Sendable {
    package var pack: PackID
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var occurredOn: CivilDay
    package var event: PackEvent

    package init(
        pack: PackID, expected: UInt64, id: CommandID, contentDigest: Identifier128, context: EventContext,
        occurredOn: CivilDay, event: PackEvent
    ) {
        self.pack = pack
        self.expected = expected
        self.id = id
        self.contentDigest = contentDigest
        self.context = context
        self.occurredOn = occurredOn
        self.event = event
    }
}

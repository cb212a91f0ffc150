import CareDomain

/// What intake wants done.
package enum IntakeAction: Sendable {
    case reply(RequestToken, CommandResult)
    case readHousehold(CallID, HouseholdID, after: UInt64)
    case readPerson(CallID, PersonToken, after: UInt64)
    case readPackHead(CallID, PackID)
    case appendHousehold(CallID, HouseholdAppend)
    case appendPerson(CallID, PersonAppend)
    case appendPack(CallID, PackAppend)
    /// Ask for news of the person and pack streams after the cursor.
    case readShared(CallID, after: [UInt8])
}

/// Events for a household's stream.
package struct HouseholdAppend: Hashable, Sendable {
    package var household: HouseholdID
    package var expected: UInt64
    package var id: CommandID
    package var contentDigest: Identifier128
    package var context: EventContext
    package var events: [ProposedEvent]
}

/// An event for a person's stream.
package struct PersonAppend: Hashable, Sendable {
    package var token: PersonToken
    package var expected: UInt64
    package var id: CommandID
    package var context: EventContext
    package var occurredOn: CivilDay
    package var event: PersonEvent
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
}

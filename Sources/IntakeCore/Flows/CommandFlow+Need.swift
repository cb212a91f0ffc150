import CareDomain
import CareWire

extension CommandFlow {
    /// What the flow waits for.
    package enum Need: Hashable, Sendable {
        case readPerson(PersonToken)
        case appendPerson(PersonToken, expected: UInt64, id: CommandID, event: PersonEvent)
        /// Several persons' streams at once; each answers for itself.
        case appendPersons([PersonDraft])
        case appendHousehold(expected: UInt64, events: [ProposedEvent])
        /// Read another household's stream after a sequence.
        case readOther(HouseholdID, after: UInt64)
        /// Read the stream of a loan or other aid after a sequence.
        case readLoan(LoanID, after: UInt64)
        case finished(CommandResult)
    }

    /// One append to a person's stream.
    package struct PersonDraft: Hashable, Sendable {
        package var token: PersonToken
        package var expected: UInt64
        package var id: CommandID
        package var event: PersonEvent
    }
}

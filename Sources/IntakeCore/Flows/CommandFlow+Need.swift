import CareDomain

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

    /// How far it is.
    enum Stage: Hashable, Sendable {
        case start
        case reservingAll
        case confirmingAll
        case reserving(Int)
        case lookingAtHolder(Int, PersonClaim)
        /// Reads which files had the person about whose money it is decided.
        case lookingAtPerson(PersonToken, PersonID)
        /// Reads the files with which the household exchanged persons, before it is decided.
        case lookingAcross
        /// Reads what the family still has of the funds, once it is decided that its file is closed.
        case lookingAtLoans
        case appending
        case confirming(Int)
        case freeing(Int)
        case releasing(Int, then: CommandResult)
        case done
    }
}

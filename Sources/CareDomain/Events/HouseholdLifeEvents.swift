/// 建档: the household is in the record. Its members follow as `PersonJoined` in the same append.
package struct HouseholdRegistered: Hashable, Sendable {
    /// Division of registration (户籍地) on the day.
    package var division: DivisionCode
    /// Urban or rural, where known.
    package var area: Area?
    /// Number of the paper or older electronic file, where there is one. Not a number that identifies a person.
    package var archiveNumber: String?

    package init(division: DivisionCode, area: Area? = nil, archiveNumber: String? = nil) {
        self.division = division
        self.area = area
        self.archiveNumber = archiveNumber
    }
}

/// 迁移: registration or residence of the household changed, from this day on.
package struct HouseholdMoved: Hashable, Sendable {
    /// Which of the two changed.
    package enum Kind: Hashable, Sendable { case registration, residence }

    package var kind: Kind
    package var division: DivisionCode
    package var area: Area?
    /// The number that the new county gives the family, from this day on; nil = the family keeps the one it had. Only a change
    /// of registration brings one: the county of registration keeps the file.
    package var archiveNumber: String?

    package init(kind: Kind, division: DivisionCode, area: Area? = nil, archiveNumber: String? = nil) {
        self.kind = kind
        self.division = division
        self.area = area
        self.archiveNumber = archiveNumber
    }
}

/// 销档: nobody of the household is left to care for, or it withdrew.
package struct HouseholdClosed: Hashable, Sendable {
    package var reason: Code
    package init(reason: Code) { self.reason = reason }
}

/// 误登: the household should never have been registered; its people are free to be registered elsewhere.
package struct HouseholdRegisteredInError: Hashable, Sendable {
    package var reason: Code
    package init(reason: Code) { self.reason = reason }
}

/// 并户: this household went on as part of another; stated in both streams, one side each.
package struct HouseholdMerged: Hashable, Sendable {
    /// Which side this stream is.
    package enum Side: Hashable, Sendable { case absorbed, absorbing }

    package var other: HouseholdID
    package var side: Side

    package init(other: HouseholdID, side: Side) {
        self.other = other
        self.side = side
    }
}

/// 分户: some members went on as a household of their own; stated in both streams, one side each.
package struct HouseholdSplit: Hashable, Sendable {
    /// Which side this stream is.
    package enum Side: Hashable, Sendable { case remaining, separated }

    package var other: HouseholdID
    package var side: Side
    package var persons: [PersonID]

    package init(other: HouseholdID, side: Side, persons: [PersonID]) {
        self.other = other
        self.side = side
        self.persons = persons
    }
}

/// A command that began and was given up before it reached this stream: it can never be carried out any more.
///
/// Written by whoever clears an abandoned reservation, so that a slow intake which comes back meets it and stops.
package struct CommandAbandoned: Hashable, Sendable {
    package var command: CommandID
    package init(command: CommandID) { self.command = command }
}

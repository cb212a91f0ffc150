/// What happens in a `person-<token>` stream, which decides whose household a person is in.
package enum PersonEvent: Hashable, Sendable {
    /// 占位: a command wants this person for a household and nobody else may have them until it ends.
    case reserved(PersonClaim)
    /// 确认: the household's own stream holds the person.
    case confirmed(PersonClaim)
    /// 释放: the reservation was given up, or the person left the household.
    case released(PersonClaim, reason: Code)
}

/// One command's claim on a person.
package struct PersonClaim: Hashable, Sendable {
    package var household: HouseholdID
    package var person: PersonID
    package var command: CommandID

    package init(household: HouseholdID, person: PersonID, command: CommandID) {
        self.household = household
        self.person = person
        self.command = command
    }
}

/// What happens in a `pack-<id>` stream.
package enum PackEvent: Hashable, Sendable {
    /// 发布: a version is in force from its first day.
    case published(PackPublished)
    /// 参数: a value is set for a stretch of days.
    case parameterSet(ParameterSet)
}

/// The published bytes of a pack version.
package struct PackPublished: Hashable, Sendable {
    package var pack: PackID
    /// First day in force.
    package var effectiveFrom: CivilDay
    /// Day of the document.
    package var enactedOn: CivilDay
    /// SHA-256 of `bytes`.
    package var hash: [UInt8]
    package var bytes: [UInt8]
    /// To whom it applies.
    package var transition: TransitionClause

    package init(
        pack: PackID, effectiveFrom: CivilDay, enactedOn: CivilDay, hash: [UInt8], bytes: [UInt8],
        transition: TransitionClause = .all
    ) {
        self.pack = pack
        self.effectiveFrom = effectiveFrom
        self.enactedOn = enactedOn
        self.hash = hash
        self.bytes = bytes
        self.transition = transition
    }
}

/// A dated parameter value. Keys are codes in the order the pack declares (area, cause …).
package struct ParameterSet: Hashable, Sendable {
    package var parameter: ParameterID
    package var keys: [Code]
    package var value: FactValue
    package var until: CivilDay?
    /// Where the figure comes from.
    package var source: String?

    package init(
        parameter: ParameterID, keys: [Code] = [], value: FactValue, until: CivilDay? = nil, source: String? = nil
    ) {
        self.parameter = parameter
        self.keys = keys
        self.value = value
        self.until = until
        self.source = source
    }
}

/// What happens in an `access-<year-month>` stream.
package enum AccessEvent: Hashable, Sendable {
    /// 查看: somebody read sealed parts and said why.
    case read(SealedPartsRead)
    /// 比对: somebody had values of their own compared with sealed parts.
    case compared(DetailsCompared)
    /// 处理滞留: an operator had a consumer try an event again, or go on without it.
    case settled(ParkedEventSettled)
    /// 存入附件: a file was checked and is on disk.
    case attachmentKept(AttachmentKept)
    /// 查看附件: somebody read a file and said why.
    case attachmentRead(AttachmentRead)
}

/// What an operator had a consumer do about an event that it cannot process; the record's actor says who.
package struct ParkedEventSettled: Hashable, Sendable {
    /// What the consumer does.
    package enum Action: Hashable, Sendable, CaseIterable {
        /// Try the household again, with the event.
        case retry
        /// Go on as if the event were not there.
        case skip
    }

    /// The consumer, such as `eligibility` or `care-archive.projections`.
    package var consumer: Code
    package var household: HouseholdID
    /// The event, in the household's stream.
    package var event: EventReference
    package var action: Action
    /// Why, for people.
    package var reason: String

    package init(
        consumer: Code, household: HouseholdID, event: EventReference, action: Action, reason: String
    ) {
        self.consumer = consumer
        self.household = household
        self.event = event
        self.action = action
        self.reason = reason
    }
}

/// Somebody read sealed parts of a household and said why.
package struct SealedPartsRead: Hashable, Sendable {
    package var household: HouseholdID
    /// The reason as earlier programs wrote it; nil in what is written now.
    package var openReason: String?
    /// The reason, see `SealedPart.reason`.
    package var sealed: [SealedPart]

    package init(household: HouseholdID, reason: String) {
        self.init(
            household: household, openReason: nil, sealed: [.reason(reason, about: household.value)])
    }

    package init(household: HouseholdID, openReason: String?, sealed: [SealedPart]) {
        self.household = household
        self.openReason = openReason
        self.sealed = sealed
    }
}

extension SealedPart {
    /// What somebody typed as the reason for looking into the record. People write names and numbers into it, so it is kept
    /// like those, and shown to those only who may see them; who looked, and into what, stands open.
    /// - Parameter subject: What was looked into: a household, or the beginning of a file's digest.
    package static func reason(_ text: String, about subject: Identifier128) -> SealedPart {
        SealedPart(subject: PersonID(subject), details: PersonalDetails(text: text))
    }
}

/// One run of comparisons, by how much it compares; the record's actor says who ran it.
package struct DetailsCompared: Hashable, Sendable {
    package var run: RunID
    package var purpose: Code
    package var households: UInt64
    package var values: UInt64

    package init(
        run: RunID, purpose: Code = Code(unchecked: "compare"), households: UInt64, values: UInt64
    ) {
        self.run = run
        self.purpose = purpose
        self.households = households
        self.values = values
    }
}

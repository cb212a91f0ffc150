import CareDomain

/// What the cross-household read models keep of one household: rows without names, numbers or free text.
///
/// A pure function of the household's state and the pack's words, so a read model maintained event by event and one
/// rebuilt from zero hold the same rows. Periods use `CivilDay.distantPast` and `distantFuture` where they have no end,
/// because a database compares numbers.
package struct HouseholdRows: Hashable, Sendable {
    package var household: HouseholdID
    /// Last event folded in; a row set is written again only when this grows.
    package var lastSequence: UInt64
    package var summary: Summary
    /// Days on which it had an archive number; those before the file count as of the first.
    package var archiveNumbers: [ArchiveNumber] = []
    package var divisions: [Division] = []
    package var statuses: [Status] = []
    package var members: [Member] = []
    /// Days on which a slot of the pack counts as filled, or somebody stands in it of whom details are lacking.
    package var slots: [Slot] = []
    /// Days on which it was owed helpers.
    package var owedPairings: [OwedPairing] = []
    package var tenures: [Tenure] = []
    package var needs: [Need] = []
    package var planItems: [PlanItem] = []
    package var entitlements: [Entitlement] = []
    package var visits: [Visit] = []
    package var handOuts: [HandOut] = []
    /// The files that went on as part of this one.
    package var mergers: [Merger] = []
    /// The file out of which this one came by a split; none or one.
    package var origins: [Origin] = []
    package var notices: [Notice] = []
    /// Of whom an accident alone says that they died.
    package var unrecordedDeaths: [UnrecordedDeath] = []
    package var differences: [Difference] = []
    /// Month by month the differences of persons who are in other files, too.
    package var sharedMonths: [SharedMonth] = []
    /// What is due to those persons and was ordered for them, for those other files.
    package var sharedRuns: [SharedDues.Run] = []
    /// Events that rows would depend on and that cannot be read: they are left out of all other rows.
    package var unread: [UnreadEvent] = []
}

extension HouseholdRows {
    /// Days from the first to before the last, both always set.
    package struct Days: Hashable, Sendable {
        package var from: CivilDay
        package var to: CivilDay

        package init(_ period: DayPeriod) {
            from = max(period.start, .distantPast)
            to = period.end ?? .distantFuture
        }
    }

    /// The household itself.
    package struct Summary: Hashable, Sendable {
        package var state: CareArchive.FileState
        package var stateSince: CivilDay?
        package var registeredOn: CivilDay?
    }

    /// Which archive number it had.
    package struct ArchiveNumber: Hashable, Sendable {
        package var number: String
        package var days: Days
    }

    /// Where it belonged.
    package struct Division: Hashable, Sendable {
        package var division: DivisionCode
        package var days: Days
    }

    /// When it was a special-hardship family.
    package struct Status: Hashable, Sendable {
        package var kind: HardshipPeriod.Kind
        package var days: Days
        /// First day of the unbroken days of this kind of status to which these belong, as the page says it.
        package var unbrokenFrom: CivilDay
        /// The event on which it has rested since then.
        package var restsOn: UInt64
    }

    /// A person of the household.
    package struct Member: Hashable, Sendable {
        package var person: PersonID
        package var sequence: UInt64
        package var role: MemberRole
        package var sex: Sex?
        package var birthDate: CivilDay?
        package var token: PersonToken?
        package var joinedOn: CivilDay
        package var leftOn: CivilDay?
        package var diedOn: CivilDay?
    }

    /// A slot with somebody in it.
    package struct Slot: Hashable, Sendable {
        package var kind: PairingKind
        package var days: Days
        /// What is not on record of them, `name unit contact` with spaces and in this order; empty = the slot is filled. Without
        /// a name nobody holds it.
        package var lacking: String

        package init(kind: PairingKind, days: Days, lacking: HelperDetails = []) {
            self.kind = kind
            self.days = days
            self.lacking = lacking.codes.joined(separator: " ")
        }
    }

    /// Unbroken days on which it was owed the helpers of one duty.
    package struct OwedPairing: Hashable, Sendable {
        /// Stands for the duty.
        package var clause: ClauseID
        package var days: Days
    }

    /// A helper's time in a slot.
    package struct Tenure: Hashable, Sendable {
        package var sequence: UInt64
        package var kind: PairingKind
        package var helper: PersonID
        package var unit: String?
        package var hasRealName: Bool
        package var days: Days
    }

    /// A need.
    package struct Need: Hashable, Sendable {
        package var sequence: UInt64
        package var kind: Code
        package var items: Int
        package var raisedOn: CivilDay
        package var answeredOn: CivilDay?
        package var lastOutcome: Code?
        package var answeredBy: DepartmentID?
        package var closedOn: CivilDay?
        package var closedFor: Code?
    }

    /// An item of the plan.
    package struct PlanItem: Hashable, Sendable {
        package var sequence: UInt64
        package var clause: ClauseID?
        package var department: DepartmentID
        package var openedOn: CivilDay
        package var dueOn: CivilDay?
        package var doneOn: CivilDay?
    }

    /// One stretch of days of a determination. Those that say "not entitled" are left out.
    package struct Entitlement: Hashable, Sendable {
        package var sequence: UInt64
        /// Place in the determination, from 0.
        package var ordinal: Int
        package var clause: ClauseID
        package var person: PersonID?
        package var days: Days
        package var status: DeterminationMade.Status
        package var amount: Fen?
        package var hoursThousandths: Int64?
        package var cadence: Code
        package var department: DepartmentID?
        /// Of the whole determination; on its first row only, so that sums are right.
        package var difference: Fen
    }

    /// Months of one right that one determination made more, or less: for a person to decide.
    package struct Difference: Hashable, Sendable {
        /// Which way it goes.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            /// 应补.
            case arrears
            /// 待正常批次: months after those that the family's regular batches have gone past, or that such a batch left out because
            /// a hold keeps them back: regular batches pay them, and nobody needs to decide (`AwaitedMonths`). Where none has paid
            /// anything of the clause yet, it is `arrears`.
            case awaitingBatch = "awaiting_batch"
            /// 多发.
            case recovery
            /// 待补: it became less, or was owed and is not any longer, because a fact or parameter is missing; whether anything is
            /// over-paid, or owed, is not known.
            case needsFact = "needs_fact"
            /// 待查: the same because the rule ended in an error.
            case failed
            /// 待决定: the same because the clause leaves the sum to people now, and nobody has decided.
            case awaitingDecision = "awaiting_decision"

            /// - Parameters:
            ///   - isAwaited: Whether regular batches pay it by themselves, where it stands as arrears.
            ///   - open: Why what is due in the month is not known; nil = it is, or that does not matter because it stands as
            ///     arrears.
            package init(_ kind: DueStanding.Kind, isAwaited: Bool, _ open: OpenDues.Reason?) {
                switch (kind, open) {
                case (.arrears, nil): self = isAwaited ? .awaitingBatch : .arrears
                case (.recovery, nil): self = .recovery
                case (_, .needsFact?): self = .needsFact
                case (_, .failed?): self = .failed
                case (_, .awaitsDecision?): self = .awaitingDecision
                }
            }
        }

        package var sequence: UInt64
        /// Arrears and recovery of one determination stand in rows of their own, and so does the time in each place of a
        /// family that moved.
        package var ordinal: Int
        /// Where the months belong: the place that pays them; nil = not known.
        package var division: DivisionCode?
        package var kind: Kind
        /// Which way it went before it became unknown; of what is known the same as `kind`.
        package var direction: DueStanding.Kind
        /// What is missing to know it, by the codes of the determination, with spaces; nil where it is known.
        package var missing: String?
        package var clause: ClauseID
        package var subject: FactSubject
        package var first: CivilMonth
        package var last: CivilMonth
        package var months: Int64
        /// Never negative.
        package var sum: Fen
        package var since: CivilDay
        package var rulesChange: RulesChange?
        /// The fact behind it, where no change of the rules is.
        package var fact: EventReference
        package var department: DepartmentID?
        package var pack: PackID
        /// Whether it is a person's who is in other files, too: how much of it stands is known beside those only.
        package var isShared: Bool
    }

    /// One month of a difference of a person who is in other files, too.
    package struct SharedMonth: Hashable, Sendable {
        /// Of the difference.
        package var sequence: UInt64
        package var ordinal: Int
        package var left: SharedDues.Left
    }

    /// An event that cannot be read.
    package struct UnreadEvent: Hashable, Sendable {
        package var sequence: UInt64
        /// Number of its type; 0 when even that cannot be read.
        package var kind: UInt32
        /// Whether the record on disk is not what was written.
        package var isDamaged: Bool

        package init(sequence: UInt64, kind: UInt32, isDamaged: Bool) {
            self.sequence = sequence
            self.kind = kind
            self.isDamaged = isDamaged
        }
    }

    /// A visit.
    package struct Visit: Hashable, Sendable {
        package var sequence: UInt64
        package var day: CivilDay
        package var kind: Code
        package var holiday: Code?
    }

    /// Goods handed out.
    package struct HandOut: Hashable, Sendable {
        package var sequence: UInt64
        package var clause: ClauseID
        package var period: Code
        package var day: CivilDay
        /// What, by code and number: `detergent=2 towel=1`.
        package var items: String
        /// What somebody else who took them is to the family; nil for a member.
        package var relation: Code?
        /// The signed slip, `sha256:…`; nil when there is none.
        package var receipt: String?
        /// Why there is none.
        package var noReceipt: Code?
    }

    /// A notice.
    package struct Notice: Hashable, Sendable {
        package var sequence: UInt64
        package var kind: Code
        package var person: PersonID?
        package var raisedOn: CivilDay
        package var dueOn: CivilDay?
        package var department: DepartmentID?
        /// Whether some channel delivered it.
        package var isDelivered: Bool
        /// Channels that gave up and wait for the operator, ascending, with commas; nil when none.
        package var parkedChannels: String?
        /// Whether it tells of a gap that ended without a helper: none is due any more.
        package var isUnfilled: Bool
    }
}

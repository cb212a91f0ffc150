import CareDomain

/// 关怀档案: everything the record says about one household, as of a day and as known at a moment.
///
/// A pure value made from the household's history; whoever shows it (terminal, page, paper) adds nothing to it. Each
/// line names the event it rests on by its sequence. Personal data is already masked unless it was asked for with a
/// reason, so a renderer cannot show too much.
/// - Source: CZ-3.3a 关怀档案
package struct CareArchive: Hashable, Sendable {
    package var header: Header
    package var members: [MemberLine]
    package var entitlements: [EntitlementLine]
    package var slots: [SlotLine]
    package var guardians: [GuardianLine]
    package var facts: [FactLine]
    package var visits: [VisitLine]
    package var needs: [NeedLine]
    package var planItems: [PlanLine]
    package var notices: [NoticeLine]
    package var awards: [AwardLine]
    package var history: [HistoryLine]
    /// Goods handed out up to the day, oldest first.
    package var handOuts: [HandOutLine] = []
    /// Facts of the family's place that are kept from whoever asks (遮). Each stands here whether or not it is stated, so that
    /// nobody learns from the page that it is.
    package var withheldFacts: [Label] = []
    /// Loans and other aid of the Happiness Project, oldest first. They stand in streams of their own: `take` adds them.
    package var loans: [LoanLine] = []
    /// Sequences of events that could not be read: damaged, or written by a newer program. The page is made without them.
    package var unreadable: [UInt64] = []
    /// Whether the stream is fenced because of damage.
    package var isFenced = false
}

extension CareArchive {
    /// A code of the record with its Chinese word.
    package struct Label: Hashable, Sendable {
        package var code: String
        package var chinese: String

        package init(_ code: String, _ chinese: String) {
            self.code = code
            self.chinese = chinese
        }
    }

    /// What "as known at" is measured by.
    package enum Basis: String, Hashable, Sendable, CaseIterable {
        /// When the log learned it.
        case recorded
        /// When the source says it learned it, where it said so; else when the log did. Only as good as the sources.
        case learned
    }

    /// Whether the file is open.
    package enum FileState: String, Hashable, Sendable, CaseIterable {
        case absent
        case active
        case closed
        case absorbed
        case registeredInError = "registered_in_error"

        /// 在档, 已销档 …
        package var chinese: String {
            switch self {
            case .absent: "未建档"
            case .active: "在档"
            case .closed: "已销档"
            case .absorbed: "已并户"
            case .registeredInError: "误登"
            }
        }
    }

    /// The status as special-hardship family; of a family outside the place that asks for registration there, what the
    /// facts alone say.
    package struct Status: Hashable, Sendable {
        package var kind: HardshipPeriod.Kind
        /// First day of the status.
        package var since: CivilDay
        /// First day without it, when that is already known.
        package var until: CivilDay?
        /// Day of the death or assessment itself with which these days began.
        package var causedOn: CivilDay
        /// The event of it: where the child was assessed again since, the first.
        package var restsOn: UInt64
    }

    /// Where a family lives.
    package struct Residence: Hashable, Sendable {
        package var division: DivisionCode
        /// The division with its name where that is known.
        package var text: String
        package var area: Area?
    }

    /// Whose file, and from where the reader looks at it.
    package struct Header: Hashable, Sendable {
        package var household: HouseholdID
        package var archiveNumber: String?
        package var state: FileState
        package var stateSince: CivilDay?
        package var stateReason: Label?
        /// The household that took this one in.
        package var absorbedInto: HouseholdID?
        package var registeredOn: CivilDay?
        package var division: DivisionCode?
        /// The division with its name where that is known.
        package var divisionText: String
        /// Urban or rural where the family lives, as far as known.
        package var area: Area?
        /// Urban or rural at the place of registration.
        package var divisionArea: Area?
        /// Where the family lives, when that is another place than its registration or of another area.
        package var residence: Residence?
        /// Nil when the household had no such status on the day.
        package var status: Status?
        package var asOf: CivilDay
        /// Nil = everything known.
        package var knownAt: Moment?
        package var basis: Basis
        /// Whether names and numbers are shown in full.
        package var isRevealed: Bool
        /// Last event that was known at the moment.
        package var lastKnownSequence: UInt64
        /// Last event of the stream.
        package var lastSequence: UInt64
        /// How many events the sources had learned by the moment, where the log had recorded none by then; else 0.
        package var learnedCount: UInt64
        /// Versions of the packs whose words were used, `chenzhou-2014@2014-07-16`.
        package var packVersions: [String]
    }

    /// One person of the household.
    package struct MemberLine: Hashable, Sendable {
        /// Where the person is on the day.
        package enum Standing: String, Hashable, Sendable, CaseIterable {
            case present, died, left

            package var chinese: String {
                switch self {
                case .present: "在户"
                case .died: "已故"
                case .left: "已离户"
                }
            }
        }

        package var person: PersonID
        package var role: MemberRole
        package var sex: Sex?
        package var birthDate: CivilDay?
        /// Full years on the day, or at death.
        package var age: Int?
        package var standing: Standing
        /// Day of death or of leaving.
        package var standingSince: CivilDay?
        /// Masked unless revealed; nil when unknown or unreadable.
        package var name: String?
        package var idNumber: String?
        package var phone: String?
        /// Only when revealed.
        package var address: String?
        package var disability: Disability?
        package var joinedOn: CivilDay
        package var joinedBy: UInt64
        /// Set while the death is told by an accident alone: the person counts as living.
        package var fatalIncident: FatalIncident?
        /// Whether an adopted child has no day of adoption on record: the status of the family is open.
        package var isAdoptionUndated = false
    }

    /// An accident of which somebody died whose death is not on record.
    package struct FatalIncident: Hashable, Sendable {
        package var day: CivilDay
        package var sequence: UInt64
    }

    /// The assessment in force on the day.
    package struct Disability: Hashable, Sendable {
        /// 1 to 4; 0 = assessed, no disability.
        package var grade: Int
        package var kind: Label?
        package var since: CivilDay
        /// Last valid day printed on the certificate.
        package var validThrough: CivilDay?
        /// Number of the certificate, which contains the ID number; only when revealed.
        package var certificateNumber: String?
        package var sequence: UInt64
    }

    /// Whom a line is about.
    package struct Subject: Hashable, Sendable {
        /// Without it and without an incident = the household.
        package var person: PersonID?
        /// The event that recorded the incident.
        package var incident: UInt64?
        /// 户, role and masked name, or what struck the household.
        package var text: String
    }

    /// What one clause gives one beneficiary on the day.
    package struct EntitlementLine: Hashable, Sendable {
        package var clause: ClauseID
        package var title: String
        package var subject: Subject
        package var status: DeterminationMade.Status
        /// Whether the right itself holds, also where the sum still waits for something.
        package var rightHolds: Bool
        /// The days with this answer; nil when the determination says nothing about the day.
        package var period: DayPeriod?
        /// Per cadence unit.
        package var amount: Fen?
        /// The clause's own figure, where a person decided another sum.
        package var standard: Fen?
        package var amountType: AmountType
        package var hoursThousandths: Int64?
        /// Per delivered hour.
        package var hourlyRate: Fen?
        package var cadence: Label
        package var monthRule: MonthRule
        package var payers: [Payer]
        package var department: Label?
        /// Codes of what the answer waits for.
        package var missing: [String]
        /// The same in words, one each: 请补妻子 甲**的单位性质.
        package var missingTexts: [String]
        /// Why the right does not hold or what to ask for, in Chinese, the nearest first; empty when nothing is amiss
        /// or no rules were at hand.
        package var reasons: [String]
        /// The months whose sum the determination changed. Shown, never paid by itself.
        package var changes: [DueChange]
        /// What all determinations of the right left to be paid and nobody has decided yet, without the months that wait for
        /// their regular batch; never negative.
        package var standingArrears: Fen
        /// What they left to be taken back and nobody has decided yet; never negative.
        package var standingRecovery: Fen
        /// What became less because people decide the sum since, and nobody has: neither over-paid nor due before somebody does;
        /// never negative.
        package var standingAwaiting = Fen.zero
        /// All three by the place to which the months belong, in the order of first months. Only that place decides about them.
        package var lefts: [Left]
        /// The next change of the answer after the day.
        package var next: Next?
        package var pack: String
        /// Of the determination; 0 when the answer was worked out for the question and stands nowhere.
        package var sequence: UInt64
        /// The events on which the answer rests.
        package var facts: [UInt64]
        /// The decision of a person that made the answer what it is.
        package var decision: UInt64?

        /// Whether the answer was worked out for the question. Then what is owed or over-paid is not known: that follows from
        /// determinations, payments and decisions, of which none rests on what the sources knew.
        package var isWorkedOut: Bool { sequence == 0 }

        /// Arrears (positive) or over-payment (negative) that this one determination found.
        package var difference: Fen { changes.map(\.difference).reduce(.zero, +) }

        /// One payer with a part of the whole.
        package struct Payer: Hashable, Sendable {
            package var payer: Label
            package var parts: Int64
            /// Its part of the amount; nil while there is none.
            package var amount: Fen?
        }

        /// What stands of the months of one place.
        package struct Left: Hashable, Sendable {
            /// nil = not known.
            package var division: DivisionCode?
            /// The division with its name where that is known.
            package var text: String
            package var first: CivilMonth
            package var last: CivilMonth
            /// Never negative.
            package var arrears: Fen
            package var recovery: Fen
            package var awaiting = Fen.zero
        }

        /// A change that lies ahead.
        package struct Next: Hashable, Sendable {
            package var day: CivilDay
            package var status: DeterminationMade.Status
            package var amount: Fen?
        }
    }

    /// One of the pack's pairing slots.
    package struct SlotLine: Hashable, Sendable {
        package var kind: Label
        /// Those who hold it on the day; also those without a real name, who do not fill it.
        package var helpers: [Helper]
        package var isFilled: Bool
        /// 资料不全: somebody holds it under a real name, and details of them are lacking.
        package var isIncomplete: Bool
        /// First day of the gap; nil when somebody holds it, or when the family has no right to helpers that day.
        package var missingSince: CivilDay?
        /// Who held it last, for an empty slot.
        package var lastHelper: Helper?

        /// One helper in the slot.
        package struct Helper: Hashable, Sendable {
            package var person: PersonID
            /// Never masked: real names are the point (实名制).
            package var name: String?
            package var unit: String?
            package var hasRealName: Bool
            /// Masked unless revealed.
            package var phone: String?
            package var since: CivilDay
            package var until: CivilDay?
            package var sequence: UInt64
            /// Of what the document asks for, what is not on record on the day.
            package var lacking: HelperDetails
        }
    }
}

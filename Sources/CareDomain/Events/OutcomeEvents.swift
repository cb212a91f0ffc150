/// 认定结果: what the published packs make of the facts known so far, for one clause and one beneficiary.
///
/// It covers open time: future thresholds (a birthday) already stand in its intervals, so that no clock makes an event.
/// It says all that the evaluation said, so that a reader of the log alone knows what is due in which month and who pays.
package struct DeterminationMade: Hashable, Sendable {
    /// How a stretch of days stands.
    package enum Status: Hashable, Sendable {
        case entitled, proposed, notEntitled, needsFact, needsParameter
        /// 暂缓: the right holds, a person's decision keeps the sum back.
        case held
        /// An expression of the pack ended in an error: a fault of the pack, never of the family.
        case failed
    }

    /// One stretch of days with the same answer.
    package struct Interval: Hashable, Sendable {
        package var period: DayPeriod
        package var status: Status
        /// Whether the right itself holds, also where the sum still waits for a fact, a parameter or a decision.
        package var rightHolds: Bool
        /// Amount per cadence unit (month, term, once); nil when the clause gives no money or no figure yet.
        package var amount: Fen?
        /// The clause's own figure, where a person decided another sum; nil otherwise.
        package var standard: Fen?
        /// Hours per month in thousandths, for hour allowances.
        package var hoursThousandths: Int64?
        /// Subsidy per delivered hour, for hour allowances.
        package var hourlyRate: Fen?
        /// Who pays, each with a part of the whole; empty when nobody does or the payer is an open question.
        package var payers: [PayerShare]
        /// Facts asked for, or the parameter without a value; of a right that stands, what its payer waits for.
        package var missing: [String]
        /// The decision of a person that made the answer what it is.
        package var decision: EventReference?
        /// When the sums of these days fall due, where the version that judged them says another thing than the
        /// determination; nil = as that.
        package var rhythm: DueRhythm?

        /// - Parameter rightHolds: nil = as the status says: entitled, proposed and held.
        package init(
            period: DayPeriod, status: Status, rightHolds: Bool? = nil, amount: Fen? = nil, standard: Fen? = nil,
            hoursThousandths: Int64? = nil, hourlyRate: Fen? = nil, payers: [PayerShare] = [], missing: [String] = [],
            decision: EventReference? = nil, rhythm: DueRhythm? = nil
        ) {
            self.rhythm = rhythm
            self.period = period
            self.status = status
            self.rightHolds = rightHolds ?? (status == .entitled || status == .proposed || status == .held)
            self.amount = amount
            self.standard = standard
            self.hoursThousandths = hoursThousandths
            self.hourlyRate = hourlyRate
            self.payers = payers
            self.missing = missing
            self.decision = decision
        }

        /// The clause's own figure, whatever a person decided.
        package var figure: Fen? { standard ?? amount }
    }

    package var clause: ClauseID
    package var subject: FactSubject
    package var pack: PackID
    /// First day in force of the pack version.
    package var packVersion: CivilDay
    /// SHA-256 of the published bytes.
    package var packHash: [UInt8]
    /// once, month, quarter, school_year, year or none: the rhythm of the amount.
    package var cadence: Code
    /// Which months count as due.
    package var monthRule: MonthRule
    /// How binding the clause's figure is.
    package var amountType: AmountType
    package var department: DepartmentID?
    /// In order of days, without gap or overlap.
    package var intervals: [Interval]
    /// The events of this stream on which the answer rests.
    package var facts: [EventReference]
    /// The stream was read up to here.
    package var readThrough: EventReference
    /// The months up to that of the event whose sum became another than under the determination before, in order.
    /// Shown, never paid by itself.
    package var changes: [DueChange]
    /// The change of the rules that brought it about; nil = the fact it was read through did.
    package var rulesChange: RulesChange?

    package init(
        clause: ClauseID, subject: FactSubject, pack: PackID, packVersion: CivilDay, packHash: [UInt8],
        cadence: Code, monthRule: MonthRule = .anyDay, amountType: AmountType = .none,
        department: DepartmentID? = nil, intervals: [Interval], facts: [EventReference], readThrough: EventReference,
        changes: [DueChange] = [], rulesChange: RulesChange? = nil
    ) {
        self.clause = clause
        self.subject = subject
        self.pack = pack
        self.packVersion = packVersion
        self.packHash = packHash
        self.cadence = cadence
        self.monthRule = monthRule
        self.amountType = amountType
        self.department = department
        self.intervals = intervals
        self.facts = facts
        self.readThrough = readThrough
        self.changes = changes
        self.rulesChange = rulesChange
    }

    /// Arrears (应补, positive) less over-payment (多发) of all changed months.
    package var difference: Fen { changes.map(\.difference).reduce(.zero, +) }
}

/// 提醒: somebody should know or do something. Raised once per key.
package struct NoticeRaised: Hashable, Sendable {
    /// pairing_gap_opened, pairing_gap_closed, pairing_handover, holiday_visit_due, certificate_review_due, right_begins.
    package var kind: Code
    /// What makes it the same notice: kind, subject, slot, day. Never a name.
    package var key: String
    package var subject: FactSubject
    package var dueOn: CivilDay?
    package var department: DepartmentID?
    /// The clause on which it rests.
    package var clause: ClauseID?
    /// Codes that the text needs: slot, holiday, grade, days.
    package var details: [FormAnswer]
    /// Old and new helper, for a handover; who closed a gap, nobody where no helper is due any more.
    package var persons: [PersonID]

    package init(
        kind: Code, key: String, subject: FactSubject, dueOn: CivilDay? = nil, department: DepartmentID? = nil,
        clause: ClauseID? = nil, details: [FormAnswer] = [], persons: [PersonID] = []
    ) {
        self.kind = kind
        self.key = key
        self.subject = subject
        self.dueOn = dueOn
        self.department = department
        self.clause = clause
        self.details = details
        self.persons = persons
    }
}

/// 提醒送达情况: what became of a notice on one channel.
package struct NoticeDelivered: Hashable, Sendable {
    /// How it ended.
    package enum Outcome: Hashable, Sendable { case delivered, parked, skipped }

    package var notice: EventReference
    /// stdout or webhook.
    package var channel: Code
    package var outcome: Outcome
    package var attempts: Int
    /// Why it is parked or skipped, a code (http_500, refused_by_operator).
    package var reason: Code?

    package init(
        notice: EventReference, channel: Code, outcome: Outcome, attempts: Int, reason: Code? = nil
    ) {
        self.notice = notice
        self.channel = channel
        self.outcome = outcome
        self.attempts = attempts
        self.reason = reason
    }
}

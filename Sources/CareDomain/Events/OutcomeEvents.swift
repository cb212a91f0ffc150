/// 认定结果: what the published packs make of the facts known so far, for one clause and one beneficiary.
///
/// It covers open time: future thresholds (a birthday) already stand in its intervals, so that no clock makes an event.
package struct DeterminationMade: Hashable, Sendable {
    /// How a stretch of days stands.
    package enum Status: Hashable, Sendable { case entitled, proposed, notEntitled, needsFact, needsParameter }

    /// One stretch of days with the same answer.
    package struct Interval: Hashable, Sendable {
        package var period: DayPeriod
        package var status: Status
        /// Amount per cadence unit (month, term, once); nil when the clause gives no money or no figure yet.
        package var amount: Fen?
        /// Hours per month in thousandths, for hour allowances.
        package var hoursThousandths: Int64?
        /// Facts asked for, or the parameter without a value.
        package var missing: [String]

        package init(
            period: DayPeriod, status: Status, amount: Fen? = nil, hoursThousandths: Int64? = nil,
            missing: [String] = []
        ) {
            self.period = period
            self.status = status
            self.amount = amount
            self.hoursThousandths = hoursThousandths
            self.missing = missing
        }
    }

    package var clause: ClauseID
    package var subject: FactSubject
    package var pack: PackID
    /// First day in force of the pack version.
    package var packVersion: CivilDay
    /// SHA-256 of the published bytes.
    package var packHash: [UInt8]
    /// once, month, term, school_year, year; the rhythm of the amount.
    package var cadence: Code
    package var payer: Code?
    package var department: DepartmentID?
    package var intervals: [Interval]
    /// The events of this stream on which the answer rests.
    package var facts: [EventReference]
    /// The stream was read up to here.
    package var readThrough: EventReference
    /// Months due under the earlier determination's sums and this one's, difference up to the month of the event:
    /// positive = arrears (应补), negative = over-payment (多发). Shown, never paid by itself.
    package var difference: Fen

    package init(
        clause: ClauseID, subject: FactSubject, pack: PackID, packVersion: CivilDay, packHash: [UInt8],
        cadence: Code, payer: Code? = nil, department: DepartmentID? = nil, intervals: [Interval],
        facts: [EventReference], readThrough: EventReference, difference: Fen
    ) {
        self.clause = clause
        self.subject = subject
        self.pack = pack
        self.packVersion = packVersion
        self.packHash = packHash
        self.cadence = cadence
        self.payer = payer
        self.department = department
        self.intervals = intervals
        self.facts = facts
        self.readThrough = readThrough
        self.difference = difference
    }
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
    /// Codes that the text needs: slot, clause, holiday, grade, helpers' ids.
    package var details: [FormAnswer]
    /// Old and new helper, for a handover.
    package var persons: [PersonID]

    package init(
        kind: Code, key: String, subject: FactSubject, dueOn: CivilDay? = nil, department: DepartmentID? = nil,
        details: [FormAnswer] = [], persons: [PersonID] = []
    ) {
        self.kind = kind
        self.key = key
        self.subject = subject
        self.dueOn = dueOn
        self.department = department
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

/// 应补多发决定: what a named person decided about arrears or an over-payment that a revised determination left.
///
/// Nothing is paid or taken back without it; what it decides is carried out by a batch.
/// - Source: policies, Interactions 7: a difference list for a person to decide
package struct DueDecided: Hashable, Sendable {
    /// The determination that left it.
    package var determination: EventReference
    package var clause: ClauseID
    package var subject: FactSubject
    package var kind: DueStanding.Kind
    /// Whether it is paid, or taken back; otherwise it is let go (不补, 免追).
    package var isCarriedOut: Bool
    /// The place whose months are meant, or one around several. nil in a command = the months of the only place for which the
    /// caller acts; nil in an event = all months, as events had it before months belonged to places.
    package var division: DivisionCode?
    /// The months decided about, in order, without overlap. A command leaves them out, or names those that it found; empty in
    /// an event = all that the determination left.
    package var months: [ClosedRange<CivilMonth>]
    /// Why, a code; the words stand in the sealed parts.
    package var reason: Code
    package var sealed: [SealedPart]

    package init(
        determination: EventReference, clause: ClauseID, subject: FactSubject, kind: DueStanding.Kind,
        isCarriedOut: Bool, reason: Code, division: DivisionCode? = nil, months: [ClosedRange<CivilMonth>] = [],
        sealed: [SealedPart] = []
    ) {
        self.division = division
        self.months = months
        self.determination = determination
        self.clause = clause
        self.subject = subject
        self.kind = kind
        self.isCarriedOut = isCarriedOut
        self.reason = reason
        self.sealed = sealed
    }
}

extension DueDecided {
    /// The months as people write them: `2014-09…2014-11`.
    package var monthTexts: [String] {
        months.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)…\($0.upperBound)" }
    }
}

/// 列入发放: a batch pays these sums to the family. From here on nobody else pays them.
package struct PaymentOrdered: Hashable, Sendable {
    package var batch: BatchID
    package var kind: BatchKind
    /// Last event of the stream that was known when the batch was closed.
    package var knownThrough: EventReference
    /// In order of clause, beneficiary and month; never empty.
    package var lines: [OrderedLine]

    package init(batch: BatchID, kind: BatchKind, knownThrough: EventReference, lines: [OrderedLine]) {
        self.batch = batch
        self.kind = kind
        self.knownThrough = knownThrough
        self.lines = lines
    }
}

/// The same sum of one right in some months in a row.
package struct OrderedLine: Hashable, Sendable {
    package var clause: ClauseID
    package var subject: FactSubject
    package var first: CivilMonth
    /// Not before the first.
    package var last: CivilMonth
    /// Who bears how much of each month; they add up to the month's sum.
    package var parts: [PayerPart]
    /// The decision of a person on which it rests; nil for regular payment.
    package var decision: EventReference?

    package init(
        clause: ClauseID, subject: FactSubject, first: CivilMonth, last: CivilMonth, parts: [PayerPart],
        decision: EventReference? = nil
    ) {
        self.clause = clause
        self.subject = subject
        self.first = first
        self.last = last
        self.parts = parts
        self.decision = decision
    }

    package var months: Int64 { Int64(last - first) + 1 }
    /// Of one month.
    package var monthly: Fen { parts.lazy.map(\.amount).reduce(.zero, +) }
    /// Of all months.
    package var amount: Fen { monthly * months }
    /// 应退: a sum that was paid too much and is to be collected. It stands on a list for the office and in no file for a bank.
    package var isTakenBack: Bool { amount < .zero }

    /// What ordering it posts: the payers bear it, we owe it to the family.
    package var postings: [Posting] {
        parts.map { Posting(.expense($0.payer), $0.amount * months) } + [Posting(.payable, -amount)]
    }
}

/// 发放结果: what became of a line of an order.
package struct PaymentConcluded: Hashable, Sendable {
    /// How it stands now.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// 已发放: the bank paid it.
        case paid
        /// 发放失败: the bank did not; it is sent again.
        case failed
        /// 退回: paid, and came back.
        case returned
        /// 冲销: it is not to be paid; the months may be ordered anew.
        case reversed
    }

    package var batch: BatchID
    /// The order in this stream.
    package var order: EventReference
    /// Place of the line in it, from 0.
    package var line: Int
    package var outcome: Outcome
    /// Event of the batch's stream that says so.
    package var cause: EventReference
    /// Why, a code; for failed, returned and reversed.
    package var reason: Code?
    /// Account of whoever closed the batch; nil in events of earlier programs, and where the batch does not name one.
    package var closedBy: Code?
    /// Account of whoever sent the line to the bank, the last time; nil as above, and when it was never sent.
    package var issuedBy: Code?
    /// Account of whoever took the bank's answer in, or booked the return or the reversal; nil as `closedBy`.
    package var bookedBy: Code?

    package init(
        batch: BatchID, order: EventReference, line: Int, outcome: Outcome, cause: EventReference, reason: Code? = nil,
        closedBy: Code? = nil, issuedBy: Code? = nil, bookedBy: Code? = nil
    ) {
        self.closedBy = closedBy
        self.issuedBy = issuedBy
        self.bookedBy = bookedBy
        self.batch = batch
        self.order = order
        self.line = line
        self.outcome = outcome
        self.cause = cause
        self.reason = reason
    }
}

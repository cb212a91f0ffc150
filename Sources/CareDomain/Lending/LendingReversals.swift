/// 冲销借款账目: a payout, a repayment, a write-off or what came in after one should not stand. The entry stays in the log and counts on no
/// day any more, as known from this event on; what should stand instead is entered anew.
package struct LoanReversed: Hashable, Sendable {
    /// The entry in the case's stream.
    package var entry: EventReference
    package var kind: LoanMovement.Kind
    package var amount: Fen
    package var reason: Code

    package init(entry: EventReference, kind: LoanMovement.Kind, amount: Fen, reason: Code) {
        self.entry = entry
        self.kind = kind
        self.amount = amount
        self.reason = reason
    }
}

/// 冲销资金账目: a deposit should not stand, or a balance that was taken over goes back; in the fund that handed it over, that
/// it came back.
package struct FundReversed: Hashable, Sendable {
    /// What can be reversed in a fund's own stream; what a case moved is reversed with the case.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case deposited
        case takenOver = "taken_over"
        /// The other side of what was taken over; it follows by itself.
        case handedOver = "handed_over"
    }

    /// The entry in the fund's stream.
    package var entry: EventReference
    package var kind: Kind
    package var amount: Fen
    package var reason: Code
    package var postings: [Posting]

    /// - Parameter postings: Those of the entry.
    package init(entry: EventReference, kind: Kind, amount: Fen, reason: Code, reversing postings: [Posting]) {
        self.init(entry: entry, kind: kind, amount: amount, reason: reason, postings: postings.map(\.reversed))
    }

    /// As it stands in the log.
    package init(entry: EventReference, kind: Kind, amount: Fen, reason: Code, postings: [Posting]) {
        self.entry = entry
        self.kind = kind
        self.amount = amount
        self.reason = reason
        self.postings = postings
    }
}

extension Posting {
    fileprivate var reversed: Posting { Posting(account, -amount) }
}

extension LoanCase {
    /// Decides whether an entry may be reversed: it stands, nothing that stands rests on it, and whoever entered it is another
    /// person. Whether the fund has the money is not asked: what did not come back is owed, whatever the fund did with it.
    /// - Source: XM-2.2b; 郴政办发〔2014〕25号, 三（二）for the second person
    func reverse(
        _ reference: EventReference, _ reason: Code, on day: CivilDay, by actor: Code?
    ) throws(Refusal) -> LoanEvent {
        guard let entry = entries.first(where: { $0.reference == reference }) else {
            throw Refusal(.unknownEntry, field: "sequence", detail: "#\(reference.sequence)")
        }
        if let reversal = entry.reversal {
            throw Refusal(
                .entryReversed, field: "sequence", detail: "#\(reversal.reference.sequence) \(reversal.on)")
        }
        try check(day, notBefore: entry.on)
        guard let actor, actor != entry.by else {
            throw Refusal(.reversedBySame, detail: entry.by?.rawValue)
        }
        let later: [LoanMovement.Kind] =
            switch entry.kind {
            case .disbursed: [.repaid, .writtenOff, .recovered]
            // What was written off is what was left beside it.
            case .repaid: [.writtenOff, .recovered]
            // Without the write-off it would be a repayment.
            case .writtenOff: [.recovered]
            case .recovered: []
            }
        let resting = entries.filter { $0.reversal == nil && later.contains($0.kind) }
        guard resting.isEmpty else {
            throw Refusal(
                .entryRestedOn, field: "sequence",
                detail: resting.map { "#\($0.reference.sequence) \($0.kind.rawValue)" }.joined(separator: ", "),
                words: resting.map { "#\($0.reference.sequence) \($0.kind.chinese)" }.joined(separator: "、"))
        }
        return .reversed(
            LoanReversed(entry: entry.reference, kind: entry.kind, amount: entry.amount, reason: reason))
    }
}

extension LoanMovement.Kind {
    /// 放款, 还款, 核销, 核销后收回
    package var chinese: String {
        switch self {
        case .disbursed: "放款"
        case .repaid: "还款"
        case .writtenOff: "核销"
        case .recovered: "核销后收回"
        }
    }
}

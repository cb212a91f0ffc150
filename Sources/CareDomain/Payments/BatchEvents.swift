/// What happens in a `batch-<id>` stream. Every event that moves money carries postings that add up to nothing.
package enum BatchEvent: Hashable, Sendable {
    /// 编制: somebody began the batch.
    case prepared(BatchScope)
    /// 列户: these families are to be looked at.
    case membersNamed([HouseholdID])
    /// 截止: what is known now counts; nobody is added any more.
    case closed(BatchClosed)
    /// 锁定明细: what some of the families get, as known at the closing.
    case linesFrozen(LinesFrozen)
    /// 锁定: all families were looked at.
    case frozen(BatchFrozen)
    /// 送银行: a file for the bank; or 应退清单, a list of sums to be collected.
    case fileIssued(BankFileIssued)
    /// 银行回盘: what the bank did with a file; or what was collected of a list.
    case answerTaken(BankAnswerTaken)
    /// 退回: money that was paid came back.
    case returned(LineReturned)
    /// 冲销: a line is not to be paid.
    case reversed(LineReversed)
    /// 登记完毕: the families' files say what the batch did up to this event.
    case stepsDone(through: EventReference)
}

/// What the closing settled beside the moment.
package struct BatchClosed: Hashable, Sendable {
    /// Earlier batches that were damaged: what pays a right that one of them paid stays left out of this batch, for nobody
    /// could tell who held which function on it. In order, each once, at most `most`.
    package var damagedBatches: [BatchID]

    /// Damaged batches beside which a batch can be closed, at most.
    package static let most = 4096

    package init(damagedBatches: [BatchID] = []) { self.damagedBatches = damagedBatches }
}

/// The lines of the next families in order.
package struct LinesFrozen: Hashable, Sendable {
    /// So many of the named families have been looked at, this event's included.
    package var membersThrough: Int
    package var lines: [BatchLine.Ordered]
    package var postings: [Posting]

    package init(membersThrough: Int, lines: [BatchLine.Ordered]) {
        self.init(
            membersThrough: membersThrough, lines: lines, postings: lines.flatMap(\.line.postings).condensed)
    }

    /// As it stands in the log.
    package init(membersThrough: Int, lines: [BatchLine.Ordered], postings: [Posting]) {
        self.membersThrough = membersThrough
        self.lines = lines
        self.postings = postings
    }
}

/// The batch as frozen.
package struct BatchFrozen: Hashable, Sendable {
    package var lineCount: Int
    package var total: Fen

    package init(lineCount: Int, total: Fen) {
        self.lineCount = lineCount
        self.total = total
    }
}

/// One file for the bank; of a batch that takes sums back one list of them (应退清单), which no bank gets.
package struct BankFileIssued: Hashable, Sendable {
    /// One line of the file.
    package struct Entry: Hashable, Sendable {
        /// Number of the batch's line, from 1.
        package var line: Int
        /// Reference to payment details kept outside the log; never an account number. Empty for a sum that is taken back; events
        /// of earlier programs name one there, too.
        package var account: String
        package var amount: Fen

        package init(line: Int, account: String, amount: Fen) {
            self.line = line
            self.account = account
            self.amount = amount
        }
    }

    /// Number of the file in the batch, from 1.
    package var file: Int
    package var entries: [Entry]
    package var postings: [Posting]

    package init(file: Int, entries: [Entry]) {
        let total = entries.lazy.map(\.amount).reduce(Fen.zero, +)
        self.init(file: file, entries: entries, postings: .move(total, from: .transit, to: .payable))
    }

    /// As it stands in the log.
    package init(file: Int, entries: [Entry], postings: [Posting]) {
        self.file = file
        self.entries = entries
        self.postings = postings
    }

    package var total: Fen { entries.lazy.map(\.amount).reduce(.zero, +) }
}

/// What the bank did with a file, or with some of its lines; of a list of sums to be taken back, what was collected of it.
package struct BankAnswerTaken: Hashable, Sendable {
    /// What became of one line.
    package struct Result: Hashable, Sendable {
        package var line: Int
        /// nil = paid, or collected; otherwise why not, a code.
        package var failure: Code?

        package init(line: Int, failure: Code?) {
            self.line = line
            self.failure = failure
        }
    }

    package var file: Int
    package var results: [Result]
    package var postings: [Posting]

    package init(file: Int, results: [Result], postings: [Posting]) {
        self.file = file
        self.results = results
        self.postings = postings
    }
}

/// Money that was paid and came back.
package struct LineReturned: Hashable, Sendable {
    package var line: Int
    package var reason: Code
    package var postings: [Posting]

    package init(line: Int, reason: Code, postings: [Posting]) {
        self.line = line
        self.reason = reason
        self.postings = postings
    }
}

/// A line that is not to be paid.
package struct LineReversed: Hashable, Sendable {
    package var line: Int
    package var reason: Code
    package var postings: [Posting]

    package init(line: Int, reason: Code, postings: [Posting]) {
        self.line = line
        self.reason = reason
        self.postings = postings
    }
}

extension BatchEvent {
    /// What the event posts; empty when it moves no money.
    package var postings: [Posting] {
        switch self {
        case .linesFrozen(let event): event.postings
        case .fileIssued(let event): event.postings
        case .answerTaken(let event): event.postings
        case .returned(let event): event.postings
        case .reversed(let event): event.postings
        case .prepared, .membersNamed, .closed, .frozen, .stepsDone: []
        }
    }
}

/// A batch's event as the log holds it.
package struct KnownBatchEvent: Hashable, Sendable {
    package var reference: EventReference
    package var recordedAt: Moment
    package var occurredOn: CivilDay
    package var command: CommandID
    /// Account of the person who acted.
    package var actor: Code?
    package var event: BatchEvent

    package init(
        reference: EventReference, recordedAt: Moment, occurredOn: CivilDay, command: CommandID, actor: Code? = nil,
        event: BatchEvent
    ) {
        self.reference = reference
        self.recordedAt = recordedAt
        self.occurredOn = occurredOn
        self.command = command
        self.actor = actor
        self.event = event
    }
}

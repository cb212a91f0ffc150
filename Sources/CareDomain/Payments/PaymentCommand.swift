/// What somebody asks to be done about a payment batch.
package struct PaymentCommand: Hashable, Sendable {
    /// Chosen by the client; sending it again is the same command.
    package var id: CommandID
    package var batch: BatchID
    /// The day it was done.
    package var occurredOn: CivilDay
    package var action: PaymentAction

    package init(id: CommandID, batch: BatchID, occurredOn: CivilDay, action: PaymentAction) {
        self.id = id
        self.batch = batch
        self.occurredOn = occurredOn
        self.action = action
    }
}

/// What a payment command asks for.
package enum PaymentAction: Hashable, Sendable {
    /// Begin the batch, or name more families for it.
    case prepare(BatchScope, households: [HouseholdID])
    /// Take no more families and order what each is due, as known at this moment.
    case close
    /// Make files for the bank of all lines that wait.
    case issue
    /// Take in what the bank did.
    case takeAnswer(BankAnswer)
    /// Money that was paid came back.
    case recordReturn(line: Int, reason: Code)
    /// A line that is not under way is not to be paid.
    case reverse(line: Int, reason: Code)
}

/// What stands in the bank's answer to a file.
package struct BankAnswer: Hashable, Sendable {
    /// One line of it.
    package struct Line: Hashable, Sendable {
        /// Number of the row in the bank's file, for telling people where something is wrong.
        package var row: Int
        /// As the bank gives it back; see `BankReference`.
        package var reference: String
        package var amount: Fen
        /// nil = paid; otherwise why not, a code.
        package var failure: Code?

        package init(row: Int, reference: String, amount: Fen, failure: Code?) {
            self.row = row
            self.reference = reference
            self.amount = amount
            self.failure = failure
        }
    }

    package var file: Int
    package var lines: [Line]
    /// Number of lines and sum as the bank states them.
    package var declaredCount: Int
    package var declaredTotal: Fen

    package init(file: Int, lines: [Line], declaredCount: Int, declaredTotal: Fen) {
        self.file = file
        self.lines = lines
        self.declaredCount = declaredCount
        self.declaredTotal = declaredTotal
    }
}

/// What `decide` may know beside the command and the batch.
package struct BatchContext: Sendable {
    /// The civil day on which intake decides.
    package var today: CivilDay
    /// The payment reference of each line that waits, by its number; read from the families' files when files are made.
    package var accounts: [Int: String]
    /// The lines that are not sent because more would be paid than is due now, or taken back than was received, in order.
    package var held: [Int]
    /// The lines that are not sent because a fact is missing, or the rule fails, and nobody knows what is due, in order.
    package var open: [Int]
    /// The lines that are not sent because somebody's decision holds some of their months, in order.
    package var onHold: [Int]
    /// The lines that are not sent because their months belong to several accounts of institutions, in order.
    package var scattered: [Int]
    /// The lines that are not sent because another file ordered some of their months for the same person, in order.
    package var twice: [Int]
    /// How many lines are not sent because an earlier batch that paid the same right is damaged.
    package var unproven: Int
    /// The lines that are not sent because nobody named the account of the institution that gets their money, by clause.
    package var unnamed: [UnnamedPayee]
    /// Earlier batches that cannot be read, each of which paid a right that this one would order at its closing.
    package var damaged: Set<BatchID>
    /// Account of the person who sends the command; nil where nobody is behind it.
    package var actor: Code?
    /// Accounts of those who hold a function on rights of the families that the command is about, as their files say.
    package var holders: [CaseFunction: Set<Code>]
    /// Accounts of those who said where the money of these families goes: they do not send it.
    package var accountsBy: Set<Code>
    /// Department of that person.
    package var department: DepartmentID?
    package var policy: PolicyCatalog

    package init(
        today: CivilDay, accounts: [Int: String] = [:], held: [Int] = [], open: [Int] = [], onHold: [Int] = [],
        scattered: [Int] = [], twice: [Int] = [], unproven: Int = 0, unnamed: [UnnamedPayee] = [],
        damaged: Set<BatchID> = [],
        actor: Code? = nil,
        holders: [CaseFunction: Set<Code>] = [:],
        accountsBy: Set<Code> = [], department: DepartmentID? = nil, policy: PolicyCatalog = .empty
    ) {
        self.onHold = onHold
        self.scattered = scattered
        self.twice = twice
        self.unnamed = unnamed
        self.accountsBy = accountsBy
        self.department = department
        self.policy = policy
        self.today = today
        self.accounts = accounts
        self.held = held
        self.open = open
        self.unproven = unproven
        self.damaged = damaged
        self.actor = actor
        self.holders = holders
    }
}

/// What a payment command leads to.
package enum BatchDecision: Hashable, Sendable {
    /// Events to append to the batch's stream, in order.
    case events([BatchEvent])
    case refused(Refusal)
}

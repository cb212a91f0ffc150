import CareDomain

/// What is found out about the lines of a batch that wait, before they are sent to the bank.
struct LinesToSend {
    /// Where the money of a line goes, nowhere for one that is taken back; a line that is not here is not sent.
    private(set) var accounts: [Int: String] = [:]
    /// Lines of which more would be paid than is due now or than a hold lets go, or taken back than was received.
    private(set) var held: [Int] = []
    /// Lines of which nobody knows what is due, for want of a fact or a decision or because the rule fails.
    private(set) var open: [Int] = []
    /// Lines that are not sent because an earlier batch that paid the same right is damaged.
    private(set) var unproven: Set<Int> = []
    /// Lines that wait for the account of an institution, by clause.
    private var withoutAccount: [ClauseID: UnnamedPayee] = [:]
    /// Accounts of those who said where the money of the families, or of the institutions that get it for them, goes.
    private(set) var accountsBy: Set<Code> = []
    private let policy: PolicyCatalog
    /// Where the batch pays.
    private let place: DivisionCode?
    /// Lines of somebody who died, with their families.
    private var ofTheDead: [Int: HouseholdID] = [:]
    /// Those of them that are taken back.
    private var owedByTheDead: Set<Int> = []

    init(_ policy: PolicyCatalog = .empty, in place: DivisionCode? = nil) {
        self.policy = policy
        self.place = place
    }

    /// Bytes of a payment reference, as the contract has it; a line with a longer one waits.
    private static let longestAccount = 128

    /// Looks at a line in the family's file.
    /// - Returns: Why it is held back, to be told to whoever asked; nil = it is not.
    mutating func look(
        at line: BatchLine, in history: HouseholdHistory, on day: CivilDay, rules: PaymentRules
    ) -> Refusal.Reason? {
        let objection = history.objection(to: line.ordered.line, on: day, rules: rules)
        switch objection {
        case .lineHeld?, .lineOnHold?, .recoveryUnreceived?:
            held.append(line.number)
            return objection
        case .lineNeedsFact?, .lineRuleFails?, .lineAwaitsDecision?:
            open.append(line.number)
            return objection
        default: break
        }
        if objection != nil { ofTheDead[line.number] = history.id }
        if objection == .debtorDied { owedByTheDead.insert(line.number) }
        let ordered = line.ordered.line
        let payee = policy.clauses[ordered.clause]?.payee
        let account = history.destination(of: ordered, on: day, payee: payee, in: place)?.account
        if let account, account.utf8.count <= Self.longestAccount {
            accounts[line.number] = account
        } else if let payee {
            withoutAccount[ordered.clause, default: UnnamedPayee(clause: ordered.clause, payee: payee, lines: [])].lines
                .append(line.number)
        }
        return nil
    }

    /// Notes who said where the money of lines goes: they do not send it, nor book what becomes of it.
    mutating func noteNamers(of lines: [BatchLine], in history: HouseholdHistory, on day: CivilDay) {
        accountsBy.formUnion(history.household.accountStaters)
        for line in lines.map(\.ordered.line) {
            let payee = policy.clauses[line.clause]?.payee
            let namer = history.destination(of: line, on: day, payee: payee, in: place)?.by
            accountsBy.formUnion([namer].compactMap { $0 })
        }
    }

    /// The lines that wait for the account of an institution, by clause, in order.
    var unnamed: [UnnamedPayee] {
        withoutAccount.values.sorted { $0.clause < $1.clause }.map { one in
            UnnamedPayee(clause: one.clause, payee: one.payee, lines: one.lines.sorted())
        }
    }

    /// How many lines wait of which it is told why.
    var told: Int { held.count + open.count + withoutAccount.values.reduce(0) { $0 + $1.lines.count } }

    /// Keeps lines back that would be sent.
    mutating func keepBack(_ lines: Set<Int>) {
        for line in lines where accounts.removeValue(forKey: line) != nil { unproven.insert(line) }
    }

    /// The lines of the dead, in order: whether each is sent, or waits for an account, or is to be taken back from whom people
    /// have to find out. Of one that is kept back for another batch, or waits for an institution's account, that is said, and
    /// nothing here.
    var notes: [(reason: Refusal.Reason, line: Int, household: HouseholdID)] {
        let unnamed = Set(withoutAccount.values.flatMap(\.lines))
        return ofTheDead.sorted { $0.key < $1.key }.filter { line, _ in
            !unproven.contains(line) && !unnamed.contains(line)
        }.map {
            (reason(of: $0.key), $0.key, $0.value)
        }
    }

    private func reason(of line: Int) -> Refusal.Reason {
        if owedByTheDead.contains(line) { return .debtorDied }
        return accounts[line] == nil ? .payeeDiedUnsent : .payeeDied
    }
}

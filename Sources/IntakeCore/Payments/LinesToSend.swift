import CareDomain

/// What is found out about the lines of a batch that wait, before they are sent to the bank.
struct LinesToSend {
    /// Where the money of a line goes, nowhere for one that is taken back; a line that is not here is not sent.
    private(set) var accounts: [Int: String] = [:]
    /// Lines of which more would be paid than is due now, or taken back than was received.
    private(set) var held: [Int] = []
    /// Lines of which nobody knows what is due, for want of a fact or a decision or because the rule fails.
    private(set) var open: [Int] = []
    /// Lines with months that somebody's decision holds.
    private(set) var onHold: [Int] = []
    /// Lines whose months belong to several accounts of institutions.
    private(set) var scattered: [Int] = []
    /// Lines with months that another file ordered for the same person before, or that the bank paid there.
    private(set) var twice: [Int] = []
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
    /// What is to be found out of some of those: where the money went.
    private var traces: [Int: MoneyTrace] = [:]

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
    ) -> Refusal? {
        let ordered = line.ordered.line
        let objection = history.objection(to: ordered, on: day, rules: rules)
        switch objection {
        case .lineHeld?, .recoveryUnreceived?: held.append(line.number)
        case .lineNeedsFact?, .lineRuleFails?, .lineAwaitsDecision?: open.append(line.number)
        case .lineOnHold?:
            onHold.append(line.number)
            return history.hold(on: ordered, day: day, rules: rules).map { $0.note(on: line) }
        default:
            // An institution's account is paid whoever died.
            if objection != nil, ordered.isTakenBack || policy.clauses[ordered.clause]?.payee == nil {
                ofTheDead[line.number] = history.id
            }
            if objection == .debtorDied { owe(line, in: history) }
            return sendTo(line, in: history, on: day)
        }
        return objection.map { Refusal($0, detail: line.whose) }
    }

    /// Keeps a line back of which another file ordered months for the same person.
    /// - Parameter files: The other files, those that whoever asked may be told.
    /// - Returns: What is told to them.
    mutating func keepBack(
        _ line: BatchLine, orderedElsewhere months: [CivilMonth], in files: [HouseholdID]
    ) -> Refusal {
        twice.append(line.number)
        let (months, files) = (months.map(\.description), files.map(\.description))
        let (there, thereEnglish) =
            files.isEmpty
            ? ("", "") : ("，另一户 \(files.joined(separator: "、"))", ", in \(files.joined(separator: ", "))")
        return Refusal(
            .orderedTwice, detail: "\(line.whose)：\(months.joined(separator: "、"))\(there)",
            english: "\(line.whoseEnglish): \(months.joined(separator: ", "))\(thereEnglish)")
    }

    /// Finds out where the money of a line goes.
    private mutating func sendTo(_ line: BatchLine, in history: HouseholdHistory, on day: CivilDay) -> Refusal? {
        let (ordered, number) = (line.ordered.line, line.number)
        let payee = policy.clauses[ordered.clause]?.payee
        if let payee, !ordered.isTakenBack {
            let parts = history.household.institutionMonths(of: ordered, payee: payee, in: place)
            let lacking = parts.filter { !Self.isUsable($0.account) }
            for part in lacking {
                withoutAccount[
                    ordered.clause, default: UnnamedPayee(clause: ordered.clause, payee: payee, lines: [])
                ].add(number, lacking: part.first, part.last)
            }
            if lacking.isEmpty, parts.count > 1 {
                scattered.append(number)
                return .accountsDiffer(line, parts)
            }
        }
        let account = history.destination(of: ordered, on: day, payee: payee, in: place)?.account
        if let account, Self.isUsable(account) { accounts[number] = account }
        return nil
    }

    private static func isUsable(_ account: String?) -> Bool {
        account.map { $0.utf8.count <= longestAccount } ?? false
    }

    /// Somebody has died from whom a line takes back: what went to an institution is not asked of the family.
    private mutating func owe(_ line: BatchLine, in history: HouseholdHistory) {
        owedByTheDead.insert(line.number)
        guard let payee = policy.clauses[line.ordered.line.clause]?.payee else { return }
        let sources = history.household.sources(
            of: OrderPlace(order: line.ordered.order, place: line.ordered.place))
        traces[line.number] = MoneyTrace(history: history, payee: payee, open: sources.map(\.from))
    }

    /// Batches that tell where money went.
    var batchesOfTraces: Set<BatchID> {
        Set(traces.values.flatMap { trace in trace.open.compactMap { trace.history.household.batch(of: $0.order) } })
    }

    /// Takes in where another batch sent the money.
    mutating func trace(in other: PaymentBatch) {
        for number in traces.keys { traces[number]?.look(in: other) }
    }

    /// Notes who said where the money of lines goes: they do not send it, nor book what becomes of it.
    mutating func noteNamers(of lines: [BatchLine], in history: HouseholdHistory) {
        accountsBy.formUnion(history.household.accountStaters)
        for line in lines.map(\.ordered.line) where !line.isTakenBack {
            guard let payee = policy.clauses[line.clause]?.payee else { continue }
            let parts = history.household.institutionMonths(of: line, payee: payee, in: place)
            accountsBy.formUnion(parts.flatMap(\.by))
        }
    }

    /// The lines that wait for the account of an institution, by clause, in order.
    var unnamed: [UnnamedPayee] {
        withoutAccount.values.sorted { $0.clause < $1.clause }.map { one in
            UnnamedPayee(clause: one.clause, payee: one.payee, lines: one.lines.sorted(), months: one.months)
        }
    }

    /// How many lines wait of which it is told why.
    var told: Int {
        held.count + open.count + onHold.count + scattered.count + twice.count
            + withoutAccount.values.reduce(0) { $0 + $1.lines.count }
    }

    /// Keeps lines back that would be sent.
    mutating func keepBack(_ lines: Set<Int>) {
        for line in lines where accounts.removeValue(forKey: line) != nil { unproven.insert(line) }
    }

    /// The lines of the dead, in order: whether each is sent, or waits for an account, or is to be taken back from whom people
    /// have to find out. Of one that is kept back for another batch, or whose money an institution has, nothing is said here.
    var notes: [(reason: Refusal.Reason, line: Int, household: HouseholdID)] {
        ofTheDead.sorted { $0.key < $1.key }.filter { line, _ in
            !unproven.contains(line) && !(traces[line]?.isInstitutions ?? false)
        }.map {
            (reason(of: $0.key), $0.key, $0.value)
        }
    }

    private func reason(of line: Int) -> Refusal.Reason {
        if owedByTheDead.contains(line) { return .debtorDied }
        return accounts[line] == nil ? .payeeDiedUnsent : .payeeDied
    }
}

/// Where the money went that a line takes back.
private struct MoneyTrace {
    let history: HouseholdHistory
    let payee: InstitutionPayee
    /// Lines that paid it, of which that is not known yet.
    var open: [OrderPlace]
    /// Whether an institution has some of it, and the family none, as far as it is known.
    private var went: Set<Bool> = []

    init(history: HouseholdHistory, payee: InstitutionPayee, open: [OrderPlace]) {
        self.history = history
        self.payee = payee
        self.open = open
    }

    /// Whether institutions have all of it.
    var isInstitutions: Bool { open.isEmpty && went == [true] }

    mutating func look(in batch: PaymentBatch) {
        open.removeAll { place in
            guard history.household.batch(of: place.order) == batch.id,
                let account = batch.account(of: place, in: history.id)
            else { return false }
            went.insert(history.isInstitutions(account, payee: payee))
            return true
        }
    }
}

extension BatchLine {
    /// `第 3 笔，户 …`
    fileprivate var whose: String { "第 \(number) 笔，户 \(ordered.household)" }

    fileprivate var whoseEnglish: String { "line \(number), household \(ordered.household)" }
}

extension LineHold {
    /// What whoever sends the others is told.
    fileprivate func note(on line: BatchLine) -> Refusal {
        let months = months.map(\.description)
        let (chinese, english) = (months.joined(separator: "、"), months.joined(separator: ", "))
        guard let until, let sentFrom else {
            return Refusal(
                .lineOnHold, detail: "\(line.whose)：\(chinese) 暂缓，没有写明期满后接着享受的日子，等撤销暂缓",
                english: "\(line.whoseEnglish): \(english) held with no day after which the right goes on, until that "
                    + "is taken back")
        }
        return Refusal(
            .lineOnHold, detail: "\(line.whose)：\(chinese) 暂缓至 \(until)，\(sentFrom) 起由本批次送出",
            english: "\(line.whoseEnglish): \(english) held until \(until), sent by this batch from \(sentFrom)")
    }
}

extension Refusal {
    /// A line that was ordered as one before it was known that its months go to several accounts.
    fileprivate static func accountsDiffer(_ line: BatchLine, _ parts: [InstitutionMonths]) -> Refusal {
        Refusal(
            .accountsDiffer, detail: "\(line.whose)：\(parts.map(\.text).joined(separator: "、")) 各一个账户",
            english: "\(line.whoseEnglish): \(parts.map(\.text).joined(separator: ", ")) one each")
    }
}

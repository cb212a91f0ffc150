/// 科目: where money is or to what it is charged.
package struct Account: CodeValue {
    package let rawValue: String
    package init(unchecked rawValue: String) { self.rawValue = rawValue }

    /// 应付受益人: ordered, not yet sent. Credit when we owe, debit when somebody owes us.
    package static let payable = Account(unchecked: "payable")
    /// 在途: in a file that the bank has not answered.
    package static let transit = Account(unchecked: "transit")
    /// 银行存款: what the bank paid out, or took in.
    package static let bank = Account(unchecked: "bank")

    /// 补助支出: what a payer bears.
    package static func expense(_ payer: Code) -> Account { Account(unchecked: "expense.\(payer)") }
}

/// 分录: an amount on an account; debit is positive, credit negative.
package struct Posting: Hashable, Sendable {
    package var account: Account
    package var amount: Fen

    package init(_ account: Account, _ amount: Fen) {
        self.account = account
        self.amount = amount
    }
}

/// What money events post. Each set of postings adds up to nothing, so every sum of them does.
package struct Ledger: Hashable, Sendable {
    /// Balance of each account that was posted to.
    package private(set) var balances: [Account: Fen] = [:]

    /// Nothing posted.
    package init() {}

    /// Takes the postings of one event in.
    package mutating func post(_ postings: [Posting]) {
        for posting in postings { balances[posting.account, default: .zero] += posting.amount }
    }

    /// The balance of an account; zero when nothing was posted to it.
    package func balance(_ account: Account) -> Fen { balances[account] ?? .zero }

    /// What all accounts add up to: zero, or an event was not balanced.
    package var sum: Fen { balances.values.reduce(.zero, +) }
}

extension [Posting] {
    /// What they add up to; zero for every money event.
    package var sum: Fen { lazy.map(\.amount).reduce(.zero, +) }

    /// Whether they add up to nothing.
    package var isBalanced: Bool { sum == .zero }

    /// One posting for each account, in order of accounts, without those of zero.
    package var condensed: [Posting] {
        var ledger = Ledger()
        ledger.post(self)
        return ledger.balances.filter { $0.value != .zero }.sorted { $0.key < $1.key }.map { Posting($0.key, $0.value) }
    }

    /// Moves an amount from one account to another.
    package static func move(_ amount: Fen, from source: Account, to target: Account) -> [Posting] {
        amount == .zero ? [] : [Posting(target, amount), Posting(source, -amount)].condensed
    }
}

/// What a batch orders of one month of a right, with what tells its months apart beside their sums.
struct DueLine {
    /// Months with another one stand in a line of their own.
    enum Key: Hashable {
        /// 付给家庭: where the person's account is asked for when the line is sent.
        case family
        /// 付给机构: the account that stood in the month, as known at the closing; nil = none was known.
        case account(String?)
        /// 从机构的款里收回: the line that paid the month.
        case source(OrderPlace?)
    }

    var line: OrderedLine
    let key: Key

    private func goesOn(with next: DueLine) -> Bool {
        key == next.key && line.clause == next.line.clause && line.subject == next.line.subject
            && line.parts == next.line.parts && line.decision == next.line.decision && line.last + 1 == next.line.first
    }

    /// Months in a row with the same parts and the same key as one line.
    static func joined(_ lines: [DueLine]) -> [OrderedLine] {
        var result: [DueLine] = []
        for next in lines {
            // Months of an institution may alternate between the lines that paid them.
            let place =
                next.key == .family
                ? result.indices.last.flatMap { result[$0].goesOn(with: next) ? $0 : nil }
                : result.lastIndex { $0.goesOn(with: next) }
            if let place { result[place].line.last = next.line.last } else { result.append(next) }
        }
        return result.map(\.line)
    }
}

extension BatchDues {
    /// Lines of single months, each with what tells them apart: of money that an institution gets, where it goes, and of what is taken
    /// back of it, from which line, so that every line has one account.
    /// - Source: Decision 0046
    func apart(_ lines: [OrderedLine]) -> [DueLine] {
        var sums: [FactKey: PaidSums] = [:]
        return lines.flatMap { line -> [DueLine] in
            guard let payee = rules.payees(line.clause) else { return [DueLine(line: line, key: .family)] }
            guard line.isTakenBack else {
                let account = known.institutionMonths(of: line, payee: payee, in: scope.division).first?.account
                return [DueLine(line: line, key: .account(account))]
            }
            let key = FactKey(clause: line.clause, subject: line.subject)
            var paid =
                sums[key]
                ?? PaidSums(
                    present, of: line.clause, line.subject,
                    counting: known.together(line.clause, line.subject, present))
            let parts = paid.take(-line.amount, of: line.first)
            sums[key] = paid
            return split(line, parts)
        }
    }

    private struct FactKey: Hashable {
        let clause: ClauseID
        let subject: FactSubject
    }

    /// One line for each part; what each payer gets back of all of them is what it gets of the line.
    private func split(_ line: OrderedLine, _ parts: [(from: OrderPlace?, amount: Fen)]) -> [DueLine] {
        var left = line.parts
        let shares = line.parts.map { PayerShare(payer: $0.payer, parts: Int64($0.amount.amount.magnitude)) }
        return parts.enumerated().compactMap { index, part in
            var own = line
            own.parts = index == parts.count - 1 ? left : rules.split(-part.amount, shares)
            for taken in own.parts {
                let place = left.firstIndex { $0.payer == taken.payer }
                if let place { left[place].amount = left[place].amount - taken.amount }
            }
            own.parts.removeAll { $0.amount == .zero }
            return own.parts.isEmpty ? nil : DueLine(line: own, key: .source(part.from))
        }
    }
}

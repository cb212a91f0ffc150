import CareDomain

extension CareArchive {
    /// 借款与帮扶: a loan or other aid of the Happiness Project, as of the page's day. It rests on its own stream.
    /// - Source: XM-2.1c 一户一档
    package struct LoanLine: Hashable, Sendable {
        /// One due day of the agreement.
        package struct Instalment: Hashable, Sendable {
            package var dueOn: CivilDay
            package var amount: Fen
            /// Principal is counted to the earliest instalments first.
            package var repaid: Fen
            /// Whether it is no longer in time and something of it is not paid.
            package var isOverdue: Bool
        }

        /// An entry of money that was reversed: it counts in none of the sums, on no day.
        package struct Reversal: Hashable, Sendable {
            /// Sequence of the entry in the case's stream.
            package var entry: UInt64
            package var kind: Label
            package var enteredOn: CivilDay
            package var amount: Fen
            /// Of a repayment.
            package var receipt: String?
            /// Sequence of the reversal in the case's stream.
            package var sequence: UInt64
            package var reversedOn: CivilDay
            package var reason: Label
            /// Account of the person; nil = nobody.
            package var by: String?
        }

        package var loan: LoanID
        package var mother: Subject
        package var mode: Label
        package var state: Label
        package var purpose: Label
        package var amount: Fen
        package var appliedOn: CivilDay
        package var disbursedOn: CivilDay?
        package var repaid: Fen
        package var outstanding: Fen
        package var overdue: Fen
        package var instalments: [Instalment]
        /// What is missing before the payout; empty once it was paid out.
        package var missing: [Label]
        /// The responsible helper, a code.
        package var helper: String?
        package var stage: Label?
        /// Entries up to the page's day that were reversed, in order.
        package var reversals: [Reversal] = []
    }

    /// Puts the family's cases on its page: those for which it applied, and those of mothers who belong to it now.
    /// - Parameters:
    ///   - cases: As known at the page's moment.
    ///   - terms: When an instalment is overdue, as known then.
    package mutating func take(
        _ cases: [LoanCase], words: CarePolicyWords, overdueBy terms: OverdueTerms = .standard
    ) {
        let present = Set(members.filter { $0.standing != .left }.map(\.person))
        let own = cases.filter { one in
            guard let applied = one.application, applied.on <= header.asOf else { return false }
            return applied.content.household == header.household || present.contains(applied.content.mother)
        }
        loans = own.compactMap { LoanLine($0, of: self, words: words, terms) }
            .sorted { ($0.appliedOn, $0.loan.description) < ($1.appliedOn, $1.loan.description) }
    }
}

extension CareArchive.LoanLine {
    fileprivate init?(_ one: LoanCase, of page: CareArchive, words: CarePolicyWords, _ terms: OverdueTerms) {
        guard let application = one.application else { return nil }
        let day = page.header.asOf
        let state = one.state(on: day)
        let member = page.members.first { $0.person == application.content.mother }
        let recovered = one.recovered(by: day)
        let stateText = state.chinese + (recovered > .zero ? "（核销后收回 \(recovered)元）" : "")
        let name = [member?.role.chinese ?? "母亲", member?.name].compactMap { $0 }.joined(separator: " ")
        var paid = one.repaid(by: day)
        let instalments = one.instalments.map { instalment in
            let part = min(paid, instalment.amount)
            paid = paid - part
            let isLate = part < instalment.amount && one.isOverdue(instalment, on: day, by: terms)
            return Instalment(dueOn: instalment.dueOn, amount: instalment.amount, repaid: part, isOverdue: isLate)
        }
        self.init(
            loan: one.id, mother: .init(person: application.content.mother, text: name),
            mode: .init(one.mode.rawValue, one.mode.chinese), state: .init(state.rawValue, stateText),
            purpose: .init(application.content.purpose.rawValue, words.chinese(application.content.purpose)),
            amount: one.amount, appliedOn: application.on,
            disbursedOn: one.payout.flatMap { $0.on <= day ? $0.on : nil },
            repaid: one.repaid(by: day), outstanding: one.outstanding(on: day),
            overdue: one.overdue(on: day, by: terms),
            instalments: instalments,
            missing: [.reviewing, .approved].contains(state)
                ? one.missing(on: day).map { .init($0.rawValue, LoanStep.chinese($0.rawValue)) } : [],
            helper: one.helper(on: day)?.rawValue, stage: one.stage(on: day).map { .init($0.rawValue, $0.chinese) },
            reversals: one.entries.filter { $0.on <= day }.compactMap { Reversal($0, words) })
    }
}

extension CareArchive.LoanLine.Reversal {
    /// Nil for an entry that stands.
    fileprivate init?(_ entry: LoanCase.Entry, _ words: CarePolicyWords) {
        guard let reversal = entry.reversal else { return nil }
        let reason = reversal.content.reason
        self.init(
            entry: entry.reference.sequence, kind: .init(entry.kind.rawValue, entry.kind.chinese),
            enteredOn: entry.on, amount: entry.amount, receipt: entry.receipt?.rawValue,
            sequence: reversal.reference.sequence, reversedOn: reversal.on,
            reason: .init(reason.rawValue, words.chinese(reason)), by: reversal.by?.rawValue)
    }
}

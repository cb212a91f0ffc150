import CareDomain
import CareWire

extension CareArchive.LoanLine {
    var wire: Care_V1_LoanLine {
        var wire = Care_V1_LoanLine()
        wire.loan = loan.wireData
        wire.mother = mother.wire
        wire.mode = mode.word
        wire.state = state.word
        wire.purpose = purpose.word
        wire.amountFen = amount.amount
        wire.appliedOn = appliedOn.dayNumber
        set(disbursedOn) { wire.disbursedOn = $0.dayNumber }
        wire.repaidFen = repaid.amount
        wire.outstandingFen = outstanding.amount
        wire.overdueFen = overdue.amount
        wire.instalments = instalments.map { instalment in
            var wire = Care_V1_LoanLine.Instalment()
            wire.dueOn = instalment.dueOn.dayNumber
            wire.amountFen = instalment.amount.amount
            wire.repaidFen = instalment.repaid.amount
            wire.isOverdue = instalment.isOverdue
            return wire
        }
        wire.missingSteps = missing.map(\.word)
        set(helper) { wire.helper = $0 }
        set(stage) { wire.stage = $0.word }
        wire.reversals = reversals.map(\.wire)
        return wire
    }

    init(_ wire: Care_V1_LoanLine) throws(PageError) {
        self.init(
            loan: try LoanID(wireData: wire.loan, "loans.loan"), mother: try .init(wire.mother), mode: .init(wire.mode),
            state: .init(wire.state), purpose: .init(wire.purpose), amount: Fen(wire.amountFen),
            appliedOn: CivilDay(dayNumber: wire.appliedOn),
            disbursedOn: day(wire.disbursedOn, ifSet: wire.hasDisbursedOn), repaid: Fen(wire.repaidFen),
            outstanding: Fen(wire.outstandingFen), overdue: Fen(wire.overdueFen),
            instalments: wire.instalments.map {
                Instalment(
                    dueOn: CivilDay(dayNumber: $0.dueOn), amount: Fen($0.amountFen), repaid: Fen($0.repaidFen),
                    isOverdue: $0.isOverdue)
            },
            missing: wire.missingSteps.map { .init($0) }, helper: wire.hasHelper ? wire.helper : nil,
            stage: .init(wire.stage, ifSet: wire.hasStage), reversals: wire.reversals.map { .init($0) })
    }
}

extension CareArchive.LoanLine.Reversal {
    fileprivate var wire: Care_V1_LoanLine.Reversal {
        var wire = Care_V1_LoanLine.Reversal()
        wire.entrySequence = entry
        wire.entry = kind.word
        wire.enteredOn = enteredOn.dayNumber
        wire.amountFen = amount.amount
        set(receipt) { wire.receipt = $0 }
        wire.sequence = sequence
        wire.reversedOn = reversedOn.dayNumber
        wire.reason = reason.word
        wire.actor = by ?? ""
        return wire
    }

    fileprivate init(_ wire: Care_V1_LoanLine.Reversal) {
        self.init(
            entry: wire.entrySequence, kind: .init(wire.entry), enteredOn: CivilDay(dayNumber: wire.enteredOn),
            amount: Fen(wire.amountFen), receipt: wire.hasReceipt ? wire.receipt : nil, sequence: wire.sequence,
            reversedOn: CivilDay(dayNumber: wire.reversedOn), reason: .init(wire.reason),
            by: wire.actor.isEmpty ? nil : wire.actor)
    }
}

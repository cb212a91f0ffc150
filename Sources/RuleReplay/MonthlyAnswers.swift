import CareDomain
import RuleColumns
import RuleEngine

/// What a side gives, proposes or asks for, month by month: two sides that say the same in every month do not differ, on
/// whichever of its days a right begins or ends. What an answer waits for, and the figure that a decision of a person takes the
/// place of, are reasons, not answers.
struct MonthlyAnswers: Equatable {
    /// One answer, whatever its days.
    struct Answer: Equatable {
        let status: OutcomeStatus
        let rightHolds: Bool
        /// Fen, or `OutcomeStep.none`.
        let amount: Int64
        let hours: Int64
        let hourlyRate: Int64
        /// In the smallest numbers, without those who bear nothing.
        let payers: [PayerShare]

        /// A grant that the clause's figure has outgrown says as much as it did, and asks to be decided anew.
        init(_ interval: Determination.Interval, _ type: AmountType) {
            status = interval.told(type)
            rightHolds = interval.rightHolds
            amount = interval.amount?.amount ?? OutcomeStep.none
            hours = interval.hours ?? OutcomeStep.none
            hourlyRate = interval.hourlyRate?.amount ?? OutcomeStep.none
            payers = interval.payers.inSmallestParts
        }

        /// - Parameter shares: by place.
        init(_ step: OutcomeStep, _ shares: [[PayerShare]]) {
            status = step.status
            rightHolds = step.rightHolds
            amount = step.amount
            hours = step.hours
            hourlyRate = step.hourlyRate
            payers = step.payer < 0 ? [] : shares[Int(step.payer)].inSmallestParts
        }
    }

    private struct Run: Equatable {
        var months: ClosedRange<Int32>
        let answer: Answer
    }

    private var runs: [Run] = []

    var isEmpty: Bool { runs.isEmpty }

    /// Takes the next days with an answer in.
    /// - Parameter end: the first day after.
    mutating func add(_ answer: Answer, _ start: Int32, _ end: Int32) {
        guard answer.status != .notEntitled, start < end else { return }
        let first = CivilMonth(containing: CivilDay(dayNumber: start)).index
        let last = CivilMonth(containing: CivilDay(dayNumber: end - 1)).index
        if let before = runs.last, before.answer == answer, first <= before.months.upperBound + 1 {
            runs[runs.count - 1].months = before.months.lowerBound...max(last, before.months.upperBound)
        } else {
            runs.append(Run(months: first...last, answer: answer))
        }
    }
}

extension Determination.Interval {
    /// As it is told in a replay: a grant that the clause's figure has outgrown is a proposal of that figure, although what was
    /// granted is paid until it ends.
    func told(_ type: AmountType) -> OutcomeStatus {
        status == .entitled && hasOutgrown(type) ? .proposed : status
    }

    /// The sum that is given, or proposed in the place of what was granted; nil = none, or not known.
    func standing(_ type: AmountType) -> Fen? {
        guard rightHolds else { return nil }
        return told(type) == status ? amount : standard
    }
}

extension [PayerShare] {
    /// The same shares in the smallest numbers: 50 to 50 is 1 to 1.
    var inSmallestParts: [PayerShare] {
        let bearing = filter { $0.parts > 0 }
        var divisor: Int64 = 0
        for share in bearing {
            var (one, other) = (divisor, share.parts)
            while other != 0 { (one, other) = (other, one % other) }
            divisor = one
        }
        guard divisor > 1 else { return bearing }
        return bearing.map { PayerShare(payer: $0.payer, parts: $0.parts / divisor) }
    }
}

import CareDomain

/// Why a clause gives what it gives to one beneficiary on one day, in parts that people and programs can read.
package struct Explanation: Sendable {
    /// A condition that does not hold.
    package struct MissingCondition: Hashable, Sendable {
        package let title: Wording
        /// Reading of the condition when only time is missing, with the day filled in.
        package let later: Wording?
        /// The day it will hold if nothing else happens; nil = not by time alone.
        package let metOn: CivilDay?
        /// Conditions of the definition behind it that do not hold.
        package let behind: [MissingCondition]
        /// Whether the title says what stands in the way, and not what would have to hold.
        package var isHindrance = false

        /// As the reason of a no: a condition by itself reads as if it were met; a day that brings it does not.
        package var reason: Wording {
            if let later { return later }
            return isHindrance ? title : Wording("未满足：\(title.chinese)", "not met: \(title.english)")
        }
    }

    /// A fact that counted.
    package struct FactLine: Hashable, Sendable {
        package let fact: FactID
        package let subject: RuleSubject
        /// Role of the person (妻子), or 户.
        package let who: Wording
        package let title: Wording
        /// The value in words; nothing on record otherwise.
        package let value: Wording
        package let event: EventReference
        /// What others stated of the same day, and why that does not count; empty where nobody says otherwise.
        package let otherwise: [Wording]
    }

    /// A switch that counted.
    package struct ReadingLine: Hashable, Sendable {
        package let reading: Code
        package let question: String
        package let title: Wording
        /// The chosen position in words.
        package let choice: Wording
        package let isDefault: Bool
    }

    /// Something the answer waits for.
    package struct MissingLine: Hashable, Sendable {
        package let missing: Missing
        package let wording: Wording
    }

    package let clause: ClauseID
    package let title: Wording
    /// The words of the document.
    package let words: String
    package let documentNumber: String
    /// The version that answers.
    package let pack: PackReference
    /// Why this version answers, where a transition clause decides it.
    package let transition: Wording?
    package let subject: RuleSubject
    package let who: Wording
    package let day: CivilDay
    package let status: OutcomeStatus
    /// The stretch of days with this answer.
    package let period: DayPeriod
    package let department: DepartmentID?
    package let amount: Fen?
    package let cadence: Cadence
    /// What the month of the day gives; nil where the month has no day with the right and nothing is due in it.
    package let month: MonthSum?
    /// When the right of the day was established; nil where there is none.
    package let confirmedOn: CivilDay?
    /// When the duty that follows has to be done, where its deadline hangs on that day.
    package let deadline: DueRule.Deadline?
    /// The sum step by step.
    package let steps: [Wording]
    package let payers: [(payer: Code, amount: Fen)]
    /// 代缴、代办: the institution that gets the money in place of the person; nil = the person, or no money.
    package let payee: Wording?
    package let readings: [ReadingLine]
    package let facts: [FactLine]
    /// Every condition that does not hold, in the order of the rule.
    package let unmet: [MissingCondition]
    /// The one to tell: the first that time alone does not bring; if time brings all, the one that comes last. Of a
    /// definition always the condition behind it.
    package let nearest: MissingCondition?
    /// The first later day on which the right holds by what is known now.
    package let rightBegins: CivilDay?
    package let missing: [MissingLine]
    /// What could not be worked out, where the rule ends in an error.
    package let failures: [Failure]
    package let warnings: [Wording]
}

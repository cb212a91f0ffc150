import CareDomain

/// What a notice is about. The codes stand in the log and in deliveries and never change.
package enum NoticeKind: String, Hashable, Sendable, CaseIterable {
    /// 结对空缺: a slot has nobody with a real name.
    case gapOpened = "pairing_gap_opened"
    /// 结对补齐: the slot of an earlier gap is filled; without a helper, none is due any more (不再要求).
    case gapClosed = "pairing_gap_closed"
    /// 结对交接: a slot passed from one helper to another.
    case handover = "pairing_handover"
    /// 节日走访: a major holiday is near and no holiday visit is on record for it.
    case visitDue = "holiday_visit_due"
    /// 残疾证复核: a certificate runs out.
    case reviewDue = "certificate_review_due"
    /// 待遇将开始: a right begins soon.
    case rightBegins = "right_begins"

    /// The code as it stands in events.
    package var code: Code { Code(unchecked: rawValue) }

    /// Heading for people.
    package var chinese: String {
        switch self {
        case .gapOpened: "结对空缺"
        case .gapClosed: "结对补齐"
        case .handover: "结对交接"
        case .visitDue: "节日走访"
        case .reviewDue: "残疾证复核"
        case .rightBegins: "待遇将开始"
        }
    }
}

/// Fields of a notice's details.
package enum NoticeField {
    /// Which pairing slot.
    package static let slot = Code(unchecked: "slot")
    /// First day of the gap.
    package static let gapFrom = Code(unchecked: "gap_from")
    /// The day on which it happened or begins.
    package static let day = Code(unchecked: "day")
    /// Which holiday.
    package static let holiday = Code(unchecked: "holiday")
    /// Grade of the disability.
    package static let grade = Code(unchecked: "grade")
    /// Amount of the right per cadence unit.
    package static let amount = Code(unchecked: "amount")
    /// Rhythm of the amount.
    package static let cadence = Code(unchecked: "cadence")
}

extension NoticeRaised {
    /// The value of a detail; nil when the notice has none of that name.
    package func detail(_ field: Code) -> FactValue? { details.first { $0.field == field }?.value }

    /// The day in a detail.
    package func day(_ field: Code) -> CivilDay? {
        if case .day(let day) = detail(field) { day } else { nil }
    }

    /// The code in a detail.
    package func code(_ field: Code) -> Code? {
        if case .code(let code) = detail(field) { code } else { nil }
    }
}

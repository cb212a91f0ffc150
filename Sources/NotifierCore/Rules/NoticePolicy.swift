import CareDomain
import EventLog

/// What the published packs and the deployment say about notices in one place.
package struct NoticePolicy: Hashable, Sendable {
    /// Slots every family of the duty has; Chenzhou's four are data of its pack.
    package var slots: [PolicyCatalog.PairingSlot]
    /// Whether a slot without a real name is empty (实名制, CZ-Q27).
    package var needsRealName: Bool
    /// Major holidays (重大节假日), codes of `Festival` with their words. A code that is no festival gives no notice.
    package var holidays: [PolicyCatalog.Word]
    /// The duty to pair every family; nil = every registered family must have its slots filled.
    package var pairing: DutyNotice?
    /// The duty to visit on holidays; nil = every registered family.
    package var visiting: DutyNotice?
    /// What rests on a disability certificate and who sees to its review; nil = nobody in particular.
    package var reviewing: DutyNotice?
    /// Clauses that are duties, not rights: their beginning is announced to nobody.
    package var dutyClauses: Set<ClauseID>
    /// Days before a holiday on which its visit is announced. 7 by the catalogue.
    package var visitLeadDays: Int32
    /// Days before a certificate's last valid day on which its review is announced.
    package var reviewLeadDays: Int32
    /// Days before a right begins on which it is announced, and after which it is no news any more.
    package var rightLeadDays: Int32
    /// A handover that lies further back is history, as imported files bring it, and announced to nobody.
    package var handoverWindowDays: Int32
    /// A gap that ended further back is history as well, unless a gap of its slot was announced before.
    package var gapWindowDays: Int32
    /// What clauses are called.
    package var clauseTitles: [ClauseID: Title]

    /// A clause that asks something of somebody.
    package struct DutyNotice: Hashable, Sendable {
        /// The clause whose determination says for which families and since when.
        package var clause: ClauseID
        /// Who has to do it; nil = the department in charge of the clause.
        package var owner: DepartmentID?

        package init(clause: ClauseID, owner: DepartmentID? = nil) {
            self.clause = clause
            self.owner = owner
        }
    }

    /// A title in both languages.
    package struct Title: Hashable, Sendable {
        package var chinese: String
        package var english: String

        package init(chinese: String, english: String) {
            self.chinese = chinese
            self.english = english
        }
    }

    package init(
        slots: [PolicyCatalog.PairingSlot], needsRealName: Bool = true, holidays: [PolicyCatalog.Word],
        pairing: DutyNotice? = nil, visiting: DutyNotice? = nil, reviewing: DutyNotice? = nil,
        dutyClauses: Set<ClauseID> = [], visitLeadDays: Int32 = 7, reviewLeadDays: Int32 = 90,
        rightLeadDays: Int32 = 60, handoverWindowDays: Int32 = 60, gapWindowDays: Int32 = 60,
        clauseTitles: [ClauseID: Title] = [:]
    ) {
        self.slots = slots
        self.needsRealName = needsRealName
        self.holidays = holidays
        self.pairing = pairing
        self.visiting = visiting
        self.reviewing = reviewing
        self.dutyClauses = dutyClauses
        self.visitLeadDays = visitLeadDays
        self.reviewLeadDays = reviewLeadDays
        self.rightLeadDays = rightLeadDays
        self.handoverWindowDays = handoverWindowDays
        self.gapWindowDays = gapWindowDays
        self.clauseTitles = clauseTitles
    }

    /// The word for a slot; its code when the policy does not know it.
    package func title(ofSlot kind: Code) -> String {
        slots.first { $0.kind.rawValue == kind.rawValue }?.title ?? kind.rawValue
    }

    /// The word for a holiday; its code when neither the policy nor the calendar knows it.
    package func title(ofHoliday code: Code) -> String {
        holidays.first { $0.code == code }?.title ?? Festival.named(code)?.chinese ?? code.rawValue
    }

    /// Everything that matters, in one order, for noticing that a policy changed while the notifier was away.
    var canonicalText: String {
        let slotText = slots.map { "\($0.kind)=\($0.title)" }.joined(separator: ",")
        let holidayText = holidays.map { "\($0.code)=\($0.title)" }.joined(separator: ",")
        let switches = needsRealName ? "named" : "any"
        let clauses = [pairing, visiting, reviewing].map {
            $0.map { "\($0.clause)@\($0.owner?.rawValue ?? "")" } ?? "-"
        }
        let duties = dutyClauses.sorted().map(\.rawValue).joined(separator: ",")
        let days = [visitLeadDays, reviewLeadDays, rightLeadDays, handoverWindowDays, gapWindowDays].map(String.init)
        return ([slotText, holidayText, duties, switches] + clauses + days).joined(separator: ";")
    }
}

/// The policy of each place; a household belongs to one on a given day.
package struct NoticePolicySet: Hashable, Sendable {
    /// Policies by division; the longest code a household lies in wins.
    package var policies: [DivisionCode: NoticePolicy]
    /// For households outside all of them, or whose division is unknown; nil = no notices there.
    package var fallback: NoticePolicy?

    package init(policies: [DivisionCode: NoticePolicy] = [:], fallback: NoticePolicy? = nil) {
        self.policies = policies
        self.fallback = fallback
    }

    /// The policy for a household on a day; nil when its place has none.
    package func policy(for household: Household, on day: CivilDay) -> NoticePolicy? {
        guard let division = household.division(on: day) else { return fallback }
        let scopes = policies.keys.filter { division.isWithin($0) }
        // 430000 is as long as 431000: the one with fewer closing zeros is the narrower.
        func width(_ code: DivisionCode) -> Int { code.rawValue.reversed().drop(while: { $0 == "0" }).count }
        guard let scope = scopes.max(by: { width($0) < width($1) }) else { return fallback }
        return policies[scope]
    }

    /// Sixteen bytes that differ when any policy differs, the same in every process.
    package var digest: Identifier128 {
        let texts = policies.keys.sorted().map { "\($0):\(policies[$0]?.canonicalText ?? "")" }
        return StableDigest.of(texts + ["*:\(fallback?.canonicalText ?? "-")"])
    }
}

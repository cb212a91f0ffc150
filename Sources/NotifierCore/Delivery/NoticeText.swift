import CareDomain

/// A notice in words, Chinese and English.
package struct NoticeText: Hashable, Sendable {
    package let chinese: String
    package let english: String

    /// Puts a notice into words.
    ///
    /// - Parameters:
    ///   - policy: Gives slots and holidays their words.
    ///   - names: The name of a person where the channel may show names; nil shows the end of the id instead.
    package init(_ notice: NoticeRaised, policy: NoticePolicy?, names: (PersonID) -> String? = { _ in nil }) {
        let slot = notice.code(NoticeField.slot)
        let slotTitle = slot.map { policy?.title(ofSlot: $0) ?? $0.rawValue } ?? ""
        let slotCode = slot?.rawValue ?? ""
        let day = notice.day(NoticeField.day)?.description ?? ""
        let due = notice.dueOn?.description ?? ""
        func person(_ index: Int) -> String {
            guard notice.persons.indices.contains(index) else { return "?" }
            return Self.show(notice.persons[index], names)
        }
        switch NoticeKind(rawValue: notice.kind.rawValue) {
        case .gapOpened:
            let from = notice.day(NoticeField.gapFrom)?.description ?? ""
            chinese = "“\(slotTitle)”结对自 \(from) 起空缺"
            english = "no \(slotCode) helper since \(from)"
        case .gapClosed where notice.persons.isEmpty:
            chinese = "“\(slotTitle)”结对空缺自 \(day) 起不再要求：该户当日起不属于应结对的家庭"
            english = "no \(slotCode) helper is due any more from \(day)"
        case .gapClosed:
            chinese = "“\(slotTitle)”结对自 \(day) 起由 \(person(0)) 承担"
            english = "\(slotCode) helper again from \(day): \(person(0))"
        case .handover:
            chinese = "“\(slotTitle)”结对 \(day) 由 \(person(0)) 交接给 \(person(1))"
            english = "\(slotCode) helper handed over on \(day): \(person(0)) to \(person(1))"
        case .visitDue:
            let holiday = notice.code(NoticeField.holiday)
            let title = holiday.map { policy?.title(ofHoliday: $0) ?? $0.rawValue } ?? ""
            let english = holiday.flatMap(Festival.named)?.english ?? holiday?.rawValue ?? ""
            chinese = "\(title)（\(day)）走访慰问，请于 \(due) 前完成"
            self.english = "visit for \(english) (\(day)), due by \(due)"
        case .reviewDue:
            chinese = "成员 \(Self.show(notice.subject, names)) 的残疾证有效期至 \(due)，请安排复核"
            english = "disability certificate of \(Self.show(notice.subject, names)) valid through \(due), review due"
        case .rightBegins:
            (chinese, english) = Self.right(notice, day: day, policy, names)
        case nil:
            chinese = notice.kind.rawValue
            english = notice.kind.rawValue
        }
    }

    private static func right(
        _ notice: NoticeRaised, day: String, _ policy: NoticePolicy?, _ names: (PersonID) -> String?
    ) -> (chinese: String, english: String) {
        let title = notice.clause.flatMap { policy?.clauseTitles[$0] }
        let clause = notice.clause.map { clause in title.map { "\(clause) \($0.chinese)" } ?? clause.rawValue } ?? ""
        let name = notice.clause.map { clause in title.map { "\(clause) \($0.english)" } ?? clause.rawValue } ?? ""
        var sum = (chinese: "", english: "")
        if case .money(let amount) = notice.detail(NoticeField.amount) {
            let cadence = notice.code(NoticeField.cadence)?.rawValue ?? ""
            let words = [
                "month": "每月", "quarter": "每季度", "year": "每年", "school_year": "每学年", "once": "一次性",
            ]
            sum = ("，\(words[cadence] ?? cadence) \(amount) 元", ", \(amount) yuan (\(cadence))")
        }
        guard case .person = notice.subject else {
            return ("本户自 \(day) 起享受 \(clause)\(sum.chinese)", "\(name) begins on \(day)\(sum.english)")
        }
        let who = show(notice.subject, names)
        return ("成员 \(who) 自 \(day) 起享受 \(clause)\(sum.chinese)", "\(name) begins for \(who) on \(day)\(sum.english)")
    }

    private static func show(_ subject: FactSubject, _ names: (PersonID) -> String?) -> String {
        if case .person(let person) = subject { show(person, names) } else { "?" }
    }

    private static func show(_ person: PersonID, _ names: (PersonID) -> String?) -> String {
        names(person) ?? "…\(person.description.suffix(6))"
    }
}

import ServiceKit

/// Counts the events on which a condition had no answer, so that none is left out in silence.
struct WhereTally {
    private(set) var undecided = 0
    private var reasons: [String: Int] = [:]
    private var first: UInt64?

    /// Whether the event is to be shown.
    mutating func takes(_ verdict: EventCondition.Verdict, at position: UInt64) -> Bool {
        switch verdict {
        case .yes: return true
        case .no: return false
        case .undecided(let reason):
            undecided += 1
            reasons[reason, default: 0] += 1
            first = first ?? position
            return false
        }
    }

    /// What to tell the person at the end; nil when every event was decided.
    var report: UserText? {
        guard let first else { return nil }
        let listed = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let zh = listed.map { "\($0.key) \($0.value) 条" }.joined(separator: "，")
        let en = listed.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return UserText(
            zh: "另有 \(undecided) 条事件无法判断，未列出（\(zh)；首条 #\(first)）。字段可能没有时，先写 has(字段) &&",
            en: "\(undecided) further events could not be decided and are not listed (\(en); first #\(first)). "
                + "Where a field may be missing, write has(field) && before it")
    }
}

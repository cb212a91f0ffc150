extension Household.Status {
    /// Nothing can be added to a file in this state: why, and since when.
    var refusal: Refusal {
        switch self {
        case .registeredInError(let reason):
            let words = Self.words(reason)
            return Refusal(
                .householdNotActive, detail: reason.rawValue, words: "误登：\(words.chinese)",
                english: "registered in error: \(words.english)")
        case .closed(let day, let reason):
            let words = Self.words(reason)
            return Refusal(
                .householdNotActive, detail: reason.rawValue, words: "\(day) 销档：\(words.chinese)",
                english: "since \(day): \(words.english)")
        case .absorbed(let other, let day):
            return Refusal(
                .householdNotActive, detail: other.description, words: "\(day) 并入户 \(other)",
                english: "merged into household \(other) on \(day)")
        case .active, .absent: return Refusal(.householdNotActive)
        }
    }

    /// What the reasons are called that offices close files for; another code stands for itself.
    private static func words(_ reason: Code) -> (chinese: String, english: String) {
        switch reason.rawValue {
        case "moved_away": ("迁出", "the family moved away")
        case "no_members": ("已无成员", "nobody is left in it")
        case "withdrawn": ("自愿退出", "the family withdrew")
        case "duplicate": ("重复登记", "registered twice")
        case "wrong_person": ("认错人", "another person was meant")
        case "typing_error": ("录入错误", "a mistake in typing")
        case "other": ("其他", "another reason")
        default: (reason.rawValue, reason.rawValue)
        }
    }
}

import CareDomain

extension OutcomePiece {
    /// What to tell of a grant that the clause's figure has outgrown; nil of any other answer.
    /// - Parameter type: how binding the clause's figure is.
    func outgrown(_ type: AmountType) -> Wording? {
        guard hasOutgrown(type), let amount, let standard else { return nil }
        return Wording(
            "决定的 \(amount) 元合于作出决定时的规定，不合现行标准 \(standard) 元：决定期满前照此发，"
                + "已发的不算多发；差额请重新决定",
            "the \(amount) yuan decided met the clause when they were decided and do not meet its present figure, "
                + "\(standard) yuan: they are given until the decision ends, and nothing paid was too much; "
                + "decide the difference anew"
        )
    }
}

/// Goods of one kind.
package struct HandedGoods: Hashable, Sendable {
    /// What, a code of `RecordWords.goods`.
    package var goods: Code
    /// How many; at least 1.
    package var count: Int

    package init(goods: Code, count: Int) {
        self.goods = goods
        self.count = count
    }
}

/// 实物发放: the family got on this day what a clause gives it in goods for a period.
/// - Source: BS-3.2 发放清洁用品（每户签收单）
package struct GoodsHandedOut: Hashable, Sendable {
    /// What shows that the family got it.
    package enum Receipt: Hashable, Sendable {
        /// 签收单: the signed slip, an attachment of the household.
        case slip(FileDigest)
        /// Why there is none, a code of `RecordWords.noReceipt`.
        case none(Code)
    }

    package var clause: ClauseID
    /// 2021, 2021-q4, 2021-11 or once, as the clause has it.
    package var period: Code
    /// What was handed out, each kind once.
    package var items: [HandedGoods]
    /// Who took it.
    package var receiver: PersonID
    /// What somebody else than a member is to the family, a code of `RecordWords.receivers`; nil for a member.
    package var relation: Code?
    /// Who brought it; nil where that is whoever recorded it.
    package var handedBy: PersonID?
    package var receipt: Receipt
    package var sealed: [SealedPart]

    package init(
        clause: ClauseID, period: Code, items: [HandedGoods], receiver: PersonID, relation: Code? = nil,
        handedBy: PersonID? = nil, receipt: Receipt, sealed: [SealedPart] = []
    ) {
        self.clause = clause
        self.period = period
        self.items = items
        self.receiver = receiver
        self.relation = relation
        self.handedBy = handedBy
        self.receipt = receipt
        self.sealed = sealed
    }

    /// With the names of those whom it still names, as far as it does not name them anew: who puts a day right does not type
    /// them again.
    func keepingNames(of earlier: GoodsHandedOut) -> GoodsHandedOut {
        var kept = self
        let people = Set([receiver, handedBy].compactMap { $0 })
        for part in earlier.sealed where people.contains(part.subject) {
            if !sealed.contains(where: { $0.subject == part.subject }) { kept.sealed.append(part) }
        }
        return kept
    }
}

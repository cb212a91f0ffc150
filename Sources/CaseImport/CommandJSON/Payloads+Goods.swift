import CareDomain

extension HandedGoods: CodedPayload {
    static var blank: HandedGoods { HandedGoods(goods: .blank, count: 1) }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        try coder.field("goods", &goods)
        try coder.field("count", &count)
    }
}

extension GoodsHandedOut: CodedPayload {
    static var blank: GoodsHandedOut {
        GoodsHandedOut(
            clause: AwardDecided.blank.clause, period: .blank, items: [], receiver: .blank,
            receipt: Receipt.none(.blank))
    }

    mutating func code<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var parts = sealed
        try coder.field("clause", &clause)
        try coder.field("period", &period)
        try coder.objects("items", &items)
        try coder.person("receiver", &receiver, .outsider, &parts)
        try coder.field("relation", &relation)
        try coder.person("handed_by", &handedBy, .outsider, &parts)
        try codeReceipt(with: &coder)
        try coder.sealed(&parts)
        sealed = parts
    }

    private mutating func codeReceipt<C: FieldCoder>(with coder: inout C) throws(CommandProblem) {
        var slip: FileDigest?
        var reason: Code?
        switch receipt {
        case .slip(let digest): slip = digest
        case .none(let said): reason = said == .blank ? nil : said
        }
        try coder.field("receipt", &slip)
        try coder.field("no_receipt", &reason)
        switch (slip, reason) {
        case (let slip?, nil): receipt = .slip(slip)
        case (nil, let reason?): receipt = .none(reason)
        case (nil, nil): throw CommandProblem(.missingKey).within("receipt")
        case (_?, _?): throw CommandProblem(.wrongValue, expected: .text).within("no_receipt")
        }
    }
}

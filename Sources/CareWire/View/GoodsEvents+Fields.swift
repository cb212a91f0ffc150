import CareDomain

extension GoodsHandedOut {
    func describe(in fields: inout ViewFields) {
        fields.add("clause", clause)
        fields.add("period", period)
        fields.add("goods", objects: items.map(\.view))
        fields.add("receiver", receiver)
        fields.add("relation", relation)
        fields.add("handed_by", handedBy)
        switch receipt {
        case .slip(let digest): fields.add("receipt_digest", digest)
        case .none(let reason): fields.add("no_receipt", reason)
        }
    }
}

extension HandedGoods {
    fileprivate var view: ViewValue {
        var fields = ViewFields()
        fields.add("goods", goods)
        fields.add("count", count)
        return .object(fields.fields)
    }
}

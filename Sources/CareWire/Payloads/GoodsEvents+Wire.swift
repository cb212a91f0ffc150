import CareDomain

extension HandedGoods: WireMapped {
    init(wire: Care_V1_HandedGoods) throws(WireError) {
        self.init(
            goods: try Field.code(wire.goods, "goods"),
            count: try Field.count(wire.count, "count", in: 1...WireLimits.goodsCount))
    }

    func wire() throws(WireError) -> Care_V1_HandedGoods {
        var wire = Care_V1_HandedGoods()
        wire.goods = goods.rawValue
        wire.count = try Field.number(count, "count")
        return wire
    }
}

extension GoodsHandedOut: WireMapped {
    init(wire: Care_V1_GoodsHandedOut) throws(WireError) {
        let receipt: Receipt
        switch wire.receipt {
        case .receiptDigest(let digest)?: receipt = .slip(try Field.file(digest, "receipt_digest"))
        case .noReceipt(let reason)?: receipt = .none(try Field.code(reason, "no_receipt"))
        case nil: throw WireError(.missing, "receipt")
        }
        self.init(
            clause: try Field.clause(wire.clause, "clause"), period: try Field.code(wire.period, "period"),
            items: try Field.list(wire.items, "items", limit: WireLimits.goods),
            receiver: try Field.id(wire.receiver, "receiver"),
            relation: try Field.code(ifSet: wire.hasRelation ? wire.relation : nil, "relation"),
            handedBy: try Field.id(ifSet: wire.hasHandedBy ? wire.handedBy : nil, "handed_by"), receipt: receipt,
            sealed: try .init(sealed: wire.sealedParts))
    }

    func wire() throws(WireError) -> Care_V1_GoodsHandedOut {
        var wire = Care_V1_GoodsHandedOut()
        wire.clause = clause.rawValue
        wire.period = period.rawValue
        wire.items = try Field.wires(items, "items")
        wire.receiver = receiver.data
        if let relation { wire.relation = relation.rawValue }
        if let handedBy { wire.handedBy = handedBy.data }
        switch receipt {
        case .slip(let digest): wire.receiptDigest = .init(digest.bytes)
        case .none(let reason): wire.noReceipt = reason.rawValue
        }
        wire.sealedParts = try sealed.sealedWires()
        return wire
    }
}

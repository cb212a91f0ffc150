import CareDomain
import CareWire

extension CareArchive.HandOutLine {
    var wire: Care_V1_HandOutLine {
        var wire = Care_V1_HandOutLine()
        wire.sequence = sequence
        wire.clause = clause.word
        wire.period = period
        wire.day = day.dayNumber
        wire.items = items.map(\.wire)
        wire.receiver = receiver.wireData
        wire.receiverText = receiverText
        set(relation) { wire.relation = $0.word }
        set(handedBy) { wire.handedBy = $0.wireData }
        wire.handedByText = handedByText
        switch receipt {
        case .slip(let digest): wire.receiptDigest = .init(digest.bytes)
        case .none(let reason): wire.noReceipt = reason.word
        }
        set(text) { wire.text = $0 }
        return wire
    }

    init(_ wire: Care_V1_HandOutLine) throws(PageError) {
        guard let receiver = PersonID(bytes: wire.receiver) else { throw PageError("hand_outs.receiver") }
        let receipt: Receipt
        if wire.receiptDigest.isEmpty {
            receipt = .none(.init(wire.noReceipt))
        } else {
            guard let digest = FileDigest(bytes: [UInt8](wire.receiptDigest)) else {
                throw PageError("hand_outs.receipt_digest")
            }
            receipt = .slip(digest)
        }
        self.init(
            sequence: wire.sequence, clause: .init(wire.clause), period: wire.period,
            day: CivilDay(dayNumber: wire.day), items: wire.items.map { Goods($0) }, receiver: receiver,
            receiverText: wire.receiverText, relation: .init(wire.relation, ifSet: wire.hasRelation),
            handedBy: PersonID(bytes: wire.handedBy), handedByText: wire.handedByText, receipt: receipt,
            text: wire.hasText ? wire.text : nil)
    }
}

extension CareArchive.HandOutLine.Goods {
    package var wire: Care_V1_HandOutLine.Goods {
        var wire = Care_V1_HandOutLine.Goods()
        wire.goods = goods.word
        wire.count = UInt32(clamping: count)
        return wire
    }

    package init(_ wire: Care_V1_HandOutLine.Goods) {
        self.init(goods: .init(wire.goods), count: Int(wire.count))
    }

    /// 洗衣液×2
    package var chinese: String { "\(goods.chinese)×\(count)" }
}

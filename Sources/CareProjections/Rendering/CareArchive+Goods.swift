import CareDomain
import OfficeFiles

extension CareArchive {
    var handOutTable: TextTable {
        var table = TextTable([
            .init("条款"), .init("期"), .init("发放日"), .init("物品", mayShrink: true), .init("领取人"), .init("经手"),
            .init("签收单", mayShrink: true), .init("依据", .right),
        ])
        for line in handOuts {
            table.append([
                line.clause.code, line.period, "\(line.day)", line.items.map(\.chinese).joined(separator: "、"),
                line.receiverText + (line.relation.map { "（\($0.chinese)）" } ?? ""), line.handedByText,
                line.receipt.chinese, basis(line.sequence),
            ])
        }
        return table
    }
}

extension CareArchive.HandOutLine.Receipt {
    /// sha256:…, or 无：不能书写
    package var chinese: String {
        switch self {
        case .slip(let digest): digest.reference
        case .none(let reason): "无：\(reason.chinese)"
        }
    }
}

extension CareArchive.HandOutLine {
    var json: JSONText {
        var slip: FileDigest?
        var reason: CareArchive.Label?
        switch receipt {
        case .slip(let digest): slip = digest
        case .none(let said): reason = said
        }
        func word(_ label: CareArchive.Label) -> JSONText {
            .object([("code", .string(label.code)), ("text", .string(label.chinese))])
        }
        return .object([
            ("sequence", .sequence(sequence)), ("clause", .string(clause.code)), ("title", .string(clause.chinese)),
            ("period", .string(period)), ("day", .day(day)),
            (
                "items",
                .array(items.map { .object([("goods", word($0.goods)), ("count", .int(Int64($0.count)))]) })
            ), ("receiver", .string(receiver.description)), ("receiver_text", .string(receiverText)),
            ("relation", relation.map(word) ?? .null), ("handed_by", .string(handedByText)),
            ("receipt", .optional(slip?.reference)), ("no_receipt", reason.map(word) ?? .null),
            ("text", .optional(text)),
        ])
    }
}

import CareDomain

extension HouseholdEvent {
    /// What the file is told of money, without sequences of other streams.
    func paymentMembers(_ reference: CanonicalExport.Reference) -> [(String, JSONText)] {
        switch self {
        case .dueDecided(let event):
            [
                ("determination", .string(reference.digest(event.determination))),
                ("clause", .string(event.clause.rawValue)), ("subject", event.subject.canonical(reference)),
                ("kind", .string(event.kind.rawValue)), ("carried_out", .bool(event.isCarriedOut)),
                ("reason", .string(event.reason.rawValue)),
            ] + event.canonicalMonths
        case .paymentOrdered(let event):
            [
                ("batch", .string(event.batch.description)), ("kind", .string(event.kind.rawValue)),
                ("lines", .array(event.lines.map { $0.canonical(reference) })),
            ]
        case .paymentConcluded(let event):
            [
                ("batch", .string(event.batch.description)), ("order", .string(reference.digest(event.order))),
                ("line", .int(Int64(event.line))), ("outcome", .string(event.outcome.rawValue)),
                ("reason", .optional(event.reason?.rawValue)),
            ]
        default: []
        }
    }
}

extension DueDecided {
    /// The place and its months; nothing of events that had none.
    fileprivate var canonicalMonths: [(String, JSONText)] {
        (division.map { [("division", .string($0.rawValue))] } ?? [])
            + (months.isEmpty ? [] : [("months", .array(monthTexts.map { .string($0) }))])
    }
}

extension OrderedLine {
    fileprivate func canonical(_ reference: CanonicalExport.Reference) -> JSONText {
        .object([
            ("clause", .string(clause.rawValue)), ("subject", subject.canonical(reference)),
            ("first_month", .string(first.description)), ("last_month", .string(last.description)),
            (
                "parts",
                .array(
                    parts.map {
                        .object([("payer", .string($0.payer.rawValue)), ("amount_fen", .int($0.amount.amount))])
                    })
            ), ("decision", decision.map { .string(reference.digest($0)) } ?? .null),
        ])
    }
}

extension PaymentConcluded.Outcome {
    /// 已发放, 失败 …
    package var chinese: String {
        switch self {
        case .paid: "已发放"
        case .failed: "发放失败"
        case .returned: "退回"
        case .reversed: "冲销"
        }
    }

    /// Of a sum that is taken back: 已收回, 未收回 …
    package var chineseOfRecovery: String {
        switch self {
        case .paid: "已收回"
        case .failed: "未收回"
        case .returned: "收回后又退"
        case .reversed: "冲销"
        }
    }
}

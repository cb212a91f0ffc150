import CareDomain

extension UnitEvent {
    /// Writes the fields under the names of the contract.
    func describe(in fields: inout ViewFields) {
        switch self {
        case .guidanceSet(let event):
            fields.add("year", event.year)
            fields.add("numbers", objects: event.numbers.map(\.view))
            fields.add("reason", event.reason)
            fields.add("source", event.source)
        case .budgetSet(let event), .advanceSet(let event):
            fields.add("year", event.year)
            fields.add("amount_fen", .int(event.amount.amount))
            fields.add("reason", event.reason)
            fields.add("source", event.source)
        case .scored(let event):
            fields.add("year", event.year)
            fields.add("clause", event.clause)
            fields.add("points_thousandths", .int(event.points.thousandths))
            fields.add("evidence", event.evidence)
            fields.add("reason", event.reason)
        case .settled(let event): event.describe(in: &fields)
        case .placeReserved(let event):
            fields.add("grant", event.grant)
            fields.add("year", event.year)
            fields.add("clause", event.clause)
            fields.add("household", event.household)
            fields.add("amount_fen", .int(event.amount.amount))
            fields.add("is_beyond", event.isBeyond)
            fields.add("reason", event.reason)
        case .placeConfirmed(let event):
            fields.add("grant", event.grant)
            fields.add("award_sequence", event.award.view)
            fields.add("amount_fen", .int(event.amount.amount))
        case .placeReleased(let event):
            fields.add("grant", event.grant)
            fields.add("cause", event.cause.rawValue)
            fields.add("reason", event.reason)
        }
    }
}

extension GuidanceSet.Number {
    fileprivate var view: ViewValue {
        .object([ViewField("clause", .text(clause.rawValue)), ViewField("places", .int(Int64(places)))])
    }
}

extension Settlement {
    fileprivate func describe(in fields: inout ViewFields) {
        fields.add("year", year)
        fields.add("version", version)
        fields.add("reason", reason)
        fields.add("pack", pack)
        fields.add("city_parts", .int(shares.city))
        fields.add("unit_parts", .int(shares.unit))
        fields.add("score_thousandths", .int(score.thousandths))
        fields.add("cost_fen", .int(cost.amount))
        fields.add("budget_fen", budget.map { .int($0.amount) })
        fields.add("advance_fen", .int(advance.amount))
        fields.add("carried_in_fen", .int(carriedIn.amount))
        fields.add("numerator", .int(result.numerator))
        fields.add("denominator", .int(result.denominator))
        fields.add("share_fen", .int(result.share.amount))
        fields.add("settled_fen", .int(result.settled.amount))
    }
}

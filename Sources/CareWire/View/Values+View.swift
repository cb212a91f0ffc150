import CareDomain

extension FactValue {
    /// Decimals are written in full, 15.25 as "15.250"; money is an object, so that nobody takes fen for yuan.
    var view: ViewValue {
        switch self {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .decimal(let thousandths): .text(Self.decimal(thousandths))
        case .code(let value): .text(value.rawValue)
        case .day(let value): .text(value.description)
        case .money(let value): .object([ViewField("fen", .int(value.amount))])
        case .reference(let value): .text(value)
        }
    }

    private static func decimal(_ thousandths: Int64) -> String {
        let digits = String(thousandths.magnitude % 1000)
        let fraction = String(repeating: "0", count: 3 - digits.count) + digits
        return "\(thousandths < 0 ? "-" : "")\(thousandths.magnitude / 1000).\(fraction)"
    }
}

extension FactSubject {
    var view: ViewValue {
        switch self {
        case .household: .text("household")
        case .person(let person): .text(person.description)
        case .incident(let incident): .object([ViewField("incident_sequence", incident.view)])
        }
    }
}

extension EventReference {
    var view: ViewValue { .int(Int64(clamping: sequence)) }
}

extension FormAnswer {
    var view: ViewValue { .object([ViewField("field", .text(field.rawValue)), ViewField("value", value.view)]) }
}

extension Helper {
    var view: ViewValue {
        var fields = ViewFields()
        fields.add("person", id)
        fields.add("unit", unit)
        fields.add("real_name_given", hasRealName)
        fields.add("contact_given", hasContact)
        return .object(fields.fields)
    }
}

extension IncidentReported.Victim {
    var view: ViewValue {
        var fields = ViewFields()
        fields.add("person", person)
        fields.add("outcome", outcome)
        fields.add("grade", grade)
        return .object(fields.fields)
    }
}

extension DeterminationMade.Interval {
    var view: ViewValue {
        var fields = ViewFields()
        fields.add("start", period.start)
        fields.add("end", period.end)
        fields.add("status", status.name)
        fields.add("amount_fen", amount.map { .int($0.amount) })
        fields.add("hours_thousandths", hoursThousandths.map { .int($0) })
        fields.add("missing_names", each: missing)
        fields.add("right_holds", rightHolds)
        fields.add("payers", objects: payers.map(\.view))
        fields.add("hourly_rate_fen", hourlyRate.map { .int($0.amount) })
        fields.add("standard_fen", standard.map { .int($0.amount) })
        fields.add("decision_sequence", decision?.view)
        fields.add("cadence", rhythm?.cadence)
        fields.add("month_rule", rhythm?.monthRule.rawValue)
        return .object(fields.fields)
    }
}

extension PayerShare {
    var view: ViewValue {
        .object([ViewField("payer", .text(payer.rawValue)), ViewField("parts", .int(parts))])
    }
}

extension DueChange {
    var view: ViewValue {
        .object([
            ViewField("first_month", .text(first.description)), ViewField("last_month", .text(last.description)),
            ViewField("before_fen", .int(before.amount)), ViewField("after_fen", .int(after.amount)),
        ])
    }
}

extension DeterminationMade.Status {
    fileprivate var name: String {
        switch self {
        case .entitled: "entitled"
        case .proposed: "proposed"
        case .notEntitled: "not_entitled"
        case .needsFact: "needs_fact"
        case .needsParameter: "needs_parameter"
        case .held: "held"
        case .failed: "failed"
        }
    }
}

extension PersonClaim {
    func describe(in fields: inout ViewFields) {
        fields.add("household", household)
        // A family claims its archive number as it claims its people; the family itself stands in the person's place then.
        if person.value == household.value {
            fields.add("claimed", "archive_number")
        } else {
            fields.add("person", person)
        }
        fields.add("command", command)
    }
}

/// Lower-case hexadecimal digits.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

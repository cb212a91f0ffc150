import CareDomain

extension HouseholdEvent {
    /// Writes what a household's file is told of money.
    func describePayment(in fields: inout ViewFields) {
        switch self {
        case .dueDecided(let event):
            fields.add("determination_sequence", event.determination.view)
            fields.add("clause", event.clause)
            fields.add("subject", event.subject.view)
            fields.add("kind", event.kind.rawValue)
            fields.add("carried_out", event.isCarriedOut)
            fields.add("division", event.division)
            fields.add("months", each: event.monthTexts)
            fields.add("reason", event.reason)
        case .paymentOrdered(let event):
            fields.add("batch", event.batch)
            fields.add("kind", event.kind.rawValue)
            fields.add("known_through_sequence", event.knownThrough.view)
            fields.add("lines", objects: event.lines.map(\.view))
        case .paymentConcluded(let event):
            fields.add("batch", event.batch)
            fields.add("order_sequence", event.order.view)
            fields.add("line", event.line)
            fields.add("outcome", event.outcome.rawValue)
            fields.add("cause_sequence", event.cause.view)
            fields.add("reason", event.reason)
            fields.add("closed_by", event.closedBy)
            fields.add("issued_by", event.issuedBy)
            fields.add("booked_by", event.bookedBy)
        default: break
        }
    }
}

extension BatchEvent {
    func describe(in fields: inout ViewFields) {
        switch self {
        case .prepared(let scope):
            fields.add("kind", scope.kind.rawValue)
            fields.add("division", scope.division)
            fields.add("period", scope.period)
            fields.add("clauses", each: scope.clauses)
            fields.add("number", scope.number)
        case .membersNamed(let households): fields.add("households", each: households)
        case .closed(let event): fields.add("damaged_batches", each: event.damagedBatches)
        case .linesFrozen(let event):
            fields.add("members_through", event.membersThrough)
            fields.add("lines", objects: event.lines.map(\.view))
        case .frozen(let event):
            fields.add("line_count", event.lineCount)
            fields.add("total_fen", .int(event.total.amount))
        case .fileIssued(let event):
            fields.add("file", event.file)
            fields.add("entries", objects: event.entries.map(\.view))
        case .answerTaken(let event):
            fields.add("file", event.file)
            fields.add("results", objects: event.results.map(\.view))
        case .returned(let event):
            fields.add("line", event.line)
            fields.add("reason", event.reason)
        case .reversed(let event):
            fields.add("line", event.line)
            fields.add("reason", event.reason)
        case .stepsDone(let through): fields.add("through_sequence", through.view)
        }
        fields.add("postings", objects: postings.map(\.view))
    }
}

extension Posting {
    fileprivate var view: ViewValue {
        .object([ViewField("account", .text(account.rawValue)), ViewField("amount_fen", .int(amount.amount))])
    }
}

extension OrderedLine {
    fileprivate var view: ViewValue {
        var fields = ViewFields()
        fields.add("clause", clause)
        fields.add("subject", subject.view)
        fields.add("first_month", first)
        fields.add("last_month", last)
        fields.add(
            "parts",
            objects: parts.map {
                .object([
                    ViewField("payer", .text($0.payer.rawValue)), ViewField("amount_fen", .int($0.amount.amount)),
                ])
            })
        fields.add("decision_sequence", decision?.view)
        return .object(fields.fields)
    }
}

extension BatchLine.Ordered {
    fileprivate var view: ViewValue {
        var fields = ViewFields()
        fields.add("household", household)
        fields.add("order_sequence", order.view)
        fields.add("place", place)
        fields.add("line", line.view)
        return .object(fields.fields)
    }
}

extension BankFileIssued.Entry {
    fileprivate var view: ViewValue {
        var fields = ViewFields()
        fields.add("line", line)
        fields.add("account_ref", account)
        fields.add("amount_fen", .int(amount.amount))
        return .object(fields.fields)
    }
}

extension BankAnswerTaken.Result {
    fileprivate var view: ViewValue {
        var fields = ViewFields()
        fields.add("line", line)
        fields.add("failure", failure)
        return .object(fields.fields)
    }
}

extension BatchEvent {
    /// `BankFileIssued`.
    package var name: String {
        switch self {
        case .prepared: "PaymentBatchPrepared"
        case .membersNamed: "PaymentMembersNamed"
        case .closed: "PaymentBatchClosed"
        case .linesFrozen: "PaymentLinesFrozen"
        case .frozen: "PaymentBatchFrozen"
        case .fileIssued: "BankFileIssued"
        case .answerTaken: "BankAnswerTaken"
        case .returned: "PaymentReturned"
        case .reversed: "PaymentReversed"
        case .stepsDone: "PaymentStepsDone"
        }
    }
}

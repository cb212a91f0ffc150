import ArchiveClient
import CareDomain
import CareWire

/// Names one request of a client until it is answered; given by whoever runs the core.
package struct RequestToken: Hashable, Sendable {
    package let rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// Names one call of intake to care-archive until it is answered.
package struct CallID: Hashable, Sendable {
    package let rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// What reaches intake. Bytes are already messages; who spoke is already known from the key.
package enum IntakeInput: Sendable {
    /// A household command.
    case command(RequestToken, HouseholdCommand, contentDigest: Identifier128, from: Caller)
    /// A household command that is only to be tried: what would become of it.
    case trial(RequestToken, HouseholdCommand, contentDigest: Identifier128, from: Caller)
    /// A pack version to publish, or a parameter to set.
    case packCommand(RequestToken, PackCommand, contentDigest: Identifier128, from: Caller)
    /// Something to be done about a payment batch.
    case paymentCommand(RequestToken, PaymentCommand, contentDigest: Identifier128, from: Caller)
    /// Something to be done about a unit.
    case unitCommand(RequestToken, UnitCommand, contentDigest: Identifier128, from: Caller)
    /// Something to be done about a fund, a case or a report.
    case lendingCommand(RequestToken, LendingCommand, contentDigest: Identifier128, from: Caller)
    /// Something to be recorded in a duty book.
    case dutyCommand(RequestToken, DutyCommand, contentDigest: Identifier128, from: Caller)
    /// The events of a stream, after what was asked for; `isWhole` is false when there are more.
    case householdRead(CallID, [ReadHouseholdEvent], isWhole: Bool)
    case personRead(CallID, [ReadPersonEvent])
    case packRead(CallID, lastSequence: UInt64)
    case batchRead(CallID, [ReadBatchEvent], isWhole: Bool)
    case unitRead(CallID, [ReadUnitEvent], isWhole: Bool)
    case lendingRead(CallID, [ReadLendingEvent], isWhole: Bool)
    case dutiesRead(CallID, [ReadDutyEvent], isWhole: Bool)
    /// Those of the files asked about that are kept, with their types.
    case keptRead(CallID, [FileDigest: Code])
    /// Answers to appends.
    case householdAppended(CallID, AppendAnswer<ReadHouseholdEvent>)
    case personAppended(CallID, AppendAnswer<ReadPersonEvent>)
    case personsAppended(CallID, [AppendAnswer<ReadPersonEvent>])
    case packAppended(CallID, AppendAnswer<UInt64>)
    case batchAppended(CallID, AppendAnswer<ReadBatchEvent>)
    case unitAppended(CallID, AppendAnswer<ReadUnitEvent>)
    case lendingAppended(CallID, AppendAnswer<ReadLendingEvent>)
    case dutyAppended(CallID, AppendAnswer<ReadDutyEvent>)
    case tokenKeyAppended(CallID, AppendAnswer<TokenKeyAdopted>)
    /// What the person and pack streams hold after the cursor intake gave, and which key the log rests on.
    case sharedRead(CallID, SharedNews)
    /// No answer will come.
    case callFailed(CallID, FlowFailure)
    /// Time passed; at least once a second.
    case tick
}

/// Who speaks and for which case.
package struct Caller: Hashable, Sendable {
    package var principal: Principal
    package var traceparent: String?
    package var legalBasis: Code?

    package init(principal: Principal, traceparent: String? = nil, legalBasis: Code? = nil) {
        self.principal = principal
        self.traceparent = traceparent
        self.legalBasis = legalBasis
    }
}

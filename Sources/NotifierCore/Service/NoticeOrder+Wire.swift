import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

extension NoticeOrder {
    /// Reads an operator's order; nil when it is not one about a notice.
    init?(_ operation: Care_V1_Operation, request: IncomingRequest) {
        guard let id = CommandID(bytes: request.id.bytes), let by = Code(request.peer.name) else { return nil }
        switch operation.operation {
        case .retryNotice(let retry):
            guard let household = HouseholdID(bytes: retry.household) else { return nil }
            self.init(
                id: id, household: household, notice: EventReference(sequence: retry.noticeSequence),
                channel: Code(unchecked: "webhook"), action: .retry, by: by)
        case .skipNotice(let skip):
            guard let household = HouseholdID(bytes: skip.household), let reason = Code(skip.reason) else { return nil }
            self.init(
                id: id, household: household, notice: EventReference(sequence: skip.noticeSequence),
                channel: Code(unchecked: "webhook"), action: .skip(reason: reason), by: by)
        case .rebuildProjection, .settleParkedEvent, .listOutbox, .settleOutbox, nil:
            return nil
        }
    }
}

extension OrderAnswer {
    /// The reply to the operator.
    var reply: BusReply {
        switch self {
        case .underWay, .done:
            let accepted = Care_V1_OperationReply.with { $0.accepted = true }
            return .ok((try? accepted.serializedBytes()) ?? [])
        case .refused(let refusal):
            return BusReply(
                status: .refused, code: "CARE-5001", textZH: refusal.chinese, textEN: refusal.rawValue)
        }
    }
}

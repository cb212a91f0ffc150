import CareDomain
import CareWire
import MessageBus

/// An operator's order to try many parked deliveries again: all of them, or all of one household.
struct RetryRound {
    let id: CommandID
    let token: ReplyToken
    let by: Code
    /// Nil = all households.
    let household: HouseholdID?
    /// Parked deliveries found so far.
    var found = 0

    /// - Returns: nil when the operation is another one, or one about a single notice.
    init?(_ operation: Care_V1_Operation, request: IncomingRequest) {
        guard case .retryNotice(let retry)? = operation.operation, retry.noticeSequence == 0,
            let id = CommandID(bytes: request.id.bytes), let by = Code(request.peer.name)
        else { return nil }
        household = HouseholdID(bytes: retry.household)
        guard household != nil || retry.household.isEmpty else { return nil }
        self.id = id
        token = request.token
        self.by = by
    }

    /// The orders that a part of care-archive's list of parked notices stands for.
    func orders(_ list: Care_V1_NoticeList) -> [NoticeOrder] {
        list.notices.compactMap { entry in
            guard let household = HouseholdID(bytes: entry.household), self.household ?? household == household,
                entry.parkedChannels.contains("webhook")
            else { return nil }
            return NoticeOrder(
                id: CommandID.derived(id, "retry.\(household)", Int(entry.sequence)), household: household,
                notice: EventReference(sequence: entry.sequence), channel: Code(unchecked: "webhook"),
                action: .retry, by: by)
        }
    }

    /// The question for the list, from where the part before it ended.
    static func question(on day: CivilDay, after page: String, size: UInt32 = 1000) -> Care_V1_Query {
        .with {
            $0.listNotices.asOf = day.dayNumber
            $0.listNotices.state = "parked"
            $0.listNotices.page.size = size
            $0.listNotices.page.after = page
        }
    }
}

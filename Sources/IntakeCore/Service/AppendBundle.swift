import ArchiveClient
import CareWire
import MessageBus

/// Appends of one turn in one message to care-archive, each of which stands or falls by itself.
struct AppendBundle {
    /// Whose appends they are, and how their answer is to be read.
    enum Ask {
        case household(CallID), person(CallID), persons(CallID), pack(CallID), batch(CallID), unit(CallID)
        case lending(CallID), duty(CallID), tokenKey(CallID)

        var call: CallID {
            switch self {
            case .household(let call), .person(let call), .persons(let call), .pack(let call), .batch(let call),
                .unit(let call), .lending(let call), .duty(let call), .tokenKey(let call):
                call
            }
        }
    }

    /// Most appends in one message; the contract allows 1024.
    static let mostAppends = 512
    /// Appends that are sent at once in the middle of a turn; fewer are not worth a sync of their own.
    static let enoughToSend = 8
    /// Messages under way up to which they are: the archive has one to commit and one to read, and intake decides meanwhile.
    static let mostAhead = 2
    /// Bytes after which another message begins.
    static let mostBytes = 1 << 20

    /// The encoded `AppendBatch` so far.
    var body: [UInt8] = []
    /// Who asked, and for how many appends, in the order in which they stand in the body.
    private(set) var asks: [(ask: Ask, count: Int)] = []
    /// Appends in all.
    private(set) var count = 0

    /// Notes whose the appends written last are.
    mutating func add(_ ask: Ask, _ appends: Int) {
        asks.append((ask, appends))
        count += appends
    }

    /// What the archive's answer means for each who asked, in their order.
    func inputs(from reply: BusReply) -> [IntakeInput] {
        guard reply.status == .ok else {
            return all(
                FlowFailure(
                    code: reply.code, chinese: reply.textZH, english: reply.textEN,
                    isRetriable: reply.status.isRetriable))
        }
        if let places = AppendReceipts.all(reply.body), places.count == count {
            var next = 0
            return asks.map { entry in
                defer { next += entry.count }
                return appended(entry.ask, places[next..<next + entry.count])
            }
        }
        guard let batch = try? Care_V1_AppendBatchReply(serializedBytes: reply.body), batch.replies.count == count
        else { return all(.unreadable) }
        var next = 0
        return asks.map { entry in
            defer { next += entry.count }
            return answered(entry.ask, batch.replies[next..<next + entry.count], isResent: reply.isResent)
        }
    }

    private func all(_ failure: FlowFailure) -> [IntakeInput] { asks.map { .callFailed($0.ask.call, failure) } }

    private func appended(_ ask: Ask, _ places: ArraySlice<AppendPlace>) -> IntakeInput {
        let place = places[places.startIndex]
        switch ask {
        case .household(let call): return .householdAppended(call, .appended(place))
        case .person(let call): return .personAppended(call, .appended(place))
        case .persons(let call): return .personsAppended(call, places.map { .appended($0) })
        case .pack(let call): return .packAppended(call, .appended(place))
        case .batch(let call): return .batchAppended(call, .appended(place))
        case .unit(let call): return .unitAppended(call, .appended(place))
        case .duty(let call): return .dutyAppended(call, .appended(place))
        case .lending(let call): return .lendingAppended(call, .appended(place))
        case .tokenKey(let call): return .tokenKeyAppended(call, .appended(place))
        }
    }

    private func answered(
        _ ask: Ask, _ replies: ArraySlice<Care_V1_AppendReply>, isResent: Bool
    ) -> IntakeInput {
        let reply = replies[replies.startIndex]
        switch ask {
        case .household(let call):
            var answer = ArchiveMessages.answer(reply, read: ArchiveMessages.household)
            if isResent, case .repeated(var place) = answer {
                place.mayBeOwn = true
                answer = .repeated(place)
            }
            return .householdAppended(call, answer)
        case .person(let call):
            return .personAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.person))
        case .persons(let call):
            return .personsAppended(
                call, replies.map { ArchiveMessages.answer($0, read: ArchiveMessages.person) })
        case .pack(let call):
            return .packAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.sequence))
        case .batch(let call):
            return .batchAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.batchEvent))
        case .duty(let call):
            return .dutyAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.dutyEvent))
        case .unit(let call):
            return .unitAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.unitEvent))
        case .lending(let call):
            return .lendingAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.lendingEvent))
        case .tokenKey(let call):
            return .tokenKeyAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.tokenKey))
        }
    }
}

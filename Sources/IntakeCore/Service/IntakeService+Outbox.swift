import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

/// 暂存: commands that come while care-archive cannot be reached, and their way on.
extension IntakeService {
    typealias Actions = [ServiceAction<IntakeWork>]

    /// Tokens of forwarded commands have this bit; those of the bus do not.
    private static var forwardedBit: UInt64 { 1 << 63 }

    /// Whether the reply shows that care-archive is there; some say only that nobody answered.
    static func comesFromArchive(_ reply: BusReply) -> Bool {
        let own: [BusProblem] = [.deadline, .unreachable, .cancelled]
        return !own.contains { $0.code == reply.code }
    }

    /// Keeps a command when it cannot go on now.
    /// - Returns: whether the outbox has seen to it.
    mutating func kept(
        _ received: ReceivedCommand, _ request: IncomingRequest, from caller: Caller, _ now: BusMoment,
        _ actions: inout Actions
    ) -> Bool {
        let token = RequestToken(request.token.number)
        let taken = outbox.take(
            received, bytes: request.body, from: caller, token: token, submission: request.submission, at: now)
        switch taken {
        case .pass:
            return false
        case .store(let kept):
            answering[token] = request.token
            actions.append(.work(.keep(kept)))
        case .joined:
            answering[token] = request.token
        case .kept:
            actions.append(Self.queued(received.command.household, request.token))
        case .refused(let refusal):
            actions.append(CommandAnswers.reply(.refused(refusal), to: request.token))
        case .failed(let failure):
            actions.append(CommandAnswers.reply(.failed(failure), to: request.token))
        }
        return true
    }

    /// A command is on disk, or could not be put there: whoever sent it is told.
    mutating func stored(_ number: UInt64, isOnDisk: Bool, _ actions: inout Actions) {
        guard let (tokens, household) = outbox.stored(number, isOnDisk: isOnDisk) else { return }
        for waiting in tokens.compactMap({ answering.removeValue(forKey: $0) }) {
            actions.append(
                isOnDisk
                    ? Self.queued(household, waiting)
                    : CommandAnswers.reply(.failed(.outboxUnwritable), to: waiting))
        }
    }

    /// Sends the next kept command on its way.
    mutating func forward(_ now: BusMoment, _ actions: inout Actions) {
        guard core.isReady, let kept = outbox.next(at: now.monotonic) else { return }
        let moment = Moment(microseconds: now.utcMicroseconds)
        let (command, caller) = kept.forwarded(on: moment.day)
        let token = RequestToken(kept.number | Self.forwardedBit)
        submissions.begin(
            token,
            Submissions.Entry(append: DecidingAppend(command), digest: kept.digest, number: kept.submission))
        run(.command(token, filler.filled(command), contentDigest: kept.digest, from: caller), moment, &actions)
    }

    /// Takes the result of a forwarded command.
    /// - Returns: false when the token is that of a client.
    mutating func forwarded(_ token: RequestToken, _ result: CommandResult, _ actions: inout Actions) -> Bool {
        guard token.rawValue & Self.forwardedBit != 0 else { return false }
        let number = token.rawValue ^ Self.forwardedBit
        _ = submissions.end(token)
        switch outbox.settled(number, result, at: turn.monotonic) {
        case .keep: break
        case .remove(let number): actions.append(.work(.forget(number)))
        case .rewrite(let kept):
            actions.append(.work(.keep(kept)))
            actions.append(
                .log(
                    BusLogEntry(
                        .warning, "a command of the outbox was refused and waits for a person",
                        ["command": "\(kept.command.id)", "code": kept.refusal?.code ?? ""])))
        }
        return true
    }

    /// What operators ask of the outbox.
    mutating func operate(_ request: IncomingRequest, _ now: BusMoment, _ actions: inout Actions) {
        guard request.peer.rights.contains(.operate), let divisions = Principal(peer: request.peer)?.divisions else {
            actions.append(.reply(request.token, .problem(.rightMissing)))
            return
        }
        var isAccepted = true
        switch (try? Care_V1_Operation(serializedBytes: request.body))?.operation {
        case .listOutbox:
            break
        case .settleOutbox(let order):
            guard let accepted = settle(order, by: request.peer, for: divisions, &actions) else {
                actions.append(.reply(request.token, .problem(.malformed)))
                return
            }
            isAccepted = accepted
        default:
            actions.append(.reply(request.token, .problem(.malformed)))
            return
        }
        let reply = Care_V1_OperationReply.with {
            $0.accepted = isAccepted
            $0.outbox = outbox.state(at: now.monotonic, for: divisions)
        }
        actions.append(.reply(request.token, .ok((try? reply.serializedBytes()) ?? [])))
    }

    /// - Returns: whether such a command waited for a person; nil when the order cannot be read.
    private mutating func settle(
        _ order: Care_V1_SettleOutbox, by peer: Peer, for divisions: [DivisionCode], _ actions: inout Actions
    ) -> Bool? {
        guard let command = CommandID(bytes: order.commandID) else { return nil }
        switch order.decision {
        case .retry:
            guard let kept = outbox.retry(command, for: divisions) else { return false }
            actions.append(.work(.keep(kept)))
        case .drop:
            guard let reason = Code(order.reason) else { return nil }
            guard let number = outbox.drop(command, for: divisions) else { return false }
            actions.append(.work(.forget(number)))
            actions.append(
                .log(
                    BusLogEntry(
                        .warning, "a command of the outbox was given up",
                        ["command": "\(command)", "by": peer.name, "reason": reason.rawValue])))
        case .unspecified, .UNRECOGNIZED:
            return nil
        }
        return true
    }

    private static func queued(_ household: HouseholdID, _ token: ReplyToken) -> ServiceAction<IntakeWork> {
        let body = Care_V1_CommandReply.with { $0.household = .init(household.value.bytes) }
        return .reply(
            token,
            BusReply(
                status: .queued, code: "CARE-2010", textZH: "档案服务连不上，已暂存在受理服务本机；线路恢复后自动登记",
                textEN: "care-archive cannot be reached; it is kept on the intake's own disk and recorded "
                    + "when the line is back",
                body: (try? body.serializedBytes()) ?? [], retryAfterMilliseconds: 1000))
    }
}

import ArchiveClient
import CareDomain
import CareWire
import MessageBus
import SwiftProtobuf

/// Intake on the bus: requests become commands, what the core wants of care-archive becomes requests.
///
/// Only translation stands here; what is decided and in which order is `IntakeCore`. Appends of one turn travel together.
package struct IntakeService: ServiceCore {
    package typealias Work = IntakeWork
    package typealias External = IntakeNews

    /// The link to care-archive.
    package static let archive = LinkID(rawValue: 0)

    private static let tickTimer = TimerID(rawValue: 1)

    private enum Ask {
        case household(CallID), person(CallID), packHead(CallID), shared(CallID), batch(CallID), unit(CallID)
        case lending(CallID), duty(CallID), kept(CallID)

        var call: CallID {
            switch self {
            case .household(let call), .person(let call), .packHead(let call), .shared(let call), .batch(let call),
                .unit(let call), .lending(let call), .duty(let call), .kept(let call):
                call
            }
        }
    }

    package private(set) var core: IntakeCore
    let filler: TokenFiller
    /// What waits for the line to care-archive.
    var outbox: Outbox
    /// The moment of the input at hand.
    private(set) var turn = BusMoment(monotonic: .init(nanoseconds: 0), utcMicroseconds: 0)
    private var asked: [UInt64: Ask] = [:]
    /// Appends of this turn; they leave together when it ends.
    private var appends = AppendBundle()
    /// Appends on their way, by the tag of the message that carries them.
    private var carried: [UInt64: AppendBundle] = [:]
    private var memo = MetadataMemo()
    var answering: [RequestToken: ReplyToken] = [:]
    var submissions = Submissions()
    /// Commands that are to be refused once care-archive knows of it, by the tag of the message that tells it.
    var refusing: [UInt64: (token: ReplyToken, refusal: Refusal)] = [:]
    private var nextRequestID: UInt64
    /// Whom the peers heard last stand for; made anew when the list says something else of them.
    private var principals: [String: (peer: Peer, principal: Principal)] = [:]
    private let onTurn: (IntakeCore.Counters, _ kept: (waiting: Int, refused: Int)) -> Void
    /// What was heard last while the first reading is not done.
    private var heard = StartWait.archiveSilent
    private let onWait: (StartWait?) -> Void
    /// What was told last; nil until the first turn has told anything: it may all have been read by then.
    private var toldWait: StartWait??
    private let onRefusedKey: (TokenKeyProblem) -> Void

    /// - Parameters:
    ///   - idSeed: A number that differs at every start, for ids of requests to care-archive.
    ///   - onTurn: Told after each turn, for metrics; must not wait.
    ///   - onWait: Told what is waited for before commands can be decided, whenever that changes; nil = nothing.
    ///   - onRefusedKey: Told why the service stops when the log rests on another key than `tokenKey`.
    package init(
        core: IntakeCore, tokenKey: TokenKey, idSeed: UInt64, outbox: Outbox = .off,
        onTurn: @escaping (IntakeCore.Counters, _ kept: (waiting: Int, refused: Int)) -> Void = { _, _ in },
        onWait: @escaping (StartWait?) -> Void = { _ in },
        onRefusedKey: @escaping (TokenKeyProblem) -> Void = { _ in }
    ) {
        self.onRefusedKey = onRefusedKey
        self.onTurn = onTurn
        self.onWait = onWait
        self.outbox = outbox
        self.core = core
        self.core.guardTokens(madeWith: tokenKey)
        self.filler = TokenFiller(key: tokenKey)
        self.nextRequestID = idSeed
    }

    package mutating func step(
        _ input: ServiceInput<IntakeWork, IntakeNews>, now: BusMoment, actions: inout [ServiceAction<IntakeWork>]
    ) {
        let moment = Moment(microseconds: now.utcMicroseconds)
        turn = now
        switch input {
        case .started:
            outbox.begin(at: now.monotonic)
            actions.append(.setTimer(Self.tickTimer, after: .milliseconds(100)))
            run(.tick, moment, &actions)
        case .timer:
            actions.append(.setTimer(Self.tickTimer, after: .milliseconds(100)))
            run(.tick, moment, &actions)
        case .request(let request):
            if let problem = core.tokenKeyProblem, request.method != .operate {
                actions.append(CommandAnswers.reply(.failed(FlowFailure(problem)), to: request.token))
            } else {
                take(request, now, &actions)
            }
        case .reply(_, let tag, let reply):
            if Self.comesFromArchive(reply) { outbox.heard(at: now.monotonic) }
            if let bundle = carried.removeValue(forKey: tag) { return take(reply, to: bundle, moment, &actions) }
            if refused(tag, reply, &actions) { return }
            guard let ask = asked.removeValue(forKey: tag) else { return }
            if case .shared = ask { heard = StartWait(after: reply) }
            if case .shared = ask, reply.code == BusProblem.placeUnknown.code { return startAnew(moment, &actions) }
            run(Self.input(from: reply, to: ask), moment, &actions)
        case .external(.kept(let number, let isOnDisk)):
            stored(number, isOnDisk: isOnDisk, &actions)
        case .workRefused(.keep(let kept)):
            stored(kept.number, isOnDisk: false, &actions)
        case .read(let read):
            actions.append(.page(read.token, .refused(.problem(.unknownMethod))))
        case .stopping:
            if let image = core.newerImage(now: moment) { actions.append(.work(.save(image))) }
        case .peersChanged:
            principals.removeAll()
        case .events, .feedState, .subscription, .subscriptionEnded, .external(.saved), .external(.forgotten),
            .workRefused:
            break
        }
    }

    package mutating func turnEnded(now: BusMoment, actions: inout [ServiceAction<IntakeWork>]) {
        turn = now
        forward(now, &actions)
        sendAppends(&actions)
        onTurn(core.counters, outbox.counts)
        let wait: StartWait? = !core.isReady ? waiting : core.archiveTakesNothing ? .archiveFull : nil
        guard toldWait != .some(wait) else { return }
        toldWait = wait
        onWait(wait)
    }

    /// What stands between this moment and the first command.
    private var waiting: StartWait { core.tokenKeyFailure.map { .tokenKeyNotTaken($0) } ?? heard }

    /// The log does not hold what was read from it before: it is another one, restored from a backup. What is known of
    /// households and persons may never have happened there, so nothing of it counts, and who waits is asked to come again.
    private mutating func startAnew(_ now: Moment, _ actions: inout [ServiceAction<IntakeWork>]) {
        for (_, waiting) in answering.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            actions.append(CommandAnswers.reply(.failed(.starting(heard)), to: waiting))
        }
        for (_, waiting) in refusing.sorted(by: { $0.key < $1.key }) {
            actions.append(CommandAnswers.reply(.failed(.starting(heard)), to: waiting.token))
        }
        answering.removeAll()
        submissions.removeAll()
        refusing.removeAll()
        asked.removeAll()
        carried.removeAll()
        appends = AppendBundle()
        core.startAnew()
        outbox.startAnew()
        actions.append(
            .log(
                BusLogEntry(
                    .warning, "the log does not hold what was read from it before and is read from the beginning",
                    ["code": BusProblem.placeUnknown.code])))
        run(.tick, now, &actions)
    }

    // MARK: Requests

    private mutating func take(
        _ request: IncomingRequest, _ moment: BusMoment, _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        let now = Moment(microseconds: moment.utcMicroseconds)
        guard request.grant.isEmpty, let principal = principal(of: request.peer) else {
            actions.append(.reply(request.token, .problem(.rightMissing)))
            return
        }
        let token = RequestToken(request.token.number)
        do throws(WireError) {
            switch request.method {
            case .submitCommand, .tryCommand:
                let received = try CommandCodec.decode(request.body)
                let caller = Caller(
                    principal: principal, traceparent: request.traceparent.isEmpty ? nil : request.traceparent,
                    legalBasis: received.legalBasis)
                if request.method == .submitCommand, kept(received, request, from: caller, moment, &actions) {
                    return
                }
                let command = filler.filled(received.command)
                if request.method == .tryCommand {
                    answering[token] = request.token
                    run(.trial(token, command, contentDigest: received.digest, from: caller), now, &actions)
                } else {
                    began(request, .init(command), received.digest)
                    run(.command(token, command, contentDigest: received.digest, from: caller), now, &actions)
                }
            case .publishPack, .setParameter:
                let command = try Self.packCommand(request)
                let digest = try command.digest()
                began(request, .init(command), digest)
                let input = IntakeInput.packCommand(
                    token, command, contentDigest: digest, from: Caller(principal: principal))
                run(input, now, &actions)
            case .operate:
                operate(request, moment, &actions)
            case .submitPayment, .submitUnit, .submitDuty, .submitLoan:
                try takeOther(request, token, Caller(principal, request), now, &actions)
            default:
                actions.append(.reply(request.token, .problem(.unknownMethod)))
            }
        } catch {
            answering[token] = nil
            let refusal = error.refusal
            let body: [UInt8] = (try? refusal.serializedBytes()) ?? []
            actions.append(
                .reply(
                    request.token,
                    BusReply(
                        status: .badRequest, code: refusal.code, textZH: refusal.textZh, textEN: refusal.textEn,
                        body: body)))
        }
    }

    /// Takes in a command about something else than a household's own record.
    private mutating func takeOther(
        _ request: IncomingRequest, _ token: RequestToken, _ caller: Caller, _ now: Moment,
        _ actions: inout [ServiceAction<IntakeWork>]
    ) throws(WireError) {
        let input: IntakeInput
        switch request.method {
        case .submitPayment:
            let received = try PaymentCodec.decode(request.body)
            began(request, .init(received.command), received.digest)
            input = .paymentCommand(token, received.command, contentDigest: received.digest, from: caller)
        case .submitUnit:
            let received = try UnitCodec.decode(request.body)
            began(request, .init(received.command), received.digest)
            input = .unitCommand(token, received.command, contentDigest: received.digest, from: caller)
        case .submitDuty:
            let received = try DutyCodec.decode(request.body)
            began(request, .init(received.command), received.digest)
            input = .dutyCommand(token, received.command, contentDigest: received.digest, from: caller)
        default:
            let received = try LendingCodec.decode(request.body)
            began(request, .init(received.command), received.digest)
            input = .lendingCommand(token, received.command, contentDigest: received.digest, from: caller)
        }
        run(input, now, &actions)
    }

    private mutating func principal(of peer: Peer) -> Principal? {
        if let known = principals[peer.name], known.peer == peer { return known.principal }
        let principal = Principal(peer: peer)
        principals[peer.name] = principal.map { (peer, $0) }
        return principal
    }

    private static func packCommand(_ request: IncomingRequest) throws(WireError) -> PackCommand {
        if request.method == .publishPack {
            guard let wire = try? Care_V1_PublishPack(serializedBytes: request.body) else {
                throw WireError(.malformed)
            }
            return try PackCommand(publish: wire)
        }
        guard let wire = try? Care_V1_SetParameter(serializedBytes: request.body) else {
            throw WireError(.malformed)
        }
        return try PackCommand(set: wire)
    }

    // MARK: The core's wishes

    mutating func run(
        _ input: IntakeInput, _ now: Moment, _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        for action in core.step(input, now: now) { perform(action, now, &actions) }
    }

    private mutating func perform(
        _ action: IntakeAction, _ now: Moment, _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        switch action {
        case .saveImage(let image):
            actions.append(.work(.save(image)))
        case .imageDiscarded:
            actions.append(
                .log(
                    BusLogEntry(
                        .warning, "saved image discarded, the person and pack streams are read from the beginning",
                        ["reason": "the log does not hold its last event"])))
        case .reply(let token, let result): answer(token, result, &actions)
        case .readHousehold(let call, let household, let after):
            ask(.household(call), .readStream, ArchiveMessages.read(.init(household), after: after), &actions)
        case .readPerson(let call, let person, let after):
            ask(.person(call), .readStream, ArchiveMessages.read(.init(person), after: after), &actions)
        case .readPackHead(let call, let pack):
            ask(.packHead(call), .readStreamHead, ArchiveMessages.head(of: pack), &actions)
        case .readBatch(let call, let batch, let after):
            ask(.batch(call), .readStream, ArchiveMessages.read(.init(batch), after: after), &actions)
        case .readDuties(let call, let stream, let after):
            ask(.duty(call), .readStream, ArchiveMessages.read(.init(stream), after: after), &actions)
        case .readKept(let call, let place, let files):
            ask(.kept(call), .query, ArchiveMessages.kept(files, in: place), &actions)
        case .readUnit(let call, let unit, let after):
            ask(.unit(call), .readStream, ArchiveMessages.read(.init(unit: unit), after: after), &actions)
        case .readLending(let call, let stream, let after):
            ask(.lending(call), .readStream, ArchiveMessages.read(.init(stream), after: after), &actions)
        case .readShared(let call, let after):
            ask(.shared(call), .readAll, ArchiveMessages.shared(after: after), &actions)
        case .appendHousehold(let call, let append):
            let submission = submissions.number(of: append.id)
            send(.household(call), now, &actions) { (body, memo) throws(WireError) in
                try ArchiveMessages.write(append, submission: submission, to: &body, memo: &memo)
                return 1
            }
        case .appendPerson(let call, let append):
            send(.person(call), now, &actions) { (body, _) throws(WireError) in
                try ArchiveMessages.write([append], to: &body)
                return 1
            }
        case .appendPersons(let call, let appends):
            send(.persons(call), now, &actions) { (body, _) throws(WireError) in
                try ArchiveMessages.write(appends, to: &body)
                return appends.count
            }
        case .appendPack(let call, let append):
            send(.pack(call), append.id, now, &actions) { () throws(WireError) in try ArchiveMessages.message(append) }
        case .appendBatch(let call, let append):
            send(.batch(call), append.id, now, &actions) { () throws(WireError) in try ArchiveMessages.message(append) }
        case .appendDuty(let call, let append):
            send(.duty(call), append.id, now, &actions) { () throws(WireError) in try ArchiveMessages.message(append) }
        case .appendTokenKey(let call, let append):
            send(.tokenKey(call), nil, now, &actions) { () throws(WireError) in try ArchiveMessages.message(append) }
        case .refuseTokenKey(let problem): stop(because: problem, &actions)
        case .appendUnit(let call, let append):
            send(.unit(call), append.id, now, &actions) { () throws(WireError) in try ArchiveMessages.message(append) }
        case .appendLending(let call, let append):
            send(.lending(call), append.id, now, &actions) { () throws(WireError) in
                try ArchiveMessages.message(append)
            }
        }
    }

    private mutating func answer(
        _ token: RequestToken, _ result: CommandResult, _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        if forwarded(token, result, &actions) { return }
        guard let waiting = answering.removeValue(forKey: token) else { return }
        let submission = submissions.end(token)
        if let submission, case .refused(let refusal) = result, !Self.isDecidedByKey(refusal) {
            let tag = core.newCall().rawValue
            refusing[tag] = (waiting, refusal)
            request(tag, .refuseCommand, Self.refusal(of: submission), &actions)
            return
        }
        let said = result == .failed(.starting) ? .failed(.starting(self.waiting)) : result
        actions.append(CommandAnswers.reply(said, to: waiting))
    }

    private func stop(because problem: TokenKeyProblem, _ actions: inout [ServiceAction<IntakeWork>]) {
        onRefusedKey(problem)
        actions.append(.log(BusLogEntry(.error, problem.english, ["code": problem.code])))
        actions.append(.stop)
    }

    /// Puts one append into this turn's bundle.
    /// - Parameter id: Names the append; nil for one that no command is decided by.
    private mutating func send(
        _ ask: AppendBundle.Ask, _ id: CommandID?, _ now: Moment, _ actions: inout [ServiceAction<IntakeWork>],
        _ message: () throws(WireError) -> Care_V1_AppendRequest
    ) {
        let submission = id.map { submissions.number(of: $0) } ?? 0
        send(ask, now, &actions) { (body, _) throws(WireError) in
            var append = try message()
            append.submission = submission
            body += ArchiveMessages.batch(append)
            return 1
        }
    }

    /// Puts appends into this turn's bundle. What the archive commits together it syncs together, and one message for a
    /// whole turn costs little more than one for a single command.
    private mutating func send(
        _ ask: AppendBundle.Ask, _ now: Moment, _ actions: inout [ServiceAction<IntakeWork>],
        _ write: (inout [UInt8], inout MetadataMemo) throws(WireError) -> Int
    ) {
        let start = appends.body.count
        do throws(WireError) {
            let count = try write(&appends.body, &memo)
            if appends.count > 0, appends.count + count > AppendBundle.mostAppends || start > AppendBundle.mostBytes {
                let later = Array(appends.body[start...])
                appends.body.removeSubrange(start...)
                sendAppends(&actions)
                appends.body = later
            }
            appends.add(ask, count)
            // While the archive has little to do, it need not wait for the whole turn.
            if carried.count < AppendBundle.mostAhead, appends.count >= AppendBundle.enoughToSend {
                sendAppends(&actions)
            }
        } catch {
            appends.body.removeSubrange(start...)
            // The command passed its checks but cannot be written: an answer, never a half-written command.
            run(.callFailed(ask.call, FlowFailure(error)), now, &actions)
        }
    }

    private mutating func sendAppends(_ actions: inout [ServiceAction<IntakeWork>]) {
        guard let tag = appends.asks.first?.ask.call.rawValue else { return }
        let body = appends.body
        appends.body = []
        carried[tag] = appends
        appends = AppendBundle()
        request(tag, .append, body, &actions)
    }

    private mutating func take(
        _ reply: BusReply, to bundle: AppendBundle, _ now: Moment, _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        for input in bundle.inputs(from: reply) { run(input, now, &actions) }
    }

    private mutating func ask(
        _ ask: Ask, _ method: BusMethod, _ body: [UInt8], _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        asked[ask.call.rawValue] = ask
        request(ask.call.rawValue, method, body, &actions)
    }

    private mutating func request(
        _ tag: UInt64, _ method: BusMethod, _ body: [UInt8], _ actions: inout [ServiceAction<IntakeWork>]
    ) {
        nextRequestID &+= 1
        // A full disk or too much work is for the client to hear while it still waits; it repeats the whole command.
        let request = OutgoingRequest(
            id: RequestID(nextRequestID | 1 << 63, tag), method: method, body: body, timeout: .seconds(8),
            retriesRefusals: false)
        actions.append(.request(Self.archive, tag: tag, request))
    }

    private static func input(from reply: BusReply, to ask: Ask) -> IntakeInput {
        guard reply.status == .ok else {
            return .callFailed(
                ask.call,
                FlowFailure(
                    code: reply.code, chinese: reply.textZH, english: reply.textEN,
                    isRetriable: reply.status.isRetriable))
        }
        do {
            switch ask {
            case .household(let call):
                switch HouseholdReading(reply.body) {
                case .read(let events, let isWhole): return .householdRead(call, events, isWhole: isWhole)
                case .failed(let failure): return .callFailed(call, failure)
                }
            case .person(let call):
                let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.person)
                // A person changes household a few times in a life; a stream this long is not one to decide by.
                guard read.isWhole else { return .callFailed(call, .unreadable) }
                return .personRead(call, read.events)
            case .packHead(let call):
                let head = try Care_V1_StreamHead(serializedBytes: reply.body)
                return .packRead(call, lastSequence: head.sequence)
            case .batch(let call):
                let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.batchEvent)
                return .batchRead(call, read.events, isWhole: read.isWhole)
            case .duty(let call):
                let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.dutyEvent)
                return .dutiesRead(call, read.events, isWhole: read.isWhole)
            case .kept(let call): return .keptRead(call, try ArchiveMessages.keptTypes(reply.body))
            case .unit(let call):
                let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.unitEvent)
                return .unitRead(call, read.events, isWhole: read.isWhole)
            case .lending(let call):
                let read = try ArchiveMessages.streamEvents(reply.body, ArchiveMessages.lendingEvent)
                return .lendingRead(call, read.events, isWhole: read.isWhole)
            case .shared(let call):
                return .sharedRead(call, ArchiveMessages.news(try Care_V1_ReadAllReply(serializedBytes: reply.body)))
            }
        } catch let damaged as ArchiveMessages.StreamDamaged {
            return .callFailed(ask.call, .fenced(damaged.reason))
        } catch {
            return .callFailed(ask.call, .unreadable)
        }
    }
}

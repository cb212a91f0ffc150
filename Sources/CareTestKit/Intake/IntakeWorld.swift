import ArchiveClient
import ArchiveCore
import CareDomain
import CareWire
import EventLog
import IntakeCore

/// Several intakes over one log in memory, on one thread and from a seed: calls arrive in any order, may be lost on
/// the way there or back, and an intake may be killed and started anew with nothing in memory.
///
/// Runs the real cores; only the wires between them are played.
package struct IntakeWorld {
    /// How rough the world is, per step in thousandths.
    package struct Weather: Sendable {
        package var callsLost = 0
        package var answersLost = 0
        package var kills = 0

        package init(callsLost: Int = 0, answersLost: Int = 0, kills: Int = 0) {
            self.callsLost = callsLost
            self.answersLost = answersLost
            self.kills = kills
        }
    }

    private struct Flight {
        var intake: Int
        var generation: Int
        var deliver: Delivery
    }

    private enum Delivery {
        case call(IntakeAction)
        case answer(IntakeInput)
    }

    package private(set) var store = MemoryEventStore()
    private var log: MemoryEventLog
    private var reader: any EventLogReader
    private var intakes: [IntakeCore]
    private var generations: [Int]
    /// What each intake saved last, as the bytes of its file.
    private var images: [[UInt8]?]
    /// How often an intake found that its image is not of this log; it never is of another here.
    package private(set) var discardedImages = 0
    private var flights: [Flight] = []
    private var generator: SeededGenerator
    package var weather: Weather
    /// The log's disk is full: what is to be appended is refused, reads go on.
    package var isDiskFull = false
    /// Files that the store has, with what they are by their bytes.
    package var kept: [FileDigest: Code] = [:]
    private let settings: IntakeCore.Settings
    /// The key for tokens that each intake has; none = nobody makes any.
    private var tokenKeys: [TokenKey] = []
    /// Why intakes stopped for the sake of their key.
    package private(set) var refusedKeys: [Int: TokenKeyProblem] = [:]
    package private(set) var now: Moment
    package private(set) var answers: [RequestToken: CommandResult] = [:]
    private var nextToken: UInt64 = 0

    /// - Parameter start: Moment at which the world begins.
    package init(intakes: Int, seed: UInt64, weather: Weather = Weather(), start: Moment) throws {
        var settings = IntakeCore.Settings()
        settings.reservationPatienceMicroseconds = 2_000_000
        settings.imageIntervalMicroseconds = 300_000
        self.settings = settings
        self.generator = SeededGenerator(seed: seed)
        self.weather = weather
        self.now = start
        self.log = try MemoryEventLog(store: store)
        self.reader = try log.makeReader()
        self.intakes = (0..<intakes).map { IntakeCore(settings: settings, principal: Self.principal(of: $0)) }
        self.generations = Array(repeating: 0, count: intakes)
        self.images = Array(repeating: nil, count: intakes)
    }

    /// Starts all intakes anew, with nothing in memory but a key for tokens each.
    package mutating func restart(withKeys keys: [TokenKey]) {
        tokenKeys = keys
        images = Array(repeating: nil, count: intakes.count)
        for intake in intakes.indices { kill(intake) }
    }

    /// What an intake is called.
    package static func principal(of intake: Int) -> Principal {
        Principal(
            peer: "intake-\(intake)", actor: Code(unchecked: "intake"), role: Code(unchecked: "service"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: [.append])
    }

    /// Hands a command to an intake.
    @discardableResult
    package mutating func send(_ command: HouseholdCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let digest = try CommandCodec.digest(of: command)
        step(intake, .command(token, command, contentDigest: digest, from: caller))
        return token
    }

    /// Asks an intake what would become of a command.
    @discardableResult
    package mutating func ask(_ command: HouseholdCommand, of intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let digest = try CommandCodec.digest(of: command)
        step(intake, .trial(token, command, contentDigest: digest, from: caller))
        return token
    }

    /// Hands a pack command to an intake.
    @discardableResult
    package mutating func send(_ command: PackCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        step(intake, .packCommand(token, command, contentDigest: try command.digest(), from: caller))
        return token
    }

    /// Has the log take a household's stream for damaged.
    package mutating func fence(_ household: HouseholdID) throws {
        try fence(stream: "household-\(household)")
    }

    /// Has the log take a stream for damaged.
    package mutating func fence(stream: String) throws {
        try log.fence(StreamName(stream), reason: "damaged", at: RecordedTime(microseconds: now.microseconds))
    }

    /// Appends to a household's stream what another service wrote.
    package mutating func record(_ append: HouseholdAppend) throws {
        _ = try put(ArchiveMessages.message(append))
    }

    /// Appends to a unit's stream what an intake wrote that is gone.
    package mutating func record(_ append: UnitAppend) throws {
        _ = try put(ArchiveMessages.message(append))
    }

    /// A batch as its stream in the log has it.
    package func batch(_ id: BatchID) throws -> PaymentBatch {
        var batch = PaymentBatch(id: id)
        for event in try read(ArchiveMessages.stream(of: id), after: 0) {
            batch.evolve(try ArchiveMessages.batchEvent(event).known)
        }
        return batch
    }

    /// A household as its stream in the log has it.
    package func household(_ id: HouseholdID) throws -> HouseholdHistory {
        let events = try read(ArchiveMessages.stream(of: id), after: 0)
        return HouseholdHistory(id: id, events: try events.map { try ArchiveMessages.household($0).known })
    }

    /// Hands a command about a payment batch to an intake.
    @discardableResult
    package mutating func send(_ command: PaymentCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let received = try PaymentCodec.decode(try PaymentCodec.encode(command))
        step(intake, .paymentCommand(token, received.command, contentDigest: received.digest, from: caller))
        return token
    }

    /// Hands a command about a duty book to an intake.
    @discardableResult
    package mutating func send(_ command: DutyCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let received = try DutyCodec.decode(try DutyCodec.encode(command))
        step(intake, .dutyCommand(token, received.command, contentDigest: received.digest, from: caller))
        return token
    }

    /// A duty book as its stream in the log has it.
    package func duties(_ division: DivisionCode) throws -> DutyBook {
        var book = DutyBook(division: division)
        for event in try read(DutyStream.book(division).name, after: 0) {
            book.evolve(try ArchiveMessages.dutyEvent(event).known)
        }
        return book
    }

    /// A unit as its stream in the log has it.
    package func unit(_ division: DivisionCode) throws -> UnitStanding {
        var unit = UnitStanding(division: division)
        for event in try read(ArchiveMessages.stream(of: division), after: 0) {
            unit.evolve(try ArchiveMessages.unitEvent(event).known)
        }
        return unit
    }

    /// Hands a command about a unit to an intake.
    @discardableResult
    package mutating func send(_ command: UnitCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let received = try UnitCodec.decode(try UnitCodec.encode(command))
        step(intake, .unitCommand(token, received.command, contentDigest: received.digest, from: caller))
        return token
    }

    /// Hands a command about a fund, a case or a report to an intake.
    @discardableResult
    package mutating func send(_ command: LendingCommand, to intake: Int, as caller: Caller) throws -> RequestToken {
        nextToken += 1
        let token = RequestToken(nextToken)
        let received = try LendingCodec.decode(try LendingCodec.encode(command))
        step(intake, .lendingCommand(token, received.command, contentDigest: received.digest, from: caller))
        return token
    }

    /// Every event of a fund, a case or a report as the log has it.
    package func lending(_ stream: LendingStream) throws -> [KnownLendingEvent] {
        try read(ArchiveMessages.stream(of: stream), after: 0).map { try ArchiveMessages.lendingEvent($0).known }
    }

    /// Lets time pass and everything under way arrive, until nothing is left to do or the steps are used up.
    package mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            if flights.isEmpty || Int.random(in: 0..<8, using: &generator) == 0 {
                now = Moment(microseconds: now.microseconds + Int64.random(in: 1_000...400_000, using: &generator))
                for intake in intakes.indices { step(intake, .tick) }
            }
            if chance(weather.kills) { kill(Int.random(in: intakes.indices, using: &generator)) }
            guard !flights.isEmpty else { continue }
            let flight = flights.remove(at: Int.random(in: flights.indices, using: &generator))
            try deliver(flight)
        }
    }

    /// Ends the rough weather and runs until every reservation had time to be settled.
    package mutating func calm() throws {
        weather = Weather()
        try run(steps: 4_000)
        now = Moment(microseconds: now.microseconds + 60_000_000)
        try run(steps: 4_000)
    }

    /// Kills an intake: what it had in memory and under way is gone, and it starts anew, now from the image it saved last
    /// and now without.
    package mutating func kill(_ intake: Int) {
        generations[intake] += 1
        let image = Bool.random(using: &generator) ? images[intake].flatMap { try? IntakeImage(decoding: $0) } : nil
        intakes[intake] = IntakeCore(settings: settings, principal: Self.principal(of: intake), image: image)
        if tokenKeys.indices.contains(intake) { intakes[intake].guardTokens(madeWith: tokenKeys[intake]) }
    }

    /// What the intake would save now.
    package func image(of intake: Int) -> IntakeImage? { intakes[intake].image }

    /// Whether the intake knows the packs published so far.
    package func isReady(_ intake: Int) -> Bool { intakes[intake].isReady }

    private mutating func chance(_ thousandths: Int) -> Bool {
        thousandths > 0 && Int.random(in: 0..<1000, using: &generator) < thousandths
    }

    private mutating func step(_ intake: Int, _ input: IntakeInput) {
        for action in intakes[intake].step(input, now: now) {
            switch action {
            case .reply(let token, let result): answers[token] = result
            case .saveImage(let image): images[intake] = try? image.encoded()
            case .imageDiscarded: discardedImages += 1
            case .refuseTokenKey(let problem): refusedKeys[intake] = problem
            default: flights.append(Flight(intake: intake, generation: generations[intake], deliver: .call(action)))
            }
        }
    }

    private mutating func deliver(_ flight: Flight) throws {
        switch flight.deliver {
        case .answer(let input):
            guard flight.generation == generations[flight.intake] else { return }
            step(flight.intake, input)
        case .call(let action):
            let isLost = chance(weather.callsLost)
            var input = isLost ? nil : try isDiskFull ? Self.refused(action) ?? answer(action) : answer(action)
            if chance(weather.answersLost) { input = nil }
            let back = input ?? Self.lost(action)
            guard let back else { return }
            flights.append(Flight(intake: flight.intake, generation: flight.generation, deliver: .answer(back)))
        }
    }

    private static func lost(_ action: IntakeAction) -> IntakeInput? {
        switch action {
        case .reply, .saveImage, .imageDiscarded, .refuseTokenKey: nil
        case .readHousehold(let call, _, _), .readPerson(let call, _, _), .readPackHead(let call, _),
            .appendHousehold(let call, _), .appendPerson(let call, _), .appendPersons(let call, _),
            .appendPack(let call, _), .readShared(let call, _), .readBatch(let call, _, _), .appendBatch(let call, _),
            .readUnit(let call, _, _), .appendUnit(let call, _), .readLending(let call, _, _),
            .appendLending(let call, _), .readDuties(let call, _, _), .appendDuty(let call, _),
            .readKept(let call, _, _), .appendTokenKey(let call, _):
            .callFailed(call, .archiveUnreachable)
        }
    }

    private static func refused(_ action: IntakeAction) -> IntakeInput? {
        switch action {
        case .appendHousehold, .appendPerson, .appendPersons, .appendPack, .appendBatch, .appendUnit, .appendLending,
            .appendDuty, .appendTokenKey:
            guard case .callFailed(let call, _)? = lost(action) else { return nil }
            return .callFailed(
                call,
                FlowFailure(code: "CARE-3101", chinese: "磁盘已满", english: "the disk is full", isRetriable: true))
        default: return nil
        }
    }

    private mutating func answer(_ action: IntakeAction) throws -> IntakeInput? {
        switch action {
        case .reply, .saveImage, .imageDiscarded, .refuseTokenKey:
            return nil
        case .readHousehold(let call, let household, let after):
            switch HouseholdReading(try reply(ArchiveMessages.stream(of: household), after: after)) {
            case .read(let events, let isWhole): return .householdRead(call, events, isWhole: isWhole)
            case .failed(let failure): return .callFailed(call, failure)
            }
        case .readPerson(let call, let token, let after):
            let events = try read(ArchiveMessages.stream(of: token), after: after)
            return .personRead(call, try events.map(ArchiveMessages.person))
        case .readPackHead(let call, let pack):
            let head = try reader.streamHead(StreamName(ArchiveMessages.stream(of: pack)))
            return .packRead(call, lastSequence: head?.sequence.rawValue ?? 0)
        case .appendHousehold(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .householdAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.household))
        case .appendPerson(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .personAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.person))
        case .appendPersons(let call, let appends):
            let replies = try appends.map { try put(ArchiveMessages.message($0)) }
            return .personsAppended(call, replies.map { ArchiveMessages.answer($0, read: ArchiveMessages.person) })
        case .appendPack(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .packAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.sequence))
        case .readBatch(let call, let batch, let after):
            let answer = try reply(ArchiveMessages.stream(of: batch), after: after)
            do {
                let read = try ArchiveMessages.streamEvents(answer, ArchiveMessages.batchEvent)
                return .batchRead(call, read.events, isWhole: read.isWhole)
            } catch let damaged as ArchiveMessages.StreamDamaged {
                return .callFailed(call, .fenced(damaged.reason))
            }
        case .appendBatch(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .batchAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.batchEvent))
        case .readUnit(let call, let unit, let after):
            let events = try read(ArchiveMessages.stream(of: unit), after: after)
            return .unitRead(call, try events.map(ArchiveMessages.unitEvent), isWhole: true)
        case .appendUnit(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .unitAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.unitEvent))
        case .readDuties(let call, let stream, let after):
            let events = try read(stream.name, after: after)
            return .dutiesRead(call, try events.map(ArchiveMessages.dutyEvent), isWhole: true)
        case .readKept(let call, _, let files):
            return .keptRead(call, kept.filter { files.contains($0.key) })
        case .appendDuty(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .dutyAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.dutyEvent))
        case .readLending(let call, let stream, let after):
            let events = try read(ArchiveMessages.stream(of: stream), after: after)
            return .lendingRead(call, try events.map(ArchiveMessages.lendingEvent), isWhole: true)
        case .appendLending(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .lendingAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.lendingEvent))
        case .appendTokenKey(let call, let append):
            let reply = try put(ArchiveMessages.message(append))
            return .tokenKeyAppended(call, ArchiveMessages.answer(reply, read: ArchiveMessages.tokenKey))
        case .readShared(let call, let after): return .sharedRead(call, ArchiveMessages.news(try shared(after: after)))
        }
    }

    private func shared(after cursor: [UInt8]) throws -> Care_V1_ReadAllReply {
        let filter = ReadFilter(categories: [.person, .pack, .deployment])
        let slice = try reader.readAll(after: Cursor(bytes: cursor), limit: 500, filter: filter)
        return Care_V1_ReadAllReply.with {
            $0.events = slice.events.map(Care_V1_RecordedEvent.init)
            $0.cursor = .init(slice.cursor.bytes)
            $0.atHead = slice.isAtHead
        }
    }

    /// Appends as it stands what another program wrote, of a newer version say.
    @discardableResult
    package mutating func put(_ wire: Care_V1_AppendRequest) throws -> Care_V1_AppendReply {
        let rights = AppendRights(kinds: Set(1..<512))
        switch AppendDesk.request(from: wire, rights: rights) {
        case .failure(let refusal):
            return .with { $0.refused = refusal.wire }
        case .success(let request):
            let outcomes = try log.append([request], at: RecordedTime(microseconds: now.microseconds))
            return AppendDesk.reply(to: outcomes[0], of: request)
        }
    }

    /// Events of a stream, as care-archive hands them out.
    package func read(_ stream: String, after: UInt64) throws -> [Care_V1_RecordedEvent] {
        let slice = try reader.readStream(StreamName(stream), from: SequenceNumber(after + 1), limit: 10_000)
        return slice.events.map(Care_V1_RecordedEvent.init)
    }

    /// The same with the stream's fence, as care-archive's whole answer.
    private func reply(_ stream: String, after: UInt64) throws -> Care_V1_ReadStreamReply {
        let name = try StreamName(stream)
        let slice = try reader.readStream(name, from: SequenceNumber(after + 1), limit: 10_000)
        return StreamAnswers.wire(slice, of: name, maximumBytes: 1 << 30)
    }

    /// Every event in the log, in order.
    package func allEvents() throws -> [RecordedEvent] {
        try reader.readAll(after: .start, limit: 1_000_000, filter: .all).events.map { try $0.decoded() }
    }
}

import ArchiveClient
import ArchiveCore
import CareDomain
import CareProjections
import CareWire
import EligibilityCore
import EventLog
import EventLogSQLite
import MessageBus
import NotifierCore
import RuleEngine

/// What must hold when a run has come to rest: the log against what the clients were told, and everything that was made
/// of the log against the log.
struct Check {
    let world: World
    private var stored: [StoredEvent] = []
    private(set) var events: [RecordedEvent] = []
    private(set) var histories: [HouseholdID: HouseholdHistory] = [:]
    private var rules = PublishedRules()
    private(set) var log: SQLiteEventLog?
    /// Where loans stood at the end.
    var standings: Set<String> = []

    init(_ world: World) { self.world = world }

    private func fail(_ what: String) { world.fail(what) }

    mutating func everything() {
        do {
            try read()
            chains()
            try fold()
            acknowledged()
            once()
            order()
            try persons()
            judged()
            noticed()
            offices()
            followed()
            try listed()
            try paid()
            try granted()
            applied()
            try lent()
            try log?.close()
        } catch { fail("the log cannot be read at the end: \(error)") }
        if world.isVerbose { for event in events { tell(event) } }
    }

    /// One event in the notes, for whoever looks into a failure.
    private func tell(_ event: RecordedEvent) {
        let id = HouseholdID(event.stream.key)
        let known = id.flatMap { histories[$0]?.events[Int(event.sequence.rawValue) - 1] }
        let kind = EventKind(rawValue: Int(event.kind)).map { "\($0)" } ?? "\(event.kind)"
        world.note(
            .archive,
            BusLogEntry(
                .debug, "\(event.stream)/\(event.sequence) \(kind)",
                [
                    "append": "\(event.appendID)", "actor": known?.actor?.rawValue ?? "",
                    "at": "\(Double(event.recordedAt.microseconds - World.beginning) / 1_000_000)",
                    "command": known.map { "\($0.command)" } ?? "", "says": claim(event),
                ]))
    }

    /// Takes the power away once more, so that only what is durable counts, and reads what is there.
    private mutating func read() throws {
        let options = world.archive.options
        world.archive.losesPower = true
        world.archive.kill()
        let log = try SQLiteEventLog(directory: "/log", options: options)
        if !log.openingDamages.isEmpty { fail("damage at the end: \(log.openingDamages)") }
        if !log.fences.isEmpty { fail("fenced at the end: \(log.fences)") }
        let reader = try log.makeReader()
        stored = try reader.readAll(after: .start, limit: 10_000_000, filter: .all).events
        events = try stored.map { try $0.decoded() }
        reader.close()
        self.log = log
    }

    /// What an event of a person's stream says.
    private func claim(_ event: RecordedEvent) -> String {
        guard event.stream.category == .person,
            case .person(let news)? = try? EventCodec.decodeAny(
                kind: event.kind, version: event.version, payload: event.payload)
        else { return "" }
        switch news {
        case .reserved(let claim), .confirmed(let claim): return "\(claim.household) by \(claim.command)"
        case .released(let claim, let reason): return "\(claim.household) by \(claim.command), \(reason)"
        }
    }

    // MARK: The log in itself

    private func chains() {
        var heads: [StreamName: (sequence: UInt64, hash: EventHash)] = [:]
        var lastTime = Int64.min
        for (place, event) in events.enumerated() {
            let name = "\(event.stream)/\(event.sequence)"
            if event.position.rawValue != UInt64(place + 1) { fail("position \(event.position) at place \(place + 1)") }
            let record = stored[place].record
            if record.withUnsafeBytes({ EventHash(of: $0) }) != event.hash { fail("the hash of \(name) does not hold") }
            let before = heads[event.stream]
            let last = before?.sequence ?? 0
            if event.sequence.rawValue != last + 1 { fail("\(name) follows \(last)") }
            let header = try? stored[place].header()
            let previous = record.withUnsafeBytes { header?.previousHash(in: $0) }
            if previous != before?.hash { fail("the chain breaks at \(name)") }
            heads[event.stream] = (event.sequence.rawValue, event.hash)
            if event.recordedAt.microseconds <= lastTime { fail("time goes back at \(name)") }
            lastTime = event.recordedAt.microseconds
        }
    }

    private mutating func fold() throws {
        for (place, event) in events.enumerated() {
            switch event.stream.category {
            case .household:
                guard let id = HouseholdID(event.stream.key) else { continue }
                let known = try ArchiveMessages.household(Care_V1_RecordedEvent(stored[place])).known
                let last = histories[id]?.lastSequence ?? 0
                guard known.reference.sequence <= last + 1 else {
                    fail("\(event.stream) has nothing between \(last) and \(known.reference.sequence)")
                    continue
                }
                histories[id, default: HouseholdHistory(id: id)].append(known)
            case .pack: try rules.take(event)
            default: continue
            }
        }
    }

    // MARK: What clients were told

    /// Everything that was acknowledged stands where it was said to stand.
    private func acknowledged() {
        for entry in world.ledger.recorded {
            guard case .recorded(let household, let first, let last, let recordedAt)? = entry.answer else { continue }
            let found = places(of: entry, in: household)
            let stands = found.contains { events in
                events.first?.reference.sequence == first && events.last?.reference.sequence == last
                    && UInt64(events.count) == last - first + 1
                    && events.last?.recordedAt.microseconds == recordedAt
            }
            guard !stands else { continue }
            let places = found.map { "\($0.map(\.reference.sequence))" }.joined(separator: ", ")
            let name = "\(entry.command.action.label) \(entry.command.id)"
            fail("\(name) was acknowledged at \(first)...\(last), stands at \(places)")
        }
    }

    /// The events of a command: a merger stands in the one household as an arrival and in the other as a departure, and
    /// either may be the receipt.
    private func places(of entry: Ledger.Entry, in household: HouseholdID) -> [[KnownEvent]] {
        guard case .mergeHousehold(let merge) = entry.command.action else {
            return [histories[household]?.events(of: entry.command.id) ?? []]
        }
        let arrival = CommandID.derived(entry.command.id, "arrive")
        return [
            histories[merge.into]?.events(of: arrival) ?? [],
            histories[entry.command.household]?.events(of: CommandID.derived(arrival, "depart")) ?? [],
        ]
    }

    /// Nothing stands twice, and nothing of the clients' that no client sent.
    private func once() {
        // An id names an append within its stream.
        var appends: [StreamName: [AppendID: UInt64]] = [:]
        for event in events {
            let sequence = event.sequence.rawValue
            if let last = appends[event.stream]?[event.appendID], last + 1 != sequence {
                fail("append \(event.appendID) stands twice in \(event.stream), at \(last) and \(sequence)")
            }
            appends[event.stream, default: [:]][event.appendID] = sequence
        }
        for (id, history) in histories.sorted(by: { $0.key < $1.key }) {
            var commands: [CommandID: UInt64] = [:]
            for event in history.events {
                let sequence = event.reference.sequence
                if let last = commands[event.command], last + 1 != sequence {
                    fail("command \(event.command) stands twice in household \(id)")
                }
                commands[event.command] = sequence
                let isClerk = event.actor?.rawValue.hasPrefix("clerk") ?? false
                if isClerk, !isSent(event.command), !isPaid(event.event), !world.granter.isBehind(event.command) {
                    fail("nobody sent \(event.command), which stands in \(id)")
                }
            }
        }
        for (place, event) in events.enumerated() where event.stream.category == .household {
            let id = CommandID(Identifier128(high: event.appendID.high, low: event.appendID.low))
            guard let entry = world.ledger.entry(id), event.stream.key == "\(entry.command.household)" else { continue }
            let digest = Derivation.digest(entry.bytes)
            let record = stored[place].record
            let said = try? stored[place].header()
            let stands = record.withUnsafeBytes { said?.contentDigest(in: $0) }
            if stands != ContentDigest(high: digest.high, low: digest.low) {
                fail("command \(id) stands with another content")
            }
        }
    }

    private func isSent(_ id: CommandID) -> Bool {
        if world.ledger.entry(id) != nil { return true }
        return world.ledger.entries.contains { entry in
            guard case .mergeHousehold = entry.command.action else { return false }
            let arrival = CommandID.derived(entry.command.id, "arrive")
            return id == arrival || id == CommandID.derived(arrival, "depart")
        }
    }

    /// Whether it is what a batch that somebody sent a command about says in a family's file.
    private func isPaid(_ event: HouseholdEvent) -> Bool {
        switch event {
        case .paymentOrdered(let ordered): world.cashier.knows(ordered.batch)
        case .paymentConcluded(let concluded): world.cashier.knows(concluded.batch)
        default: false
        }
    }

    /// What was acknowledged before another command was even sent stands before it.
    private func order() {
        let recorded = world.ledger.recorded
        for (place, earlier) in recorded.enumerated() {
            guard let answeredAt = earlier.answeredAt, case .recorded(let home, _, let last, _)? = earlier.answer else {
                continue
            }
            for later in recorded[(place + 1)...]
            where later.command.household == earlier.command.household && later.firstSent > answeredAt {
                guard case .recorded(let place, let first, _, _)? = later.answer, place == home, first <= last,
                    !isMerger(earlier), !isMerger(later)
                else { continue }
                fail("command \(later.command.id) stands before \(earlier.command.id), which was there first")
            }
        }
    }

    /// Whether a command's receipt may be of either of two households.
    private func isMerger(_ entry: Ledger.Entry) -> Bool {
        if case .mergeHousehold = entry.command.action { true } else { false }
    }

    // MARK: What was made of it

    /// A person is in one living household at most, and the person's own stream says so.
    private func persons() throws {
        var homes: [PersonToken: Set<HouseholdID>] = [:]
        for (id, history) in histories where history.household.status == .active {
            for member in history.household.members where member.leftOn == nil && member.diedOn == nil {
                if let token = member.token { homes[token, default: []].insert(id) }
            }
        }
        var standings: [PersonToken: PersonStanding] = [:]
        for (place, event) in events.enumerated() where event.stream.category == .person {
            guard let token = PersonToken(event.stream.key) else { continue }
            let read = try ArchiveMessages.person(Care_V1_RecordedEvent(stored[place]))
            standings[token, default: PersonStanding()].evolve(
                read.event, sequence: read.sequence, recordedAt: read.recordedAt)
        }
        for (token, homes) in homes.sorted(by: { $0.key < $1.key }) {
            if homes.count > 1 { fail("person \(token) lives in \(homes.sorted())") }
            guard let home = homes.first, homes.count == 1 else { continue }
            if standings[token]?.isClaimed(by: home) != true {
                fail("the stream of person \(token) names another household")
            }
        }
        for (token, standing) in standings.sorted(by: { $0.key < $1.key }) {
            if case .reserved = standing.state { fail("a reservation of person \(token) was never settled") }
        }
    }

    /// Every household is judged by the rules as they stand, and no determination says the same as the one before.
    private func judged() {
        let assessment = Assessment(rules: rules)
        for (id, history) in histories.sorted(by: { $0.key < $1.key }) {
            let others = assessment.filesWanted(for: history).reduce(into: [:]) { $0[$1] = histories[$1] }
            if assessment.nextStep(for: history, others: others) != nil { fail("household \(id) is not judged") }
            var last: [String: DeterminationMade] = [:]
            for event in history.events {
                guard case .determinationMade(let made) = event.event else { continue }
                let key = "\(made.clause) \(made.subject)"
                if let before = last[key], Determination(made).isStored(as: before) {
                    fail("household \(id) was told the same of \(key) twice")
                }
                last[key] = made
            }
        }
    }

    /// Every notice that is due was raised, once, and delivered on each channel at least once with the same content.
    private func noticed() {
        let policies = NoticePolicySet(rules: rules)
        for (id, history) in histories.sorted(by: { $0.key < $1.key }) {
            let household = history.household
            let keys = household.notices.map(\.raised.key)
            if Set(keys).count != keys.count { fail("a notice was raised twice for household \(id): \(keys)") }
            // A notifier whose clock was ahead has judged days that are still to come.
            let judged = max(world.today, household.notices.map(\.raisedOn).max() ?? world.today)
            if let policy = policies.policy(for: household, on: judged) {
                let due = NotifierRules.notices(for: household, today: judged, policy: policy)
                if !due.isEmpty { fail("household \(id) was not told \(due.map(\.key))") }
            }
            for notice in household.notices {
                for channel in NoticeMachine.channels { delivered(notice, channel.code, id) }
            }
        }
    }

    private func delivered(_ notice: Notice, _ channel: Code, _ household: HouseholdID) {
        let id = DeliveryID(household: household, notice: notice.reference, channel: channel)
        let outcomes = notice.deliveries.filter { $0.channel == channel }.map(\.outcome)
        if outcomes.count != 1 { fail("\(id) has \(outcomes.count) outcomes") }
        let posts = world.notifier.posts[id] ?? []
        let lines = world.notifier.lines[id] ?? []
        if outcomes.first == .delivered, posts.isEmpty, lines.isEmpty { fail("\(id) is delivered and was never sent") }
        if Set(posts).count > 1 || Set(lines).count > 1 { fail("\(id) was sent with another content") }
    }

    /// Every notice to an office was raised once and came to one end on each channel; every telling of it said the same.
    private func offices() {
        var raised: [StreamName: Set<String>] = [:]
        var ends: Set<OfficeDeliveryID> = []
        for event in events {
            guard let stream = OfficeStream(name: event.stream.text),
                let said = try? EventCodec.decodeAny(
                    kind: event.kind, version: event.version, payload: event.payload)
            else { continue }
            switch said {
            case .duty(.noticeRaised(let notice)), .lending(.loan(.noticeRaised(let notice))):
                let isNew = raised[event.stream, default: []].insert(notice.key).inserted
                if !isNew { fail("\(event.stream) was reminded twice of \(notice.key)") }
            case .duty(.noticeDelivered(let end)), .lending(.loan(.noticeDelivered(let end))):
                let id = OfficeDeliveryID(stream: stream, notice: end.notice, channel: end.channel)
                if !ends.insert(id).inserted { fail("\(id) has two ends") }
                if end.outcome == .delivered, world.notifier.officeTold[id] == nil { fail("\(id) was never told") }
            default: break
            }
        }
        for (id, told) in world.notifier.officeTold where Set(told).count > 1 {
            fail("\(id) was told with another content")
        }
    }

    /// The lists that were kept event by event are those that a rebuild makes.
    private func listed() throws {
        guard let log, let lists = world.archive.readModels else { return }
        let words = CarePolicyWords(rules: rules)
        let reader = try log.makeReader()
        try lists.catchUp(reader, words)
        let differences = try lists.differences(words, log.readerFactory)
        if !differences.isEmpty { fail("the lists differ from those built anew: \(differences.prefix(6))") }
        reader.close()
    }

    /// The department that follows feed (a) has every event of the log, once and in order.
    private func followed() {
        let heard = world.follower.heard
        guard heard.count == stored.count else {
            return fail("the follower heard \(heard.count) events, the log has \(stored.count)")
        }
        for (event, own) in zip(heard, stored)
        where event.position != own.position.rawValue || Array(event.hash) != own.hash.bytes {
            return fail("the follower heard another event at \(own.position)")
        }
    }
}

import ArgumentParser
import CareDomain
import EventLog
import MessageBus
import ServiceKit

/// `carectl log`
struct LogCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Read, follow and verify the log of events.",
        subcommands: [
            LogTail.self, LogView.self, LogGet.self, LogFields.self, LogVerify.self, LogCheckpoint.self, LogKeep.self,
            LogProve.self, LogCheckProof.self, LogMendHead.self,
        ])
}

/// Which events are wanted.
struct EventChoice: ParsableArguments {
    @Argument(help: "Streams, such as household-<id>; a bare id, or a beginning of it that is unique, is a household.")
    var streams: [String] = []

    @Option(help: "The same as an option. May stand several times.")
    var stream: [String] = []

    @Option(help: "Category of streams: household, person, pack, access, deployment. May stand several times.")
    var category: [String] = []

    @Option(help: "Event type, such as PairingAssigned. May stand several times.")
    var type: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            Beginning of a division code: events of families registered there today, and of other streams what names such a \
            family or lies there itself; packs and deployment lie nowhere and are left out. May stand several times.
            """, valueName: "code"))
    var division: [String] = []

    @Option(name: .customLong("where"), help: "Condition in the language of the packs over carectl log fields.")
    var condition: String?

    /// The condition, checked as a whole; nil when there is none.
    func wanted() throws -> EventCondition? { try condition.map(EventCondition.init) }

    /// - Parameter day: households are looked up by the beginning of their id as of this day.
    func filter(_ archive: Line, on day: CivilDay) async throws -> EventFilter {
        let kinds = try type.map { name in
            guard let number = EventTypes.number(name) else {
                throw Failure(
                    6151, UserText(zh: "没有事件类型 \(name)", en: "there is no event type \(name)"),
                    advice: UserText(
                        zh: "可用：" + EventTypes.all.map(\.name).joined(separator: "、"),
                        en: "known: " + EventTypes.all.map(\.name).joined(separator: ", ")), exit: .usage)
            }
            return number
        }
        var streams: [StreamName] = []
        for text in self.streams + stream { streams.append(try await StreamNames.found(text, archive, on: day)) }
        // The category lets the archive step over whole kinds of streams without looking inside.
        let categories = category.isEmpty ? Set(streams.map(\.category.rawValue)).sorted() : category
        return EventFilter(categories: categories, kinds: kinds, streams: streams.map(\.text), divisions: division)
    }
}

/// Whether the words of reasons for looking into the record are wanted.
struct ReasonsChoice: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Write out the reasons that people gave with --reveal, in access- streams.",
            discussion: "Others see them masked, and only keys with both rights operate and reveal are given them."))
    var reasons = false

    func shown(_ event: ShownEvent) -> ShownEvent {
        var event = event
        event.showsReasons = reasons
        return event
    }
}

/// Names of streams as people type them.
enum StreamNames {
    /// A stream by its whole name; a bare id is a household.
    static func typed(_ text: String) throws -> StreamName {
        let whole = HouseholdID(text).map { "household-\($0)" } ?? text.lowercased()
        return try StreamName(whole)
    }

    /// A stream by its name, or a household by its id or a beginning of it that is unique.
    static func found(_ text: String, _ archive: Line, on day: CivilDay) async throws -> StreamName {
        let text = text.lowercased()
        let prefix = "household-"
        if text.contains("-"), !text.hasPrefix(prefix) { return try StreamName(text) }
        let id = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        return try StreamName(prefix + (try await archive.household(id, on: day)).description)
    }
}

/// `carectl log tail`
struct LogTail: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Follow events as they are recorded, decoded, personal parts masked.",
        discussion: WhereHelp.text("tail"))

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: EventChoice

    @Option(help: "Begin after this position or cursor instead of at the head.")
    var from: String?

    @Flag(help: "Begin with the first event.")
    var fromStart = false

    @Flag(help: "One JSON object per line.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let start = try from.map(StartingPoint.cursor) ?? .start
        let condition = try choice.wanted()
        var tally = WhereTally()
        let archive = try await desk.line(to: .careArchive)
        let filter = try await choice.filter(archive, on: desk.today)
        let subscription = try archive.client.follow(
            from: start, fromHead: from == nil && !fromStart, filter: filter)
        let interruption = Interruption { subscription.end() }
        defer { interruption.stop() }
        desk.mention(UserText(zh: "正在跟踪，Ctrl-C 结束", en: "following, Ctrl-C ends"))
        async let _ = archive.watch()
        // Beside it: while nobody answers, that is what is to be told.
        async let _ = desk.mentionWithheld(archive)
        var last = start
        for try await batch in subscription {
            var text = ""
            for event in batch.events {
                let shown = try ShownEvent(event)
                if let condition, !tally.takes(condition.verdict(on: shown), at: shown.position) { continue }
                text += (json ? shown.value().json : shown.line) + "\n"
            }
            desk.write(text)
            last = batch.cursorAfter
        }
        if let report = tally.report { desk.say(report) }
        if last != .start {
            let place = StartingPoint.text(last)
            desk.mention(UserText(zh: "可从这里继续：--from \(place)", en: "go on from here: --from \(place)"))
        }
        desk.status = .interrupted
    }
}

/// `carectl log view`
struct LogView: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "Print recorded events, oldest first, and end.",
        discussion: WhereHelp.text("view"))

    @OptionGroup var common: CommonOptions
    @OptionGroup var choice: EventChoice

    @Option(help: "Begin after this position or cursor.")
    var from: String?

    @Option(help: "At most this many; 0 = all.")
    var limit = 100

    @Flag(help: "One JSON object per line.")
    var json = false

    @OptionGroup var reasons: ReasonsChoice

    func perform(_ desk: Desk) async throws {
        let start = try from.map(StartingPoint.cursor) ?? .start
        let condition = try choice.wanted()
        var tally = WhereTally()
        let archive = try await desk.line(to: .careArchive)
        let filter = try await choice.filter(archive, on: desk.today)
        await desk.mentionWithheld(archive)
        var count = 0
        try await archive.scan(filter, from: start) { event in
            let event = reasons.shown(event)
            if let condition, !tally.takes(condition.verdict(on: event), at: event.position) { return true }
            count += 1
            desk.print(json ? event.value().json : event.line)
            return limit == 0 || count < limit
        }
        if limit > 0, count == limit {
            desk.mention(UserText(zh: "已列出 \(count) 条，可用 --limit 增加", en: "\(count) listed; more with --limit"))
        }
        guard let report = tally.report else { return }
        desk.say(report)
        desk.status = .problemsFound
    }
}

/// `carectl log get`
struct LogGet: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print one event with everything around it.",
        discussion: """
            One JSON object, no key twice: where the event stands (position, stream, sequence) and its days; event_kind (the number
            in Proto/care/v1/event_kind.proto), event_version, event_id, append_id (the command), event_hash; meta: peer, actor, role,
            department and, where given, causation, traceparent, legal_basis; then event, title and what it says, as in log view.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Stream, such as household-<id>; a bare id, or a beginning of it that is unique, is a household.")
    var stream: String

    @Argument(help: "Sequence in the stream, from 1.")
    var sequence: UInt64

    @Flag(help: "The bytes of the record as hexadecimal digits.")
    var raw = false

    @OptionGroup var reasons: ReasonsChoice

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let name = try await StreamNames.found(stream, archive, on: desk.today)
        var found: ShownEvent?
        let filter = EventFilter(categories: [name.category.rawValue], streams: [name.text])
        try await archive.scan(filter) { event in
            if event.sequence == sequence { found = event }
            return event.sequence < sequence
        }
        guard let found else {
            if name.category == .household {
                try await archive.refuseWithheld(sequence, of: String(name.key), on: desk.today)
            }
            throw Failure(
                6152,
                UserText(
                    zh: "\(name) 没有第 \(sequence) 条，或不给这把密钥看",
                    en: "\(name) has no event \(sequence), or not for this key"),
                advice: Self.elsewhere(name), exit: .problemsFound)
        }
        desk.print(raw ? Hexadecimal.text(found.record) : reasons.shown(found).value(all: true).json)
    }

    /// Where the events of streams are told that the log view does not show.
    private static func elsewhere(_ name: StreamName) -> UserText? {
        switch name.category {
        case .duty:
            UserText(
                zh: "职责簿见 duty show、exchange list、survey list、sample show、report indicators",
                en: "of a duty book see duty show, exchange list, survey list, sample show, report indicators")
        case .report:
            UserText(zh: "上报的报表见 report list、report show", en: "of reports that were sent see report list, report show")
        default: nil
        }
    }
}

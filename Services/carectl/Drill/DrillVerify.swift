import ArgumentParser
import CareDomain
import EventLog
import EventLogSQLite
import Foundation
import MessageBus
import ServiceKit

/// `carectl drill verify`
struct DrillVerify: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "核对演练事件 Print every stored drill event, or where the log is damaged.",
        discussion: """
            每条演练事件输出一行 HAVE <命令编号> <户编号> <序号> <散列>；损坏处输出 CORRUPT <位置>，并以非零状态结束。
            Prints HAVE <command id> <household> <sequence> <hash> for every stored event of drill households; the
            second and later events of one command carry the id derived from it. Where the log is damaged it prints
            CORRUPT <household or stream> <sequence> <what>, or CORRUPT log <what>, and ends with a non-zero status.
            The files are read too wherever they are on this machine. With --data, care-archive runs on that folder
            for as long as this command does; when it refuses to start, the files say why: CORRUPT log where it is the log,
            and CORRUPT <file> <code> where it is another file of the folder, such as keys/token.key or peers.yaml; standard
            error has the sentence and whether the log itself is sound. A folder without a log is refused: nothing is made
            there. Where checkpoints beside it tell of a log, it is lost, and that is damage.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: DrillPlace

    func perform(_ desk: Desk) async throws {
        let interruption = Interruption()
        defer { interruption.stop() }
        var report = DrillReport(desk: desk)
        let root: String
        if let folder = try place.folder() {
            guard DrillPlace.holdsLog(folder) else {
                guard let lost = Self.lostLog(of: folder) else { throw Self.noLog(in: folder) }
                report.corrupt("log", lost)
                throw Self.noLog(in: folder, exit: .problemsFound)
            }
            root = folder
        } else {
            root = try await desk.configuration().dataFolder
        }
        try await checkFiles(root, &report)
        var isServed = false
        do {
            try await place.with([.careArchive], desk, interruption) { _ in
                isServed = true
                var stock = DrillStock()
                try await self.read(&stock, interruption, &report)
            }
        } catch {
            let failure = Failure(explaining: error)
            try tell(failure, of: root, isServed: isServed, &report)
        }
        if report.hasDamage { desk.status = .problemsFound }
    }

    /// Says why the events could not be read: the log's own damage, or another file without which nothing is served.
    /// - Throws: the failure, when it is no damage.
    private func tell(
        _ failure: Failure, of root: String, isServed: Bool, _ report: inout DrillReport
    ) throws {
        let desk = report.desk
        let events = report.checked
        let isLogSound = events != nil && !report.hasDamage
        let folder = place.data == nil ? nil : URL(fileURLWithPath: root).standardizedFileURL.path
        let blame = DrillBlame(failure, folder: folder, isServed: isServed)
        switch blame {
        case .log:
            // A log that cannot be opened is damage, whatever the reading of its files found.
            if !report.hasDamage { report.corrupt("log", failure.line(in: .english)) }
        case .file(let name):
            report.corrupt(name, failure.cause ?? failure.code)
        case .nothing:
            guard report.hasDamage else { throw failure }
        }
        desk.say(failure.line(in: desk.language))
        if case .file(let name) = blame {
            desk.say(Self.besides(name, soundEvents: isLogSound ? events : nil).line(in: desk.language))
        }
    }

    /// What is broken besides the log, and what the reading of the log's files found.
    private static func besides(_ name: String, soundEvents: UInt64?) -> Failure {
        let log =
            soundEvents.map {
                UserText(
                    zh: "日志的文件已核对，\($0) 条事件完好", en: "the files of the log were checked: its \($0) events are sound")
            }
            ?? UserText(
                zh: "日志的文件另有损坏，见前面的 CORRUPT 行",
                en: "the files of the log are damaged, too: see the lines CORRUPT before")
        return Failure(
            3117,
            UserText(
                zh: "坏的是 \(name)，不是日志：服务起不来，事件没有逐条列出。",
                en: "what is broken is \(name), not the log: nothing is served, so the events are not listed; ") + log,
            advice: UserText(
                zh: "按上一行的办法修好或从备份取回 \(name)，再核对一次；只看日志用 carectl log verify",
                en:
                    "mend \(name) as the line before says, or take it from a backup, and verify again; for the log alone: "
                    + "carectl log verify"), exit: .problemsFound)
    }

    /// Nothing is there to be verified: the folder is mistyped, its log is lost, or a drill ended before it made one.
    private static func noLog(in folder: String, exit: Exit = .usage) -> Failure {
        Failure(
            6658, UserText(zh: "\(folder) 里没有日志，无可核对", en: "\(folder) holds no log to verify"),
            advice: UserText(
                zh: "核对目录写对没有（drill append 用的同一个 --data）；写对了就是日志丢了，请从备份恢复",
                en: "check the folder, the same --data as of drill append; if it is right, the log is lost: "
                    + "restore it from a backup"), exit: exit)
    }

    /// What tells that the folder had a log; nil where nothing does.
    private static func lostLog(of folder: String) -> String? {
        SavedCheckpoint.stored(beside: "\(folder)/log").furthest.map { stored in
            "missing positions 1-\(stored.signed.checkpoint.position): the checkpoint \(stored.name) speaks of them, and "
                + "there is neither events.sqlite nor events.head"
        }
    }

    /// Reads the files before anybody opens them for writing.
    private func checkFiles(_ root: String, _ report: inout DrillReport) async throws {
        let folder = FileManager.default.fileExists(atPath: "\(root)/log") ? "\(root)/log" : root
        let names = ["events.sqlite", "events.head"]
        guard names.contains(where: { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }) else { return }
        do {
            let stored = SavedCheckpoint.stored(beside: folder)
            let found = try await LogCheck.run(folder, report.desk, checkpoints: stored.named)
            report.checked = found.events
            for damage in found.damages { report.corrupt(damage) }
            for flaw in stored.flaws { report.corrupt("checkpoint", "\(flaw.name) \(flaw.state)") }
        } catch let error as EventLogError {
            report.corrupt("log", "\(error)")
        }
    }

    /// An event that this machine cannot hash is no damage: the check ends and says so.
    private static func checkHash(of event: ShownEvent) throws {
        guard !HashAlgorithm.sm3.isAvailable else { return }
        let header = event.record.withUnsafeBytes { try? RecordHeader(parsing: $0) }
        if header.flatMap({ HashAlgorithm(recorded: $0.hashAlgorithm) }) == .sm3 { throw Failure.noSM3 }
    }

    /// Reads all events as care-archive gives them out.
    private func read(
        _ stock: inout DrillStock, _ interruption: Interruption, _ report: inout DrillReport
    ) async throws {
        let archive = try await report.desk.line(to: .careArchive)
        let end = ContinuousClock.now + (try place.patience())
        while true {
            do {
                try await archive.scan(EventFilter(categories: ["household"]), from: stock.cursor) { event in
                    try Self.checkHash(of: event)
                    stock.take(event, &report)
                    return !interruption.isWanted
                }
                report.flush()
                return
            } catch {
                // What was read is not read again: the scan goes on behind it.
                guard Failure(explaining: error).isWorthWaiting, .now < end, !interruption.isWanted else { throw error }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }
}

/// What a verification prints, each damage once.
struct DrillReport {
    let desk: Desk
    private(set) var hasDamage = false
    /// Events whose files were read for damage; nil when they were not.
    var checked: UInt64?
    private var places: Set<String> = []
    private var text = ""

    init(desk: Desk) { self.desk = desk }

    mutating func have(_ event: ShownEvent, _ household: Substring) {
        text += "HAVE \(event.eventID) \(household) \(event.sequence) \(Hexadecimal.text(event.hash))\n"
        if text.utf8.count > 1 << 14 { flush() }
    }

    mutating func corrupt(_ damage: Damage) {
        guard let stream = damage.stream else { return corrupt("log", damage.description) }
        let detail = (damage.position.map { "position \($0) " } ?? "") + damage.kind.rawValue
        corrupt(stream, damage.sequence?.rawValue, detail)
    }

    mutating func corrupt(_ stream: StreamName, _ sequence: UInt64?, _ detail: String) {
        let place = (stream.category == .household ? String(stream.key) : stream.text)
        corrupt("\(place) \(sequence.map(String.init) ?? "-")", detail)
    }

    mutating func corrupt(_ place: String, _ detail: String) {
        hasDamage = true
        guard places.insert(place == "log" ? place + detail : place).inserted else { return }
        let line = detail.split(whereSeparator: \.isNewline).joined(separator: " ")
        text += "CORRUPT \(place) \(line)\n"
        flush()
    }

    /// Whether an event was named as damaged.
    func names(_ stream: StreamName, _ sequence: UInt64) -> Bool {
        places.contains("\(stream.category == .household ? String(stream.key) : stream.text) \(sequence)")
    }

    mutating func flush() {
        desk.write(text)
        text = ""
    }
}

/// The events of drill households as they go by, with what ties each to the one before.
struct DrillStock {
    private struct Stream {
        var sequence: UInt64 = 0
        var hash: [UInt8]?
    }

    private var streams: [String: Stream] = [:]
    /// Events of families whose first one is damaged: only a later one tells that they are of a drill.
    private var unplaced: [String: [ShownEvent]] = [:]
    /// Up to where all was read.
    private(set) var cursor = EncodedCursor.start

    mutating func take(_ event: ShownEvent, _ report: inout DrillReport) {
        cursor = EncodedCursor(Cursor(shard: .single, position: Position(event.position)).bytes)
        guard let name = try? StreamName(event.stream) else { return }
        guard streams[event.stream] != nil || event.household?.proposed.event.isOfDrill ?? false else {
            if report.names(name, 1) { unplaced[event.stream, default: []].append(event) }
            return
        }
        for earlier in unplaced.removeValue(forKey: event.stream) ?? [] { add(earlier, name, &report) }
        add(event, name, &report)
    }

    private mutating func add(_ event: ShownEvent, _ name: StreamName, _ report: inout DrillReport) {
        let before = streams[event.stream] ?? Stream()
        var isSound = true
        if event.sequence != before.sequence + 1 {
            let range = before.sequence + 1..<max(event.sequence, before.sequence + 1)
            for missing in range.prefix(100) { report.corrupt(name, missing, "missing") }
            if range.isEmpty { report.corrupt(name, event.sequence, "out of order") }
            isSound = !range.isEmpty
        } else if event.previousHash?.bytes != before.hash {
            report.corrupt(name, event.sequence, "broken chain")
            isSound = false
        }
        // Drill events have no sealed parts, so the record is as it was stored.
        let isWhole = event.record.withUnsafeBytes { EventHash(ofRecord: $0)?.bytes } == event.hash
        if !isWhole, event.household?.proposed.event.isOfDrill ?? false {
            report.corrupt(name, event.sequence, "hash mismatch")
            isSound = false
        }
        streams[event.stream] = Stream(sequence: event.sequence, hash: event.hash)
        if isSound { report.have(event, name.key) }
    }
}

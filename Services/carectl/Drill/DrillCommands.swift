import ArgumentParser
import CareDomain
import CaseImport
import Foundation
import ServiceKit

/// `carectl drill`
struct DrillCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "演练 Write invented events and account for them, to try what a deployment keeps.",
        subcommands: [DrillAppend.self, DrillVerify.self])
}

/// Where a drill takes place.
struct DrillPlace: ParsableArguments {
    @Option(help: "Folder to work in with services of one's own; otherwise the running deployment.")
    var data: String?

    @Option(help: "How long to go on asking when a service does not answer, such as 30s.")
    var wait = "30s"

    func patience() throws -> Duration {
        guard let patience = Duration.parse(wait) else {
            throw Failure(
                6110, UserText(zh: "--wait 应是时长，如 60s、5m", en: "--wait must be a duration such as 60s or 5m"),
                exit: .usage)
        }
        return patience
    }

    /// The folder as typed; nil = the running deployment.
    func folder() throws -> String? {
        guard let data else { return nil }
        guard data.contains(where: { !$0.isWhitespace }) else {
            throw Failure(
                6657, UserText(zh: "--data 没有写目录", en: "--data names no folder"),
                advice: UserText(
                    zh: "写演练用的目录；要用正在运行的部署，就不写 --data",
                    en: "name the drill's folder; leave --data out for the running deployment"), exit: .usage)
        }
        return data
    }

    /// Whether a folder of a drill holds a log, or what is left of one.
    static func holdsLog(_ folder: String) -> Bool {
        ["events.sqlite", "events.head"].contains { FileManager.default.fileExists(atPath: "\(folder)/log/\($0)") }
    }

    /// Runs `body` with the services up, and stops them however it ends.
    func with(
        _ needed: [CareService], _ desk: Desk, _ interruption: Interruption,
        _ body: (DrillServices?) async throws -> Void
    ) async throws {
        guard let folder = try folder() else { return try await body(nil) }
        let services = try DrillServices(folder: folder, patience: patience(), language: desk.language) {
            interruption.want()
        }
        await desk.use(services.configuration)
        do {
            try await services.start(needed, desk, interruption)
            try await body(services)
        } catch {
            await services.stop()
            throw services.refused?.failure ?? error
        }
        await services.stop()
    }
}

/// `carectl drill append`
struct DrillAppend: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "写入演练事件 Write events about invented households through intake.",
        discussion: """
            每得到一次落盘确认，就输出一行 ACK <命令编号>；被拒绝的、没有答复的写到标准错误，并以非零状态结束。
            Prints ACK <command id>, line by line, once the event is on disk and synced; what was refused or never
            answered is said on standard error and ends with a non-zero status. An interruption is repeated with the
            same command id. The households stand under division 119999, their file numbers begin with DRILL-.
            With --data, intake and care-archive run on that folder for as long as this command does; a second run
            goes on with what is there. A folder without a log gets a new one, which is said on standard error.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var place: DrillPlace

    @Option(help: "How many events.")
    var count: Int

    @Option(help: "Commands under way at a time.")
    var inFlight = 32

    func validate() throws {
        guard count > 0 else {
            throw ValidationError(UserText(zh: "--count 应是 1 或以上", en: "--count is 1 or more"))
        }
        guard (1...1000).contains(inFlight) else {
            throw ValidationError(UserText(zh: "--in-flight 应是 1 到 1000", en: "--in-flight is 1 to 1000"))
        }
    }

    func perform(_ desk: Desk) async throws {
        let interruption = Interruption()
        defer { interruption.stop() }
        if let folder = try place.folder(), !DrillPlace.holdsLog(folder) {
            desk.say(UserText(zh: "\(folder) 里还没有日志，新建一份", en: "\(folder) holds no log yet; a new one is made"))
        }
        try await place.with([.careArchive, .intake], desk, interruption) { services in
            var account = Account(wanted: count)
            let pump = CommandPump(
                intake: try await desk.line(to: .intake), window: inFlight, patience: try place.patience(),
                interruption: interruption, desk: desk)
            var families = DrillFamilies(count: count, width: inFlight, run: .random(), day: desk.today)
            let failure = try await pump.run {
                families.next()
            } telling: { draft, outcome in
                account.take(draft, outcome, desk)
            }
            if let refusal = services?.refused { throw refusal.failure }
            account.finish(desk)
            if let failure { throw failure }
        }
    }

    /// What became of the commands.
    private struct Account {
        let wanted: Int
        var acknowledged = 0
        var refused = 0

        mutating func take(_ draft: CommandDraft, _ outcome: CommandPump.Outcome, _ desk: Desk) {
            let isEvent = if case .openPlanItem = draft.command.action { true } else { false }
            switch outcome {
            case .recorded:
                guard isEvent else { return }
                acknowledged += 1
                desk.print("ACK \(draft.command.id)")
            case .queued: return
            case .refused(let failure):
                if isEvent { refused += 1 }
                desk.say("\(draft.command.id) " + failure.line(in: desk.language))
            case .unjudged: break
            case .stopped(let failure):
                desk.say("\(draft.command.id) " + failure.line(in: desk.language))
            }
        }

        func finish(_ desk: Desk) {
            let missing = wanted - acknowledged - refused
            desk.mention(
                UserText(
                    zh: "已确认 \(acknowledged)，被拒绝 \(refused)，未确认 \(missing)",
                    en: "acknowledged \(acknowledged), refused \(refused), not acknowledged \(missing)"))
            if refused > 0 { desk.status = .problemsFound }
        }
    }
}

import ArgumentParser
import CareWire
import ServiceKit

/// `carectl ready`
struct Ready: CareCommand {
    static let configuration = CommandConfiguration(
        abstract: """
            Wait until all services answer and can do their work, and with --projected until everything recorded so far \
            is shown.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "How long to wait, such as 60s or 5m.")
    var wait = "60s"

    @Flag(
        help: """
            Wait also until care-archive shows, eligibility has determined and the notifier has raised all that follows from \
            what is recorded. Deliveries of notices and running subscriptions are not waited for.
            """)
    var projected = false

    func perform(_ desk: Desk) async throws {
        guard let patience = Duration.parse(wait) else {
            throw Failure(
                6110, UserText(zh: "--wait 应是时长，如 60s、5m", en: "--wait must be a duration such as 60s or 5m"),
                exit: .usage)
        }
        let end = ContinuousClock.now + patience
        for service in CareService.allCases { try await answer(of: service, until: end, desk) }
        desk.mention(UserText(zh: "四个服务均已应答", en: "all four services answer"))
        for service in CareService.allCases { try await readiness(of: service, until: end, desk) }
        if projected { try await lists(until: end, desk) }
    }

    private func answer(of service: CareService, until end: ContinuousClock.Instant, _ desk: Desk) async throws {
        let line = try await desk.line(to: service)
        var hasSpoken = false
        while true {
            do {
                _ = try await line.ping(timeout: min(.seconds(2), max(.milliseconds(200), end - .now)))
                return
            } catch {
                guard Failure(explaining: error).isWorthWaiting, .now < end else {
                    throw Self.late(UserText(zh: "\(service.rawValue) 没有应答", en: "\(service.rawValue) does not answer"))
                }
                if !hasSpoken {
                    desk.mention(UserText(zh: "等待 \(service.rawValue) …", en: "waiting for \(service.rawValue) …"))
                }
                hasSpoken = true
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private static func advice(disk: Bool, files: Bool) -> UserText {
        if disk {
            return UserText(
                zh: "请腾出磁盘空间，服务会自行恢复", en: "make room on the disk; the service goes on by itself")
        }
        if files {
            return UserText(
                zh: "请调高该服务打开文件的上限（ulimit -n、LimitNOFILE）后重新启动，并看是谁开着这么多连接",
                en: "raise that service's limit of open files (ulimit -n, LimitNOFILE), start it again, and see who "
                    + "holds so many connections")
        }
        return UserText(zh: "请看该服务的日志", en: "see the log of that service")
    }

    /// A service may answer and yet be unable to work: its disk is full, it has not read the log. It says so itself.
    private func readiness(of service: CareService, until end: ContinuousClock.Instant, _ desk: Desk) async throws {
        guard let door = try await desk.configuration().door(of: service) else { return }
        var spoken: [String] = []
        while let waiting = await door.waiting(in: desk.language), !waiting.isEmpty {
            let reasons = waiting.joined(separator: "; ")
            let disk = waiting.contains { $0.hasPrefix("disk: ") }
            let files = waiting.contains { $0.hasPrefix("files: ") }
            let state = disk ? "（磁盘已满或写不进，只能查询，不能登记）" : files ? "（打开的文件和连接到了上限）" : ""
            let text = UserText(
                zh: "\(service.rawValue) 在运行，但尚不能工作\(state)（\(reasons)）",
                en: "\(service.rawValue) runs but is not ready: \(reasons)")
            guard .now < end else {
                throw Failure(
                    6661, text,
                    advice: Self.advice(disk: disk, files: files), exit: .temporary)
            }
            if waiting != spoken { desk.mention(text) }
            spoken = waiting
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Waits until the read model and both services stand at the head, with nothing under way, in one picture of all of them.
    private func lists(until end: ContinuousClock.Instant, _ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        var spoken: [String] = []
        while true {
            let behind = try await Self.behind(archive)
            if behind.isEmpty {
                desk.mention(UserText(zh: "档案、认定和提醒均已跟上", en: "archive, determinations and notices are up to date"))
                return
            }
            guard .now < end else {
                throw Self.late(
                    UserText(
                        zh: "尚未跟上：\(behind.joined(separator: "、"))",
                        en: "still behind: \(behind.joined(separator: ", "))"))
            }
            let names = behind.map { String($0.prefix { $0 != " " }) }
            if names != spoken {
                desk.mention(
                    UserText(
                        zh: "等待 \(behind.joined(separator: "、"))", en: "waiting for \(behind.joined(separator: ", "))"))
                spoken = names
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Who is not at the head, each with how many events are left.
    private static func behind(_ archive: Line) async throws -> [String] {
        guard case .consumers(let list) = try await archive.ask(.listConsumers(.init())),
            case .projectionStatus(let status) = try await archive.ask(.projectionStatus(.init()))
        else { throw Failure.badAnswer }
        return behind(list, status)
    }

    /// A service that has taken the newest event in may still be judging it: only one that calls itself live has nothing under
    /// way, and what it says next it has appended by then.
    static func behind(_ list: Care_V1_ConsumerList, _ status: Care_V1_ProjectionStatus) -> [String] {
        let head = max(list.headPosition, status.headPosition)
        var behind: [String] = []
        if status.position < head { behind.append("care-archive (\(head - status.position))") }
        for name in [CareService.eligibility.rawValue, CareService.notifier.rawValue] {
            guard let consumer = list.consumers.first(where: { $0.consumer == name }) else {
                behind.append("\(name) (?)")
                continue
            }
            if consumer.state == .stuck {
                behind.append("\(name) (stuck)")
            } else if consumer.position < head || consumer.state != .live {
                behind.append("\(name) (\(head - min(head, consumer.position)))")
            }
        }
        return behind
    }

    private static func late(_ what: UserText) -> Failure {
        Failure(
            6111, UserText(zh: "等待超时：", en: "waited too long: ") + what,
            advice: UserText(zh: "请看该服务的日志", en: "see the log of that service"), exit: .unreachable)
    }
}

extension Failure {
    /// Whether waiting can help: the service is not there yet, or busy.
    var isWorthWaiting: Bool { exit == .unreachable || exit == .temporary }
}

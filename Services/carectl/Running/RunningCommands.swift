import ArgumentParser
import CareDomain
import CareProjections
import CareWire
import OfficeFiles
import ServiceKit

/// `carectl sub`
struct SubscriberCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sub", abstract: "Consumers of the log.",
        subcommands: [SubscriberReport.self, SubscriberParked.self, SubscriberRetry.self, SubscriberSkip.self])
}

/// `carectl sub report`
struct SubscriberReport: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print how far every consumer of the log is.",
        discussion: """
            The read model of care-archive, the services that follow the feed, and running subscriptions (log tail, programs of other
            departments) as subscription.KEY.NUMBER: all with the right operate, otherwise one's own; paused = it takes no more
            for now. intake is not among them: it follows no feed and asks the log for each command.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        guard case .consumers(let list) = try await archive.ask(.listConsumers(.init())) else {
            throw Failure.badAnswer
        }
        if json {
            desk.print(Self.json(list).text(indented: true))
            return
        }
        var table = TextTable([
            .init(desk.word("订阅者", "consumer")), .init(desk.word("已到", "position"), .right),
            .init(desk.word("日志末", "head"), .right), .init(desk.word("落后", "lag"), .right),
            .init(desk.word("落后秒数", "lag (s)"), .right), .init(desk.word("搁置", "parked"), .right),
            .init(desk.word("状态", "state")), .init(desk.word("最近报告", "heard")),
        ])
        for consumer in list.consumers {
            table.append([
                consumer.consumer, "\(consumer.position)", "\(list.headPosition)", "\(consumer.lagEvents)",
                Self.seconds(consumer.lagMs), "\(consumer.parkedCount)",
                desk.word(Self.chinese(consumer.state), Self.state(consumer.state)),
                Moment(microseconds: consumer.heardAt).wallClock,
            ])
        }
        desk.show(table)
    }

    private static func seconds(_ milliseconds: UInt64) -> String {
        "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"
    }

    private static func state(_ state: Care_V1_ConsumerReport.State) -> String {
        switch state {
        case .starting: "starting"
        case .catchingUp: "catching_up"
        case .live: "live"
        case .paused: "paused"
        case .stuck: "stuck"
        case .stopping: "stopping"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }

    private static func chinese(_ state: Care_V1_ConsumerReport.State) -> String {
        switch state {
        case .starting: "正在启动"
        case .catchingUp: "正在追赶"
        case .live: "实时"
        case .paused: "已暂停"
        case .stuck: "卡住"
        case .stopping: "正在停止"
        case .unspecified, .UNRECOGNIZED: "不明"
        }
    }

    private static func json(_ list: Care_V1_ConsumerList) -> JSON {
        let consumers = list.consumers.map { consumer in
            JSON.object([
                ("consumer", .string(consumer.consumer)), ("position", .count(consumer.position)),
                ("lag_events", .count(consumer.lagEvents)), ("lag_ms", .count(consumer.lagMs)),
                ("parked_count", .count(consumer.parkedCount)), ("state", .string(state(consumer.state))),
                ("heard_at", .moment(Moment(microseconds: consumer.heardAt))),
            ])
        }
        return .object([("head_position", .count(list.headPosition)), ("consumers", .array(consumers))])
    }
}

/// `carectl projection`
struct ProjectionCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projection", abstract: "The read model behind lists and counts.",
        subcommands: [ProjectionList.self, ProjectionRebuild.self])
}

extension Line {
    /// How far the read model is.
    func projection() async throws -> Care_V1_ProjectionStatus {
        guard case .projectionStatus(let status) = try await ask(.projectionStatus(.init())) else {
            throw Failure.badAnswer
        }
        return status
    }
}

/// `carectl projection ls`
struct ProjectionList: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "Print how far the read model is and by which packs it was made.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One JSON document.")
    var json = false

    func perform(_ desk: Desk) async throws {
        let status = try await desk.line(to: .careArchive).projection()
        if json {
            desk.print(Self.json(status).text(indented: true))
            return
        }
        var table = TextTable([
            .init(desk.word("汇总", "projection")), .init(desk.word("已到", "position"), .right),
            .init(desk.word("日志末", "head"), .right), .init(desk.word("户数", "households"), .right),
            .init(desk.word("规则包", "packs"), mayShrink: true), .init(desk.word("重建", "rebuild")),
        ])
        let rebuild = status.hasRebuild ? "\(status.rebuild.doneEvents)/\(status.rebuild.totalEvents)" : "-"
        table.append([
            "care-archive", "\(status.position)", "\(status.headPosition)", "\(status.householdCount)",
            status.packVersions.joined(separator: ","), rebuild,
        ])
        desk.show(table)
        if !status.lastFailure.isEmpty {
            desk.say(
                UserText(zh: "上次重建失败：\(status.lastFailure)", en: "the last rebuild failed: \(status.lastFailure)"))
        }
    }

    private static func json(_ status: Care_V1_ProjectionStatus) -> JSON {
        .object([
            ("position", .count(status.position)), ("head_position", .count(status.headPosition)),
            ("household_count", .count(status.householdCount)),
            ("pack_versions", .array(status.packVersions.map { .string($0) })),
            (
                "rebuild",
                status.hasRebuild
                    ? .object([
                        ("done_events", .count(status.rebuild.doneEvents)),
                        ("total_events", .count(status.rebuild.totalEvents)),
                        ("household_count", .count(status.rebuild.householdCount)),
                    ]) : .null
            ),
            ("last_failure", status.lastFailure.isEmpty ? .null : .string(status.lastFailure)),
        ])
    }
}

/// `carectl projection rebuild`
struct ProjectionRebuild: CareCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Build the read model anew from the log while the old one still answers.")

    @OptionGroup var common: CommonOptions

    func perform(_ desk: Desk) async throws {
        let archive = try await desk.line(to: .careArchive)
        let reply = try await archive.operate(.rebuildProjection(.init()))
        if !reply.accepted {
            desk.mention(UserText(zh: "重建已在进行，跟踪其进度", en: "a rebuild is under way; following it"))
        }
        var status = reply.hasProjectionStatus ? reply.projectionStatus : try await archive.projection()
        let total = status.hasRebuild ? status.rebuild.totalEvents : status.headPosition
        var progress = desk.progress(
            UserText(zh: "重建", en: "rebuilding"), unit: UserText(zh: "条", en: "events"), total: Int(clamping: total))
        // A rebuild begins a moment after it was asked for; a small one may be over before it is ever seen.
        let firstLook = ContinuousClock.now + .seconds(2)
        var hasBegun = status.hasRebuild
        while status.hasRebuild || (!hasBegun && .now < firstLook) {
            if status.hasRebuild { progress.update(done: Int(clamping: status.rebuild.doneEvents)) }
            try await Task.sleep(for: .milliseconds(100))
            status = try await archive.projection()
            hasBegun = hasBegun || status.hasRebuild
        }
        progress.finish(done: Int(clamping: total))
        guard status.lastFailure.isEmpty else {
            throw Failure(
                6160, UserText(zh: "重建失败：\(status.lastFailure)", en: "the rebuild failed: \(status.lastFailure)"),
                advice: UserText(zh: "旧的汇总仍在使用", en: "the old one is still in use"), exit: .problemsFound)
        }
        desk.mention(
            UserText(
                zh: "重建完成：\(status.householdCount) 户，位置 \(status.position)",
                en: "rebuilt: \(status.householdCount) households, position \(status.position)"))
    }
}

import ServiceKit
import Testing

@Suite("服务的配置")
struct SettingsTests {
    private static let endpoint = Setting("bus.endpoint", default: "tcp://a", help: .plain("bus"))
    private static let batch = Setting("bus.maxBatch", default: 100, help: .plain("batch")) {
        $0 > 0 ? nil : UserText(zh: "大于 0", en: "above 0")
    }
    private static let wait = Setting("bus.wait", default: Duration.seconds(5), help: .plain("wait"))
    private static let parts = Setting("bus.parts", default: ["a"], help: .plain("parts"))
    private static let dryRun = Setting("dryRun", default: false, help: .plain("dry"))
    private static let token = Setting("token", default: "", help: .plain("token"), isSecret: true)
    private static let all: [any AnySetting] = [endpoint, batch, wait, parts, dryRun, token]

    /// The settings of a service that stops at once, or its exit code and what it said.
    private func start(
        _ arguments: [String],
        environment: [String: String] = [:],
        settings: [any AnySetting] = all,
        look: @escaping @Sendable (ServiceSettings) -> Void = { _ in }
    ) async -> (code: ExitCode, output: String, errors: String) {
        let output = TextBox()
        let errors = TextBox()
        let definition = ServiceDefinition(
            name: "intake", summary: UserText(zh: "受理", en: "front desk"), settings: settings, parts: []
        ) { context in
            look(context.settings)
            throw Stop()
        }
        let code = await ServiceRunner.run(
            definition, arguments: arguments, environment: environment,
            output: .init(standardOutput: output.append, standardError: errors.append), stopSignals: [])
        return (code, output.value, errors.value)
    }

    /// Ends a start that got as far as building.
    private struct Stop: UserFacingError {
        var message: UserMessage { UserMessage(1, .plain("stopped by the test")) }
        var exitCode: ExitCode { .temporary }
    }

    @Test("选项先于环境变量，环境变量先于文件，文件先于默认值")
    func layers() async throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            "g.yaml",
            """
            bus:
              endpoint: tcp://file
              maxBatch: 7
              wait: 250ms
              parts: [x, y]
            intake:
              bus:
                wait: 2m
            notifier:
              whatever: 1
            """)
        let shown = TextBox()
        let result = await start(
            ["--config", file, "--bus-endpoint=tcp://flag,with,commas", "--dry-run"],
            environment: ["GUANHUAI_BUS_ENDPOINT": "tcp://env", "GUANHUAI_BUS_MAX_BATCH": "8"]
        ) { settings in
            shown.append("\(settings[Self.endpoint]) \(settings[Self.batch]) \(settings[Self.wait])")
            shown.append(" \(settings[Self.parts]) \(settings[Self.dryRun])")
            shown.append("\n" + settings.summary(in: .chinese))
        }
        #expect(result.code == .temporary)
        let lines = shown.value.split(separator: "\n")
        #expect(lines[0] == "tcp://flag,with,commas 8 120.0 seconds [\"x\", \"y\"] true")
        #expect(lines[1].contains("bus.maxBatch=8 (环境变量 GUANHUAI_BUS_MAX_BATCH)"))
        #expect(lines[1].contains("bus.wait=2m (\(file) 第 8 行)"))
        #expect(!lines[1].contains("ops.port"))
    }

    @Test("错误的配置说出在哪里、是什么、怎么改")
    func mistakesAreLocated() async throws {
        let scratch = try Scratch()
        func said(_ yaml: String) async throws -> String {
            let file = try scratch.write("g.yaml", yaml)
            let result = await start(["--config", file])
            #expect(result.code == .usage)
            return result.errors.replacing(file, with: "F")
        }
        #expect(try await said("bus:\n  endpont: x\n").hasPrefix("CARE-6008 F 第 2 行：没有 bus.endpont 这一项"))
        #expect(try await said("bus:\n  maxBatch: 0\n").contains("F 第 2 行：bus.maxBatch 的值不对。应为大于 0"))
        #expect(try await said("bus:\n  maxBatch: ten\n").contains("应为整数"))
        #expect(try await said("bus:\n  wait: 5\n").contains("应为时长"))
        #expect(try await said("bus:\n  endpoint: [a]\n").hasPrefix("CARE-6009"))
        #expect(try await said("intake:\n  bus:\n    no: 1\n").contains("F 第 3 行"))
        #expect(try await said("bus: [\n").hasPrefix("CARE-6007 配置文件 F 第"))
        #expect(try await said("- a\n").hasPrefix("CARE-6007"))
        #expect(try await said("bus:\n  wait: 1s\n  wait: 2s\n").hasPrefix("CARE-6007"))
        let missing = await start(["--config", scratch.path + "/none.yaml"])
        #expect(missing.code == .usage && missing.errors.hasPrefix("CARE-6006"))
    }

    @Test("写错的选项不会被当作没写")
    func wrongFlags() async {
        #expect(await start(["--bus-endpont", "x"]).errors.hasPrefix("CARE-6001 没有 --bus-endpont 这个选项"))
        #expect(await start(["--bus-endpoint"]).errors.hasPrefix("CARE-6002"))
        #expect(await start(["--bus-wait=1s", "--bus-wait=2s"]).errors.hasPrefix("CARE-6003"))
        #expect(await start(["run"]).errors.hasPrefix("CARE-6004"))
        #expect(await start(["--token", "s3cret"]).errors.hasPrefix("CARE-6005"))
        #expect(await start(["--bus-wait", "soon"]).errors.hasPrefix("CARE-6010 --bus-wait"))
        #expect(await start(["--bus-wait", "soon", "--lang", "en"]).errors.contains("expected: a duration"))
    }

    @Test("必须设置而没有设置的说出三种办法")
    func missingSetting() async {
        let must = Setting<String>("data.dir", help: .plain("data"))
        let result = await start([], settings: [must])
        #expect(result.code == .usage)
        #expect(result.errors.contains("--data-dir") && result.errors.contains("GUANHUAI_DATA_DIR"))
    }

    @Test("机密不出现在启动行里")
    func secretsAreHidden() async {
        let shown = TextBox()
        let result = await start([], environment: ["GUANHUAI_TOKEN": "s3cret"]) {
            shown.append($0[Self.token] + " " + $0.summary(in: .english))
        }
        #expect(shown.value.hasPrefix("s3cret ") && shown.value.contains("token=*** (variable GUANHUAI_TOKEN)"))
        #expect(!result.errors.contains("s3cret"))
    }

    @Test("--help 列出每一项的选项、变量、键和默认值")
    func help() async {
        let result = await start(["--help", "--lang", "zh"])
        #expect(result.code == .success && result.errors.isEmpty)
        #expect(result.output.contains("--bus-max-batch <a whole number>  (GUANHUAI_BUS_MAX_BATCH, bus.maxBatch)"))
        #expect(result.output.contains("默认 5s") && result.output.contains("受理"))
        #expect(result.output.contains("--log-format text|json"))
        #expect(await start(["--version"]).output == "intake \(BuildInfo.version)\n")
    }

    @Test(
        "时长的写法",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("10s", .seconds(10)), ("5m", .seconds(300)),
            ("2h", .seconds(7_200)),
            ("1d", .seconds(86_400)), ("0s", .zero),
        ])
    func durations(_ text: String, _ duration: Duration) {
        #expect(Duration.parse(text) == duration)
        #expect(Duration.parse(duration.settingText) == duration)
    }

    @Test("看不出单位或超出范围的时长被拒绝", arguments: ["5", "", "s", "-1s", "1.5s", "99999999999999999999s", "40000d"])
    func wrongDurations(_ text: String) {
        #expect(Duration.parse(text) == nil)
    }
}

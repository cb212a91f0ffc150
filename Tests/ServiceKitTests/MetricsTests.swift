import Foundation
import ServiceKit
import Testing

@Suite("指标")
struct MetricsTests {
    /// A registry with one of each kind and values that need escaping.
    private func sample() -> MetricsRegistry {
        let registry = MetricsRegistry()
        let commands = registry.counter(
            "guanhuai_commands_total", help: "Commands by answer.", labels: ["answer", "division"])
        commands.with("accepted", "北湖区").add(3)
        commands.with("refused", "a\"b\\c\nd").add()
        registry.gauge("guanhuai_log_head_position", help: "Head of the log.\nSecond \\ line.").set(42.5)
        let delay = registry.histogram("guanhuai_ack_seconds", help: "Time to acknowledge.", bounds: [0.001, 0.01, 1])
        for value in [0.000_5, 0.001, 0.005, 7] { delay.observe(value) }
        delay.observe(.milliseconds(5))
        delay.observe(.nan)
        return registry
    }

    @Test("输出按名字和标签排序，每族一次 HELP 和 TYPE")
    func exposition() {
        #expect(
            sample().exposition() == #"""
                # HELP guanhuai_ack_seconds Time to acknowledge.
                # TYPE guanhuai_ack_seconds histogram
                guanhuai_ack_seconds_bucket{le="0.001"} 2
                guanhuai_ack_seconds_bucket{le="0.01"} 4
                guanhuai_ack_seconds_bucket{le="1"} 4
                guanhuai_ack_seconds_bucket{le="+Inf"} 5
                guanhuai_ack_seconds_sum 7.0115
                guanhuai_ack_seconds_count 5
                # HELP guanhuai_commands_total Commands by answer.
                # TYPE guanhuai_commands_total counter
                guanhuai_commands_total{answer="accepted",division="北湖区"} 3
                guanhuai_commands_total{answer="refused",division="a\"b\\c\nd"} 1
                # HELP guanhuai_log_head_position Head of the log.\nSecond \\ line.
                # TYPE guanhuai_log_head_position gauge
                guanhuai_log_head_position 42.5

                """#)
    }

    @Test("同一名字再次声明得到同一个指标")
    func declaringTwice() {
        let registry = MetricsRegistry()
        registry.counter("guanhuai_things_total", help: "Things.").add(2)
        #expect(registry.counter("guanhuai_things_total", help: "Things.").count == 2)
    }

    @Test("标签值太多时归入 other，并数出来")
    func cardinalityCap() {
        let registry = MetricsRegistry(labelLimit: 3)
        let family = registry.counter("guanhuai_things_total", help: "Things.", labels: ["id"])
        for index in 0..<10 { family.with("\(index)").add() }
        let text = registry.exposition()
        #expect(text.contains("guanhuai_things_total{id=\"2\"} 1\n"))
        #expect(text.contains("guanhuai_things_total{id=\"other\"} 7\n"))
        #expect(!text.contains("id=\"3\""))
        #expect(text.contains("guanhuai_metric_labels_dropped_total{metric=\"guanhuai_things_total\"} 7\n"))
    }

    @Test("抓取之前先更新没有人设置的指标")
    func refreshesBeforeScrape() {
        let registry = MetricsRegistry()
        let gauge = registry.gauge("guanhuai_lag_seconds", help: "Lag.")
        registry.beforeScrape { gauge.set(gauge.value + 1) }
        #expect(registry.exposition().contains("guanhuai_lag_seconds 1\n"))
        #expect(registry.exposition().contains("guanhuai_lag_seconds 2\n"))
    }

    @Test("多个线程同时计数不会少", .timeLimit(.minutes(10)))
    func concurrentCounting() async {
        let registry = MetricsRegistry()
        let family = registry.counter("guanhuai_things_total", help: "Things.", labels: ["who"])
        let spread = registry.histogram("guanhuai_spread_bytes", help: "Spread.", bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    for _ in 0..<1_000 {
                        family.with("\(worker % 2)").add()
                        spread.observe(1)
                    }
                }
            }
        }
        #expect(registry.exposition().contains("guanhuai_things_total{who=\"1\"} 2000\n"))
        #expect(registry.exposition().contains("guanhuai_spread_bytes_count 4000\n"))
    }

    @Test("违反命名规则的指标在声明时就停下", .timeLimit(.minutes(10)))
    func wrongNamesStop() async {
        await #expect(processExitsWith: .failure) {
            _ = MetricsRegistry().counter("guanhuai_things", help: "Things.")
        }
        await #expect(processExitsWith: .failure) {
            _ = MetricsRegistry().gauge("guanhuai_lag_ms", help: "Lag.")
        }
    }

    @Test("promtool 接受我们的输出", .enabled(if: Promtool.path != nil), .timeLimit(.minutes(10)))
    func acceptedByPromtool() throws {
        let registry = sample()
        ProcessMetrics.register(in: registry, service: "intake")
        let verdict = try Promtool.check(registry.exposition())
        #expect(verdict == "")
    }

    @Test("promtool 会指出坏的输出（这一检查是有效的）", .enabled(if: Promtool.path != nil), .timeLimit(.minutes(10)))
    func promtoolFindsMistakes() throws {
        #expect(try Promtool.check("# TYPE things counter\nthings 1\n") != "")
    }
}

/// Prometheus' own checker.
enum Promtool {
    static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { $0 + "/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Everything it complains about; empty when nothing.
    static func check(_ text: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? said : "exit \(process.terminationStatus): \(said)"
    }
}
